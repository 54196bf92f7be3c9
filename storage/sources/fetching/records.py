"""What came of fetching each source the last time, kept in one JSON file that may be lost without harm.

Schema 1: ``{"schema": 1, "sources": {ID: {"tried": TIME, "succeeded": TIME, "failures": 2, "kind": "timeout",
"reason": "…", "retry_at": TIME, "changed": 3, "days": {"2026-06-30": "got"}}}}``; TIME is ISO 8601 with its
offset; every field may be missing.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from storage.json_file import Document, JsonFile, JsonFileError, utc_now
from storage.locations import fetch_record_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_EMPTY: Document = {"schema": 1, "sources": {}}

GOT, MISSING = "got", "missing"
"""What is remembered of a day of a dated address: its document came, or it was not there."""

_YEARS = range(1971, 9000)
"""What a clock may have told; nearer to the ends of the calendar, reckoning with times fails."""


class Record(NamedTuple):
    """What came of fetching one source.

    Attributes:
        tried: When it was asked last, aware; None: never.
        succeeded: When it last answered as it should, aware; None: never.
        failures: How often it has failed since then.
        kind: What kept it from being fetched the last time, a ``storage.sources.web.outcome.Kind``;
            empty: nothing did.
        reason: The same in words, without the address.
        retry_at: When the server wants to be asked again, aware; None where it did not say.
        changed: How many documents came, or came anew, the last time it succeeded.
        days: ``GOT`` or ``MISSING`` by day (``2026-06-30``), for dated addresses.
    """

    tried: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    kind: str = ""
    reason: str = ""
    retry_at: datetime | None = None
    changed: int = 0
    days: Mapping[str, str] = {}


class Records:
    """The records of all sources, shared with other processes; nothing is kept in memory.

    Args:
        path: The file.
        clock: Tells the time, aware.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._file = JsonFile(path, _EMPTY, clock=clock)

    def all(self) -> dict[str, Record]:
        """Return the records by the sources' ids; none where the file cannot be read."""
        try:
            found = self._file.read()["sources"]
        except JsonFileError:
            return {}
        return {key: _record(fields) for key, fields in found.items() if isinstance(fields, dict)}

    def note(self, source: str, record: Record) -> None:
        """Keep the record of one source.

        Raises:
            JsonFileError: It is not kept.
        """
        self._change({source: _fields(record)}, ())

    def forget(self, source: str) -> None:
        """Forget what is known of a source.

        Raises:
            JsonFileError: It is not forgotten.
        """
        self._change({}, (source,))

    def _change(self, new: dict[str, Document], gone: tuple[str, ...]) -> None:
        def edit(document: Document) -> tuple[Document, None]:
            known = {key: of for key, of in document["sources"].items() if key not in gone}
            return document | {"sources": known | new}, None

        self._file.change(edit)


def records_of(fetched: Path, *, is_library: bool) -> Records:
    """Return the records of what is fetched into the folder ``fetched``.

    A run on some sources alone has its own: what came for it is not in the library, nor the other way
    round, though both follow the same source.
    """
    return Records(fetch_record_file() if is_library else fetched / "records.json")


def _fields(record: Record) -> Document:
    """Write a record; what is not known is left out."""
    fields: Document = {}
    for name, value in record._asdict().items():
        if value:
            fields[name] = value.isoformat() if isinstance(value, datetime) else value
    return fields


def _record(fields: Document) -> Record:
    return Record(
        _time(fields.get("tried")),
        _time(fields.get("succeeded")),
        _count(fields.get("failures")),
        _text(fields.get("kind")),
        _text(fields.get("reason")),
        _time(fields.get("retry_at")),
        _count(fields.get("changed")),
        _days(fields.get("days")),
    )


def _time(value: object) -> datetime | None:
    with suppress(ValueError):
        when = datetime.fromisoformat(str(value))
        return when if when.tzinfo is not None and when.year in _YEARS else None
    return None


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _days(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {day: state for day, state in value.items() if state in (GOT, MISSING) and _is_day(day)}


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat() == text
    return False

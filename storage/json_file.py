"""A small JSON file that several processes share: read whole, changed under a lock, replaced whole."""

from __future__ import annotations

import json
import os
from codecs import BOM_UTF8
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from storage.errors import DigestTuiError, reason_of
from storage.language import tr
from storage.marks.files import advice, make_folder, read_file, replace_file, set_aside
from storage.marks.journaled.json_text import why_no_json
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Document = dict[str, Any]
"""A JSON object as Python's ``json`` reads it."""

_Outcome = TypeVar("_Outcome")

# One field a line: a small change is a small difference to diff, git and synchronising tools.
_SEPARATORS = (",\n", ": ")


class JsonFileError(DigestTuiError):
    """A file could not be read or changed; what was on disk before is untouched."""


class _DamagedError(Exception):
    """A file's content cannot be what was once written; ``str`` of it is a clause that says why."""


def utc_now() -> datetime:
    """Return the time, aware."""
    return datetime.now(UTC)


class JsonFile:
    """One JSON object in a file of its own.

    The file and its folder are made at the first change. Beside it lies an empty file ``….lock``,
    which a process holds while it writes. A damaged file is set aside under a name of its own, and
    ``notices`` names it. What the object holds beyond what this version knows is kept. All methods
    may be called from any thread.

    Args:
        path: The file; a symbolic link is followed.
        empty: What a missing file stands for: the schema's number under ``schema``, and under every
            other key a value of the type that it must have.
        lock_timeout: Seconds to wait for other processes that write.
        clock: Tells the time, aware.
    """

    def __init__(
        self,
        path: Path,
        empty: Document,
        *,
        lock_timeout: float = 5.0,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._path = path
        self._empty = empty
        self._lock_timeout = lock_timeout
        self._clock = clock
        self._notices: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the file, oldest first: one sentence each."""
        return self._notices

    def read(self) -> Document:
        """Read the object as it is on disk now.

        Raises:
            JsonFileError: The file cannot be read, is of a later schema, or is damaged and cannot be
                set aside.
        """
        try:
            return self._load()
        except _DamagedError as damage:
            with self._lock(tr("it is damaged ({damage}) and cannot be set aside", damage=damage)):
                return self._load_or_start_anew()

    def read_list(self, key: str, is_known: Callable[[object], bool]) -> list[Document]:
        """Read those objects of the list under ``key`` that ``is_known`` knows.

        The others stay in the file; ``notices`` tells of them once.

        Raises:
            JsonFileError: As for ``read``.
        """
        items = self.read()[key]
        known = [item for item in items if is_known(item)]
        if unknown := len(items) - len(known):
            self._notify(
                # i18n: {things} is a key of the file, such as views or sources.
                tr(
                    "this version does not understand {unknown} of its {all} {things}; what it "
                    "does not understand is not used and left as it is.",
                    unknown=unknown,
                    all=len(items),
                    things=key,
                )
            )
        return known

    def change(self, edit: Callable[[Document], tuple[Document, _Outcome]]) -> _Outcome:
        """Replace the object by what ``edit`` makes of it; what is already so is not written.

        Args:
            edit: Returns another object, and what is to be returned here. It must not alter the one
                it is given, and may be called again where another process was quicker.

        Raises:
            JsonFileError: Nothing was changed.
        """
        known = self.read()
        wanted, outcome = edit(known)
        if wanted != known:
            with self._lock(tr("the change is not saved")):
                known = self._load_or_start_anew()
                wanted, outcome = edit(known)
                if wanted != known:
                    replace_file(self._target, _encode(wanted))
        return outcome

    @property
    def _target(self) -> Path:
        """The file itself, where the path is a symbolic link to it."""
        return Path(os.path.realpath(self._path))

    def _load(self) -> Document:
        try:
            found = read_file(self._path)
        except OSError as error:
            raise self._refused(tr("it cannot be read"), error) from error
        return self._checked(_decode(found[0])) if found else self._empty

    def _checked(self, found: Document) -> Document:
        schema, known = found.get("schema"), self._empty["schema"]
        if type(schema) is not int or schema < 1:
            raise _DamagedError(tr("it names no schema that ever was"))
        if schema > known:
            raise JsonFileError(
                tr(
                    "{path}: a newer digest-tui wrote it (schema {schema}, this version knows "
                    "{known}); it is untouched; update digest-tui.",
                    path=self._path,
                    schema=schema,
                    known=known,
                )
            )
        document = self._empty | found
        for key, value in self._empty.items():
            if type(document[key]) is not type(value):
                raise _DamagedError(tr('its "{key}" is of another type than expected', key=key))
        return document

    def _load_or_start_anew(self) -> Document:
        """Read the object; set a damaged file aside. To be called under the lock."""
        try:
            return self._load()
        except _DamagedError as damage:
            aside = set_aside(self._target, self._clock().astimezone(UTC))
            self._notify(
                tr(
                    "it was damaged ({damage}) and is kept as {aside}; a new one takes its place; "
                    "repair the old one and rename it back to have its content again.",
                    damage=damage,
                    aside=aside,
                )
            )
        return self._empty

    def _notify(self, sentence: str) -> None:
        notice = said_of(self._path, sentence)
        if notice not in self._notices:
            self._notices += (notice,)

    @contextmanager
    def _lock(self, failed: str) -> Iterator[None]:
        """Keep others from writing; turn what the disk refuses into a JsonFileError."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 -- slow to import

        target = self._target
        try:
            make_folder(target.parent)
            with FileLock(f"{target}.lock", self._lock_timeout, mode=0o600, poll_interval=0.01):
                yield
        except Timeout as error:
            raise JsonFileError(
                tr(
                    "{path}: {failed} (another program has kept it locked for {seconds:g} "
                    "seconds); it is untouched; close other digest-tui windows and try again.",
                    path=self._path,
                    failed=failed,
                    seconds=self._lock_timeout,
                )
            ) from error
        except OSError as error:
            raise self._refused(failed, error) from error

    def _refused(self, failed: str, error: OSError) -> JsonFileError:
        return JsonFileError(
            # i18n: {advice} is a clause such as "free some space".
            tr(
                "{path}: {failed} ({error}); it is untouched; {advice} and try again.",
                path=self._path,
                failed=failed,
                error=reason_of(error),
                advice=advice(error),
            )
        )


def _decode(data: bytes) -> Document:
    try:
        document = json.loads(data.removeprefix(BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        sentence = tr("it is not UTF-8 text at byte {place}", place=error.start)
        raise _DamagedError(sentence) from error
    except (ValueError, RecursionError) as error:
        reason = why_no_json(error) if data else tr("it is empty")
        raise _DamagedError(reason) from error
    if not isinstance(document, dict):
        raise _DamagedError(tr("it holds no JSON object"))
    return document


def _encode(document: Document) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False, separators=_SEPARATORS).encode() + b"\n"
    except UnicodeEncodeError:
        # A byte of a path that is no UTF-8 is a lone surrogate; JSON's escapes keep it.
        return json.dumps(document, separators=_SEPARATORS).encode() + b"\n"

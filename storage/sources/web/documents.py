"""The documents of one source, kept as they came in a folder that is read like any other.

Beside them lies ``.index.json``, schema 1: ``{"schema": 1, "documents": {ADDRESS: {"name": …, "address":
…, "etag": …, "last_modified": …, "content_type": …, "charset": …, "size": …, "digest": …, "mtime_ns": …,
"fetched": …}}}``, by the address that was asked for, without user and password. What it says of a
document counts only as long as the file is the one it speaks of; a lost index costs one full fetch.
Of a rolling document it speaks of the newest version, see ``versions``.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from storage.json_file import Document, JsonFile, JsonFileError
from storage.sources.web.addresses import AddressError, parse, shown
from storage.sources.web.body import PREFIX, SUFFIX, digest_of, disk_error
from storage.sources.web.naming import is_safe, name_for, unversioned
from storage.sources.web.outcome import NOTHING_KNOWN, Failure, Fetched, Kind, Validators
from storage.sources.web.timing import Clock
from storage.sources.web.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.sources.web.body import Progress
    from storage.sources.web.client import Client
    from storage.sources.web.outcome import Outcome

_INDEX = ".index.json"
_EMPTY: Document = {"schema": 1, "documents": {}}
_LEFT_BEHIND = 3600
"""Seconds after which a temporary file is nobody's any more."""
_BEGIN = datetime(1991, 8, 14, tzinfo=UTC)
"""When arXiv began: no digest is older, whatever a server says."""


class _Row(NamedTuple):
    """What the index says of one document; the names are those in the file."""

    name: str
    address: str
    etag: str
    last_modified: str
    content_type: str
    charset: str
    size: int
    digest: str
    mtime_ns: int
    fetched: str


class Documents:
    """A folder of documents from the web; all methods may be called from any thread.

    Args:
        folder: Made at the first document.
        clock: Tells the time.
    """

    def __init__(self, folder: Path, *, clock: Clock | None = None) -> None:
        self.folder = folder
        self._clock = clock or Clock()
        self._index = JsonFile(folder / _INDEX, _EMPTY, clock=self._clock.now)
        self._is_swept = False

    def refresh(  # noqa: PLR0913 -- each is for the caller to choose
        self,
        client: Client,
        address: str,
        *,
        progress: Progress = lambda *_: None,
        is_named: bool = True,
        is_rolling: bool = False,
        judge: Callable[[Path], str] = lambda _: "",
    ) -> Outcome:
        """Fetch a document unless what is kept of it is what the server has.

        A body that is the same as the kept one is not written: the file's time stays, so that nothing
        is read anew. Whatever fails leaves the kept one as it is.

        Args:
            client: Fetches.
            address: As the user wrote it.
            progress: See ``Client.fetch``.
            is_named: See ``Client.fetch``.
            is_rolling: Another document lies there tomorrow: the kept one is not replaced by the new
                one, which becomes a further version.
            judge: Says in one clause why what came is not to be kept; empty where it is.

        Returns:
            What came of it, whatever the network and the disk do.
        """
        try:
            self._sweep()
            known = self._known(address)
            outcome = client.fetch(
                address, known, folder=self.folder, progress=progress, is_named=is_named
            )
            if not isinstance(outcome, Fetched):
                return outcome
            if reason := judge(outcome.path):
                outcome.path.unlink(missing_ok=True)
                return Failure(Kind.CONTENT, shown(address), reason)
            return self._keep(address, outcome, is_rolling=is_rolling)
        except OSError as error:
            return Failure(Kind.DISK, shown(address), disk_error(error).reason)
        except JsonFileError as error:
            return Failure(Kind.DISK, shown(address), str(error))

    def readdress(self, old: str, new: str) -> None:
        """Know the document of ``old`` by ``new`` from now on: it has moved there for good.

        Its file keeps its name, so that it is not read anew.

        Raises:
            AddressError: ``old`` or ``new`` is no address.
            JsonFileError: Nothing was changed.
        """
        before, after = parse(old).text, parse(new).text

        def edit(document: Document) -> tuple[Document, None]:
            rows = dict(document["documents"])
            if before in rows and after not in rows:
                rows[after] = rows.pop(before)
            return document | {"documents": rows}, None

        self._index.change(edit)

    def _known(self, address: str) -> Validators:
        row = self._row(address)
        if row is None or self._status(row) is None:
            return NOTHING_KNOWN
        return Validators(row.address, row.etag, row.last_modified)

    def _keep(self, address: str, fetched: Fetched, *, is_rolling: bool) -> Fetched:
        """Give the temporary file its name, unless the same is there already.

        Raises:
            OSError, JsonFileError: The kept document, or what is known of it, is as it was.
        """
        row = self._row(address)
        wanted = parse(address)
        name = (
            unversioned(row.name)
            if row
            else self._free(name_for(wanted, fetched.content_type, is_rolling=is_rolling))
        )
        versions = Versions(self.folder, name, row.name if row else "") if is_rolling else None
        try:
            moment = self._date(fetched, row)
            if versions is not None:
                kept = versions.keep(fetched, moment)
            else:
                kept = _replace(self.folder / name, fetched)
        finally:
            fetched.path.unlink(missing_ok=True)
        self._note(wanted.text, kept)
        if versions is not None and kept.is_changed:
            versions.thin_out(kept.path)
        return kept

    def _free(self, name: str) -> str:
        """Return ``name``, or one like it where a document that moved still has it."""
        rows = map(_row_of, self._index.read()["documents"].values())
        taken = {unversioned(row.name) for row in rows if row is not None}
        stem, dot, ending = name.rpartition(".")
        numbered = (f"{stem}-{number}{dot}{ending}" for number in count(2))
        return name if name not in taken else next(one for one in numbered if one not in taken)

    def _note(self, key: str, fetched: Fetched) -> None:
        row = _Row(
            fetched.path.name,
            fetched.address,
            fetched.validators.etag,
            fetched.validators.last_modified,
            fetched.content_type,
            fetched.charset,
            fetched.size,
            fetched.digest,
            fetched.path.stat().st_mtime_ns,
            self._clock.now().isoformat(),
        )

        def edit(document: Document) -> tuple[Document, None]:
            return document | {"documents": document["documents"] | {key: row._asdict()}}, None

        self._index.change(edit)

    def _date(self, fetched: Fetched, row: _Row | None) -> datetime:
        """Give a new document the server's time: a digest that names no date is dated by its file's.

        Not where that is impossible, nor where the one before is as new: by its time it is seen that
        it changed.

        Returns:
            When it was made as far as is known, else the time; aware.
        """
        now = self._clock.now()
        try:
            when = parsedate_to_datetime(fetched.validators.last_modified)
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return now
        stamp = int(when.timestamp()) * 1_000_000_000
        if not _BEGIN <= when <= now or (row is not None and row.mtime_ns >= stamp):
            return now
        os.utime(fetched.path, ns=(stamp, stamp))
        return when

    def _row(self, address: str) -> _Row | None:
        try:
            found = self._index.read()["documents"].get(parse(address).text)
        except AddressError:
            return None
        return _row_of(found)

    def _status(self, row: _Row) -> os.stat_result | None:
        """Look at a document's file; None where it is not the one that ``row`` speaks of."""
        try:
            status = (self.folder / row.name).stat()
        except OSError:
            return None
        is_it = (status.st_size, status.st_mtime_ns) == (row.size, row.mtime_ns)
        return status if is_it else None

    def _sweep(self) -> None:
        """Remove what a killed process has left behind."""
        if self._is_swept:
            return
        self._is_swept = True
        for path in self.folder.glob(f"{PREFIX}*{SUFFIX}"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                    path.unlink()


def _replace(target: Path, fetched: Fetched) -> Fetched:
    """Put a document in the place of the one at ``target``, unless that is the same."""
    is_changed = not _is_same(target, fetched)
    if is_changed:
        fetched.path.replace(target)
    return fetched._replace(path=target, is_changed=is_changed)


def _is_same(target: Path, fetched: Fetched) -> bool:
    try:
        return target.stat().st_size == fetched.size and digest_of(target) == fetched.digest
    except OSError:  # it is not there, or can only be replaced
        return False


def _row_of(found: object) -> _Row | None:
    """Read a row of the index; None for one that could not have been written by us."""
    if not isinstance(found, dict):
        return None
    values = [found.get(name) for name in _Row._fields]
    numbers = ("size", "mtime_ns")
    for name, value in zip(_Row._fields, values, strict=True):
        if type(value) is not (int if name in numbers else str):
            return None
    row = _Row._make(values)
    with suppress(ValueError):
        if is_safe(row.name) and datetime.fromisoformat(row.fetched).tzinfo is not None:
            return row
    return None

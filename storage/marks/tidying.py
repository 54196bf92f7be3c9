"""Housekeeping of a marks folder: compaction, and taking over the file of the first version."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from datetime import UTC
from typing import TYPE_CHECKING

from storage.errors import MarksError
from storage.language import tr
from storage.marks.files import set_aside
from storage.marks.locking import ProcessLock
from storage.marks.sharing.others import Signature

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.sharing.absorbing import Absorption
    from storage.marks.tinydb_store import TinyDBMarkStore

_MUCH = 1_000_000
"""Bytes of journals after which they are compacted while the reader is open."""

_FEWER = 8
"""At the end a large compacted file is written anew if the journals have that part of its size."""

_PATIENCE = 1.0
"""Seconds to wait for a program of the first version that writes."""


class Tidying:
    """Keeps the files of a store few and whole. All methods may be called from any thread.

    Args:
        store: Whose files.
        lock: A file that a process of this device locks while it compacts.
        legacy: The file of the first version.
    """

    def __init__(self, store: TinyDBMarkStore, lock: Path, legacy: Path | None = None) -> None:
        self._store = store
        self._locked = ProcessLock(lock, 0)
        self._legacy = legacy
        self._is_new = True
        self._refused_at: int | None = None
        """Bytes of journals when this failed last."""

    def is_due(self, *, at_end: bool = False) -> bool:
        """Tell whether there is something to do that is worth its while.

        Args:
            at_end: Whether this process is about to end.
        """
        storage = self._store.storage
        journals, compacted = storage.uncompacted, storage.compacted_size
        if at_end:
            if self._has_legacy():
                return True
            if storage.known.is_compacted and not self._absorption().is_needed():
                return False
            return compacted < _MUCH or journals > compacted // _FEWER
        if self._refused_at is not None:
            # What failed is likely to fail again.
            return journals > _MUCH and journals > 2 * self._refused_at
        if journals > _MUCH or self._has_legacy():
            return True
        # What came from elsewhere, as from the folder used before, is to be this device's own soon.
        is_new, self._is_new = self._is_new and not compacted, False
        return is_new and self._absorption().is_needed()

    def run(self) -> None:
        """Write all as one compacted file, with what came from elsewhere in it; takes a while.

        Another process that does the same now is left to it.

        Raises:
            MarksError: It could not be written; nothing is lost.
        """
        try:
            with self._store.telling(tr("the marks are not compacted")), ExitStack() as until_done:
                try:
                    until_done.enter_context(self._locked())
                except TimeoutError:
                    return
                self._compact()
            self._refused_at = None
        except MarksError:
            self._refused_at = self._store.storage.uncompacted
            raise

    def _compact(self) -> None:
        self._store.catch_up()
        legacy = self._legacy
        # In this order: what is read later than this is not known to be taken in.
        seen = None if legacy is None else self._store.others.signature(legacy)
        absorption = self._absorption()
        if self._store.storage.compact(absorption):
            absorption.end()
            if legacy is not None and seen is not None and self._has_legacy():
                with suppress(TimeoutError):
                    self._set_aside(legacy, seen)

    def _absorption(self) -> Absorption:
        from storage.marks.sharing.absorbing import Absorption  # noqa: PLC0415 -- after the first frame

        return Absorption(self._store)

    def _has_legacy(self) -> bool:
        """Tell whether the file of the first version is there and is not to be left alone."""
        if self._legacy is None or not os.path.lexists(self._legacy):
            return False
        others, name = self._store.others, str(self._legacy)
        return others.signature(self._legacy) is not None and name not in others.newer

    def _set_aside(self, legacy: Path, seen: Signature) -> None:
        """Set the file of the first version aside, if it still is the one that was taken in."""
        others, name = self._store.others, str(legacy)
        # So programs of the first version, which may still run, keep each other from writing.
        lock = legacy.resolve().with_name(f"{legacy.resolve().name}.lock")
        with ProcessLock(lock, _PATIENCE)():
            with suppress(FileNotFoundError):
                if Signature.at(legacy) != seen:
                    return
            damage = others.damaged.get(name)
            now = self._store.wall_clock().astimezone(UTC)
            aside = set_aside(legacy, now, "damaged" if damage else "schema-1")
        folder, part = self._store.files.folder, others.unread.get(name)
        if damage:
            told = tr(
                "{path}: it was damaged and is kept as {name} ({damage}); your marks are in {folder}"
                " from now on; for what can be saved of it: digest-tui doctor --repair",
                path=legacy,
                name=aside.name,
                damage=damage,
                folder=folder,
            )
        elif part:
            told = tr(
                "{path}: your marks are in {folder} from now on, without what could not be read"
                " ({damage}); it is kept as {name}",
                path=legacy,
                folder=folder,
                damage=part,
                name=aside.name,
            )
        else:
            told = tr(
                "{path}: taken over and kept as {name}; your marks are in {folder} from now on",
                path=legacy,
                name=aside.name,
                folder=folder,
            )
        self._store.notify(told)

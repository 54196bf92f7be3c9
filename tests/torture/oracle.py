"""What several devices wrote, and what must come of it in the end.

The log knows of each write what its writer was shown at that moment, and nothing of how it was kept:
a note may only be gone where someone wrote over it who had it before the eyes, and a mark is what the
write of the latest stamp made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.marks.model import MarkChange, MarkField, NoteBasis

if TYPE_CHECKING:
    from storage.marks.model import Value
    from storage.marks.sharing.stamps import Stamp
    from storage.marks.tinydb_store import TinyDBMarkStore
    from storage.model import PaperKey

Order = tuple[str, int, str]
"""A stamp in a form that can be compared: time, counter, device."""


class _Note(NamedTuple):
    text: str
    device: str


class Basis(NamedTuple):
    """What someone who edits a note has before the eyes."""

    basis: NoteBasis
    eyes: set[Stamp]


class Log:
    """All that was confirmed to have been written, on any device."""

    def __init__(self) -> None:
        self.writes = 0
        self._notes: dict[PaperKey, dict[Stamp, _Note]] = {}
        self._superseded: dict[PaperKey, set[Stamp]] = {}
        self._values: dict[tuple[PaperKey, MarkField], tuple[Order, Value]] = {}

    @property
    def notes(self) -> int:
        """How many notes were written."""
        return sum(map(len, self._notes.values()))

    @property
    def standing(self) -> int:
        """How many of them nobody wrote over."""
        return sum(len(self._live(key)) for key in self._notes)

    def open_note(self, store: TinyDBMarkStore, key: PaperKey) -> Basis:
        """Begin to edit a note."""
        shown = store.get(key).note_by
        return Basis(NoteBasis(shown), set(shown))

    def write_note(
        self, store: TinyDBMarkStore, key: PaperKey, text: str, basis: Basis | None = None
    ) -> None:
        """Write a note, over what the store shows or over what the writer has before the eyes."""
        before = store.get(key)
        known = None if basis is None else basis.basis
        store.apply([MarkChange(key, MarkField.NOTE, text, known)])
        after = store.get(key)
        eyes = set(before.note_by) if basis is None else basis.eyes
        if after == before:
            is_nothing = not text.strip() and eyes.isdisjoint(before.note_by)
            assert is_nothing or text == before.note, "a note was not written"
            return
        fresh = set(after.note_by) - set(before.note_by)
        assert len(fresh) == bool(text.strip()), f"{text!r} became {after}"
        assert set(after.note_by) - fresh == set(before.note_by) - eyes, (
            "more is gone than was shown"
        )
        self._superseded.setdefault(key, set()).update(eyes)
        for stamp in fresh:
            assert text in after.note
            self._notes.setdefault(key, {})[stamp] = _Note(text, store.files.device)
        if basis is not None:
            basis.eyes.update(fresh)
        self.writes += 1

    def write(self, store: TinyDBMarkStore, key: PaperKey, field: MarkField, value: Value) -> None:
        """Set a mark."""
        before = _order(store, key, field)
        is_so = store.get(key).value(field) == value
        store.apply([MarkChange(key, field, value)])
        after = _order(store, key, field)
        assert store.get(key).value(field) == value
        if is_so:
            assert after == before, "what is so already was written"
            return
        assert after > before, "what was written later has an earlier stamp than what was shown"
        self.writes += 1
        known = self._values.get((key, field))
        if known is None or known[0] < after:
            self._values[key, field] = after, value

    def check(self, store: TinyDBMarkStore) -> int:
        """Check that a store shows all, and nothing else; return how many marks that are."""
        shown = store.keys()
        for key in {*self._notes, *(key for key, _ in self._values)}:
            self._check_note(store, key)
            assert key in shown, f"{key} is not among the marked papers"
        for (key, field), (_, value) in self._values.items():
            found = store.get(key).value(field)
            assert found == value, f"{field} of {key} is {found!r} on {store.files.device}"
        return len(self._notes) + len(self._values)

    def check_own(self, store: TinyDBMarkStore) -> None:
        """Check that a device shows what was written on it and nobody wrote over anywhere."""
        device = store.files.device
        for key, notes in self._notes.items():
            own = {stamp for stamp in self._live(key) if notes[stamp].device == device}
            missing = own - set(store.get(key).note_by)
            assert not missing, f"{device} lost its own {[notes[each] for each in missing]}"

    def _check_note(self, store: TinyDBMarkStore, key: PaperKey) -> None:
        marks, notes = store.get(key), self._notes.get(key, {})
        live = self._live(key)
        found = set(marks.note_by)
        lost = [notes[each] for each in live - found]
        assert not lost, f"on {store.files.device} the notes of {key} lack {lost}"
        back = [notes.get(each) for each in found - live]
        assert not back, f"on {store.files.device} the notes of {key} have again {back}"
        for stamp in live:
            assert notes[stamp].text in marks.note

    def _live(self, key: PaperKey) -> set[Stamp]:
        return self._notes.get(key, {}).keys() - self._superseded.get(key, set())


def _order(store: TinyDBMarkStore, key: PaperKey, field: MarkField) -> Order:
    """Read a stamp as it is documented: ``2026-11-20T10:00:00.123456Z+2 laptop-k3f9``."""
    row = store.row(key) or {}
    text = str(row.get(f"{field}_at", ""))
    time, _, rest = text.partition("Z")
    count, _, device = rest.partition(" ")
    return time, int(count or 0), device

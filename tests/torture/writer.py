"""A writer of notes that knows which of them were confirmed, whatever the disk does."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from storage.errors import MarksError
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import MarksPlace, open_marks
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.torture.report import Counts

_PAPERS: Final = 200


class Writer:
    """Writes notes, and knows which were confirmed.

    Args:
        folder: The marks folder.
        home: Where the machine's own files are.
        chance: Makes the choices.
    """

    def __init__(self, folder: Path, home: Path, chance: Random) -> None:
        TinyDBMarkStore.warm_up()
        self.place = MarksPlace(folder, home, DEVICE)
        self.chance = chance
        self.notes: dict[PaperKey, str] = {}
        self.counts: Counts = {
            "changes confirmed": 0,
            "changes refused": 0,
            "compactions refused": 0,
        }
        self._number = 0
        self.open()

    def open(self) -> None:
        """Open the marks anew."""
        self.store, self.tidying = open_marks(self.place)

    def write(self, *words: str) -> bool:
        """Change a note; return whether that was confirmed.

        Args:
            words: One of them has to be in the sentence if it is refused.
        """
        self._number += 1
        key = PaperKey(f"2404.{self.chance.randrange(_PAPERS):05d}")
        text = f"{self._number} {'记' * self.chance.randrange(400)}"
        try:
            self.store.apply([MarkChange(key, MarkField.NOTE, text)])
        except MarksError as error:
            _check_sentence(str(error), words, self.place.folder)
            # What is refused is not shown either.
            assert self.store.get(key).note == self.notes.get(key, ""), "refused, and shown"
            self.counts["changes refused"] += 1
            return False
        self.notes[key] = text
        self.counts["changes confirmed"] += 1
        return True

    def compact(self, *words: str) -> None:
        """Compact, if that can be done."""
        try:
            self.tidying.run()
        except MarksError as error:
            _check_sentence(str(error), words, self.place.folder)
            self.counts["compactions refused"] += 1

    def check(self) -> None:
        """Check that all that was confirmed, and nothing else, is known and can be read."""
        fresh = open_marks(self.place)[0]
        for store in (self.store, fresh):
            found = {key: marks.note for key, marks in store.items() if marks.note}
            assert found == self.notes, _different(found, self.notes)
        # A file that is open takes its room though it has no name any more.
        del fresh, store
        gc.collect()
        rows = marks_on_disk(self.place.folder)
        lie = {PaperKey(key): row["note"] for key, row in rows.items() if row.get("note")}
        assert lie == self.notes, _different(lie, self.notes)


def _check_sentence(sentence: str, words: tuple[str, ...], folder: Path) -> None:
    assert any(word in sentence for word in words), f"refused, but for {words}: {sentence}"
    assert str(folder) in sentence, sentence
    assert "what was saved before is kept" in sentence or "nothing" in sentence, sentence


def _different(found: dict[PaperKey, str], expected: dict[PaperKey, str]) -> str:
    keys = {key for key in {*found, *expected} if found.get(key) != expected.get(key)}
    return "; ".join(f"{k}: {found.get(k)!r:.60}, not {expected.get(k)!r:.60}" for k in keys)

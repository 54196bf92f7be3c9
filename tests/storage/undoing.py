"""A reader that undoes and redoes: what the tests of the history and of its file share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.marks.model import UNMARKED, MarkChange, Marks
from storage.model import PaperKey

if TYPE_CHECKING:
    from storage.marks.undo.history import History, Move

A, B, C = PaperKey("2404.02882"), PaperKey("2403.07471"), PaperKey("math/0211159")


class Undoing:
    """Marks and their history; what a move writes is for the tests to say, in ``write``."""

    def __init__(self, history: History, marks: dict[PaperKey, Marks]) -> None:
        self.history = history
        self.marks = marks

    def write(self, move: Move | None) -> str | None:
        """Write a move; return its label, None where there was nothing to do."""
        raise NotImplementedError

    def get(self, key: PaperKey) -> Marks:
        return self.marks.get(key, UNMARKED)

    def do(self, label: str, *changes: MarkChange) -> str | None:
        return self.write(self.history.record(label, changes, self.get))

    def undo(self) -> str | None:
        return self.write(self.history.undo(self.get))

    def redo(self) -> str | None:
        return self.write(self.history.redo(self.get))

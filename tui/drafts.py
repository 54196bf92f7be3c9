"""Notes that are typed and not on disk yet, kept outside the screen so that they outlive it.

A crash, a signal or a closed window ends the widgets; whoever ends the program asks here for
what was typed and not yet saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.model import PaperKey


def _nothing() -> str:
    return ""


class NoteDraft:
    """The note being edited, which belongs to the paper it was begun for, and refused ones.

    Attributes:
        key: The paper whose note is edited, None while none is.
        before: The note as it was when editing began.
        refused: Notes that the store could not write, by paper; they are tried again.
    """

    def __init__(self) -> None:
        self.key: PaperKey | None = None
        self.before = ""
        self.refused: dict[PaperKey, str] = {}
        self._typed: Callable[[], str] = _nothing
        self._handed_over: str | None = None

    def begin(self, key: PaperKey, before: str, typed: Callable[[], str]) -> None:
        """Start editing the note of ``key``; ``typed`` tells what stands in the editor."""
        self.key, self.before, self._typed = key, before, typed
        self._handed_over = None if key in self.refused else before

    def end(self) -> None:
        """Stop editing."""
        self.key, self._typed, self._handed_over = None, _nothing, None

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return self._typed()

    def take_unsaved(self) -> tuple[PaperKey, str] | None:
        """Return what has to be saved and count it as handed over; None if there is nothing."""
        text = self.text
        if self.key is None or text == self._handed_over:
            return None
        self._handed_over = text
        return self.key, text

    def written(self, key: PaperKey) -> None:
        """Take notice that the note of ``key`` is on disk."""
        self.refused.pop(key, None)

    def refuse(self, key: PaperKey, text: str) -> None:
        """Take notice that the note of ``key`` could not be written."""
        self.refused[key] = text
        if self.key == key:
            self._handed_over = None

    def take_all_unsaved(self) -> dict[PaperKey, str]:
        """Return all that is not on disk, for the last try at the end of the program."""
        rest = dict(self.refused)
        if (unsaved := self.take_unsaved()) is not None:
            rest[unsaved[0]] = unsaved[1]
        return rest

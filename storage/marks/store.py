"""What a place for marks promises; the screen knows no more of it than this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from storage.errors import MarksError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.model import MarkChange, Marks
    from storage.model import PaperKey


class MarksLockedError(MarksError):
    """Another process holds the marks; the same write would have waited in vain whatever it held."""


class MarkStore(Protocol):
    """The reader's marks by paper. All methods may be called from any thread."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the stored marks, oldest first: one sentence each."""

    def get(self, key: PaperKey) -> Marks:
        """Return the marks of the paper ``key``; ``UNMARKED`` where there are none."""

    def items(self) -> Iterator[tuple[PaperKey, Marks]]:
        """Iterate over all papers that were ever marked, as they are when they are reached."""

    def apply(self, changes: Sequence[MarkChange]) -> None:
        """Make ``changes``, all or none, and return when they would survive a power cut.

        What is already as it should be is not written.

        Raises:
            MarksError: Nothing was changed, neither in memory nor on disk.
        """

    def refresh(self) -> frozenset[PaperKey]:
        """Take over what other processes wrote; return the papers whose marks changed by it.

        Raises:
            MarksError: The marks cannot be read any more; those in memory are kept.
        """

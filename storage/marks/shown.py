"""The marks that were asked for, as they are shown, and which of them changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.marks.model import Marks
    from storage.model import PaperKey


class ShownMarks:
    """Marks by paper, read once. They may be asked for while one thread updates them.

    Args:
        read: Reads the marks of a paper.
    """

    def __init__(self, read: Callable[[PaperKey], Marks]) -> None:
        self._read = read
        self._marks: dict[PaperKey, Marks] = {}
        self._news: set[PaperKey] = set()

    def get(self, key: PaperKey) -> Marks:
        """Return the marks of a paper."""
        marks = self._marks.get(key)
        # Whoever updates puts the new marks there; they are not to be overwritten by older ones.
        return self._marks.setdefault(key, self._read(key)) if marks is None else marks

    def keys(self) -> list[PaperKey]:
        """Return the papers that were asked for."""
        return list(self._marks)

    def show(self, key: PaperKey) -> None:
        """Read the marks of a paper anew; whoever changed them knows that they did."""
        self._marks[key] = self._read(key)

    def update(self, keys: Iterable[PaperKey]) -> None:
        """Read marks anew, and remember which of them are not as they were."""
        for key in keys:
            before, now = self._marks.get(key), self._read(key)
            if before != now:
                self._marks[key] = now
                self._news.add(key)

    def news(self) -> frozenset[PaperKey]:
        """Return the papers whose marks changed since this was asked last."""
        news, self._news = frozenset(self._news), set()
        return news

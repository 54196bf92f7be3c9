"""One line of all tags, each with the number of its notes, to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.term_line import TermLine

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 200


class TagLine(TermLine):
    """Shows tags, the most frequent first; where there are none, it is not there."""

    def __init__(self) -> None:
        super().__init__(())
        self._by_tag: dict[str, str] = {}
        self.display = False

    def take(self, counts: Sequence[tuple[str, int]]) -> None:
        """Show tags with the number of notes that have them."""
        self._by_tag = {f"#{tag}": f"#{tag} {count:,}" for tag, count in counts[:_MOST]}
        self._terms = list(self._by_tag.values())
        self.display = bool(counts)
        self.refresh()

    def mark_typed(self, typed: str) -> None:
        """Show which tag was typed, if it is one and nothing else."""
        self.mark(self._by_tag.get(typed.strip(), ""))

    def tag_after(self, step: int) -> str | None:
        """Return the next tag with its ``#``, or the one before, round and round; None: there is none."""
        term = self.after(step)
        return None if term is None else tag_in(term)


def tag_in(term: str) -> str:
    """Return the tag of what stands in the line."""
    return term.rpartition(" ")[0]

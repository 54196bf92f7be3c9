"""The sentence cursor of the detail: which sentence pair is chosen, and the way to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.sheet import NO_PAIR

if TYPE_CHECKING:
    from storage.model import Bilingual
    from tui.widgets.paper_detail import PaperDetail


class SentenceCursor:
    """Goes through the sentence pairs that ``detail`` shows.

    Attributes:
        pair: The pair that is chosen, counted from 0; ``NO_PAIR``: none.
    """

    def __init__(self, detail: PaperDetail) -> None:
        self._detail = detail
        self.pair = NO_PAIR

    @property
    def text(self) -> Bilingual:
        """What the chosen pair says; nothing if none is chosen."""
        return self._detail.current.text_of(self.pair)

    def choose(self, pair: int) -> None:
        """Highlight a pair and bring it into view; ``NO_PAIR`` highlights none."""
        self.pair = pair
        self._detail.current.selection = None
        self._detail.refresh()
        self.bring_into_view()

    def leave(self) -> bool:
        """Choose and mark nothing any more; return whether anything was."""
        if self.pair == NO_PAIR and self._detail.current.selection is None:
            return False
        self.choose(NO_PAIR)
        return True

    def step(self, by: int) -> bool:
        """Go to the next pair that is shown, or to the one before.

        Returns:
            Whether there was one.
        """
        lines = self._detail.current.pairs
        pairs = list(lines)
        if self.pair in lines:
            at = pairs.index(self.pair) + by
        elif by > 0:
            top = self._detail.scroll_offset.y
            at = next((at for at, pair in enumerate(pairs) if lines[pair] >= top), 0)
        else:
            at = len(pairs) - 1
        if not 0 <= at < len(pairs):
            return False
        self.choose(pairs[at])
        return True

    def bring_into_view(self) -> None:
        """Scroll as little as shows the chosen pair; of one that is too long, its beginning."""
        rows = [] if self.pair == NO_PAIR else self._detail.current.rows_of(self.pair)
        if not rows:
            return
        # The last row says how much is below.
        room = max(1, self._detail.size.height - 1)
        top = self._detail.scroll_offset.y
        if rows[-1] >= top + room:
            top = rows[-1] - room + 1
        self._detail.scroll_to(y=min(top, rows[0]), animate=False, immediate=True)

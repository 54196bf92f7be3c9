"""The concordance: how the library's papers translate a term, with sentences that do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical
from textual.widgets import Input

from storage.language import tr, tr_in
from storage.library.concordance import Concordance
from storage.model import PaperKey
from tui.screens.box import BoxScreen, headed, in_time
from tui.screens.look_ups import LookUps
from tui.widgets.concordance_list import ConcordanceList
from tui.widgets.concordance_rows import concordance_page, facts, nothing
from tui.widgets.keys import ARROWS, bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.status_line import HintLine
from tui.widgets.term_line import TermLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from storage.library.catalogue import Catalogue
    from tui.sheet import Sheet
    from tui.widgets.status_line import Hint

_PAUSE = 0.2
"""Seconds without a key after which a term counts as typed."""

_NARROWEST = 16


class ConcordanceScreen(BoxScreen[PaperKey]):
    """Dismisses with the paper of the chosen example, or None.

    Args:
        fresh: Opens another connection to the catalogue, for a worker.
        sheet: How texts are set: spaces between scripts, LaTeX as it was written.
        term: What to look up at once; empty: it is to be typed.
        suggestions: Further terms to choose from, such as those of the sentence it was called at.
    """

    DEFAULT_CSS = """
    ConcordanceScreen > Vertical { width: 100; height: 96%; }
    ConcordanceScreen TermLine { margin: 1 0 0 0; }
    ConcordanceScreen ConcordanceList { margin: 1 0 0 0; }
    """

    # Keys that are characters are those of the list: in the line they are typed.
    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS,
        ("enter", "choose"),
        ("tab", "next(1)"),
        ("shift+tab", "next(-1)"),
    )

    def __init__(
        self,
        fresh: Callable[[], Catalogue],
        sheet: Sheet,
        term: str = "",
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._sheet = sheet
        self._line = NarrowLine(tr("a word in English or Chinese"), term)
        self._terms = TermLine(suggestions)
        self._list = ConcordanceList()
        self._hints = HintLine(id="concordance-hints")
        self._look_ups = LookUps(self, fresh, take=self._show, complain=self._fail)
        self._timer: Timer | None = None
        self._asked = ""
        self._found = Concordance("")
        self._is_found = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, suggestions, list and hints."""
        with Vertical():
            yield headed(tr("Concordance"), self._line)
            if not self._terms.is_empty:
                yield self._terms
            yield self._list
            yield self._hints

    def on_mount(self) -> None:
        """Look the term up; without one, wait for it to be typed."""
        self._look_up()
        self.set_focus(self._list if self._asked else self._line)

    def on_unmount(self) -> None:
        """End what is being looked up."""
        self._look_ups.stop()

    def _look_up(self) -> None:
        """Look up what stands in the line, instead of what was asked for before."""
        if self._timer is not None:
            self._timer.stop()
        self._asked = self._line.value.strip()
        self._terms.mark(self._asked)
        if not self._asked:
            self._look_ups.stop()
            self._show(Concordance(""))
            return
        self._is_found.clear()
        if not self._found.translations:
            self._list.show_nothing(tr("looking …"))
        self._hints.say(tr("looking …"))
        self._look_ups.start(self._asked)

    def _show(self, found: Concordance) -> None:
        if found.term != self._asked:
            return
        self._found = found
        self._is_found.set()
        self._set(anew=True)
        self._hints.say(facts(found))

    def _fail(self, reason: str) -> None:
        self._found = Concordance(self._asked)
        self._is_found.set()
        self._list.show_nothing(tr("The library cannot be read; Esc closes this."))
        said = tr("The index of your digests cannot be read: {reason}", reason=reason)
        self._hints.say(said, failed=True)

    def _set(self, *, anew: bool) -> None:
        """Set what was found for the width there is."""
        self._show_keys()
        if why := nothing(self._found):
            self._list.show_nothing(why)
            return
        # Before the first layout there is no width; after it the page is set again.
        width = max(_NARROWEST, self._list.row_width)
        page = concordance_page(self._found, self._sheet._replace(width=width))
        if anew:
            self._list.show(page)
        else:
            self._list.set_again(page)

    async def action_choose(self) -> None:
        """From the line go to the examples, from an example to its paper."""
        if self.focused is self._line:
            await self._line.settled()
            if self._line.value.strip() != self._asked:
                self._look_up()
            self.set_focus(self._list)
            return
        if await in_time(self._is_found):
            self._choose()

    @on(VirtualList.Chosen)
    def _choose(self) -> None:
        if self._list.current is not None:
            self.dismiss(self._list.current)

    async def action_next(self, step: int) -> None:
        """Look up the next of the suggestions."""
        await self._line.settled()
        term = self._terms.after(step)
        if term is not None:
            self._take(term)

    def _take(self, term: str) -> None:
        self._line.value = term
        self._line.cursor_position = len(term)
        self._look_up()

    def action_go(self, move: str) -> None:
        """Move from example to example, also while a term is typed."""
        self._list.action_go(move)

    def action_type(self) -> None:
        """Go to the line, to type another term."""
        self.set_focus(self._line)
        self._line.action_select_all()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Look up after a short pause."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        if event.value.strip() != self._asked:
            self._timer = self.set_timer(_PAUSE, self._look_up)

    @on(TermLine.Picked)
    def _picked(self, event: TermLine.Picked) -> None:
        self._take(event.term)
        self.set_focus(self._list)

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        is_typing = self.focused is self._line
        has_examples = bool(self._found.translations)
        hints: list[Hint] = []
        if has_examples and is_typing:
            hints.append(("Enter", tr("to the examples"), ""))
        elif has_examples:
            hints += [("Enter", tr("go to paper"), ""), ("j k", tr("move"), "")]
        if not self._terms.is_empty:
            hints.append(("Tab", tr("next term"), ""))
        if not is_typing:
            hints.append(("/", tr_in("key", "type"), ""))
        self._hints.show_hints((*hints, ("Esc", tr("close"), "")))

    @on(events.Resize)
    def _resized(self) -> None:
        self.call_after_refresh(self._set_again)

    def _set_again(self) -> None:
        if self._found.translations:
            self._set(anew=False)

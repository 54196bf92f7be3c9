"""The concordance: how the library's papers translate a term, with sentences that do."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from storage.library.concordance import Concordance
from storage.model import PaperKey
from tui.messages import Then
from tui.screens.look_ups import LookUps
from tui.widgets.concordance_list import ConcordanceList
from tui.widgets.concordance_rows import concordance_page, facts, nothing
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.status_line import HintLine
from tui.widgets.term_line import TermLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from storage.library.catalogue import Catalogue
    from tui.sheet import Sheet
    from tui.widgets.status_line import Hint

_PAUSE = 0.2
"""Seconds without a key after which a term counts as typed."""

_PAPER: Hint = ("Enter", "go to paper", "")
_EXAMPLES: Hint = ("Enter", "to the examples", "")
_MOVE: Hint = ("j k", "move", "")
_NEXT: Hint = ("Tab", "next term", "")
_TYPE: Hint = ("/", "type", "")
_PATIENCE = 2.0
"""Seconds that Enter waits for examples that are still being looked up."""
_NARROWEST = 16

_CLOSE: Hint = ("Esc", "close", "")

_MOVES: dict[str, Callable[[ConcordanceList], None]] = {
    "down": lambda rows: rows.move_by(1),
    "up": lambda rows: rows.move_by(-1),
    "page_down": lambda rows: rows.move_page(1),
    "page_up": lambda rows: rows.move_page(-1),
    "first": lambda rows: rows.move_first(),
    "last": lambda rows: rows.move_last(),
}

_OUTSIDE_THE_LINE = ("read", "type", "leave")


class ConcordanceScreen(ModalScreen[PaperKey | None]):
    """Dismisses with the paper of the chosen example, or None.

    Args:
        fresh: Opens another connection to the catalogue, for a worker.
        sheet: How texts are set: spaces between scripts, LaTeX as it was written.
        term: What to look up at once; empty: it is to be typed.
        suggestions: Further terms to choose from, such as those of the sentence it was called at.
    """

    DEFAULT_CSS = """
    ConcordanceScreen { align: center middle; background: $background 60%; }
    ConcordanceScreen > Vertical {
        width: 100;
        max-width: 96%;
        height: 96%;
        background: $surface;
        padding: 1 1 0 1;
    }
    ConcordanceScreen .concordance-top { height: 1; padding: 0 1 0 0; }
    ConcordanceScreen .concordance-title { width: auto; text-style: bold; padding: 0 2 0 1; }
    ConcordanceScreen TermLine { margin: 1 0 0 0; }
    ConcordanceScreen ConcordanceList { margin: 1 0 0 0; }
    ConcordanceScreen HintLine { margin: 1 0 0 0; }
    """

    # Run by the app itself, one after the other: a key right after Escape is for the screen below,
    # and one right after / for the line.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False, priority=True)
        for keys, action in (
            ("escape", "dismiss(None)"),
            ("enter", "choose"),
            ("tab", "next(1)"),
            ("shift+tab", "next(-1)"),
            ("down", "go('down')"),
            ("up", "go('up')"),
            ("pagedown", "go('page_down')"),
            ("pageup", "go('page_up')"),
            ("j", "read('down')"),
            ("k", "read('up')"),
            ("space,ctrl+f", "read('page_down')"),
            ("ctrl+b", "read('page_up')"),
            ("g,home", "read('first')"),
            ("G,end", "read('last')"),
            ("slash", "type"),
            ("q", "leave"),
        )
    ]

    def __init__(
        self,
        fresh: Callable[[], Catalogue],
        sheet: Sheet,
        term: str = "",
        suggestions: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._sheet = sheet
        self._line = NarrowLine("a word in English or Chinese", term)
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
            with Horizontal(classes="concordance-top"):
                yield Static("Concordance", classes="concordance-title", markup=False)
                yield self._line
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
            self._list.show_nothing("looking …")
        self._hints.say("looking …")
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
        self._list.show_nothing("The library cannot be read; Esc closes this.")
        self._hints.say(f"The index of your digests cannot be read: {reason}", failed=True)

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
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_found.wait(), _PATIENCE)
        if self._is_found.is_set():
            self._choose()

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
        """Move from example to example."""
        _MOVES[move](self._list)

    def action_read(self, move: str) -> None:
        """Move from example to example, by keys that are characters in the line."""
        _MOVES[move](self._list)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the line, keys that are characters are typed."""
        return not (self.focused is self._line and action in _OUTSIDE_THE_LINE)

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
        hints = ([_EXAMPLES] if is_typing else [_PAPER, _MOVE]) if has_examples else []
        if not self._terms.is_empty:
            hints.append(_NEXT)
        if not is_typing:
            hints.append(_TYPE)
        self._hints.show_hints((*hints, _CLOSE))

    @on(events.Resize)
    def _resized(self) -> None:
        self.call_after_refresh(self._set_again)

    def _set_again(self) -> None:
        if self._found.translations:
            self._set(anew=False)

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        widget, _ = self.get_widget_at(*event.screen_offset)
        if widget is self:
            self.dismiss(None)

    @on(VirtualList.Chosen)
    def _example_chosen(self) -> None:
        self._choose()

    @on(Then)
    def _then(self, event: Then) -> None:
        event.run()

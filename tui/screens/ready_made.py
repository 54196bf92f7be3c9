"""Ready-made sources to choose from, several at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.containers import Vertical

from storage.language import to_tr, tr, tr_n
from storage.sources.presets import PRESETS
from storage.sources.source import Source
from tui.messages import Then
from tui.screens.box import BoxScreen
from tui.screens.source_adding import Added
from tui.widgets.keys import bound
from tui.widgets.remark import Remark
from tui.widgets.source_list import SourceLines
from tui.widgets.status_line import HintLine
from tui.widgets.tick_list import TickList
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.sources.presets import Preset
    from tui.widgets.status_line import Hint


class _Offer(NamedTuple):
    source: Source
    about: str


class ReadyMadeScreen(BoxScreen[Added]):
    """Dismisses with what was added, or None.

    Args:
        presets: What is offered.
        title: What is asked for, in English.
    """

    DEFAULT_CSS = """
    ReadyMadeScreen > Vertical { width: 76; max-height: 96%; }
    ReadyMadeScreen .ready-title { text-style: bold; padding: 0 1 1 1; }
    ReadyMadeScreen SourceLines { height: 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("enter", "add"), ("q", "dismiss(None)"))

    def __init__(
        self, presets: Sequence[Preset] = PRESETS, title: str = to_tr("Ready-made sources")
    ) -> None:
        super().__init__()
        self._title = tr(title)
        self._offers = tuple(_offers(presets))
        self._list = TickList([it.source.label for it in self._offers], self._show)
        self._about = SourceLines()
        self._hints = HintLine(id="ready-hints")
        self._is_adding = False

    def compose(self) -> ComposeResult:
        """Lay out the title, what can be chosen, what it is, and the hints."""
        with Vertical():
            yield Remark(self._title, classes="ready-title")
            yield self._list
            yield self._about
            yield self._hints

    def on_mount(self) -> None:
        """Take keys at once."""
        self.query_one(Vertical).styles.height = len(self._offers) + 8
        self._hints.show_hints(_hints())
        self.set_focus(self._list)
        self._show()

    def _show(self) -> None:
        self._about.show(tr(self._offers[self._list.cursor].about))
        count = len(self._list.ticked)
        self._hints.say(tr_n("{n} ticked", "{n} ticked", count) if count else "")

    @on(VirtualList.Chosen)
    def _clicked_twice(self) -> None:
        self._list.action_tick()

    def action_add(self) -> None:
        """Add what is ticked, or else what the cursor is on."""
        if self._is_adding:
            return
        self._is_adding = True
        places = sorted(self._list.ticked) or [self._list.cursor]
        chosen = [self._offers[place].source for place in places]
        self.run_worker(partial(self._add, chosen), thread=True, group="adding")

    def _add(self, chosen: list[Source]) -> None:
        from tui.screens.source_keeping import add_sources  # noqa: PLC0415 -- behind the screen

        self.post_message(Then(partial(self.dismiss, Added(*add_sources(chosen)))))


def _hints() -> tuple[Hint, ...]:
    return ("Space", tr("tick"), ""), ("Esc", tr("close"), ""), ("Enter", tr("add"), "")


def _offers(presets: Iterable[Preset]) -> Iterable[_Offer]:
    for preset in presets:
        for choice in preset.choices or ("",):
            made = preset.make(choice)
            if isinstance(made, Source):
                yield _Offer(made, preset.about)

"""The sources screen: what the library follows, how each source is, and what to do with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical

from storage.language import tr, tr_in
from storage.refresh.outcome import ALL
from tui.screens.box import BoxScreen
from tui.screens.source_changing import SourceChanging
from tui.screens.source_finder import SourceFinder
from tui.screens.source_reading import SourceReading
from tui.source_overview import listing_of
from tui.widgets.keys import ARROWS, bound
from tui.widgets.shelf_rows import Wanted
from tui.widgets.status_line import HintLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.choices import Choice
    from tui.screens.source_changing import Upkeep
    from tui.session import Session
    from tui.widgets.status_line import Hint


class SourcesScreen(BoxScreen[Wanted]):
    """Dismisses with the papers of a source, or None.

    Args:
        session: Whose sources they are.
        upkeep: What the reader does when sources change, or are to be fetched.
    """

    DEFAULT_CSS = """
    SourcesScreen > Vertical { width: 140; height: 96%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS, ("enter", "choose"), ("escape", "back"), ("f2", "change('rename')")
    )

    def __init__(self, session: Session, upkeep: Upkeep) -> None:
        super().__init__()
        self._session = session
        self._refresh = upkeep.refresh
        self._hints = HintLine(id="sources-hints")
        self._reading = SourceReading(
            self, session, news=self._show, complain=partial(self._hints.say, failed=True)
        )
        self._finder = SourceFinder(self._reading)
        self._changing = SourceChanging(self, session, self._finder, self._hints, upkeep)

    def compose(self) -> ComposeResult:
        """Lay out what there is to choose from, and the hints."""
        with Vertical():
            yield self._finder
            yield self._hints

    def on_mount(self) -> None:
        """Read the list behind the screen; listen to what is fetched."""
        self.set_focus(self._finder.list)
        self._show()
        self._reading.start(self.app.screen_stack[-2])

    def on_unmount(self) -> None:
        """Listen no more."""
        self._reading.stop()

    def _show(self) -> None:
        self._finder.show()

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        is_typing = self.focused is self._finder.line
        self._hints.show_hints(_hints_of_line() if is_typing else _hints_of_list())

    async def _settled(self) -> None:
        """Take in what was asked for by the keys before the one that is being handled."""
        await self._changing.settled()
        await self._finder.settled()

    async def action_go(self, move: str) -> None:
        """Move from source to source, also while words are typed."""
        await self._settled()
        self._finder.list.action_go(move)

    def action_type(self) -> None:
        """Go to the line."""
        self.set_focus(self._finder.line)

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._finder.line.settled()
        if self._finder.is_narrowed:
            self._finder.clear()
        else:
            # Its end would keep what was asked for last from being done.
            await self._changing.settled()
            self.dismiss(None)

    async def action_choose(self) -> None:
        """List the papers of the source under the cursor."""
        await self._settled()
        self._choose()

    @on(VirtualList.Chosen)
    def _choose(self) -> None:
        row = self._finder.current
        if row is None:
            self._hints.say(tr("there is no source to list"))
        elif row.papers == 0:
            self._hints.say(tr("{source} has no papers yet", source=row.source.label))
        else:
            self.dismiss(Wanted(row.source.label, listing_of(self._session.origin, row.source)))

    async def action_help(self) -> None:
        """List the keys."""
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        keys = _keys()
        menu = Menu(tr("Keys"), len(keys), keys.__getitem__, key_width=8, wide=True, by_key=False)
        await self.app.push_screen(ChoiceScreen(menu))

    async def action_change(self, how: str) -> None:
        """Do what ``SourceChanging`` calls ``how``."""
        await self._changing.handlers()[how]()

    def action_fetch(self) -> None:
        """Fetch all sources now."""
        if self._session.refresher is None:
            self._hints.say(tr("the demo digest never changes"))
        elif self._session.fetching.is_running:
            self._hints.say(tr("they are being fetched already"))
        else:
            self._hints.say(tr("looking for new digests"))
            self._refresh(ALL)

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._finder.make_room(event.size.height)


def _hints_of_list() -> tuple[Hint, ...]:
    return (
        ("Enter", tr("papers"), ""),
        ("a", tr("add"), ""),
        ("R", tr("fetch"), ""),
        ("p", tr("pause"), ""),
        ("r", tr("rename"), ""),
        ("Del", tr("remove"), ""),
        ("J K", tr_in("key", "order"), ""),
        ("/", tr("narrow"), ""),
        ("Esc", tr("close"), ""),
        ("?", tr("keys"), ""),
    )


def _hints_of_line() -> tuple[Hint, ...]:
    return ("Enter", tr("papers"), ""), ("Esc", tr("clear"), "")


def _keys() -> tuple[Choice, ...]:
    from tui.choices import Choice  # noqa: PLC0415 -- on first use

    add = tr("add a folder, file, address, arXiv category or search, git repository")
    return (
        Choice(tr("list its papers"), None, "Enter"),
        Choice(add, None, "a"),
        Choice(tr("add ready-made sources"), None, "A"),
        Choice(tr("pause it, or go on"), None, "p Space"),
        Choice(tr("give it another name"), None, "r F2"),
        Choice(tr("move it down, up"), None, "J K"),
        Choice(tr("remove it"), None, "Del"),
        Choice(tr("bring back what was removed last"), None, "Ctrl+Z"),
        Choice(tr("fetch all now"), None, "R"),
        Choice(tr("list only those called so"), None, "/"),
        Choice(tr("close"), None, "Esc"),
    )

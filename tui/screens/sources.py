"""The sources screen: what the library follows, how each source is, and what to do with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical
from textual.widgets import Input

from storage.refresh.outcome import ALL, DUE
from tui.choices import Choice
from tui.screens.box import BoxScreen, headed
from tui.screens.source_adding import AddScreen
from tui.screens.source_keeping import SourceKeeping
from tui.screens.source_reading import SourceReading
from tui.source_overview import listing_of
from tui.source_rows import now_aware
from tui.widgets.keys import ARROWS, bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.shelf_rows import Wanted
from tui.widgets.source_list import SourceLines, SourceList
from tui.widgets.status_line import HintLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.sources.source import Source
    from tui.screens.source_adding import Added
    from tui.screens.source_keeping import Done, Removed
    from tui.session import Session
    from tui.widgets.status_line import Hint

_WITH_LINES = 16
"""Rows of the terminal from which on there is room for all that is known of a source."""

_NONE_YET = "No sources yet: a adds one, A shows ready-made ones."
_NONE_SUCH = "No source is called that; Esc clears the line."
_FOR_A_RUN = "these are for this run only; digest-tui without a path opens your library"

_KEYS = (
    Choice("list its papers", None, "Enter"),
    Choice("add a folder, file, address, arXiv category or search, git repository", None, "a"),
    Choice("add ready-made sources", None, "A"),
    Choice("pause it, or go on", None, "p Space"),
    Choice("give it another name", None, "r F2"),
    Choice("move it down, up", None, "J K"),
    Choice("remove it", None, "Del"),
    Choice("bring back what was removed last", None, "Ctrl+Z"),
    Choice("fetch all now", None, "R"),
    Choice("list only those called so", None, "/"),
    Choice("close", None, "Esc"),
)
_HINTS: tuple[Hint, ...] = (
    ("Enter", "papers", ""),
    ("a", "add", ""),
    ("R", "fetch", ""),
    ("p", "pause", ""),
    ("r", "rename", ""),
    ("Del", "remove", ""),
    ("J K", "order", ""),
    ("/", "narrow", ""),
    ("Esc", "close", ""),
    ("?", "keys", ""),
)
_TYPING: tuple[Hint, ...] = (("Enter", "papers", ""), ("Esc", "clear", ""))


class SourcesScreen(BoxScreen[Wanted]):
    """Dismisses with the papers of a source, or None.

    Args:
        session: Whose sources they are.
        removed: What was removed in this run, and can be brought back.
        refresh: Brings the library up to date; told what is fetched, see ``storage.refresh.outcome``.
        changed: Told that the list of sources is another one.
    """

    DEFAULT_CSS = """
    SourcesScreen > Vertical { width: 140; height: 96%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS, ("enter", "choose"), ("escape", "back"), ("f2", "rename")
    )

    def __init__(
        self,
        session: Session,
        removed: list[Removed],
        *,
        refresh: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._refresh = refresh
        self._changed = changed
        self._line = NarrowLine("narrow by name or address")
        self._list = SourceList(self._show_source)
        self._whole = SourceLines()
        self._hints = HintLine(id="sources-hints")
        self._reading = SourceReading(
            self, session, news=self._show, complain=partial(self._hints.say, failed=True)
        )
        self._keeping = SourceKeeping(self, removed, self._done)
        self._go_to = ""
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, the sources, one of them in full, and the hints."""
        with Vertical():
            yield headed("Sources", self._line)
            yield self._list
            yield self._whole
            yield self._hints

    def on_mount(self) -> None:
        """Read the list behind the screen; listen to what is fetched."""
        self.set_focus(self._list)
        self._show()
        self._reading.start(self.app.screen_stack[-2])

    def on_unmount(self) -> None:
        """Listen no more."""
        self._reading.stop()

    def _show(self) -> None:
        self._typed = self._line.value
        rows = self._reading.rows(self._typed)
        why = _NONE_YET if self._reading.is_empty else _NONE_SUCH
        self._list.show(rows, why if self._reading.is_read else "reading …", self._go_to)
        if any(row.source.id == self._go_to for row in rows):
            self._go_to = ""

    def _show_source(self) -> None:
        row = self._list.current
        self._whole.show("" if row is None else row.details(now_aware()))

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._show()

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        self._hints.show_hints(_TYPING if self.focused is self._line else _HINTS)

    async def _settled(self) -> None:
        """Take in what was asked for by the keys before the one that is being handled."""
        await self._line.settled()
        await self._keeping.settled()
        await self._reading.settled()
        if self._line.value != self._typed:
            self._show()

    async def action_go(self, move: str) -> None:
        """Move from source to source, also while words are typed."""
        await self._settled()
        self._list.action_go(move)

    def action_type(self) -> None:
        """Go to the line."""
        self.set_focus(self._line)

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._line.settled()
        if self._line.value or self.focused is self._line:
            self._line.clear()
            self.set_focus(self._list)
        else:
            # Its end would keep what was asked for last from being done.
            await self._keeping.settled()
            self.dismiss(None)

    async def action_choose(self) -> None:
        """List the papers of the source under the cursor."""
        await self._settled()
        self._choose()

    @on(VirtualList.Chosen)
    def _choose(self) -> None:
        row = self._list.current
        if row is None:
            self._hints.say("there is no source to list")
        elif row.papers == 0:
            self._hints.say(f"{row.source.label} has no papers yet")
        else:
            self.dismiss(Wanted(row.source.label, listing_of(self._session.origin, row.source)))

    async def action_help(self) -> None:
        """List the keys."""
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        menu = Menu("Keys", len(_KEYS), _KEYS.__getitem__, key_width=8, wide=True, by_key=False)
        await self.app.push_screen(ChoiceScreen(menu))

    async def action_add(self) -> None:
        """Ask for a source, look at it and add it."""
        if self._may_change():
            await self.app.push_screen(AddScreen(), self._take_added)

    async def action_presets(self) -> None:
        """Offer sources that are ready-made."""
        from tui.screens.ready_made import ReadyMadeScreen  # noqa: PLC0415 -- on first use

        if self._may_change():
            await self.app.push_screen(ReadyMadeScreen(), self._take_added)

    def _take_added(self, added: Added | None) -> None:
        if added is None:
            return
        self._hints.say(added.words, failed=bool(added.told))
        if added.sources:
            self._go_to = added.sources[0].id
            self._changed()
            self._refresh(DUE)
        self._reading.read()

    async def action_pause(self) -> None:
        """Look for nothing new in a source, or do so again."""
        await self._with_source(self._keeping.pause)

    async def action_shift(self, by: int) -> None:
        """Move a source in the list."""
        if self._line.value:
            self._hints.say("Esc lists all of them first; then they can be put in order")
        else:
            await self._with_source(lambda source: self._keeping.move(source, by))

    async def action_remove(self) -> None:
        """Follow a source no longer."""
        await self._with_source(self._keeping.remove)

    def action_restore(self) -> None:
        """Bring back what was removed last."""
        if self._may_change():
            self._keeping.restore()

    async def action_rename(self) -> None:
        """Ask for another name of a source."""
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use

        await self._settled()
        row = self._list.current
        if row is None or not self._may_change():
            return
        source = row.source

        def take(name: str) -> str:
            self._keeping.rename(source, name.strip())
            return ""

        help_line = f"{source.shown_place}; empty: it is called by that"
        await self.app.push_screen(
            PromptScreen("Name of this source", source.name, help_line, take)
        )

    def action_fetch(self) -> None:
        """Fetch all sources now."""
        if self._session.refresher is None:
            self._hints.say("the demo digest never changes")
        elif self._session.fetching.is_running:
            self._hints.say("they are being fetched already")
        else:
            self._hints.say("looking for new digests")
            self._refresh(ALL)

    async def _with_source(self, run: Callable[[Source], None]) -> None:
        await self._settled()
        row = self._list.current
        if row is not None and self._may_change():
            run(row.source)

    def _may_change(self) -> bool:
        is_library = self._session.origin.is_library
        if not is_library:
            self._hints.say(_FOR_A_RUN)
        return is_library

    def _done(self, done: Done) -> None:
        """Say what came of a change, and show it."""
        self._hints.say(done.words, failed=done.is_failed)
        self._go_to = done.at or self._go_to
        if done.is_for_reading and not done.is_failed:
            self._changed()
        self._reading.read()

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._whole.display = event.size.height >= _WITH_LINES

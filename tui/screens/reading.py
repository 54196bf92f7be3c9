"""The reading screen: composes the panes and routes keys and messages; the controllers act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from tui.actions import ACTIONS
from tui.controllers.copying import Copying
from tui.controllers.finding import Finding
from tui.controllers.following import Following
from tui.controllers.listing import Listings
from tui.controllers.looking import Looking, layout_for
from tui.controllers.marking import Marking
from tui.controllers.moving import Moving
from tui.controllers.panes import Panes
from tui.controllers.reading import Reading
from tui.controllers.refreshing import Refreshing
from tui.controllers.returning import Returning
from tui.controllers.sentences import Sentences
from tui.controllers.setting import Setting
from tui.controllers.showing import Showing
from tui.controllers.translating import Translating
from tui.controllers.typing import Typing
from tui.messages import Then
from tui.widgets.notes_pane import NotesPane
from tui.widgets.paper_detail import PaperDetail
from tui.widgets.paper_table import PaperTable
from tui.widgets.status_line import HintLine, StatusLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.strip import Strip

    from storage.model import PaperKey
    from tui.session import Session
    from tui.widgets.filter_bar import FilterBar

DWELL = 2.0
"""Seconds on a paper, its detail in view, after which it counts as read."""

REMEMBER = 10.0
"""Seconds between two looks whether the reader went elsewhere."""

_ON_PAPERS = ("move.", "mark.", "note.", "sentence.", "copy.", "open.", "read.open")
"""How the commands begin that are about papers which are listed."""

Handler = Callable[[], Awaitable[None] | None]


class _Body(Container):
    """Where the panes stand, which cover all of it."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw nothing: Textual would draw each line beneath the panes with every frame."""
        return []


class ReadingScreen(Screen[None]):
    """Table, detail and notes of one session.

    Args:
        width: Columns of the terminal at the start.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            ",".join(action.keys),
            f"run('{action.id}')",
            action.label,
            show=False,
            # Run by the app itself, one after the other: a key pressed right after ``e`` is text.
            priority=True,
            id=action.id,
        )
        for action in ACTIONS
    ]

    def __init__(self, session: Session, width: int) -> None:
        # The layout is known before the first one is made, lest it be made twice.
        super().__init__(classes=f"-at-table {layout_for(width)}")
        self._session = session
        self._panes = Panes(
            PaperTable(session, self._moved, id="table"),
            PaperDetail(id="detail"),
            NotesPane(session.draft, self._save_note, id="notes"),
            StatusLine(id="status"),
            HintLine(id="hints"),
        )
        self._showing = Showing(self, self._panes, session, failed=self._unreadable)
        self._listings = Listings(
            self, self._panes, session, self._showing, failed=self._unreadable
        )
        self._marking = Marking(self, self._panes, session, counted=self._listings.remarked)
        self.handlers: dict[str, Handler] = {}

    def compose(self) -> ComposeResult:
        """Lay out the panes; styles.tcss places them by the width."""
        panes = self._panes
        yield panes.status
        with _Body(id="body"):
            yield panes.table
            yield panes.detail
            yield panes.notes
        yield panes.hints

    def on_mount(self) -> None:
        """Show the first papers, then read on behind the screen."""
        self._finding = Finding(self.app, self._panes, self._session, relist=self._listings.relist)
        self._refreshing = Refreshing(
            self,
            self._panes,
            self._session,
            self._listings,
            remarked=self._marking.repaint,
        )
        self._following = Following(
            self._panes,
            self._session,
            finding=self._finding,
            refreshing=self._refreshing,
            relist=self._listings.relist,
        )
        self._setting = Setting(self.app, self._panes)
        self._looking = Looking(
            self.app,
            self,
            self._panes,
            run=self.run_later,
            widen=self._finding.widen,
        )
        self._sentences = Sentences(
            self.app,
            self._panes,
            self._session,
            show=self._finding.show_paper,
            go_to=self._looking.go_to,
        )
        self._typing = Typing(self, self._panes, self._session, self._finding, self._looking)
        self._reading = Reading(
            self,
            self._panes,
            self._marking,
            self._looking,
            edit_note=self._typing.edit_note,
        )
        self._returning = Returning(self, self._panes, self._session, self._looking, self._setting)
        self.handlers = {
            **Moving(self._panes, self._session).handlers(),
            **self._marking.handlers(),
            **self._finding.handlers(),
            **self._refreshing.handlers(),
            **self._following.handlers(),
            **Translating(
                self, self._panes, self._session, refresh=self._refreshing.look_again
            ).handlers(),
            **Copying(self.app, self._panes, self._session, post=self.post_message).handlers(),
            **self._looking.handlers(),
            **self._setting.handlers(),
            **self._sentences.handlers(),
            **self._typing.handlers(),
            **self._reading.handlers(),
        }
        self._returning.restore()
        self._listings.start()
        self._refreshing.start()
        self.call_after_refresh(self._following.start)
        self._showing.show()
        self._returning.start(REMEMBER)

    def on_unmount(self) -> None:
        """Leave word where one was."""
        self._refreshing.stop()
        self._returning.leave()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While one types only the keys that end it are commands."""
        if action == "run" and self._typing.active:
            return self._typing.lets_through(str(parameters[0]))
        return True

    async def action_run(self, action: str) -> None:
        """Run the command with this id; keys that follow wait until it is done."""
        if self._typing.active:
            await self._typing.leave(action)
            return
        if action.startswith(_ON_PAPERS):
            await self._listings.settled()
        waiting = self.handlers[action]()
        if waiting is not None:
            await waiting

    async def action_write_outside(self) -> None:
        """Go on with the note that is typed in another editor."""
        await self._typing.write_outside()

    def run_later(self, action: str) -> None:
        """Run a command once the present message is done."""
        self.call_later(self.action_run, action)

    def _unreadable(self, reason: str) -> None:
        self._refreshing.rebuild(reason)

    def _save_note(self, key: PaperKey, text: str) -> None:
        self._marking.save_note(key, text)

    def _moved(self) -> None:
        self._showing.moved()
        self._reading.moved(DWELL)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.run_later("read.open")

    def on_sentence_chosen(self) -> None:
        """The mouse chose a sentence."""
        self._sentences.tell()

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._looking.arrange(event.size.width)

    @on(Then)
    def _then(self, event: Then) -> None:
        event.run()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        for widget in event.widget.ancestors_with_self:
            if widget.id in ("table", "detail", "notes"):
                self._looking.came_to(widget.id)

    async def on_note_editor_left(self) -> None:
        """The focus went elsewhere: the note is left."""
        await self._panes.notes.close()

    async def on_filter_bar_left(self) -> None:
        """The focus went elsewhere: the bar closes."""
        await self._typing.bar_left()

    def on_notes_pane_closed(self, event: NotesPane.Closed) -> None:
        """A note is done: one step to undo."""
        self._marking.note_done(event.key, event.before, event.text)
        self._looking.came_to(self._looking.pane)
        self._showing.show()

    def on_filter_bar_typed(self, event: FilterBar.Typed) -> None:
        """Filter as one types."""
        self._typing.typed(event.text)

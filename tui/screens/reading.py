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
from tui.controllers.listing import Listings
from tui.controllers.looking import Looking, layout_for
from tui.controllers.marking import Marking
from tui.controllers.moving import Moving
from tui.controllers.panes import Panes
from tui.controllers.refreshing import Refreshing
from tui.controllers.sentences import Sentences
from tui.controllers.setting import Setting
from tui.controllers.showing import Showing
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
    from textual.timer import Timer

    from storage.model import PaperKey
    from storage.place import Place
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
        self._dwell: Timer | None = None
        self._panes = Panes(
            PaperTable(session, self._moved, id="table"),
            PaperDetail(id="detail"),
            NotesPane(session.draft, self._save_note, id="notes"),
            StatusLine(id="status"),
            HintLine(id="hints"),
        )
        self._showing = Showing(self._panes, session, failed=self._unreadable)
        self._listings = Listings(
            self, self._panes, session, shown=self._show_current, failed=self._unreadable
        )
        self._marking = Marking(
            self._panes,
            session,
            post=self.post_message,
            counted=self._listings.remarked,
            behind=self._behind,
        )
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
        self.handlers = {
            **Moving(self._panes, self._session).handlers(),
            **self._marking.handlers(),
            **self._finding.handlers(),
            **self._refreshing.handlers(),
            **Copying(self.app, self._panes, self._session, post=self.post_message).handlers(),
            **self._looking.handlers(),
            **self._setting.handlers(),
            **self._sentences.handlers(),
            **self._typing.handlers(),
            "read.open": self._open_paper,
        }
        self._setting.restore(self._session.place)
        self._looking.restore(self._session.place)
        self._listings.start()
        self._refreshing.start()
        self._show_current()
        if self._session.origin.is_library:
            self.set_interval(REMEMBER, self._remember)

    def on_unmount(self) -> None:
        """Leave word where one was."""
        self._session.place = self.place()

    def _remember(self) -> None:
        """Save where one is now and then: a power cut must not lead back to yesterday."""
        place = self.place()
        if place != self._session.place:
            self._session.place = place
            self._behind(lambda: self._session.remember(place))

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

    @property
    def _current(self) -> PaperKey | None:
        return self._panes.table.current

    def _show_current(self) -> None:
        self._showing.show()
        self._listings.show_position()

    def _behind(self, task: Callable[[], None]) -> None:
        self.run_worker(task, thread=True, group="marking")

    def _unreadable(self, reason: str) -> None:
        self._refreshing.rebuild(reason)

    def place(self) -> Place:
        """Return where the reader is, to come back to."""
        session, view = self._session, self._session.view
        return self._setting.added_to(self._looking.place())._replace(
            base_name=view.name,
            base=view.base,
            query_text=session.query_text,
            filter=view.filter,
            order=view.order,
            key=self._current,
            row=self._panes.table.cursor,
        )

    def _open_paper(self) -> Awaitable[None] | None:
        if self._looking.pane == "notes":
            return self.handlers["note.edit"]()
        if self._current is not None:
            self._marking.read(self._current)
            self._looking.go_to("detail")
        return None

    def _save_note(self, key: PaperKey, text: str) -> None:
        self._marking.save_note(key, text)

    def _moved(self) -> None:
        self._panes.hints.say("")
        self._show_current()
        self.call_after_refresh(self._showing.look_ahead)
        if self._dwell is not None:
            self._dwell.stop()
        if self._panes.table.has_focus:
            key = self._current
            self._dwell = self.set_timer(DWELL, lambda: self._dwelt(key))

    def _dwelt(self, key: PaperKey | None) -> None:
        in_view = bool(self._panes.detail.size.height) and self.is_current
        if key is not None and key == self._current and in_view:
            self._marking.dwelt_on(key)

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
        self._show_current()

    def on_filter_bar_typed(self, event: FilterBar.Typed) -> None:
        """Filter as one types."""
        self._typing.typed(event.text)

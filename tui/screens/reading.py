"""The reading screen: composes the panes and routes keys and messages; the controllers act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.containers import Container
from textual.screen import Screen

from tui.controllers.looking import layout_for, size_panes
from tui.controllers.parts import Parts
from tui.keymap.keyed_app import TakesKeys
from tui.messages import Then
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Region
    from textual.strip import Strip

    from tui.controllers.pressing import Handler
    from tui.session import Session
    from tui.widgets.filter_bar import FilterBar
    from tui.widgets.notes_pane import NotesPane


class _Body(Container):
    """Where the panes stand, which cover all of it."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw nothing: Textual would draw each line beneath the panes with every frame."""
        return []


class ReadingScreen(Screen[None], TakesKeys):
    """Table, detail and notes of one session.

    Args:
        width: Columns of the terminal at the start.

    Attributes:
        parts: What acts on it.
    """

    def __init__(self, session: Session, width: int) -> None:
        # The layout is known before the first one is made, lest it be made twice.
        self._layout_at_start = layout_for(width, session.settings.layout)
        super().__init__(classes=f"-at-table {self._layout_at_start}")
        self._session = session
        self.parts = Parts(self, session, run=self.run_later)

    def compose(self) -> ComposeResult:
        """Lay out the panes; styles.tcss places them by the width."""
        panes = self.parts.panes
        yield panes.status
        with _Body(id="body") as body:
            size_panes(body, self._layout_at_start, self._session.settings)
            yield panes.table
            yield panes.detail
            yield panes.notes
        yield panes.hints

    def on_mount(self) -> None:
        """Show the first papers, then read on behind the screen."""
        self.parts.connect()
        self.parts.start()

    def on_unmount(self) -> None:
        """Leave word where one was."""
        self.parts.stop()

    @property
    def handlers(self) -> dict[str, Handler]:
        """What each command does, by its id."""
        return self.parts.pressing.handlers

    async def take_key(self, event: events.Key) -> bool:
        """Run what a key stands for; False if it is for Textual and its widgets."""
        return await self.parts.pressing.take(event)

    async def action_run(self, action: str) -> None:
        """Run the command with this id; keys that follow wait until it is done."""
        await self.parts.pressing.run(action)

    async def action_write_outside(self) -> None:
        """Go on with the note that is typed in another editor."""
        await self.parts.typing.write_outside()

    def run_later(self, action: str) -> None:
        """Run a command once the present message is done."""
        self.call_later(self.action_run, action)

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.run_later("read.open")

    def on_sentence_chosen(self) -> None:
        """The mouse chose a sentence."""
        self.parts.sentences.tell()

    @on(events.ScreenResume)
    def _come_back(self) -> None:
        self.parts.pressing.let_go()

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self.parts.looking.arrange(event.size.width)

    @on(Then)
    def _then(self, event: Then) -> None:
        event.run()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        for widget in event.widget.ancestors_with_self:
            if widget.id in ("table", "detail", "notes"):
                self.parts.looking.came_to(widget.id)

    async def on_note_editor_left(self) -> None:
        """The focus went elsewhere: the note is left."""
        await self.parts.panes.notes.close()

    async def on_filter_bar_left(self) -> None:
        """The focus went elsewhere: the bar closes."""
        await self.parts.typing.bar_left()

    def on_notes_pane_closed(self, event: NotesPane.Closed) -> None:
        """A note is done: one step to undo."""
        self.parts.note_done(event.key, event.before, event.text)

    def on_filter_bar_typed(self, event: FilterBar.Typed) -> None:
        """Filter as one types."""
        self.parts.typing.typed(event.text)

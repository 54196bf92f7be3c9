"""All notes: the newest first, narrowed by words and tags, one of them whole."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.containers import Vertical
from textual.worker import get_current_worker

from storage.language import tr, tr_n
from tui.messages import Then
from tui.noted import NoteIndex, gathered
from tui.screens.box import BoxScreen, in_time
from tui.screens.note_finder import NoteFinder
from tui.widgets.keys import bound
from tui.widgets.status_line import HintLine
from tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.library.catalogue import Head
    from storage.model import PaperKey
    from tui.session import Session
    from tui.widgets.status_line import Hint

_WITH_WHOLE = 20
"""Rows of the terminal from which on there is room for a whole note."""


class WantedNote(NamedTuple):
    """What was chosen.

    Attributes:
        key: The paper.
        is_to_be_edited: Whether its note is to be opened in the editor.
    """

    key: PaperKey
    is_to_be_edited: bool = False


class NotesScreen(BoxScreen[WantedNote]):
    """Dismisses with the paper of a note, or None.

    Args:
        session: Whose notes they are.
    """

    DEFAULT_CSS = """
    NotesScreen > Vertical { width: 110; height: 96%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("enter", "choose(False)"), ("escape", "back"))

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._heads: dict[PaperKey, Head | None] = {}
        self._finder = NoteFinder(self._head_of, self._say_count)
        self._line, self._list = self._finder.line, self._finder.list
        self._hints = HintLine(id="notes-hints")

    def compose(self) -> ComposeResult:
        """Lay out what there is to choose from, and the hints."""
        with Vertical():
            yield self._finder
            yield self._hints

    def on_mount(self) -> None:
        """Gather the notes behind the screen."""
        self.set_focus(self._list)
        self.run_worker(self._gather, thread=True, group="notes")

    def _gather(self) -> None:
        worker = get_current_worker()
        notes = gathered(self._session.store.items())
        if not worker.is_cancelled:
            self.post_message(Then(partial(self._finder.take, notes)))
            self.post_message(Then(partial(self._take_index, NoteIndex(notes))))

    def _take_index(self, index: NoteIndex) -> None:
        self._finder.take_index(index)
        self._show_keys()

    def _head_of(self, key: PaperKey) -> Head | None:
        """Return what the catalogue knows of a paper; None where it does not have it."""
        if key not in self._heads:
            catalogue = self._session.catalogue
            try:
                number = catalogue.ids([key]).get(key)
                self._heads[key] = None if number is None else catalogue.head(number)
            except sqlite3.Error as error:
                self._session.fault = str(error)
                return None
        return self._heads[key]

    def _say_count(self, listed: int, notes: int) -> None:
        if listed < notes:
            # i18n: of {n} notes so many are listed.
            count = tr_n(
                "{listed:,} of {n:,} note", "{listed:,} of {n:,} notes", notes, listed=listed
            )
        else:
            count = tr_n("{n:,} note", "{n:,} notes", notes) if notes else ""
        self._hints.say(count)

    async def action_choose(self, is_to_be_edited: bool) -> None:
        """Go to the paper of the note under the cursor, or on into its note."""
        await in_time(self._finder.is_indexed)
        await self._finder.settled()
        note = self._list.current
        if note is None:
            return
        if self._head_of(note.key) is None:
            said = tr("{key} is in no digest that is open", key=note.key)
            self._hints.say(said, failed=True)
        else:
            self.dismiss(WantedNote(note.key, is_to_be_edited))

    @on(VirtualList.Chosen)
    async def _chosen(self) -> None:
        await self.action_choose(is_to_be_edited=False)

    def action_type(self, begun: str) -> None:
        """Go to the line, to type words or a tag."""
        self._finder.type(begun)

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._finder.settled()
        if self._line.value or self.focused is self._line:
            self._finder.clear()
        else:
            self.dismiss(None)

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        is_typing = self.focused is self._line
        hints: list[Hint] = [("Enter", tr("go to paper"), "")]
        if not is_typing:
            hints += [("e", tr("edit"), ""), ("j k", tr("move"), ""), ("/", tr("search"), "")]
        if not self._finder.tags.is_empty:
            hints.append(("Tab", tr("next tag"), ""))
        leaves = tr("clear") if is_typing or self._line.value else tr("close")
        self._hints.show_hints((*hints, ("Esc", leaves, "")))

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._finder.whole.display = event.size.height >= _WITH_WHOLE

"""All notes: the newest first, narrowed by words and tags, one of them whole."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.containers import Vertical
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.messages import Then
from tui.noted import NoteIndex, gathered
from tui.screens.box import BoxScreen, headed, in_time
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.note_list import NoteList, NotePreview
from tui.widgets.status_line import HintLine
from tui.widgets.tag_line import TagLine, tag_in
from tui.widgets.virtual_list import ARROWS, VirtualList, bound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.library.catalogue import Head
    from storage.model import PaperKey
    from tui.noted import Noted
    from tui.session import Session
    from tui.widgets.status_line import Hint

_WITH_WHOLE = 20
"""Rows of the terminal from which on there is room for a whole note."""
_NONE_YET = "No notes yet; e on a paper writes one."
_NONE_SUCH = "No note has all of that; Esc clears the line."

_PAPER: Hint = ("Enter", "go to paper", "")
_EDIT: Hint = ("e", "edit", "")
_MOVE: Hint = ("j k", "move", "")
_TYPE: Hint = ("/", "search", "")
_TAG: Hint = ("Tab", "next tag", "")
_CLEAR: Hint = ("Esc", "clear", "")
_CLOSE: Hint = ("Esc", "close", "")


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
    NotesScreen TagLine { margin: 1 0 0 0; }
    NotesScreen NoteList { height: 2fr; margin: 1 0 0 0; }
    NotesScreen NotePreview { border-top: solid $panel; padding: 0 1; }
    """

    # Keys that are characters are those of the list: in the line they are typed.
    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS,
        ("enter", "choose"),
        ("escape", "back"),
        ("tab", "next(1)"),
        ("shift+tab", "next(-1)"),
    )

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._heads: dict[PaperKey, Head | None] = {}
        self._line = NarrowLine("words and #tags")
        # What is begun by a key goes on with the next one.
        self._line.select_on_focus = False
        self._tags = TagLine()
        self._list = NoteList(self._title_of, self._show_whole)
        self._whole = NotePreview()
        self._hints = HintLine(id="notes-hints")
        self._notes: list[Noted] = []
        self._index = NoteIndex(())
        self._is_indexed = asyncio.Event()
        self._narrowed = ""

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, tags, the list, one note whole, and hints."""
        with Vertical():
            yield headed("Notes", self._line)
            yield self._tags
            yield self._list
            yield self._whole
            yield self._hints

    def on_mount(self) -> None:
        """Gather the notes behind the screen."""
        self._list.show((), "reading …")
        self.set_focus(self._list)
        self.run_worker(self._gather, thread=True, group="notes")

    def _gather(self) -> None:
        worker = get_current_worker()
        notes = gathered(self._session.store.items())
        if not worker.is_cancelled:
            self.post_message(Then(partial(self._take, notes)))
            self.post_message(Then(partial(self._take_index, NoteIndex(notes))))

    def _take(self, notes: list[Noted]) -> None:
        self._notes = notes
        self._list.show(notes, _NONE_YET)
        self._say_count(notes)

    def _take_index(self, index: NoteIndex) -> None:
        self._index = index
        self._tags.take(index.tag_counts())
        self._is_indexed.set()
        self._narrow()
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

    def _title_of(self, key: PaperKey) -> str:
        head = self._head_of(key)
        return "" if head is None else head.title_en or head.title_zh

    def _show_whole(self) -> None:
        note = self._list.current
        if note is None:
            self._whole.show_titled("", None, "")
            return
        # The list has the English title.
        head = self._head_of(note.key)
        title = "" if head is None else head.title_zh or head.title_en
        self._whole.show_titled(title or note.key, note.key, note.text)

    @on(Input.Changed)
    def _narrow(self) -> None:
        # A space at the end says something: that a tag is whole.
        typed = self._line.value.lstrip()
        if typed == self._narrowed or not self._is_indexed.is_set():
            return
        self._narrowed = typed
        found = self._index.find(typed)
        self._list.show(found, _NONE_SUCH if self._notes else _NONE_YET)
        self._tags.mark_typed(typed)
        self._say_count(found)

    def _say_count(self, listed: Sequence[Noted]) -> None:
        count = f"{len(self._notes):,}"
        if len(listed) < len(self._notes):
            count = f"{len(listed):,} of {count}"
        self._hints.say(f"{count} note{'s' * (len(self._notes) != 1)}" if self._notes else "")

    async def _settled(self) -> None:
        """Take in what was typed before the key that is being handled."""
        await self._line.settled()
        self._narrow()

    async def action_choose(self) -> None:
        """Go to the paper of the note under the cursor."""
        await self._choose(is_to_be_edited=False)

    async def action_edit(self) -> None:
        """Go to the paper, and on into its note."""
        await self._choose(is_to_be_edited=True)

    async def _choose(self, *, is_to_be_edited: bool) -> None:
        await in_time(self._is_indexed)
        await self._settled()
        note = self._list.current
        if note is None:
            return
        if self._head_of(note.key) is None:
            self._hints.say(f"{note.key} is in no digest that is open", failed=True)
        else:
            self.dismiss(WantedNote(note.key, is_to_be_edited))

    @on(VirtualList.Chosen)
    async def _chosen(self) -> None:
        await self.action_choose()

    async def action_go(self, move: str) -> None:
        """Move from note to note, also while words are typed."""
        await self._settled()
        self._list.action_go(move)

    async def action_next(self, step: int) -> None:
        """List the notes with the next tag."""
        await self._settled()
        tag = self._tags.tag_after(step)
        if tag is not None:
            self._take_tag(tag)

    @on(TagLine.Picked)
    def _picked(self, event: TagLine.Picked) -> None:
        self._take_tag(tag_in(event.term))

    def _take_tag(self, tag: str) -> None:
        self._type(f"{tag} ")
        self.set_focus(self._list)

    def action_type(self, begun: str) -> None:
        """Go to the line, to type words or a tag."""
        self.set_focus(self._line)
        if begun:
            self._type(begun)
        else:
            self._line.action_select_all()

    def _type(self, text: str) -> None:
        self._line.value = text
        self._line.cursor_position = len(text)
        self._narrow()

    async def action_back(self) -> None:
        """Clear the line, else close."""
        await self._settled()
        if self._line.value or self.focused is self._line:
            self._type("")
            self.set_focus(self._list)
        else:
            self.dismiss(None)

    @on(events.DescendantFocus)
    def _show_keys(self) -> None:
        is_typing = self.focused is self._line
        hints = [_PAPER]
        if not is_typing:
            hints += [_EDIT, _MOVE, _TYPE]
        if not self._tags.is_empty:
            hints.append(_TAG)
        self._hints.show_hints((*hints, _CLEAR if is_typing or self._line.value else _CLOSE))

    @on(events.Resize)
    def _resized(self, event: events.Resize) -> None:
        self._whole.display = event.size.height >= _WITH_WHOLE

"""All notes to choose from: a line and tags that narrow a list, and one of them whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.widgets import Input

from storage.language import tr
from tui.keymap.keymap import key_of
from tui.noted import NoteIndex
from tui.screens.box import headed
from tui.widgets.keys import ARROWS, bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.note_list import NoteList, NotePreview
from tui.widgets.tag_line import TagLine, tag_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.library.catalogue import Head
    from storage.model import PaperKey
    from tui.noted import Noted


class NoteFinder(Vertical):
    """The line, the tags, the list and the whole note go together: each follows the one above.

    Args:
        head_of: Tells what is known of a paper; None where nothing is.
        listed: Takes how many notes are listed, and of how many.

    Attributes:
        is_indexed: Set once notes can be found by what is in them.
    """

    DEFAULT_CSS = """
    NoteFinder TagLine { margin: 1 0 0 0; }
    NoteFinder NoteList { height: 2fr; margin: 1 0 0 0; }
    NoteFinder NotePreview { border-top: solid $panel; padding: 0 1; }
    """

    # Keys that are characters are those of the list: in the line they are typed.
    BINDINGS: ClassVar[list[BindingType]] = bound(
        *ARROWS, ("tab", "next(1)"), ("shift+tab", "next(-1)")
    )

    def __init__(
        self, head_of: Callable[[PaperKey], Head | None], listed: Callable[[int, int], None]
    ) -> None:
        super().__init__()
        self._head_of = head_of
        self._listed = listed
        self.line = NarrowLine(tr("words and #tags"))
        # What is begun by a key goes on with the next one.
        self.line.select_on_focus = False
        self.tags = TagLine()
        self.list = NoteList(self._title_of, self._show_whole)
        self.whole = NotePreview()
        self.is_indexed = asyncio.Event()
        self._notes: Sequence[Noted] = ()
        self._index = NoteIndex(())
        self._narrowed = ""

    def compose(self) -> ComposeResult:
        """Lay out the line to type in, tags, the list, and one note whole."""
        yield headed(tr("Notes"), self.line)
        yield self.tags
        yield self.list
        yield self.whole

    def on_mount(self) -> None:
        """Say that notes are to come."""
        self.list.show((), tr("reading …"))

    def take(self, notes: Sequence[Noted]) -> None:
        """Show all notes."""
        self._notes = notes
        self._show(notes)

    def take_index(self, index: NoteIndex) -> None:
        """Find from now on what was typed meanwhile, and what will be."""
        self._index = index
        self.tags.take(index.tag_counts())
        self.is_indexed.set()
        self._narrow()

    def _show(self, notes: Sequence[Noted]) -> None:
        self.list.show(notes, self._why_empty())
        self._listed(len(notes), len(self._notes))

    def _why_empty(self) -> str:
        if self._notes:
            return tr("No note has all of that; Esc clears the line.")
        return tr("No notes yet; {key} on a paper writes one.", key=key_of("note.edit"))

    def _title_of(self, key: PaperKey) -> str:
        head = self._head_of(key)
        return "" if head is None else head.title_en or head.title_zh

    def _show_whole(self) -> None:
        note = self.list.current
        if note is None:
            self.whole.show_titled("", None, "")
            return
        # The list has the English title.
        head = self._head_of(note.key)
        title = "" if head is None else head.title_zh or head.title_en
        self.whole.show_titled(title or note.key, note.key, note.text)

    @on(Input.Changed)
    def _narrow(self) -> None:
        # A space at the end says something: that a tag is whole.
        typed = self.line.value.lstrip()
        if typed == self._narrowed or not self.is_indexed.is_set():
            return
        self._narrowed = typed
        self._show(self._index.find(typed))
        self.tags.mark_typed(typed)

    async def settled(self) -> None:
        """Take in what was typed before the key that is being handled."""
        await self.line.settled()
        self._narrow()

    async def action_go(self, move: str) -> None:
        """Move from note to note, also while words are typed."""
        await self.settled()
        self.list.action_go(move)

    async def action_next(self, step: int) -> None:
        """List the notes with the next tag."""
        await self.settled()
        tag = self.tags.tag_after(step)
        if tag is not None:
            self._put(f"{tag} ")

    @on(TagLine.Picked)
    def _picked(self, event: TagLine.Picked) -> None:
        self._put(f"{tag_in(event.term)} ")

    def clear(self) -> None:
        """List all notes again."""
        self._put("")

    def type(self, begun: str) -> None:
        """Go to the line, to type words or what was begun."""
        self.screen.set_focus(self.line)
        if begun:
            self._type(begun)
        else:
            self.line.action_select_all()

    def _put(self, text: str) -> None:
        self._type(text)
        self.screen.set_focus(self.list)

    def _type(self, text: str) -> None:
        self.line.value = text
        self.line.cursor_position = len(text)
        self._narrow()

"""The notes: the note of the paper under the cursor, an editor once one goes into it.

The editor is heavy (Textual's TextArea) and made on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from storage.language import tr, tr_n
from tui.inks import palette_of
from tui.keymap.keymap import key_of
from tui.signs import in_words, sign
from tui.text import cut

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.timer import Timer

    from storage.model import PaperKey
    from tui.drafts import NoteDraft
    from tui.inks import Inks
    from tui.note_text import NoteText

_PAUSE = 0.6
"""Seconds without a key after which a note is saved."""
_QUICK = 10_000
"""As many characters are set in no time; of a longer note the end is not looked for."""


class NoteView(Widget, can_focus=True):
    """The note as text, wrapped by Chinese rules, beneath a heading that stays.

    A note may be long: it is set as far down as it is looked at.
    """

    DEFAULT_CSS = """
    NoteView { height: 1fr; width: 1fr; }
    """

    heading: str | None = None
    """A text of its own in the place of the usual one."""
    text = ""
    versions = 1
    key: PaperKey | None = None
    _is_heading = False
    _top = 0
    _set: tuple[tuple[str, int], NoteText] | None = None

    def on_focus(self) -> None:
        """Say by the heading's colour that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Say that keys go elsewhere."""
        self.refresh()

    def show(self, key: PaperKey | None, text: str, versions: int = 1) -> None:
        """Show the note of ``key``; that of another paper from its top."""
        # Most papers have no note: nothing to draw when the next one has none either.
        is_same = (text, versions) == (self.text, self.versions)
        is_same &= (key is None) == (self.key is None)
        self.versions = versions
        if key != self.key and self._top:
            self._top, is_same = 0, False
        self.key, self.text = key, text
        if not is_same:
            self.scroll_lines(0)
            self.refresh()

    def show_heading_only(self) -> None:
        """Make room for the editor beneath the heading."""
        self._is_heading = True
        self.styles.height = 1
        self.refresh()

    def show_all(self, key: PaperKey | None, text: str) -> None:
        """Show heading and note again."""
        self._is_heading = False
        self.styles.height = "1fr"
        self.show(key, text)
        self.refresh()

    def forget(self) -> None:
        """Set the note anew: characters have another width now, or other spaces between them."""
        self._set = None
        self.refresh()

    def scroll_lines(self, lines: int) -> None:
        """Scroll by ``lines``, downwards if positive, as far as there are any."""
        top = max(0, self._top + lines)
        if top and self._note.line(top + self._room - 1) is None:
            top = max(0, self._note.count() - self._room)
        if top != self._top:
            self._top = top
            self.refresh()

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, two lines of which stay for orientation."""
        self.scroll_lines(pages * max(1, self._room - 2))

    def scroll_to_edge(self, *, top: bool) -> None:
        """Scroll to the top or to the end."""
        self.scroll_lines(-self._top if top else self._note.count())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_lines(round(self.app.scroll_sensitivity_y))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.scroll_lines(-round(self.app.scroll_sensitivity_y))

    def on_resize(self) -> None:
        """Fill what room there is."""
        self.scroll_lines(0)

    @property
    def _room(self) -> int:
        """Lines beneath the heading."""
        return max(1, self.size.height - 1)

    @property
    def _note(self) -> NoteText:
        """The note as it is set for the present width."""
        wanted = self.text, self.size.width
        if self._set is None or self._set[0] != wanted:
            from tui.note_text import NoteText  # noqa: PLC0415 -- for papers with a note

            self._set = wanted, NoteText(*wanted)
        return self._set[1]

    @property
    def grounds(self) -> tuple[Inks, Inks]:
        """The inks of the note's ground, and those of the ground of code."""
        palette = palette_of(self.app)
        return palette.page, palette.bar

    def render_line(self, y: int) -> Strip:
        """Draw the heading, then the note; say what there is beyond the edges."""
        inks, code = self.grounds
        width = self.size.width
        if y == 0:
            above = f"  {sign('↑')} {_lines_more(self._top)}" if self._top else ""
            room = max(0, width - cell_len(above))
            ink = inks.focused if self.has_focus or self._is_heading else inks.quiet
            segments = [Segment(cut(self._heading, room), ink), Segment(above, inks.faint)]
        elif not self.text.strip():
            hint = tr("{key} writes a note", key=key_of("note.edit")) if y == 1 and self.key else ""
            segments = [Segment(cut(in_words(hint), width), inks.faint)]
        elif y == self._room and self._note.line(self._top + y) is not None:
            segments = [Segment(cut(f"{sign('↓')} {self._lines_below(y)}", width), inks.remark)]
        else:
            from tui.note_strips import segments_of  # noqa: PLC0415 -- for papers with a note

            line = self._note.line(self._top + y - 1) or ()
            segments = segments_of(line, inks, code.text)
        return Strip(segments).adjust_cell_length(width, inks.text)

    @property
    def _heading(self) -> str:
        if self.versions > 1:
            key = key_of("note.edit")
            return tr_n(
                "{n} version, {key} merges", "{n} versions, {key} merges", self.versions, key=key
            )
        return tr("Notes") if self.heading is None else self.heading

    def _lines_below(self, y: int) -> str:
        if len(self.text) > _QUICK:
            return tr("more lines")
        return _lines_more(self._note.count() - self._top - y + 1)


def _lines_more(count: int) -> str:
    return tr_n("{n:,} more line", "{n:,} more lines", count)


class NotesPane(Vertical):
    """Shows the note and edits it; every change is saved without a save key."""

    class Closed(Message):
        """The editor was left; ``text`` is the note as it was when the editor was entered."""

        def __init__(self, key: PaperKey, before: str, text: str) -> None:
            super().__init__()
            self.key = key
            self.before = before
            self.text = text

    def __init__(
        self,
        draft: NoteDraft,
        save: Callable[[PaperKey, str], None],
        *,
        id: str,  # noqa: A002 -- Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._draft = draft
        self._save = save
        self.view = NoteView()
        self._pause: Timer | None = None
        self._outside = ""

    def compose(self) -> list[Widget]:
        """Start with the note as text; the editor comes when it is needed."""
        return [self.view]

    @property
    def editing(self) -> bool:
        """Whether a note is being edited."""
        return self._draft.key is not None

    def show(self, key: PaperKey | None, text: str, versions: int = 1) -> None:
        """Show the note of another paper; a note being edited stays with its own.

        Args:
            key: The paper.
            text: The note.
            versions: How many that were written apart are in the text.
        """
        if not self.editing:
            refused = None if key is None else self._draft.refused.get(key)
            self.view.show(key, text if refused is None else refused, versions)

    async def edit(self, key: PaperKey, text: str) -> None:
        """Open the editor on the note of ``key``; one that could not be saved is taken up again."""
        from tui.widgets.note_editor import NoteEditor  # noqa: PLC0415 -- 50 ms, on first use

        if self.editing:
            return
        editor = NoteEditor(self._draft.refused.get(key, text))
        self._draft.begin(key, text, lambda: editor.text)
        self.view.show_heading_only()
        await self.mount(editor)
        # At once, while the keys that follow are held back: they are text already.
        self.screen.set_focus(editor)

    def begin_outside(self, key: PaperKey, text: str) -> str:
        """Have the note of ``key`` written elsewhere; return what it is to begin with."""
        self._outside = self._draft.refused.get(key, text)
        self._draft.begin(key, text, lambda: self._outside)
        return self._outside

    def end_outside(self, text: str) -> None:
        """Save what was written elsewhere as what is typed here."""
        key, before = self._draft.key, self._draft.before
        if key is None:
            return
        self._outside = text
        self.save()
        self._draft.end()
        self.post_message(self.Closed(key, before, text))

    def on_note_editor_typed(self) -> None:
        """Save at the next pause."""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self.save)

    def save(self) -> None:
        """Hand what was typed to the store."""
        unsaved = self._draft.take_unsaved()
        if unsaved is not None:
            self._save(*unsaved)

    async def close(self) -> None:
        """Leave the editor, saving all that was typed before."""
        from tui.widgets.note_editor import NoteEditor  # noqa: PLC0415 -- loaded by now

        for editor in self.query(NoteEditor):
            await editor.settled()
        key, before, text = self._draft.key, self._draft.before, self._draft.text
        if key is None:
            return
        self.save()
        self._draft.end()
        self.view.show_all(key, text)
        await self.query(NoteEditor).remove()
        self.post_message(self.Closed(key, before, text))

"""The notes: the note of the paper under the cursor, an editor once one goes into it.

The editor is heavy (Textual's TextArea) and made on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from storage.bilingual.wrap import wrap
from tui import ambiguous
from tui.inks import palette_of
from tui.text import cut, readable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.timer import Timer

    from storage.model import PaperKey
    from tui.drafts import NoteDraft

_PAUSE = 0.6
"""Seconds without a key after which a note is saved."""


class NoteView(Widget, can_focus=True):
    """The note as text, wrapped by Chinese rules."""

    DEFAULT_CSS = """
    NoteView { height: 1fr; width: 1fr; }
    """

    text = ""
    key: PaperKey | None = None
    _is_heading = False

    def on_focus(self) -> None:
        """Say by the heading's colour that keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Say that keys go elsewhere."""
        self.refresh()

    def show(self, key: PaperKey | None, text: str) -> None:
        """Show the note of ``key``."""
        # Most papers have no note: nothing to draw when the next one has none either.
        is_same = text == self.text and (key is None) == (self.key is None)
        self.key, self.text = key, text
        if not is_same:
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

    def render_line(self, y: int) -> Strip:
        """Draw the heading, then the note."""
        width = self.size.width
        inks = palette_of(self.app).page
        if y == 0:
            return self._line(
                "Notes", inks.strong_accent if self.has_focus or self._is_heading else inks.quiet
            )
        if not self.text.strip():
            return self._line("e writes a note" if y == 1 and self.key else "", inks.faint)
        lines = note_lines(self.text, width)
        above_edge = y == self.size.height - 1 and len(lines) > y
        line = "…" if above_edge else lines[y - 1] if y <= len(lines) else ""
        return self._line(line, inks.text)

    def _line(self, text: str, style: Style) -> Strip:
        width = self.size.width
        return Strip([Segment(cut(text, width), style)]).adjust_cell_length(width, style)


def note_lines(text: str, width: int) -> list[str]:
    """Wrap a note's paragraphs to ``width`` cells; empty lines stay."""
    lines: list[str] = []
    for paragraph in map(readable, text.split("\n")):
        spans = wrap(paragraph, width, ambiguous.measure) if width > 1 else []
        lines.extend([ambiguous.widen(paragraph[start:end]) for start, end in spans] or [""])
    return lines


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

    def compose(self) -> list[Widget]:
        """Start with the note as text; the editor comes when it is needed."""
        return [self.view]

    @property
    def editing(self) -> bool:
        """Whether a note is being edited."""
        return self._draft.key is not None

    def show(self, key: PaperKey | None, text: str) -> None:
        """Show the note of another paper; a note being edited stays with its own."""
        if not self.editing:
            refused = None if key is None else self._draft.refused.get(key)
            self.view.show(key, text if refused is None else refused)

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

"""Outside: the note of a paper in the reader's own editor, while digest-tui stands back."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from storage.language import tr
from tui.external_editor import EditorError, Ending, NoteFile, Written, editor_command, write
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import App

    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.session import Session
    from tui.widgets.notes_pane import NotesPane

_A_FEW = 5
"""Turns of the event loop after which a key that was read is in the app's queue."""


async def write_outside(
    app: App[object], panes: Panes, session: Session, key: PaperKey, come_back: Callable[[], None]
) -> None:
    """Have the note of ``key`` written in an editor of its own and save what comes back.

    Nothing else is done meanwhile, so that nothing else can write over the note.

    Args:
        app: Which lends its terminal.
        panes: Of the screen.
        session: Whose note it is.
        key: The paper.
        come_back: Called when keys are for the reader again, and no longer meant for the editor.
    """
    marks = session.marks.expected(key)
    session.begin_note(key, marks.note_by)
    begun = panes.notes.begin_outside(key, marks.note)
    try:
        command = editor_command(os.environ)
        written = await _lent(app, panes.notes, NoteFile(key, begun), command, come_back)
    except EditorError as error:
        written = Written(begun, str(error), failed=True)
        panes.notes.end_outside(begun)
        come_back()
    panes.hints.say(written.said, failed=written.failed)
    if written.file is not None:
        _remove_when_saved(written.file, written.text, panes, session, key)


async def _lent(
    app: App[object],
    notes: NotesPane,
    file: NoteFile,
    command: Sequence[str],
    come_back: Callable[[], None],
) -> Written:
    try:
        with app.batch_update(), Ending() as ending, app.suspend():
            # What was typed by now was meant for the editor.
            for _ in range(_A_FEW):
                await asyncio.sleep(0)
            app.call_later(come_back)
            written = write(file, command, ending)
            # At once: there may be no terminal any more that could be taken back.
            notes.end_outside(written.text)
    except SuspendNotSupported as error:
        file.remove()
        raise EditorError(tr("This terminal cannot be lent to an editor.")) from error
    return written


def _remove_when_saved(
    file: NoteFile, text: str, panes: Panes, session: Session, key: PaperKey
) -> None:
    note = text if text.strip() else ""
    hints = panes.hints

    def finished(_: object) -> None:
        if session.marks_of(key).note == note:
            file.remove()
        else:
            said = tr("The note is not saved, but kept in {path}", path=file.path)
            hints.post_message(Then(lambda: hints.say(said, failed=True)))

    # Nothing but its turn behind the note.
    session.marks.submit((), finished)

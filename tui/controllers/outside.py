"""Outside: the note of a paper in the reader's own editor, while digest-tui stands back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from storage.language import tr
from tui.external_editor import EditorError, NoteFile, Written, editor_command, write
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.controllers.typing import Typing
    from tui.external_editor import Ending
    from tui.session import Session
    from tui.widgets.notes_pane import NotesPane


async def write_outside(panes: Panes, session: Session, key: PaperKey, typing: Typing) -> None:
    """Have the note of ``key`` written in an editor of its own and save what comes back.

    Nothing else is done meanwhile, so that nothing else can write over the note.

    Args:
        panes: Of the screen.
        session: Whose note it is.
        key: The paper.
        typing: Which lends the terminal.
    """
    marks = session.marks.expected(key)
    session.begin_note(key, marks.note_by)
    begun = panes.notes.begin_outside(key, marks.note)
    try:
        command = editor_command(os.environ)
        written = await _lent(typing, panes.notes, NoteFile(key, begun), command)
    except EditorError as error:
        written = Written(begun, str(error), failed=True)
        panes.notes.end_outside(begun)
    panes.hints.say(written.said, failed=written.failed)
    if written.file is not None:
        _remove_when_saved(written.file, written.text, panes, session, key)


async def _lent(
    typing: Typing, notes: NotesPane, file: NoteFile, command: Sequence[str]
) -> Written:
    def run(ending: Ending) -> Written:
        written = write(file, command, ending)
        # At once: there may be no terminal any more that could be taken back.
        notes.end_outside(written.text)
        return written

    try:
        return await typing.lend(run)
    except SuspendNotSupported as error:
        file.remove()
        raise EditorError(tr("This terminal cannot be lent to an editor.")) from error


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

"""Editing the settings in the reader's own editor, while digest-tui stands back."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from storage.language import tr
from storage.locations import settings_file
from storage.settings.writing import write_default
from tui.external_editor import EditorError, editor_command, end_words, not_started
from tui.settings_mistakes import unwritten

if TYPE_CHECKING:
    from pathlib import Path

    from tui.controllers.panes import Panes
    from tui.controllers.typing import Typing
    from tui.external_editor import Ending


async def edit_settings(panes: Panes, typing: Typing) -> None:
    """Let the reader's editor have the terminal and the file of the settings.

    Args:
        panes: Where it is told what went wrong.
        typing: Which lends the terminal.
    """
    path = settings_file()
    try:
        write_default(path)
        command = editor_command(os.environ)
        said = await typing.lend(lambda ending: _edit(path, command, ending))
    except OSError as error:
        said = unwritten(path, error)
    except EditorError as error:
        said = tr("{error}; your settings are in {path}", error=str(error), path=path)
    except SuspendNotSupported:
        said = tr("This terminal cannot be lent to an editor; see {path}", path=path)
    if said:
        panes.hints.say(said, failed=True)


def _edit(path: Path, command: list[str], ending: Ending) -> str:
    """Wait for the editor; return what went wrong, or nothing."""
    try:
        process = subprocess.Popen([*command, str(path)])  # noqa: S603 -- what the user named
    except OSError as error:
        return not_started(command[0], error)
    code = ending.wait_for(process)
    return end_words(command[0], code) if code else ""

"""Editing the settings in the reader's own editor, while digest-tui stands back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from storage.language import tr
from storage.locations import settings_file
from storage.settings.writing import write_default
from tui.external_editor import EditorError, Ending, editor_command
from tui.settings_command import not_started, unwritten

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from tui.controllers.panes import Panes


class EditingSettings:
    """The ``view.settings`` command.

    Args:
        app: Which lends its terminal; nothing else is done meanwhile.
        edited: Called when the editor has ended.
    """

    def __init__(self, app: App[object], panes: Panes, *, edited: Callable[[], None]) -> None:
        self._app = app
        self._panes = panes
        self._edited = edited

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"view.settings": self._edit}

    def _edit(self) -> None:
        path = settings_file()
        try:
            write_default(path)
            said = self._lent(path, editor_command(os.environ))
        except OSError as error:
            said = unwritten(path, error)
        except EditorError as error:
            said = tr("{error}; your settings are in {path}", error=str(error), path=path)
        self._edited()
        if said:
            self._panes.hints.say(said, failed=True)

    def _lent(self, path: Path, command: list[str]) -> str:
        """Let the editor have the terminal; return what went wrong, or nothing."""
        try:
            with self._app.batch_update(), Ending() as ending, self._app.suspend():
                process = subprocess.Popen([*command, str(path)])  # noqa: S603 -- what the user named
                code = ending.wait_for(process)
        except OSError as error:
            return not_started(command[0], error)
        except SuspendNotSupported:
            return tr("This terminal cannot be lent to an editor; see {path}", path=path)
        if code:
            name = Path(command[0]).name
            return tr("{program} failed with code {code}", program=name, code=code)
        return ""

"""``digest-tui settings``: the file is opened in the user's editor, and looked through afterwards."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from storage.language import tr, tr_n
from storage.locations import settings_file
from storage.settings.writing import default_text, write_default
from tui.external_editor import EditorError, editor_command, end_words, not_started
from tui.settings_mistakes import checked, unwritten

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from pathlib import Path


def settings(options: Namespace, complain: Callable[[str], None]) -> int:
    """Do what ``digest-tui settings`` was asked for; return the exit code."""
    path = settings_file()
    if options.path:
        print(path)
        return 0
    if options.default:
        print(default_text(), end="")
        return 0
    if options.check:
        return _check(path, complain)
    return _edit(path, complain)


def _edit(path: Path, complain: Callable[[str], None]) -> int:
    try:
        if write_default(path):
            complain(tr("{path} is new; it explains all settings.", path=path))
    except OSError as error:
        complain(unwritten(path, error))
        return 1
    if not all(map(os.isatty, (0, 1))):
        complain(_by_hand(path))
        return 1
    try:
        command = editor_command(os.environ)
    except EditorError as error:
        complain(str(error))
        complain(_by_hand(path))
        return 1
    try:
        code = subprocess.run([*command, path], check=False).returncode  # noqa: S603 -- what the user named
    except OSError as error:
        complain(not_started(command[0], error))
        complain(_by_hand(path))
        return 1
    if code:
        complain(end_words(command[0], code))
    return _check(path, complain) or min(abs(code), 1)


def _by_hand(path: Path) -> str:
    return tr(
        "Write in {path} with any editor; afterwards digest-tui settings --check looks for mistakes.",
        path=path,
    )


def _check(path: Path, complain: Callable[[str], None]) -> int:
    _, mistakes, is_read = checked(path)
    for mistake in mistakes:
        complain(mistake)
    if mistakes:
        if is_read:
            said = tr_n(
                "{n:,} mistake; all else holds.", "{n:,} mistakes; all else holds.", len(mistakes)
            )
            complain(said)
        return 1
    if not os.path.lexists(path):
        complain(tr("{path} is not there yet: digest-tui settings writes it.", path=path))
    else:
        complain(tr("{path} is as it should be.", path=path))
    return 0

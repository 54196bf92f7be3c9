"""The file of the settings as it is first written, and their table: explained by the declarations."""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING

from storage.bilingual.wrap import wrap
from storage.language import tr
from storage.marks.files import make_folder, prepare_file, put_new, sync_folder
from storage.settings.declarations import GROUPS
from storage.settings.kinds import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.settings.setting import Setting

_WIDTH = 88


def default_text() -> str:
    """Return the file that explains all settings and sets none, in the language in use.

    Taking ``# `` away before any ``name = value`` sets that one to what it is anyway.
    """
    return "\n".join(_lines()) + "\n"


def write_default(path: Path) -> bool:
    """Write that file where there is none; whole or not at all, and its owner's alone.

    Returns:
        Whether it was written; else something is there already, which stays as it is.

    Raises:
        OSError: It cannot be written; nothing is there then.
    """
    if os.path.lexists(path):
        return False
    make_folder(path.parent)
    # A name of this process: another one that writes at the same time has its own.
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        prepare_file(fresh, default_text().encode())
        put_new(fresh, path)
    except FileExistsError:
        return False
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def settings_table_markdown() -> str:
    """Return a Markdown table of all settings, in the language in use."""
    head = [tr("Setting"), tr("Usually"), tr("What it is for")]
    rows = [head, ["---"] * 3]
    rows += [
        [f"`{setting.name}`", f"`{_usual(setting)}`", tr(setting.doc)]
        for group in GROUPS
        for setting in group.settings
    ]
    return "\n".join(f"| {' | '.join(_cell(text) for text in row)} |" for row in rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _lines() -> Iterator[str]:
    yield from _comment(
        tr(
            "Settings of digest-tui. Each is explained, and stands there with its usual value behind"
            ' a "#". To change one, take the "# " away and write another value. A reader that is open'
            " follows as soon as this file is saved."
        )
    )
    yield "#"
    yield from _comment(tr('"digest-tui settings --check" looks for mistakes in it.'))
    for group in GROUPS:
        yield ""
        yield ""
        title = tr(group.title)
        yield f"# {title} {'-' * (_WIDTH - 3 - _cells(title))}"
        if group.doc:
            yield "#"
            yield from _comment(tr(group.doc))
        if group.example:
            yield "#"
            yield from (f"#     {line}" for line in group.example)
        for setting in group.settings:
            yield ""
            yield from _comment(tr(setting.doc))
            yield f"# {setting.name} = {_usual(setting)}"


def _usual(setting: Setting) -> str:
    """Write the usual value of a setting in TOML."""
    return shown("" if setting.usual is None else setting.usual)


def _comment(text: str) -> Iterator[str]:
    for start, end in wrap(text, _WIDTH - 2, _cells):
        yield f"# {text[start:end]}"


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

"""How the end-to-end tests start ``digest-tui`` and look at what it left behind."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.marks.opening import MarksPlace, open_marks
from tests.marks import marks_on_disk
from tests.tui.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.marks import TinyDBMarkStore

PROGRAM: Final = Path(sys.executable).with_name("digest-tui")
"""The installed command."""

_LAUNCH: Final = """
import sys
{changes}
from tui.cli import main
sys.exit(main(sys.argv[1:]))
"""

NO_DWELLING: Final = "import tui.screens.reading as reading\nreading.DWELL = 3600\n"
"""A change for ``launch``: looking at a paper never marks it read."""

QUICK_WATCH: Final = "import tui.controllers.refreshing as refreshing\nrefreshing.WATCH = 0.1\n"
"""A change for ``launch``: files are looked at ten times a second instead of every five seconds."""


def launch(changes: str, *arguments: str | Path, **terminal: Any) -> Terminal:
    """Open the reader in a pseudo-terminal after running ``changes`` in its interpreter."""
    program = _LAUNCH.format(changes=changes)
    return Terminal([sys.executable, "-c", program, *arguments], **terminal)


def read(*arguments: str | Path, **terminal: Any) -> Terminal:
    """Open the reader as it is installed in a pseudo-terminal."""
    return Terminal([PROGRAM, *arguments], **terminal)


def run(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the installed command away from any terminal."""
    return subprocess.run(
        [PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
        cwd=cwd,
        env=None if env is None else dict(env),
    )


def directories() -> dict[str, Path]:
    """Ask the program where it keeps its files."""
    lines = run("directories").stdout.splitlines()
    return {name: Path(path) for name, path in (line.split(maxsplit=1) for line in lines)}


def marks_store() -> TinyDBMarkStore:
    """Open the marks as the program does."""
    folder = directories()["marks"]
    return open_marks(MarksPlace(folder, folder.parent))[0]


def marks() -> dict[str, dict[str, Any]]:
    """Read the marks on disk; by arXiv identifier, empty where there are none."""
    return marks_on_disk(directories()["marks"])


def rows_as_json(text: str) -> list[dict[str, Any]]:
    """Take JSON lines apart."""
    return [json.loads(line) for line in text.splitlines()]


def begin_note(terminal: Terminal) -> None:
    """Open the note of the paper under the cursor and wait until the next key is text."""
    terminal.send("e")
    terminal.wait_for("saved by itself as you type")


def escape(terminal: Terminal, shown: str) -> None:
    """Leave what ``shown`` matches by Escape and wait until it is gone: a key at once would be Alt+key."""
    terminal.wait_for(shown)
    terminal.send("<esc>")
    terminal.wait_until(
        lambda: re.search(shown, terminal.text(), re.MULTILINE) is None, f"the end of {shown!r}"
    )

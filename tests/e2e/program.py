"""How the end-to-end tests start ``digest-tui`` and look at what it left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from storage.marks.opening import MarksPlace, open_marks
from tests.marks import marks_on_disk
from tests.tui.terminal import Terminal
from tui.cli import main

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

NO_DWELLING: Final = "from storage.settings import Settings\nSettings.dwell_seconds = 0.0\n"
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


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command away from any terminal as ``run`` does, but within this process.

    For what a command says and does; ``run`` for how it starts and ends. Twenty times as quick.
    """
    interrupt = signal.getsignal(signal.SIGINT)
    with TemporaryFile() as out, TemporaryFile() as err, ExitStack() as cleanup:
        with Path(os.devnull).open("rb") as nothing:
            for number, file in enumerate((nothing, out, err)):
                before = os.dup(number)
                cleanup.callback(os.close, before)
                cleanup.callback(os.dup2, before, number)
                os.dup2(file.fileno(), number)
        with patch.multiple(sys, stdin=_stream(0), stdout=_stream(1), stderr=_stream(2)):
            try:
                code = main([str(each) for each in arguments])
            except SystemExit as end:  # argparse, of wrong usage
                code = 0 if end.code is None else int(end.code)
            finally:
                signal.signal(signal.SIGINT, interrupt)
                sys.stdout.flush()
                sys.stderr.flush()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(
            arguments, code, out.read().decode(), err.read().decode()
        )


def _stream(number: int) -> TextIOWrapper:
    """A stream as a new interpreter has it, in UTF-8."""
    file = open(number, "wb" if number else "rb", closefd=False)  # noqa: SIM115 -- both ends are the process's own
    return TextIOWrapper(file, "utf-8", "backslashreplace" if number == 2 else "strict")


def run(
    *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the installed command away from any terminal, as a process of its own."""
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
    lines = command("directories").stdout.splitlines()
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

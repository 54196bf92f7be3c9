"""What may be loaded when: commands without Textual, the first frame without what it needs not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.e2e.program import launch, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

_LIST_AT_THE_END = """
import atexit, sys
def tell():
    print(*sys.modules, file=sys.stderr)
atexit.register(tell)
from tui.cli import main
sys.exit(main())
"""

_LIST_AT_THE_FIRST_FRAME = """
import os, sys
from pathlib import Path
from tui.driver import ThriftyDriver
write = ThriftyDriver.write
def write_and_list(self, data):
    if "Attention" in data:
        Path(os.environ["MODULES"]).write_text("\\n".join(sys.modules), "utf-8")
        ThriftyDriver.write = write
    write(self, data)
ThriftyDriver.write = write_and_list
"""

OURS = {
    "storage": ["arxiv", "errors", "json_file", "language", "locations", "model", "place", "settings", "views", "wording"],
    "storage.bilingual": ["pairs", "patterns", "wrap"],
    "storage.library": [
        "alignments", "catalogue", "codec", "filters", "listing", "marked", "merging", "mirror", "moments", "opening",
        "papers", "schema", "sightings", "stored", "view",
    ],
    "storage.marks": [
        "files", "locking", "model", "opening", "shown", "store", "telling", "tidying", "tinydb_store", "writer",
    ],
    "storage.marks.journaled": [
        "changes", "compacted", "journal", "journal_file", "journaled_storage", "journals", "json_text", "layers", "loading", "tables",
    ],
    "storage.marks.sharing": [
        "device", "fields", "folder", "foreign_rows", "ids", "joining", "notes", "others", "rows", "stamps",
    ],
    "storage.refresh": ["origin", "outcome"],
    "storage.sources": ["items", "places", "registry", "source"],
    "tui": [
        "abstract", "actions", "ambiguous", "app", "cli", "columns", "drafts", "driver", "entry",
        "fetching_state", "frames", "inks", "marks_place", "messages", "prose", "refresher", "run", "session", "set_paper", "sheet", "signs",
        "starting", "strips", "subject",
        "terminal", "text", "textual_private", "themed_app", "themes", "typeset",
    ],
    "tui.controllers": [
        "copying", "finding", "following", "listing", "looking", "marking", "moving", "panes", "parts", "pressing", "reading", "recording",
        "refreshing", "returning",
        "sentences", "setting", "showing", "translating", "typing",
    ],
    "tui.keymap": ["keyed_app", "keymap", "names"],
    "tui.screens": ["reading"],
    "tui.widgets": [
        "notes_pane", "paper_detail", "paper_rows", "paper_table", "sentence_cursor", "settling", "status_line", "virtual_list",
    ],
}  # fmt: skip
"""Of our own modules those that the first frame from a catalogue may need; no parser, no search."""

ON_FIRST_USE = {
    "argparse", "defusedxml", "filelock", "gettext", "hashlib", "importlib.metadata", "parsy",
    "pybtex", "pyperclip", "rispy", "textual.widgets._text_area", "tinydb", "tomllib", "urllib3", "watchfiles", "xml.etree.ElementTree",
}  # fmt: skip
"""Of others' modules those that the first frame must not wait for."""


@pytest.mark.parametrize(
    "command",
    [
        "convert", "keys", "--version", "directories", "--help",
        "marks export", "marks backup", "marks restore", "marks devices", "marks compact",
    ],
)  # fmt: skip
def test_commands_answer_without_the_terminal_s_libraries(command: str, digest: Path) -> None:
    arguments = [command, digest] if command == "convert" else command.split()
    result = subprocess.run(
        [sys.executable, "-c", _LIST_AT_THE_END, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    assert result.returncode == 0
    loaded = set(result.stderr.split())
    assert "tui.cli" in loaded
    assert loaded & {"textual", "rich", "pyperclip", "tinydb", "asyncio"} == set()


def test_the_first_frame_loads_only_what_it_shows(digest: Path, tmp_path: Path) -> None:
    assert run("add", digest).returncode == 0
    assert run("refresh").returncode == 0
    listed = tmp_path / "modules"
    with launch(_LIST_AT_THE_FIRST_FRAME, env={"MODULES": str(listed)}) as terminal:
        terminal.wait_for("Attention")
        terminal.wait_until(listed.exists, "the list of modules")
        terminal.settle()
    loaded = set(listed.read_text("utf-8").split("\n"))
    may_be = set(OURS) | {f"{package}.{name}" for package in OURS for name in OURS[package]}
    ours = {name for name in loaded if name.split(".")[0] in ("storage", "tui")}
    assert ours - may_be == set()
    assert loaded & ON_FIRST_USE == set()
    assert "tui.screens.reading" in ours

"""However the reader ends: the terminal is as it was, and what was typed is on disk."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.program import NO_DWELLING, begin_note, directories, escape, launch, marks, read

if TYPE_CHECKING:
    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

TYPED = "还没有保存的话"

CRASHES = {
    "a key's handler": """
from tui.controllers.marking import Marking
def crash(self, count):
    raise RuntimeError("a mistake [/b] on purpose")
Marking._star = crash
""",
    "drawing": """
from tui.widgets.paper_table import PaperTable
draw = PaperTable.render_row
def crash(self, row, width):
    if self.cursor:
        raise RuntimeError("a mistake [/b] on purpose")
    return draw(self, row, width)
PaperTable.render_row = crash
""",
    "a thread": NO_DWELLING
    + """
import tui.controllers.refreshing as refreshing
refreshing.WATCH = 0.2
from storage.library.catalogue import Catalogue
def crash(self, most):
    raise RuntimeError("a mistake [/b] on purpose")
Catalogue.stamps = crash
""",
}
CRASHING_NOTE = """
from tui.widgets.notes_pane import NotesPane
def crash(self):
    if self._draft.text.endswith("话"):
        raise RuntimeError("a mistake on purpose")
NotesPane.on_note_editor_typed = crash
"""


def note_on_disk() -> str | None:
    return marks().get("1706.03762", {}).get("note")


def type_note(terminal: Terminal) -> None:
    """Type a note and come back before the pause after which it is saved."""
    terminal.wait_for("4 unread")
    begin_note(terminal)
    terminal.send(TYPED)
    terminal.wait_for(TYPED)


def assert_put_back(terminal: Terminal) -> None:
    assert terminal.modes_left_on() == frozenset()
    assert terminal.settings_restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_what_is_being_typed(digest: Path, number: signal.Signals) -> None:
    with read(digest) as terminal:
        type_note(terminal)
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert_put_back(terminal)
        assert terminal.text().strip() == ""
    assert note_on_disk() == TYPED


def test_closing_the_window_saves_what_is_being_typed(digest: Path) -> None:
    with read(digest) as terminal:
        type_note(terminal)
        terminal.hang_up()
        # 128 + SIGHUP, or 120 where Python's own last flush onto the closed window failed.
        assert terminal.wait_exit() in (128 + signal.SIGHUP, 120)
    assert note_on_disk() == TYPED


def test_control_q_saves_what_is_being_typed(digest: Path) -> None:
    with read(digest) as terminal:
        type_note(terminal)
        terminal.send("<c-q>")
        assert terminal.wait_exit() == 0
        assert_put_back(terminal)
    assert note_on_disk() == TYPED


def test_escape_leads_back_from_everywhere(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("4 unread")
        places = {
            "?": "one page down", "Y": "BibTeX", "f": "starred and unread", "d": "all papers",
            "S": "oldest first", "/": "Esc no filter", "2": "j k scroll",
            "3": "^ e note", "e": "Esc done", "<c-p>": "Search for commands",
        }  # fmt: skip
        for key, shown in places.items():
            terminal.send(key)
            terminal.wait_for(shown)
            escape(terminal, shown)
            terminal.wait_for("^ j k move")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_put_back(terminal)
    assert marks() == {}


@pytest.mark.parametrize("place", CRASHES)
def test_a_crash_says_one_sentence_and_names_its_report(digest: Path, place: str) -> None:
    with launch(CRASHES[place], digest) as terminal:
        terminal.wait_for("4 unread")
        terminal.send("js")
        assert terminal.wait_exit() == 1
        assert_put_back(terminal)
        said = terminal.text()
    assert "Traceback" not in said
    # A path may be longer than the terminal is wide.
    report = re.search(r"Please report (/\S+\.log)", said.replace("\n", ""))
    assert report is not None, said
    written = Path(report[1]).read_text("utf-8")
    assert "a mistake [/b] on purpose" in written
    assert "crash" in written


def test_a_crash_loses_nothing_that_was_typed(digest: Path) -> None:
    with launch(CRASHING_NOTE, digest) as terminal:
        terminal.wait_for("4 unread")
        begin_note(terminal)
        terminal.send(TYPED)
        assert terminal.wait_exit() == 1
        assert_put_back(terminal)
        assert "your marks are saved" in terminal.text()
    assert note_on_disk() == TYPED


def test_what_the_disk_refuses_is_not_lost(digest: Path) -> None:
    with read(digest) as terminal:
        terminal.wait_for("4 unread")
        terminal.send("s")
        terminal.wait_for("1706.03762 starred")
        folder = directories()["marks"].parent
        folder.rename(folder.with_name("elsewhere"))
        folder.write_text("no folder any more", "utf-8")
        begin_note(terminal)
        terminal.send(TYPED)
        terminal.wait_for(TYPED)
        terminal.send("<c-q>")
        assert terminal.wait_exit() == 1
        assert_put_back(terminal)
        assert "unsaved-notes.txt" in re.sub(r"\s", "", terminal.text())
    rescued = directories()["state"] / "unsaved-notes.txt"
    assert rescued.read_text("utf-8").split("\n")[1] == TYPED

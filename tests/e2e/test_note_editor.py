"""A note in the reader's own editor: the terminal is lent and comes back as it was."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.program import NO_DWELLING, begin_note, launch, marks

if TYPE_CHECKING:
    from tests.tui.terminal import Terminal
    from tests.tui.xterm import Size

pytestmark = pytest.mark.e2e

SCRIPT = """\
#!/bin/sh
note=$2
{body}
"""
ASKING = """\
echo "editing $(basename "$note") in mode $(stat -c %a "$note"): $(cat "$note")"
stty -a | grep -qw icanon && stty -a | grep -qw echo && echo "a terminal as ever"
read line
text=$(cat "$note")
printf '%s%s\n' "$text" "$line" > "$note"
"""


def reader(digest: Path, folder: Path, body: str, size: Size = (100, 30)) -> Terminal:
    """Open the reader of somebody whose editor does ``body``."""
    script = folder / "an editor"
    script.write_text(SCRIPT.format(body=body), "utf-8")
    script.chmod(0o755)
    environ = {"EDITOR": f"'{script}' --wait", "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    terminal = launch(NO_DWELLING, digest, env=environ, size=size)
    terminal.wait_for("1 of 4  4 unread")
    return terminal


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder / "tmp").rglob("*") if path.is_file()]


def note_on_disk() -> str | None:
    return marks().get("1706.03762", {}).get("note")


def test_a_note_is_written_in_the_reader_s_editor(digest: Path, tmp_path: Path) -> None:
    with reader(digest, tmp_path, ASKING) as terminal:
        terminal.settle()
        modes, rows = terminal.modes_left_on(), terminal.rows()
        terminal.send("E")
        terminal.wait_for(r"editing 1706\.03762\.md in mode 600:$")
        terminal.wait_for("a terminal as ever")
        assert "alternate screen" not in terminal.modes_left_on()
        terminal.send("来自编辑器 #todo<enter>")
        terminal.wait_for("note saved")
        terminal.settle()
        assert terminal.modes_left_on() == modes
        assert terminal.rows()[3:9] == rows[3:9]
        assert kept(tmp_path) == []
        terminal.send("E")
        terminal.wait_for("in mode 600: 来自编辑器 #todo")
        terminal.send("，再写<enter>")
        terminal.wait_for("│  来自编辑器 #todo，再")
        terminal.send("<c-z>")
        terminal.wait_for("undone: ")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes_left_on() == frozenset()
        assert terminal.settings_restored()
    assert note_on_disk() == "来自编辑器 #todo"


def test_what_is_being_typed_goes_on_in_the_editor(digest: Path, tmp_path: Path) -> None:
    with reader(digest, tmp_path, ASKING) as terminal:
        begin_note(terminal)
        terminal.send("先写的<c-o>")
        terminal.wait_for("in mode 600: 先写的")
        terminal.send("，后写的<enter>")
        terminal.wait_for("note saved")
        terminal.send("j")
        terminal.wait_for("2 of 4")
    assert note_on_disk() == "先写的，后写的"


def test_the_window_may_be_resized_meanwhile(digest: Path, tmp_path: Path) -> None:
    with reader(digest, tmp_path, ASKING) as terminal:
        terminal.send("E")
        terminal.wait_for("editing")
        terminal.resize((140, 40))
        terminal.send("wide<enter>")
        terminal.wait_for("note saved")
        terminal.wait_until(
            lambda: "? help" in terminal.rows()[39], "the keys in the last of 40 rows"
        )
        assert terminal.rows()[39].endswith("note saved")
        assert len(terminal.rows()[39]) > 130


def test_keys_right_behind_that_of_the_editor_are_no_commands(digest: Path, tmp_path: Path) -> None:
    with reader(digest, tmp_path, ASKING) as terminal:
        terminal.send("EA")
        terminal.wait_for("a terminal as ever")
        terminal.send("<enter>")
        terminal.wait_for("^ j k move")
        terminal.send("j")
        terminal.wait_for("2 of 4  4 unread")


def test_what_a_failing_editor_wrote_is_kept(digest: Path, tmp_path: Path) -> None:
    # The temporary folder of a test has a long name.
    with reader(digest, tmp_path, 'printf precious > "$note"; exit 3', (300, 30)) as terminal:
        terminal.send("E")
        place = terminal.wait_for(r"failed with code 3; not saved, but kept in (\S+)")[1]
        assert Path(place).read_text("utf-8") == "precious"
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert note_on_disk() is None
    assert [str(path) for path in kept(tmp_path)] == [place]


def test_control_c_is_the_editor_s(digest: Path, tmp_path: Path) -> None:
    with reader(digest, tmp_path, ASKING) as terminal:
        terminal.send("E")
        terminal.wait_for("a terminal as ever")
        terminal.send("<c-c>")
        terminal.wait_for("^ j k move")
        terminal.send("j")
        terminal.wait_for("2 of 4")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_editor_and_saves_what_it_wrote(
    digest: Path, tmp_path: Path, number: signal.Signals
) -> None:
    body = 'printf 写好了 > "$note"; echo "at work $$"; exec sleep 60'
    with reader(digest, tmp_path, body) as terminal:
        terminal.send("E")
        editor = int(terminal.wait_for(r"at work (\d+)")[1])
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.modes_left_on() == frozenset()
        assert terminal.settings_restored()
        assert not Path(f"/proc/{editor}").exists()
    assert note_on_disk() == "写好了"
    assert kept(tmp_path) == []


def test_closing_the_window_saves_what_the_editor_wrote(digest: Path, tmp_path: Path) -> None:
    body = 'printf 写好了 > "$note"; echo "at work"; exec sleep 60'
    with reader(digest, tmp_path, body) as terminal:
        terminal.send("E")
        terminal.wait_for("at work")
        terminal.hang_up()
        assert terminal.wait_exit() in (128 + signal.SIGHUP, 120)
    assert note_on_disk() == "写好了"


def test_an_editor_that_is_not_there_is_named(digest: Path) -> None:
    with launch(NO_DWELLING, digest, env={"VISUAL": "/nowhere/scribe"}) as terminal:
        terminal.wait_for("4 unread")
        terminal.send("E")
        terminal.wait_for(r"scribe cannot be started \(No such file or directory\): see EDITOR")
        terminal.send("j")
        terminal.wait_for("2 of 4")
        assert re.search("digest-tui waits", terminal.text()) is None

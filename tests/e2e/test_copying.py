"""Copying: what reaches the terminal's clipboard and tmux's."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pybtex.database import parse_string

from tests.e2e.digests import ADAM, ATTENTION, BERT
from tests.e2e.program import NO_DWELLING, PROGRAM, launch, read

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e


def test_the_link_of_the_first_paper_goes_to_the_clipboard(digest: Path) -> None:
    with read(digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.send("y")
        terminal.wait_for(r"copied https://arxiv\.org/abs/1706\.03762")
        assert terminal.clipboard() == ["https://arxiv.org/abs/1706.03762"]


def test_the_menu_spells_a_paper_in_other_ways(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        ways = {"b": "BibTeX", "i": "1706", "p": "https", "t": "titles"}
        for key, words in ways.items():
            terminal.send("Y")
            terminal.wait_for("Enter choose")
            terminal.send(key)
            terminal.wait_for(f"^ j k move.*copied {words}")
        bibtex, identifier, pdf, titles = terminal.clipboard()
        assert "1 of 4" in terminal.rows()[0]
    (entry,) = parse_string(bibtex, "bibtex").entries.values()
    assert entry.type == "misc"
    assert entry.fields["title"] == "{Attention Is All You Need}"
    assert (entry.fields["eprint"], entry.fields["archivePrefix"]) == ("1706.03762", "arXiv")
    assert identifier == "1706.03762"
    assert pdf == "https://arxiv.org/pdf/1706.03762"
    assert titles.splitlines() == ["Attention Is All You Need", "注意力就是你所需要的一切"]


def test_a_range_is_copied_line_by_line(digest: Path) -> None:
    with launch(NO_DWELLING, digest) as terminal:
        terminal.wait_for("1 of 4  4 unread")
        terminal.settle()
        terminal.send("vjj")
        terminal.wait_for("3 selected")
        terminal.send("y")
        terminal.wait_for("copied .*3 papers")
        assert terminal.clipboard() == [f"{ATTENTION.link}\n{ADAM.link}\n{BERT.link}"]


class Tmux:
    """A tmux server of one's own."""

    def __init__(self, socket: Path) -> None:
        self._command: list[str | Path] = ["tmux", "-S", socket, "-f", "/dev/null"]

    def __call__(self, *arguments: str | Path) -> str:
        result = subprocess.run(
            [*self._command, *arguments], capture_output=True, encoding="utf-8", check=False
        )
        return result.stdout

    def wait_for(self, text: str) -> None:
        end = time.monotonic() + 10
        while text not in (screen := self("capture-pane", "-p")):
            assert time.monotonic() < end, f"no {text!r} on the screen:\n{screen}"
            time.sleep(0.02)


@pytest.fixture
def tmux() -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    # Not below tmp_path: a socket's path may have 107 characters.
    with tempfile.TemporaryDirectory() as folder:
        server = Tmux(Path(folder, "socket"))
        yield server
        server("kill-server")


def test_inside_tmux_its_buffer_holds_the_link(
    digest: Path, tmux: Tmux, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    tmux("new-session", "-d", "-x", "100", "-y", "30", PROGRAM, digest)
    tmux.wait_for("1 of 4  4 unread")
    tmux("send-keys", "y")
    tmux.wait_for("copied https://arxiv.org/abs/1706.03762 (tmux")
    assert tmux("show-buffer") == "https://arxiv.org/abs/1706.03762"

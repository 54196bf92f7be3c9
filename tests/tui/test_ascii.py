"""ASCII in place of signs that a terminal cannot draw, or draws too wide; texts stay what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.model import PaperKey
from storage.settings import Settings
from tests.e2e.program import read
from tests.tui.papers import DIGEST, OLDER
from tests.tui.reader import reading
from tui import signs
from tui.frames import FrameDiff
from tui.plain_rows import Columns, aligned_line, tab_line
from tui.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ascii_signs() -> Iterator[None]:
    signs.set_ascii(True)
    yield
    signs.set_ascii(False)


@pytest.mark.usefixtures("ascii_signs")
def test_every_sign_has_a_form_of_its_width() -> None:
    ours = "●◐○↻★✎≠▰▱✓✗·×↑↓←→‹›—…"
    assert signs.sign(ours).isascii()
    assert cell_len(signs.sign(ours)) == cell_len(ours)
    # Those that stand in one column are told apart.
    for column in ("●↻○◐", "★ ", "✎ ", "▰▱", "✓✗·"):
        assert len(set(signs.sign(column))) == len(column)


@pytest.mark.usefixtures("ascii_signs")
def test_what_is_cut_and_what_is_said() -> None:
    assert cut("Attention Is All You Need", 10) == "Attention~"
    assert cut("注意力就是一切", 6) == "注意~"
    assert signs.in_words("reading … ↓ 3 more") == "reading ... v 3 more"
    assert signs.in_words("正在读取…") == "正在读取..."


def test_usually_nothing_is_changed() -> None:
    text = "●★≠… 注意力 → α"
    assert signs.sign(text) == signs.in_words(text) == text


def test_lines_and_blocks_on_their_way_to_the_terminal() -> None:
    assert signs.without_lines("\x1b[1;1H│ a ─┬┘ ▂█ 🔎 中 …●") == "\x1b[1;1H| a -++    /  中 …●"
    assert signs.without_lines("plain") == "plain"


@pytest.mark.usefixtures("ascii_signs")
def test_a_frame_is_still_the_least_to_write() -> None:
    frames = FrameDiff()
    whole = "\x1b[1;1Ha│b\n\x1b[2;1Hc─d\x1b[1;1H"
    frames.reduce(signs.without_lines(whole), (3, 2))
    assert frames.reduce(signs.without_lines("\x1b[1;1Ha│c\x1b[1;1H"), (3, 2)).count("|") == 0


async def test_our_signs_change_and_texts_do_not(tmp_path: Path) -> None:
    settings = Settings(ascii=True)
    async with reading(tmp_path, [DIGEST, OLDER], settings=settings) as reader:
        await reader.press("s")
        assert reader.rows[0].startswith(" o *   1706.03762")
        assert "注意力就是你所需要的一切" in reader.rows[0]
        assert "* 1" in reader.status
        assert "###" in reader.status or "---" in reader.status
        assert "… cut" not in "\n".join(reader.detail_lines)
        await reader.press("down")
        assert "... cut by the digest" in "\n".join(reader.detail_lines)
        # The colon of the title is a full-width one: a text is as it was written.
        assert "Adam：一种随机优化方法" in reader.rows[1]


@pytest.mark.usefixtures("ascii_signs")
def test_rows_of_the_command_change_on_a_terminal_alone() -> None:
    from storage.library.catalogue import Head  # noqa: PLC0415 -- one test's
    from storage.marks.model import Marks  # noqa: PLC0415 -- one test's

    key = PaperKey("1706.03762")
    head = Head(1, key, 1, "cs.CL", "replace-cross", "Attention … × 2", "注意力", 0)
    marks = Marks(starred=True)
    columns = Columns.of([head], 120)
    line = aligned_line(head, marks, columns)
    assert line.startswith("o *   1706.03762")
    assert "replx" in line
    assert "Attention … × 2" in line
    assert tab_line(head, marks).startswith("●★\t")


def test_the_screen_is_ascii_but_for_the_papers(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "digest-tui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("ascii = true\n")
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    with read("demo", size=(120, 30), env=environ) as terminal:
        terminal.wait_for("1 of 22")
        terminal.settle(0.2)
        ours = set("●◐○↻★✎▰▱▏▎▂▄█│─┌┐└┘↓↑→")
        assert not ours & set(terminal.text())
        assert "注意力" in terminal.text()
        assert "|" in terminal.rows()[18]
        terminal.send("?")
        terminal.wait_for("Read and mark")
        assert not ours & set(terminal.text())

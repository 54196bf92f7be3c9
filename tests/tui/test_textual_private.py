"""The touches of Textual's private parts: these fail when Textual changes underneath."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

from tests.tui.reader import reading
from tui.textual_private import accept_long_commits, set_environment
from tui.widgets.note_editor import NoteEditor

if TYPE_CHECKING:
    from pathlib import Path


def keys_of(data: str) -> list[str | None]:
    parser = XTermParser()
    return [event.character for event in parser.feed(data) if isinstance(event, events.Key)]


def test_a_long_commit_of_an_input_method_is_text() -> None:
    accept_long_commits()
    text = "我们提出了一种新的高效序列并行方法并在四个任务上加以验证"
    commit = f"\x1b[0;;{':'.join(str(ord(character)) for character in text)}u"
    assert len(commit) > 100
    assert keys_of(commit) == list(text)


def test_the_environment_is_a_default_not_an_order() -> None:
    environ = {"TEXTUAL_FPS": "30"}
    set_environment(environ)
    assert environ == {"TEXTUAL_FPS": "30"}
    iterm = {"TERM_PROGRAM": "iTerm.app"}
    set_environment(iterm)
    assert iterm["TEXTUAL_DISABLE_KITTY_KEY"] == "1"
    assert iterm["TEXTUAL_FPS"] == "240"


async def test_the_editor_wraps_by_chinese_rules(tmp_path: Path) -> None:
    note = "与最优输运课程的笔记比较，尤其是Transformer的部分。" * 4
    async with reading(tmp_path) as reader:
        await reader.press("e")
        editor = reader.app.query_one(NoteEditor)
        editor.insert(note)
        await reader.settle()
        lines = [section for line in editor.wrapped_document.lines for section in line]
        assert "".join(lines) == note
        assert len(lines) > 5
        assert not [line for line in lines if line[0] in "，。"]
        assert sum("Transformer" in line for line in lines) == 4

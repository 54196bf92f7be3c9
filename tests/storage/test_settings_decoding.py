"""Settings that were not saved as UTF-8: only the lines that cannot be known are set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.settings import Hooks, Settings, load

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = "it is not UTF-8 text; save the file as UTF-8; this line is left out."
SERVICE = b'[translation]\nbase_url = "https://host.example/v1"\nmodel = "m"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def read(file: Path, data: bytes) -> tuple[Settings, list[str]]:
    """The settings, and what is told: each without the file's name."""
    file.write_bytes(data)
    found, told = load(file)
    return found, [str(one).removeprefix(f"{file}:") for one in told]


@pytest.mark.parametrize(
    "line",
    [b"# caf\xe9", b"  # caf\xe9,", b'theme = "caf\xe9"', b'theme = "nord" # caf\xe9',
     b"th\xe9me = 3", b"theme = caf\xe9", b"\xff", b'theme = "\xed\xa0\x80"'],
)  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_with_a_stray_byte_is_set_aside_alone(file: Path, line: bytes, end: bytes) -> None:
    rest = (b'marks_dir = "/m"', line, b"ascii = true", b'columns = ["id"]', b"")
    found, told = read(file, end.join(rest))
    assert str(found.marks_dir) == "/m"
    assert found._replace(marks_dir=None) == Settings(ascii=True, columns=("id",))
    assert told == [f"2: {LEFT_OUT}"]


def test_a_list_with_a_stray_byte_is_set_aside_whole(file: Path) -> None:
    text = b'ascii = true\n[hooks]\non_star = [\n  "push",\n  "--\xe9",\n]\nseconds = 3\n'
    found, told = read(file, text)
    assert found == Settings(ascii=True, hooks=Hooks(seconds=3))
    assert [one.partition(":")[0] for one in told] == ["5"]


def test_in_a_text_of_many_lines_nothing_passes_for_a_comment(file: Path) -> None:
    text = b'ascii = true\n[hooks]\non_star = ["sh", "-c", """\n# \xe9\n"""]\nseconds = 3\n'
    found, told = read(file, text)
    assert found == Settings(ascii=True, hooks=Hooks(seconds=3))
    assert told


def test_a_limit_with_a_stray_byte_lets_nothing_be_sent_but_a_comment_does(file: Path) -> None:
    found, told = read(file, SERVICE + b"# caf\xe9\n")
    assert found.translation is not None
    assert told == [f"4: {LEFT_OUT}"]
    found, told = read(file, SERVICE + b"tokens_per_day = 5\xe9\n")
    assert found.translation is None
    assert len(told) == 2


def test_hundreds_of_comments_are_no_reason_to_give_up(file: Path) -> None:
    found, told = read(file, b"# d\xe9j\xe0 vu\n" * 3000 + b"ascii = true\n")
    assert found == Settings(ascii=True)
    assert told[0] == f"1: {LEFT_OUT}"
    assert told[-1] == " 2,950 mistakes more."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_whose_mark_says_how_it_is_written_is_read(file: Path, encoding: str) -> None:
    text = 'theme = "水墨"\r\nascii = true\r\n'
    assert read(file, text.encode(encoding)) == (Settings(theme="水墨", ascii=True), [])


def test_chinese_of_an_old_editor_is_read_and_told(file: Path) -> None:
    text = '# 我的设置\ntheme = "水墨"\nascii = true\n'
    found, told = read(file, text.encode("gb18030"))
    assert found == Settings(theme="水墨", ascii=True)
    assert told == [" it is not UTF-8 text, and was read as GB18030; save it as UTF-8."]

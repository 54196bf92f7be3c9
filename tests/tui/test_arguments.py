"""The helps of the commands in Chinese: headings, and the names of what is given."""

from __future__ import annotations

import re
from argparse import HelpFormatter

import pytest

from storage import language
from tui.arguments import argparse_in_our_language, build_parser
from tui.plain_rows import cells


def help_of(*command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with argparse_in_our_language(), pytest.raises(SystemExit):
        build_parser(lambda _: None).parse_args([*command, "--help"])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "headings"),
    [
        ((), ["参数：", "选项："]),
        (("read",), ["参数：", "选项："]),
        (("convert",), ["参数：", "选项："]),
        (("marks",), ["参数：", "选项："]),
        (("marks", "import"), ["参数：", "选项："]),
    ],
)
def test_headings_end_in_a_full_width_colon(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], headings: list[str]
) -> None:
    language.use(language.CHINESE)
    said = help_of(*command, capsys=capsys)
    assert re.findall(r"^\S*[:：]$", said, re.MULTILINE) == headings


def test_in_english_they_are_as_argparse_sets_them(capsys: pytest.CaptureFixture[str]) -> None:
    said = help_of("read", capsys=capsys)
    assert re.findall(r"^\S.*[:：]$", said, re.MULTILINE) == ["positional arguments:", "options:"]
    assert "PATH [PATH ...]" in said


@pytest.mark.parametrize("command", ["read", "convert"])
def test_what_is_given_is_named_in_chinese(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    language.use(language.CHINESE)
    said = help_of(command, capsys=capsys)
    assert "路径 [路径 ...]" in said
    assert "PATH" not in said


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("command", [(), ("add",), ("list",), ("convert",), ("marks", "import")])
def test_chinese_lines_fit_and_begin_no_line_with_a_comma(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    language.use(language.CHINESE)
    lines = help_of(*command, capsys=capsys).splitlines()
    assert max(map(cells, lines)) <= width
    assert not [line for line in lines if line.lstrip()[:1] in "，。、；：" and line.strip()]
    assert "\0" not in "".join(lines)
    # Nothing is torn where a line has room: the words of options stay whole.
    assert not [line for line in lines if line.endswith("--")]


def test_names_in_chinese_are_aligned_by_cells(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    language.use(language.CHINESE)
    lines = help_of("list", capsys=capsys).splitlines()
    texts = [
        (line, re.match(r"  \S+(?: \S+)*  +", line)) for line in lines if re.match("  [-查]", line)
    ]
    assert len(texts) == 5
    assert len({cells(found[0]) for _, found in texts if found}) == 1
    usage = help_of("convert", capsys=capsys).splitlines()[:3]
    begins = [usage[0].index("[-h]") + 3, *(len(line) - len(line.lstrip()) for line in usage[1:])]
    assert begins == [begins[0]] * 3


def test_english_is_laid_out_as_argparse_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    parser = build_parser(lambda _: None)
    ours = parser.format_help()
    parser.formatter_class = HelpFormatter
    assert parser.format_help() == ours

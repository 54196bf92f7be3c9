"""The manual page: sound roff for both programs that read it, in both languages, and complete."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage import language, locations
from tui.actions import ACTIONS
from tui.arguments import build_parser
from tui.completion_command import man
from tui.shells.declared import Command, declared
from tui.shells.manual import page
from tui.shells.manual_words import files

if TYPE_CHECKING:
    from argparse import Namespace

DAY = date(2026, 11, 22)
SENTENCE = "逐句对照双语标题与摘要，并保存星标、已读与笔记；按论文（arXiv）管理。"


def english() -> str:
    return page(declared(build_parser(lambda _: None)), "0.1.0", DAY)


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> str:
    """The page where every message without values is the same long Chinese sentence."""

    class Catalogue:
        def gettext(self, message: str) -> str:
            return message if "{" in message or len(message) < 20 else SENTENCE * 3

        def pgettext(self, _: str, message: str) -> str:
            return message

    monkeypatch.setattr(language, "_catalogue", Catalogue())
    return english()


def shown(text: str) -> str:
    """Return what ``man`` would show, 78 columns wide."""
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    argv = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-rLL=78n", "-P-c"]
    done = subprocess.run(argv, input=text.encode(), capture_output=True, check=False)
    assert done.stderr == b""
    # Overstruck and underlined letters.
    return re.sub(".\b", "", done.stdout.decode())


def in_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_groff_and_mandoc_find_no_fault_in_it(tmp_path: Path, chinese: str) -> None:
    if shutil.which("mandoc") is None:
        pytest.skip("mandoc is not installed")
    for number, text in enumerate((english(), chinese)):
        path = tmp_path / f"{number}.1"
        path.write_text(text, "utf-8")
        done = subprocess.run(
            ["mandoc", "-Tlint", "-Wwarning", path], capture_output=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, b"")
        assert shown(text)


def test_all_commands_options_and_keys_are_in_it() -> None:
    text = in_one_line(shown(english()))
    program = declared(build_parser(lambda _: None))
    for command in program.all:
        if not command.commands:
            assert f" {' '.join(('digest-tui', *command.path))} " in text
        for option in command.options:
            assert option.names[-1] in text
    for action in ACTIONS:
        if action.keys:
            assert in_one_line(action.help) in text
    assert "j ↓ next paper" in text
    assert "--format FORMAT" in text
    assert "one of bibtex, ris" in text
    assert r" \ LaTeX as it was written, and back" in text
    assert "digest-tui add ~/digests" in text


def test_files_are_where_they_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", f"/$XDG_{name}_HOME")
    found = {
        str(locate()).removeprefix("/")
        for locate in (
            locations.settings_file, locations.marks_dir, locations.sources_file,
            locations.views_file, locations.fetched_dir, locations.translations_dir,
            locations.place_file, locations.history_file, locations.fetch_record_file,
            locations.log_file, locations.hooks_log_file, locations.catalogue_file,
        )
    }  # fmt: skip
    assert {path for path, _ in files()} == found


def test_no_path_of_a_machine_is_in_it() -> None:
    text = english()
    assert str(Path.home()) not in text
    assert not re.search(r"/(home|root|Users|work|tmp)/", text)


def test_chinese_is_broken_into_lines_by_its_rules(chinese: str) -> None:
    paragraphs = [line for line in shown(chinese).splitlines() if "逐句" in line or "星标" in line]
    assert len(paragraphs) > 100
    for line in paragraphs:
        wide = sum(2 if character > "\u2e80" else 1 for character in line)
        assert wide <= 78
        assert line.strip()[0] not in "，、；。）"
        assert line.strip()[-1] != "（"


def test_texts_cannot_give_orders_to_roff() -> None:
    odd = ".so /etc/passwd 'br \\fBbold `x' ~ ^ \"quoted\" -- end"
    below = Command(("x",), odd, about=odd)
    text = shown(page(Command((), "read", commands=(below,)), "0.1.0", DAY))
    assert odd in in_one_line(text)


def test_it_is_printed_in_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    options: Namespace | None = None
    assert man(options, print) == 0  # type: ignore[arg-type] # it asks nothing of it
    printed = capfdbinary.readouterr().out.decode()
    assert printed.startswith("'\\\" -*- coding: UTF-8 -*-\n")
    assert "\n.TH DIGEST\\-TUI 1 " in printed

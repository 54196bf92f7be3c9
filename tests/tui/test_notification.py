"""Notifications: what terminals and desktops are told, as data."""

from __future__ import annotations

import pytest

from storage.locations import settings_file
from storage.settings import load
from tui.notification import command, notify, sequence

NEWS = "12 new papers from cs.LG"


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"TERM": "xterm-kitty"}, "\x1b]9;digest-tui: 12 new papers from cs.LG\x07"),
        ({"TERM": "foot"}, "\x1b]777;notify;digest-tui;12 new papers from cs.LG\x07"),
        (
            {"TERM": "xterm-256color", "VTE_VERSION": "7600"},
            "\x1b]777;notify;digest-tui;12 new papers from cs.LG\x07",
        ),
        (
            {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"},
            "\x1bPtmux;\x1b\x1b]9;digest-tui: 12 new papers from cs.LG\x07\x1b\\",
        ),
    ],
)
def test_the_terminal_is_told_in_its_own_way(environ: dict[str, str], wanted: str) -> None:
    written: list[str] = []
    assert notify(NEWS, "terminal", environ, written.append) == ""
    assert written == [wanted]


def test_a_source_s_name_cannot_end_the_sequence() -> None:
    told = sequence("1 new paper from a\x07\x1b]52;c;eA==\x1b\\b", {})
    assert told == "\x1b]9;digest-tui: 1 new paper from a ]52;c;eA== \\b\x07"


def test_the_desktop_is_told_by_arguments_that_are_no_markup_and_no_script() -> None:
    words = '-e <b>"1" new\npaper</b>'
    clean = '-e <b>"1" new paper</b>'
    assert command(words, "linux") == [
        "notify-send",
        "--app-name=digest-tui",
        "--",
        f"digest-tui: {clean}",
    ]
    argv = command(words, "darwin")
    assert argv[0] == "osascript"
    assert argv[-1] == clean
    assert not any(clean in part for part in argv[:-1])


def test_nobody_is_told_unless_that_is_wanted() -> None:
    written: list[str] = []
    assert notify(NEWS, "off", {"PATH": "/nowhere"}, written.append) == ""
    assert written == []


def test_a_desktop_that_cannot_be_told_is_named(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    told = notify(NEWS, "desktop", {"PATH": str(tmp_path)}, lambda _: None)
    assert told.startswith("no notification: ")
    assert "No such file or directory" in told


@pytest.mark.parametrize(
    ("text", "way", "notices"),
    [
        ("", "off", 0),
        ('notify = "desktop"', "desktop", 0),
        ('notify = "terminal"', "terminal", 0),
        ('notify = "loud"', "off", 1),
        ("notify = [1]", "off", 1),
    ],
)
def test_the_setting(text: str, way: str, notices: int) -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text(f'marks_dir = "/marks"\n{text}\n', "utf-8")
    settings, told = load(settings_file())
    assert settings.notify == way
    # A slip in it must not send the marks elsewhere.
    assert str(settings.marks_dir) == "/marks"
    assert len(told) == notices

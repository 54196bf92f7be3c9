"""The settings' file: what is in it holds, whatever else is wrong in it is told with its line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import language
from storage.settings import COLUMNS, Hooks, Settings, current, load
from storage.settings.mistakes import Mistake

EVERYTHING = """\
library_dir = "library"
marks_dir = "~/Sync/marks"
language = "zh"
refresh_minutes = 15
notify = "desktop"
dwell_seconds = 0
layout = "columns"
table_height = 30
notes_width = 40
table_width = 60
notes_height = 12
columns = ["title_zh", "id"]
theme = "nord"
dark_theme = "gruvbox"
light_theme = "textual-light"
high_contrast = true
compact = true
ascii = true
browser = "firefox"
pdf = ["~/bin/reader", "--new", "{link}"]
keymap = "vim"

[keys]
"mark.star" = "s"
move.down = ["j", "down"]
find.reload = []

[hooks]
on_star = ["bin/star", "--now"]
on_note = ["notify-send", "a note"]
seconds = 2.5

[translation]
base_url = "https://host.example/v1"
model = "m"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def wrong(file: Path, text: str) -> list[str]:
    """What is told of a file with ``text``: each without the file's name."""
    file.write_text(text, "utf-8")
    told = [str(mistake) for mistake in load(file)[1]]
    assert all(one.startswith(f"{file}:") and one.endswith(".") for one in told)
    return [one.removeprefix(f"{file}:") for one in told]


def test_everything_can_be_set(file: Path) -> None:
    file.write_text(EVERYTHING, "utf-8")
    found, mistakes = load(file)
    assert mistakes == ()
    home = Path(os.environ["HOME"])
    assert found == Settings(
        library_dir=file.parent / "library",
        marks_dir=home / "Sync" / "marks",
        language="zh",
        refresh_minutes=15,
        notify="desktop",
        dwell_seconds=0,
        layout="columns",
        table_height=30,
        notes_width=40,
        table_width=60,
        notes_height=12,
        columns=("title_zh", "id"),
        theme="nord",
        dark_theme="gruvbox",
        light_theme="textual-light",
        high_contrast=True,
        compact=True,
        ascii=True,
        browser=("firefox",),
        pdf=(str(home / "bin" / "reader"), "--new", "{link}"),
        keymap="vim",
        keys={"mark.star": ("s",), "move.down": ("j", "down"), "find.reload": ()},
        hooks=Hooks(
            on_star=(str(file.parent / "bin" / "star"), "--now"),
            on_note=("notify-send", "a note"),
            seconds=2.5,
        ),
        translation=found.translation,
    )
    assert list(found.keys) == ["mark.star", "move.down", "find.reload"]
    assert found.translation is not None
    assert found.translation.host == "host.example"


def test_without_a_file_nothing_is_set(file: Path) -> None:
    assert load(file) == (Settings(), ())
    assert current() == Settings()
    assert Settings().columns == COLUMNS


MISTAKES = """\
refresh_minutes = "30"
    refresh_minutes: "30" is no whole number from 1 to 1440; write refresh_minutes = 30; until then 60 holds.
refresh_minutes = 5000
    refresh_minutes: 5000 is no whole number from 1 to 1440; write refresh_minutes = 1440; until then 60 holds.
refresh_minutes = true
    refresh_minutes: true is no whole number from 1 to 1440; until then 60 holds.
dwell_seconds = nan
    dwell_seconds: nan is no number of seconds from 0 to 3600; until then 2.0 holds.
dwell_seconds = -1.5
    dwell_seconds: -1.5 is no number of seconds from 0 to 3600; write dwell_seconds = 0; until then 2.0 holds.
table_height = inf
    table_height: inf is no whole number from 10 to 90; until then 40 holds.
notify = "destop"
    notify: "destop" is none of "off", "terminal", "desktop"; write notify = "desktop"; until then "off" holds.
notify = "loud"
    notify: "loud" is none of "off", "terminal", "desktop"; until then "off" holds.
language = "zh_CN"
    language: "zh_CN" is none of "auto", "en", "zh"; write language = "zh"; until then "auto" holds.
compact = "yes"
    compact: "yes" is neither true nor false; write compact = true; until then false holds.
compact = 0
    compact: 0 is neither true nor false; write compact = false; until then false holds.
theme = 7
    theme: 7 is no name; until then "auto" holds.
browser = "firefox --new-window"
    browser: a program and its arguments are a list, not one text; write browser = ["firefox", "--new-window"]; until then the system's program holds.
browser = [1]
    browser: [1] is no list of a program and its arguments; until then the system's program holds.
browser = [" "]
    browser: the program's name is empty; until then the system's program holds.
hooks.on_star = "notify-send"
    hooks.on_star: a program and its arguments are a list, not one text; write on_star = ["notify-send"]; until then no program holds.
hooks.seconds = 0
    hooks.seconds: 0 is no number of seconds from 0.1 to 3600; write seconds = 0.1; until then 10.0 holds.
marks_dir = ["a"]
    marks_dir: ["a"] is no path of a folder; until then the usual folder holds.
library_dir = "~nobody-is-called-so/x"
    library_dir: nobody knows whose home "~nobody-is-called-so/x" is in; until then the usual folder holds.
columns = "id title_en"
    columns: "id title_en" is no list of at least one name; write columns = ["id", "title_en"]; until then the usual list holds.
columns = ["id", "titel_en"]
    columns: "titel_en" is none of "marks", "id", "category", "elsewhere", "type", "title_en", "title_zh"; write columns = ["id", "title_en"]; until then the usual list holds.
columns = ["id", "id"]
    columns: a name is there twice; write columns = ["id"]; until then the usual list holds.
keys."mark.star" = 3
    keys.mark.star: 3 is no key; write "mark.star" = "3"; until then its usual keys hold.
keys."move.down" = ["j", true]
    keys.move.down: true is no key; write "move.down" = ["j"]; until then its usual keys hold.
keys."move.down" = 40
    keys.move.down: 40 is no key; a key is a text in quotes, several are a list of them; until then its usual keys hold.
other.x = 3
    other: it is not known, and left out.
colour = 3
    colour: it is not known, and left out.
hook = 3
    hook: it is not known, and left out; perhaps [hooks] is meant.
keys = "vim"
    keys: "vim" is no table, and is left out; write [keys] and below it its settings.
hooks = []
    hooks: [] is no table, and is left out; write [hooks] and below it its settings.
dwell_second = 3
    dwell_second: it is not known, and left out; perhaps dwell_seconds is meant.
weather = 3
    weather: it is not known, and left out.
hook.on_star = []
    hook: it is not known, and left out; perhaps [hooks] is meant.
hooks.on_stra = []
    hooks.on_stra: it is not known, and left out; perhaps on_star is meant.
on_star = []
    on_star: it belongs below a line [hooks], and is left out; or write hooks. before it.
"mark.star" = "s"
    mark.star: it belongs below a line [keys], and is left out; or write keys. before it.
translation.model = 3
    translation.base_url: it is missing; write base_url = "https://api.openai.com/v1"; nothing is translated.
"""
"""A line of the file, and beneath it what is told of it."""


@pytest.mark.parametrize(
    ("line", "told"), re.findall(r"^(\S.*)\n    (.*)\n", MISTAKES, re.MULTILINE)
)
def test_a_mistake_is_named_and_the_rest_holds(file: Path, line: str, told: str) -> None:
    text = f'# a comment\n\ntable_width = 33\n{line}\nlight_theme = "paper"\n'
    assert wrong(file, text) == [f"4: {told}"]
    assert load(file)[0] == Settings(table_width=33, light_theme="paper")


@pytest.mark.parametrize("table", ["keys", "hooks", "translation"])
def test_what_stands_below_a_table_by_mistake_is_told(file: Path, table: str) -> None:
    service = 'base_url = ""' if table == "translation" else ""
    told = wrong(file, f"[{table}]\ncompact = true\n{service}\n")
    assert told == [
        f"2: {table}.compact: it belongs above the first line in brackets, and is left out."
    ]


def test_mistakes_are_told_in_the_order_of_the_lines(file: Path) -> None:
    text = "compact = 1\nnothing = 1\ntheme = nord\n\n[hooks]\non_star = 1\n[keys]\nx = 1\n"
    assert [one.partition(" ")[0] for one in wrong(file, text)] == ["1:", "2:", "3:", "6:", "8:"]


@pytest.mark.parametrize(
    ("text", "told", "held"),
    [
        ("theme = nord\ncompact = true",
         ['1: text stands in quotes: theme = "nord"; this line is left out.'],
         Settings(compact=True)),
        ("marks_dir = ~/sync # mine\ncompact = true",
         ['1: text stands in quotes: marks_dir = "~/sync"; this line is left out.'],
         Settings(compact=True)),
        ('theme = "nord\ncompact = true',
         ["1: a text has no end: a quotation mark is missing; this line is left out."],
         Settings(compact=True)),
        ('theme = """nord\ncompact = true',
         ["1: it has no end: a bracket or a quotation mark is missing; this line is left out."],
         Settings(compact=True)),
        ('columns = ["id",\ncompact = true\nascii = true',
         ["1: it has no end: a bracket or a quotation mark is missing; this line is left out."],
         Settings(compact=True, ascii=True)),
        ('ascii = true\ncolumns = [\n  "id",\n  marks,\n  "type",\n]\ncompact = true',
         ["4: it is not TOML (Invalid value); the lines 2 to 6 are left out."],
         Settings(ascii=True, compact=True)),
        ("compact = true\ncompact = false",
         ["2: it is set for a second time; the first holds; this line is left out."],
         Settings(compact=True)),
        ("compact true\n\nascii = true",
         ["1: a setting is written as name = value; this line is left out."],
         Settings(ascii=True)),
        ('[hooks]\nseconds = 3\n[hooks]\non_star = ["x"]',
         ["3: it is set for a second time; the first holds; this line is left out."],
         Settings(hooks=Hooks(on_star=("x",), seconds=3))),
        ('theme = "c:\\dark"\r\ncompact = true\r\n',
         ["1: a backslash in a text is written twice; this line is left out."],
         Settings(compact=True)),
    ],
)  # fmt: skip
def test_a_line_that_is_no_toml_is_set_aside(
    file: Path, text: str, told: list[str], held: Settings
) -> None:
    file.write_bytes(text.encode())
    found, mistakes = load(file)
    assert [str(one).removeprefix(f"{file}:") for one in mistakes] == told
    assert found == held


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x00\x01\x02\xff" * 50, " it is not UTF-8 text; save the file as UTF-8; "),
        (b"x = " + b"[" * 5000, " it is nested too deeply; "),
        (b"x = " + b"9" * 5000, " a number in it has thousands of digits; "),
        (b"compact = true\n" + b"#" * (256 << 10), " it is larger than 256 KB; "),
        (b"no toml\n\n" * 100, "1: a setting is written as name = value; "),
        (b"x = 1\n" * 20_000, "2: it is set for a second time; the first holds; "),
    ],
    ids=["binary", "deep", "digits", "large", "prose", "long"],
)  # fmt: skip
def test_what_is_no_settings_at_all_is_told_once(file: Path, data: bytes, told: str) -> None:
    file.write_bytes(data)
    found, mistakes = load(file)
    assert found == Settings()
    ending = "it is as if nothing were set."
    assert [str(one).removeprefix(f"{file}:") for one in mistakes] == [told + ending]


def test_a_byte_order_mark_is_no_mistake(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfcompact = true\r\nascii = true\r\n")
    assert load(file) == (Settings(compact=True, ascii=True), ())


def test_what_is_no_file_is_told(file: Path, tmp_path: Path) -> None:
    file.mkdir()
    assert "it is a folder; it is as if nothing were set." in str(load(file)[1][0])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "it is not an ordinary file" in str(load(pipe)[1][0])
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    assert "it is a link to a file that is not there" in str(load(link)[1][0])
    link.unlink()
    link.symlink_to(link)
    assert "it cannot be read (Too many levels of symbolic links)" in str(load(link)[1][0])
    (tmp_path / "file").touch()
    assert "it cannot be read (Not a directory)" in str(load(tmp_path / "file" / "x")[1][0])


def test_a_link_is_followed_and_paths_begin_where_it_is(file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "x.toml").write_text('library_dir = "papers"', "utf-8")
    file.symlink_to(tmp_path / "dotfiles" / "x.toml")
    assert load(file)[0].library_dir == tmp_path / "papers"


def test_thousands_of_mistakes_are_not_all_told(file: Path) -> None:
    told = wrong(file, "".join(f"nothing_{number} = 1\n" for number in range(3000)))
    assert len(told) == 51
    assert told[0].startswith("1: nothing_0:")
    assert told[-1] == " 2,950 mistakes more."


def test_what_is_odd_in_a_file_does_not_reach_the_screen(file: Path) -> None:
    (told,) = wrong(file, f'"a\\u001b]52;{"x" * 500}" = 1')
    assert "\x1b" not in told
    assert len(told) < 150
    (told,) = wrong(file, 'notify = "\\u001b[2J\\u202e"')
    assert told.isprintable()


def test_a_mistake_says_where_it_is(file: Path) -> None:
    assert str(Mistake(file, 3, "theme", "it is odd.")) == f"{file}:3: theme: it is odd."
    assert str(Mistake(file, None, "", "it is a folder.")) == f"{file}: it is a folder."


SOME_BYTES = st.binary(max_size=300)
PIECES = st.sampled_from(
    [b"[", b"]", b"{", b"}", b'"', b"'", b'"""', b"=", b".", b"\n", b"\\", b"#", b",", b"\x00",
     b"keys", b"hooks", b"theme", b"columns", b" = ", b"1979-05-27", b"1e400", b"nan", b"inf", b"0x", b"0o7", b"0b1", b"f" * 5000, b"9" * 20, b"07:32:00", b"1979-05-27T07:32:00-23:59",
     "中".encode()]
)  # fmt: skip


@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(SOME_BYTES | st.lists(PIECES, max_size=40).map(b"".join))
def test_no_bytes_whatever_raise(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "any.toml"
    file.write_bytes(data)
    found, mistakes = load(file)
    assert isinstance(found, Settings)
    assert all(str(one).isprintable() for one in mistakes)


@settings(
    max_examples=80,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_slip_in_one_line_leaves_the_others_alone(tmp_path: Path, data: st.DataObject) -> None:
    lines = EVERYTHING.splitlines()
    numbers = [number for number, line in enumerate(lines) if " = " in line]
    number = data.draw(st.sampled_from([one for one in numbers if one < 21]))
    place = data.draw(st.integers(0, len(lines[number])))
    lines[number] = lines[number][:place] + data.draw(PIECES).decode() + lines[number][place:]
    file = tmp_path / "slip.toml"
    file.write_text("\n".join(lines), "utf-8")
    found, mistakes = load(file)
    whole = load(_whole(tmp_path))[0]
    name = EVERYTHING.splitlines()[number].split(" = ")[0]
    others = {key: value for key, value in found._asdict().items() if key != name}
    known = {key: value for key, value in whole._asdict().items() if key != name}
    if mistakes:
        # A bracket that opens a table takes in all that follows; else only that line is lost.
        assert all(one.line is None or one.line >= number + 1 for one in mistakes)
        differing = [key for key in others if others[key] != known[key]]
        assert differing == [] or "[" in "\n".join(lines[number : number + 1])
    else:
        assert others == known


def _whole(folder: Path) -> Path:
    path = folder / "whole.toml"
    path.write_text(EVERYTHING, "utf-8")
    return path


def test_a_mistake_keeps_its_place_and_key_in_chinese(file: Path) -> None:
    language.use(language.CHINESE)
    file.write_text("compact = 1", "utf-8")
    (mistake,) = load(file)[1]
    assert str(mistake).startswith(f"{file}:1: compact: ")

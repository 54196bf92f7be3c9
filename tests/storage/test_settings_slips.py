"""Slips in the settings that must not change what is run, what is sent, or how long it takes."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from storage.settings import Hooks, Settings, load

if TYPE_CHECKING:
    from pathlib import Path

HUGE = f"0x{'f' * 5000}"
SERVICE = 'base_url = "https://host.example/v1"\nmodel = "m"\n'
DOTTED = "translation.base_url = 'https://host.example/v1'\ntranslation.model = 'm'\n"
UNTIL = "nothing is translated until it is mended."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def read(file: Path, text: str) -> tuple[Settings, list[str]]:
    """The settings, and what is told: each without the file's name."""
    file.write_text(text, "utf-8")
    found, told = load(file)
    return found, [str(one).removeprefix(f"{file}:") for one in told]


@pytest.mark.parametrize("number", [HUGE, f"-{'9' * 4000}", f"0o{'7' * 5000}", f"0b{'1' * 64}"])
@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("refresh_minutes = {}", "refresh_minutes"),
        ("dwell_seconds = {}", "dwell_seconds"),
        ("compact = {}", "compact"),
        ("compact = [{}]", "compact"),
        ("notify = {}", "notify"),
        ("notify = [{}]", "notify"),
        ("theme = {}", "theme"),
        ("marks_dir = {}", "marks_dir"),
        ("browser = [{}]", "browser"),
        ("columns = {}", "columns"),
        ('columns = ["id", {}]', "columns"),
        ('keys."mark.star" = {}', "keys.mark.star"),
        ('keys."mark.star" = [{}]', "keys.mark.star"),
        ("keys = {}", "keys"),
        ("hooks = {}", "hooks"),
        ("hooks.seconds = {}", "hooks.seconds"),
        ("weather = {}", "weather"),
        ("translation = {}", "translation"),
    ],
)
def test_a_huge_number_is_refused(file: Path, setting: str, key: str, number: str) -> None:
    number = number.replace("-0", "0")
    found, told = read(file, f"ascii = true\n{setting.format(number)}\n")
    assert found == Settings(ascii=True)
    assert len(told) == 1
    assert told[0].startswith(f"2: {key}: ")
    assert told[0].isprintable()
    assert len(told[0]) < 300


def test_a_number_beyond_64_bits_is_called_too_large(file: Path) -> None:
    assert read(file, f"refresh_minutes = {2**63}")[1] == [
        "1: refresh_minutes: the number is too large; until then 60 holds."
    ]
    (told,) = read(file, f"refresh_minutes = {2**63 - 1}")[1]
    assert told.startswith("1: refresh_minutes: 9223372036854775807 is no whole number from 1 to")


@pytest.mark.parametrize(
    "text",
    ["{} = nord", "theme = {{ {} = 1, {} = 2 }}", "{} = 1\n{} = 2", '"{}\u0007" = 1', "{} 1"],
)
def test_a_slip_at_a_huge_name_is_told_shortly(file: Path, text: str) -> None:
    found, told = read(file, text.format(*["f" * 5000] * 2))
    assert found == Settings()
    assert told
    assert max(map(len, told)) < 300


@pytest.mark.parametrize("key", ["tokens_per_day", "requests_per_minute", "at_once", "timeout"])
def test_a_huge_limit_is_none(file: Path, key: str) -> None:
    found, told = read(file, f"[translation]\n{SERVICE}{key} = {HUGE}\n")
    assert found.translation is None
    assert told == [f"4: translation.{key}: the number is too large; nothing is translated."]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"[translation]\n{SERVICE}tokens_per_day = 50 000\n", 4),
        (f"[translation] # mine\n{SERVICE}\nonly a few\n", 5),
        (f'["translation"]\n{SERVICE}tokens_per_day 5\n[hooks]\nseconds = 3\n', 4),
        (f"[translation]\n{SERVICE}at_once = 1\nat_once = 2\n", 5),
        (f"{DOTTED}translation.tokens_per_day = 50 000\n", 3),
        (f"{DOTTED}'translation'.tokens_per_day = 50 000\n", 3),
        (f"{DOTTED}translation.tokens_per_day = 5\n000\n", 4),
        (f"[translation]\n{SERVICE}[translation]\ntokens_per_day = 5\n", 4),
        (f"[translation]\n{SERVICE}[hooks]\n[translation.\ntokens_per_day = 5\n", 5),
        (f"[hooks]\nseconds = 3\n[translation]\n{SERVICE}[hooks]\ntimeout = \n", 6),
        (f'[translation]\n{SERVICE}x = [\n["hooks"]\n]\ntokens_per_day = 5x\n', 7),
        ('translation = { base_url = "https://host.example/v1", model = "m", at_once = 1x }\n', 1),
    ],
    ids=["value", "prose", "quoted", "twice", "dotted", "quoted-dotted", "half", "table-twice",
         "table-broken", "other-twice", "list", "inline"],
)  # fmt: skip
def test_a_slip_among_the_limits_lets_nothing_be_sent(file: Path, text: str, line: int) -> None:
    found, told = read(file, text)
    assert found.translation is None
    assert [one for one in told if one.endswith(UNTIL)] == [
        f"{line}: translation: a line of it is left out, which may be a limit; {UNTIL}"
    ]


def test_a_slip_elsewhere_lets_the_service_be(file: Path) -> None:
    text = f"theme = nord\n[translation]\n{SERVICE}at_once = 1\n[hooks]\nseconds = 1 0\n"
    found, told = read(file, text)
    assert found.translation is not None
    assert found.translation.at_once == 1
    assert len(told) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[hooks]\non_star = [\n "~/bin/push"]\n "--dry-run",\n]\nseconds = 3',
         ["4: a setting is written as name = value; the lines 2 to 5 are left out."]),
        ('[hooks]\non_star = [\n "~/bin/push"]\n "--tag=dry",\n]\nseconds = 3',
         ["4: a setting is written as name = value; the lines 2 to 5 are left out."]),
        ('[hooks]\non_star = ["~/bin/push"]\n\n # for now\n "--dry-run"\n]\nseconds = 3', None),
        ('[hooks]\non_star = ["~/bin/push"]\n]\nseconds = 3', None),
        ('[hooks]\non_star = [\n "~/bin/push"]\n --dry,\n]\nseconds = 3', None),
        ('[hooks]\non_star = [\n "~/bin/push"]\n --dry=1,\n]\nseconds = 3', None),
        ('[hooks]\non_star = [\n "~/bin/push",\n ] # all\n { dry = true }\n]\nseconds = 3', None),
        ('[hooks]\non_star = [\n "~/bin/push",\n "a = b", ]\n "--dry-run"\n]\nseconds = 3', None),
    ],
)  # fmt: skip
def test_a_list_that_ends_too_early_is_left_out_whole(
    file: Path, text: str, told: list[str] | None
) -> None:
    found, all_told = read(file, text)
    assert found == Settings(hooks=Hooks(seconds=3))
    assert all_told
    assert told in (None, all_told)


@pytest.mark.parametrize("name", ["browser", "columns", "pdf"])
def test_each_list_that_ends_too_early_is_left_out_whole(file: Path, name: str) -> None:
    text = f'ascii = true\n{name} = [\n  "id"]\n  "type",\n]\ncompact = true\n'
    found, told = read(file, text)
    assert found == Settings(ascii=True, compact=True)
    assert [one.partition(":")[0] for one in told] == ["4"]


def test_prose_below_a_list_leaves_it_be(file: Path) -> None:
    found, told = read(file, 'columns = ["id"]\ncompact true\nascii = true\n')
    assert found == Settings(columns=("id",), ascii=True)
    assert told == ["2: a setting is written as name = value; this line is left out."]


def test_what_is_too_broken_is_told_with_its_first_line(file: Path) -> None:
    (told,) = read(file, "compact = true\n" + "no toml\n\n" * 30)[1]
    assert told == "2: a setting is written as name = value; it is as if nothing were set."
    (told,) = read(file, "x = 1\n" * 10_000)[1]
    assert told.startswith("2: it is set for a second time")


def test_comments_make_no_file_too_long_to_be_mended(file: Path) -> None:
    found, told = read(file, f"{'# a comment that goes on' * 10}\n" * 400 + "x y\nascii = true\n")
    assert found == Settings(ascii=True)
    assert told == ["401: a setting is written as name = value; this line is left out."]


@pytest.mark.parametrize(
    "text",
    [
        f"ascii = true\n{'.'.join('a' * 20_000)} = 1\n",
        f"ascii = true\n[{'.'.join('a' * 20_000)}]\n",
        "ascii = true\nx = { " + ' . "b" . '.join("a" * 10_000) + " = 1 }\n",
        "ascii = true\nkeys" + ".'x'" * 20_000 + " = 1\n",
    ],
    ids=["key", "table", "inline", "quoted"],
)
def test_a_name_of_thousands_of_parts_is_refused(file: Path, text: str) -> None:
    tracemalloc.start()
    try:
        found, told = read(file, text)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found == Settings()
    assert told == ["2: a name in it has dozens of parts; it is as if nothing were set."]
    assert most < 20_000_000


def test_dots_in_texts_and_comments_are_no_parts(file: Path) -> None:
    text = f'# {"." * 200}\n# see {"...".join("abc" * 30)}\ntheme = "a{"." * 100}b"\n'
    assert read(file, text) == (Settings(theme=f"a{'.' * 100}b"), [])


def test_what_was_meant_is_sought_only_for_what_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def closest(word: str, _: object) -> None:
        asked.append(word)

    monkeypatch.setattr("storage.settings.checking.closest", closest)
    assert len(read(file, "".join(f"nothing_{number} = 1\n" for number in range(3000)))[1]) == 51
    assert len(asked) == 50

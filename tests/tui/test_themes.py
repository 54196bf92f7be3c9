"""Themes: ours, Textual's and the reader's own; what is wrong in a file; choosing one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from storage.locations import settings_file
from storage.place import Place
from storage.settings import Settings
from tests.e2e.program import command
from tests.tui.reader import reading
from tui.driver import BackgroundTold
from tui.inks import Inks, Manner, Palette, contrast, palette, palette_of
from tui.screens.theme_choice import ThemeScreen
from tui.themes import DARK, LIGHT, OURS, Themes, light_by
from tui.themes.checking import checked
from tui.themes.own_files import own_themes, themes_folder
from tui.themes.trial import fault_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App
    from textual.theme import Theme

    from tests.tui.reader import Reader

DUSK = """
primary = "#ff8800"
background = "#202030"
foreground = "#f0f0f0"
[variables]
border = "teal 50%"
"""


DARK_KEYS = {
    "primary", "secondary", "warning", "error", "success", "accent", "foreground", "background",
    "surface", "panel", "boost",
}  # fmt: skip
"""What a theme says as keys of its own, not among its variables."""


def write_theme(name: str, text: str | bytes) -> Path:
    path = themes_folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def themes_of(
    settings: Settings | None = None, place: Place | None = None, **environ: str
) -> Themes:
    override = environ.get("TEXTUAL_THEME")
    return Themes(settings or Settings(), place or Place(), environ, override)


def ground_of(reader: Reader) -> str:
    """The colour that everything stands on."""
    ground = palette_of(cast("App[object]", reader.app)).page.text.bgcolor
    assert ground is not None
    return ground.name


# Contrast: checked with the tables of W3C's definition, not with the code's own numbers.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(Color.parse(one), Color.parse(other)) == pytest.approx(ratio, abs=0.01)


def _pairs(inks: Inks) -> list[tuple[Color, Color]]:
    pairs = []
    for style in inks:
        assert style.color is not None
        assert style.bgcolor is not None
        pairs.append((Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)))
    return pairs


def _palette(theme: Theme, manner: Manner) -> Palette:
    names = theme.foreground, theme.background, theme.surface, theme.panel
    inks = theme.primary, theme.warning, theme.error, theme.success
    return palette(manner, *map(str, (*names, *inks)))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_with_high_contrast_everything_can_be_read(theme: Theme) -> None:
    for inks in _palette(theme, Manner(is_strong=True)):
        assert min(contrast(*pair) for pair in _pairs(inks)) >= 7


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("manner", [Manner(is_strong=True), Manner(by_shape=True)])
def test_without_colours_shapes_tell_rows_and_words_apart(theme: Theme, manner: Manner) -> None:
    page, _, cursor, idle, selected = _palette(theme, manner)
    shapes = [
        (style.text.reverse, style.text.underline, style.text.bold)
        for style in (page, cursor, idle, selected)
    ]
    assert len(set(shapes)) == 4
    for inks in (page, cursor):
        assert inks.match.reverse != inks.text.reverse
    assert page.link.underline
    assert page.focused.underline
    assert not page.strong.underline
    assert page.added.underline
    assert page.removed.strike


async def test_every_theme_is_drawn(tmp_path: Path) -> None:
    write_theme("dusk.toml", DUSK)
    async with reading(tmp_path, size=(80, 20)) as reader:
        names = [*OURS, "dusk", *BUILTIN_THEMES]
        assert sorted(reader.app.themes.all()) == sorted(names)
        for name in names:
            reader.app.themes.choose(name)
            reader.app.set_theme()
            await reader.pilot.pause()
            assert reader.app.current_theme.name == name
            assert "Attention Is All You Need" in reader.rows[0]


async def test_no_color_reverses_the_cursor_and_says_the_focus_by_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with reading(tmp_path) as reader:
        row = reader.table.render_row(0, 100)
        assert all(segment.style and segment.style.reverse for segment in row)
        title = list(reader.detail.render_line(0))
        assert not any(segment.style and segment.style.underline for segment in title)
        await reader.press("2")
        title = [segment for segment in reader.detail.render_line(0) if segment.text.strip()]
        assert all(segment.style and segment.style.underline for segment in title)
        for segment in reader.detail.render_lines(reader.detail.size.region)[0]:
            assert segment.style is not None
            assert segment.style.color is not None
            assert len(set(segment.style.color.get_truecolor())) == 1


@pytest.mark.parametrize(
    ("colours", "light"),
    [
        ("", None), ("15;0", False), ("0;15", True), ("0;default;15", True), ("7;8", False),
        ("0;7", True), ("0;9", True), ("15;default", None), ("0;99", None), ("x", None),
    ],
)  # fmt: skip
def test_what_the_environment_says_of_the_background(colours: str, light: bool | None) -> None:
    assert light_by(colours) is light


def test_the_theme_is_the_last_one_that_was_decided_on() -> None:
    auto, nord = Settings(), Settings(theme="nord")
    assert themes_of().name() == "digest-dark"
    assert themes_of(place=Place(light=True)).name() == "digest-light"
    assert themes_of(Settings(light_theme="gruvbox"), Place(light=True)).name() == "gruvbox"
    assert themes_of(nord).name() == "nord"
    chosen = Place(theme="dracula", theme_before="auto")
    assert themes_of(auto, chosen).name() == "dracula"
    # The settings were changed since it was chosen.
    assert themes_of(nord, chosen).name() == "nord"
    assert themes_of(nord, chosen, TEXTUAL_THEME="monokai").name() == "monokai"
    assert themes_of(nord, chosen, TEXTUAL_THEME="no such").name() == "nord"
    # For one run only.
    overridden = themes_of(auto, chosen, TEXTUAL_THEME="monokai")
    assert overridden.added_to(Place()) == chosen
    running = themes_of(auto, chosen)
    running.take(nord)
    assert running.name() == "nord"
    assert running.added_to(Place()) == Place()


def test_an_unknown_theme_is_named_with_the_nearest_one() -> None:
    themes = themes_of(Settings(theme="gruvboxx"))
    assert themes.name() == "digest-dark"
    assert themes.take_faults() == [
        "There is no theme gruvboxx; did you mean gruvbox? digest-dark is used."
    ]
    assert themes.take_faults() == []


def test_files_are_read_only_for_a_theme_that_is_not_ours_or_textual_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise AssertionError

    monkeypatch.setattr("tui.themes.own_files.own_themes", fail)
    assert themes_of(Settings(theme="nord")).name() == "nord"
    assert themes_of().name() == "digest-dark"


def test_a_theme_of_ones_own() -> None:
    path = write_theme("dusk.toml", DUSK)
    write_theme("named.toml", 'name = "暮"\ndark = false\n')
    read = own_themes()
    assert read.faults == ()
    dusk, named = read.themes
    assert (dusk.path, dusk.theme.name, dusk.theme.primary) == (path, "dusk", "#ff8800")
    assert dusk.theme.dark
    assert dusk.theme.variables == {"border": "teal 50%"}
    # What it does not say follows from its background, or is as in ours.
    assert dusk.theme.surface not in (None, DARK.surface)
    assert dusk.theme.warning == DARK.warning
    assert (named.theme.name, named.theme.primary) == ("暮", LIGHT.primary)


def test_a_light_background_makes_a_light_theme() -> None:
    theme = checked({"background": "#fff8e0"}, "paper").theme
    assert theme is not None
    assert not theme.dark
    assert theme.primary == LIGHT.primary
    ground, ink = Color.parse(theme.background or ""), Color.parse(theme.foreground or "")
    assert contrast(ground, ink) > 7


WRONG = {
    'primary = "#7aa2f"': ("primary", "'#7aa2f' is no colour"),
    'primary = "tael"': ("primary", "did you mean teal"),
    "primary = 7": ("primary", 'write a colour in quotes, such as "#7aa2f7"'),
    'primary = "ansi_blue"': ("primary", "ansi = true"),
    'background = "#1111"': ("background", "opaque"),
    'primry = "red"': ("primry", "did you mean primary?"),
    "colour = 1": ("colour", "no such key"),
    'dark = "yes"': ("dark", "true or false"),
    "text_alpha = 3": ("text_alpha", "from 0 to 1"),
    "luminosity_spread = nan": ("luminosity_spread", "from 0 to 1"),
    "variables = 1": ("variables", "[variables]"),
    '[variables]\nborder = "none of it"': ("variables.border", "is no colour"),
    '[variables]\nbordr = "red"': ("variables.bordr", "did you mean border?"),
    '[variables]\nprimary = "red"': ("variables.primary", "as a key of the theme"),
    '[variables]\nborder = 3': ("variables.border", "a colour in quotes"),
    '[variables]\nborder = "$primary"': ("variables.border", "is no colour"),
    '[variables]\nlink-style = "loud"': ("variables.link-style", "such as"),
    '[variables]\nprimary-lighten-1 = "auto 50%"': ("variables.primary-lighten-1", "no colour"),
    '[variables]\nborder = "auto 50%"': ("variables.border", "'auto 50%' is no colour"),
    '[variables]\nlink-background = "initial"': ("variables.link-background", "is no colour"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named_and_the_rest_holds(text: str) -> None:
    key, reason = WRONG[text]
    path = write_theme("mine.toml", f'accent = "#123456"\n{text}\n')
    read = own_themes()
    assert [str(fault).startswith(f"{path}: {key}: ") for fault in read.faults] == [True]
    assert reason in str(read.faults[0])
    (own,) = read.themes
    assert own.theme.accent == "#123456"
    # Textual can make all its colours of it.
    assert own.theme.to_color_system().generate()["accent"] == "#123456"


def test_whatever_a_variable_may_be_can_be_drawn() -> None:
    names = sorted(DARK.to_color_system().generate().keys() - DARK_KEYS)
    values = ["auto", "auto 50%", "initial", "transparent", "ansi_red", "red 300%", "none", "bold"]
    for value in values:
        theme = checked({"variables": dict.fromkeys(names, value)}, "mine").theme
        assert theme is not None
        assert fault_of(theme) == "", value
        if value == "auto 50%":
            assert theme.variables["text-muted"] == "auto 50%"
            assert theme.variables["footer-key-foreground"] == "auto 50%"
            assert "border" not in theme.variables


@pytest.mark.parametrize(
    "theme", [*OURS.values(), *BUILTIN_THEMES.values()], ids=lambda one: one.name
)
def test_ready_made_themes_can_be_drawn(theme: Theme) -> None:
    assert fault_of(theme) == ""


@pytest.mark.parametrize(
    "text", ["ansi = true", "ansi = true\ndark = false\nprimary = 'ansi_green'"]
)
async def test_a_theme_in_the_terminal_s_colours_is_drawn(tmp_path: Path, text: str) -> None:
    write_theme("mine.toml", text)
    async with reading(tmp_path, settings=Settings(theme="mine")) as reader:
        assert reader.app.theme == "mine"
        for keys in ("question_mark", "ctrl+p", "slash", "e"):
            await reader.press(keys, "escape")
        assert "Attention Is All You Need" in reader.rows[0]
        reader.app.show_theme("nord")
        await reader.settle()
        reader.app.show_theme("mine")
        await reader.settle()
        assert reader.app.current_theme.ansi


async def test_a_theme_that_nobody_can_draw_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_theme("mine.toml", '[variables]\nborder = "auto 50%"\n')
    monkeypatch.setattr("tui.themes.checking._fault_of_variable", lambda _name, _value: "")
    told = f"{path}: Textual cannot draw with its border; the theme is left out."
    async with reading(tmp_path, settings=Settings(theme="mine")) as reader:
        assert reader.app.theme == "digest-dark"
        assert reader.session.mistakes == (told,)
    monkeypatch.setattr("tui.themes.checking._usual_variables", lambda _said: {})
    write_theme("mine.toml", "ansi = true\n")
    async with reading(tmp_path / "previewed") as reader:
        reader.app.show_theme("mine")
        await reader.settle()
        assert reader.app.theme == "digest-dark"
        (fault,) = reader.app.take_theme_faults()
        assert fault.startswith(f"{path}: Textual cannot draw in it (")
        assert "ansi-background" in fault


UNUSABLE = {
    "line 2: it is not TOML": b"# mine\nprimary = ",
    "line 1: text stands in quotes": b"primary = red",
    "this is not UTF-8": b'primary = "\xff"',
    "this is too long": b"#" * 70_000,
    "cannot name a theme": b'name = "a, b"',
    "write a name of a few letters": b"name = 3",
    "nord is there already": b'name = "nord"',
    "digest-dark is there already": b'name = "digest-dark"',
    "'auto' cannot name": b'name = "auto"',
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_a_file_that_is_no_theme_is_named_and_left_out(reason: str) -> None:
    path = write_theme("mine.toml", UNUSABLE[reason])
    write_theme("other.toml", DUSK)
    read = own_themes()
    assert [own.theme.name for own in read.themes] == ["other"]
    (fault,) = map(str, read.faults)
    assert fault.startswith(f"{path}: ")
    assert reason in fault
    assert "left out" in fault


def test_two_files_of_one_name_and_things_that_are_no_files() -> None:
    write_theme("a.toml", 'name = "same"\nprimary = "red"\n')
    write_theme("b.toml", 'name = "same"\n')
    (themes_folder() / "folder.toml").mkdir()
    os.mkfifo(themes_folder() / "pipe.toml")
    (themes_folder() / "gone.toml").symlink_to("nowhere")
    read = own_themes()
    assert [own.theme.primary for own in read.themes] == ["red"]
    told = {fault.path.name: fault.fault.reason for fault in read.faults}
    assert sorted(told) == ["b.toml", "folder.toml", "gone.toml", "pipe.toml"]
    assert "same is the theme of a.toml already" in told["b.toml"]


def test_no_folder_is_no_fault_and_a_file_in_its_place_is_one() -> None:
    assert own_themes() == ((), ())
    themes_folder().parent.mkdir(parents=True, exist_ok=True)
    themes_folder().write_text("")
    (fault,) = own_themes().faults
    assert str(fault).startswith(f"{themes_folder()}: ")


async def test_a_broken_theme_is_drawn_as_far_as_it_holds_and_told(tmp_path: Path) -> None:
    write_theme("dusk.toml", f'surface = "no"\n{DUSK}link-style = "loud"\nunheard = "of"\n')
    async with reading(tmp_path, settings=Settings(theme="dusk")) as reader:
        assert ground_of(reader) == "#202030"
        assert len(reader.session.mistakes) == 3
        assert any("surface" in str(problem) for problem in reader.session.problems())


async def test_themes_are_shown_while_one_looks_and_kept_when_chosen(tmp_path: Path) -> None:
    write_theme("dusk.toml", DUSK)
    async with reading(tmp_path) as reader:
        await open_themes(reader)
        await reader.press("j", "j")
        assert reader.app.theme == "digest-light"
        await reader.press("j")
        assert reader.app.theme == "dusk"
        assert ground_of(reader) == "#202030"
        await reader.press("escape")
        assert reader.app.theme == "digest-dark"
        assert reader.app.themes.added_to(Place()) == Place()
        await open_themes(reader)
        await reader.press("j", "j", "j", "enter")
        assert reader.app.theme == "dusk"
        assert "dusk" in reader.hint
        assert reader.app.themes.added_to(Place()).theme == "dusk"
        # Back to what the settings say.
        await open_themes(reader)
        await reader.press("g", "enter")
        assert reader.app.theme == "digest-dark"
        assert reader.app.themes.added_to(Place()).theme == ""


async def open_themes(reader: Reader) -> None:
    reader.app.screen.run_later("view.theme")  # type: ignore[attr-defined] # the reading one
    await reader.settle()
    assert isinstance(reader.app.screen, ThemeScreen)


async def test_a_theme_that_is_only_looked_at_is_not_remembered(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await open_themes(reader)
        await reader.press("j", "j")
        assert reader.app.theme == "digest-light"
    # As it is left, in the middle of looking.
    assert reader.session.place.theme == ""


async def test_settings_that_are_saved_while_one_looks_hold_afterwards(tmp_path: Path) -> None:
    before, after = Settings(), Settings(theme="nord")
    place = Place(theme="dracula", theme_before="auto")
    async with reading(tmp_path, settings=before, place=place) as reader:
        assert reader.app.theme == "dracula"
        parts = reader.app.screen.parts  # type: ignore[attr-defined] # the reading one's
        await open_themes(reader)
        await reader.press("j")
        looked_at = reader.app.theme
        reader.session.settings = after
        parts.follow_settings(before, after)
        assert reader.app.theme == looked_at
        await reader.press("escape")
        assert reader.app.theme == "nord"


async def test_what_is_wrong_is_told_once_however_often_the_terminal_changes(
    tmp_path: Path,
) -> None:
    settings = Settings(dark_theme="nope", light_theme="nope")
    async with reading(tmp_path, settings=settings) as reader:
        for light in (True, False, True, False):
            reader.app.post_message(BackgroundTold(light))
            await reader.pilot.pause()
        told = [
            f"There is no theme nope; digest-tui themes lists them; {usual} is used."
            for usual in ("digest-dark", "digest-light")
        ]
        assert list(reader.session.mistakes) == told[:1]
        assert reader.app.take_theme_faults() == told[1:]
        assert reader.app.take_theme_faults() == []


async def test_a_theme_whose_file_is_gone_is_drawn_no_more(tmp_path: Path) -> None:
    path = write_theme("dusk.toml", DUSK)
    async with reading(tmp_path, settings=Settings(theme="dusk")) as reader:
        assert reader.app.theme == "dusk"
        path.unlink()
        await open_themes(reader)
        await reader.press("escape")
        assert reader.app.theme == "digest-dark"
        assert reader.hint == (
            "There is no theme dusk; digest-tui themes lists them; digest-dark is used."
        )


def test_the_name_of_a_file_does_not_steer_the_terminal() -> None:
    write_theme("a\x1b]0;title\x07.toml", 'name = "mine"\n')
    result = command("themes")
    assert "mine" in result.stdout
    assert "\x1b" not in result.stdout
    assert "a ]0;title .toml" in result.stdout


def test_the_command_lists_all_and_marks_the_one_in_force() -> None:
    path = write_theme("dusk.toml", f"{DUSK}bordr = 'red'\n")
    settings_file().write_text('theme = "dusk"\n')
    result = command("themes")
    lines = result.stdout.splitlines()
    assert len(lines) == 3 + len(BUILTIN_THEMES)
    assert lines[0].split() == ["digest-dark", "dark", "digest-tui"]
    assert lines[1].split() == ["digest-light", "light", "digest-tui"]
    assert lines[2].split(maxsplit=3) == ["★", "dusk", "dark", str(path)]
    assert [line for line in lines if "★" in line] == [lines[2]]
    assert ["nord", "dark", "Textual"] in [line.split() for line in lines]
    assert result.returncode == 1
    assert f"{path}: variables.bordr: there is no such key; did you mean border?" in result.stderr

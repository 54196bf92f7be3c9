"""What only the reader knows to be wrong in the settings: keys that clash, themes that are not there."""

from __future__ import annotations

import pytest

from storage.locations import settings_file
from tui.settings_mistakes import checked


def told(text: str) -> list[str]:
    """What is told of the settings: each without the file's name."""
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(text, "utf-8")
    return [one.removeprefix(f"{settings_file()}:") for one in checked(settings_file()).mistakes]


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ('compact = true\n[keys]\n"mark.strar" = "x"\n', "3: keys.mark.strar: there is no such"),
        ("compact = true\n[keys]\nmark.strar = 'x'\n", "3: keys.mark.strar: there is no such"),
        ('keys."mark.strar" = "x"\n', "1: keys.mark.strar: there is no such"),
        ('\nkeys = { "mark.strar" = "x" }\n', "2: keys.mark.strar: there is no such"),
        ('[keys.mark]\nstar = "x"\nstrar = "z"\n', "3: keys.mark.strar: there is no such"),
        (
            'compact = true\ntheme = "nrod"\n',
            "2: theme: There is no theme nrod; did you mean nord?",
        ),
        ('light_theme = "nrod"\n', "1: light_theme: There is no theme nrod; did you mean nord?"),
    ],
)
def test_it_is_told_with_its_line(text: str, begun: str) -> None:
    (mistake,) = told(text)
    assert mistake.startswith(begun)
    assert mistake.endswith(".")


def test_all_is_told_in_the_order_of_the_lines() -> None:
    text = '[keys]\n"mark.strar" = "x"\n[hooks]\non_star = 1\n[colours]\n'
    assert [one.partition(":")[0] for one in told(text)] == ["2", "4", "5"]
    assert [one.partition(":")[0] for one in told(f'dark_theme = "nrod"\n{text}')] == [
        "1",
        "3",
        "5",
        "6",
    ]


def test_what_is_wrong_in_a_theme_of_ones_own_is_told_too() -> None:
    folder = settings_file().parent / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('primary = "no colour"\n', "utf-8")
    mistakes = told('theme = "mine"\n')
    assert mistakes
    assert any(str(folder / "mine.toml") in one for one in mistakes)


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert told('theme = "nord"\nkeymap = "vim"\n[keys]\n"mark.star" = ["f5"]\n') == []
    settings_file().unlink()
    assert checked(settings_file()).mistakes == ()

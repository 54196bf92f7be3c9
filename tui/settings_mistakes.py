"""Everything that is wrong in the settings, also what only the terminal's half can know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.place import Place
from storage.settings import AUTO, Settings
from storage.settings.mistakes import Mistake
from storage.settings.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.settings.reading import File

_THEMES = ("theme", "dark_theme", "light_theme")


class Checked(NamedTuple):
    """A file of settings that was looked at from all sides.

    Attributes:
        settings: What holds.
        mistakes: What is wrong, a sentence each, from the first line to the last.
        is_read: Whether the file could be read; else it is as if nothing were set.
    """

    settings: Settings
    mistakes: tuple[str, ...] = ()
    is_read: bool = True


def unwritten(path: Path, error: OSError) -> str:
    """Say that the file that explains all settings could not be written."""
    return tr(
        "{path} could not be written ({reason}); your settings are as they were.",
        path=path,
        reason=reason_of(error),
    )


def checked(path: Path) -> Checked:
    """Read the settings, and look whether there are such themes and the keys do not clash."""
    file = read_file(path)
    of_themes, of_own_themes = _of_themes(path, file)
    found = [*file.mistakes, *mistakes_of_keys(path, file), *of_themes]
    found.sort(key=lambda one: one.line or 0)
    return Checked(file.settings, (*map(str, found), *of_own_themes), file.is_read)


def mistakes_of_keys(path: Path, file: File) -> Iterator[Mistake]:
    """Yield which keys clash, cannot be pressed or run nothing; ``file`` was read from ``path``."""
    settings = file.settings
    if settings.keymap == Settings().keymap and not settings.keys:
        return
    from tui.keymap.building import build  # noqa: PLC0415 -- for those who set something

    complaints = build(settings.keymap, settings.keys)[1]
    lines = file.lines
    for key, reason in complaints:
        table, _, action = key.partition(".")
        ways = ((table, action), (table, *action.split(".")))
        line = next(filter(None, map(lines.known.get, ways)), lines.of((table,)))
        yield Mistake(path, line, key, tr("{reason}.", reason=reason))


def _of_themes(path: Path, file: File) -> tuple[list[Mistake], list[str]]:
    """Return which themes there are not, and what is wrong in the files of the reader's own ones."""
    usual, settings = Settings(), file.settings
    keys = [key for key in _THEMES if getattr(settings, key) != getattr(usual, key)]
    if not keys:
        return [], []
    from tui.themes import DARK, LIGHT, Themes, unknown  # noqa: PLC0415 -- for those who set one

    themes = Themes(settings, Place(), {})
    found = []
    for key in keys:
        name = getattr(settings, key)
        if name != AUTO and themes.get(name) is None:
            instead = LIGHT.name if key == "light_theme" else DARK.name
            said = unknown(name, sorted(themes.all()), instead)
            found.append(Mistake(path, file.lines.of((key,)), key, said))
    themes.all()
    return found, themes.take_faults()

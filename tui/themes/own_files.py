"""The reader's own themes: the files ``themes/*.toml`` beside the settings."""

from __future__ import annotations

import os
import stat
import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.locations import settings_file
from storage.wording import said_of
from tui.themes import OURS
from tui.themes.checking import Fault, checked

if TYPE_CHECKING:
    from pathlib import Path

    from textual.theme import Theme

FOLDER: Final = "themes"
_SIZE_LIMIT: Final = 64 * 1024
_MOST: Final = 500


class Own(NamedTuple):
    """A theme and the file that it is from."""

    theme: Theme
    path: Path


class FileFault(NamedTuple):
    """Something wrong in a file; ``str`` of it is a whole sentence."""

    path: Path
    fault: Fault

    def __str__(self) -> str:
        key, reason = self.fault
        said = tr("{reason}.", reason=reason)
        return said_of(self.path, said_of(key, said) if key else said)


class OwnThemes(NamedTuple):
    """What the files hold."""

    themes: tuple[Own, ...]
    faults: tuple[FileFault, ...]


class _UnreadableError(Exception):
    """A file is no theme; ``args[0]`` says why."""


def themes_folder() -> Path:
    """Return the folder of the reader's own themes; it may not be there."""
    return settings_file().parent / FOLDER


def own_themes() -> OwnThemes:
    """Read all files of themes in the order of their names; what is wrong is told, nothing raised."""
    folder = themes_folder()
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")[:_MOST]
    except FileNotFoundError:
        return OwnThemes((), ())
    except OSError as error:
        reason = tr("{error}; no themes are read from here", error=reason_of(error))
        return OwnThemes((), (FileFault(folder, Fault("", reason)),))
    themes: dict[str, Own] = {}
    faults: list[FileFault] = []
    for path in paths:
        try:
            table = _table_of(path)
        except _UnreadableError as error:
            faults.append(FileFault(path, Fault("", str(error))))
            continue
        theme, found = checked(table, path.stem)
        faults += [FileFault(path, fault) for fault in found]
        if theme is None:
            continue
        if reason := _clash(theme.name, themes):
            faults.append(FileFault(path, Fault("name", reason)))
        else:
            themes[theme.name] = Own(theme, path)
    return OwnThemes(tuple(themes.values()), tuple(faults))


def _table_of(path: Path) -> dict[str, Any]:
    """Read a file.

    Raises:
        _UnreadableError: That cannot be done, or it is not TOML.
    """
    text = _text_of(path)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(_toml_fault(text)) from error


def _toml_fault(text: str) -> str:
    from storage.settings.mistakes import UnreadableError  # noqa: PLC0415 -- for mistakes only
    from storage.settings.recovery import recover  # noqa: PLC0415 -- the same

    try:
        first = recover(text).broken[0]
    except UnreadableError as error:
        return tr("{error}; the theme is left out", error=error)
    return tr("line {line}: {reason}; the theme is left out", line=first.line, reason=first.reason)


def _clash(name: str, themes: dict[str, Own]) -> str:
    from textual.theme import BUILTIN_THEMES  # noqa: PLC0415 -- where there are files

    if name in themes:
        return tr(
            "{name} is the theme of {path} already; give this one another name; it is left out",
            name=name,
            path=themes[name].path.name,
        )
    if name in OURS or name in BUILTIN_THEMES:
        return tr("{name} is there already; give this one another name; it is left out", name=name)
    return ""


def _text_of(path: Path) -> str:
    """Read a file of sensible size, without waiting for a writer of a named pipe.

    Raises:
        _UnreadableError: That cannot be done.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _UnreadableError(tr("this is no file; the theme is left out"))
            data = file.read(_SIZE_LIMIT + 1)
        if len(data) > _SIZE_LIMIT:
            raise _UnreadableError(tr("this is too long for a theme; it is left out"))
        return data.decode("utf-8-sig")
    except OSError as error:
        reason = tr("{error}; the theme is left out", error=reason_of(error))
        raise _UnreadableError(reason) from error
    except UnicodeDecodeError as error:
        raise _UnreadableError(tr("this is not UTF-8; the theme is left out")) from error

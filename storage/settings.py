"""The user's settings: one TOML file, which digest-tui reads and never writes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Settings(NamedTuple):
    """What the user set.

    Attributes:
        marks_dir: The folder of the marks; None where it is left to digest-tui.
    """

    marks_dir: Path | None = None


class _SettingError(Exception):
    """``str`` of it is a clause that says what is wrong."""


def load(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Read the settings; what is wrong in them is left out and told.

    Returns:
        The settings, and what is wrong with their file: one sentence each.
    """
    try:
        return _settings(path), ()
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
    except _SettingError as error:
        reason = str(error)
    return Settings(), (f"{path}: {reason}; it is as if nothing were set.",)


def _settings(path: Path) -> Settings:
    data = path.read_bytes()
    import tomllib  # noqa: PLC0415 -- only for those who set something

    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _SettingError(f"it is not UTF-8 text at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise _SettingError(f"it is not TOML: {error}") from error
    folder = found.get("marks_dir")
    if folder is None:
        return Settings()
    if not isinstance(folder, str) or not folder.strip():
        raise _SettingError('marks_dir is no path; write it as marks_dir = "~/Sync/marks"')
    return Settings(Path(folder).expanduser())

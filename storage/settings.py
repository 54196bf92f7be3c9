"""The user's settings: one TOML file, which digest-tui reads and never writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from storage.translation.configuration import Configuration

OFF, TERMINAL, DESKTOP = NOTIFY = ("off", "terminal", "desktop")
"""What tells of new papers that came by themselves."""
MINUTES, USUAL_MINUTES = range(1, 24 * 60 + 1), 60
"""What ``refresh_minutes`` may be, and is where nothing is set."""


class Settings(NamedTuple):
    """What the user set.

    Attributes:
        marks_dir: The folder of the marks; None where it is left to digest-tui.
        refresh_minutes: How often a source is fetched by itself.
        notify: One of ``NOTIFY``.
        translation: The service that translates; None where nothing is to be sent.
    """

    marks_dir: Path | None = None
    refresh_minutes: int = USUAL_MINUTES
    notify: str = OFF
    translation: Configuration | None = None


class _SettingError(Exception):
    """``str`` of it is a clause that says what is wrong."""


def current() -> Settings:
    """Return what is set at this moment; whoever opens the marks tells what is wrong in the file."""
    from storage.locations import settings_file  # noqa: PLC0415 -- behind the screen

    return load(settings_file())[0]


def load(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Read the settings; what is wrong in them is left out and told.

    Returns:
        The settings, and what is wrong with their file: one sentence each.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
    except _SettingError as error:
        reason = str(error)
    return Settings(), (f"{path}: {reason}; it is as if nothing were set.",)


def _read(path: Path) -> tuple[Settings, tuple[str, ...]]:
    data = path.read_bytes()
    import tomllib  # noqa: PLC0415 -- only for those who set something

    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _SettingError(f"it is not UTF-8 text at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise _SettingError(f"it is not TOML: {error}") from error
    settings = Settings(_marks_dir(found))
    told = []
    minutes = found.get("refresh_minutes", settings.refresh_minutes)
    if type(minutes) is int and minutes in MINUTES:
        settings = settings._replace(refresh_minutes=minutes)
    else:
        told.append(
            f"refresh_minutes is no number from 1 to {MINUTES[-1]}; it is as if it were {USUAL_MINUTES}."
        )
    if (way := found.get("notify", OFF)) in NOTIFY:
        settings = settings._replace(notify=way)
    else:
        told.append('notify is none of "off", "terminal" and "desktop"; nothing is told.')
    if "translation" in found:
        from storage.translation.configuration import (  # noqa: PLC0415 -- only for those who set it
            configuration_in,
        )

        translation, notices = configuration_in(found["translation"])
        settings = settings._replace(translation=translation)
        told += notices
    return settings, tuple(f"{path}: {notice}" for notice in told)


def _marks_dir(found: dict[str, Any]) -> Path | None:
    folder = found.get("marks_dir")
    if folder is None:
        return None
    if not isinstance(folder, str) or not folder.strip():
        raise _SettingError('marks_dir is no path; write it as marks_dir = "~/Sync/marks"')
    return Path(folder).expanduser()

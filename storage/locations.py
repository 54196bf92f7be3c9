"""Where digest-tui keeps its files: the XDG base directories and their like elsewhere.

Nothing is made here; whoever writes first makes the folder.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_APPLICATION = "digest-tui"

_library: Path | None = None


def data_dir() -> Path:
    """Return the folder of what is precious and this machine's own, under ``XDG_DATA_HOME``."""
    from platformdirs import user_data_path  # noqa: PLC0415 -- only where a path is asked for

    return user_data_path(_APPLICATION, appauthor=False)


def place_library(folder: Path | None) -> None:
    """Have the library in ``folder`` from now on in this process; None: in the usual one.

    What is made from it, the catalogue above all, is kept apart from that of other libraries. The
    usual folder is the usual one however it is written, and through links too.
    """
    global _library  # noqa: PLW0603 -- the one place where a process keeps what its settings say
    _library = None if folder is None or _is_same(folder, data_dir()) else folder


def _is_same(one: Path, other: Path) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def library_dir() -> Path:
    """Return the folder of the library: ``data_dir``, unless ``place_library`` named another."""
    return data_dir() if _library is None else _library


def marks_dir() -> Path:
    """Return the folder of the reader's marks, in ``data_dir``, unless the settings name another."""
    return data_dir() / "marks"


def first_marks_file() -> Path:
    """Return the file in which the first version kept the marks, in ``data_dir``."""
    return data_dir() / "marks.json"


def settings_file() -> Path:
    """Return the file of the user's settings, under ``XDG_CONFIG_HOME``."""
    from platformdirs import user_config_path  # noqa: PLC0415 -- only where a path is asked for

    return user_config_path(_APPLICATION, appauthor=False) / "settings.toml"


def sources_file() -> Path:
    """Return the file of the sources that the library follows, in ``library_dir``."""
    return library_dir() / "sources.json"


def fetched_dir() -> Path:
    """Return the folder of the documents that were fetched, in ``library_dir``.

    Not in the cache: a feed has other papers tomorrow, and cannot be asked for today's again.
    """
    return library_dir() / "fetched"


def translations_dir() -> Path:
    """Return the folder of the translations that were made here, in ``library_dir``."""
    return library_dir() / "translations"


def views_file() -> Path:
    """Return the file of the saved views and the ignore list, in ``library_dir``."""
    return library_dir() / "views.json"


def cache_dir() -> Path:
    """Return the folder of what can be made again at any time, under ``XDG_CACHE_HOME``."""
    from platformdirs import user_cache_path  # noqa: PLC0415 -- only where a path is asked for

    return user_cache_path(_APPLICATION, appauthor=False)


def catalogue_file() -> Path:
    """Return the file of the library's catalogue, in ``cache_dir``."""
    return _own(cache_dir()) / "library.sqlite3"


def repositories_dir() -> Path:
    """Return the folder of the clones of git repositories, in ``cache_dir``."""
    return _own(cache_dir()) / "repositories"


def state_dir() -> Path:
    """Return the folder of what may be lost without harm, under ``XDG_STATE_HOME``."""
    from platformdirs import user_state_path  # noqa: PLC0415 -- only where a path is asked for

    return user_state_path(_APPLICATION, appauthor=False)


def log_file() -> Path:
    """Return the file of the log, in ``state_dir``."""
    return state_dir() / "digest-tui.log"


def hooks_log_file() -> Path:
    """Return the file of the log of hooks that failed, in ``state_dir``."""
    return state_dir() / "hooks.log"


def place_file() -> Path:
    """Return the file of where the reader left off, in ``state_dir``."""
    return state_dir() / "place.json"


def fetch_record_file() -> Path:
    """Return the file of what came of fetching each source, in ``state_dir``."""
    return _own(state_dir()) / "fetching.json"


def history_file() -> Path:
    """Return the file of what can be undone, in ``state_dir``.

    Not beside the marks: they may lie in a folder that several machines share, and what was done
    here is to be undone here.
    """
    return state_dir() / "history.journal"


def _own(folder: Path) -> Path:
    """Return the part of a folder that is the library's own, where there may be several."""
    if _library is None:
        return folder
    from binascii import crc32  # noqa: PLC0415 -- only for those who set it

    return folder / f"library-{crc32(os.fsencode(_library)):08x}"

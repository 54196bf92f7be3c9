"""What each run begins with: the settings, the language of all that is said, where the library is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import language_of, tr, use
from storage.locations import place_library, settings_file
from storage.settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.settings.mistakes import Mistake

LANGUAGES = ("en", "zh")
"""What ``--lang`` can be."""


class Started(NamedTuple):
    """What a run began with.

    Attributes:
        settings: What holds.
        mistakes: What is wrong in their file.
        language: As the command line asked for it; empty: it did not.
        notices: What else is to be told on the screen.
    """

    settings: Settings
    mistakes: tuple[Mistake, ...] = ()
    language: str = ""
    notices: tuple[str, ...] = ()


def start(wanted: str, environ: Mapping[str, str]) -> Started:
    """Read the settings, speak their language, draw with their signs and place the library where they say.

    Args:
        wanted: The language that the command line asks for; empty: none.
        environ: The environment's variables, which say it where nothing else does.
    """
    path = settings_file()
    settings, mistakes = load(path)
    use(language_of(wanted or settings.language, environ))
    if mistakes:
        # Now that it is known in which language they are told.
        settings, mistakes = load(path)
    if settings.ascii:
        from tui.signs import set_ascii  # noqa: PLC0415 -- for who wants it

        set_ascii(True)
    place_library(settings.library_dir)
    return Started(settings, mistakes, wanted)


def library_fault(settings: Settings) -> str:
    """Say why the folder that the settings name cannot be the library's; empty if it can."""
    folder = settings.library_dir
    if folder is None:
        return ""
    reason = ""
    try:
        os.scandir(folder).close()
    except FileNotFoundError:
        # Whoever writes first makes it; beside a link to nowhere it cannot be made.
        if folder.is_symlink():
            reason = tr("it is a link to a folder that is not there")
    except NotADirectoryError:
        reason = tr("it is no folder")
    except OSError as error:
        reason = reason_of(error)
    if not reason:
        return ""
    return tr(
        "{folder}: this cannot be the folder of your library ({reason}); nothing was changed. See"
        " library_dir in {file}.",
        folder=folder,
        reason=reason,
        file=settings_file(),
    )

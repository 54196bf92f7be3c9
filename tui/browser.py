"""Opening a link in the reader's browser without a word of it reaching the terminal.

The standard library's ``webbrowser`` may start a text browser inside the terminal and lets a
graphical one write its warnings onto the screen; both would ruin it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPENERS = ("xdg-open", "gio open", "wslview")


def browser_command(environ: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """Return the program that opens links here, None where there is no screen to open them on."""
    if chosen := environ.get("BROWSER"):
        return shlex.split(chosen.split(os.pathsep)[0].replace("%s", ""))
    if platform == "darwin":
        return ["open"]
    if not (
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or "WSL_DISTRO_NAME" in environ
    ):
        return None
    for opener in map(shlex.split, _OPENERS):
        if shutil.which(opener[0], path=environ.get("PATH")):
            return opener
    return None


def open_link(url: str, environ: Mapping[str, str]) -> bool:
    """Open ``url``; False where there is no browser, or it cannot be started."""
    command = browser_command(environ)
    if command is None:
        return False
    try:
        subprocess.Popen(  # noqa: S603 -- the user's own browser, no shell
            [*command, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True

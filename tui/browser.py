"""Opening a link in the reader's browser without a word of it reaching the terminal.

The standard library's ``webbrowser`` may start a text browser inside the terminal and lets a
graphical one write its warnings onto the screen; both would ruin it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Say = Callable[[str], None]

_OPENERS = ("xdg-open", "gio open", "wslview")  # tr: no -- programs
_PLACES = re.compile(r"\{(link|file)\}")
_AT_ONCE = 1.0
"""Seconds within which a program that cannot open anything is thought to end."""


def show_link(
    link: str,
    program: Sequence[str],
    environ: Mapping[str, str],
    say: Say = lambda _: None,
) -> str:
    """Open a link in a program that goes on by itself; blocks, for a second or while a PDF is fetched.

    Args:
        link: An address.
        program: The program and its arguments, in which ``{link}`` stands for the link and ``{file}``
            for the path of its PDF, which is fetched for that; where neither is in them, the link is
            added. Empty: what opens links here.
        environ: The environment's variables.
        say: Takes what goes on meanwhile.

    Returns:
        Why it is not open, as a clause; empty if it is, as far as can be known.
    """
    argv = program or browser_command(environ)
    if not argv:
        from tui.keymap.keymap import key_of  # noqa: PLC0415 -- where there is none

        key = key_of("copy.link")
        return tr("no browser here; {key} copies {link}", key=key, link=link)
    placed = {"link": link}
    asked = {name for word in argv for name in _PLACES.findall(word)}
    if "file" in asked:
        from tui.pdf_file import PdfError, pdf_of  # noqa: PLC0415 -- for some programs only

        try:
            placed["file"] = str(pdf_of(link, say))
        except PdfError as error:
            return str(error)
    filled = [_PLACES.sub(lambda match: placed[match[1]], word) for word in argv]
    return _start(filled if asked else [*filled, link], environ)


def browser_command(environ: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """Return the program that opens links here; nothing where there is no screen to open them on."""
    if chosen := environ.get("BROWSER"):
        first = chosen.split(os.pathsep)[0].replace("%s", "{link}")
        try:
            return shlex.split(first)
        except ValueError:
            # One that has a quote in its name, perhaps.
            return [first]
    if platform == "darwin":
        return ["open"]
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or "WSL_DISTRO_NAME" in environ:
        for opener in map(shlex.split, _OPENERS):
            if shutil.which(opener[0], path=environ.get("PATH")):
                return opener
    return []


def _start(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    try:
        process = subprocess.Popen(  # noqa: S603 -- the user's own program, no shell
            [os.path.expanduser(argv[0]), *argv[1:]],  # noqa: PTH111 -- a name is no path
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else error
        return tr("{program} cannot be started: {reason}", program=argv[0], reason=reason)
    try:
        code = process.wait(_AT_ONCE)
    except subprocess.TimeoutExpired:
        return ""
    if code:
        return tr("{program} ended at once with code {code}", program=argv[0], code=code)
    return ""

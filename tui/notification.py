"""Telling of new papers outside the reader: by the terminal, or by the desktop.

The terminal's way is an escape sequence: OSC 9 (iTerm2, kitty, WezTerm, Ghostty, Windows Terminal;
https://iterm2.com/documentation-escape-codes.html) or OSC 777 (urxvt, foot, terminals of VTE;
https://codeberg.org/dnkl/foot/src/branch/master/doc/foot-ctlseqs.7.scd). Others take no notice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.settings import DESKTOP, TERMINAL
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TITLE = "digest-tui"
_TIMEOUT = 5.0
"""Seconds that the desktop's program may take."""
_SCRIPT = (
    "on run argv",  # tr: no -- a program in AppleScript
    f'display notification (item 1 of argv) with title "{_TITLE}"',  # tr: no -- the same
    "end run",
)


def notify(words: str, way: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Tell ``words``; blocks for some seconds at most.

    Args:
        words: One line.
        way: One of ``storage.settings.NOTIFY``.
        environ: The environment's variables.
        write: Writes to the terminal.

    Returns:
        Why nobody is told; empty where somebody is, as far as can be known, or nobody is to be.
    """
    if way == TERMINAL:
        write(sequence(words, environ))
    if way == DESKTOP:
        return _run(command(words), environ)
    return ""


def sequence(words: str, environ: Mapping[str, str]) -> str:
    """Return what makes a terminal tell ``words``; it draws nothing.

    Within tmux it is passed on to the terminal, if tmux's ``allow-passthrough`` is on.
    """
    text = clean_line(words)
    is_of_777 = environ.get("TERM", "").startswith(("foot", "rxvt")) or "VTE_VERSION" in environ
    osc = f"777;notify;{_TITLE};{text}" if is_of_777 else f"9;{said_of(_TITLE, text)}"
    found = f"\x1b]{osc}\x07"
    if environ.get("TMUX"):
        return f"\x1bPtmux;{found.replace(chr(27), chr(27) * 2)}\x1b\\"
    return found


def command(words: str, platform: str = sys.platform) -> list[str]:
    """Return the program that tells ``words`` on the desktop, with its arguments.

    Args:
        words: Data, never markup or a part of a script.
        platform: ``sys.platform`` of the machine.
    """
    text = clean_line(words)
    if platform == "darwin":
        script = [part for line in _SCRIPT for part in ("-e", line)]
        return ["osascript", *script, text]
    # The summary: what follows it is taken for markup.
    return ["notify-send", f"--app-name={_TITLE}", "--", said_of(_TITLE, text)]


def _run(argv: list[str], environ: Mapping[str, str]) -> str:
    try:
        process = subprocess.Popen(  # noqa: S603 -- fixed programs; the words are an argument
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except OSError as error:
        return tr(
            "no notification: {program}: {reason}",
            program=argv[0],
            reason=reason_of(error),
        )
    try:
        code = process.wait(_TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return tr(
            "no notification: {program} gave no answer within {seconds:g} s",
            program=argv[0],
            seconds=_TIMEOUT,
        )
    if code:
        return tr("no notification: {program} exited with {code}", program=argv[0], code=code)
    return ""

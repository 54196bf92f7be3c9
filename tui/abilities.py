"""What the terminal can do that digest-tui is run in: for ``digest-tui doctor``.

Most of it stands in the environment, and the rules here are the ones that Textual (Rich) draws by
and ``tui.clipboard`` copies by. How wide a terminal draws a character is not known until it is
asked, see ``tui.widths``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from storage.findings import Finding, Severity
from storage.language import tr
from storage.wording import clauses, names_of
from tui.clipboard import TIMEOUT, Way, ways
from tui.widths import NO_TERMINALS, character_widths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Environment = Mapping[str, str]

_GOOD, _NOTE, _WARNING = Severity.GOOD, Severity.NOTE, Severity.WARNING
_TMUX_STATUS: Final = "#{version}|#{set-clipboard}|#{client_termname}|#{client_termfeatures}"


def findings(environ: Environment, stdin_fd: int, stdout_fd: int) -> list[Finding]:
    """Examine the terminal; takes under a second, or some when tmux hangs.

    Args:
        environ: The environment's variables.
        stdin_fd: The descriptor that the terminal's answers are read from.
        stdout_fd: The descriptor of the terminal's screen.
    """
    return [
        terminal(environ),
        window_size(os.get_terminal_size(stdout_fd) if os.isatty(stdout_fd) else None),
        colours(environ),
        encoding(environ),
        *character_widths(environ, stdin_fd, stdout_fd),
        clipboard(environ),
        *tmux(environ),
    ]


def terminal(environ: Environment) -> Finding:
    """Name the terminal and what is between it and digest-tui."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "tmux")
    parts = (
        f"TERM={term}",
        # tmux overwrites it with its own name.
        environ.get("LC_TERMINAL", "") if program == "tmux" else program,
        tr("in tmux") if environ.get("TMUX") else "",
        tr("in screen") if environ.get("STY") else "",
        tr("over SSH") if _is_remote(environ) else "",
    )
    severity, advice = _GOOD, ""
    if term in NO_TERMINALS:
        severity = _WARNING
        advice = tr("Use a terminal that sets TERM, such as to xterm-256color.")
    elif term == "linux":
        severity = _WARNING
        advice = tr("The console has no Chinese; use a terminal of the desktop.")
    return Finding(tr("terminal"), severity, clauses(parts), advice)


def _is_remote(environ: Environment) -> bool:
    return bool(environ.get("SSH_TTY") or environ.get("SSH_CONNECTION"))


def window_size(size: tuple[int, int] | None) -> Finding:
    """Judge a window of ``size`` columns and rows; None stands for no terminal."""
    subject = tr("terminal size")
    if size is None:
        return Finding(subject, _NOTE, tr("not known: the output is no terminal"))
    columns, rows = size
    text = tr("{columns} columns, {rows} rows", columns=columns, rows=rows)
    if 0 in size:
        advice = tr("Tell it, for example: stty cols 100 rows 30")
        return Finding(subject, _WARNING, text, advice)
    if columns < 60 or rows < 20:
        advice = tr(
            "digest-tui needs 60 columns and 20 rows: enlarge the window or shrink the font."
        )
        return Finding(subject, _WARNING, text, advice)
    if columns < 100:
        advice = tr("From 100 columns on, the table and the paper stand in one window.")
        return Finding(subject, _NOTE, text, advice)
    return Finding(subject, _GOOD, text)


def colours(environ: Environment) -> Finding:
    """Tell how many colours the reader will use, by the rules that Textual and Rich go by."""
    subject, term = tr("terminal colours"), environ.get("TERM", "").strip().lower()
    # Textual goes by its being there, even empty.
    if "NO_COLOR" in environ:
        advice = tr("Unset NO_COLOR to have them.")
        return Finding(subject, _NOTE, tr("none, as NO_COLOR asks"), advice)
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return Finding(subject, _GOOD, tr("true colour (16.7 million)"))
    advice = tr("If the terminal has true colour: export COLORTERM=truecolor")
    if _is_remote(environ):
        advice = tr(
            "If the terminal has true colour: export COLORTERM=truecolor (ssh does not pass it on)"
        )
    if term.endswith(("-256color", "-kitty")):
        return Finding(subject, _NOTE, "256", advice)
    if environ.get("TMUX"):
        advice = tr("In ~/.tmux.conf: set -g default-terminal tmux-256color")
    return Finding(subject, _WARNING, "16", advice)


def encoding(environ: Environment) -> Finding:
    """Tell whether the locale is UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is set."""
    name = next((name for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), "LANG")
    value = environ.get(name, "")
    language, _, rest = value.partition("@")[0].partition(".")
    if (rest or language).replace("-", "").lower() == "utf8":
        return Finding(tr("locale"), _GOOD, f"{name}={value}")
    if value in {"", "C", "POSIX"}:
        # Python does (PEP 538 and 540); other programs may not.
        text = tr(
            "{variable}={value}, which digest-tui takes for UTF-8", variable=name, value=value
        )
        advice = tr("Better: export {variable}=C.UTF-8", variable=name)
        return Finding(tr("locale"), _NOTE, text, advice)
    advice = tr(
        "export {variable}={language}.UTF-8, and set the terminal to UTF-8.",
        variable=name,
        language=language,
    )
    text = tr("{variable}={value} is not UTF-8", variable=name, value=value)
    return Finding(tr("locale"), _WARNING, text, advice)


def clipboard(environ: Environment, platform: str = sys.platform) -> Finding:
    """Tell the ways that a copy takes here, in their order; nothing is copied."""
    fitting = ways(environ, platform)
    # i18n: {ways} are tmux, clipboard and terminal, or some of them
    severity, text, advice = _GOOD, tr("a copy goes to: {ways}", ways=_named(fitting)), ""
    if Way.DESKTOP in fitting and platform != "darwin" and (advice := _missing_tool(environ)):
        severity = _WARNING
        text = tr(
            "a copy goes to: {ways}; but no tool for clipboard is installed", ways=_named(fitting)
        )
    elif fitting == (Way.TERMINAL,):
        severity = _NOTE
        text = tr("a copy goes to: terminal, which never tells whether it took it")
        advice = tr("If copies do not arrive, allow OSC 52 (clipboard access) in its settings.")
        if environ.get("STY"):
            severity = _WARNING
            advice = tr("screen does not pass copies on; use tmux in its place.")
        elif environ.get("TERM", "").startswith(("tmux", "screen")):
            advice = tr("In ~/.tmux.conf of the machine where tmux runs: set -g set-clipboard on")
    return Finding(tr("clipboard"), severity, text, advice)


def _named(fitting: Sequence[Way]) -> str:
    return names_of(tr(way) for way in fitting)


def _missing_tool(environ: Environment) -> str:
    """Say what to install where none of pyperclip's tools is there; empty where one is."""

    def has(name: str) -> bool:
        return shutil.which(name, path=environ.get("PATH", os.defpath)) is not None

    on_wayland, on_x = environ.get("WAYLAND_DISPLAY"), environ.get("DISPLAY")
    has_tool = (on_wayland and has("wl-copy") and has("wl-paste")) or (
        on_x and (has("xclip") or has("xsel"))
    )
    # Under WSL it is Windows' own clip.exe.
    if has_tool or environ.get("WSL_DISTRO_NAME"):
        return ""
    return tr("Install {program}.", program="wl-clipboard" if on_wayland else "xclip")


def tmux(environ: Environment) -> list[Finding]:
    """Ask the tmux that digest-tui runs in, if it does, what it passes on to the terminal."""
    if not environ.get("TMUX"):
        return []
    argv = ["tmux", "display-message", "-p", _TMUX_STATUS, ";", "show-messages", "-T"]
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    try:
        process = subprocess.run(  # noqa: S603 -- fixed words
            argv, check=False, env=environ, stdin=nothing, stdout=pipe, stderr=pipe, timeout=TIMEOUT
        )
        told, reason = (s.decode(errors="replace") for s in (process.stdout, process.stderr))
    except (OSError, subprocess.TimeoutExpired) as error:
        told, reason = "", str(error)
    if told.partition("\n")[0].count("|") != 3:
        advice = tr("See what this says: tmux display-message")
        text = tr("does not answer: {reason}", reason=reason.strip())
        return [Finding("tmux", _WARNING, text, advice)]
    return tmux_findings(told, environ)


def tmux_findings(told: str, environ: Environment) -> list[Finding]:
    """Judge what tmux told.

    Args:
        told: A line as ``_TMUX_STATUS`` asks for, then the capabilities of the terminals around it
            as ``tmux show-messages -T`` lists them; none where none is attached.
        environ: The environment's variables.
    """
    status, _, capabilities = told.partition("\n")
    version, set_clipboard, term, features = status.strip().split("|")
    # "master" has no number, and is new.
    numbers = re.search(r"(\d+)\.(\d+)", version)
    is_old = numbers is not None and (int(numbers[1]), int(numbers[2])) < (3, 2)
    severity, advice = _GOOD, ""
    text = tr("{version}, passes copies on to the terminal", version=version)
    if is_old and set_clipboard != "on":
        severity = _WARNING
        text = tr("{version}, passes copies on only where set-clipboard is on", version=version)
        advice = tr("Update tmux to 3.2 or later, or in ~/.tmux.conf: set -g set-clipboard on")
    # tr: no -- as tmux writes it
    elif ": Ms: [missing]" in capabilities and ": Ms: (string)" not in capabilities:
        severity = _WARNING
        text = tr(
            "{version}, does not know that {terminal} takes copies", version=version, terminal=term
        )
        advice = tr(
            "In ~/.tmux.conf: set -as terminal-features ',{terminal}:clipboard'; attach anew.",
            terminal=term,
        )
    elif not capabilities.strip():
        severity = _NOTE
        text = tr("{version}, with no terminal attached to it", version=version)
    found = [Finding("tmux", severity, text, advice)]
    if features and "RGB" not in features.split(",") and environ.get("COLORTERM"):
        text = tr("tmux does not know that {terminal} has true colour", terminal=term)
        advice = tr(
            "If it has, in ~/.tmux.conf: set -as terminal-overrides ',{terminal}:Tc'", terminal=term
        )
        found.append(Finding(tr("tmux colours"), _NOTE, text, advice))
    return found

"""How wide the terminal draws characters: asked of it, for ``digest-tui doctor``.

Characters are written, the terminal reports where its cursor stands, and they are wiped away.
Sequences: CPR, CHA and EL of xterm's ctlseqs.
"""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from storage.findings import Finding, Severity
from storage.language import to_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Environment = Mapping[str, str]

WIDE: Final = "中"
AMBIGUOUS: Final = "★●…—α"
"""Characters that Unicode calls ambiguous (UAX #11); Textual draws each in one cell."""

ANSWER_TIME: Final = 0.2
"""Seconds that the terminal has for each of the three answers it is asked for."""

NO_TERMINALS: Final = ("", "dumb", "unknown")
"""Values of ``TERM`` that stand for no terminal to speak of."""

_REPORT: Final = re.compile(rb"\x1b\[\d{1,4};(\d{1,4})R")
_KEPT_WAITING: Final = (
    signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP,
)  # fmt: skip
_NARROW_SETTINGS: Final = {
    # A variable that only this terminal sets, what it begins with, and where its setting is.
    ("LC_TERMINAL", "iTerm2"): to_tr(
        "Profiles > Text: untick ambiguous-width characters double-width"
    ),
    ("TERM_PROGRAM", "Apple_Terminal"): to_tr(
        "Profiles > Advanced: untick East Asian Ambiguous wide"
    ),
    ("TERM_PROGRAM", "WezTerm"): "treat_east_asian_ambiguous_width_as_wide = false",
    ("VTE_VERSION", ""): to_tr("Preferences > profile > Compatibility > Ambiguous-width: Narrow"),
    ("XTERM_VERSION", ""): to_tr("start xterm with +cjk_width"),
}


def character_widths(environ: Environment, keyboard: int, screen: int) -> list[Finding]:
    """Ask the terminal how many cells it gives to Chinese and to ambiguous characters.

    Nothing stays on the screen, and keys that were typed ahead stay for who reads them next.
    """
    advice = tr("Run digest-tui doctor in the terminal that you read in, without typing meanwhile.")
    try:
        if not (os.isatty(keyboard) and os.isatty(screen)):
            text = tr("not asked: input or output is no terminal")
        elif (term := environ.get("TERM", "")) in NO_TERMINALS:
            text = tr("not asked: {reason}", reason=f"TERM={term}")
        elif _in_background(keyboard):
            text = tr("not asked: digest-tui runs in the background")
        else:
            with _silent(keyboard):
                if not select.select([keyboard], [], [], 0)[0]:
                    return width_findings(_measure(keyboard, screen), environ)
                text = tr("not asked: keys were typed ahead")
    except TimeoutError:
        text = tr("no answer within {time} ms", time=f"{ANSWER_TIME * 1000:.0f}")
        probe = f"printf '{WIDE}{AMBIGUOUS[0]}|\\nabc|\\n'"  # tr: no -- a command
        advice = tr("See whether both bars are in line: {command}", command=probe)
    except (OSError, termios.error) as error:
        text = tr("not asked: {reason}", reason=error)
    return [Finding(tr("character widths"), Severity.NOTE, text, advice)]


def width_findings(cells: Mapping[str, int], environ: Environment) -> list[Finding]:
    """Judge measured widths: ``cells`` by character, ``WIDE`` alone or with all of ``AMBIGUOUS``."""
    # i18n: stands behind a number of cells: "2 cells a character as tmux counts"
    judge = tr(" as tmux counts") if environ.get("TMUX") else ""
    if cells[WIDE] != 2:
        text = tr(
            "{character} takes {cells} cells{judge} where 2 are needed",
            character=WIDE,
            cells=cells[WIDE],
            judge=judge,
        )
        advice = tr("Set the terminal's encoding to UTF-8, or use one that knows Chinese.")
        return [Finding(tr("Chinese width"), Severity.FAULT, text, advice)]
    text = tr("2 cells a character{judge}", judge=judge)
    found = Finding(tr("Chinese width"), Severity.GOOD, text)
    odd = [character for character in AMBIGUOUS if cells[character] != 1]
    if not odd:
        text = tr("1 cell each{judge}: {characters}", judge=judge, characters=" ".join(AMBIGUOUS))
        return [found, Finding(tr("ambiguous width"), Severity.GOOD, text)]
    places = (
        tr(place)
        for (name, begin), place in _NARROW_SETTINGS.items()
        if name in environ and environ[name].startswith(begin)
    )
    text = tr(
        "not 1 cell each{judge}, so columns get out of line: {characters}",
        judge=judge,
        characters=" ".join(odd),
    )
    return [
        found,
        Finding(tr("ambiguous width"), Severity.WARNING, text, _narrowing(next(places, ""))),
    ]


def _narrowing(place: str) -> str:
    from tui.keymap.keymap import key_of  # noqa: PLC0415 -- for terminals that need it

    if place:
        return tr(
            "Set ambiguous characters to narrow in the terminal's settings: {place}. "
            "Or press {key} in the reader.",
            place=place,
            key=key_of("view.ambiguous"),
        )
    return tr(
        "Set ambiguous characters to narrow in the terminal's settings. "
        "Or press {key} in the reader.",
        key=key_of("view.ambiguous"),
    )


def _in_background(keyboard: int) -> bool:
    """Tell whether the kernel would stop us for changing the terminal."""
    try:
        return os.tcgetpgrp(keyboard) != os.getpgrp()
    except OSError:  # not the terminal that we are controlled from
        return False


@contextmanager
def _silent(keyboard: int) -> Iterator[None]:
    """Let keys through one by one and unechoed; whatever comes, the terminal is put back."""
    before, settings = termios.tcgetattr(keyboard), termios.tcgetattr(keyboard)
    settings[3] &= ~(termios.ICANON | termios.ECHO)
    # A read that finds nothing returns at once.
    settings[6][termios.VMIN] = settings[6][termios.VTIME] = 0
    # Control-C and the like wait until the terminal is back, which is soon.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _KEPT_WAITING)
    try:
        termios.tcsetattr(keyboard, termios.TCSANOW, settings)
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(keyboard, termios.TCSANOW, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _measure(keyboard: int, screen: int) -> dict[str, int]:
    """Write characters one by one where the cursor is, each wiped away after it is measured."""
    # Alone at first: who does not answer this has nothing to wipe away.
    (start,) = _ask(keyboard, screen, "\x1b[6n")

    def widths(characters: str) -> dict[str, int]:
        probes = (f"{character}\x1b[6n\x1b[{start}G\x1b[K" for character in characters)
        columns = _ask(keyboard, screen, "".join(probes))
        return {c: column - start for c, column in zip(characters, columns, strict=True)}

    cells = widths(WIDE)
    # To a terminal without UTF-8 the bytes of ★ would be a control sequence; those of 中 are none.
    return cells | widths(AMBIGUOUS) if cells[WIDE] == 2 else cells


def _ask(keyboard: int, screen: int, text: str) -> list[int]:
    """Write ``text`` and return the columns that are reported, one for each question in it.

    Raises:
        TimeoutError: The terminal did not take the text or answer in time.
    """
    end = time.monotonic() + ANSWER_TIME

    def wait(reading: list[int], writing: list[int]) -> None:
        left = end - time.monotonic()
        if left < 0 or not any(select.select(reading, writing, [], left)):
            raise TimeoutError

    # Byte by byte: a longer write could wait for ever in the kernel for a terminal that is held
    # (Control-S), and a longer read could take what is typed after the answer.
    for byte in text.encode():
        wait([], [screen])
        os.write(screen, bytes([byte]))
    answer = b""
    while len(columns := _REPORT.findall(answer)) < text.count("\x1b[6n"):
        wait([keyboard], [])
        answer += os.read(keyboard, 1)
    return [int(column) for column in columns]

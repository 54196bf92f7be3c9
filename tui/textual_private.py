"""The one touch of Textual's private parts, and what must be set before Textual is imported.

A terminal with the kitty keyboard protocol sends what an input method commits as one sequence,
``CSI 0 ; ; 20320 : 22909 u``. Textual gives up on sequences of more than 32 characters and takes
them apart into keys: five Chinese characters typed at once would become digits and semicolons,
each of them a command of the reader. A test fails when Textual changes underneath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

_LONGEST_COMMIT = 4096
"""Characters of a sequence that are waited for: some 600 Chinese characters in one commit."""


def set_environment(environ: MutableMapping[str, str]) -> None:
    """Set what Textual reads at import: 120 frames a second, no kitty keys where they lose text.

    At Textual's 60 frames a key would wait up to 16 ms. iTerm2 drops committed text while the
    kitty protocol is on.
    """
    environ.setdefault("TEXTUAL_FPS", "120")
    if environ.get("LC_TERMINAL") == "iTerm2" or environ.get("TERM_PROGRAM") == "iTerm.app":
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def accept_long_commits() -> None:
    """Let Textual read an input method's commit of any sensible length as text."""
    from textual import _xterm_parser  # noqa: PLC0415 -- set_environment comes first

    _xterm_parser._MAX_SEQUENCE_SEARCH_THRESHOLD = _LONGEST_COMMIT  # noqa: SLF001 -- no public way

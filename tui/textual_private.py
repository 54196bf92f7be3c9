"""The three touches of Textual's private parts, and what must be set before Textual is imported.

A terminal with the kitty keyboard protocol sends what an input method commits as one sequence,
``CSI 0 ; ; 20320 : 22909 u``. Textual gives up on sequences of more than 32 characters and takes
them apart into keys: five Chinese characters typed at once would become digits and semicolons,
each of them a command of the reader.

Textual's text area wraps Latin words inside Chinese anywhere and puts closing punctuation at line
starts; it has no way to be given another wrapping.

What is neither drawn nor copied, such as a notification, Textual has no way to write.

A test fails for each of them when Textual changes underneath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from textual.app import App

_LONGEST_COMMIT = 4096
"""Characters of a sequence that are waited for: some 600 Chinese characters in one commit."""


def set_environment(environ: MutableMapping[str, str]) -> None:
    """Set what Textual reads at import: 240 frames a second, no kitty keys where they lose text.

    At Textual's 60 frames what a key brings would wait up to 33 ms. iTerm2 drops committed text while the
    kitty protocol is on.
    """
    environ.setdefault("TEXTUAL_FPS", "240")
    if environ.get("LC_TERMINAL") == "iTerm2" or environ.get("TERM_PROGRAM") == "iTerm.app":
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def accept_long_commits() -> None:
    """Let Textual read an input method's commit of any sensible length as text."""
    from textual import _xterm_parser  # noqa: PLC0415 -- set_environment comes first

    _xterm_parser._MAX_SEQUENCE_SEARCH_THRESHOLD = _LONGEST_COMMIT  # noqa: SLF001 -- no public way


def wrap_notes_by_chinese_rules() -> None:
    """Let Textual's text area break lines as all other panes do."""
    from rich.cells import cell_len  # noqa: PLC0415 -- with the text area
    from textual.document import _wrapped_document  # noqa: PLC0415 -- with the text area

    from storage.bilingual.wrap import wrap  # noqa: PLC0415 -- with the text area

    theirs = _wrapped_document.compute_wrap_offsets  # type: ignore[attr-defined] # imported there

    def offsets(
        text: str,
        width: int,
        tab_size: int,
        fold: bool = True,
        precomputed_tab_sections: list[tuple[str, int]] | None = None,
    ) -> list[int]:
        if "\t" in text or width < 2:
            return theirs(text, width, tab_size, fold, precomputed_tab_sections)
        return [start for start, _ in wrap(text, width, cell_len)][1:]

    _wrapped_document.compute_wrap_offsets = offsets  # type: ignore[attr-defined] # imported there


def write_to_terminal(app: App[None], sequence: str) -> None:
    """Write an escape sequence that draws nothing."""
    if app._driver is not None:  # noqa: SLF001 -- no public way
        app._driver.write(sequence)  # noqa: SLF001 -- no public way

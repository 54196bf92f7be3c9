"""The four touches of Textual's private parts, and what must be set before Textual is imported.

A terminal with the kitty keyboard protocol sends what an input method commits as one sequence,
``CSI 0 ; ; 20320 : 22909 u``. Textual gives up on sequences of more than 32 characters and takes
them apart into keys: five Chinese characters typed at once would become digits and semicolons,
each of them a command of the reader.

Textual's text area wraps Latin words inside Chinese anywhere and puts closing punctuation at line
starts; it has no way to be given another wrapping.

What a terminal answers when it is asked for its background, Textual takes for keys, too.

What is neither drawn nor copied, such as a notification, Textual has no way to write.

A test fails for each of them when Textual changes underneath.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping

    from textual.app import App
    from textual.events import Key
    from textual.message import Message

    from tui.answers import Answers

_ANSWERS_BEGIN = ("\x1b]", "\x1b[?9")
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


def hear_background(message: Callable[[bool], Message]) -> None:
    """Let parsers that are made from now on tell of the background what the terminal says.

    Args:
        message: Makes what is sent to the app of whether the background is light; it has to have an
            empty ``key``.
    """
    from textual import _xterm_parser, events  # noqa: PLC0415 -- set_environment comes first
    from textual.drivers import linux_driver  # noqa: PLC0415 -- the same
    from textual.keys import Keys  # noqa: PLC0415 -- the same

    class ListeningParser(_xterm_parser.XTermParser):
        _answers: Answers | None = None

        def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
            if self._answers is None and sequence.startswith(_ANSWERS_BEGIN):
                from tui.answers import Answers  # noqa: PLC0415 -- with the first answer

                self._answers = Answers()
            if self._answers is None or not self._answers.take(sequence):
                yield from super()._sequence_to_key_events(sequence, alt)
            elif self._answers.told is None:
                yield events.Key(Keys.Ignore, sequence)
            else:
                yield message(self._answers.told)  # type: ignore[misc] # handed on like any other

        def tick(self) -> Iterable[Message]:
            is_arriving = self._answers is not None and self._answers.is_arriving
            for each in super().tick():
                # The escape character of an answer's end, the rest of which is late.
                if not (is_arriving and isinstance(each, events.Key) and each.key == "escape"):
                    yield each

    linux_driver.XTermParser = ListeningParser  # type: ignore[attr-defined] # imported there


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

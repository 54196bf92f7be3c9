"""Sentences: the cursor that goes from pair to pair, and looking up what a word of one means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.language import tr, tr_in
from storage.model import Bilingual
from tui.signs import SUSPECT, sign

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App

    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.session import Session

_WORD = r"[A-Za-z][A-Za-z\-]{4,}"
"""What is worth looking up: shorter words are articles, prepositions and the like."""
_MOST_WORDS = 12


class Sentences:
    """The ``sentence.*`` commands.

    Args:
        show: Lists a paper that was chosen among the examples of a word.
        go_to: Brings a pane to the front.
    """

    def __init__(
        self,
        app: App[object],
        panes: Panes,
        session: Session,
        *,
        show: Callable[[PaperKey], None],
        go_to: Callable[[str], None],
    ) -> None:
        self._app = app
        self._session = session
        self._detail = panes.detail
        self._hints = panes.hints
        self._show = show
        self._go_to = go_to

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {"sentence.look_up": self._look_up}

    def counted(self) -> dict[str, Callable[[int], None]]:
        """Return those that take a count: how many times, 0 where that was not said."""
        return {
            "sentence.next": lambda count: self._step(1, count or 1),
            "sentence.previous": lambda count: self._step(-1, count or 1),
        }

    def _step(self, by: int, count: int) -> None:
        """Go ``count`` sentences on, or to the last one there."""
        if not self._detail.size:
            # One pane is shown at a time, and it is another one: sentences are to be seen.
            self._go_to("detail")
            self._detail.call_after_refresh(self._step, by, count)
            return
        steps = 0
        while steps < count and self._detail.cursor.step(by):
            steps += 1
        if steps:
            self.tell()
        else:
            ends, begins = tr("the abstract ends here"), tr("the abstract begins here")
            self._hints.say(ends if by > 0 else begins)

    def tell(self) -> None:
        """Say what is suspicious about the sentence that is chosen."""
        subject, chosen = self._detail.subject, self._detail.cursor.pair
        flags = [] if subject is None else [f for f in subject.alignment.flags if f.pair == chosen]
        if not flags:
            self._hints.say("")
            return
        from storage.bilingual.checks import describe  # noqa: PLC0415 -- for suspect ones only
        from tui.text import readable  # noqa: PLC0415 -- loaded by now

        said = tr_in("between parts", "; ").join(readable(describe(flag)) for flag in flags)
        self._hints.say(f"{sign(SUSPECT)} {said}")

    def _look_up(self) -> Awaitable[None]:
        from tui.screens.concordance import ConcordanceScreen  # noqa: PLC0415 -- on first use

        def chosen(key: PaperKey | None) -> None:
            if key is not None:
                self._show(key)

        words = self._words()
        term = self._detail.current.selected_text or (words[0] if words else "")
        screen = ConcordanceScreen(self._session.catalogue.fresh, self._detail.sheet, term, words)
        return self._app.push_screen(screen, chosen)

    def _words(self) -> list[str]:
        """Return what may be looked up of the chosen sentence, or of the title."""
        from storage.bilingual.terms import kept_terms  # noqa: PLC0415 -- loaded by now
        from tui.text import readable  # noqa: PLC0415 -- loaded by now

        subject = self._detail.subject
        text = self._detail.cursor.text
        if not text:
            text = Bilingual() if subject is None else subject.paper.title
        english, chinese = readable(text.en or ""), readable(text.zh or "")
        kept, _ = kept_terms(english, chinese)
        words = [english[start:end] for start, end in kept] + re.findall(_WORD, english)
        unique = {word.casefold(): word for word in reversed(words)}
        return [word for word in dict.fromkeys(words) if unique[word.casefold()] == word][
            :_MOST_WORDS
        ]

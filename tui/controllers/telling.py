"""Telling: what came of a refresh, in the hint line and, if wanted, outside the reader."""

from __future__ import annotations

import os
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec

from storage.language import tr, tr_in, tr_n
from storage.refresh.outcome import NOTHING
from tui.keymap.keymap import key_of
from tui.messages import Then
from tui.tidings import Tidings, news_words, origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.refresh.outcome import Outcome
    from tui.controllers.panes import Panes
    from tui.session import Session

P = ParamSpec("P")


class Telling:
    """Tells how refreshes ended; it remembers what it has told."""

    def __init__(self, screen: Screen[None], panes: Panes, session: Session) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._tidings = Tidings()
        self._problems = 0
        self._is_first = True

    def tell(self, outcome: Outcome, fetch: str, papers_before: int, *, is_asked: bool) -> None:
        """Tell how a refresh ended, if that is news or was asked for.

        Args:
            outcome: How it ended.
            fetch: What was fetched.
            papers_before: How many papers there were when it began.
            is_asked: The user asked for it.
        """
        say = self._panes.hints.say
        if outcome.error or outcome.notice:
            words = outcome.error or outcome.notice
            self._session.notices.append(words)
            say(words, failed=True)
        elif words := self._words(outcome, fetch, papers_before, is_asked=is_asked):
            say(words)
        problems = self._session.catalogue.problem_count()
        if problems > self._problems and not outcome.error:
            key = key_of("find.problems")
            said = tr_n(
                "{n} problem: {key} lists it", "{n} problems: {key} lists them", problems, key=key
            )
            say(said, failed=True)
        self._problems = problems
        self._is_first = False

    def _words(self, outcome: Outcome, fetch: str, papers_before: int, *, is_asked: bool) -> str:
        """Return what is to be said of a refresh that went well; empty: nothing."""
        changed = outcome.progress.changed
        events = () if fetch == NOTHING else tuple(self._session.fetching.events.values())
        news = outcome.progress.papers - papers_before if changed else 0
        told = []
        if is_asked and not changed:
            told.append(tr("nothing new"))
        elif is_asked or (news and papers_before):
            told.append(news_words(news, origin_of(changed, events)))
            # Who has just opened the reader looks at it.
            if news > 0 and not is_asked and not self._is_first:
                self._notify(told[0])
        told.append(self._tidings.of_sources(outcome.fetched, events, is_asked=is_asked))
        # i18n: it stands between two parts of a sentence.
        return tr_in("between parts", "; ").join(filter(None, told))

    def _notify(self, words: str) -> None:
        def run() -> None:
            from tui.notification import notify  # noqa: PLC0415 -- seldom
            from tui.textual_private import write_to_terminal  # noqa: PLC0415 -- seldom

            def write(sequence: str) -> None:
                self._then(write_to_terminal, self._screen.app, sequence)

            if refused := notify(words, self._session.settings.notify, os.environ, write):
                self._then(self._panes.hints.say, refused, failed=True)

        # Not a worker: the end of the reader would wait for it.
        Thread(target=run, name="notification", daemon=True).start()

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))

"""Translating the paper under the cursor, behind the screen."""

from __future__ import annotations

from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from storage.language import tr, tr_n
from tui.keymap.keymap import key_of
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.model import Paper
    from storage.translation.outcome import Outcome
    from tui.controllers.panes import Panes
    from tui.session import Session


class Translating:
    """The ``paper.translate`` command: one paper at a time.

    Args:
        refresh: Reads what is new on disk into the catalogue, and shows it.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        refresh: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._refresh = refresh
        self._cancelled: Event | None = None

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"paper.translate": self._translate}

    def _translate(self) -> None:
        say = self._panes.hints.say
        if self._cancelled is not None:
            self._cancelled.set()
            return
        paper = self._panes.paper(self._session)
        if paper is None:
            return
        if self._session.refresher is None:
            say(tr("the demo digest never changes"))
            return
        self._cancelled = cancelled = Event()
        say(tr("translating … {key} again stops it", key=key_of("paper.translate")))
        # Not a worker: the end of the reader would wait for it.
        Thread(target=self._run, args=(paper, cancelled), name="translating", daemon=True).start()

    def _run(self, paper: Paper, cancelled: Event) -> None:
        outcome = _outcome(paper, cancelled)
        self._screen.post_message(Then(partial(self._done, paper, outcome)))

    def _done(self, paper: Paper, outcome: Outcome | str) -> None:
        from storage.translation.outcome import Kind, Translated  # noqa: PLC0415 -- with the worker

        self._cancelled = None
        say = self._panes.hints.say
        if isinstance(outcome, Translated):
            say(_translated(paper.arxiv_id or tr("the paper"), outcome.tokens))
            self._refresh()
        elif isinstance(outcome, str):
            say(outcome, failed=True)
        elif outcome.kind is Kind.NOTHING:
            say(tr("nothing to translate: what there is of it in English has its Chinese"))
        elif outcome.kind is Kind.CANCELLED:
            say(tr("stopped; nothing was translated"))
        else:
            say(outcome.reason, failed=True)


def _translated(paper: str, tokens: int) -> str:
    if not tokens:
        return tr("translated {paper}", paper=paper)
    return tr_n(
        "translated {paper}, {n:,} tokens", "translated {paper}, {n:,} tokens", tokens, paper=paper
    )


def _outcome(paper: Paper, cancelled: Event) -> Outcome | str:
    """Translate ``paper``; a sentence where nothing is set up."""
    from storage.library.translated import lacking  # noqa: PLC0415 -- behind the screen
    from storage.locations import settings_file  # noqa: PLC0415 -- the same
    from storage.translation.outcome import Failure, Kind  # noqa: PLC0415 -- the same
    from storage.translation.setup import configured  # noqa: PLC0415 -- the same
    from storage.translation.translator import translate_one  # noqa: PLC0415 -- loads urllib3

    if not lacking(paper):
        return Failure(Kind.NOTHING, "")
    # Read with each use: one may set it up while the reader is open.
    configuration = configured(settings_file())
    if isinstance(configuration, str):
        return configuration
    return translate_one(paper, configuration, cancelled)

"""Papers -> translations on disk, one by one or a few at once, within the limits of the settings."""

from __future__ import annotations

import queue
import random
import threading
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.language import tr
from storage.locations import state_dir, translations_dir
from storage.sources.web.timing import Clock
from storage.translation.answer import AnswerError, texts_in
from storage.translation.keys import key_for
from storage.translation.outcome import Failure, Kind, Outcome, Translated
from storage.translation.prompt import wish_for
from storage.translation.service import Service
from storage.translation.spending import Spending, Turns
from storage.translation.translations import Translations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from storage.model import Paper
    from storage.translation.configuration import Configuration
    from storage.translation.events import Completion
    from storage.translation.prompt import Wish

_LOOK = 0.1
"""Seconds after which it is noticed that nobody wants more."""
_HOPELESS = 3
"""After as many answers in a row that are no translations, and no other, no more papers are sent."""


class Tally(NamedTuple):
    """What came of several papers.

    Attributes:
        translated: How many papers have Chinese on disk now.
        failed: How many came back without.
        tokens: What it cost, sent and received.
        end: Why not all were tried; None if they were.
    """

    translated: int = 0
    failed: int = 0
    tokens: int = 0
    end: Failure | None = None


class Translator:
    """Translates papers; all methods may be called from any thread.

    Args:
        configuration: Which service, and what it may cost.
        key: What it knows the user by; empty where it wants nothing.
        folder: Of the translations; None: the library's.
        counted: The file of the day's tokens; None: the usual one.
        clock: Tells the time and waits.
        chance: Returns a number from 0 to 1; it spreads attempts.
    """

    def __init__(  # noqa: PLR0913 -- each is for the caller or a test to choose
        self,
        configuration: Configuration,
        key: str,
        *,
        folder: Path | None = None,
        counted: Path | None = None,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.configuration = configuration
        self.translations = Translations(folder or translations_dir())
        self._clock = clock or Clock()
        self._service = Service(configuration, key, clock=self._clock, chance=chance)
        self._turns = Turns(configuration.requests_per_minute, self._clock)
        file = counted or state_dir() / "translation.json"
        self.spending = Spending(file, configuration.tokens_per_day, self._clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.__exit__()

    def wish(self, paper: Paper) -> Wish | None:
        """Return what would be sent for ``paper``; None where nothing would."""
        fields = self.translations.wanted(paper)
        return wish_for(paper, fields) if fields else None

    def translate(self, paper: Paper, cancelled: threading.Event) -> Outcome:
        """Translate what ``paper`` lacks, unless it was translated before.

        Args:
            paper: With at least one English text.
            cancelled: Once it is set it ends within a second.
        """
        wish = self.wish(paper)
        if wish is None:
            path = self.translations.found(paper)
            if path is None:
                reason = tr("There is nothing to translate in this paper.")
                return Failure(Kind.NOTHING, reason)
            return Translated(path, (), 0)
        reserved = wish.estimate
        if (kept := self.spending.reserve(reserved)) is not None:
            return kept
        answer = self._service.complete(
            wish.messages, cancelled, lambda: self._turns.take(cancelled)
        )
        if isinstance(answer, Failure):
            self.spending.settle(reserved, reserved if answer.may_cost else 0)
            return answer
        used = reserved if answer.tokens is None else answer.tokens
        self.spending.settle(reserved, used)
        return self._take(paper, wish, answer, used)

    def _take(self, paper: Paper, wish: Wish, answer: Completion, used: int) -> Outcome:
        model = self.configuration.model
        try:
            texts = _texts_of(answer, wish)
        except AnswerError as error:
            reason = tr(
                "{paper}: {model} gave no translation: {reason}.",
                paper=paper.arxiv_id or paper.title.en or paper.key,
                model=model,
                reason=error,
            )
            return Failure(Kind.ANSWER, reason)
        # To the second, in local time like all that the reader shows.
        at = self._clock.now().astimezone()
        path = self.translations.keep(paper, wish, texts, by=model, at=at)
        return path if isinstance(path, Failure) else Translated(path, tuple(texts), used)

    def translate_all(
        self,
        papers: Iterable[Paper],
        *,
        is_cancelled: Callable[[], bool],
        report: Callable[[Paper, Outcome], None] = lambda *_: None,
    ) -> Tally:
        """Translate papers, a few at once; what came stays whatever happens.

        Args:
            papers: Asked for one at a time, by several threads but never by two at once.
            is_cancelled: Asked now and then.
            report: Called in this thread for each paper.
        """
        return _Work(self, papers).run(is_cancelled, report)


class _Work:
    """What the threads of one run share."""

    def __init__(self, translator: Translator, papers: Iterable[Paper]) -> None:
        self._translator = translator
        self._papers = iter(papers)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._is_spent = threading.Event()
        self._done: queue.Queue[tuple[Paper, Outcome] | BaseException | None] = queue.Queue()

    def run(
        self, is_cancelled: Callable[[], bool], report: Callable[[Paper, Outcome], None]
    ) -> Tally:
        count = self._translator.configuration.at_once
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in threads:
            thread.start()
        tally, left, failed_in_row = Tally(), count, 0
        while left:
            if is_cancelled():
                self._over.set()
            try:
                one = self._done.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if one is None:
                left -= 1
            elif isinstance(one, BaseException):
                self._over.set()
                raise one
            else:
                report(*one)
                tally = _counted(tally, one[1])
                failed_in_row = failed_in_row + 1 if isinstance(one[1], Failure) else 0
                if failed_in_row >= _HOPELESS and not tally.translated and tally.end is None:
                    tally = tally._replace(end=one[1])  # type: ignore[arg-type] # it is a failure
                if tally.end is not None:
                    # What is under way when the day's tokens are used up is paid for.
                    (self._is_spent if tally.end.kind is Kind.LIMIT else self._over).set()
        return tally

    def _work(self) -> None:
        try:
            while (paper := self._next()) is not None:
                self._done.put((paper, self._translator.translate(paper, self._over)))
        except BaseException as error:  # noqa: BLE001 -- raised again where somebody hears it
            self._done.put(error)
        finally:
            self._done.put(None)

    def _next(self) -> Paper | None:
        with self._lock:
            is_over = self._over.is_set() or self._is_spent.is_set()
            return None if is_over else next(self._papers, None)


def _counted(tally: Tally, outcome: Outcome) -> Tally:
    if isinstance(outcome, Translated):
        return tally._replace(translated=tally.translated + 1, tokens=tally.tokens + outcome.tokens)
    if outcome.kind is Kind.NOTHING:
        return tally
    if not outcome.ends_all:
        return tally._replace(failed=tally.failed + 1)
    # Those that were under way together end together; the first one says why.
    return tally if tally.end is not None else tally._replace(end=outcome)


def _texts_of(answer: Completion, wish: Wish) -> dict[str, str]:
    if answer.refusal:
        # i18n: the model refuses to translate
        raise AnswerError(tr("it refuses to"))
    if answer.stopped == "length":
        raise AnswerError(tr("its answer was cut off at the model's limit"))
    if answer.stopped == "content_filter":
        raise AnswerError(tr("the service's filter took the answer away"))
    return texts_in(answer.content, wish)


def open_translator(configuration: Configuration) -> Translator | Failure:
    """Return the library's translator; why there is none where the key is missing."""
    key = key_for(configuration)
    return key if isinstance(key, Failure) else Translator(configuration, key)


def translate_one(
    paper: Paper, configuration: Configuration, cancelled: threading.Event
) -> Outcome:
    """Translate one paper for whoever waits for it, see ``Translator.translate``."""
    translator = open_translator(configuration)
    if isinstance(translator, Failure):
        return translator
    with translator:
        return translator.translate(paper, cancelled)

"""``digest-tui translate``: papers of a filter into Chinese, by the service that the settings name."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError
from storage.language import tr, tr_n
from storage.library.catalogue import open_catalogue
from storage.library.view import list_papers
from storage.locations import catalogue_file, settings_file
from storage.translation.outcome import Failure, Kind, Outcome
from storage.translation.setup import configured
from storage.translation.translator import Tally, Translator, open_translator
from tui.output import unreadable
from tui.paper_listing import UsageError, known_marks, view_of, why_none
from tui.refresh_command import STOPPED, stop_asked

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator

    from storage.library.catalogue import Catalogue
    from storage.library.view import View
    from storage.model import Paper
    from storage.translation.configuration import Configuration

    Complain = Callable[[str], None]

USUAL = "is:unread -has:zh"
"""Which papers are meant where nothing is said: unread ones without any Chinese."""
_NAMED = 5
"""As many papers that came back without a translation are named."""


class _Job(NamedTuple):
    """What is to be translated.

    Attributes:
        ids: The papers of the filter, in its order.
        most: How many of them may be sent.
    """

    catalogue: Catalogue
    ids: list[int]
    most: int | None

    def papers(self, translator: Translator) -> Iterator[Paper]:
        """Yield those that lack Chinese and were not sent before."""
        left = len(self.ids) if self.most is None else self.most
        for number in self.ids:
            paper = self.catalogue.papers.paper(number) if left else None
            if paper is not None and translator.wish(paper) is not None:
                left -= 1
                yield paper


def translate(options: Namespace, complain: Complain, refresh: Callable[[], int]) -> int:
    """Translate papers of the library.

    Args:
        options: ``query`` (words of a filter), ``limit`` (a number or None), ``dry_run``.
        complain: Takes one sentence for the user.
        refresh: Reads what is new on disk into the library; returns the exit code.

    Returns:
        The exit code: 0 done, 1 something could not be translated, 2 wrong usage or nothing set up,
        130 stopped.
    """
    configuration = configured(settings_file())
    if isinstance(configuration, str):
        complain(configuration)
        return 2
    if options.limit is not None and options.limit < 1:
        complain(
            tr("--limit {limit} translates nothing; give a number from 1 on.", limit=options.limit)
        )
        return 2
    query = " ".join(map(str.strip, options.query)) or USUAL
    try:
        return _translate(query, options, configuration, complain, refresh)
    except UsageError as error:
        # As it is: complaining squeezes the spaces that make the carets point at the place.
        print(error, file=sys.stderr)
        return 2
    except DigestTuiError as error:
        complain(str(error))
    except (sqlite3.Error, ValueError) as error:
        complain(unreadable(catalogue_file(), error))
    return 1


def _translate(
    query: str,
    options: Namespace,
    configuration: Configuration,
    complain: Complain,
    refresh: Callable[[], int],
) -> int:
    view = view_of(query, None, complain)
    translator = _translator(configuration, is_dry=options.dry_run)
    if isinstance(translator, Failure):
        complain(translator.reason)
        return 2
    with translator, closing(open_catalogue(catalogue_file())) as catalogue:
        known_marks(catalogue, complain)
        job = _Job(catalogue, _listed(catalogue, view, complain), options.limit)
        if options.dry_run:
            print(_forecast(job, translator))
            return 0
        code, tally = _run(job, translator, complain)
    return max(code, refresh()) if tally.translated else code


def _translator(configuration: Configuration, *, is_dry: bool) -> Translator | Failure:
    """Return the translator; one that sends nothing needs no key."""
    return Translator(configuration, "") if is_dry else open_translator(configuration)


def _listed(catalogue: Catalogue, view: View, complain: Complain) -> list[int]:
    # The clock is naive local time, as digests are.
    today = date.today()  # noqa: DTZ011
    ids = list(list_papers(catalogue.connection, view, today).ids)
    if not ids:
        complain(why_none(catalogue, view, today))
    return ids


def _forecast(job: _Job, translator: Translator) -> str:
    papers = tokens = 0
    for paper in job.papers(translator):
        wish = translator.wish(paper)
        papers += 1
        tokens += 0 if wish is None else wish.estimate
    settings = translator.configuration
    left = max(0, settings.tokens_per_day - translator.spending.today())
    return tr(
        # i18n: {papers}, {tokens} and {left} are numbers with their words, such as "3 papers"
        "Would send {papers}, about {tokens}, to {host} ({model}); {left} of today's {most:,} are"
        " left. Nothing was sent.",
        papers=tr_n("{n:,} paper", "{n:,} papers", papers),
        tokens=_tokens(tokens),
        host=settings.host,
        model=settings.model,
        left=_tokens(left),
        most=settings.tokens_per_day,
    )


def _tokens(number: int) -> str:
    # i18n: what a language model counts texts in
    return tr_n("{n:,} token", "{n:,} tokens", number)


def _run(job: _Job, translator: Translator, complain: Complain) -> tuple[int, Tally]:
    line = _Line(len(job.ids) if job.most is None else min(job.most, len(job.ids)))
    failed: list[str] = []

    def report(_: Paper, outcome: Outcome) -> None:
        if isinstance(outcome, Failure) and outcome.kind is Kind.ANSWER:
            failed.append(outcome.reason)
        line.show(outcome)

    with stop_asked() as is_stopped:
        tally = translator.translate_all(
            job.papers(translator), is_cancelled=is_stopped, report=report
        )
        is_cut_off = is_stopped()
    line.clear()
    for reason in failed[:_NAMED]:
        complain(reason)
    if more := failed[_NAMED:]:
        complain(
            tr_n(
                "{n:,} more came back without a translation.",
                "{n:,} more came back without a translation.",
                len(more),
            )
        )
    said = tr_n(
        "{n:,} paper translated, {tokens} used",
        "{n:,} papers translated, {tokens} used",
        tally.translated,
        tokens=_tokens(tally.tokens),
    )
    if is_cut_off:
        complain(tr("Stopped. {what}; what came is kept.", what=said))
        return STOPPED, tally
    if tally.end is not None and tally.end.reason not in failed:
        complain(tally.end.reason)
    # i18n: a full stop behind a sentence
    complain(tr("{what}.", what=said))
    return int(bool(failed) or tally.end is not None), tally


class _Line:
    """How far it is: on a terminal one line written anew, else nothing until the end.

    Args:
        most: How many papers it may be.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._done = self._tokens = 0
        self._is_live = sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

    def show(self, outcome: Outcome) -> None:
        """Tell of one more paper."""
        self._done += 1
        self._tokens += 0 if isinstance(outcome, Failure) else outcome.tokens
        words = tr_n(
            "translating: {done:,} of at most {n:,} paper, {tokens:,} tokens",
            "translating: {done:,} of at most {n:,} papers, {tokens:,} tokens",
            self._most,
            done=self._done,
            tokens=self._tokens,
        )
        self._write(f"\r{words}\x1b[K")

    def clear(self) -> None:
        """Leave nothing of the line behind."""
        self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._is_live:
            sys.stderr.write(text)
            sys.stderr.flush()

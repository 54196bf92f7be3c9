"""Translating new papers without being asked: after a refresh, within the same limits."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import date
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError, reason_of
from storage.json_file import Document, JsonFile, JsonFileError
from storage.language import tr
from storage.library.catalogue import open_catalogue
from storage.library.grammar import parse_query
from storage.library.view import View, list_papers
from storage.locations import state_dir
from storage.marks.files import advice
from storage.marks.locking import ProcessLock
from storage.translation.outcome import Failure, Kind, Outcome
from storage.translation.translator import Tally, Translator, open_translator

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from storage.library.catalogue import Catalogue
    from storage.model import Paper
    from storage.translation.configuration import Configuration

NEW = "is:unread -has:zh date:week"  # tr: no -- the filter language
"""Which papers: a library that is read for the first time has many thousands of old ones."""
_REMEMBERED = 2000
_EMPTY: Document = {"schema": 1, "papers": []}


def translate_new(
    catalogue: Path,
    configuration: Configuration,
    *,
    is_cancelled: Callable[[], bool],
) -> Tally:
    """Translate unread papers of the last seven days that have no Chinese at all.

    The translations are documents: they show once the folder of translations is read again. A paper
    that came back without a translation is not sent again, unless somebody asks for it. While another
    process is at it nothing is done: it would be paid for twice.

    Args:
        catalogue: The library's, up to date.
        configuration: As the settings have it; nothing is done unless it is ``automatic``.
        is_cancelled: Asked now and then.

    Returns:
        What came of it; its ``end`` says what the reader should be told.
    """
    if not configuration.automatic:
        return Tally()
    translator = open_translator(configuration)
    if isinstance(translator, Failure):
        return Tally(end=translator)
    lock = state_dir() / "translating.lock"
    try:
        with ProcessLock(lock, 0)():
            return _translate(catalogue, translator, is_cancelled)
    except TimeoutError:
        return Tally()
    except OSError as error:
        reason = tr(
            "{path}: new papers are not translated ({reason}); {advice}.",
            path=lock,
            reason=reason_of(error),
            advice=advice(error),
        )
        return Tally(end=Failure(Kind.DISK, reason))


def _translate(
    catalogue: Path,
    translator: Translator,
    is_cancelled: Callable[[], bool],
) -> Tally:
    refused = JsonFile(state_dir() / "untranslated.json", _EMPTY)
    failed: list[str] = []

    def note(paper: Paper, outcome: Outcome) -> None:
        if isinstance(outcome, Failure) and outcome.kind is Kind.ANSWER:
            failed.append(paper.key)

    try:
        with translator, closing(open_catalogue(catalogue)) as opened:
            papers = _papers(opened, translator, _known(refused))
            tally = translator.translate_all(papers, is_cancelled=is_cancelled, report=note)
    except (sqlite3.Error, ValueError, DigestTuiError):
        # The refresh that comes next finds out, and heals it.
        return Tally()
    finally:
        _remember(refused, failed)
    return tally


def _papers(
    catalogue: Catalogue, translator: Translator, refused: Collection[str]
) -> Iterator[Paper]:
    view = View(filter=parse_query(NEW).filter)
    # The clock is naive local time, as digests are.
    for number in list_papers(catalogue.connection, view, date.today()).ids:  # noqa: DTZ011 -- as said above
        paper = catalogue.papers.paper(number)
        if paper is not None and paper.key not in refused and translator.wish(paper):
            yield paper


def _known(refused: JsonFile) -> frozenset[str]:
    try:
        return frozenset(filter(lambda key: isinstance(key, str), refused.read()["papers"]))
    except JsonFileError:
        return frozenset()


def _remember(refused: JsonFile, failed: list[str]) -> None:
    def add(found: Document) -> tuple[Document, None]:
        return {**found, "papers": [*found["papers"], *failed][-_REMEMBERED:]}, None

    if failed:
        with suppress(JsonFileError):
            refused.change(add)

"""What ``digest-tui list`` was asked for, and the papers that answer it line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.export.paper_json import paper_to_json
from storage.formats.cleaning import clean_line
from storage.json_file import JsonFileError
from storage.language import tr
from storage.library.filters import SORT_WORDS, Node, Order, Query
from storage.library.grammar import QueryError, parse_query, to_text
from storage.library.mirror import Mirror
from storage.library.opening import CatalogueError
from storage.library.view import View
from storage.locations import views_file
from storage.marks.opening import open_marks
from storage.views import Views
from storage.wording import names_of, sentences
from tui.marks_place import marks_place
from tui.plain_rows import Columns, aligned_line, cells, tab_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from storage.library.catalogue import Catalogue
    from storage.marks.model import Marks
    from storage.model import Paper, PaperKey

    Complain = Callable[[str], None]
    MarksOf = Callable[[PaperKey], Marks | None]

_AT_ONCE = 500


class UsageError(DigestTuiError):
    """The command was not asked in a way that can be understood; the text may be several lines."""


def view_of(query: str, sort: str | None, lose: Complain) -> View:
    """Return the view that a filter and an order ask for.

    Args:
        query: Text of the filter language.
        sort: As behind ``sort:``, which it overrides.
        lose: Takes a sentence for what cannot be followed: the ignore list.

    Raises:
        UsageError: One of them is not understood.
    """
    try:
        asked = parse_query(query)
    except QueryError as error:
        raise UsageError(pointed_at(query, error)) from error
    order = asked.order if sort is None else _order(sort)
    return View(filter=asked.filter, order=order or Order.NEWEST, ignored=_ignored(lose))


def pointed_at(query: str, error: QueryError) -> str:
    """Write a query with carets under the place that is not understood, and the sentence."""
    text = "".join(c if c.isprintable() else " " for c in query)
    before, wrong = cells(text[: error.start]), cells(text[error.start : error.end])
    return f"  {text}\n  {' ' * before}{'^' * max(wrong, 1)}\n{clean_line(str(error))}"


def _order(word: str) -> Order:
    order = SORT_WORDS.get(word.casefold())
    if order is not None:
        return order
    import difflib  # noqa: PLC0415 -- for mistakes only

    close = difflib.get_close_matches(word.casefold(), SORT_WORDS, n=1)
    asked = clean_line(word)
    if close:
        raise UsageError(
            tr("There is no --sort {word}; did you mean {near}?", word=asked, near=close[0])
        )
    raise UsageError(
        tr("There is no --sort {word}; there are {words}.", word=asked, words=names_of(SORT_WORDS))
    )


def _ignored(lose: Complain) -> Node | None:
    """Return what is left out everywhere."""
    views = Views(views_file())
    try:
        ignored = parse_query(views.ignore).filter
    except JsonFileError as error:
        # i18n: {error} is a whole sentence
        lose(tr("{error} So nothing is ignored.", error=error))
    except QueryError as error:
        lose(tr("Your ignore list is not understood, so nothing is ignored: {error}", error=error))
    else:
        for notice in views.notices:
            lose(notice)
        return ignored
    return None


def known_marks(catalogue: Catalogue, lose: Complain) -> MarksOf:
    """Read the marks, and bring the catalogue's mirror of them up to date for the filters.

    Args:
        catalogue: The catalogue.
        lose: Takes a sentence for what could not be read or mirrored.

    Returns:
        The marks of a paper; None for all papers where they cannot be read.
    """
    try:
        place = marks_place(lose)
        store, _ = open_marks(place)
        if damage := store.others.damaged.get(str(place.legacy)):
            lose(
                tr(
                    "{path}: it is damaged ({damage}); what to do: digest-tui doctor --repair",
                    path=place.legacy,
                    damage=damage,
                )
            )
        for notice in store.notices:
            lose(notice)
        Mirror(catalogue.path, store.get).repair(store.items())
    except CatalogueError as error:
        lose(str(error))
    except DigestTuiError as error:
        lose(str(error))
        return lambda _: None
    return store.get


def why_none(catalogue: Catalogue, view: View, today: date) -> str:
    """Say why ``view`` lists nothing, as the reader does in an empty table.

    Args:
        catalogue: The catalogue.
        view: What was asked for.
        today: What relative dates count from.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    from storage.library.emptiness import why_empty  # noqa: PLC0415 -- for empty answers only
    from tui.keymap.keymap import key_of  # noqa: PLC0415 -- the same

    found = why_empty(
        catalogue.connection,
        view,
        today,
        written=lambda node: to_text(Query(node)),
        key=key_of,
    )
    reasons = list(found.reasons)
    # Nobody needs to be told how to ask for something else.
    if found.advice and not found.is_of_filter:
        # i18n: {advice} is what a key does, such as "/ changes the filter."
        reasons.append(tr("In the reader, {advice}", advice=found.advice))
    return sentences(reasons)


def lines(
    catalogue: Catalogue,
    ids: Sequence[int],
    marks_of: MarksOf,
    *,
    as_json: bool,
    columns: int | None,
) -> Iterator[str]:
    """Write papers line by line, without line ends; those that went meanwhile are left out.

    Only some hundred are held at once.

    Args:
        catalogue: The catalogue.
        ids: Which papers, in their order.
        marks_of: As ``known_marks`` returns it.
        as_json: All that is known of a paper as one JSON object.
        columns: Cells of a row of the terminal; None: it is none.

    Raises:
        CatalogueError: The texts of a paper are damaged.
        sqlite3.Error: The catalogue cannot be read.
    """
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        if as_json:
            yield from _json_lines(catalogue, part, marks_of)
            continue
        catalogue.fetch(part)
        heads = [head for head in map(catalogue.head, part) if head is not None]
        if columns is None:
            yield from (tab_line(head, marks_of(head.key)) for head in heads)
        else:
            places = Columns.of(heads, columns)
            yield from (aligned_line(head, marks_of(head.key), places) for head in heads)


def _json_lines(catalogue: Catalogue, ids: Sequence[int], marks_of: MarksOf) -> Iterator[str]:
    for paper in papers_of(catalogue, ids):
        yield paper_to_json(paper, marks_of(paper.key))


def papers_of(catalogue: Catalogue, ids: Iterable[int]) -> Iterator[Paper]:
    """Yield papers whole, one by one; those that went meanwhile are left out.

    Raises:
        CatalogueError: The texts of a paper are damaged.
        sqlite3.Error: The catalogue cannot be read.
    """
    try:
        yield from filter(None, map(catalogue.papers.paper, ids))
    except ValueError as error:
        raise CatalogueError(
            tr(
                "{path}: the index of your digests is damaged ({reason}); see what to do:"
                " digest-tui doctor",
                path=catalogue.path,
                reason=error,
            )
        ) from error

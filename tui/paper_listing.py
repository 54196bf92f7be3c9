"""What ``digest-tui list`` was asked for, and the papers that answer it line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.export.paper_json import paper_to_json
from storage.formats.cleaning import clean_line
from storage.json_file import JsonFileError
from storage.library.filters import SORT_WORDS, Node, Order, Query
from storage.library.grammar import QueryError, parse_query, to_text
from storage.library.mirror import Mirror
from storage.library.opening import CatalogueError
from storage.library.view import View
from storage.locations import views_file
from storage.marks.opening import open_marks
from storage.views import Views
from tui.marks_place import marks_place
from tui.plain_rows import Columns, aligned_line, cells, tab_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from storage.library.catalogue import Catalogue
    from storage.marks.model import Marks
    from storage.model import PaperKey

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
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(SORT_WORDS)}."
    raise UsageError(f"There is no --sort {clean_line(word)}; {hint}")


def _ignored(lose: Complain) -> Node | None:
    """Return what is left out everywhere."""
    views = Views(views_file())
    try:
        ignored = parse_query(views.ignore).filter
    except JsonFileError as error:
        lose(f"{error} So nothing is ignored.")
    except QueryError as error:
        lose(f"Your ignore list is not understood, so nothing is ignored: {error}")
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
                f"{place.legacy}: it is damaged ({damage}); what to do: digest-tui doctor --repair"
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

    *reasons, advice = why_empty(
        catalogue.connection, view, today, written=lambda node: to_text(Query(node))
    )
    key = advice.partition(" ")[0]
    if len(key) == 1:
        reasons.append(f"In the reader, {advice}")
    elif key != "Esc":  # nobody needs to be told how to ask for something else
        reasons.append(advice)
    return " ".join(reasons)


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
    try:
        for paper in filter(None, map(catalogue.papers.paper, ids)):
            yield paper_to_json(paper, marks_of(paper.key))
    except ValueError as error:
        raise CatalogueError(
            f"{catalogue.path}: the index of your digests is damaged ({error}); see what to do:"
            " digest-tui doctor"
        ) from error

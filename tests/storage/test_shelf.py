"""The digests screen's rows: what there is to choose, in which order, and that the counts hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.conditions import condition
from storage.library.filters import Kind, Node
from storage.library.marked import Marked
from storage.library.mirror import mirror
from storage.library.months import calendar
from storage.library.paper_folders import PaperFolder, paper_folders
from storage.library.shelf import Shelf, ShelfKind, channels, days, digests, everything, views
from storage.library.view import View, list_papers
from storage.library.writing import Document, State, write
from storage.marks import Marks
from storage.model import DocumentFormat
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

TODAY = date(2024, 4, 5)
MORNING, EVENING = datetime(2024, 4, 4, 9, 9), datetime(2024, 4, 4, 21, 30)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = empty_catalogue()
    yield made
    made.close()


def of_format(kind: DocumentFormat, made: Document) -> Document:
    assert made.digest is not None
    return made._replace(digest=made.digest._replace(format=kind))


def paper_file(path: str, number: int, **fields: Any) -> Document:
    plain = {"channel": None, "dated": False} | fields
    return of_format(DocumentFormat.PAPER_FILE, document(path, entry(number), **plain))


def read(connection: sqlite3.Connection, *numbers: int) -> None:
    mirror(connection, [(entry(number).key, Marks(read=True)) for number in numbers])


def counted(shelves: Iterable[Shelf]) -> list[tuple[str, int, int]]:
    return [(shelf.name, shelf.papers, shelf.unread) for shelf in shelves]


# --- digests ---------------------------------------------------------------------------------


def test_digests_are_listed_newest_first_with_their_papers(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/d/cs.LG/old.md", entry(1), entry(2), issued=MORNING),
            document("/d/stat.ML/new.md", entry(2), entry(3), issued=EVENING, channel="stat.ML"),
        ],
    )
    read(connection, 2, 3)
    assert digests(connection) == [
        Shelf(
            ShelfKind.DIGEST,
            "stat.ML  2024-04-04 21:30",
            Node(Kind.DIGEST, "/d/stat.ML/new.md"),
            2,
            0,
            EVENING,
            True,
            "Markdown",
        ),
        Shelf(
            ShelfKind.DIGEST,
            "cs.LG  2024-04-04 09:09",
            Node(Kind.DIGEST, "/d/cs.LG/old.md"),
            2,
            1,
            MORNING,
            True,
            "Markdown",
        ),
    ]


def test_a_digest_is_named_by_what_is_known_of_it(connection: sqlite3.Connection) -> None:
    midnight = datetime(2024, 4, 4)
    write(
        connection,
        [
            document("/d/a.md", entry(1), issued=midnight),
            document("/d/b.md", entry(1), issued=midnight, channel=None),
            document("/d/c.md", entry(1), issued=midnight, dated=False),
            document("/d/d.md", entry(1), issued=midnight, channel=None, dated=False),
            document(
                "/d/e_1a2b3c4d5e6f_2024-04-04T0000_9f8e7d6c.xml",
                entry(1),
                issued=midnight,
                channel=None,
            ),
        ],
    )
    rows = digests(connection)
    assert [row.name for row in rows] == [
        "cs.LG  2024-04-04",
        "b.md  2024-04-04",
        "cs.LG  c.md",
        "d.md",
        "e.xml  2024-04-04",
    ]
    assert [row.dated for row in rows] == [True, True, False, False, True]


def test_the_documents_of_one_run_say_of_which_kind_they_are(
    connection: sqlite3.Connection,
) -> None:
    kinds = {
        DocumentFormat.MARKDOWN: "Markdown",
        DocumentFormat.RSS: "feed",
        DocumentFormat.JSON_LINES: "JSON lines",
        DocumentFormat.WEB_PAGE: "web page",
        DocumentFormat.ARXIV_RSS: "arXiv RSS",
        DocumentFormat.ARXIV_ATOM: "arXiv Atom",
    }
    write(
        connection,
        [of_format(kind, document(f"/{place}", entry(1))) for place, kind in enumerate(kinds)],
    )
    rows = digests(connection)
    assert {row.name for row in rows} == {"cs.LG  2024-04-04 12:00"}
    assert [row.fact for row in rows] == list(kinds.values())


def test_an_empty_digest_is_listed_and_what_is_none_is_not(connection: sqlite3.Connection) -> None:
    stranger = Document(b"/s.md", 1, 1, b"s", State.STRANGER, "/s.md")
    lost = Document(b"/l.md", 1, 1, None, State.UNREADABLE, "/l.md")
    write(connection, [document("/e.md"), stranger, lost])
    assert counted(digests(connection)) == [("cs.LG  2024-04-04 12:00", 0, 0)]
    assert counted(days(connection)) == [("2024-04-04", 0, 0)]
    assert counted(channels(connection)) == [("cs.LG", 0, 0)]


def test_a_paper_that_is_twice_in_a_digest_counts_once(connection: sqlite3.Connection) -> None:
    write(connection, [document("/a.md", entry(1), entry(2), entry(1))])
    read(connection, 1)
    for rows in (digests(connection), channels(connection), days(connection)):
        assert [(row.papers, row.unread) for row in rows] == [(2, 1)]


def test_paper_files_are_one_row_behind_the_digests(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            *(paper_file(f"/x/papers/24/04/2404.{at:05}.json", at) for at in range(1, 31)),
            paper_file("/x/papers/23/12/2404.00031.json", 31),
            document("/x/papers/digest.md", entry(40)),
        ],
    )
    read(connection, 1, 31)
    _, papers = digests(connection)
    base = Node(Kind.DIGEST, "/x/papers/*.json")
    assert papers == Shelf(ShelfKind.DIGEST, "papers/", base, 31, 29, fact="31 paper files")
    assert len(list_papers(connection, View(base=base), TODAY)) == 31


def test_the_same_paper_in_two_paper_files_counts_once(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [paper_file("/x/papers/24/a.json", 1), paper_file("/x/papers/25/a.json", 1)],
    )
    (papers,) = digests(connection)
    assert (papers.papers, papers.fact) == (1, "2 paper files")


# --- folders of papers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], []),
        (
            [("/x/papers/24/04", 3, 3), ("/x/papers/24/05", 2, 2), ("/x/papers", 1, 1)],
            [PaperFolder("papers/", "/x/papers/*.json", 6)],
        ),
        (
            # A folder in another one is part of it, one that is only called alike is not.
            [("/x/papers/cs", 1, 1), ("/x/papers", 2, 2), ("/x/papers-old", 4, 4)],
            [
                PaperFolder("papers/", "/x/papers/*.json", 3),
                PaperFolder("papers-old/", "/x/papers-old/*.json", 4),
            ],
        ),
        (
            [("/a/papers/24", 1, 1), ("/b/papers/2024-04-04", 2, 2)],
            [
                PaperFolder("/a/papers/", "/a/papers/*.json", 1),
                PaperFolder("/b/papers/", "/b/papers/*.json", 2),
            ],
        ),
        (
            # Not all of them are called *.json, so the pattern must not ask for that.
            [("/x/papers/24", 5, 5), ("/x/papers/25", 2, 1)],
            [PaperFolder("papers/", "/x/papers/*", 7)],
        ),
        (
            # A folder of its own for each channel is a row, as long as these are few …
            [("/x/cs", 1, 1), ("/x/math", 2, 2)],
            [PaperFolder("cs/", "/x/cs/*.json", 1), PaperFolder("math/", "/x/math/*.json", 2)],
        ),
        # … and so is the folder around them where they are many.
        (
            [(f"/x/{name}", 1, 1) for name in "abcdefghij"] + [("/y", 1, 1)],
            [PaperFolder("x/", "/x/*.json", 10), PaperFolder("y/", "/y/*.json", 1)],
        ),
        ([("", 2, 2)], [PaperFolder("/", "*.json", 2)]),
        ([("24/04", 2, 2)], [PaperFolder("24/", "24/*.json", 2)]),
        ([("/24/04", 2, 2)], [PaperFolder("24/", "/24/*.json", 2)]),
    ],
)
def test_folders_of_papers(found: list[tuple[str, int, int]], expected: list[PaperFolder]) -> None:
    assert paper_folders(found) == expected
    assert paper_folders(reversed(found)) == expected


# --- channels --------------------------------------------------------------------------------


def test_channels_count_each_paper_once_over_all_their_digests(
    connection: sqlite3.Connection,
) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), entry(2), issued=MORNING),
            document("/2.md", entry(2), entry(3), issued=EVENING),
            document("/3.md", entry(3), issued=MORNING, channel="econ"),
            document("/4.md", entry(4), channel=None),
        ],
    )
    read(connection, 3)
    assert channels(connection) == [
        Shelf(
            ShelfKind.CHANNEL,
            "cs.LG",
            Node(Kind.CHANNEL, "cs.LG"),
            3,
            2,
            EVENING,
            True,
            "2 digests",
        ),
        Shelf(
            ShelfKind.CHANNEL,
            "econ",
            Node(Kind.CHANNEL, "econ"),
            1,
            0,
            MORNING,
            True,
            "1 digest",
        ),
    ]


def test_an_archive_counts_the_channels_below_it(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), entry(2), issued=MORNING, channel="stat"),
            document("/2.md", entry(2), entry(3), issued=EVENING, channel="stat.ML"),
            document("/3.md", entry(4), channel="stats.XX"),
        ],
    )
    archive, subject, _ = channels(connection)
    assert (archive.name, archive.papers, archive.fact) == ("stat", 3, "2 digests")
    assert archive.issued == EVENING
    assert (subject.name, subject.papers, subject.fact) == ("stat.ML", 2, "1 digest")


def test_a_channel_in_two_spellings_is_one_row(connection: sqlite3.Connection) -> None:
    # A filter by channel does not tell them apart either.
    write(
        connection,
        [document("/1.md", entry(1)), document("/2.md", entry(1), entry(2), channel="cs.lg")],
    )
    (row,) = channels(connection)
    assert (row.name, row.papers, row.fact) == ("cs.LG", 2, "2 digests")


def test_the_time_of_a_file_is_a_channels_only_where_there_is_no_better(
    connection: sqlite3.Connection,
) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=MORNING),
            document("/2.md", entry(1), issued=EVENING, dated=False),
            document("/3.md", entry(1), issued=EVENING, dated=False, channel="econ"),
        ],
    )
    assert [(row.name, row.issued, row.dated) for row in channels(connection)] == [
        ("cs.LG", MORNING, True),
        ("econ", EVENING, False),
    ]


# --- days ------------------------------------------------------------------------------------


def test_days_carry_their_channels(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=EVENING, channel="stat.ML"),
            document("/2.md", entry(1), entry(2), issued=MORNING),
            document("/3.md", entry(3), issued=MORNING, channel=None),
            document("/4.md", entry(4), issued=datetime(2024, 4, 3, 23, 59, 59)),
        ],
    )
    read(connection, 2)
    today, yesterday = days(connection)
    assert today == Shelf(
        ShelfKind.DAY,
        "2024-04-04",
        Node(Kind.DATE, "2024-04-04"),
        3,
        2,
        datetime(2024, 4, 4),
        True,
        "cs.LG, stat.ML",
    )
    assert (yesterday.name, yesterday.papers) == ("2024-04-03", 1)


def test_a_digest_of_unknown_day_makes_none(connection: sqlite3.Connection) -> None:
    write(connection, [document("/1.md", entry(1), dated=False)])
    assert days(connection) == []


def test_days_before_1970(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=datetime(1969, 12, 31, 23, 59)),
            document("/2.md", entry(2), issued=datetime(1969, 12, 31, 0, 0)),
            document("/3.md", entry(3), issued=datetime(1970, 1, 1, 0, 0)),
        ],
    )
    assert counted(days(connection)) == [("1970-01-01", 1, 1), ("1969-12-31", 2, 2)]


# --- all papers and views --------------------------------------------------------------------


def test_views_and_all_papers(connection: sqlite3.Connection) -> None:
    write(connection, [document("/1.md", entry(1), entry(2)), document("/2.md", entry(3))])
    read(connection, 1)
    unread = Node(Kind.IS, "unread")
    assert everything(connection) == Shelf(ShelfKind.ALL, "all papers", None, 3, 2)
    assert views(connection, [("To read", unread), ("Any", None)], None, TODAY) == [
        Shelf(ShelfKind.VIEW, "To read", unread, 2, 2),
        Shelf(ShelfKind.VIEW, "Any", None, 3, 2),
    ]


def test_a_view_counts_relative_dates_from_today(connection: sqlite3.Connection) -> None:
    write(connection, [document("/1.md", entry(1), issued=MORNING)])
    named = [("Yesterday's", Node(Kind.DATE, "yesterday"))]
    assert counted(views(connection, named, None, TODAY)) == [("Yesterday's", 1, 1)]
    assert counted(views(connection, named, None, date(2024, 4, 7))) == [("Yesterday's", 0, 0)]


def test_an_empty_library_has_no_rows(connection: sqlite3.Connection) -> None:
    assert digests(connection) == []
    assert channels(connection) == []
    assert days(connection) == []
    assert counted([everything(connection)]) == [("all papers", 0, 0)]


# --- what a row counts is what choosing it lists ---------------------------------------------

CHANNELS = [None, "cs.LG", "stat", "stat.ML", "physics.optics"]
FORMATS = [DocumentFormat.MARKDOWN, DocumentFormat.RSS]
documents = st.tuples(
    st.lists(st.integers(1, 12), max_size=6),
    st.sampled_from(CHANNELS),
    st.datetimes(datetime(2024, 4, 1), datetime(2024, 4, 4)),
    st.booleans(),
    st.sampled_from(FORMATS),
)
IGNORED = [
    None,
    Node(Kind.IDENTIFIER, "2404.0000"),
    Node(Kind.CHANNEL, "stat"),
    Node(Kind.DATE, "week"),
    Node(Kind.ANY, parts=(Node(Kind.IS, "read"), Node(Kind.IDENTIFIER, "2404.00011"))),
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(documents, max_size=8),
    st.lists(st.integers(1, 12), max_size=4),
    st.sets(st.integers(1, 12)),
    st.sampled_from(IGNORED),
)
def test_counts_are_those_of_the_listings(
    made: list[tuple[list[int], str | None, datetime, bool, DocumentFormat]],
    files: list[int],
    seen: set[int],
    ignored: Node | None,
) -> None:
    connection = empty_catalogue()
    issued = datetime(2024, 4, 2, 8, 0)
    batch = [
        of_format(
            kind,
            document(f"/d/{at}.md", *map(entry, papers), issued=when, channel=name, dated=known),
        )
        for at, (papers, name, when, known, kind) in enumerate(made)
    ]
    batch += [
        paper_file(f"/d/papers/{at}/p.json", paper, issued=issued) for at, paper in enumerate(files)
    ]
    write(connection, batch)
    read(connection, *seen)
    hidden = None if ignored is None else condition(ignored, TODAY)
    named = [("starred or read", Node(Kind.IS, "read")), ("all", None)]
    rows = [
        everything(connection, hidden),
        *digests(connection, hidden),
        *channels(connection, hidden),
        *days(connection, hidden),
        *views(connection, named, ignored, TODAY),
    ]
    marked = Marked.of(connection)
    for row in rows:
        listing = list_papers(connection, View(base=row.base, ignored=ignored), TODAY)
        assert (row.papers, row.unread) == (len(listing), marked.count(listing).unread), row
    connection.close()


# --- the calendar ----------------------------------------------------------------------------


def day(text: str, papers: int = 1) -> Shelf:
    when = datetime.fromisoformat(text)
    return Shelf(ShelfKind.DAY, text, Node(Kind.DATE, text), papers, 0, when, dated=True)


def test_a_calendar_has_the_months_with_digests_newest_first() -> None:
    rows = [day("2024-04-04"), day("2023-12-31"), day("2024-04-01"), day("2024-02-29")]
    months = calendar(rows)
    assert [(month.year, month.number) for month in months] == [(2024, 4), (2024, 2), (2023, 12)]
    assert calendar([]) == []


def test_a_month_is_laid_out_in_weeks_from_monday_on() -> None:
    # 29 February 2024 was a Thursday, and so was the first of the month.
    leap = day("2024-02-29", 7)
    (month,) = calendar([leap])
    drawn = [[cell.number if cell else 0 for cell in week] for week in month.weeks]
    assert drawn == [
        [0, 0, 0, 1, 2, 3, 4],
        [5, 6, 7, 8, 9, 10, 11],
        [12, 13, 14, 15, 16, 17, 18],
        [19, 20, 21, 22, 23, 24, 25],
        [26, 27, 28, 29, 0, 0, 0],
    ]
    with_digests = [cell for week in month.weeks for cell in week if cell and cell.shelf]
    assert [(cell.number, cell.shelf) for cell in with_digests] == [(29, leap)]

"""An empty listing says why it is empty, as far as that can be known, and what to do."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage.library import emptiness
from storage.library.filters import Kind, Node, Query
from storage.library.grammar import parse_query, to_text
from storage.library.mirror import mirror
from storage.library.view import View, list_papers
from storage.library.writing import Document, State, write
from storage.marks import Marks
from storage.model import Bilingual, Problem
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = date(2024, 4, 10)  # a Wednesday
FRIDAY, SATURDAY, SUNDAY = (datetime(2024, 4, day, 9, 0) for day in (5, 6, 7))
MONDAY, TUESDAY = (datetime(2024, 4, day, 9, 0) for day in (8, 9))
OTHER_DIGEST = "d chooses another digest or view."
OTHER_FILTER = "Esc takes the filter away, / changes it."
OTHER_FILTER_OR_DIGEST = (
    "Esc takes the filter away, / changes it, d chooses another digest or view."
)
NOTHING_FOUND = "Its producer found nothing to announce."


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = empty_catalogue()
    yield made
    made.close()


KEYS = {
    "find.digests": "d",
    "find.filter": "/",
    "find.ignore": "I",
    "find.problems": "!",
    "find.reload": "R",
    "read.back": "Esc",
}


def why(connection: sqlite3.Connection, view: View) -> tuple[str, ...]:
    assert len(list_papers(connection, view, TODAY)) == 0
    found = emptiness.why_empty(
        connection, view, TODAY, written=lambda node: to_text(Query(node)), key=KEYS.__getitem__
    )
    return (*found.reasons, found.advice) if found.advice else found.reasons


def typed(text: str) -> Node | None:
    return parse_query(text).filter


def of(source: str) -> View:
    return View(source, Node(Kind.DIGEST, source))


# --- nothing in the library ------------------------------------------------------------------


def test_an_empty_library_says_how_to_fill_it(connection: sqlite3.Connection) -> None:
    for view in (View(), of("/a.md"), View(filter=typed("diffusion"))):
        assert why(connection, view) == ("Your library is empty.",)


def test_a_library_without_a_readable_file_points_at_the_problems(
    connection: sqlite3.Connection,
) -> None:
    write(connection, [Document(b"/l.md", 1, 1, None, State.UNREADABLE, "/l.md")])
    assert why(connection, View()) == (
        "Nothing in your library could be read.",
        "! lists what is wrong.",
    )


def test_a_library_of_empty_digests(connection: sqlite3.Connection) -> None:
    write(connection, [document("/1.md", issued=FRIDAY)])
    assert why(connection, View()) == (
        "Your library has one digest and no papers: there was nothing to announce.",
        "R looks for new digests.",
    )
    write(connection, [document("/2.md", issued=MONDAY, channel="econ")])
    assert why(connection, View()) == (
        "Your library has 2 digests and no papers: there was nothing to announce.",
        "All channels have been empty since 2024-04-05: the producer may have stopped.",
        "R looks for new digests.",
    )


# --- nothing in what was chosen --------------------------------------------------------------


def test_an_empty_digest(connection: sqlite3.Connection) -> None:
    write(
        connection, [document("/1.md", entry(1), issued=MONDAY), document("/2.md", issued=FRIDAY)]
    )
    assert why(connection, of("/2.md")) == (NOTHING_FOUND, OTHER_DIGEST)
    # A filter is not what made it empty.
    filtered = of("/2.md")._replace(filter=typed("diffusion"))
    assert why(connection, filtered) == (NOTHING_FOUND, OTHER_DIGEST)


@pytest.mark.parametrize(
    ("issued", "said"),
    [
        (SATURDAY, "2024-04-06 is a Saturday, and arXiv announces nothing at the weekend."),
        (SUNDAY, "2024-04-07 is a Sunday, and arXiv announces nothing at the weekend."),
    ],
)
def test_an_empty_digest_of_a_weekend(
    connection: sqlite3.Connection, issued: datetime, said: str
) -> None:
    write(
        connection, [document("/1.md", entry(1), issued=MONDAY), document("/2.md", issued=issued)]
    )
    assert why(connection, of("/2.md")) == (NOTHING_FOUND, said, OTHER_DIGEST)
    day = View("", Node(Kind.DATE, issued.date().isoformat()))
    assert why(connection, day) == (NOTHING_FOUND, said, OTHER_DIGEST)


def test_the_time_of_a_file_is_no_weekend(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=MONDAY),
            document("/2.md", issued=SATURDAY, dated=False),
        ],
    )
    assert why(connection, of("/2.md")) == (NOTHING_FOUND, OTHER_DIGEST)


def test_a_producer_that_stopped(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=FRIDAY),
            document("/2.md", issued=SATURDAY),
            document("/3.md", issued=MONDAY, channel="econ"),
            document("/4.md", issued=TUESDAY),
        ],
    )
    stopped = "All channels have been empty since 2024-04-06: the producer may have stopped."
    for source in ("/2.md", "/4.md"):
        assert why(connection, of(source)) == (NOTHING_FOUND, stopped, OTHER_DIGEST)
    assert why(connection, View("", Node(Kind.CHANNEL, "econ"))) == (
        NOTHING_FOUND,
        stopped,
        OTHER_DIGEST,
    )
    # One that has papers again ends it, whatever its channel.
    write(connection, [document("/5.md", entry(2), issued=TUESDAY, channel="math")])
    assert why(connection, of("/4.md")) == (NOTHING_FOUND, OTHER_DIGEST)


def test_a_holiday_or_a_weekend_is_no_sign_that_the_producer_stopped(
    connection: sqlite3.Connection,
) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=FRIDAY),
            document("/2.md", issued=SATURDAY),
            document("/3.md", issued=SUNDAY),
            document("/4.md", issued=MONDAY),
            document("/5.md", issued=MONDAY + timedelta(hours=3), channel="econ"),
        ],
    )
    assert why(connection, of("/4.md")) == (NOTHING_FOUND, OTHER_DIGEST)


def test_an_empty_digest_from_before_the_producer_stopped(connection: sqlite3.Connection) -> None:
    thursday = datetime(2024, 4, 4, 9, 0)
    write(
        connection,
        [
            document("/0.md", issued=thursday),
            document("/1.md", entry(1), issued=FRIDAY),
            # On the day of the last papers there was something.
            document("/2.md", issued=FRIDAY + timedelta(hours=3), channel="econ"),
            document("/3.md", issued=MONDAY),
            document("/4.md", issued=TUESDAY),
        ],
    )
    assert why(connection, of("/0.md")) == (NOTHING_FOUND, OTHER_DIGEST)
    assert why(connection, of("/2.md")) == (NOTHING_FOUND, OTHER_DIGEST)
    assert why(connection, of("/3.md")) == (
        NOTHING_FOUND,
        "All digests have been empty since 2024-04-08: the producer may have stopped.",
        OTHER_DIGEST,
    )


def test_a_channel_whose_digests_are_all_empty(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document("/1.md", entry(1), issued=TUESDAY),
            document("/2.md", issued=FRIDAY, channel="econ.EM"),
            document("/3.md", issued=MONDAY, channel="econ.EM"),
        ],
    )
    for channel in ("econ.EM", "econ", "econ.*"):
        assert why(connection, View(channel, Node(Kind.CHANNEL, channel))) == (
            "The producers of its 2 digests found nothing to announce.",
            OTHER_DIGEST,
        )


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (Node(Kind.DIGEST, "/gone.md"), ["It is not in your library any more."]),
        (Node(Kind.CHANNEL, "math"), ["There is no digest of math in your library."]),
        (Node(Kind.DATE, "2024-04-04"), ["There is no digest of 2024-04-04 in your library."]),
        (
            Node(Kind.DATE, "2024-04-06"),
            [
                "There is no digest of 2024-04-06 in your library.",
                "2024-04-06 is a Saturday, and arXiv announces nothing at the weekend.",
            ],
        ),
        (
            Node(Kind.DATE, "today"),
            [
                "There is no digest of 2024-04-10 in your library.",
                "The newest one is of 2024-04-08.",
            ],
        ),
        (Node(Kind.DATE, "..2023"), ["There is no digest of these days in your library."]),
    ],
)
def test_no_digest_at_all(connection: sqlite3.Connection, base: Node, said: list[str]) -> None:
    write(connection, [document("/1.md", entry(1), issued=MONDAY)])
    assert why(connection, View("", base)) == (*said, OTHER_DIGEST)


def test_a_digest_that_could_not_be_read(connection: sqlite3.Connection) -> None:
    problem = Problem("/2.md", 3, "the entry has no title")
    harmless = Problem("/3.md", 3, "the footer is left out", is_loss=False)
    write(
        connection,
        [
            document("/1.md", entry(1), issued=MONDAY),
            document("/2.md", issued=FRIDAY, problems=(problem,)),
            document("/3.md", issued=FRIDAY, problems=(harmless,)),
            Document(b"/4.md", 1, 1, None, State.UNREADABLE, "/4.md"),
        ],
    )
    assert why(connection, of("/2.md")) == (
        "Nothing in it could be read: ! lists what is wrong.",
        OTHER_DIGEST,
    )
    assert why(connection, of("/3.md")) == (NOTHING_FOUND, OTHER_DIGEST)
    assert why(connection, of("/4.md")) == ("It could not be read: ! says why.", OTHER_DIGEST)
    key = (KEYS | {"find.problems": "F9"}).__getitem__
    other = emptiness.why_empty(connection, of("/4.md"), TODAY, written=str, key=key)
    assert other.reasons == ("It could not be read: F9 says why.",)


# --- the filter ------------------------------------------------------------------------------


@pytest.fixture
def library(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Three papers on diffusion and one on alignment; those of the first digest are read."""
    write(
        connection,
        [
            document(
                "/1.md", entry(1, "Diffusion of heat"), entry(2, "Diffusion of gas"), issued=FRIDAY
            ),
            document(
                "/2.md",
                entry(3, "Diffusion of news"),
                entry(4, "Alignment of rods", tldr=Bilingual(None, "棒的排列")),
                issued=MONDAY,
                channel="econ",
            ),
        ],
    )
    mirror(connection, [(entry(number).key, Marks(read=True)) for number in (1, 2)])
    return connection


def test_everything_is_read(library: sqlite3.Connection) -> None:
    unread = typed("is:unread")
    assert why(library, of("/1.md")._replace(filter=unread)) == (
        "Everything here is read.",
        OTHER_FILTER_OR_DIGEST,
    )
    mirror(library, [(entry(number).key, Marks(read=True)) for number in (3, 4)])
    assert why(library, View(filter=unread)) == ("Everything here is read.", OTHER_FILTER)
    # The same as a saved view.
    assert why(library, View("To read", unread)) == ("Everything here is read.", OTHER_DIGEST)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("is:starred", "Nothing here is starred."),
        ("is:updated", "Nothing here that you read or starred has a newer version."),
        ("has:note", "Nothing here has a note."),
        ("zeppelin", "Nothing in your library matches ‘zeppelin’."),
        ("-date:2024", "Nothing in your library matches ‘-date:2024’."),
        ("cat:math OR 飞艇", "Nothing in your library matches ‘cat:math OR 飞艇’."),
    ],
)
def test_a_filter_of_one_part(library: sqlite3.Connection, text: str, said: str) -> None:
    assert why(library, View(filter=typed(text))) == (said, OTHER_FILTER)


def test_what_is_not_checked_yet_may_be_suspect(library: sqlite3.Connection) -> None:
    suspect = View(filter=typed("is:suspect"))
    library.execute("DELETE FROM unaligned")
    assert why(library, suspect) == ("No translation here is suspect.", OTHER_FILTER)
    library.execute("INSERT INTO unaligned SELECT id FROM paper LIMIT 1")
    assert (
        why(library, suspect)[1]
        == "But one paper of your library waits to be checked; R goes on with that."
    )
    library.execute("INSERT OR IGNORE INTO unaligned SELECT id FROM paper LIMIT 2")
    assert why(library, suspect)[1].startswith("But 2 papers of your library wait to be checked")
    both = View(filter=typed("is:suspect gas"))
    assert why(library, both)[1].startswith("But 2 papers of your library wait to be checked")


def test_what_a_filter_would_find_elsewhere(library: sqlite3.Connection) -> None:
    assert why(library, of("/2.md")._replace(filter=typed("gas"))) == (
        "Nothing here matches ‘gas’.",
        "In all digests there would be 1.",
        OTHER_FILTER_OR_DIGEST,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("diffusion zeppelin", ["Without ‘zeppelin’ there would be 3."]),
        (
            "alignment heat",
            ["Without ‘alignment’ there would be 1, without ‘heat’ 1."],
        ),
        (
            "diffusion is:unread 排列",
            ["Without ‘diffusion’ there would be 1, without ‘排列’ 1."],
        ),
        (
            "diffusion -channel:econ is:unread",
            ["Without ‘-channel:econ’ there would be 1, without ‘is:unread’ 2."],
        ),
        ("zeppelin balloon", []),
    ],
)
def test_which_part_is_too_narrow(library: sqlite3.Connection, text: str, said: list[str]) -> None:
    assert why(library, View(filter=typed(text))) == (
        "Nothing in your library matches the whole filter.",
        *said,
        OTHER_FILTER,
    )


def test_a_filter_over_a_digest_with_a_part_too_many(library: sqlite3.Connection) -> None:
    assert why(library, of("/2.md")._replace(filter=typed("diffusion heat"))) == (
        "Nothing here matches the whole filter.",
        "Without ‘heat’ there would be 1, in all digests 1.",
        OTHER_FILTER_OR_DIGEST,
    )


def test_a_saved_view_that_finds_nothing(library: sqlite3.Connection) -> None:
    assert why(library, View("Balloons", typed("zeppelin diffusion"))) == (
        "Nothing in your library matches the whole filter.",
        "Without ‘zeppelin’ there would be 3.",
        OTHER_DIGEST,
    )


def test_thousands_are_written_so(connection: sqlite3.Connection) -> None:
    write(connection, [document("/1.md", *(entry(at, "Gas") for at in range(1, 1235)))])
    assert why(connection, View(filter=typed("gas zeppelin")))[1] == (
        "Without ‘zeppelin’ there would be 1,234."
    )


def test_only_the_first_six_parts_are_left_out(library: sqlite3.Connection) -> None:
    six = "diffusion -heat -gas is:unread date:2024 channel:econ"
    # Leaving out the seventh would help, but that is not looked for.
    assert why(library, View(filter=typed(f"{six} zeppelin"))) == (
        "Nothing in your library matches the whole filter.",
        OTHER_FILTER,
    )


def test_what_is_not_known_soon_is_left_out(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(connection, [document("/1.md", *(entry(at, "Gas") for at in range(1, 1000)))])
    view = View(filter=typed("gas zeppelin"))
    monkeypatch.setattr(emptiness, "_PATIENCE", -1.0)
    monkeypatch.setattr(emptiness, "_STEPS", 10)
    assert why(connection, view) == (
        "Nothing in your library matches the whole filter.",
        OTHER_FILTER,
    )
    # The connection is as it was before.
    assert len(list_papers(connection, View(), TODAY)) == 999


def test_whoever_interrupts_is_told(library: sqlite3.Connection) -> None:
    def written(node: Node) -> str:
        # Called between two queries; the next one ends at once.
        library.set_trace_callback(lambda _: library.interrupt())
        return node.value

    view = View(filter=typed("diffusion zeppelin"))
    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        emptiness.why_empty(library, view, TODAY, written=written, key=KEYS.__getitem__)


# --- the ignore list -------------------------------------------------------------------------


def test_the_ignore_list_hides_what_would_be_listed(library: sqlite3.Connection) -> None:
    advice = "I changes the ignore list."
    view = View(ignored=typed("diffusion OR channel:econ"))
    assert why(library, view) == ("Your ignore list hides the 4 papers that would be here.", advice)
    view = view._replace(filter=typed("alignment"))
    assert why(library, view) == (
        "Your ignore list hides the one paper that would be here.",
        advice,
    )
    view = of("/1.md")._replace(ignored=typed("diffusion"))
    assert why(library, view) == ("Your ignore list hides the 2 papers that would be here.", advice)


def test_what_the_ignore_list_hides_does_not_count(library: sqlite3.Connection) -> None:
    view = View(filter=typed("diffusion zeppelin"), ignored=typed("heat"))
    assert why(library, view)[1] == "Without ‘zeppelin’ there would be 2."


def test_an_ignore_list_that_is_not_to_blame(connection: sqlite3.Connection) -> None:
    write(
        connection, [document("/1.md", entry(1), issued=MONDAY), document("/2.md", issued=FRIDAY)]
    )
    view = of("/2.md")._replace(ignored=typed("title"))
    assert why(connection, view) == (NOTHING_FOUND, OTHER_DIGEST)


def test_a_digest_is_not_empty_because_all_of_it_is_ignored(library: sqlite3.Connection) -> None:
    view = of("/1.md")._replace(filter=typed("zeppelin"), ignored=typed("diffusion"))
    assert why(library, view) == ("Nothing here matches ‘zeppelin’.", OTHER_FILTER_OR_DIGEST)

"""The catalogue: what it makes of documents, in whatever order and portions they come and go."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.formats import parse
from storage.library import catalogue as catalogue_module
from storage.library import deriving
from storage.library.catalogue import Catalogue, open_catalogue
from storage.library.codec import decode, encode
from storage.library.mirror import Mirror, mirror, repair
from storage.library.opening import CatalogueError, open_for_writing
from storage.library.writing import Document, State, write
from storage.marks import Marks
from storage.model import (
    AnnounceType,
    Appearance,
    Bilingual,
    Code,
    Entry,
    PaperKey,
    Problem,
    Section,
)
from tests.storage.catalogues import (
    NOON,
    check,
    document,
    empty_catalogue,
    entry,
    found_by,
    paper_in,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.model import Paper

DAY = timedelta(days=1)
ONE, TWO, THREE = (PaperKey(f"2404.0000{number}") for number in (1, 2, 3))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = empty_catalogue()
    yield made
    made.close()


def merged(*documents: Document) -> Paper:
    """Write the documents one by one, the last one first, and read the paper they are about."""
    connection = empty_catalogue()
    for each in reversed(documents):
        write(connection, [each])
    paper = paper_in(connection)
    assert paper is not None
    connection.close()
    return paper


def number_of(connection: sqlite3.Connection, path: str) -> int:
    select = "SELECT id FROM document WHERE path = ?"
    (number,) = connection.execute(select, (path.encode(),)).fetchone()
    return int(number)


# --- one paper from many entries ----------------------------------------------------------------


def test_each_field_comes_from_where_it_is_known() -> None:
    digest = entry(
        1,
        None,
        title=Bilingual("Cats", "猫"),
        tldr=Bilingual(None, "猫很好"),
        abstract=Bilingual("Cats are go", "猫是好的。"),
        abstract_cut=True,
        version=2,
        ref=7,
        announce_type=AnnounceType.CROSS,
    )
    daily = entry(
        1,
        "Cats",
        abstract=Bilingual("Cats are good."),
        primary_category="cs.CV",
        categories=("cs.CV", "cs.LG"),
        authors=("A. Meow", "B. Purr"),
        sections=(Section("method", "观察猫"),),
        comment="9 pages",
        code=Code("https://example.org/cats", 3),
    )
    file = entry(1, "Cats", tldr=Bilingual("Cats win."), version=2)

    paper = merged(
        document("a.md", digest),
        document("b.jsonl", daily, channel=None, issued=NOON - DAY),
        document("c.json", file, channel=None, dated=False),
    )

    assert (paper.key, paper.arxiv_id, paper.version) == (ONE, "2404.00001", 2)
    assert paper.title == Bilingual("Cats", "猫")
    assert paper.tldr == Bilingual("Cats win.", "猫很好")
    assert paper.abstract == Bilingual("Cats are good.", "猫是好的。")
    assert not paper.abstract_cut
    assert (paper.primary_category, paper.categories) == ("cs.CV", ("cs.CV", "cs.LG"))
    assert paper.authors == ("A. Meow", "B. Purr")
    assert paper.sections == (Section("method", "观察猫"),)
    assert (paper.comment, paper.code) == ("9 pages", Code("https://example.org/cats", 3))
    assert paper.appearances == (
        Appearance("a.md", "cs.LG", NOON, True, 7, AnnounceType.CROSS, 2),
        Appearance("b.jsonl", None, NOON - DAY, True, None, None, None),
        Appearance("c.json", None, NOON, False, None, None, 2),
    )


LONG, LONGER = "A fair abstract", "A fair abstract, continued"
ABSTRACTS = [
    # Newer and older entry: version, abstract, whether it is cut; and the one that is kept.
    ((2, "New", False), (1, LONGER, False), ("New", False)),
    ((1, LONGER, False), (2, "New", False), ("New", False)),
    ((1, LONG, False), (1, LONGER, False), (LONGER, False)),
    ((1, LONGER, False), (1, LONG, False), (LONGER, False)),
    ((1, LONGER, True), (1, LONG, False), (LONG, False)),
    ((1, LONG, False), (1, LONGER, True), (LONG, False)),
    ((1, LONG, True), (1, LONGER, True), (LONGER, True)),
    ((2, "New", True), (1, LONGER, False), ("New", True)),
    ((None, LONG, False), (3, LONGER, False), (LONGER, False)),
    ((2, None, False), (1, LONGER, True), (LONGER, True)),
    ((2, None, False), (1, None, False), (None, False)),
]


@pytest.mark.parametrize(("newer", "older", "kept"), ABSTRACTS)
def test_the_newest_version_s_and_fullest_abstract_is_kept(
    newer: tuple[int, str, bool], older: tuple[int, str, bool], kept: tuple[str, bool]
) -> None:
    entries = [
        entry(version=version, abstract=Bilingual(text), abstract_cut=cut)
        for version, text, cut in (newer, older)
    ]
    paper = merged(document("a.md", entries[0]), document("b.md", entries[1], issued=NOON - DAY))
    assert (paper.abstract.en, paper.abstract_cut) == kept


CHINESE = [
    # Newer and older entry: version and text; and which is kept as title or TL;DR and as abstract.
    ((1, "好的标题"), (1, "标题"), "好的标题", "好的标题"),
    ((1, "标题"), (1, "更好的标题"), "标题", "更好的标题"),
    ((2, "Not translated"), (1, "标题"), "标题", "标题"),
    ((1, "标题"), (2, "Not translated"), "标题", "标题"),
    ((2, "新标题"), (1, "更早的标题"), "新标题", "新标题"),
    ((1, "旧标题很长"), (2, "新"), "新", "新"),
    ((3, None), (1, "标题"), "标题", "标题"),
    ((1, "Not at all"), (2, "Neither"), "Neither", "Neither"),
]


@pytest.mark.parametrize(("newer", "older", "short", "long"), CHINESE)
def test_chinese_that_is_chinese_wins_then_the_newest_version(
    newer: tuple[int, str], older: tuple[int, str], short: str, long: str
) -> None:
    entries = [
        entry(version=version, title=text, tldr=text, abstract=text)
        for version, text in ((v, Bilingual("Same", zh)) for v, zh in (newer, older))
    ]
    paper = merged(document("a.md", entries[0]), document("b.md", entries[1], issued=NOON - DAY))
    assert (paper.title.zh, paper.tldr.zh, paper.abstract.zh) == (short, short, long)


def test_appearances_are_newest_first_and_those_of_unknown_date_last() -> None:
    paper = merged(
        document("late.json", entry(), issued=NOON + 9 * DAY, dated=False),
        document("b.md", entry(ref=2), issued=NOON, channel="stat.ML"),
        document("a.md", entry(ref=1), issued=NOON - DAY),
        document("c.md", entry(ref=1), issued=NOON + DAY),
        document("early.json", entry(), issued=NOON - 9 * DAY, dated=False, channel=None),
    )
    sources = [appearance.source for appearance in paper.appearances]
    assert sources == ["c.md", "b.md", "a.md", "late.json", "early.json"]


def test_the_markdown_and_the_feed_of_one_run_are_one_appearance(
    connection: sqlite3.Connection,
) -> None:
    documents = [
        document("cs.LG/noon.xml", entry()),
        document("cs.LG/noon.md", entry()),
        document("cs.LG/later.md", entry(), issued=NOON + DAY),
        document("cs.AI/noon.md", entry(), channel="cs.AI"),
        document("one.jsonl", entry(), entry(), channel=None),
        document("two.jsonl", entry(), channel=None),
    ]
    write(connection, documents)
    paper = paper_in(connection)
    assert paper is not None
    assert [appearance.source for appearance in paper.appearances] == [
        *("cs.LG/later.md", "cs.AI/noon.md", "cs.LG/noon.md"),
        *("one.jsonl", "two.jsonl"),
    ]
    (head,) = (Catalogue(connection, Path()).head(number) for number in (1,))
    assert head is not None
    assert head.elsewhere == 4


def test_a_row_shows_the_best_there_is(connection: sqlite3.Connection) -> None:
    write(
        connection,
        [
            document(
                "a.md",
                entry(1, title=Bilingual("Cats", "猫"), version=3, announce_type=AnnounceType.NEW),
                entry(2, title=Bilingual("Dogs", "Dogs"), tldr=Bilingual(None, "狗很好")),
                entry(3, None, abstract=Bilingual("No title here. " * 50, "没有标题。" * 90)),
                entry(4, primary_category="cs.CV", categories=("cs.CV",)),
                entry(5, None, title=Bilingual(None, "只有中文")),
                entry("math/0211159", "Old"),
            )
        ],
    )
    catalogue = Catalogue(connection, Path())
    catalogue.fetch(range(1, 7))
    heads = [catalogue.head(number) for number in range(1, 7)]
    assert [(head.title_en, head.title_zh) for head in heads if head] == [
        ("Cats", "猫"),
        ("Dogs", "狗很好"),
        (("No title here. " * 50)[:300], ("没有标题。" * 90)[:300]),
        ("A title", ""),
        ("只有中文", "只有中文"),
        ("Old", ""),
    ]
    assert [(head.version, head.type, head.category) for head in heads[:4] if head] == [
        *((3, "new", "cs.LG"), (None, "", "cs.LG")),
        *((None, "", "cs.LG"), (None, "", "cs.CV")),
    ]
    assert catalogue.keys([6, 99, 1]) == ["math/0211159", ONE]
    assert catalogue.ids([TWO, PaperKey("2404.99999")]) == {TWO: 2}
    assert (catalogue.head(99), catalogue.papers.paper(99), catalogue.papers.before(99, 1)) == (
        None,
    ) * 3


def test_entries_without_an_identifier_are_papers_by_their_text(
    connection: sqlite3.Connection,
) -> None:
    nameless = Entry(abstract=Bilingual("A saved page.", "保存的页面。"))
    write(connection, [document("a.txt", nameless), document("b.txt", nameless, issued=NOON - DAY)])
    catalogue = Catalogue(connection, Path())
    assert catalogue.paper_count() == 1
    (key,) = catalogue.keys([1])
    paper = catalogue.papers.paper(1)
    assert paper is not None
    assert (key[:5], paper.arxiv_id, len(paper.appearances)) == ("text:", None, 2)


def test_an_older_version_can_be_looked_at_again() -> None:
    connection = empty_catalogue()
    write(
        connection,
        [
            document("v3.md", entry(1, "Third", version=3), issued=NOON + 2 * DAY),
            document("v1.md", entry(1, "First", version=1, authors=("A. Meow",))),
            document("v2.md", entry(1, "Second", version=2), issued=NOON + DAY),
            document("unsaid.json", entry(1, "Unsaid"), dated=False),
        ],
    )
    catalogue = Catalogue(connection, Path())
    before = [catalogue.papers.before(1, version) for version in (1, 2, 3, 9, 0)]
    assert [paper and (paper.title.en, paper.version) for paper in before] == [
        *(("First", 1), ("Second", 2), ("Third", 3), ("Third", 3), None)
    ]
    assert before[1]
    assert before[1].authors == ("A. Meow",)
    connection.close()


# --- documents that change and go ---------------------------------------------------------------


def test_a_changed_document_replaces_what_it_said(connection: sqlite3.Connection) -> None:
    problem = Problem("a.md", 3, "this line belongs to no entry", "junk")
    write(
        connection,
        [
            document("a.md", entry(1, "Walrus"), entry(2, "Herring"), problems=(problem,)),
            document("b.md", entry(3, "Seal")),
        ],
    )
    kept = document("a.md", entry(1, "Penguin"), entry(3, "Seal"), modified=2)
    write(connection, [kept])

    paper = paper_in(connection)
    assert paper is not None
    assert paper.title.en == "Penguin"
    assert paper_in(connection, 2) is None
    assert found_by(connection, "walrus OR herring") == set()
    assert found_by(connection, "penguin OR seal") == {ONE, THREE}
    catalogue = Catalogue(connection, Path())
    assert (catalogue.paper_count(), catalogue.document_count()) == (2, 2)
    assert (catalogue.problems(), catalogue.problem_count()) == ([], 0)
    check(connection)


def test_a_document_that_becomes_none_takes_its_papers_with_it(
    connection: sqlite3.Connection,
) -> None:
    write(connection, [document("a.md", entry(1, "Walrus"))])
    stranger = Document(b"a.md", 9, 2, b"other", State.STRANGER, "a.md")
    write(connection, [stranger])
    catalogue = Catalogue(connection, Path())
    assert (catalogue.paper_count(), catalogue.document_count()) == (0, 0)
    write(connection, [document("a.md", entry(1, "Walrus"), modified=3)])
    assert found_by(connection, "walrus") == {ONE}


def test_what_is_removed_takes_only_what_nobody_else_says(connection: sqlite3.Connection) -> None:
    shared = entry(1, "Walrus", authors=("A. Meow",))
    write(
        connection,
        [
            document("a.md", shared, entry(2, "Herring"), channel="stat.ML", issued=NOON + DAY),
            document("b.md", shared._replace(authors=(), version=1), channel="cs.CV"),
        ],
    )
    write(connection, [], [number_of(connection, "a.md")])

    paper = paper_in(connection)
    assert paper is not None
    assert (paper.title.en, paper.authors) == ("Walrus", ())
    assert [appearance.source for appearance in paper.appearances] == ["b.md"]
    categories = connection.execute("SELECT name FROM category").fetchall()
    assert categories == [("cs.CV",)]
    assert found_by(connection, "meow OR herring") == set()
    assert found_by(connection, "walrus") == {ONE}
    check(connection)


def test_nothing_is_left_of_what_is_gone(connection: sqlite3.Connection) -> None:
    nothing = said(connection)
    problem = Problem("a.md", 1, "damaged")
    write(connection, [document("a.md", entry(1), entry(2, "B"), problems=(problem,))])
    write(connection, [document("b.md", entry(2, "C"), channel="math")])
    for path in ("a.md", "b.md"):
        write(connection, [], [number_of(connection, path)])
    assert said(connection) == nothing
    check(connection)


def test_texts_that_documents_share_are_stored_once(connection: sqlite3.Connection) -> None:
    once = entry(1, "Walrus", abstract=Bilingual("Tusks. " * 100))

    def texts() -> int:
        (count,) = connection.execute("SELECT count(*) FROM text").fetchone()
        return int(count)

    write(connection, [document("a.md", once._replace(ref=1)), document("b.md", once, once)])
    write(connection, [document("c.md", once._replace(ref=5, announce_type=AnnounceType.CROSS))])
    assert texts() == 1
    # The same words of another paper are that paper's own.
    write(connection, [document("d.md", once._replace(arxiv_id=entry(2).arxiv_id))])
    assert texts() == 2
    write(connection, [document("b.md", entry(1, "Whale"), modified=2)])
    assert texts() == 3
    write(connection, [], [number_of(connection, path) for path in ("a.md", "c.md")])
    assert texts() == 2


def test_a_batch_that_fails_changes_nothing(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(connection, [document("a.md", entry(1, "Walrus"))])
    before = said(connection)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(deriving, "_tidy", fail)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            write(connection, [document("a.md", entry(2)), document("b.md", entry(3))])
    assert said(connection) == before
    write(connection, [document("b.md", entry(3))])
    check(connection)


def test_a_reader_sees_whole_batches_and_that_there_is_news(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    writer = open_for_writing(path).connection
    write(writer, [document("a.md", entry(1))])
    reader = open_catalogue(path)
    other = reader.fresh()
    before = reader.change_count()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM paper")
    assert (len(reader.keys([1, 2])), reader.change_count()) == (1, before)
    writer.execute("ROLLBACK")
    write(writer, [document("b.md", entry(2))])
    assert reader.change_count() != before
    assert (reader.paper_count(), other.paper_count()) == (2, 2)
    for each in (reader, other, writer):
        each.close()
    with pytest.raises(sqlite3.ProgrammingError):
        reader.paper_count()


def test_rows_are_read_anew_once_that_is_asked_for(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue(connection, Path())
    write(connection, [document("a.md", *(entry(n, f"Title {n}") for n in range(1, 1201)))])
    catalogue.fetch(range(1, 1201))
    assert [catalogue.head(n).title_en for n in (1, 500, 1200)] == [  # type: ignore[union-attr]
        *("Title 1", "Title 500", "Title 1200")
    ]
    write(connection, [document("a.md", entry(1, "Other"), modified=2)])
    catalogue.forget()
    assert catalogue.head(1).title_en == "Other"  # type: ignore[union-attr]
    assert catalogue.head(500) is None
    # However many rows are asked for, few are kept.
    monkeypatch.setattr(catalogue_module, "_KEPT", 2)
    for number in range(1, 50):
        catalogue.head(number)
    assert len(catalogue._heads) <= 2


def test_problems_are_listed_the_newest_documents_first(connection: sqlite3.Connection) -> None:
    def problem(path: str, line: int | None, *, is_loss: bool = True) -> Problem:
        return Problem(path, line, "unclear", "raw\x1b[31m", is_loss)

    old, new = [problem("old.md", 1)], [problem("new.md", 9), problem("new.md", 2, is_loss=False)]
    lost = problem("lost.md", None)
    write(
        connection,
        [
            document("old.md", entry(1), problems=tuple(old), issued=NOON - DAY),
            document("new.md", problems=tuple(new)),
            Document(b"lost.md", 0, 1, None, State.UNREADABLE, "lost.md", None, (lost,)),
        ],
    )
    catalogue = Catalogue(connection, Path())
    assert catalogue.problems() == [new[1], new[0], *old, lost]
    assert catalogue.problem_count() == 4
    write(connection, [document("new.md", modified=2)])
    assert catalogue.problems() == [*old, lost]


# --- the same whatever the order ----------------------------------------------------------------

TITLES = ("Cats purr", "Cats", "Dogs", None)
CHINESE_TEXTS = ("猫很好", "猫很好的说明", "No Han here", None)
ENTRIES = st.builds(
    Entry,
    title=st.builds(Bilingual, st.sampled_from(TITLES), st.sampled_from(CHINESE_TEXTS)),
    tldr=st.builds(Bilingual, st.sampled_from((None, "Purr")), st.sampled_from(CHINESE_TEXTS)),
    abstract=st.builds(Bilingual, st.sampled_from((None, LONG, LONGER)), st.none()),
    arxiv_id=st.sampled_from([entry(n).arxiv_id for n in (1, 2, 3)] + [None]),
    version=st.sampled_from((None, 1, 2)),
    announce_type=st.sampled_from((None, AnnounceType.NEW, AnnounceType.REPLACE)),
    categories=st.sampled_from(((), ("cs.CV",), ("cs.LG", "stat.ML"))),
    authors=st.sampled_from(((), ("A. Meow",))),
    abstract_cut=st.booleans(),
    ref=st.sampled_from((None, 1, 2)),
)
PATHS = st.sampled_from(["a.md", "b.md", "c.xml", "d.json"])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    path = draw(PATHS)
    return document(
        path,
        *draw(st.lists(ENTRIES, max_size=3)),
        issued=NOON + draw(st.sampled_from((0, 0, 1))) * DAY,
        channel=draw(st.sampled_from(("cs.LG", "stat.ML", None))),
        dated=path != "d.json",
        modified=draw(st.integers(1, 3)),
    )


BATCHES = st.lists(
    st.tuples(
        st.lists(documents(), max_size=3, unique_by=lambda each: each.path),
        st.lists(PATHS, max_size=2, unique=True),
    ),
    max_size=6,
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(batches=BATCHES, marked=st.integers(0, 3), shuffle=st.randoms(use_true_random=False))
def test_documents_in_any_order_and_portion_say_the_same(
    batches: list[tuple[list[Document], list[str]]], marked: int, shuffle: object
) -> None:
    """A catalogue that was brought up to date again and again equals one that is new."""
    changed, new = empty_catalogue(), empty_catalogue()
    marks = [(key, Marks(read=True, note=f"note on {key}")) for key in (ONE, THREE)]
    left: dict[bytes, Document] = {}
    for step, (come, go) in enumerate(batches):
        if step == marked:
            mirror(changed, marks)
        gone = {path.encode() for path in go} & set(left) - {each.path for each in come}
        numbers = [number_of(changed, path.decode()) for path in sorted(gone)]
        left = {path: each for path, each in left.items() if path not in gone}
        left |= {each.path: each for each in come}
        write(changed, come, numbers)
    remaining = list(left.values())
    shuffle.shuffle(remaining)  # type: ignore[attr-defined]
    for each in remaining:
        write(new, [each])
    if marked < len(batches):
        mirror(new, marks)

    assert said(changed) == said(new)
    check(changed)
    keys = {each.key for one in left.values() if one.digest for each in one.digest.entries}
    assert set(said(changed)["papers"]) == keys  # type: ignore[call-overload]
    for words in ("purr", "猫很", "meow", "2404"):
        assert found_by(changed, f'"{words}"') == found_by(new, f'"{words}"')
    changed.close()
    new.close()


def test_entries_that_differ_in_nothing_but_their_texts_are_merged_alike_every_time(
    connection: sqlite3.Connection,
) -> None:
    # Two names of which one is written with the escape that the other one is shown with.
    alike = [
        document("é.md", entry(1, "Walrus"), entry(1, "Herring")),
        document("é.md", entry(1, "Penguin"), entry(1, "Seal")),
    ]
    first, second = alike[0]._replace(path=b"\xe9.md"), alike[1]
    write(connection, [first, second])
    for each in (first, second, first):
        write(connection, [each])
        words = [word for word in ("walrus", "penguin") if found_by(connection, word)]
        paper = paper_in(connection)
        assert paper is not None
        assert paper.title.en is not None
        assert words == [paper.title.en.casefold()]
    write(connection, [], [1, 2])
    assert said(connection) == said(empty_catalogue())


# --- texts as they come -------------------------------------------------------------------------


def test_an_entry_comes_back_as_it_was_stored() -> None:
    odd = "a\x00b\x1b[31m\ud800\u202e𠮷\n\"\\'"
    whole = Entry(
        title=Bilingual(odd, "标题"),
        tldr=Bilingual("", odd),
        abstract=Bilingual(odd, None),
        arxiv_id=entry().arxiv_id,
        version=4,
        announce_type=AnnounceType.REPLACE_CROSS,
        primary_category=odd,
        categories=(odd, ""),
        authors=(odd,),
        abstract_cut=True,
        sections=(Section(odd, odd),),
        comment=odd,
        code=Code(odd, 2**53, None),
        ref=3,
    )
    for each in (whole, Entry(arxiv_id=entry().arxiv_id)):
        seen = Appearance("a.md", None, NOON, True, each.ref, each.announce_type, each.version)
        mark, data = encode(each)
        assert decode(data, each.key, seen) == each
        assert encode(each)[0] == mark
        assert encode(each._replace(ref=9, version=1, announce_type=None))[0] == mark
        assert encode(each._replace(comment="other"))[0] != mark


def test_no_damage_to_a_text_is_taken_for_a_text() -> None:
    seen = Appearance("a.md", None, NOON, True, None, None, None)
    whole = entry(1, "Walrus", abstract=Bilingual("Tusks. " * 9, "獠牙。"))
    _, data = encode(whole)
    damaged = [data[:length] for length in range(len(data))]
    damaged += [
        data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        for at in range(len(data))
        for bit in range(8)
    ]
    read: list[Entry] = []
    for each in damaged:
        with suppress(ValueError):
            read.append(decode(each, ONE, seen))
    # The last byte of what is compressed has bits that mean nothing.
    assert len(read) < 8
    assert all(one == whole for one in read)


def test_a_damaged_text_is_told_by_the_paper_that_has_it_and_by_no_other(
    connection: sqlite3.Connection,
) -> None:
    write(connection, [document("a.md", entry(1), entry(2, "Herring"))])
    connection.execute("UPDATE text SET data = x'00' WHERE paper = 1")
    catalogue = Catalogue(connection, Path())
    with pytest.raises(ValueError, match=r"."):
        catalogue.papers.paper(1)
    assert catalogue.papers.paper(2) is not None
    assert catalogue.head(1) is not None
    with pytest.raises(ValueError, match=r"."):
        write(connection, [document("a.md", entry(3))])
    assert paper_in(connection, 2) is not None  # nothing was changed


HALF = "\ud800"
ODD = f"tusk{HALF}tusk \x00 \x1b[2J \u200b 獠{HALF}牙 {HALF}"
ODD_LINES = {
    "daily": {
        "id": "2404.00001",
        "title": ODD,
        "summary": ODD,
        "categories": [ODD, "cs.LG", ""],
        "authors": [ODD, "B. Purr"],
        "comment": ODD,
        "code_url": ODD,
        "AI": {"tldr": ODD, "method": ODD},
    },
    "own": {
        "arxiv_id": "2404.00001",
        "title": {"en": ODD, "zh": ODD},
        "abstract": {"en": ODD},
        "primary_category": ODD,
        "channel": ODD,
        "date": "2024-04-04",
        "sections": {ODD: ODD},
        "version": 2**53,  # no version
    },
    "nameless": {"arxiv_id": ODD, "title": {"en": HALF}},
    "paper-file": {"title": ODD, "abstract": ODD, "link": ODD, "tldr": ODD},
}


@pytest.mark.parametrize("name", ODD_LINES)
def test_half_characters_and_controls_do_no_harm(connection: sqlite3.Connection, name: str) -> None:
    digest = parse(json.dumps(ODD_LINES[name]).encode(), "odd.jsonl", NOON)
    write(
        connection,
        [document("odd.jsonl")._replace(digest=digest, problems=digest.problems)],
    )
    catalogue = Catalogue(connection, Path())
    head, paper = catalogue.head(1), catalogue.papers.paper(1)
    assert paper is not None
    assert head is not None
    assert head.title_en.isprintable()
    assert len(catalogue.problems()) == len(digest.problems)
    if name != "nameless":
        assert found_by(connection, "tusk") == {paper.key}
        assert found_by(connection, '"獠" *') == {paper.key}
    write(connection, [], [1])
    assert said(connection) == said(empty_catalogue())
    check(connection)


def test_times_that_no_calendar_has_are_kept(connection: sqlite3.Connection) -> None:
    times = [datetime(1, 1, 1), datetime(1969, 12, 31, 23, 59), datetime(9999, 12, 31, 23, 59)]
    write(
        connection,
        [document(f"{n}.md", entry(n), issued=time) for n, time in enumerate(times)],
    )
    found = [paper_in(connection, number) for number in range(3)]
    assert [paper and paper.appearances[0].issued for paper in found] == times
    ages = connection.execute("SELECT key FROM paper ORDER BY age").fetchall()
    assert ages == [("2404.00002",), ("2404.00001",), ("2404.00000",)]


# --- the mirror of the marks --------------------------------------------------------------------

AT = datetime(2026, 11, 21, tzinfo=UTC)


def mirrored(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT m.key, p.key, m.read, m.starred, m.seen, m.note FROM mark m"
        " LEFT JOIN paper p ON p.id = m.paper ORDER BY m.key"
    ).fetchall()


def test_marks_find_their_paper_whichever_comes_first(connection: sqlite3.Connection) -> None:
    marks = Marks(read=True, starred=True, note="LoRA微调 #todo", seen=2)
    mirror(connection, [(ONE, marks), (TWO, Marks(read=True))])
    one, two = (ONE, None, 1, 1, 2, " lora 微调 调 todo #todo/ "), (TWO, None, 1, 0, 0, "")
    assert mirrored(connection) == [one, two]
    write(connection, [document("a.md", entry(1), entry(3))])
    assert mirrored(connection) == [(ONE, ONE, *one[2:]), two]
    # A note without a word is a note.
    mirror(connection, [(THREE, Marks(note="!"))])
    three = (THREE, THREE, 0, 0, 0, "  ")
    assert mirrored(connection) == [(ONE, ONE, *one[2:]), two, three]
    write(connection, [document("a.md", entry(2), modified=2)])
    assert mirrored(connection) == [one, (TWO, TWO, *two[2:]), (THREE, None, *three[2:])]
    write(connection, [document("a.md", entry(1), modified=3)])
    assert mirrored(connection)[:2] == [(ONE, ONE, *one[2:]), two]


def test_the_marks_of_a_paper_that_goes_are_no_other_s(connection: sqlite3.Connection) -> None:
    mirror(connection, [(ONE, Marks(read=True))])
    write(connection, [document("a.md", entry(1))])
    write(connection, [], [1])
    write(connection, [document("b.md", entry(2))])
    assert mirrored(connection) == [(ONE, None, 1, 0, 0, "")]


def test_the_mirror_repairs_itself(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1), entry(2))])
    marks = {
        ONE: Marks(read=True, read_at=AT),
        TWO: Marks(starred=True, starred_at=AT, note="mine", note_at=AT),
    }
    assert repair(connection, marks.items()) == 2
    assert repair(connection, marks.items()) == 0
    whole = mirrored(connection)
    connection.execute("DELETE FROM mark WHERE key = ?", (ONE,))
    connection.execute("INSERT INTO mark VALUES ('2404.00009', NULL, 1, 0, 0, '', '')")
    assert repair(connection, marks.items()) == 2
    assert mirrored(connection) == whole
    # Marks that were taken back on another machine: their time tells.
    marks[TWO] = marks[TWO].with_value("note", "", AT + DAY)  # type: ignore[arg-type]
    assert repair(connection, marks.items()) == 1
    assert mirrored(connection)[1] == (TWO, TWO, 0, 1, 0, "")


def test_marks_that_a_hand_wrote_do_no_harm(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1))])
    marks = {
        PaperKey("\ud800"): Marks(read=True),
        PaperKey(""): Marks(read=True),
        ONE: Marks(read=True, seen=2**80, note="a\ud800b \x00"),
    }
    repair(connection, marks.items())
    assert repair(connection, marks.items()) == 0
    (one,) = (row for row in mirrored(connection) if row[0] == ONE)
    assert one[:4] == (ONE, ONE, 1, 0)
    assert one[5] == " a b "


def test_marks_go_into_the_file_or_wait(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    marks = {ONE: Marks(read=True), TWO: Marks(note="two")}
    into = Mirror(path, lambda key: marks.get(key, Marks()))
    into.note([ONE])
    with pytest.raises(CatalogueError, match="the marks themselves are safe") as caught:
        into.flush()
    assert str(path) in str(caught.value)
    assert not path.exists()
    writer = open_for_writing(path).connection
    into.note([TWO])
    into.flush()
    assert [row[0] for row in mirrored(writer)] == [ONE, TWO]
    marks[ONE] = Marks(starred=True)
    assert into.repair(marks.items()) == 0  # no time tells
    into.note([ONE])
    into.flush()
    assert mirrored(writer)[0][2:4] == (0, 1)
    writer.close()

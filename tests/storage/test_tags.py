"""The tags of notes: which they are, where they stand, and that the catalogue finds them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.catalogue import Catalogue
from storage.library.filters import Kind, Node, Query
from storage.library.grammar import parse_query, to_text
from storage.library.mirror import mirror, repair
from storage.library.view import View, list_papers
from storage.library.writing import write
from storage.marks import Marks
from storage.marks.tags import as_tag, tag_spans, tags_of
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)

# --- which they are -----------------------------------------------------------------------------

# Each note with its tags between ‹ and ›.
MARKED_NOTES = [
    "",
    "no tags at all",
    "‹#todo›",
    "‹#todo›, then ‹#Later›. (‹#a›) [‹#b›] “‹#c›”—‹#d›",
    "- [ ] ‹#todo/urgent›!\n\t‹#next›\n> ‹#quoted›",
    "‹#proj/vision-2›/ ‹#proj›- ‹#_draft› ‹#snake_case› ‹#a//b›",
    "‹#3d› ‹#2024-04› ‹#v1› #3 #2024 #-a #/b #- #",
    # headings, and signs inside of words and addresses
    "# Title\n## Second ‹#tag›\n##no ###no",
    "C# and F#; x#y _#y issue#4 /#x &#x20; &#amp",
    "https://x.example/a#no https://x.example/?q=#no http://x.example/~#no x:(‹#tag›)",
    "[a link](#no) (‹#tag›)",
    r"\#no \\‹#tag› \`‹#a›\`",
    # Chinese has no spaces
    "很重要‹#待读›，‹#项目/视觉›。",
    "‹#话题›#很好 ‹#待读›#重要",
    "‹＃ＴＯＤＯ／ａ› 见https://x.example/a，‹#待读›",
    "https://x.example/注意力#历史",
    "ひらがな‹#タグ› カタカナ‹#二〇二四›",
    # other scripts and signs
    "‹#हिन्दी› ‹#cafe\u0301› ‹#Žluť›, ⭐️‹#star›👍 #👍 #\u20e3 #3\ufe0f\u20e3",
    # code
    "`#no` ``#no ` #no`` ‹#a› `‹#b›",
    "```python\n#no\n```\n‹#a›\n~~~\n#no\n```\n#no\n~~~~\n‹#b›\n````\n#no\n```",
    "``` #no ``` ‹#a›\n- item\n  ```\n  #no\n  ```\n`‹#b›\nc`",
    "``` no `fence\n‹#a›",
]


@pytest.mark.parametrize("marked", MARKED_NOTES)
def test_tags_stand_where_a_reader_means_one(marked: str) -> None:
    first, *rest = marked.split("‹")
    note, expected = first, []
    for part in rest:
        tag, _, more = part.partition("›")
        expected.append((len(note), len(note) + len(tag)))
        note += tag + more
    assert tag_spans(note) == expected


def test_a_tag_is_one_in_any_case_and_width() -> None:
    assert tags_of("#Todo b #TODO ＃ＴＯＤＯ #todo") == ("todo",)
    assert tags_of("#Straße #STRASSE #cafe\u0301 #Café") == ("strasse", "café")
    assert tags_of("#b #Proj/Vision #a #B") == ("b", "proj/vision", "a")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *[("todo", "todo"), ("#ToDo", "todo"), ("＃待读", "待读"), ("Proj/A", "proj/a")],
        *[("proj/", "proj"), ("#proj-", "proj"), ("#proj／", "proj")],
        *[("", ""), ("#", ""), ("3", ""), ("/a", ""), ("##a", ""), ("a.b", ""), ("`a`", "")],
        *[("a b", ""), ("#a #b", ""), ("a#b", ""), ("a\n", "")],
    ],
)
def test_a_text_is_read_as_one_tag_or_none(text: str, tag: str) -> None:
    assert as_tag(text) == tag


_bodies = st.text("abZ待读é3_-/", min_size=1, max_size=8).filter(
    lambda body: not body.startswith(("-", "/")) and body[-1] not in "-/" and not body.isdigit()
)
_others = st.sampled_from(
    ["word", "注意力", "#3", "C#", "x#y", "`#no`", "https://x.example/#a", "#", r"\#no", "&#x41;"]
)
_pieces = st.tuples(st.booleans(), _bodies, _others)


def _note(pieces: list[tuple[bool, str, str]]) -> tuple[str, set[str]]:
    """Make a note of tags and other words, and tell its tags."""
    words = [f"#{tag}" if is_tag else other for is_tag, tag, other in pieces]
    return " ".join(words), {tag.lower() for is_tag, tag, _ in pieces if is_tag}


_notes = st.lists(_pieces, max_size=6).map(_note)


@given(_notes)
def test_the_tags_of_a_note_are_those_that_were_put_there(made: tuple[str, set[str]]) -> None:
    note, tags = made
    assert set(tags_of(note)) == tags


@settings(max_examples=120)
@given(st.text(max_size=30) | st.lists(st.sampled_from("#＃a3待-/`\\~ \n:()]")).map("".join))
def test_every_tag_of_any_text_is_read_and_written_as_itself(note: str) -> None:
    spans = tag_spans(note)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(set(edges))
    assert all(note[start] in "#＃" and end - start > 1 for start, end in spans)
    for tag in tags_of(note):
        assert tags_of(f"#{tag}") == (tag,) == (as_tag(tag),)
        query = Query(Node(Kind.TAG, tag, exact=True))
        assert parse_query(f"#{tag}") == parse_query(f"tag:{tag}") == query
        assert to_text(query) == f"#{tag}"


# --- that they are found ------------------------------------------------------------------------

NOTES = {
    1: "#todo: prove it",
    2: "#todolist",
    3: "the word todo",
    4: "see #Proj/Vision",
    5: "#proj",
    6: "#project",
    7: "很重要#待读，与 lecture 比较 `#todo`",
    8: "",
}
KEYS = {number: entry(number).key for number in NOTES}


def take_notes(connection: sqlite3.Connection, notes: Mapping[int, str]) -> None:
    mirror(connection, [(KEYS[number], Marks(note=note)) for number, note in notes.items()])


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = empty_catalogue()
    write(connection, [document("a.md", *map(entry, NOTES))])
    take_notes(connection, NOTES)
    yield connection
    connection.close()


def found(connection: sqlite3.Connection, query: Query) -> set[int]:
    """List what a filter asks for; return the papers' numbers."""
    ids = set(list_papers(connection, View(filter=query.filter), date(2026, 11, 21)).ids)
    rows = connection.execute("SELECT id, key FROM paper").fetchall()
    keys = {key for paper, key in rows if paper in ids}
    return {number for number, key in KEYS.items() if key in keys}


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("#todo", {1}),
        ("#TODO", {1}),
        ("tag:todo", {1}),
        ("-#todo", {2, 3, 4, 5, 6, 7, 8}),
        # A tag of a tag is one of both.
        ("#proj", {4, 5}),
        ("#proj/vision", {4}),
        ("#vision", set()),
        ("#proj -#proj/vision", {5}),
        ("#todo OR #待读", {1, 7}),
        ("#待", set()),
        ("has:tag", {1, 2, 4, 5, 6, 7}),
        ("has:note -has:tag", {3}),
        # Words of notes are found as they are anywhere else, those of tags too.
        ("note:todo", {1, 2, 3, 7}),
        ('note:"todo"', {1, 3, 7}),
        ("note:odo", set()),
        ("note:重要", {7}),
        ("note:要", {7}),
        ("note:lect", {7}),
        ("note:待读", {7}),
        ('note:"see proj vision"', {4}),
        ("vision", {4}),
    ],
)
def test_notes_are_found_by_their_tags_and_words(
    connection: sqlite3.Connection, text: str, papers: set[int]
) -> None:
    assert found(connection, parse_query(text)) == papers


def test_while_a_tag_is_typed_it_is_a_beginning(connection: sqlite3.Connection) -> None:
    typed = ["#", "#t", "#todo", "#todol", "#proj/"]
    answers = [found(connection, parse_query(text, is_typing=True)) for text in typed]
    assert answers == [set(NOTES), {1, 2}, {1, 2}, {2}, {4, 5, 6}]


@settings(max_examples=60, deadline=None)
@given(st.lists(_notes, min_size=3, max_size=3), st.lists(_bodies, max_size=2))
def test_any_notes_are_found_by_their_tags(
    made: list[tuple[str, set[str]]], others: list[str]
) -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", *map(entry, range(1, 4)))])
    take_notes(connection, {number: note for number, (note, _) in enumerate(made, 1)})
    for tag in {each.lower() for each in others}.union(*(tags for _, tags in made)):
        exact = {
            number
            for number, (_, tags) in enumerate(made, 1)
            if any(f"{each}/".startswith(f"{tag}/") for each in tags)
        }
        assert found(connection, parse_query(f"#{tag}")) == exact
        begun = {
            number
            for number, (_, tags) in enumerate(made, 1)
            if any(each.startswith(tag) for each in tags)
        }
        assert found(connection, parse_query(f"#{tag}", is_typing=True)) == begun
    tagged = {number for number, (_, tags) in enumerate(made, 1) if tags}
    assert found(connection, parse_query("has:tag")) == tagged
    connection.close()


def test_the_tags_in_use_are_known_the_most_used_first(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    take_notes(connection, {2: "#b #待读", 3: "#b", 5: "", 6: "#c #b/d #b"})
    # Of a paper that is in no digest.
    mirror(connection, [(entry(99).key, Marks(note="#gone #c #c"))])
    known = Catalogue(connection, tmp_path).known_values()[Kind.TAG]
    assert known == ["b", "待读", "b/d", "c", "proj/vision", "todo"]


# --- that the mirror tells when a row is not up to date -----------------------------------------


def test_what_an_earlier_version_mirrored_is_mirrored_anew_once(
    connection: sqlite3.Connection,
) -> None:
    marks = {KEYS[1]: Marks(note="#todo", note_at=AT), KEYS[8]: Marks(read=True, read_at=AT)}
    repair(connection, marks.items())
    at = AT.isoformat()
    connection.execute("UPDATE mark SET note = ' todo ', stamp = ? WHERE note <> ''", (f"||{at}|",))
    connection.execute("UPDATE mark SET stamp = ? WHERE note = ''", (f"{at}|||",))
    assert found(connection, parse_query("#todo")) == set()
    assert repair(connection, marks.items()) == 2
    assert found(connection, parse_query("#todo")) == {1}
    assert repair(connection, marks.items()) == 0


def test_a_note_that_changed_without_its_time_is_mirrored_anew(
    connection: sqlite3.Connection,
) -> None:
    # Another version of it, older than this one, came from another machine.
    marks = {KEYS[1]: Marks(note="mine", note_at=AT)}
    repair(connection, marks.items())
    marks[KEYS[1]] = Marks(note="mine\n\ntheirs #todo", note_at=AT)
    assert repair(connection, marks.items()) == 1
    assert found(connection, parse_query("#todo")) == {1}
    assert repair(connection, marks.items()) == 0

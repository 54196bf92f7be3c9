"""The list of all notes: newest first, narrowed by words and tags, a way to papers and notes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from storage.marks import MarkChange, MarkField, Marks
from storage.marks.sharing.stamps import Stamp
from storage.model import PaperKey
from tests.marks import store_in
from tests.tui.choosing import burst
from tests.tui.papers import ADAM, ATTENTION, BOMB, PUSH
from tests.tui.reader import Reader, lines, reading
from tui.noted import Noted, NoteIndex, gathered, when
from tui.screens.notes import NotesScreen
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.note_list import NoteList, NotePreview
from tui.widgets.status_line import HintLine
from tui.widgets.tag_line import TagLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storage.marks import TinyDBMarkStore

GONE = PaperKey("2501.00001")
NOTES = {
    ADAM: "推导见第 3 节 #组会",
    GONE: "a paper of which no digest is left #todo",
    ATTENTION: "# Read **again**\n- [ ] ask about heads #todo/wei\n\nthe end",
}
"""The oldest first."""


@pytest.fixture
def store(tmp_path: Path) -> TinyDBMarkStore:
    store = store_in(tmp_path)
    for key, note in NOTES.items():
        store.apply([MarkChange(key, MarkField.NOTE, note)])
    store.apply([MarkChange(PUSH, MarkField.STARRED, value=True)])
    return store


def is_open(reader: Reader) -> bool:
    return isinstance(reader.app.screen, NotesScreen)


def drawn(reader: Reader) -> list[str]:
    """The lines of the list with single spaces and without times, blank ones left out."""
    notes = reader.app.screen.query_one(NoteList)
    rows = [line.split() for line in lines(notes, notes.size.height)]
    return [" ".join(word for word in row if word != today()) for row in rows if row]


def today() -> str:
    return "12:00"


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.widgets.note_list.when", lambda at, now: today())


def whole(reader: Reader) -> list[str]:
    preview = reader.app.screen.query_one(NotePreview)
    return [preview.render_line(y).text.rstrip() for y in range(5)]


def tags(reader: Reader) -> str:
    line = reader.app.screen.query_one(TagLine)
    return " ".join(line.render_line(0).text.split()) if line.display else ""


def said(reader: Reader) -> str:
    return reader.app.screen.query_one("#notes-hints", HintLine).message


def typed(reader: Reader) -> str:
    return reader.app.screen.query_one(NarrowLine).value


async def test_notes_are_listed_newest_first_with_paper_and_tags(
    tmp_path: Path, store: TinyDBMarkStore
) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N")
        assert drawn(reader) == [
            "# Read **again** …",
            "1706.03762 Attention Is All You Need #todo/wei",
            "a paper of which no digest is left #todo",
            "2501.00001",
            "推导见第 3 节 #组会",
            "1412.6980 Adam: A Method for Stochastic Optimization",
        ]
        assert tags(reader) == "#todo 1 #todo/wei 1 #组会 1"
        assert said(reader) == "3 notes"
        assert whole(reader) == [
            "注意力就是你所需要的一切", "# Read **again**", "- [ ] ask about heads #todo/wei", "", "the end",
        ]  # fmt: skip
        await reader.press("j", "j")
        assert whole(reader)[:2] == ["Adam：一种随机优化方法", "推导见第 3 节 #组会"]


async def test_without_notes_it_says_how_to_write_one(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("N")
        assert drawn(reader) == ["No notes yet; e on a paper writes one."]
        await reader.press("enter", "j", "tab")
        assert is_open(reader)
        await reader.press("escape")
        assert not is_open(reader)


FOUND = {
    "again": [ATTENTION],
    "END heads": [ATTENTION],
    "推导": [ADAM],
    "2501": [GONE],
    "#todo": [ATTENTION, GONE],
    "#TODO/w": [ATTENTION],
    "#to": [ATTENTION, GONE],
    "＃组": [ADAM],
    "#todo left": [GONE],
    "nothing": [],
}


async def test_words_and_tags_narrow_the_list(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N")
        for words, found in FOUND.items():
            await burst(reader, f"/{words}")
            listed = [line.split()[0] for line in drawn(reader)[1::2]]
            assert listed == found, words
            if not found:
                assert drawn(reader) == ["No note has all of that; Esc clears the line."]
            assert said(reader) == f"{len(found)} of 3 notes"
            await reader.press("escape")
            assert said(reader) == "3 notes"
            assert is_open(reader)


async def test_tab_goes_from_tag_to_tag(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N", "tab")
        assert (typed(reader), len(drawn(reader))) == ("#todo ", 4)
        await reader.press("tab")
        assert (typed(reader), len(drawn(reader))) == ("#todo/wei ", 2)
        await reader.press("shift+tab", "shift+tab")
        assert typed(reader) == "#组会 "
        # The list has the focus, so that letters are keys again.
        await reader.press("enter")
        assert reader.table.current == ADAM


async def test_a_click_on_a_tag_chooses_it(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N")
        await reader.pilot.click(TagLine, offset=(12, 0))
        await reader.settle()
        assert typed(reader) == "#todo/wei "


async def test_a_number_sign_begins_a_tag(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N", "number_sign", *"todo")
        assert (typed(reader), len(drawn(reader))) == ("#todo", 4)


async def test_enter_goes_to_the_paper_in_the_table(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await burst(reader, "N/组会\r")
        assert not is_open(reader)
        assert reader.table.current == ADAM
        assert len(reader.listed) > 1


async def test_a_paper_that_is_not_listed_is_listed(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await burst(reader, "/is:starred\r")
        assert reader.listed == [PUSH]
        await reader.press("N", "enter")
        assert reader.listed == [ATTENTION]
        await reader.press("escape")
        assert reader.listed == [PUSH]


async def test_e_goes_on_with_the_note_itself(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N", "G", "e")
        await reader.press(*" more", "escape")
        assert reader.on_disk(ADAM)["note"] == "推导见第 3 节 #组会 more"
        assert reader.on_disk(ATTENTION)["note"] == NOTES[ATTENTION]
        assert reader.table.current == ADAM


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_of_a_paper_that_is_gone_only_the_note_is_left(
    tmp_path: Path, store: TinyDBMarkStore, key: str
) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N", "j", key)
        assert is_open(reader)
        assert said(reader) == "2501.00001 is in no digest that is open"
        assert whole(reader)[:2] == ["2501.00001", "a paper of which no digest is left #todo"]


async def test_clicks_choose(tmp_path: Path, store: TinyDBMarkStore) -> None:
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N")
        # On the blank line behind the first note: nothing; on the paper of the third: that note.
        await reader.pilot.click(NoteList, offset=(5, 2))
        assert whole(reader)[1] == "# Read **again**"
        await reader.pilot.click(NoteList, offset=(5, 7), times=2)
        await reader.settle()
        assert reader.table.current == ADAM


async def test_outside_text_is_data(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.apply([MarkChange(ATTENTION, MarkField.NOTE, f"{BOMB} #a\n{BOMB}")])
    async with reading(tmp_path, store=store) as reader:
        await reader.press("N")
        text = "".join([*drawn(reader), *whole(reader)])
        assert "[/b] [cs.LG]" in text
        assert all(character.isprintable() for character in text)


@pytest.mark.parametrize("size", [(60, 20), (60, 10), (100, 30), (220, 50)])
async def test_it_stands_at_every_size(
    tmp_path: Path, store: TinyDBMarkStore, size: tuple[int, int]
) -> None:
    async with reading(tmp_path, store=store, size=size) as reader:
        await reader.press("N", "G")
        assert "推导见第 3 节 #组会" in drawn(reader)
        for number, note in enumerate(reversed(NOTES), 1):
            await reader.press("g", *["j"] * (number - 1))
            assert [line for line in drawn(reader) if line.startswith(note)]


async def test_a_hundred_thousand_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is on the screen is asked for and drawn."""
    count = 100_000
    begun = datetime(2026, 1, 1, tzinfo=UTC)

    def items(_: TinyDBMarkStore) -> Iterator[tuple[PaperKey, Marks]]:
        for number in range(count):
            at = begun + timedelta(minutes=number)
            yield PaperKey(f"k{number}"), Marks(note=f"note {number}", note_at=at)

    asked: list[PaperKey] = []
    async with reading(tmp_path) as reader:
        monkeypatch.setattr(type(reader.session.store), "items", items)
        ids = reader.session.catalogue.ids

        def counted(keys: Sequence[PaperKey]) -> dict[PaperKey, int]:
            asked.extend(keys)
            return ids(keys)

        monkeypatch.setattr(reader.session.catalogue, "ids", counted)
        await reader.press("N")
        assert drawn(reader)[:2] == ["note 99999", "k99999"]
        await reader.press("G")
        assert drawn(reader)[-2:] == ["note 0", "k0"]
        await reader.press("slash", *"e 12345")
        assert drawn(reader) == ["note 12345", "k12345"]
        assert len(asked) < 200


class TestNoted:
    def test_versions_written_apart_from_each_other_are_counted(self) -> None:
        at = datetime(2026, 11, 20, tzinfo=UTC)
        stamps = (Stamp(at, 0, "laptop-a"), Stamp(at, 0, "server-b"))
        marks = Marks(note="two", note_at=at, note_by=stamps)
        assert gathered([(ADAM, marks)]) == [Noted(ADAM, "two", at, 2)]

    def test_only_notes_are_gathered_and_those_without_a_time_come_last(self) -> None:
        at = datetime(2026, 11, 20, tzinfo=UTC)
        marks = {
            ADAM: Marks(note="undated"),
            PUSH: Marks(read=True),
            ATTENTION: Marks(note="dated", note_at=at),
        }
        assert [note.key for note in gathered(marks.items())] == [ATTENTION, ADAM]

    def test_tags_are_counted_once_a_note_and_by_their_frequency(self) -> None:
        index = NoteIndex([Noted(ADAM, "#b #B #a"), Noted(PUSH, "#b"), Noted(ATTENTION, "`#c`")])
        assert index.tag_counts() == [("b", 2), ("a", 1)]

    def test_a_space_makes_a_tag_whole(self) -> None:
        index = NoteIndex([Noted(ADAM, "#ot"), Noted(PUSH, "#other"), Noted(ATTENTION, "#ot/x")])
        assert [note.key for note in index.find("#ot")] == [ADAM, PUSH, ATTENTION]
        assert [note.key for note in index.find("#ot ")] == [ADAM, ATTENTION]

    def test_the_first_line_is_one_with_text(self) -> None:
        assert Noted(ADAM, "\n  \n first \nsecond").first_line == "first "

    @pytest.mark.parametrize(
        ("at", "said"),
        [
            (datetime(2026, 11, 20, 1, 5, tzinfo=UTC), "09:05"),
            (datetime(2026, 11, 19, 20, 0, tzinfo=UTC), "04:00"),
            (datetime(2026, 11, 19, 15, 0, tzinfo=UTC), "2026-11-19"),
            (None, ""),
        ],
    )
    def test_when_it_was_written_is_told_by_the_reader_s_clock(
        self, at: datetime | None, said: str
    ) -> None:
        now = datetime(2026, 11, 20, 18, 0, tzinfo=timezone(timedelta(hours=8)))
        assert when(at, now) == said

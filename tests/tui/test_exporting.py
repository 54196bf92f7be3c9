"""X: what is exported, how it is asked for, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from storage.export import csl_json, formats
from tests.tui.papers import ADAM, ATTENTION
from tests.tui.reader import Reader, reading
from tui.clipboard import CopyReport, Way
from tui.screens.choice import ChoiceScreen
from tui.screens.prompt import PromptScreen
from tui.widgets.choice_list import ChoiceList
from tui.widgets.narrow_line import NarrowLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item


def offered(reader: Reader) -> list[str]:
    rows = reader.app.screen.query_one(ChoiceList)
    found = []
    for row in range(rows.row_count):
        choice = rows.choice_at(row)
        found.append(f"{choice.key} {choice.label} {choice.fact}".rstrip())
    return found


def proposed(reader: Reader) -> str:
    return reader.app.screen.query_one(NarrowLine).value


def wrong(reader: Reader) -> str:
    return str(reader.app.screen.query_one(".prompt-wrong", Static).content)


async def asking(reader: Reader, keys: str, name: str | Path) -> None:
    """Open the menus, choose by ``keys``, and type ``name`` in place of what is proposed."""
    await reader.press("X", *keys)
    assert isinstance(reader.app.screen, PromptScreen)
    reader.app.screen.query_one(NarrowLine).value = str(name)
    await reader.press("enter")


def ids_in(path: Path) -> list[str]:
    return [item["archive_location"] for item in json.loads(path.read_text("utf-8"))]


async def test_what_is_offered(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("X")
        assert offered(reader) == ["p this paper", f"a all that are listed {len(reader.listed)}"]
        await reader.press("escape", "s", "v", "j", "X")
        assert offered(reader) == [
            "v the selected papers 2",
            "p this paper",
            f"a all that are listed {len(reader.listed)}",
            "s those listed that are starred",
        ]
        await reader.press("a")
        assert offered(reader) == [
            "b BibTeX .bib",
            "r RIS .ris",
            "z CSL-JSON .json",
            "m reading list in Markdown .md",
            "d digest in Markdown .md",
            "n Markdown notes, one a paper",
            "v CSV table .csv",
            "l JSON lines .jsonl",
            "h web page .html",
            "f RSS feed .xml",
        ]


@pytest.mark.parametrize(
    ("keys", "start", "end"),
    [("pb", "1706.03762", ".bib"), ("ah", "digests-", ".html"), ("an", "digests-", "")],
)
async def test_a_name_is_proposed(tmp_path: Path, keys: str, start: str, end: str) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("g", "X", *keys)
        assert proposed(reader).startswith(f"~/{start}")
        assert proposed(reader).endswith(end)


async def test_the_listing_is_written_in_its_order(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await asking(reader, "az", tmp_path / "x.json")
        assert ids_in(tmp_path / "x.json") == reader.listed
        assert reader.hint == f"{len(reader.listed)} papers are in {tmp_path}/x.json"


async def test_the_home_folder_is_named_by_its_sign(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await asking(reader, "pz", "~/x.json")
        assert ids_in(Path.home() / "x.json") == [reader.listed[0]]
        assert reader.hint == "1 paper is in ~/x.json"


async def test_the_selection_is_written_and_ends(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("g", "v", "j")
        await asking(reader, "vz", tmp_path / "x.json")
        assert ids_in(tmp_path / "x.json") == reader.listed[:2]
        assert not reader.table.selecting


async def test_the_starred_are_written_with_their_marks(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("g", "j", "s")
        await asking(reader, "sl", tmp_path / "x.jsonl")
        (line,) = (tmp_path / "x.jsonl").read_text("utf-8").splitlines()
        assert json.loads(line)["marks"]["starred"]
        assert json.loads(line)["key"] == reader.listed[1]


async def test_a_filter_is_followed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"attention", "enter")
        assert reader.listed == [ATTENTION]
        await asking(reader, "az", tmp_path / "x.json")
        assert ids_in(tmp_path / "x.json") == [ATTENTION]


async def test_notes_are_files_in_a_folder_and_changed_ones_stay(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await asking(reader, "an", tmp_path / "n")
        count = len(reader.listed)
        assert reader.hint == f"{count} notes are in {tmp_path}/n"
        changed = tmp_path / "n" / f"{ADAM}.md"
        changed.write_text("mine")
        await asking(reader, "an", tmp_path / "n")
        assert reader.hint == (
            f"{count - 1} notes are in {tmp_path}/n; 1 was changed there since, and is left as it is"
        )
        assert changed.read_text() == "mine"


async def test_a_file_that_is_there_is_written_over_at_a_second_enter_only(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("mine")
    async with reading(tmp_path) as reader:
        await asking(reader, "pz", tmp_path / "x.json")
        assert wrong(reader) == "There is a file x.json already; Enter again writes over it."
        assert (tmp_path / "x.json").read_text() == "mine"
        reader.app.screen.query_one(NarrowLine).value = str(tmp_path / "y.json")
        await reader.press("enter")
        assert (tmp_path / "x.json").read_text() == "mine"
        assert ids_in(tmp_path / "y.json") == [reader.listed[0]]
        await asking(reader, "pz", tmp_path / "x.json")
        await reader.press("enter")
        assert ids_in(tmp_path / "x.json") == [reader.listed[0]]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give it a name."),
        (".", "this is a folder; name a file in it."),
        ("gone/x.bib", "there is no folder"),
        ("~nobody-of-this-name/x.bib", "Could not determine home directory"),
    ],
)
async def test_a_name_that_cannot_be_is_asked_for_again(
    tmp_path: Path, name: str, said: str
) -> None:
    async with reading(tmp_path) as reader:
        await asking(reader, "pb", name if name[:1] in ("", "~") else tmp_path / name)
        assert said in wrong(reader).replace("\n", " ")
        await reader.press("escape")
        assert not isinstance(reader.app.screen, PromptScreen)


async def test_what_went_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.export.writing.sync", full)
    async with reading(tmp_path) as reader:
        await asking(reader, "pb", tmp_path / "x.bib")
        assert "(No space left on device)" in reader.hint
        assert not (tmp_path / "x.bib").exists()
        await asking(reader, "pb", tmp_path / "y.bib")
        assert "y.bib" in reader.hint


async def test_of_an_empty_listing_there_is_nothing_to_export(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("slash", *"nosuchword", "enter")
        await reader.press("X")
        assert reader.hint == "nothing to export: no papers are listed"


class Slow:
    """A format that waits before its second paper until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waits, self.let_go = Event(), Event()
        written = csl_json.pieces

        def pieces(items: Iterable[Item]) -> Iterator[str]:
            for number, item in enumerate(items):
                if number:
                    self.waits.set()
                    self.let_go.wait(10)
                yield from written([item])

        monkeypatch.setattr(csl_json, "pieces", pieces)

    async def begin(self, reader: Reader, target: Path) -> None:
        await reader.pilot.press("X", "a", "z")
        await reader.pilot.pause()
        reader.app.screen.query_one(NarrowLine).value = str(target)
        await reader.pilot.press("enter")
        await asyncio.to_thread(self.waits.wait, 10)


async def test_x_again_stops_it_and_nothing_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    (tmp_path / "out").mkdir()
    async with reading(tmp_path) as reader:
        await slow.begin(reader, tmp_path / "out" / "x.json")
        assert reader.hint == "exporting …"
        await reader.pilot.press("X")
        await reader.pilot.pause()
        assert isinstance(reader.app.screen, ChoiceScreen)
        assert offered(reader) == ["s stop it", "o go on"]
        await reader.pilot.press("s")
        slow.let_go.set()
        await reader.settle()
        assert reader.hint == "stopped; nothing was written"
        assert list((tmp_path / "out").iterdir()) == []
        await reader.press("X")
        assert offered(reader)[0] == "p this paper"


async def test_keys_work_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    async with reading(tmp_path) as reader:
        await slow.begin(reader, tmp_path / "x.json")
        await reader.pilot.press("j", "s")
        await reader.until(lambda: bool(reader.on_disk(reader.listed[1])))
        slow.let_go.set()
        await reader.settle()
        assert (tmp_path / "x.json").exists()


async def test_the_end_of_the_reader_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    (tmp_path / "out").mkdir()
    async with reading(tmp_path) as reader:
        await slow.begin(reader, tmp_path / "out" / "x.json")
        assert len(list((tmp_path / "out").iterdir())) == 1
        asyncio.get_running_loop().call_later(0.2, slow.let_go.set)
    await asyncio.to_thread(slow.let_go.wait, 10)
    async with asyncio.timeout(10):
        while list((tmp_path / "out").iterdir()):
            await asyncio.sleep(0.02)


def test_every_format_has_a_key_of_its_own_that_no_list_moves_by() -> None:
    keys = [kind.key for kind in formats.KINDS.values()]
    assert len(set(keys)) == len(keys) == len(formats.Format)
    assert not set(keys) & set("jkgGq ")


class TestCopyMenu:
    @pytest.fixture
    def copied(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        texts: list[str] = []

        def copy(text: str, *_: object) -> CopyReport:
            texts.append(text)
            return CopyReport((Way.TERMINAL,), (), ())

        monkeypatch.setattr("tui.clipboard.copy", copy)
        return texts

    @pytest.mark.parametrize(
        ("key", "words", "ends"),
        [
            ("b", "BibTeX", ("@misc{arxiv-1706.03762,\n", "\n}")),
            ("r", "RIS", ("TY  - UNPB\nID  - arxiv-1706.03762\n", "\nER  - ")),
            ("z", "CSL-JSON", ('[\n{"id": "arxiv-1706.03762"', "}\n]")),
            ("m", "Markdown", ("- [Attention Is All You Need](https", "只用注意力就能翻译。")),
            ("l", "item of a reading list", ("- [ ] [Attention Is", "Attention alone translates.")),
            (
                "n",
                "Markdown note",
                ('---\ntitle: "Attention Is', "因此训练可以并行进行，只需数小时而不是数天。"),
            ),
            ("v", "CSV with its header", ("arxiv_id,version,", ",no,no,")),
            ("J", "JSON line", ('{"key": "1706.03762"', "}")),
            ("h", "web page", ("<!DOCTYPE html>", "</html>")),
            ("f", "RSS feed", ("<?xml version", "</rss>")),
        ],
    )
    async def test_offers_what_files_hold(
        self, tmp_path: Path, copied: list[str], key: str, words: str, ends: tuple[str, str]
    ) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("g")
            while reader.listed[reader.table.cursor] != ATTENTION:
                await reader.press("j")
            await reader.press("Y", key)
            (text,) = copied
            assert text.startswith(ends[0])
            assert text.endswith(ends[1])
            if key != "m":
                assert reader.hint == f"copied {words} of 1706.03762 (terminal)"

    async def test_of_several_papers_it_is_one_document(
        self, tmp_path: Path, copied: list[str]
    ) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("g", "v", "j", "Y", "z")
            assert [item["archive_location"] for item in json.loads(copied[0])] == reader.listed[:2]
            assert reader.hint == "copied CSL-JSON of 2 papers (terminal)"
            assert not reader.table.selecting

    async def test_keys_are_unique(self, tmp_path: Path) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("enter", "]", "Y")
            keys = [row[0] for row in offered(reader)]
            assert len(set(keys)) == len(keys) > 18
            assert not set(keys) & set("jkgGq")

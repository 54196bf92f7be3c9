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
from tests.tui.menus import offered
from tests.tui.papers import ADAM, ATTENTION
from tests.tui.reader import Reader, reading
from tui.export_run import Job, stopped
from tui.screens.choice import ChoiceScreen
from tui.screens.prompt import PromptScreen
from tui.widgets.narrow_line import NarrowLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.export.formats import Item


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
        ("~nobody-of-this-name/x.bib", "nobody knows whose home this is; name another place."),
        ("a\0b.bib", "a b.bib: nothing can have such a name; give another one."),
        ("a\ud800b.bib", "nothing can have such a name; give another one."),
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


async def test_a_fault_of_its_own_is_said_and_the_reader_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Iterable[Item]) -> Iterator[str]:
        raise ValueError("on purpose")

    monkeypatch.setattr(csl_json, "pieces", broken)
    async with reading(tmp_path) as reader:
        await asking(reader, "pz", tmp_path / "x.json")
        assert reader.hint.startswith("The export failed. digest-tui made a mistake of its own;")
        assert not (tmp_path / "x.json").exists()
        await asking(reader, "pb", tmp_path / "x.bib")
        assert reader.hint == f"1 paper is in {tmp_path}/x.bib"


async def test_where_nobody_knows_the_home_the_whole_path_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    async with reading(tmp_path) as reader:
        monkeypatch.setattr(Path, "home", homeless)
        await asking(reader, "pb", tmp_path / "x.bib")
        assert reader.hint == f"1 paper is in {tmp_path}/x.bib"


async def test_papers_that_are_gone_write_over_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.export_run.papers_of", lambda *_: iter(()))
    (tmp_path / "x.json").write_text("mine")
    async with reading(tmp_path) as reader:
        await asking(reader, "pz", tmp_path / "x.json")
        await reader.press("enter")
        assert reader.hint == "nothing to export: no papers are listed"
    assert (tmp_path / "x.json").read_text() == "mine"


async def test_the_prompt_says_what_its_keys_do(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("X", *"pb")
        said = [str(one.content) for one in reader.app.screen.query(Static)]
        assert "Enter writes it   Esc cancels" in said
        assert not any("keeps it" in one for one in said)


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


@pytest.mark.parametrize("is_confirmed", [False, True])
async def test_a_file_that_came_meanwhile_stays_unless_it_was_to_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_confirmed: bool
) -> None:
    slow = Slow(monkeypatch)
    target = tmp_path / "x.json"
    if is_confirmed:
        target.write_text("mine")
    async with reading(tmp_path) as reader:
        await reader.pilot.press("X", "a", "z")
        await reader.pilot.pause()
        reader.app.screen.query_one(NarrowLine).value = str(target)
        await reader.pilot.press("enter", *["enter"] * is_confirmed)
        await asyncio.to_thread(slow.waits.wait, 10)
        target.write_text("another's")
        slow.let_go.set()
        await reader.settle()
        if is_confirmed:
            assert reader.hint == f"{len(reader.listed)} papers are in {target}"
        else:
            assert reader.hint == f"{target}: there is such a file already; it is untouched."
            assert target.read_text() == "another's"


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
        session = reader.session
    await asyncio.to_thread(slow.let_go.wait, 10)
    async with asyncio.timeout(10):
        while list((tmp_path / "out").iterdir()):
            await asyncio.sleep(0.02)
    assert session.untold == (
        f"The export to {tmp_path}/out/x.json was stopped; nothing was written."
    )


async def test_what_the_screen_told_is_not_told_again_at_the_end(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await asking(reader, "az", tmp_path / "x.json")
        assert reader.session.untold == ""


@pytest.mark.parametrize(
    ("form", "done", "said"),
    [
        (formats.Format.NOTES, 2442, "2,442 of 59,710 notes are there."),
        (formats.Format.NOTES, 0, "nothing was written."),
        (formats.Format.CSV, 2442, "nothing was written."),
    ],
)
def test_what_remains_of_a_stopped_export_is_said_after_the_end(
    tmp_path: Path, form: formats.Format, done: int, said: str
) -> None:
    job = Job(lambda _: [], form, tmp_path / "n", force=False)
    ended = stopped(job, done, 59_710)
    assert ended.afterwards == f"The export to {tmp_path}/n was stopped; {said}"


def test_every_format_has_a_key_of_its_own_that_no_list_moves_by() -> None:
    keys = [kind.key for kind in formats.KINDS.values()]
    assert len(set(keys)) == len(keys) == len(formats.Format)
    assert not set(keys) & set("jkgGq ")

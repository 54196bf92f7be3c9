"""The concordance screen as a user sees it: typed, looked up, moved through, chosen."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.app import App

from storage.errors import DigestTuiError
from storage.library.catalogue import open_catalogue
from storage.library.concordance import Concordance, Example, Translation
from storage.model import ArxivId, Bilingual, Digest, DocumentFormat, Entry, PaperKey
from tests.tui.papers import bombs
from tests.tui.reader import FakeSources
from tui.screens.concordance import ConcordanceScreen
from tui.sheet import Sheet
from tui.widgets.concordance_list import ConcordanceList
from tui.widgets.concordance_rows import concordance_page, facts, nothing
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.status_line import HintLine
from tui.widgets.term_line import TermLine, placed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from storage.library.catalogue import Catalogue

WORDS = (
    ("We count tokens by hand.", "我们手工统计词元。"),
    ("A token is short.", "词元很短。"),
    ("Every token has a weight.", "每个词元都有权重。"),
    ("The token expires.", "令牌会过期。"),
    ("We sign the token.", "我们签署令牌。"),
    ("Nothing replaces a token.", "没有什么能取代令牌。"),
)
BESIDE = (
    ("The weights are free.", "权重是免费的。"),
    ("We sign by hand.", "我们手工签署。"),
    ("A summer is short.", "夏天很短。"),
)


def library() -> Digest:
    """Six papers with the word token, 词元 in three and 令牌 in three."""
    entries = []
    for number, (en, zh) in enumerate(WORDS, 1):
        other_en, other_zh = BESIDE[number % 3]
        entries.append(
            Entry(
                arxiv_id=ArxivId(f"2404.{number:05}"),
                ref=number,
                title=Bilingual(f"Paper {number}", f"论文{number}"),
                abstract=Bilingual(f"{en} {other_en}", f"{zh}{other_zh}"),
            )
        )
    return Digest(
        "tokens.md", DocumentFormat.MARKDOWN, "cs.LG", datetime(2024, 4, 4), True, tuple(entries)
    )


PAUSE = 0.01
KEYS = {" ": "space", "/": "slash", "\r": "enter", "[": "left_square_bracket"}


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.concordance._PAUSE", PAUSE)


class _Host(App[None]):
    """An app with nothing but the screen."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"line": "gray"}


@dataclass
class Looking:
    """The open screen and what a user sees of it."""

    app: _Host
    pilot: Pilot[Any]
    screen: ConcordanceScreen
    chosen: list[PaperKey | None] = field(default_factory=list)

    async def press(self, *keys: str) -> None:
        """Send all keys before the first one is handled."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def type(self, text: str) -> None:
        """Do the same with what is typed, and let the pause after it pass."""
        await self.send(text)
        await self.settle()

    async def send(self, text: str) -> None:
        for character in text:
            key = KEYS.get(character, character)
            self.app.post_message(events.Key(key, character))
        await self.pilot.pause(3 * PAUSE)

    async def settle(self) -> None:
        """Wait for the look-up of what is typed and its drawing."""
        await self.pilot.pause()
        for _ in range(500):
            asked, found = self.screen._asked, self.screen._is_found.is_set()
            if not self.screen.is_current or (found and asked == self.typed.strip()):
                break
            await self.pilot.pause(0.01)
        await self.pilot.pause()

    @property
    def rows(self) -> ConcordanceList:
        return self.screen.query_one(ConcordanceList)

    @property
    def lines(self) -> list[str]:
        """The visible lines that are not blank, without their margins."""
        rows = [self.rows.render_line(y).text for y in range(self.rows.size.height)]
        return [row.strip() for row in rows if row.strip()]

    @property
    def typed(self) -> str:
        return self.screen.query_one(NarrowLine).value

    @property
    def message(self) -> str:
        return self.screen.query_one(HintLine).message

    @property
    def keys(self) -> str:
        return " ".join(self.screen.query_one(HintLine).render_line(0).text.split())

    @property
    def banded(self) -> list[str]:
        """The lines of the example under the cursor, told by their ground."""
        grounds = [
            (strip.text.strip(), {segment.style.bgcolor for segment in strip if segment.style})
            for strip in map(self.rows.render_line, range(self.rows.size.height))
        ]
        plain = self.rows.inks.text.bgcolor
        return [text for text, colours in grounds if colours != {plain}]

    def emphasised(self, line: str) -> list[str]:
        """What is bold in a line."""
        for y in range(self.rows.size.height):
            strip = self.rows.render_line(y)
            if strip.text.strip() == line:
                return [part.text for part in strip if part.style and part.style.bold]
        return []


@asynccontextmanager
async def looking(
    folder: Path,
    term: str = "",
    suggestions: tuple[str, ...] = (),
    *,
    size: tuple[int, int] = (100, 40),
    digest: Digest | None = None,
    fresh: Callable[[], Catalogue] | None = None,
) -> AsyncIterator[Looking]:
    """Open the screen over a catalogue in ``folder``."""
    sources = FakeSources(folder / "library.sqlite3", [digest or library()])
    sources.run(lambda _: None)
    app = _Host()
    async with app.run_test(size=size) as pilot:
        screen = ConcordanceScreen(
            fresh or (lambda: open_catalogue(sources.path)), Sheet(0), term, suggestions
        )
        opened = Looking(app, pilot, screen)
        app.push_screen(screen, opened.chosen.append)
        await opened.settle()
        yield opened


async def test_a_term_shows_its_translations_and_examples(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        assert opened.lines[:6] == [
            "词元  ▰▰▰▰▰▰▰▰▰▰  3",
            "令牌  ▰▰▰▰▰▰▰▰▰▰  3",
            "词元  ×3",
            "We count tokens by hand.",
            "我们手工统计词元。",
            "2404.00001  Paper 1",
        ]
        assert opened.emphasised("We count tokens by hand.") == ["tokens"]
        assert opened.emphasised("我们手工统计词元。") == ["词元"]
        assert opened.message == "in 6 papers"
        assert opened.keys.startswith("Enter go to paper j k move / type Esc close")


async def test_typing_looks_up_another_term(tmp_path: Path) -> None:
    async with looking(tmp_path) as opened:
        assert opened.lines == ["Type an English or a Chinese word."]
        await opened.type("token")
        assert opened.lines[2] == "词元  ×3"
        # j is a letter here
        await opened.press("ctrl+u")
        await opened.type("j")
        assert opened.typed == "j"
        assert opened.lines == ["No paper here has “j”."]
        assert opened.keys == "Esc close"


async def test_chinese_is_looked_up_too(tmp_path: Path) -> None:
    async with looking(tmp_path, "令牌") as opened:
        assert opened.lines[0] == "token  ×3"
        assert opened.emphasised("We sign the token.") == ["token"]
        assert opened.emphasised("我们签署令牌。") == ["令牌"]


async def test_the_cursor_goes_by_examples_and_enter_gives_the_paper(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        assert opened.banded[0] == "We count tokens by hand."
        await opened.press("j", "j", "down", "k")
        assert opened.banded == [
            "Every token has a weight.",
            "每个词元都有权重。",
            "2404.00003  Paper 3",
        ]
        await opened.press("enter")
        assert opened.chosen == ["2404.00003"]


async def test_first_last_and_pages(tmp_path: Path) -> None:
    async with looking(tmp_path, "token", size=(80, 18)) as opened:
        await opened.press("G")
        assert opened.banded[0] == "Nothing replaces a token."
        assert opened.lines[-1] == "2404.00006  Paper 6"
        await opened.press("g")
        assert opened.banded[0] == "We count tokens by hand."
        # with what stands above the first example
        assert opened.lines[0].startswith("词元  ▰")
        await opened.press("pagedown")
        assert opened.banded[0] not in ("", "We count tokens by hand.")
        await opened.press("pageup")
        assert opened.banded[0] == "We count tokens by hand."


async def test_escape_closes_and_a_click_beside_it_too(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        await opened.press("escape")
        assert opened.chosen == [None]
    async with looking(tmp_path, "token") as opened:
        await opened.pilot.click(offset=(0, 0))
        assert opened.chosen == [None]


async def test_a_double_click_on_an_example_gives_its_paper(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        rows = [opened.rows.render_line(y).text for y in range(opened.rows.size.height)]
        y = next(at for at, row in enumerate(rows) if "A token is" in row)
        await opened.pilot.click(ConcordanceList, offset=(5, y))
        assert opened.banded[0] == "A token is short."
        await opened.pilot.click(ConcordanceList, offset=(5, y), times=2)
        assert opened.chosen == ["2404.00002"]


async def test_suggestions_are_taken_with_tab_or_the_mouse(tmp_path: Path) -> None:
    async with looking(tmp_path, "token", ("tokens", "weight", "hand")) as opened:
        await opened.press("tab")
        assert opened.typed == "weight"
        assert "Every token has a weight." in opened.lines
        await opened.press("shift+tab", "shift+tab")
        assert opened.typed == "hand"
        line = opened.screen.query_one(TermLine).render_line(0).text
        await opened.pilot.click(TermLine, offset=(line.index("tokens") + 1, 0))
        await opened.settle()
        assert opened.typed == "tokens"
        assert opened.lines[2] == "词元  ×3"


async def test_enter_in_the_line_goes_to_the_examples(tmp_path: Path) -> None:
    async with looking(tmp_path, "hand") as opened:
        await opened.type("/token\r")
        assert opened.typed == "token"
        await opened.press("j", "enter")
        assert opened.chosen == ["2404.00002"]


async def test_keys_typed_ahead_are_for_what_was_asked_last(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        await opened.type("/weight\r\r")
        assert opened.chosen == ["2404.00003"]


async def test_the_page_is_set_anew_for_another_width(tmp_path: Path) -> None:
    async with looking(tmp_path, "token") as opened:
        await opened.press("j")
        await opened.pilot.resize_terminal(30, 30)
        await opened.settle()
        assert opened.banded == ["A token is short.", "词元很短。", "2404.00002  Paper 2"]
        first = opened.lines.index("We count tokens by")
        assert opened.lines[first + 1] == "hand."


async def test_an_unreadable_library_is_told(tmp_path: Path) -> None:
    def broken() -> Catalogue:
        raise DigestTuiError("It is gone.")

    async with looking(tmp_path, "token", fresh=broken) as opened:
        assert opened.lines == ["The library cannot be read; Esc closes this."]
        assert opened.message == "The index of your digests cannot be read: It is gone."
        await opened.press("enter")
        assert opened.chosen == []


async def test_the_newest_look_up_wins(tmp_path: Path) -> None:
    """While one look-up waits for its catalogue, another term is typed."""
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()
    path = tmp_path / "library.sqlite3"
    opened_so_far: list[int] = []

    def slow() -> Catalogue:
        opened_so_far.append(1)
        if len(opened_so_far) == 2:
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(5)
        return open_catalogue(path)

    async with looking(tmp_path, "token", fresh=slow) as opened:
        await opened.send("/weight")
        await opened.pilot.press("ctrl+u")
        await opened.send("hand")
        gate.set()
        await opened.settle()
        assert opened.lines[-1] == "2404.00001  Paper 1"
        assert opened.message == "in 2 papers"


async def test_bombs_stay_text(tmp_path: Path) -> None:
    async with looking(tmp_path, "esrever", digest=bombs()) as opened:
        text = "\n".join(opened.lines)
        assert "[@click=app.quit]x[/]" in text
        assert not any(sign in text for sign in ("\x1b", "\u202e", "\u200b"))
        await opened.type("/[bold]x\r")
        assert opened.lines == ["No paper here has “[bold]x”."]


def example(en: str, zh: str, key: str = "2404.00001") -> Example:
    return Example(PaperKey(key), Bilingual("A title", "题目"), en, zh, (), ())


def page_lines(concordance: Concordance, width: int) -> list[str]:
    page = concordance_page(concordance, Sheet(width))
    return ["".join(text for text, _ in row.pieces) for row in page.rows]


@pytest.mark.parametrize("width", [20, 34, 76, 120])
def test_no_line_is_wider_than_the_list(width):
    long = example("A very long sentence about kernels. " * 9, "一个关于核函数的很长的句子。" * 9)
    concordance = Concordance(
        "x",
        (Translation("核" * 30, 900, True, (long,)), Translation("", 1, False, (long,))),
        900,
        9,
        5,
    )
    assert max(map(cell_len, page_lines(concordance, width))) <= width


def test_what_waits_to_be_aligned_and_what_is_kept_is_said():
    one = Translation("GNN", 1, True, (example("A GNN.", "GNN。"),))
    assert page_lines(Concordance("gnn", (one,), 4, 4, 3), 80) == [
        " 3 papers wait for sentences to be paired: only titles and TL;DRs were looked",
        " at there.",
        "",
        " GNN  ×1  kept in Chinese",
        "   A GNN.",
        "   GNN。",
        "   2404.00001  A title",
    ]


def test_a_title_that_is_the_example_is_not_said_twice():
    one = Translation(
        "题目", 1, False, (example("A title", "题目"), example("A title", "题目", "text:1a"))
    )
    lines = page_lines(Concordance("title", (one,), 1, 1), 80)
    assert lines[3] == "   2404.00001  title"
    assert lines[-1] == "   title"


def test_latex_is_set_and_the_emphasis_stays_in_its_place():
    text = r"For $\alpha$ the kernel grows."
    start = text.index("kernel")
    one = Example(PaperKey("1"), Bilingual(), text, "核增长。", ((start, start + 6),), ((0, 1),))
    page = concordance_page(
        Concordance("kernel", (Translation("核", 1, False, (one,)),), 1, 1), Sheet(80)
    )
    assert page.rows[1].pieces[1:] == (
        ("For α the ", "text"),
        ("kernel", "term"),
        (" grows.", "text"),
    )


@pytest.mark.parametrize(
    ("concordance", "said"),
    [
        (Concordance("x", (), 0), ""),
        (Concordance("x", (), 1, 1), "in 1 paper"),
        (Concordance("x", (), 1234, 1234), "in 1,234 papers"),
        (Concordance("x", (), 1234, 400), "newest 400 of 1,234 papers"),
    ],
)
def test_facts(concordance, said):
    assert facts(concordance) == said


def test_why_there_is_nothing():
    assert nothing(Concordance("x", (), 0)) == "No paper here has “x”."
    assert "wait for their sentences" in nothing(Concordance("x", (), 2, 2, 2))
    assert "in a sentence that is translated" in nothing(Concordance("x", (), 2, 2))
    assert nothing(Concordance("x", (Translation("核", 1, False, ()),), 2, 2)) == ""


def test_terms_are_placed_whole_and_the_chosen_one_is_seen():
    terms = ["alpha", "注意力", "gamma", "delta"]
    assert [each[1:] for each in placed(terms, -1, 24)] == [
        (1, "alpha"),
        (9, "注意力"),
        (18, "gamma"),
    ]
    assert [each.text for each in placed(terms, 3, 24)] == ["注意力", "gamma", "delta"]
    assert [each.text for each in placed(terms, -1, 10)] == ["alpha"]
    assert placed([], -1, 10) == []

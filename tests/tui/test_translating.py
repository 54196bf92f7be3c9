"""English-only papers, the Chinese that arrives, and ``T`` that has it made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.formats import parse
from storage.locations import settings_file, translations_dir
from storage.model import (
    ArxivId,
    Bilingual,
    Digest,
    DocumentFormat,
    Entry,
    PaperKey,
    TranslatedHere,
)
from tests.storage.chat_server import CHINESE, ChatServer, answering, endless, refusing
from tests.storage.web_server import forget_proxies
from tests.tui.reader import Reader, reading
from tui.controllers.translating import Translating
from tui.screens.reading import ReadingScreen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = PaperKey("2404.00001")
TITLE = "A rather long title that needs more than half of the line to be shown"
SENTENCE = "Words of the only abstract there is go on and on until the line is full."


def digest(source: str, title: str | None = None, abstract: str | None = None) -> Digest:
    entry = Entry(
        arxiv_id=ArxivId(KEY),
        ref=1,
        version=1,
        title=Bilingual(TITLE, title),
        abstract=Bilingual(SENTENCE, abstract),
    )
    when = datetime(2024, 4, 4, 9, 9)
    return Digest(source, DocumentFormat.MARKDOWN, "cs.LG", when, True, (entry,))


ENGLISH = digest("english.md")
BOTH = digest("both.md", "中文标题在此", "摘要在此。")
TRANSLATED = BOTH._replace(
    source="translation.json",
    format=DocumentFormat.TRANSLATION,
    entries=(
        BOTH.entries[0]._replace(translated=TranslatedHere("model-1", ("title", "abstract"))),
    ),
)


async def detail_of(reader: Reader) -> list[str]:
    if not reader.detail.size.height:
        await reader.press("enter")
    return [line.strip() for line in reader.detail_lines]


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (60, 20)])
async def test_without_chinese_there_is_one_column_until_it_arrives(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with reading(tmp_path, [ENGLISH], size=size) as reader:
        half = reader.table.size.width // 2
        assert len(reader.rows[0].rstrip()) > half
        assert "full." in "\n".join(await detail_of(reader))
        assert reader.detail.share == 0
        await reader.press("escape")
        reader.sources.digests.append(BOTH)
        await reader.press("R")
        assert "中文标题在此" in reader.rows[0]
        text = "\n".join(await detail_of(reader))
        assert "摘要在此。" in text
        assert "translated here" not in text
        assert (reader.detail.share > 0) == (size[0] >= 100)


async def test_without_chinese_the_english_takes_the_width_of_a_page(tmp_path: Path) -> None:
    async with reading(tmp_path, [ENGLISH], size=(160, 48)) as reader:
        # A column of two would break this sentence of 73 cells.
        assert SENTENCE in await detail_of(reader)


async def test_what_was_translated_here_is_marked(tmp_path: Path) -> None:
    async with reading(tmp_path, [ENGLISH, TRANSLATED]) as reader:
        assert len(reader.listed) == 1
        text = "\n".join(await detail_of(reader))
        assert "translated here by model-1" in text
        assert "摘要在此。" in text
        assert "translation.json" not in text
        # A producer's title takes the place of ours; the abstract is still ours, and said to be.
        reader.sources.digests.append(digest("title.md", "真标题"))
        await reader.press("R")
        text = " ".join(await detail_of(reader))
        assert "真标题" in text
        assert "abstract translated here by model-1" in text
        await reader.press("l", "l")
        assert "translated here" not in "\n".join(await detail_of(reader))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    forget_proxies(monkeypatch)
    with ChatServer() as running:
        file = settings_file()
        file.parent.mkdir(parents=True)
        lines = [
            "[translation]",
            f'base_url = "{running.base_url}"',
            'model = "model-1"',
            "",
        ]
        file.write_text("\n".join(lines))
        yield running


def wire(reader: Reader) -> None:
    """Give ``T`` its handler, and a refresh that reads the folder of translations."""
    screen = reader.app.screen
    assert isinstance(screen, ReadingScreen)

    def refresh() -> None:
        for path in translations_dir().rglob("*.json"):
            made = parse(path.read_bytes(), path.name, datetime(2026, 1, 1))
            reader.sources.digests.append(made)
        screen.run_later("find.reload")

    translating = Translating(screen, screen.parts.panes, reader.session, refresh=refresh)
    run = translating.handlers()["paper.translate"]
    screen.handlers["paper.translate"] = lambda _: run()


async def test_t_translates_the_paper(tmp_path: Path, server: ChatServer) -> None:
    async with reading(tmp_path, [ENGLISH]) as reader:
        wire(reader)
        await reader.press("T")
        await reader.until(lambda: CHINESE["title"] in reader.rows[0])
        text = "\n".join(await detail_of(reader))
        assert CHINESE["abstract"] in text
        assert "translated here by model-1" in text
        await reader.press("T")
        await reader.until(lambda: "nothing to translate" in reader.hint)
        assert len(server.asked) == 1


async def test_t_again_stops_it(tmp_path: Path, server: ChatServer) -> None:
    server.replies = [endless, answering()]
    async with reading(tmp_path, [ENGLISH]) as reader:
        wire(reader)
        await reader.pilot.press("T")
        assert "T again stops it" in reader.hint
        await reader.until(lambda: bool(server.asked))
        await reader.press("T")
        await reader.until(lambda: "stopped" in reader.hint)
        assert not list(translations_dir().glob("*"))


async def test_t_says_what_is_wrong(tmp_path: Path, server: ChatServer) -> None:
    server.replies = [refusing(401)]
    async with reading(tmp_path, [ENGLISH]) as reader:
        wire(reader)
        await reader.press("T")
        await reader.until(lambda: "wants a key" in reader.hint)


async def test_t_sends_nothing_unless_it_is_set_up(tmp_path: Path) -> None:
    async with reading(tmp_path, [ENGLISH]) as reader:
        wire(reader)
        await reader.press("T")
        await reader.until(lambda: "nothing is sent" in reader.hint)

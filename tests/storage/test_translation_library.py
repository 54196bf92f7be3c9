"""Translations in the library: they fill what is missing and change nothing else."""

from __future__ import annotations

import json
import random
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.export.convert import Target, convert
from storage.export.paper_json import paper_to_json
from storage.formats import parse
from storage.library import shelf
from storage.library.catalogue import open_catalogue
from storage.library.schema import connect
from storage.library.writing import write
from storage.locations import catalogue_file, state_dir
from storage.marks.locking import ProcessLock
from storage.model import AnnounceType, Bilingual, Digest, DocumentFormat, TranslatedHere
from storage.refresh.run import run_refresh
from storage.translation.automatic import translate_new
from storage.translation.configuration import Configuration
from storage.translation.prompt import wish_for
from storage.translation.translations import Translations
from storage.translation.translator import Tally
from tests.storage.catalogues import (
    NOON,
    check,
    document,
    empty_catalogue,
    entry,
    paper_in,
    said,
)
from tests.storage.chat_server import ChatServer, answering
from tests.storage.web_server import forget_proxies

if TYPE_CHECKING:
    from storage.library.writing import Document
    from storage.model import Entry, Paper

LATER = datetime(2026, 1, 1)


def english(
    number: int = 1, abstract: str = "It works.", zh: str | None = None, **fields: object
) -> Entry:
    return entry(
        number,
        "A title",
        **{
            "title": Bilingual("A title"),
            "abstract": Bilingual(abstract, zh),
            "version": 1,
            **fields,
        },
    )


def record(number: int = 1, **fields: object) -> dict[str, object]:
    return {
        "title": "A title",
        "abstract": "It works.",
        "link": f"https://arxiv.org/abs/2404.{number:05}v1",
        "tldr": "行。",
        "translated_title": "标题",
        "translated_abstract": "有效。",
        "translated_by": "model-1",
        "translated_at": "2026-01-01T10:00:00+01:00",
        "asked": ["title", "tldr", "abstract"],
        **fields,
    }


def translation(path: str = "t/1.json", number: int = 1, **fields: object) -> Document:
    data = json.dumps(record(number, **fields), ensure_ascii=False).encode()
    digest = parse(data, path, LATER)
    assert digest.format is DocumentFormat.TRANSLATION
    return document(path)._replace(digest=digest, hash=data)


def test_what_is_missing_is_filled_in() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english())])
    write(connection, [translation()])
    paper = paper_in(connection)
    assert paper is not None
    assert paper.title == Bilingual("A title", "标题")
    assert paper.tldr == Bilingual(None, "行。")
    assert paper.abstract == Bilingual("It works.", "有效。")
    assert paper.translated == TranslatedHere("model-1", ("title", "tldr", "abstract"))
    check(connection)


def test_it_is_no_appearance_and_nothing_newer() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english(announce_type=AnnounceType.NEW))])
    before = paper_in(connection)
    rows = "SELECT age, document, ref, version, type, elsewhere FROM paper"
    row = connection.execute(rows).fetchall()
    write(connection, [translation()])
    after = paper_in(connection)
    assert before is not None
    assert after is not None
    assert after.appearances == before.appearances
    assert (after.version, after.authors) == (before.version, before.authors)
    assert connection.execute(rows).fetchall() == row
    assert [one.name for one in shelf.digests(connection)] == ["cs.LG  2024-04-04 12:00"]
    assert [one.name for one in shelf.days(connection)] == ["2024-04-04"]
    assert [one.papers for one in shelf.channels(connection)] == [1]


def test_a_translation_alone_is_no_paper_and_waits_for_one() -> None:
    connection = empty_catalogue()
    write(connection, [translation()])
    assert paper_in(connection) is None
    assert connection.execute("SELECT count(*) FROM paper").fetchone() == (0,)
    assert "papers" not in dict(connection.execute("SELECT * FROM meta WHERE value <> 0"))
    write(connection, [document("a.md", english())])
    paper = paper_in(connection)
    assert paper is not None
    assert paper.title.zh == "标题"
    [(number,)] = connection.execute("SELECT id FROM document WHERE path = ?", (b"a.md",))
    write(connection, [], [number])
    assert paper_in(connection) is None
    check(connection)


@pytest.mark.parametrize("issued", [NOON, LATER])
def test_chinese_of_a_producer_stays_and_arrives(issued: datetime) -> None:
    connection = empty_catalogue()
    real = english(title=Bilingual("A title", "真标题"), zh="真有效。")
    write(connection, [document("a.md", english()), translation()])
    write(connection, [document("b.md", real, issued=issued)])
    paper = paper_in(connection)
    assert paper is not None
    assert (paper.title.zh, paper.abstract.zh, paper.tldr.zh) == ("真标题", "真有效。", "行。")
    assert paper.translated == TranslatedHere("model-1", ("tldr",))


def test_chinese_that_is_none_gives_way() -> None:
    connection = empty_catalogue()
    failed = english(title=Bilingual("A title", "A title"))
    write(connection, [document("a.md", failed), translation()])
    paper = paper_in(connection)
    assert paper is not None
    assert paper.title.zh == "标题"


def test_it_does_not_fit_a_revised_abstract() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english()), translation()])
    revised = english(abstract="It works even better.", version=2)
    write(connection, [document("b.md", revised, issued=LATER)])
    paper = paper_in(connection)
    assert paper is not None
    assert paper.abstract == Bilingual("It works even better.")
    assert paper.tldr == Bilingual()
    assert paper.title == Bilingual("A title", "标题")
    newer = translation("t/2.json", abstract="It works even better.", translated_abstract="更好。")
    write(connection, [newer])
    again = paper_in(connection)
    assert again is not None
    assert again.abstract.zh == "更好。"


def test_a_revised_paper_with_the_same_abstract_keeps_it() -> None:
    connection = empty_catalogue()
    same = english(abstract="It\nworks.", version=2)
    write(connection, [translation(), document("a.md", english()), document("b.md", same)])
    paper = paper_in(connection)
    assert paper is not None
    assert (paper.version, paper.abstract.zh) == (2, "有效。")


def test_a_translation_can_change_and_go() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english()), translation()])
    write(connection, [translation(translated_title="别的标题")])
    paper = paper_in(connection)
    assert paper is not None
    assert paper.title.zh == "别的标题"
    [(number,)] = connection.execute("SELECT id FROM document WHERE path = ?", (b"t/1.json",))
    write(connection, [], [number])
    bare = paper_in(connection)
    assert bare is not None
    assert bare.title == Bilingual("A title")
    assert bare.translated is None


def test_the_order_of_documents_does_not_matter() -> None:
    documents = [
        document("a.md", english(), english(2)),
        document("b.md", english(2, "Other."), issued=LATER),
        translation(),
        translation("t/2.json", 2),
        translation("t/3.json", 3),
        translation("t/4.json", 2, abstract="Other.", translated_abstract="其他。"),
    ]
    told = []
    for seed in range(6):
        random.Random(seed).shuffle(documents)
        connection = empty_catalogue()
        for start in range(0, len(documents), 2):
            write(connection, documents[start : start + 2])
        told.append(said(connection))
    assert all(one == told[0] for one in told)


def test_paragraphs_are_kept(tmp_path: Path) -> None:
    data = json.dumps(record(abstract="One.\nTwo.", translated_abstract="一。\n二。"))
    [found] = parse(data.encode(), "t/1.json", LATER).entries
    assert found.abstract == Bilingual("One.\nTwo.", "一。\n二。")
    assert found.version == 1


def test_our_own_lines_and_markdown_keep_it() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english()), translation()])
    paper = paper_in(connection)
    assert paper is not None
    line = paper_to_json(paper, None)
    assert json.loads(line)["translated_by"] == "model-1"
    assert json.loads(line)["translated"] == ["title", "tldr", "abstract"]
    back = parse(line.encode(), "a.jsonl", LATER)
    assert back.entries[0].translated == paper.translated
    out: list[str] = []
    assert convert([back], Target.JSON_LINES, out.append, out.append)
    assert json.loads(out[0])["translated_by"] == "model-1"
    # Read elsewhere, it still gives way to a producer's Chinese.
    other = empty_catalogue()
    real = english(title=Bilingual("A title", "真标题"))
    write(other, [document("b.jsonl")._replace(digest=back), document("a.md", real, issued=NOON)])
    merged = paper_in(other)
    assert merged is not None
    assert (merged.title.zh, merged.abstract.zh) == ("真标题", "有效。")
    assert merged.translated == TranslatedHere("model-1", ("tldr", "abstract"))


def test_a_translated_paper_becomes_a_markdown_digest() -> None:
    connection = empty_catalogue()
    write(connection, [document("a.md", english()), translation()])
    paper = paper_in(connection)
    assert paper is not None
    lines = parse(paper_to_json(paper, None).encode(), "a.jsonl", LATER)
    out: list[str] = []
    assert convert([lines], Target.MARKDOWN, out.append, out.append)
    digest: Digest = parse("".join(out).encode(), "a.md", LATER)
    [found] = digest.entries
    assert (found.title, found.tldr.zh) == (Bilingual("A title", "标题"), "行。")
    assert found.abstract == Bilingual("It works.", "有效。")


def test_a_feed_in_english_becomes_a_digest_in_both(tmp_path: Path) -> None:
    translations = Translations(tmp_path)
    whole = paper_in_english()
    wish = wish_for(whole, ("title", "tldr", "abstract"))
    texts = {"title": "标题", "tldr": "行。", "abstract": "有效。"}
    path = translations.keep(whole, wish, texts, by="model-1", at=LATER)
    assert isinstance(path, Path)
    feed = document("a.xml", english(), english(2)).digest
    assert feed is not None
    out: list[str] = []
    assert convert(translations.filled([feed]), Target.MARKDOWN, out.append, out.append)
    first, second = parse("".join(out).encode(), "a.md", LATER).entries
    assert (first.title.zh, first.tldr.zh, first.abstract.zh) == ("标题", "行。", "有效。")
    assert (second.title.zh, second.tldr.zh) == (None, None)
    # And the file itself is a document of the library.
    digest = parse(path.read_bytes(), str(path), LATER)
    assert digest.entries[0].translated == TranslatedHere("model-1", wish.fields)


def paper_in_english() -> Paper:
    connection = empty_catalogue()
    write(connection, [document("a.md", english())])
    found = paper_in(connection)
    assert found is not None
    return found


def test_new_papers_are_translated_if_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_proxies(monkeypatch)
    folder = tmp_path / "digests"
    folder.mkdir()
    today = datetime.now().date()
    for day, number in ((today, 1), (datetime(2020, 1, 1).date(), 2)):
        (folder / f"{day}.jsonl").write_text(
            json.dumps(
                {"id": f"2404.{number:05}", "title": f"Title {number}", "summary": "It works."}
            )
        )
    file = catalogue_file()
    assert run_refresh(file, [str(folder)]).error == ""
    refused = answering("no translation")
    with ChatServer(refused, answering()) as server:
        wanted = Configuration(server.base_url, "m", automatic=True)
        off = wanted._replace(automatic=False)
        assert translate_new(file, off, is_cancelled=bool).translated == 0
        assert server.asked == []
        with ProcessLock(state_dir() / "translating.lock", 0)():
            # As another process does that is at the same papers.
            assert translate_new(file, wanted, is_cancelled=bool) == Tally()
        assert server.asked == []
        assert translate_new(file, wanted, is_cancelled=bool).failed == 1
        # What failed is not paid for again and again; the old paper is nobody's news.
        assert translate_new(file, wanted, is_cancelled=bool) == (0, 0, 0, None)
        assert [asked.english["title"] for asked in server.asked] == ["Title 1"]
    with closing(open_catalogue(file)) as catalogue:
        assert catalogue.paper_count() == 2
    with closing(connect(file, mode="rw")) as connection:
        check(connection)

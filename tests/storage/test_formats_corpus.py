"""Real documents: nothing is missed, nothing is lost, and texts are those of the paper files."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.formats import NotADigestError, parse
from storage.model import Digest, DocumentFormat, has_han

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2020, 1, 1)
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ANNOUNCED = re.compile(r"\.? *\(arXiv:\S+ \[\S+\]( UPDATED| CROSS LISTED)?\)$")
PREFIX = re.compile(r"^arXiv:\S+ Announce Type: \S+ +Abstract: ")


def read(path: Path) -> Digest:
    return parse(path.read_bytes(), str(path), NOW)


def flat(text: str | None) -> str | None:
    return " ".join(CONTROLS.sub(" ", text or "").split()) or None


def test_markdown_digests(corpus):
    paths = sorted((corpus / "cn-chat-arxiv" / "digests").rglob("*.md"))[::6]
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        digest = read(path)
        whole = flat(text) or ""
        assert digest.problems == ()
        assert len(digest.entries) == text.count("\n| [^")
        assert digest.channel == path.parent.name
        assert f"{digest.issued:%Y-%m-%dT%H%M}" == path.name[:15]
        for entry in digest.entries:
            assert entry.arxiv_id is not None
            assert entry.title.en is not None
            for pair in (entry.title, entry.tldr, entry.abstract):
                assert all(side is None or side in whole for side in (pair.en, pair.zh))


def test_feeds_hold_what_the_digest_of_the_same_run_holds(corpus):
    feeds = sorted((corpus / "cn-chat-arxiv" / "digests").rglob("*.xml"))
    pairs = [(feed, next(feed.parent.glob(f"{feed.name[:15]}_*.md"), None)) for feed in feeds[::4]]
    assert pairs
    for feed, digest in pairs:
        found = read(feed)
        assert found.problems == ()
        assert len(found.entries) == feed.read_text("utf-8").count("<item>")
        if digest is not None:
            titles = {entry.arxiv_id: entry.title for entry in read(digest).entries}
            assert {entry.arxiv_id: entry.title for entry in found.entries} == titles


def test_paper_files(corpus):
    paths = sorted((corpus / "cn-chat-arxiv" / "papers").rglob("*.json"))[::2]
    assert paths
    for path in paths:
        paper = json.loads(path.read_text("utf-8"))
        digest = read(path)
        (entry,) = digest.entries
        assert digest.problems == ()
        assert entry.arxiv_id == path.stem
        assert entry.title.en == ANNOUNCED.sub("", flat(paper["title"]) or "")
        assert entry.title.zh == flat(paper.get("translated_title"))
        assert entry.tldr.zh == flat(paper.get("tldr"))
        assert entry.tldr.en == flat(paper.get("en_tdlr") or paper.get("en_tldr"))
        assert entry.abstract.en == flat(PREFIX.sub("", paper["abstract"]))
        assert (flat(paper.get("translated_abstract")) or "").endswith(entry.abstract.zh or "")
        assert entry.abstract_cut == (len(paper["abstract"].strip()) >= 998)
        assert (entry.primary_category is None) == (" [" not in paper["title"][-40:])


def test_daily_files(corpus):
    paths = sorted((corpus / "daily-arxiv").glob("*.jsonl"))
    assert paths
    for path in paths:
        digest = read(path)
        records = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
        assert digest.problems == ()
        assert digest.issued == datetime.fromisoformat(path.name[:10])
        assert [entry.arxiv_id for entry in digest.entries] == [item["id"] for item in records]
        for entry, record in zip(digest.entries, records, strict=True):
            assert entry.abstract.en is not None
            assert entry.abstract.en.count("\n") == record["summary"].count("\n  ")
            assert entry.primary_category == record["categories"][0]
            assert len(entry.sections) == (4 if "AI" in record else 0)
            assert not entry.abstract_cut


def test_the_daily_rendering_is_no_digest(corpus):
    with pytest.raises(NotADigestError):
        read(corpus / "daily-arxiv" / "2026-06-30.md")


def test_seeds(corpus):
    paths = sorted((corpus / "seeds").iterdir())
    digests = [read(path) for path in paths]
    assert [digest.format for digest in digests].count(DocumentFormat.MARKDOWN) == 4
    assert sum(len(digest.entries) for digest in digests) == 106
    assert all(digest.problems == () for digest in digests)
    first = digests[0].entries[0]
    assert (first.arxiv_id, first.title.en) == (
        "2404.02882",
        "Linear Attention Sequence Parallelism",
    )
    assert first.abstract.en is not None
    assert first.abstract.en.startswith("Sequence Parallel")
    assert has_han(first.abstract.zh or "")
    (page,) = next(d for d in digests if d.format is DocumentFormat.WEB_PAGE).entries
    assert (page.abstract.en or "").startswith("The recent rise")
    assert (page.abstract.zh or "").startswith("近年来")
    assert not re.search("下载|专知|阅读", page.abstract.zh or "")

"""The generated library of the benchmarks: it must be what benchmarks take it for."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
from statistics import mean
from typing import TYPE_CHECKING

import pytest
from defusedxml.ElementTree import fromstring

from storage.export.markdown import digest_to_markdown
from storage.formats import parse
from storage.model import AnnounceType, has_han
from tests.benchmarks.generator import digests, write_digests, write_feed

if TYPE_CHECKING:
    from pathlib import Path

    from storage.model import Digest, Entry

PAPERS = 3000


@pytest.fixture(scope="module")
def library() -> list[Digest]:
    return list(digests(PAPERS))


@pytest.fixture(scope="module")
def firsts(library: list[Digest]) -> list[Entry]:
    every = (entry for digest in library for entry in digest.entries)
    return [entry for entry in every if entry.announce_type is AnnounceType.NEW]


@pytest.mark.parametrize("papers", [0, 1, 12, 500])
def test_as_many_papers_as_asked_for(papers):
    every = [entry for digest in digests(papers) for entry in digest.entries]
    assert len({entry.key for entry in every}) == papers
    assert sum(entry.announce_type is AnnounceType.NEW for entry in every) == papers


def test_one_seed_one_library():
    assert list(digests(300, seed=4)) == list(digests(300, seed=4))
    assert list(digests(300, seed=4)) != list(digests(300, seed=5))


def test_nothing_is_made_before_it_is_asked_for():
    assert len(list(islice(digests(10**9), 2))) == 2


def test_identifiers_are_of_the_month_they_appear_in(library):
    for digest in library:
        for entry in digest.entries:
            assert re.fullmatch(r"2[3-9](0[1-9]|1[0-2])\.[0-9]{5}", str(entry.arxiv_id))
            if entry.announce_type is AnnounceType.NEW:
                assert str(entry.arxiv_id).startswith(f"{digest.issued:%y%m}.")


def test_digests_come_in_order_over_channels_and_days(library):
    issued = [digest.issued for digest in library]
    assert issued == sorted(issued)
    assert issued[0].date() == datetime(2023, 3, 1).date()
    assert len({digest.source for digest in library}) == len(library)
    assert len({digest.channel for digest in library}) > 10
    by_day = defaultdict(set)
    for digest in library:
        by_day[digest.issued.date()].add(digest.channel)
        assert digest.source.startswith(f"{digest.channel}/{digest.issued:%Y-%m-%dT%H%M}_")
        assert [entry.ref for entry in digest.entries] == [*range(1, len(digest.entries) + 1)]
    assert max(map(len, by_day.values())) >= 4


def test_papers_return_as_cross_lists_and_in_newer_versions(library):
    seen: dict[str, list[tuple[str | None, Entry]]] = defaultdict(list)
    for digest in library:
        assert len({entry.key for entry in digest.entries}) == len(digest.entries)
        for entry in digest.entries:
            seen[entry.key].append((digest.channel, entry))
    assert {len(appearances) for appearances in seen.values()} == {1, 2, 3, 4}
    for (home, first), *later in seen.values():
        assert (first.announce_type, first.version) == (AnnounceType.NEW, 1)
        assert home == first.primary_category
        version = 1
        for channel, entry in later:
            assert (entry.title, entry.tldr) == (first.title, first.tldr)
            is_replaced = entry.announce_type is AnnounceType.REPLACE
            version += is_replaced
            assert entry.version == version
            assert (channel == home) is is_replaced
    assert sum(len(appearances) > 1 for appearances in seen.values()) > PAPERS / 3


def test_texts_are_as_long_as_real_ones(firsts):
    english = [entry.abstract.en or "" for entry in firsts if not entry.abstract_cut]
    chinese = [entry.abstract.zh for entry in firsts if entry.abstract.zh]
    assert 120 < mean(len(text.split()) for text in english) < 180
    assert 250 < mean(map(len, chinese)) < 400
    assert all(has_han(text) for text in chinese)
    assert all("%(" not in text and "<" not in text.replace("\\beta < 1", "") for text in english)


def test_texts_are_varied(firsts):
    assert len({entry.title.en for entry in firsts}) > 0.95 * PAPERS
    assert len({entry.abstract.en for entry in firsts}) == PAPERS
    words = re.findall(r"[A-Za-z]{3,}", " ".join(entry.abstract.en or "" for entry in firsts))
    assert len(set(words)) > 3000


def test_both_languages_say_the_same(firsts):
    def signs(text: str) -> list[str]:
        return sorted(re.findall(r"\$[^$]+\$|\d+\.\d", text))

    known = {"federated learning": "联邦学习", "graph neural networks": "图神经网络"}
    compared = 0
    for entry in firsts:
        if entry.abstract.zh and entry.abstract.en and not entry.abstract_cut:
            assert signs(entry.abstract.en) == signs(entry.abstract.zh)
            for en, zh in known.items():
                assert (en in entry.abstract.en) == (zh in entry.abstract.zh)
            compared += 1
    assert compared > 500


def test_some_lack_what_real_ones_lack(library, firsts):
    for share in (
        sum(entry.title.zh is None for entry in firsts) / PAPERS,
        sum(entry.tldr.zh is None and entry.title.zh is not None for entry in firsts) / PAPERS,
    ):
        assert 0.005 < share < 0.2
    assert 0.2 < sum(entry.tldr.en is None for entry in firsts) / PAPERS < 0.8
    cut = [entry for entry in firsts if entry.abstract_cut]
    assert 0.2 < len(cut) / PAPERS < 0.8
    assert all(990 < len(entry.abstract.en or "") <= 1000 for entry in cut)
    with_authors = [any(entry.authors for entry in digest.entries) for digest in library]
    assert 0.1 < mean(with_authors) < 0.6


def test_a_written_digest_reads_back_whole(tmp_path: Path, library):
    written = write_digests(tmp_path, PAPERS)
    assert written == len(library) == len(list(tmp_path.rglob("*.md")))
    for digest in library[:6]:
        path = tmp_path / digest.source
        found = parse(path.read_bytes(), str(path), datetime(2020, 1, 1))
        assert (found.channel, found.issued, found.problems) == (digest.channel, digest.issued, ())
        # The format has no place for these.
        expected = [entry._replace(authors=(), categories=()) for entry in digest.entries]
        assert [entry._replace(line=None) for entry in found.entries] == expected
        assert path.read_text("utf-8") == digest_to_markdown(digest.entries)


def test_a_feed_has_one_dated_item_a_paper_in_both_languages(tmp_path: Path, firsts):
    path = tmp_path / "feed.xml"
    write_feed(path, PAPERS)
    items = fromstring(path.read_bytes()).findall("channel/item")
    texts = [{child.tag: child.text or "" for child in item} for item in items]
    assert [text["guid"] for text in texts] == [entry.key for entry in firsts]
    assert texts[0]["link"] == f"https://arxiv.org/abs/{firsts[0].key}"
    assert parsedate_to_datetime(texts[0]["pubDate"]).year == 2023
    for text, entry in zip(texts, firsts, strict=True):
        assert str(entry.title.en) in text["title"]
        assert str(entry.title.zh or "") in text["title"]
        assert str(entry.abstract.zh or "<p>") in unescape(text["description"])

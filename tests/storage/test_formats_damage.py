"""Damaged documents: no exception but DocumentError, and no line that is nowhere.

Every line of the digests built here carries a word of its own. After any mutation, each word that
still stands in the document must be found in an entry, in a problem's text, or on a line that a
problem names.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import DocumentError
from storage.formats import parse
from tests.storage import arxiv_text
from tests.storage.digest_text import block, digest, feed, item, link, link_slot, row

if TYPE_CHECKING:
    from storage.model import Digest

NOW = datetime(2020, 1, 1)
WORD = re.compile(r"w[0-9]+w|2404\.[0-9]{5}")
FIXTURES = Path(__file__).parents[1] / "digests"


@cache
def marked_markdown() -> str:
    """Five entries in the forms that blocks have, each text with a word of its own."""
    rows, blocks, word = "", "", 0
    for ref in range(1, 6):
        words = [f"w{word + n}w" for n in range(7)]
        word += 7
        title_zh, title, tldr, tldr_en, zh, en, _ = words
        suffix = f". (arXiv:2404.{ref:05}v1 [cs.LG] UPDATED)" if ref % 2 else ""
        prefix = "" if ref % 2 else f"arXiv:2404.{ref:05}v1 Announce Type: new  Abstract: "
        head = f"标题 {title_zh}"
        slots = [f"Seams {title}{suffix}", link_slot(ref)]
        if ref != 5:  # the last one has the early form
            slots += [f"总结 {tldr}", "" if ref == 2 else f"Summary {tldr_en}"]
        slots += [f"摘要：全文 {zh}", f"{prefix}Text {en}"]
        rows += row(ref, f"Seams {title}{'.' if suffix else ''}", link(ref), f"总结 {tldr}")
        blocks += block(ref, head, *slots)
    return digest(rows, blocks)


def marked_feed() -> str:
    items = []
    for ref in range(1, 6):
        texts = [f"w{ref}{n}w" for n in range(6)]
        zh, en, tldr, tldr_en, abstract_zh, abstract_en = texts
        items.append(
            item(tldr, link(ref), zh, en, link(ref), tldr, tldr_en, abstract_zh, abstract_en)
        )
    return feed(*items)


def marked_lines() -> str:
    return "".join(
        json.dumps({"id": f"2404.{n:05}", "title": f"Seams w{n}1w", "summary": f"Text w{n}2w"})
        + "\n"
        for n in range(1, 6)
    )


def marked_announcements() -> str:
    items = []
    for n in range(1, 6):
        comment = f"      <arxiv:journal_reference>J. w{n}3w</arxiv:journal_reference>\n"
        items.append(
            arxiv_text.rss_item(
                f"2404.{n:05}v1",
                title=f"Seams w{n}1w",
                abstract=f"Text w{n}2w",
                creator=f"A. w{n}4w (At w{n}5w), B. Scalar",
                more=comment,
            )
        )
    return arxiv_text.rss(*items)


def marked_atom() -> str:
    entries = [
        arxiv_text.atom_entry(f"2404.{n:05}v1", title=f"Seams w{n}1w", abstract=f"Text w{n}2w")
        for n in range(1, 6)
    ]
    return arxiv_text.atom(*entries)


def marked_answer() -> str:
    entries = []
    for n in range(1, 6):
        more = (
            f"    <author>\n      <name>B. w{n}3w</name>\n"
            f"      <arxiv:affiliation>At w{n}4w</arxiv:affiliation>\n    </author>\n"
            f"    <arxiv:comment>w{n}5w pages</arxiv:comment>\n"
            f"    <arxiv:doi>10.1000/w{n}6w</arxiv:doi>\n"
        )
        entries.append(
            arxiv_text.answer_entry(
                f"2404.{n:05}v1", title=f"Seams w{n}1w", abstract=f"Text w{n}2w", more=more
            )
        )
    title = "arXiv Query: search_query=cat:cs.LG&amp;id_list=&amp;start=0&amp;max_results=5"
    return arxiv_text.atom(*entries, title=title, counts=(90, 0, 5))


MARKED = [
    marked_markdown(), marked_feed(), marked_lines(),
    marked_announcements(), marked_atom(), marked_answer(),
]  # fmt: skip
IDS = ["markdown", "feed", "lines", "announcements", "atom", "answer"]


def unfound(text: str, found: Digest) -> set[str]:
    """The words of ``text`` that are in no entry and no problem."""
    seen = repr(found.entries) + repr([problem.raw for problem in found.problems])
    lines = text.split("\n")
    named = {problem.line for problem in found.problems}
    is_named = False
    for number, line in enumerate(lines, 1):
        # A problem names the line itself; in a feed, the line on which its item begins.
        is_named = number in named or (
            is_named and text.lstrip().startswith("<") and not ("<item" in line or "<entry" in line)
        )
        seen += line if is_named else ""
    return {word for word in WORD.findall(text) if word not in seen}


def read(text: str) -> Digest | None:
    try:
        return parse(text.encode(), "x", NOW)
    except DocumentError:
        return None


def assert_nothing_is_lost(text: str) -> None:
    found = read(text)
    if found is not None:
        assert unfound(text, found) == set()


@pytest.mark.parametrize("text", MARKED, ids=IDS)
def test_undamaged(text):
    found = read(text)
    assert found is not None
    assert len(found.entries) == 5
    assert found.problems == ()
    assert unfound(text, found) == set()


def test_the_oracle_sees_a_loss():
    found = read(marked_markdown())
    assert found is not None
    assert unfound(marked_markdown() + "\nw999w\n", found) == {"w999w"}


@pytest.mark.parametrize("text", MARKED, ids=IDS)
def test_cut_off_anywhere(text):
    for end in range(0, len(text), 7):
        assert_nothing_is_lost(text[:end])


@pytest.mark.parametrize("text", MARKED, ids=IDS)
def test_beginning_anywhere(text):
    for start in range(0, len(text), 7):
        assert_nothing_is_lost(text[start:])


STEPS = {
    "delete": lambda lines, i, j: [*lines[:i], *lines[i + 1 :]],
    "double": lambda lines, i, j: [*lines[:j], lines[i], *lines[j:]],
    "swap": lambda lines, i, j: [lines[{i: j, j: i}.get(n, n)] for n in range(len(lines))],
    "dedent": lambda lines, i, j: [*lines[:i], lines[i].lstrip(), *lines[i + 1 :]],
    "indent": lambda lines, i, j: [*lines[:i], "    " + lines[i], *lines[i + 1 :]],
    "empty": lambda lines, i, j: [*lines[:i], "", *lines[i + 1 :]],
    "join": lambda lines, i, j: [*lines[:i], "".join(lines[i : i + 2]), *lines[i + 2 :]],
    "strew": lambda lines, i, j: [*lines[:i], f"strewn w9{j}w", *lines[i:]],
    "halve": lambda lines, i, j: [*lines[:i], lines[i][: len(lines[i]) // 2], *lines[i + 1 :]],
}


def mutations(lines: list[str]) -> st.SearchStrategy[list[str]]:
    """One to six lines damaged in the ways that editors, mailers and disks know."""
    at = st.integers(0, len(lines) - 1)

    def damaged(steps: list[tuple[str, int, int]]) -> list[str]:
        result = lines
        for step, i, j in steps:
            result = STEPS[step](result, i % len(result), j % len(result))
        return result

    step = st.tuples(st.sampled_from(sorted(STEPS)), at, at)
    return st.lists(step, min_size=1, max_size=6).map(damaged)


fuzz = settings(
    derandomize=True, max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None
)


@fuzz
@given(mutations(marked_markdown().split("\n")))
def test_mutated_markdown(lines):
    assert_nothing_is_lost("\n".join(lines))


@fuzz
@given(mutations(marked_feed().split("\n")))
def test_mutated_feed(lines):
    assert_nothing_is_lost("\n".join(lines))


@fuzz
@given(
    st.sampled_from([marked_announcements(), marked_atom(), marked_answer()]).flatmap(
        lambda text: mutations(text.split("\n"))
    )
)
def test_mutated_feeds_of_arxiv(lines):
    assert_nothing_is_lost("\n".join(lines))


@fuzz
@given(mutations(marked_lines().split("\n")))
def test_mutated_lines(lines):
    assert_nothing_is_lost("\n".join(lines))


@fuzz
@given(
    st.sampled_from(
        sorted(
            path for path in FIXTURES.rglob("*.*") if path.is_file() and "expected" not in path.name
        )
    ),
    st.lists(
        st.tuples(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 5)), max_size=8
    ),
)
def test_fixtures_with_bytes_changed(path, edits):
    data = bytearray(path.read_bytes())
    for at, new, gone in edits:
        start = at % (len(data) + 1)
        data[start : start + gone] = new
    try:
        found = parse(bytes(data), "x", NOW)
    except DocumentError:
        return
    for entry in found.entries:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", str(entry))
    assert all(problem.line is None or problem.line >= 1 for problem in found.problems)
    assert all(len(problem.raw) <= 200 for problem in found.problems)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_anything_at_all(data):
    with pytest.raises(DocumentError, match=r"^x: .{5,150}$"):
        parse(data, "x", NOW)

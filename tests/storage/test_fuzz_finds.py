"""What damaging real documents by chance found, each made anew by hand; and a little of the same.

The documents are the least ones that show a fault; ``make fuzz`` looks for more.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice

import pytest
from defusedxml.ElementTree import XMLParser

from storage.errors import DocumentError
from storage.formats import parse
from storage.formats.content import MOST_PROBLEMS
from storage.model import Digest, Section
from tests.fuzz.documents import Documents, fixtures
from tests.fuzz.mutants import mutant
from tests.fuzz.targets import TARGETS
from tests.storage import arxiv_text
from tests.storage.digest_text import block, digest, feed, item, link, link_slot, row

NOW = datetime(2020, 1, 1)
SEED = 6
MUTANTS = 500


def read(text: str | bytes) -> Digest:
    return parse(text if isinstance(text, bytes) else text.encode(), "x", NOW)


def reasons(found: Digest) -> list[str]:
    return [problem.reason for problem in found.problems]


@pytest.mark.parametrize(
    "hidden",
    ["\u061c", "\u206a", "\u206f", "\ufff9", "\ufffb", "\U000e0001", "\U000e0041", "\U000e007f"],
    ids=["arabic mark", "206a", "206f", "annotation", "terminator", "language", "A", "cancel"],
)
def test_characters_that_cannot_be_seen_are_in_no_text(hidden):
    slots = (f"We{hidden}sew", link_slot(1), "总结。", "", "摘要。", f"{hidden}We sew.{hidden}")
    (entry,) = read(digest("", block(1, "缝", *slots))).entries
    assert (entry.title.en, entry.abstract.en) == ("We sew", "We sew.")


def test_names_of_which_nothing_is_left_are_none():
    (daily,) = read(
        '{"id": "2404.00001", "title": "A", "summary": "B", "authors": ["", "\\u200b", "C"],'
        ' "categories": [" ", "cs.LG"]}'
    ).entries
    assert (daily.authors, daily.categories) == (("C",), ("cs.LG",))
    assert daily.primary_category == "cs.LG"
    (own,) = read(
        '{"arxiv_id": "2404.00001", "title": {"en": "A"}, "authors": ["\\u0000"],'
        ' "categories": ["cs.LG", ""]}'
    ).entries
    assert (own.authors, own.categories) == ((), ("cs.LG",))


def test_the_name_of_a_section_is_a_text_like_others():
    text = (
        '{"arxiv_id": "2404.00001", "title": {"en": "A"}, "sections":'
        ' {"me\\u001bth\\ud800od": "我们缝。", "\\u200b": "没有名字。", "empty": " ", "result": "缝。"}}'
    )
    found = read(text)
    assert found.entries[0].sections == (
        Section("me th\ufffdod", "我们缝。"),
        Section("result", "缝。"),
    )
    assert [(p.reason, p.raw) for p in found.problems] == [("a section has no name", "没有名字。")]


NOTHING = {
    "block": digest("", block(1, "\u200b", "\u200b", link_slot(1), "", "", "", "")),
    "suffix": digest(
        "", block(1, "", "(arXiv:2404.00001v1 [cs.LG])", link_slot(1), "", "", "", "")
    ),
    "row": digest(row(1, "\u200b", link(1), "\u202e"), ""),
    "item": feed(item("", link(1), "\u200b", "\u2066", "", "", "", "", "")),
    "announced": arxiv_text.rss(arxiv_text.rss_item("2404.00001v1", title="", abstract="")),
    "answer": arxiv_text.atom(
        arxiv_text.answer_entry("2404.00001v1", title="&#x200b;", abstract=""),
        title="arXiv Query: search_query=cat:cs.LG",
    ),
    "paper": '{"abstract": "arXiv:2404.00001v1 Announce Type: new  Abstract: "}',
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_an_entry_of_which_nothing_is_left_is_a_problem(text):
    found = read(text)
    assert found.entries == ()
    assert "there is no text of a paper" in reasons(found)


def test_a_category_of_nothing_is_none():
    slots = ("Seams (arXiv:2404.00001v1 [\u200b])", link_slot(1), "总结。", "", "摘要。", "We sew.")
    (entry,) = read(digest("", block(1, "缝", *slots))).entries
    assert (entry.title.en, entry.primary_category) == ("Seams", None)


def test_a_title_of_several_lines_is_one():
    (entry,) = read('{"arxiv_id": null, "title": {"en": "We\\n\\nsew", "zh": "我们\\n缝"}}').entries
    assert entry.title == ("We sew", "我们 缝")


@pytest.mark.parametrize("version", [0, 10_000, 2**52])
def test_a_version_that_no_paper_has_is_none(version):
    found = read(f'{{"arxiv_id": "2404.00001", "version": {version}, "title": {{"en": "A"}}}}')
    assert found.entries[0].version is None
    assert [(p.reason, p.raw) for p in found.problems] == [
        ("the version is none of arXiv's", str(version))
    ]


def test_a_reason_that_repeats_the_document_is_clean_and_short():
    text = feed(
        item("标题", link(1), "缝", "Seams", link(1), "总结", "", "摘要", "We sew."),
        channel="cs.LG updates on arXiv.org",
    )
    unknown = f'<x xmlns="\u2066{"y" * 400}\u202e">z</x>'
    found = read(text.replace("</channel>", f"{unknown}</channel>"))
    (reason,) = [one for one in reasons(found) if "belongs to no item" in one or "yyy" in one]
    assert reason.startswith("this <{ yyyy")
    assert len(reason) == 300


# Each of these took from ten seconds to minutes, or a list of half a million problems.
_MANY = 3 * MOST_PROBLEMS
FLOODS = {
    "lines": digest("", "") + "x\n" * _MANY,
    "stray texts": feed(*(f"t{n}<x/>" for n in range(_MANY))),
    "elements": feed(*(f"<x>{n}</x>" for n in range(_MANY)), channel="cs.LG updates on arXiv.org"),
    "items": feed("<item></item>" * _MANY),
    "bytes": digest("", "").encode() * 200 + b"abcdefgh \xff\n" * _MANY,
    "JSON": '{"arxiv_id": null, "title": {"en": "A"}}\n' + "x\n" * _MANY,
}


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_problems_is_counted_not_listed(text):
    found = read(text)
    assert len(found.problems) == MOST_PROBLEMS + 1
    more = [problem for problem in found.problems if "more like these" in problem.reason]
    assert [problem.reason.split()[0] for problem in more] in (
        [str(count)] for count in range(_MANY - MOST_PROBLEMS, 2 * _MANY)
    )
    assert all(problem.is_loss for problem in more)


def test_what_follows_a_flood_of_problems_is_read():
    slots = ("Seams", link_slot(1), "总结。", "", "摘要。", "We sew.")
    found = read(digest("", "") + "x\n" * _MANY + block(1, "缝", *slots))
    assert [entry.title.en for entry in found.entries] == ["Seams"]
    last = found.problems[-1]
    # Seven lines of headings, then one problem a line.
    assert (last.line, last.reason.split()[0]) == (
        digest("", "").count("\n") + 1 + MOST_PROBLEMS,
        str(_MANY - MOST_PROBLEMS),
    )


def test_a_long_root_is_not_parsed_again_with_every_item(monkeypatch):
    parsed = []

    class Counting(XMLParser):
        def feed(self, data):
            parsed.append(len(data))
            super().feed(data)

    monkeypatch.setattr("defusedxml.ElementTree.XMLParser", Counting)
    one = item("总结", link(1), "缝", "Seams", link(1), "总结", "", "摘要", "We sew.")
    text = feed(*[one] * 300).replace("<rss ", "<rss" + " " * 50_000)
    assert len(read(text).entries) == 300
    assert sum(parsed) < 2 * len(text)


def test_rows_of_one_number_each_find_their_block():
    rows = "".join(row(1, f"Seams {n}", link(n), "总结。") for n in range(1, 4))
    blocks = "".join(
        block(1, "缝", f"Seams {n}", link_slot(n), "总结。", "", "摘要。", "We sew.")
        for n in range(1, 4)
    )
    found = read(digest(rows, blocks))
    assert [entry.title.en for entry in found.entries] == ["Seams 1", "Seams 2", "Seams 3"]
    assert found.problems == ()


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
DOCTYPES = {
    "laughs": f"<!DOCTYPE rss [{_LAUGHS}]>",
    "file": '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    "outside": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    "bare": "<!DOCTYPE rss>",
}


@pytest.mark.parametrize("declared", DOCTYPES.values(), ids=DOCTYPES)
@pytest.mark.parametrize("channel", ["Chat Arxiv cs.LG", "cs.LG updates on arXiv.org"])
def test_a_document_type_is_refused_whatever_it_declares(declared, channel):
    text = feed(item("&l9;", link(1), "缝", "Seams", link(1), "", "", "", ""), channel=channel)
    with pytest.raises(DocumentError, match=r"^x: declares a document type"):
        read('<?xml version="1.0"?>' + declared + text)


def test_no_entity_of_the_document_is_expanded():
    text = feed(item("&l9;", link(1), "缝", "Seams", link(1), "", "", "", ""))
    found = read(text.replace("<item>", f"<item>{DOCTYPES['file']}"))
    assert found.entries == ()
    assert "the item is damaged" in reasons(found)[0]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_mutants_of_the_fixtures(target):
    documents = Documents(fixtures())
    faults = Counter[str]()
    for number in islice(range(0, 10**6, target.every), MUTANTS // min(target.every, 5)):
        try:
            target.attack(mutant(documents, SEED, number))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is the find
            faults[f"{number}: {error!r}"] += 1
    assert faults == Counter()

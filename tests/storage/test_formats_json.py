"""Paper files and JSON lines beyond the fixtures: damage, types, legitimate lengths."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from storage.errors import DocumentError
from storage.formats import NotADigestError, parse
from storage.model import Bilingual, Digest, DocumentFormat


def read(text: str) -> Digest:
    return parse(text.encode(), "papers.json", datetime(2020, 1, 1))


PAPER = {
    "title": "Seams. (arXiv:2303.06603v1 [econ.TH])",
    "abstract": "We sew.",
    "link": "http://arxiv.org/abs/2303.06603",
    "tldr": "缝。",
    "translated_title": "缝隙",
    "translated_abstract": "我们缝合。",
}
LINE = {"id": "2606.28729", "title": "Seams", "summary": "We sew.", "categories": ["cs.LG"]}


@pytest.mark.parametrize("key", ["en_tldr", "en_tdlr"])
def test_both_spellings_of_the_english_tldr(key):
    (entry,) = read(json.dumps({**PAPER, key: "A seam."})).entries
    assert entry.tldr == Bilingual("A seam.", "缝。")


def test_a_paper_file_that_is_cut_off():
    with pytest.raises(DocumentError, match="looks like a paper file, but the JSON is damaged at"):
        read(json.dumps(PAPER)[:-20])


def test_a_paper_file_without_texts():
    with pytest.raises(DocumentError, match="without any text of a paper"):
        read(json.dumps({"abstract": " ", "link": PAPER["link"]}))


def test_values_of_another_type_are_reported():
    digest = read(json.dumps({**PAPER, "tldr": ["缝", "隙"]}, ensure_ascii=False))
    assert digest.entries[0].tldr == Bilingual()
    (problem,) = digest.problems
    assert (problem.reason, problem.raw) == (
        '"tldr" is of another type than expected',
        '["缝", "隙"]',
    )


def test_the_abstract_of_a_paper_file_is_cut_and_that_of_a_line_is_not():
    abstract = "a" * 1000
    (paper,) = read(json.dumps({**PAPER, "abstract": abstract})).entries
    (line,) = read(json.dumps({**LINE, "summary": abstract})).entries
    assert (paper.abstract_cut, line.abstract_cut) == (True, False)


def test_lines_of_a_file_all_broken():
    with pytest.raises(DocumentError, match="no line of it could be read as a paper"):
        read('{"id": "2606.28729", "summary": \n{"id":\n')


def test_a_json_file_of_something_else_is_no_digest():
    with pytest.raises(NotADigestError):
        read('{"name": "seam", "version": 1}')


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, "9" * 5000, '"\\ud83d half a pair"', "NaN", "1e999", '{"en": {"deep": []}}'],
    ids=["brackets", "digits", "surrogate", "nan", "infinity", "object"],
)
def test_hostile_values(value):
    hostile = json.dumps(LINE).replace('"Seams"', value)
    digest = read(f"{hostile}\n{json.dumps(LINE)}\n")
    assert digest.entries[-1].title.en == "Seams"
    assert len(digest.entries) + len(digest.problems) >= 2
    for entry in digest.entries:
        (entry.title.en or "").encode()  # raises for half a surrogate pair


def test_a_single_line_is_json_lines():
    assert read(json.dumps(LINE)).format is DocumentFormat.JSON_LINES


def test_our_own_lines_with_unknown_values():
    own = {"arxiv_id": "x", "announce_type": "later", "title": {"en": "Seams"}, "version": -1}
    digest = read(json.dumps(own))
    (entry,) = digest.entries
    assert (entry.arxiv_id, entry.announce_type, entry.version) == (None, None, None)
    assert sorted(problem.raw for problem in digest.problems) == ["-1", "later", "x"]
    assert digest.channel is None
    assert not digest.dated

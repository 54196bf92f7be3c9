"""The translation memory, read back by two independent readers and held against the format's rules."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]
from translate.storage.tmx import tmxfile

from storage.bilingual.pairs import Pair
from storage.export import tmx
from storage.export.convert import Target, convert
from storage.model import ArxivId, Bilingual, Digest, DocumentFormat, Entry, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Of the rules in https://www.ttt.org/oscarStandards/tmx/tmx14b.html those for plain text.
RULES = etree.DTD(
    io.StringIO("""
<!ELEMENT tmx (header, body)>
<!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note | prop)*>
<!ATTLIST header
  creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block | paragraph | sentence | phrase) #REQUIRED
  o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED srclang CDATA #REQUIRED datatype CDATA #REQUIRED
  o-encoding CDATA #IMPLIED creationdate CDATA #IMPLIED creationid CDATA #IMPLIED
  changedate CDATA #IMPLIED changeid CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT note (#PCDATA)>
<!ATTLIST note o-encoding CDATA #IMPLIED xml:lang CDATA #IMPLIED>
<!ELEMENT prop (#PCDATA)>
<!ATTLIST prop type CDATA #REQUIRED xml:lang CDATA #IMPLIED o-encoding CDATA #IMPLIED>
<!ELEMENT tu ((note | prop)*, tuv+)>
<!ATTLIST tu
  tuid CDATA #IMPLIED srclang CDATA #IMPLIED datatype CDATA #IMPLIED
  segtype (block | paragraph | sentence | phrase) #IMPLIED>
<!ELEMENT tuv ((note | prop)*, seg)>
<!ATTLIST tuv xml:lang CDATA #REQUIRED datatype CDATA #IMPLIED>
<!ELEMENT seg (#PCDATA)>
""")
)
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Unit(NamedTuple):
    en: str
    zh: str
    part: str
    paper: str | None = "2404.02882"


def entry(**fields: object) -> Entry:
    return Entry(arxiv_id=ArxivId("2404.02882"))._replace(**fields)  # type: ignore[arg-type]


def digest(*entries: Entry) -> Digest:
    issued = datetime(2024, 4, 4)
    return Digest("x.md", DocumentFormat.MARKDOWN, "cs.LG", issued, entries=entries)


def document(*items: Digest | Problem) -> bytes:
    written: list[str] = []
    convert(items, Target.TMX, written.append, lambda _: None)
    data = "".join(written).encode()
    root = etree.fromstring(data)
    assert RULES.validate(root), RULES.error_log
    return data


def units(*items: Digest) -> list[Unit]:
    """Read the units twice, by the two readers, which must agree."""
    data = document(*items)
    found = []
    for tu in ElementTree.fromstring(data).iter("tu"):
        assert [tuv.get(LANG) for tuv in tu.iter("tuv")] == ["en", "zh-CN"]
        en, zh = (seg.text or "" for seg in tu.iter("seg"))
        props = {prop.get("type"): prop.text for prop in tu.findall("prop")}
        found.append(Unit(en, zh, str(props.pop("x-part")), props.pop("x-arxiv", None)))
        assert props == {}
    store = tmxfile(io.BytesIO(data), targetlanguage="zh-CN")
    assert store.sourcelanguage == "en"
    assert [(unit.source, unit.target) for unit in store.units] == [
        (unit.en, unit.zh) for unit in found
    ]
    return found


TITLE = Bilingual("Seams", "缝隙")


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> list[Pair]:
    """What the aligner says of every text: the list is to be filled."""
    said: list[Pair] = []
    monkeypatch.setattr(tmx, "align", lambda *_: said)
    return said


def test_titles_tl_drs_and_sentences_are_units() -> None:
    paper = entry(
        title=Bilingual("Why Do Seams Tear?", "缝隙为何开裂？"),
        tldr=Bilingual("A seam that never tears.", "一条永不开裂的缝。"),
        abstract=Bilingual(
            "We sew 12 sleeves by hand. Then the robot SEWBOT sews 240 of them.",
            "我们手工缝制12只袖子。随后机器人SEWBOT缝制其中的240只。",
        ),
    )
    assert units(digest(paper)) == [
        Unit("Why Do Seams Tear?", "缝隙为何开裂？", "title"),
        Unit("A seam that never tears.", "一条永不开裂的缝。", "tldr"),
        Unit("We sew 12 sleeves by hand.", "我们手工缝制12只袖子。", "abstract"),
        Unit(
            "Then the robot SEWBOT sews 240 of them.",
            "随后机器人SEWBOT缝制其中的240只。",
            "abstract",
        ),
    ]


def test_the_header_says_what_it_is() -> None:
    root = ElementTree.fromstring(document())
    header = root.find("header")
    assert header is not None
    assert root.attrib == {"version": "1.4"}
    assert header.attrib == {
        "creationtool": "digest-tui",
        "creationtoolversion": version("digest-tui"),
        "segtype": "sentence",
        "o-tmf": "digest-tui",
        "adminlang": "en",
        "srclang": "en",
        "datatype": "plaintext",
    }


@pytest.mark.parametrize(
    "items",
    [(), (digest(),), (digest(entry()),), (Problem("gone.md", None, "does not exist"),)],
    ids=["no document", "no entry", "no text", "a problem"],
)
def test_a_document_without_units_is_valid(items: Sequence[Digest | Problem]) -> None:
    data = document(*items)
    assert ElementTree.fromstring(data).findall("body/tu") == []
    assert tmxfile(io.BytesIO(data)).units == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (Bilingual("Seams", None), []),
        (Bilingual(None, "缝隙"), []),
        # the producer failed to translate, or took one language for the other
        (Bilingual("Seams", "Seams"), []),
        (Bilingual("一句话 A seam.", "缝隙"), []),
        (Bilingual("\u200b", "缝隙"), []),
        (Bilingual("Seams", "缝隙"), [Unit("Seams", "缝隙", "title")]),
    ],
)
def test_only_translations_are_units(texts: Bilingual, expected: list[Unit]) -> None:
    assert units(digest(entry(title=texts))) == expected


def test_a_paper_without_identifier_has_units_without_it() -> None:
    paper = entry(title=TITLE, arxiv_id=None)
    assert units(digest(paper)) == [Unit("Seams", "缝隙", "title", None)]


def test_sentences_of_a_side_are_joined(pairs: list[Pair]) -> None:
    pairs.append(Pair(en=((0, 3), (4, 7)), zh=((0, 3), (3, 6))))
    paper = entry(abstract=Bilingual("Aa. Bb.", "甲乙。丙丁。"))
    assert units(digest(paper)) == [Unit("Aa. Bb.", "甲乙。丙丁。", "abstract")]


def test_latin_words_at_a_joint_in_chinese_stay_two(pairs: list[Pair]) -> None:
    pairs.append(Pair(en=((0, 3),), zh=((0, 7), (8, 14))))
    paper = entry(abstract=Bilingual("Aa.", "训练BERT. BERT好。"))
    assert units(digest(paper)) == [Unit("Aa.", "训练BERT. BERT好。", "abstract")]


def test_what_has_no_counterpart_is_no_unit(pairs: list[Pair]) -> None:
    pairs += [
        Pair(en=((0, 3),), zh=()),
        Pair(en=((4, 7),), zh=((0, 3),)),
        Pair(en=(), zh=((3, 6),)),
    ]
    paper = entry(abstract=Bilingual("Aa. Bb.", "甲乙。丙丁。"))
    assert units(digest(paper)) == [Unit("Bb.", "甲乙。", "abstract")]


def test_the_sentence_that_the_digest_cut_is_no_unit(pairs: list[Pair]) -> None:
    pairs += [Pair(en=((0, 3),), zh=((0, 3),)), Pair(en=((4, 7),), zh=((3, 6),))]
    whole = entry(abstract=Bilingual("Aa. Bbb", "甲乙。丙丁。"))
    cut = whole._replace(abstract_cut=True)
    assert [unit.en for unit in units(digest(whole))] == ["Aa.", "Bbb"]
    assert [unit.en for unit in units(digest(cut))] == ["Aa."]


def test_a_cut_abstract_s_tl_dr_is_whole(pairs: list[Pair]) -> None:
    pairs.append(Pair(en=((0, 3),), zh=((0, 3),)))
    paper = entry(tldr=Bilingual("Aa.", "甲乙。"), abstract_cut=True)
    assert units(digest(paper)) == [Unit("Aa.", "甲乙。", "tldr")]


def test_a_translation_is_there_once() -> None:
    seen = entry(title=TITLE)
    again = entry(title=TITLE, version=2)
    other = entry(title=Bilingual("Seams", "接缝"))
    elsewhere = entry(title=TITLE, arxiv_id=ArxivId("2404.00001"))
    assert units(digest(seen, again), digest(seen, other), digest(elsewhere)) == [
        Unit("Seams", "缝隙", "title"),
        Unit("Seams", "接缝", "title"),
    ]


def test_what_means_something_in_xml_is_text() -> None:
    title = Bilingual("a < b && \"c\" > d 'e' ]]> &amp; <seg>", "若<b>则&lt;缝]]>隙")
    assert units(digest(entry(title=title))) == [Unit(title.en or "", title.zh or "", "title")]


def test_what_xml_forbids_is_neutralised() -> None:
    title = Bilingual(
        "a\x00b\x0bc\x1bd\x7fe\x85f\ud800g\udfffh\ufffei\uffffj",
        "缝\x08隙\ufffe\ud83d",
    )
    assert units(digest(entry(title=title))) == [
        Unit("a b c d e f�g�h�i�j", "缝 隙��", "title"),
    ]


def test_paragraphs_become_one_line() -> None:
    title = Bilingual("Seams\nand\ttears", "缝隙\n裂口")
    assert units(digest(entry(title=title))) == [Unit("Seams and tears", "缝隙 裂口", "title")]


def test_one_digest_at_a_time() -> None:
    events: list[str] = []

    def items() -> Iterator[Digest]:
        for number in range(2):
            events.append(f"read {number}")
            yield digest(entry(title=Bilingual(f"Seam {number}", "缝")))

    def write(piece: str) -> None:
        events.append(next((n for n in ("Seam 0", "Seam 1") if n in piece), "frame"))

    convert(items(), Target.TMX, write, events.append)
    assert events == ["frame", "read 0", "Seam 0", "read 1", "Seam 1", "frame"]


anything = st.text(st.characters(codec=None), max_size=30)


def visible(text: str) -> str:
    """Letters, digits, marks, punctuation and symbols, but the one that stands for others."""
    return "".join(c for c in text if unicodedata.category(c)[0] in "LNMPS" and c != "\ufffd")


@settings(derandomize=True, max_examples=150, deadline=None)
@given(anything, anything, anything)
def test_any_text_makes_a_valid_document(en: str, zh: str, identifier: str) -> None:
    paper = entry(title=Bilingual(en, zh + "缝"), arxiv_id=ArxivId(identifier))
    for unit in units(digest(paper)):
        assert (visible(unit.en), visible(unit.zh)) == (visible(en), visible(zh + "缝"))

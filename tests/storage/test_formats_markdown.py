from __future__ import annotations

from datetime import datetime

import pytest

from storage.formats import NotADigestError, parse
from storage.model import Bilingual, Digest, DocumentFormat
from tests.storage.digest_text import block, digest, link, link_slot, row


def read(text: str, name: str = "digest.md") -> Digest:
    return parse(text.encode(), name, datetime(2020, 1, 1))


def whole(ref: int, title: str = "Seams", tldr: str = "缝。", abstract: str = "We sew.") -> str:
    """A digest of one whole entry."""
    blocks = block(ref, "缝隙", title, link_slot(ref), tldr, "", "我们缝合。", abstract)
    return digest(row(ref, title, link(ref), tldr), blocks)


@pytest.mark.parametrize(
    ("length", "is_cut"),
    [(1, False), (997, False), (998, True), (1000, True), (1002, True), (1003, False)],
)
def test_abstract_is_cut_by_its_length(length, is_cut):
    abstract = ("a seam is a line " * 100)[: length - 1] + "x"
    (entry,) = read(whole(1, abstract=abstract)).entries
    assert entry.abstract_cut is is_cut
    assert entry.abstract.en == abstract


def test_abstract_length_counts_its_prefix_and_double_spaces():
    prefix = "arXiv:2404.00001v1 Announce Type: new  Abstract: "
    raw = prefix + "x  y " + "z" * (1000 - len(prefix) - 5)
    (entry,) = read(whole(1, abstract=raw)).entries
    assert entry.abstract_cut
    assert entry.abstract.en == "x y " + "z" * (1000 - len(prefix) - 5)


@pytest.mark.parametrize("bomb", ["[/b]", "[cs.LG]", "$x[0]$", "a | b", "](x)", "| [^9] |", "\\ $"])
def test_markup_is_only_text(bomb):
    texts = read(whole(1, title=f"Seams {bomb} end", tldr=f"缝 {bomb} 隙", abstract=f"We {bomb}."))
    assert texts.problems == ()
    (entry,) = texts.entries
    assert entry.title.en == f"Seams {bomb} end"
    assert entry.tldr.zh == f"缝 {bomb} 隙"
    assert entry.abstract.en == f"We {bomb}."


@pytest.mark.parametrize(
    "hidden", ["\x1b[31m", "\x07", "\x9b", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\x85"]
)
def test_control_characters_are_neutralised_everywhere(hidden):
    found = read(whole(1, title=f"Se{hidden}am", tldr=f"缝{hidden}隙", abstract=f"We{hidden}sew"))
    (entry,) = found.entries
    visible = hidden.replace("\x1b", " ")[1:]  # an escape sequence's rest is harmless text
    assert entry.title.en == f"Se {visible}am"
    assert entry.tldr.zh == f"缝 {visible}隙"
    assert entry.abstract.en == f"We {visible}sew"
    assert found.problems == ()


def test_trailing_spaces_removed_by_an_editor_keep_the_slots():
    text = "\n".join(line.rstrip() for line in whole(1).split("\n"))
    assert read(text).entries == read(whole(1)).entries


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ending):
    text = whole(1) + whole(2)
    assert read(text.replace("\n", ending)).entries == read(text).entries


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_several_digests_in_one_file(mark):
    found = read(mark + whole(1, title="First") + mark + whole(1, title="Second"))
    assert [entry.title.en for entry in found.entries] == ["First", "Second"]
    assert found.problems == ()


def test_a_table_that_an_editor_has_aligned():
    text = whole(1, tldr="缝。")
    text = text.replace("| Ref | Title | Summary |", "| Ref   | Title   | Summary |")
    text = text.replace("| --- | --- | --- |", "|:------|---------|---------|")
    text = text.replace("| 缝。 |", "|  缝。   |").replace("| [^1] |", "| [^1]  |")
    assert (read(text).entries, read(text).problems) == (read(whole(1)).entries, ())


def test_table_alone_is_read():
    found = read(digest(row(1, "Seams", link(1), "缝。") + row(2, "Hems", link(2), "边。"), ""))
    assert [(e.ref, e.title, e.tldr, e.arxiv_id) for e in found.entries] == [
        (1, Bilingual("Seams"), Bilingual(zh="缝。"), "2404.00001"),
        (2, Bilingual("Hems"), Bilingual(zh="边。"), "2404.00002"),
    ]
    (problem,) = found.problems
    assert (problem.line, "[^1], [^2]" in problem.reason) == (5, True)


def test_blocks_alone_are_read_without_a_problem():
    found = read(block(3, "缝隙", "Seams", link_slot(3), "缝。", "", "我们缝合。", "We sew."))
    (entry,) = found.entries
    assert (entry.ref, entry.title.en, entry.abstract.zh) == (3, "Seams", "我们缝合。")
    assert found.problems == ()


def test_a_row_fills_what_its_block_lacks():
    blocks = block(1, "缝隙", "", link_slot(1), "", "", "我们缝合。", "We sew.")
    found = read(digest(row(1, "Seams.", link(1), "缝。"), blocks))
    (entry,) = found.entries
    assert (entry.title.en, entry.tldr.zh) == ("Seams", "缝。")
    assert found.problems == ()


def test_a_row_that_differs_is_reported_with_its_text():
    blocks = block(1, "缝隙", "Seams", link_slot(1), "缝。", "", "我们缝合。", "We sew.")
    found = read(digest(row(1, "Hems", link(1), "缝。"), blocks))
    (problem,) = found.problems
    assert (problem.line, problem.reason) == (
        5,
        "the table row of [^1] has another title than its block",
    )
    assert "Hems" in problem.raw


def test_tldrs_without_abstracts_are_not_taken_for_the_early_form():
    blocks = block(1, "缝隙", "Seams", link_slot(1), "缝。", "A seam.", "", "")
    (entry,) = read(digest(row(1, "Seams", link(1), "缝。"), blocks)).entries
    assert (entry.tldr, entry.abstract) == (Bilingual("A seam.", "缝。"), Bilingual())


def test_identifier_from_the_suffix_where_the_link_is_missing():
    title = "Seams. (arXiv:2303.06603v1 [econ.TH])"
    (entry,) = read(block(1, "缝隙", title, "", "缝。", "", "我们缝合。", "We sew.")
                    + "arxiv.org/abs/ is named here\n").entries  # fmt: skip
    assert entry.arxiv_id == "2303.06603"


def test_a_long_raw_text_is_shortened():
    found = read(whole(1).replace("# 详细", "x" * 500 + "\n# 详细"))
    (problem,) = found.problems
    assert (len(problem.raw), problem.raw[-1]) == (200, "…")


def test_no_digest():
    with pytest.raises(NotADigestError, match=r"^README\.md: is no digest: "):
        read("# README\n\nSeams[^1] are lines.\n\n[^1]: a footnote\n", "README.md")


def test_format_is_told_by_content_not_by_name():
    assert read(whole(1), "digest.json").format is DocumentFormat.MARKDOWN

"""arXiv's own RSS, its Atom and its API's answers beyond the fixtures: forms, refusals, damage."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import DocumentError
from storage.formats import NotADigestError, parse
from storage.formats.authors import Author, divided_names
from storage.model import AnnounceType, DocumentFormat
from tests.storage import digest_text
from tests.storage.arxiv_text import answer_entry, atom, atom_entry, rss, rss_item

if TYPE_CHECKING:
    from storage.model import Digest, Entry

MODIFIED = datetime(2020, 1, 1)
NUMBER = "2404.02882v1"


def read(text: str, name: str = "feed.xml") -> Digest:
    return parse(text.encode(), name, MODIFIED)


def only(text: str) -> Entry:
    digest = read(text)
    assert digest.problems == ()
    (entry,) = digest.entries
    return entry


def reasons(digest: Digest) -> list[str]:
    return [problem.reason for problem in digest.problems]


# Identifiers, versions, categories and dates are exact.


def identifiers() -> st.SearchStrategy[str]:
    new = st.from_regex(r"[0-2][0-9](0[1-9]|1[0-2])\.[0-9]{5}", fullmatch=True)
    old = st.from_regex(r"(math|hep-th|cond-mat)/9[1-9](0[1-9]|1[0-2])[0-9]{3}", fullmatch=True)
    return st.one_of(new, old)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            identifiers(),
            st.integers(1, 99),
            st.sampled_from(AnnounceType),
            st.lists(
                st.sampled_from(["cs.LG", "stat.ML", "hep-th", "q-bio.QM", "physics.ao-ph"]),
                min_size=1,
                max_size=4,
                unique=True,
            ),
        ),
        max_size=5,
    ),
    st.dates(datetime(2024, 1, 1).date(), datetime(2030, 12, 31).date()),
)
def test_announcements_are_read_exactly(papers, day):
    items = [
        rss_item(f"{number}v{version}", kind=kind, categories=tuple(categories))
        for number, version, kind, categories in papers
    ]
    digest = read(rss(*items, date=f"{day:%d %b %Y}"))
    assert digest.problems == ()
    assert (digest.issued.date(), digest.dated, digest.channel) == (day, True, "cs.LG")
    assert [
        (e.arxiv_id, e.version, e.announce_type, list(e.categories), e.primary_category)
        for e in digest.entries
    ] == [(*paper, paper[-1][0]) for paper in papers]


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.lists(st.tuples(identifiers(), st.integers(1, 99)), max_size=5))
def test_papers_in_atom_are_named_exactly(papers):
    for entry_of in (atom_entry, answer_entry):
        digest = read(atom(*(entry_of(f"{number}v{version}") for number, version in papers)))
        assert digest.problems == ()
        assert [(e.arxiv_id, e.version) for e in digest.entries] == papers


def test_rss_and_atom_of_one_day_agree():
    in_rss = read(rss(rss_item(NUMBER, creator="A. Vector, B. Scalar")))
    in_atom = read(atom(atom_entry(NUMBER)))
    assert in_rss.issued == in_atom.issued == datetime(2024, 4, 5)
    assert in_rss.channel == in_atom.channel == "cs.LG"
    assert in_rss.entries[0]._replace(line=None) == in_atom.entries[0]._replace(line=None)
    assert (in_rss.format, in_atom.format) == (
        DocumentFormat.ARXIV_RSS,
        DocumentFormat.ARXIV_ATOM,
    )


def test_an_entry_is_english_only():
    entry = only(rss(rss_item(NUMBER)))
    assert (entry.title, entry.tldr, entry.abstract) == (
        ("Seams", None),
        (None, None),
        ("We sew.", None),
    )
    assert not entry.abstract_cut


def test_an_abstract_as_long_as_a_cut_one_is_whole():
    prefix = f"arXiv:{NUMBER} Announce Type: new Abstract: "
    entry = only(rss(rss_item(NUMBER, abstract="a" * (1000 - len(prefix)))))
    assert not entry.abstract_cut


def test_latex_and_markup_stay_as_they_are():
    text = r"$\mathcal{O}(1/M)$ at 46\%, \emph{via} [b]x[/b] &lt;cls&gt; &amp;amp; $a&lt;b$"
    entry = only(rss(rss_item(NUMBER, title=text, abstract=text)))
    wanted = r"$\mathcal{O}(1/M)$ at 46\%, \emph{via} [b]x[/b] <cls> &amp; $a<b$"
    assert (entry.title.en, entry.abstract.en) == (wanted, wanted)


def test_lines_of_an_abstract_are_joined_and_its_paragraphs_kept():
    entry = only(atom(answer_entry(NUMBER, abstract="We sew\nall day.\n  We rest.")))
    assert entry.abstract.en == "We sew all day.\nWe rest."


# Channels


@pytest.mark.parametrize(
    ("title", "channel"),
    [
        ("cs.LG updates on arXiv.org", "cs.LG"),
        ("econ updates on arXiv.org", "econ"),
        ("cond-mat.dis-nn updates on arXiv.org", "cond-mat.dis-nn"),
        ("cs.LG, stat.ML updates on arXiv.org", None),
    ],
)
@pytest.mark.parametrize("build", [rss, atom])
def test_channel_of_announcements(build, title, channel):
    digest = read(build(title=title))
    assert (digest.channel, digest.problems, digest.entries) == (channel, (), ())


@pytest.mark.parametrize(
    ("query", "channel"),
    [
        ("search_query=cat:cs.LG", "cs.LG"),
        ("search_query=cat:cs.LG&amp;id_list=&amp;start=0&amp;max_results=10", "cs.LG"),
        ("search_query=cat:cs.LG AND ti:seam&amp;id_list=&amp;start=0&amp;max_results=10", None),
        ("search_query=cat:cs.LG OR cat:stat.ML&amp;id_list=&amp;start=0&amp;max_results=10", None),
        ("search_query=all:electron&amp;id_list=&amp;start=0&amp;max_results=10", None),
        ("search_query=cat:cs.LG&amp;id_list=2404.02882&amp;start=0&amp;max_results=10", None),
        ("search_query=&amp;id_list=2404.02882&amp;start=0&amp;max_results=10", None),
    ],
)
@pytest.mark.parametrize("name", ["ArXiv Query: ", "arXiv Query: "])
def test_channel_of_an_answer(name, query, channel):
    digest = read(atom(answer_entry(NUMBER), title=name + query))
    assert (digest.channel, digest.problems) == (channel, ())


# Days


def test_an_answer_is_of_the_time_it_was_given():
    digest = read(atom(answer_entry(NUMBER), updated="2026-09-29T11:28:43Z"))
    assert (digest.issued, digest.dated) == (datetime(2026, 9, 29, 11, 28), True)


@pytest.mark.parametrize("date", ["31 Feb 2024", "05 Avr 2024"])
def test_a_day_that_is_none_is_reported(date):
    digest = read(rss(rss_item(NUMBER), date=date))
    assert (digest.issued, digest.dated) == (MODIFIED, False)
    assert reasons(digest) == ["the pubDate could not be read"]


def test_a_quiet_day_is_a_digest_without_entries():
    for text in (rss(), atom(), atom(counts=(0, 0, 10))):
        digest = read(text)
        assert (digest.entries, digest.problems, digest.dated) == ((), (), True)


# What arXiv refuses


def test_an_error_of_the_api_is_a_problem_and_no_paper():
    error = (
        "<entry><id>http://arxiv.org/api/errors#start_must_be_an_integer</id><title>Error</title>"
        "<summary>start must be an integer</summary>"
        "<author><name>arXiv api core</name></author></entry>"
    )
    digest = read(atom(error, title="arXiv Query: search_query=", counts=(1, 0, 1)))
    assert digest.entries == ()
    assert reasons(digest) == ["arXiv answers with an error: start must be an integer"]
    assert digest.problems[0].is_loss


def test_an_error_of_the_feeds_is_a_problem():
    text = rss(title="Feed error for query: https://rss.arxiv.org/rss/cs.XX")
    start = text.index("<description>")
    end = text.index("</description>")
    digest = read(text[:start] + "<description>Bad subject class 'XX'." + text[end:])
    assert digest.entries == ()
    assert reasons(digest) == ["arXiv answers with an error: Bad subject class 'XX'."]


@pytest.mark.parametrize(
    ("counts", "promised"), [((202786, 0, 10), 10), ((12, 10, 10), 2), ((1, 0, 10), None)]
)
def test_an_answer_that_keeps_papers_back_is_reported(counts, promised):
    digest = read(atom(answer_entry(NUMBER), counts=counts))
    wanted = f"arXiv counts {promised} papers in this answer but sent 1; ask again"
    assert reasons(digest) == ([wanted] if promised else [])


# What an item says twice, wrongly or not at all


@pytest.mark.parametrize(
    ("old", "new", "reason", "raw"),
    [
        ("oai:arXiv.org:2404", "oai:arXiv.org:24.04", "the identifier is none of arXiv's", "oai:arXiv.org:24.04.02882v1"),
        ("arXiv:2404.02882v1", "arXiv:2404.02883v1", "announced as that of another paper", "2404.02883v1"),
        ("arXiv:2404.02882v1", "arXiv:2404.02882v2", "another paper or version", "2404.02882v2"),
        ("abs/2404.02882", "abs/2404.02884", "the link is to something else", "https://arxiv.org/abs/2404.02884"),
        ("https://arxiv.org/abs/2404.02882", "https://example.org", "the link is to something else", "https://example.org"),
        ("Announce Type: new", "Announce Type: cross", "announced in another way", "cross"),
        ("<arxiv:announce_type>new", "<arxiv:announce_type>late", "none of arXiv's", "late"),
        ("<title>Seams<", "<title>Seams</title><title>Other<", "a title too many", "Other"),
        ("<dc:creator>", "<media:note xmlns:media='x:y'>heard</media:note><dc:creator>", "unknown element <{x:y}note>", "heard"),
        ("<title>", "stray words<title>", "this text belongs to no element", "stray words"),
    ],
)  # fmt: skip
def test_contradictions_are_reported(old, new, reason, raw):
    digest = read(rss(rss_item(NUMBER).replace(old, new, 1)))
    (entry,) = digest.entries
    assert (entry.title.en, entry.arxiv_id, entry.version) == ("Seams", "2404.02882", 1)
    (problem,) = digest.problems
    assert reason in problem.reason
    assert (problem.raw, problem.line) == (raw, entry.line)


def test_an_unknown_element_is_reported_once_however_many_there_are():
    item = rss_item(NUMBER, more="<arxiv:mood>calm</arxiv:mood>")
    digest = read(rss(*[item] * 4))
    assert len(digest.entries) == 4
    (reason,) = reasons(digest)
    assert "<arxiv:mood>" in reason
    assert "(4 in all)" in reason


def test_an_item_without_texts_is_reported():
    digest = read(rss("<item><guid>oai:arXiv.org:2404.02882v1</guid></item>", rss_item(NUMBER)))
    assert len(digest.entries) == 1
    assert reasons(digest) == ["there is no text of a paper"]


def test_the_identifier_is_taken_from_wherever_it_stands():
    bare = "<item><title>Seams</title>{}</item>"
    link = "<link>https://arxiv.org/abs/math/0211159v2</link>"
    text = "<description>arXiv:math/0211159v2 Announce Type: new Abstract: We sew.</description>"
    for part in (link, text, link + text):
        entry = only(rss(bare.format(part)))
        assert (entry.arxiv_id, entry.version) == ("math/0211159", 2)
    nameless = read(rss(bare.format(""), rss_item(NUMBER)))
    assert [entry.arxiv_id for entry in nameless.entries] == [None, "2404.02882"]
    assert reasons(nameless) == ["there is no identifier of an arXiv paper"]


# Authors and facts


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("", []),
        ("A. Vector", [("A. Vector", "")]),
        ("A. Vector, B. Scalar", [("A. Vector", ""), ("B. Scalar", "")]),
        ("A. Vector (NMSU, USA), B. Scalar", [("A. Vector", "NMSU, USA"), ("B. Scalar", "")]),
        ("A. Vector (Group (G), X)", [("A. Vector", "Group (G), X")]),
        ("A (Ada) Vector, B. Scalar", [("A (Ada) Vector", ""), ("B. Scalar", "")]),
        ("A. Vector (NMSU, B. Scalar", [("A. Vector (NMSU", ""), ("B. Scalar", "")]),
        ("A. Vector) (X, B", [("A. Vector) (X", ""), ("B", "")]),
        ("(for the ATLAS Collaboration)", [("(for the ATLAS Collaboration)", "")]),
        ("A,, B, ", [("A", ""), ("B", "")]),
    ],
)  # fmt: skip
def test_authors_in_a_line(line, wanted):
    assert divided_names(line) == [Author(*one) for one in wanted]


def test_affiliations_and_references_follow_the_comment():
    more = (
        "<author><name>B. Scalar</name><arxiv:affiliation>NMSU</arxiv:affiliation>"
        "<arxiv:affiliation>CERN</arxiv:affiliation></author>"
        "<arxiv:comment>23 pages,\n  8 figures</arxiv:comment>"
        "<arxiv:journal_ref>J. Seams 31 (2003)\n17-29</arxiv:journal_ref>"
        "<arxiv:doi>10.1000/182</arxiv:doi>"
    )
    entry = only(atom(answer_entry(NUMBER, more=more)))
    assert entry.authors == ("A. Vector", "B. Scalar")
    assert entry.comment == (
        "23 pages,\n8 figures; Journal reference: J. Seams 31 (2003) 17-29; DOI: 10.1000/182;"
        " Affiliations: B. Scalar (NMSU; CERN)"
    )


# Damage of the whole, and what is no feed of arXiv's


@pytest.mark.parametrize(
    "text",
    [
        rss(rss_item(NUMBER), rss_item("2404.00001v2")),
        atom(atom_entry(NUMBER), atom_entry("2404.00001v2")),
    ],
    ids=["rss", "atom"],
)
def test_a_feed_that_was_cut_off_keeps_its_day_and_what_is_whole(text):
    for end in ("oai:arXiv.org:2404.00001", "  </channel>", "</feed>"):
        if end not in text:
            continue
        digest = read(text[: text.index(end)])
        assert digest.entries[0].arxiv_id == "2404.02882"
        assert (digest.channel, digest.issued) == ("cs.LG", datetime(2024, 4, 5))
        (problem,) = digest.problems
        assert "has no end" in problem.reason


@pytest.mark.parametrize("build", [rss, atom])
def test_document_types_are_refused(build):
    text = build().replace("?>", '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', 1)
    with pytest.raises(DocumentError, match="declares a document type"):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_whatever_the_prolog_says(encoding):
    text = rss(rss_item(NUMBER, creator="Łukasz Kaiser"))
    digest = parse(text.encode(encoding), "feed.xml", MODIFIED)
    assert [entry.authors for entry in digest.entries] == [("Łukasz Kaiser",)]
    assert digest.problems == ()


def test_characters_that_xml_forbids_are_neutralised():
    entry = only(rss(rss_item(NUMBER, title="Se&#8;ams &#x1B;[31m\x0cred")))
    assert entry.title.en == "Se ams [31m red"


def test_namespaces_are_known_where_the_root_is_lost():
    text = rss(rss_item(NUMBER), rss_item("2404.00001v2"))
    digest = read(text[text.index("<item>") :])
    assert [entry.announce_type for entry in digest.entries] == [AnnounceType.NEW] * 2
    assert digest.problems


def test_an_rss_digest_about_arxiv_stays_one():
    url = digest_text.link(1)
    whole = digest_text.item(
        "缝。", url, "缝隙", "Seams", url, "缝。", "", "我们缝合。", "oai:arXiv.org:"
    )
    assert read(digest_text.feed(whole)).format is DocumentFormat.RSS


@pytest.mark.parametrize(
    "text",
    [
        atom("<entry><id>tag:example.org,2024:1</id><title>News</title></entry>", title="The News"),
        rss("<item><title>News</title></item>", title="The News"),
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The News</title></feed>',
        "<opml><body><outline xmlUrl='http://rss.arxiv.org/rss/cs.LG'/></body></opml>",
    ],
)
def test_feeds_of_something_else_are_no_digests(text):
    with pytest.raises(NotADigestError):
        read(text)

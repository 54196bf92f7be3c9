"""BibTeX, RIS and CSL-JSON: what they look like for papers that are hard to write."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import rispy
from bibtexparser.entrypoint import parse_string as read_bibtex
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from storage.export import bibtex, csl_json, ris
from storage.export.names import Name, name_of
from storage.export.reference import citation_key, issued
from storage.export.tex_text import for_bibtex, tex_parts
from storage.marks.model import Marks
from storage.model import ArxivId, Bilingual, PaperKey, Section
from tests.storage.csl_schema import CSL_DATA
from tests.storage.exporting import SEEN, paper, titled, unidentified


def bare(tex: str) -> str:
    return re.sub(r"\\(textascii\w+|textbackslash|vphantom)", "", tex)


def letters(text: str) -> str:
    return "".join(re.findall("[ab中]", text))


class TestNames:
    @pytest.mark.parametrize(
        ("author", "name"),
        [
            ("Ada Vector", Name("Ada", "", "Vector")),
            ("A. B. Vector", Name("A. B.", "", "Vector")),
            ("Ludwig van Beethoven", Name("Ludwig", "van", "Beethoven")),
            ("Juan de la Cruz", Name("Juan", "de la", "Cruz")),
            ("de la Cruz", Name("", "de la", "Cruz")),
            ("Anna Gustavo Van Erven", Name("Anna Gustavo Van", "", "Erven")),
            ("Jane Doe, Jr.", Name("Jane", "", "Doe", "Jr.")),
            ("Jane Doe Jr", Name("Jane", "", "Doe", "Jr")),
            ("Doe, Jr., Jane", Name("Jane", "", "Doe", "Jr.")),
            ("Doe, Jane", Name("Jane", "", "Doe")),
            ("John Doe III", Name("John", "", "Doe", "III")),
            ("doe jane", Name("doe", "", "jane")),
            ("Madonna", Name("", "", "Madonna")),
            (r"P\'al Erd\H{o}s", Name("Pál", "", "Erdős")),
            (r"{\'E}variste Galois", Name("Évariste", "", "Galois")),
            (r"Fran\c{c}ois {\O}re", Name("François", "", "Øre")),
            ("Fran~Le", Name("Fran", "", "Le")),
            ("Ada Vector (NMSU, USA)", Name("Ada", "", "Vector")),
            ("Ada {Vector", Name("Ada", "", "Vector")),
            ("The ATLAS Collaboration", Name(whole="The ATLAS Collaboration")),
            ("Fermi-LAT collaboration", Name(whole="Fermi-LAT collaboration")),
            ("Ada and Sons", Name(whole="Ada and Sons")),
            ("李明", Name(whole="李明")),
            ("Li Ming (李明)", Name(whole="Li Ming (李明)")),
            ("a, b, c, d", Name(whole="a, b, c, d")),
            ("Jr.", Name("", "", "Jr.")),
            (",", Name(whole=",")),
        ],
    )
    def test_are_taken_apart(self, author, name):
        assert name_of(author) == name

    def test_are_sorted_with_particle_and_suffix(self):
        names = ("Ludwig van Beethoven", "Jane Doe Jr.", "The ATLAS Collaboration", "Madonna")
        assert [name_of(name).sorted_by for name in names] == [
            "van Beethoven, Ludwig",
            "Doe, Jane, Jr.",
            "The ATLAS Collaboration",
            "Madonna",
        ]

    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(st.text("aB é,.{}()\\'~$李", max_size=20))
    def test_any_line_is_some_name(self, author):
        name = name_of(author)
        assert not (name.whole and any(name[:4]))
        kept = {c for c in author if c in "aBé李."}
        assert kept >= {c for c in "".join(name) if c in "aBé李."}


class TestKeys:
    @pytest.mark.parametrize(
        ("author", "key"),
        [
            ("Ludwig van Beethoven", "beethoven-2404.02882"),
            (r"P\'al Erd\H{o}s", "erdos-2404.02882"),
            ("Søren Ørsted-Łuk", "orstedluk-2404.02882"),
            ("李明", "arxiv-2404.02882"),
        ],
    )
    def test_begin_with_the_first_author(self, author, key):
        assert citation_key(paper(authors=(author, "Ada Vector"))) == key

    def test_hold_nothing_that_tex_minds(self):
        old = paper(key=PaperKey("math/0211159"), arxiv_id=ArxivId("math/0211159"), authors=())
        assert citation_key(old) == "arxiv-math-0211159"
        assert citation_key(unidentified()) == "arxiv-text-00ff00ff00ff00ff"

    @pytest.mark.parametrize(
        ("identifier", "date"),
        [("2404.02882", (2024, 4)), ("math/0211159", (2002, 11)), ("hep-th/9108001", (1991, 8))],
    )
    def test_the_date_is_that_of_the_identifier(self, identifier, date):
        assert issued(paper(arxiv_id=ArxivId(identifier))) == date

    def test_without_an_identifier_it_is_that_of_a_dated_digest(self):
        assert issued(unidentified()) == (2024, 4)
        assert issued(unidentified(appearances=(SEEN._replace(dated=False),))) is None


class TestBibTeX:
    def test_an_entry(self):
        made = paper(
            authors=("Ludwig van Beethoven", "The ATLAS Collaboration", "Jane Doe, Jr.", "李明"),
            categories=("cs.LG", "stat.ML"),
            tldr=Bilingual("Sewing.", "缝。"),
            comment="9 pages",
        )
        assert bibtex.entry(made, Marks(note="so & so\nagain")) == (
            "@misc{beethoven-2404.02882,\n"
            "  author = {van Beethoven, Ludwig and {The ATLAS Collaboration} and Doe, Jr., Jane"
            " and {李明}},\n"
            "  title = {{Seams}},\n"
            "  year = {2024},\n"
            "  month = apr,\n"
            "  eprint = {2404.02882},\n"
            "  archivePrefix = {arXiv},\n"
            "  primaryClass = {cs.LG},\n"
            "  url = {https://arxiv.org/abs/2404.02882},\n"
            "  abstract = {We sew.},\n"
            "  keywords = {cs.LG, stat.ML},\n"
            "  annote = {Chinese title: 缝隙\n\nTL;DR: 缝。\n\nTL;DR: Sewing.\n\n"
            "Chinese abstract: 我们缝合。\n\nComment: 9 pages\n\nNote: so \\& so again}\n"
            "}\n"
        )

    def test_what_is_not_known_is_left_out(self):
        made = unidentified(title=Bilingual(None, "只有中文"), abstract=Bilingual(), appearances=())
        assert bibtex.entry(made) == (
            "@misc{arxiv-text-00ff00ff00ff00ff,\n  title = {{只有中文}}\n}\n"
        )

    def test_entries_are_apart(self):
        text = "".join(bibtex.pieces([(paper(), None), (unidentified(), None)]))
        assert "\n}\n\n@misc{" in text
        assert len(parse_string(text, "bibtex").entries) == 2

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("R&D at 50% #1 a_b", r"R\&D at 50\% \#1 a\_b"),
            (r"R\&D at 50\% \#1 a\_b", r"R\&D at 50\% \#1 a\_b"),
            ("$x_1 & y$ and _", r"$x_1 & y$ and \_"),
            (r"\(x_1\) and \[y_2\]", r"\(x_1\) and \[y_2\]"),
            (r"\begin{align}a_1 & b\end{align} & c", r"\begin{align}a_1 & b\end{align} \& c"),
            ("$5 and $10 a day", r"\$5 and \$10 a day"),
            (r"costs \$5 or $x_1$", r"costs \$5 or $x_1$"),
            ("$50%$", r"$50\%$"),
            (r"Erd\H{o}s \emph{via} {\bf B}", r"Erd\H{o}s \emph{via} {\bf B}"),
            ("2^10, ~40%, Fig.~3", r"2{\textasciicircum}10, {\textasciitilde}40\%, Fig.~3"),
            ("cut \\", r"cut {\textbackslash}"),
            (r"two\\", "two\\\\ "),
            (r"{a\\}b\\{c}", r"{a\\ }b\\ {c}"),
            (r"\\\{a\}", r"\\\{a\}"),
            (r"cut $\frac{a", r"cut \$\frac{a}"),
            ("a } b { c", "{a } b { c}"),
            (r"set \{a", r"set \{\vphantom{\}}a"),
            (r"\{a\} is whole", r"\{a\} is whole"),
            (r"cut \{a}", r"{cut \{\vphantom{\}}a}"),
            ("“é” – 😀 \u200f中文\n two", "“é” – 😀 \u200f中文 two"),
            ("[cs.LG] <b> \"q\" 'q'", "[cs.LG] <b> \"q\" 'q'"),
        ],
    )
    def test_texts_are_set_by_latex(self, text, written):
        assert for_bibtex(text) == written

    @settings(derandomize=True, max_examples=300, deadline=None)
    @given(st.text('ab 中{}\\$%&#_^~"@,=\n()[]', max_size=30))
    def test_any_text_is_a_value_that_comes_back(self, text):
        assert "".join(part for _, part in tex_parts(text)) == text
        made = titled(
            text,
            text,
            authors=(text,),
            abstract=Bilingual(text, text),
            tldr=Bilingual(text, text),
            comment=text,
        )
        written = bibtex.entry(made, Marks(note=text))
        (entry,) = parse_string(written, "bibtex").entries.values()
        read = read_bibtex(written)
        assert read.failed_blocks == []
        (other,) = read.entries
        values = {field.key: field.value for field in other.fields}
        remarks = ("Chinese title", "TL;DR", "TL;DR", "Chinese abstract", "Comment", "Note")
        for field, labels in (("title", ()), ("abstract", ()), ("annote", remarks)):
            expected = letters("".join(f"{label}: {text}" for label in labels) or text)
            if text:
                assert letters(bare(entry.fields.get(field, ""))) == expected
                assert letters(bare(values.get(field, ""))) == expected


class TestRis:
    def test_a_reference(self):
        made = paper(
            title=Bilingual(r"On $O(n_1)$ of Erd\H{o}s", "关于缝隙"),
            authors=("Ludwig van Beethoven", "The ATLAS Collaboration", "Jane Doe, Jr."),
            categories=("cs.LG", "stat.ML"),
            abstract=Bilingual("We sew.\nTwice.", None),
            sections=(Section("method", "缝。"),),
        )
        assert ris.reference(made, Marks()) == (
            "TY  - UNPB\n"
            "ID  - beethoven-2404.02882\n"
            "TI  - On O(n₁) of Erdős\n"
            "TT  - 关于缝隙\n"
            "AU  - van Beethoven, Ludwig\n"
            "AU  - The ATLAS Collaboration\n"
            "AU  - Doe, Jane, Jr.\n"
            "AB  - We sew. Twice.\n"
            "KW  - cs.LG\n"
            "KW  - stat.ML\n"
            "N1  - method: 缝。\n"
            "PY  - 2024\n"
            "DA  - 2024/04//\n"
            "PB  - arXiv\n"
            "DB  - arXiv\n"
            "AN  - arXiv:2404.02882\n"
            "UR  - https://arxiv.org/abs/2404.02882\n"
            "ER  - \n"
        )

    def test_references_are_apart_and_hold_no_other_line(self):
        hostile = titled("TY  - BOOK\nER  - \nTI  - other", comment="a\nER  - ")
        text = "".join(ris.pieces([(hostile, Marks(note="x\nTY  - BOOK")), (unidentified(), None)]))
        found = rispy.loads(text)
        assert [one["type_of_reference"] for one in found] == ["UNPB", "UNPB"]
        assert found[0]["title"] == "TY - BOOK ER - TI - other"


class TestCslJson:
    def test_an_item(self):
        made = paper(
            title=Bilingual(r"On $O(n_1)$", "关于缝隙"),
            authors=("Ludwig van Beethoven", "The ATLAS Collaboration", "Jane Doe, Jr.", "李明"),
            categories=("cs.LG", "stat.ML"),
            version=2,
        )
        (item,) = json.loads("".join(csl_json.pieces([(made, Marks(note="mine\ntoo"))])))
        assert item == {
            "id": "beethoven-2404.02882",
            "type": "article",
            "title": "On O(n₁)",
            "author": [
                {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
                {"literal": "The ATLAS Collaboration"},
                {"family": "Doe", "given": "Jane", "suffix": "Jr."},
                {"literal": "李明"},
            ],
            "issued": {"date-parts": [[2024, 4]]},
            "abstract": "We sew.",
            "keyword": "cs.LG, stat.ML",
            "note": "Chinese title: 关于缝隙\nChinese abstract: 我们缝合。\nNote: mine\ntoo",
            "publisher": "arXiv",
            "number": "arXiv:2404.02882",
            "archive": "arXiv",
            "archive_location": "2404.02882",
            "URL": "https://arxiv.org/abs/2404.02882",
            "version": "2",
        }

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_is_one_array(self, count):
        items = json.loads("".join(csl_json.pieces([(unidentified(), None)] * count)))
        jsonschema.validate(items, CSL_DATA)
        assert len(items) == count


def test_that_an_abstract_is_cut_is_said():
    made = paper(abstract_cut=True, comment="9 pages")
    whole = paper(comment="9 pages")
    said = "abstract cut by the digest"
    (entry,) = parse_string(bibtex.entry(made), "bibtex").entries.values()
    assert entry.fields["annote"].endswith(f"Comment: 9 pages {said}")
    (reference,) = rispy.loads(ris.reference(made))
    assert reference["notes"][-1] == said
    (item,) = json.loads("".join(csl_json.pieces([(made, None)])))
    assert item["note"].split("\n")[-1] == said
    for form in (bibtex, ris, csl_json):
        assert said not in "".join(form.pieces([(whole, None)]))

"""Random filters: the catalogue's answers against a plain evaluation that shares no code with it.

An expression is grown together with its answer: a leaf is asked of every paper by a predicate that
is written here from the language's description, and sets of papers are joined as the signs say. The
catalogue is given nothing but the text.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain, groupby
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pytest

from storage.library.catalogue import Catalogue
from storage.library.filters import SORT_WORDS, Order
from storage.library.grammar import parse_query
from storage.library.mirror import mirror
from storage.library.view import View, list_papers
from storage.library.writing import write
from storage.marks import Marks
from storage.model import AnnounceType, Bilingual, Entry, PaperKey, Section
from tests.benchmarks.generator import digests
from tests.storage.catalogues import document, empty_catalogue, entry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from storage.library.writing import Document
    from storage.model import Digest, Paper

TODAY = date(2023, 3, 9)
FAR = datetime(9999, 1, 1)
EXPRESSIONS = 500

# --- a library ----------------------------------------------------------------------------------

ODD = (
    entry(
        1,
        "LoRA微调 of Łojasiewicz–Kurdyka flows: a state-of-the-art C++ toolkit",
        title=Bilingual("LoRA微调 of Łojasiewicz–Kurdyka flows: a state-of-the-art C++ toolkit", "用LoRA微调技术做３Ｄ重建"),
        abstract=Bilingual('It says "AND" (or NOT), then -stops: $\\mathcal{O}(n^2)$.', "在3个任务上，微调；调参。"),
        authors=("Paul Erdős", "Ｌ. Straße", "Đặng Văn An"),
        comment="12 pages, appeared at NeurIPS 2023",
        version=3,
        categories=("CS.LG", "math.OC"),
        announce_type=AnnounceType.REPLACE,
        abstract_cut=True,
    ),
    entry(2, None, title=Bilingual(None, "只有中文的题目"), announce_type=AnnounceType.CROSS),
    entry(3, "An English title", title=Bilingual("An English title", "An English title")),
    entry(4, "A title", tldr=Bilingual(None, "Not translated"), abstract=Bilingual("A walrus.", "海象。")),
    entry(
        5,
        "Sections only",
        sections=(Section("motivation", "动机：降低能耗"), Section("method", "no Chinese here")),
        primary_category="q-bio.NC",
    ),
    entry("math/0309136", "Knots and primes", primary_category="math.GT", version=1),
    entry("math/0309136", "Knots and primes, revised", version=4, tldr=Bilingual("Short.")),
    Entry(title=Bilingual("A paper that no identifier names", "没有编号的论文"), version=2),
    Entry(abstract=Bilingual("Nothing but an abstract about attention maps.", None)),
    entry(6, "Rejoined", announce_type=AnnounceType.REPLACE_CROSS, version=2, categories=("cs",)),
    entry(6, "Rejoined", announce_type=AnnounceType.REPLACE, version=1, categories=("cs.LG",)),
)  # fmt: skip
AT = datetime(2023, 3, 8, 9, 30)
DAY = timedelta(days=1)
NOTES: dict[str, tuple[str, ...]] = {
    "compare with LoRA微调 #todo": ("todo",),
    "值得细读，注意力": (),
    "!": (),
    "read again: graph neural networks": (),
    "Łojasiewicz 2304": (),
    "很重要#待读 #Proj/Vision, `#todo`": ("待读", "proj/vision"),
    "#todolist #proj 3 of #3": ("todolist", "proj"),
    "todo C#\n```\n#todo\n```\n＃待读/今天": ("待读/今天",),
    "#project/a-b #_x": ("project/a-b", "_x"),
}
"""Each with the tags that it has, in lower case."""


def by_hand() -> list[Document]:
    """Make documents of what generated ones have not, under names that mean something to GLOB."""
    one, two, three, four, five, knots, knots_revised, nameless, untitled, rejoined, earlier = ODD
    return [
        document("/data/cs.LG/odd [1].md", one, two, three, issued=AT),
        # The feed of the same run: one occasion, two documents.
        document("/data/cs.LG/odd.xml", one._replace(announce_type=None), issued=AT),
        document("/data/cs.LG/odd.more.md", four, three, issued=AT - DAY, channel="Cs.lg"),
        document("plain.md", five, knots, channel=None, issued=datetime(2003, 9, 8)),
        document("/data/math/cs.md", knots_revised, channel="math", issued=AT - 400 * DAY),
        document("/data/file?.json", nameless, one, channel=None, dated=False, issued=AT),
        document(
            "/data/file*.json", nameless, four, dated=False, issued=AT - 9 * DAY, channel="econ"
        ),
        document("/data/noextension", untitled, rejoined, issued=datetime(2023, 2, 28, 23, 59)),
        document("/data/früh.md", earlier, two, issued=datetime(2022, 12, 31), channel="stat.ML"),
        document("/data/empty.md", issued=AT),
    ]


def generated() -> Iterator[Document]:
    for digest in digests(240, seed=3):
        made = document(f"/data/digests/{digest.source}", *digest.entries, issued=digest.issued)
        assert made.digest is not None
        yield made._replace(digest=made.digest._replace(channel=digest.channel))


Runs = tuple[str, ...]
"""A text that is searched: its words, and its runs of Chinese."""


class Known(NamedTuple):
    """All that is known of a paper.

    ``seen`` is its digests with what each said, newest first; ``raw`` its texts by the field that
    they are searched by, ``texts`` the same as runs, and ``whole`` as one text of all runs.
    """

    paper: Paper
    marks: Marks
    seen: list[tuple[Digest, Entry]]
    raw: dict[str, tuple[str, ...]]
    texts: dict[str, tuple[Runs, ...]]
    whole: dict[str, str]


class Library(NamedTuple):
    """The same papers twice: in a catalogue, and as plain values by their ids in it."""

    connection: sqlite3.Connection
    known: dict[int, Known]

    def which(self, holds: Callable[[Known], bool]) -> frozenset[int]:
        return frozenset(number for number, known in self.known.items() if holds(known))


def newest_first(sighting: tuple[Digest, Entry]) -> tuple[object, ...]:
    digest, said = sighting
    return not digest.dated, FAR - digest.issued, digest.source, said.ref or 0


def random_marks(chance: Random, paper: Paper) -> Marks:
    return Marks(
        read=chance.random() < 0.5,
        starred=chance.random() < 0.2,
        note=chance.choice(list(NOTES)) if chance.random() < 0.3 else "",
        seen=max(0, (paper.version or 0) - chance.randrange(3)),
    )


def known_of(paper: Paper, marks: Marks, seen: list[tuple[Digest, Entry]]) -> Known:
    titles = (paper.title.en, paper.title.zh)
    others = (paper.key, paper.tldr.en, paper.tldr.zh, paper.abstract.en, paper.abstract.zh)
    authors = "\n".join(paper.authors)
    sections = "\n".join(section.zh for section in paper.sections)
    fields = {"title": titles, "author": (authors,), "note": (marks.note,)}
    fields[""] = (*titles, *others, authors, sections, paper.comment, marks.note)
    raw = {field: tuple(filter(None, texts)) for field, texts in fields.items()}
    texts = {field: tuple(map(runs_of, given)) for field, given in raw.items()}
    whole = {field: " ".join(chain.from_iterable(runs)) for field, runs in texts.items()}
    return Known(paper, marks, sorted(seen, key=newest_first), raw, texts, whole)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    connection = empty_catalogue()
    documents = [*generated(), *by_hand()]
    write(connection, documents)
    seen: dict[PaperKey, list[tuple[Digest, Entry]]] = {}
    for digest in filter(None, (each.digest for each in documents)):
        for said in digest.entries:
            seen.setdefault(said.key, []).append((digest, said))
    catalogue = Catalogue(connection, tmp_path_factory.getbasetemp())
    known: dict[int, Known] = {}
    chance = Random(23)
    for key, number in catalogue.ids(seen).items():
        paper = catalogue.papers.paper(number)
        assert paper is not None
        known[number] = known_of(paper, random_marks(chance, paper), seen[key])
    mirror(connection, [(each.paper.key, each.marks) for each in known.values()])
    mirror(connection, [(PaperKey("2404.99999"), Marks(read=True, note="LoRA of none"))])
    assert len(known) == len(seen) > 240
    yield Library(connection, known)
    connection.close()


# --- words --------------------------------------------------------------------------------------

STROKES = str.maketrans({"ł": "l", "đ": "d"})
WORD, CJK, NOTHING = "word", "cjk", ""


def folded(text: str) -> str:
    """Fold width, accents and case."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in apart if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", bare.casefold().translate(STROKES))


@cache
def script(character: str) -> str:
    if not character.isalnum():
        return NOTHING
    return CJK if unicodedata.name(character).startswith("CJK") else WORD


def runs_of(text: str) -> Runs:
    divided = groupby(folded(text), script)
    return tuple("".join(run) for kind, run in divided if kind is not NOTHING)


def holds_words(text: Runs, sought: Runs, *, exact: bool) -> bool:
    """Tell whether words follow one another in a text.

    Chinese may stand anywhere in a run of Chinese; where the term goes on in another word, it must
    reach the run's edge there. Any other word is whole, but for the last one unless ``exact``.
    """
    last = len(sought) - 1

    def fits(at: int, run: str) -> bool:
        word = sought[at]
        if script(word[0]) is WORD:
            return run == word or (at == last and not exact and run.startswith(word))
        if not last:
            return word in run
        if at == 0:
            return run.endswith(word)
        return run.startswith(word) if at == last else run == word

    first = sought[0]
    starts = [at for at, run in enumerate(text[: len(text) - last]) if first in run]
    return any(all(fits(at, text[start + at]) for at in range(last + 1)) for start in starts)


# --- expressions --------------------------------------------------------------------------------


class Asked(NamedTuple):
    """An expression, its answer, and how tightly it binds: 0 OR, 1 AND, 2 everything else."""

    text: str
    papers: frozenset[int]
    binds: int = 2


Leaf = Callable[[Random, Library], Asked]
T = TypeVar("T")

WORDS = (
    *("zebra", "walrus", "C++", "state-of-the-art", "lojasiewicz", "ERDOS", "strasse", "３d", "q-bio"),
    *("微调", "用LoRA", "LoRA微", "lora微调", "调", "注意力", "图神经网络", "能耗", "2304.0", "2404.00001"),
    *("量子", "++", "#3", "dang", "在3个", "任务上微调", "the", "学习", "a"),
)  # fmt: skip
SIGNS = {"not", "or", "and"}


def either(chance: Random, *spellings: T) -> T:
    return chance.choice(spellings)


def in_quotes(chance: Random, value: str) -> str:
    escaped = re.sub(r'([\\"“”])', r"\\\1", value)
    opening, closing = chance.choice([('"', '"'), ('"', '"'), ("“", "”"), ("“", "“"), ("”", "“")])
    return f"{opening}{escaped}{closing}"


def named(chance: Random, field: str, value: str) -> str:
    """Write a field with its value, quoted where it must be."""
    if re.search(r'[\s()（）"“”]', value) or chance.random() < 0.1:
        value = in_quotes(chance, value)
    return either(chance, field, field, field.title()) + either(chance, ":", ":", "：") + value


def drawn_words(chance: Random, library: Library, field: str) -> tuple[str, bool]:
    """Draw words that some paper has, or none; return with them whether they are quoted."""
    if chance.random() < 0.2:
        return chance.choice(WORDS), False
    having = [known.raw[field] for known in library.known.values() if known.raw[field]]
    raw = chance.choice(chance.choice(having))
    kind = chance.randrange(4)
    if kind == 0:
        start = chance.randrange(len(raw))
        return raw[start : start + chance.randint(1, 12)], True
    if kind == 1 and (runs := re.findall("[一-鿿]+", raw)):
        run = chance.choice(runs)
        start = chance.randrange(len(run))
        return run[start : start + chance.randint(1, 4)], chance.random() < 0.2
    words = re.findall(r"[^\W_]+", raw)
    if not words:
        return raw, True
    start = chance.randrange(len(words))
    if kind == 2:
        return " ".join(words[start : start + chance.randint(1, 3)]), True
    word = words[start]
    return word[: chance.randint(1, len(word))], False


def words(field: str) -> Leaf:
    def leaf(chance: Random, library: Library) -> Asked:
        value, quoted = drawn_words(chance, library, field)
        quoted = quoted or value.casefold() in SIGNS
        if not value.strip():
            value = "—"
        shown = in_quotes(chance, value) if quoted else value
        prefix = f"{field}{either(chance, ':', ':', '：')}" if field else ""
        sought = runs_of(value)

        def holds(known: Known) -> bool:
            # Most papers have not all of the words.
            whole = known.whole[field]
            return all(word in whole for word in sought) and (
                not sought
                or any(holds_words(text, sought, exact=quoted) for text in known.texts[field])
            )

        return Asked(prefix + shown, library.which(holds))

    return leaf


@cache
def pattern(value: str) -> re.Pattern[str]:
    """Read a name in which only ``*`` means anything."""
    return re.compile(".*".join(map(re.escape, value.split("*"))), re.DOTALL)


@cache
def is_named(name: str, value: str) -> bool:
    """Tell whether ``cat:value`` means a category: itself, or all of an archive."""
    wanted = pattern(value.lower())
    archive, dot, _ = name.lower().partition(".")
    is_archive = bool(dot) and "." not in value and wanted.fullmatch(archive)
    return bool(wanted.fullmatch(name.lower()) or is_archive)


def drawn_name(chance: Random, names: Sequence[str]) -> str:
    name = chance.choice(names)
    archive = name.partition(".")[0]
    return either(chance, name, name, name.upper(), archive, f"{archive}.*", f"*{name[-2:]}", "c*")


def categories(known: Known) -> set[str]:
    paper = known.paper
    channels = [digest.channel for digest, _ in known.seen]
    return {name for name in (*paper.categories, paper.primary_category, *channels) if name}


def category(chance: Random, library: Library) -> Asked:
    names = sorted(set().union(*map(categories, library.known.values())))
    value = drawn_name(chance, [*names, "hep-lat"])
    found = library.which(lambda known: any(is_named(name, value) for name in categories(known)))
    return Asked(named(chance, "cat", value), found)


def channels(known: Known) -> set[str]:
    return {digest.channel for digest, _ in known.seen if digest.channel}


def channel(chance: Random, library: Library) -> Asked:
    names = sorted(set().union(*map(channels, library.known.values())))
    value = drawn_name(chance, names)
    found = library.which(lambda known: any(is_named(name, value) for name in channels(known)))
    return Asked(named(chance, "channel", value), found)


@cache
def is_called(source: str, value: str) -> bool:
    """Tell whether ``in:value`` means a document: its path or the end of it, or so but for ``.md``."""
    folder, slash, name = source.rpartition("/")
    stem = name.rpartition(".")[0]
    paths = [source, *([f"{folder}{slash}{stem}"] if stem else [])]
    ends = [path[at:] for path in paths for at in range(len(path)) if not at or path[at - 1] == "/"]
    return value == source or any(pattern(value).fullmatch(end) for end in ends)


def digest(chance: Random, library: Library) -> Asked:
    sources = sorted(
        {digest.source for known in library.known.values() for digest, _ in known.seen}
    )
    odd = [source for source in sources if re.search(r"[\[?*]|\.more", source)]
    source = chance.choice(either(chance, sources, odd))
    folder, _, name = source.rpartition("/")
    stem = name.rpartition(".")[0] or name
    forms = (source, name, stem, f"{folder.rpartition('/')[2]}/{name}", f"{name[:4]}*", "*/cs.*")
    value = either(chance, *forms, "nowhere", "cs", "plain", "cs.LG", "cs.LG/*")
    found = library.which(
        lambda known: any(is_called(digest.source, value) for digest, _ in known.seen)
    )
    return Asked(named(chance, "in", value), found)


def tag(chance: Random, library: Library) -> Asked:
    value = chance.choice([tag for tags in NOTES.values() for tag in tags])
    value = either(chance, value, value, value.partition("/")[0], value[:4], "none")
    found = library.which(
        lambda known: any(
            tag == value or tag.startswith(f"{value}/") for tag in NOTES.get(known.marks.note, ())
        )
    )
    shown = either(chance, value, value, value.upper(), f"{value}/")
    written = either(chance, f"#{shown}", f"＃{shown}", named(chance, "tag", shown))
    return Asked(written, found)


def is_untranslated(text: Bilingual) -> bool:
    return text.zh is not None and not re.search("[一-鿿]", text.zh)


def is_updated(known: Known) -> bool:
    marks, version = known.marks, known.paper.version
    return (marks.read or marks.starred) and 0 < marks.seen < (version or 0)


def has_chinese(known: Known) -> bool:
    paper = known.paper
    texts = [paper.title.zh, paper.tldr.zh, paper.abstract.zh]
    return bool(re.search("[一-鿿]", "".join([each or "" for each in texts] + sections_of(paper))))


def sections_of(paper: Paper) -> list[str]:
    return [section.zh for section in paper.sections]


def is_announced_as(kind: str) -> Callable[[Known], bool]:
    kinds = {kind, "replace-cross"} if kind == "replace" else {kind}
    return lambda known: known.seen[0][1].announce_type in kinds


CHOICES: dict[str, dict[str, Callable[[Known], bool]]] = {
    "is": {
        "unread": lambda known: not known.marks.read,
        "read": lambda known: known.marks.read,
        "starred": lambda known: known.marks.starred,
        "updated": is_updated,
        "cut": lambda known: known.paper.abstract_cut,
        "untranslated": lambda known: any(
            map(is_untranslated, (known.paper.title, known.paper.tldr, known.paper.abstract))
        ),
    },
    "has": {
        "note": lambda known: known.marks.note != "",
        "tag": lambda known: bool(NOTES.get(known.marks.note)),
        "tldr": lambda known: bool(known.paper.tldr.en or known.paper.tldr.zh),
        "zh": has_chinese,
    },
    "type": {kind: is_announced_as(kind) for kind in ("new", "cross", "replace", "replace-cross")},
}


def choice(field: str) -> Leaf:
    def leaf(chance: Random, library: Library) -> Asked:
        word = chance.choice(list(CHOICES[field]))
        shown = named(chance, field, either(chance, word, word, word.upper()))
        return Asked(shown, library.which(CHOICES[field][word]))

    return leaf


def identifier(chance: Random, library: Library) -> Asked:
    key = chance.choice(list(library.known.values())).paper.key
    beginning = key[: chance.randint(2, len(key))]
    value = either(chance, f"arXiv:{key}", f"{key}v2", beginning, beginning, key.upper(), "9999")
    sought = re.sub(r"(?<=\d)v\d+$", "", value.lower()).removeprefix("arxiv:")
    return Asked(
        named(chance, "id", value),
        library.which(lambda known: known.paper.key.startswith(sought)),
    )


RELATIVE = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (29, 0), "year": (364, 0)}  # fmt: skip


def drawn_days(chance: Random, days: Sequence[date]) -> tuple[str, date, date]:
    """Draw a written date, and the first and the last day that it means."""
    day = chance.choice(days) + timedelta(chance.choice([0, 0, 0, 1, -1]))
    month = day.replace(day=monthrange(day.year, day.month)[1])
    return chance.choice([
        (f"{day:%Y-%m-%d}", day, day),
        (f"{day:%Y-%m}", day.replace(day=1), month),
        (f"{day:%Y}", date(day.year, 1, 1), date(day.year, 12, 31)),
    ])  # fmt: skip


def drawn_span(chance: Random, days: Sequence[date]) -> tuple[str, date, date]:
    form = chance.randrange(5)
    if form == 0:
        word, (first, last) = chance.choice(list(RELATIVE.items()))
        return word, TODAY - timedelta(first), TODAY - timedelta(last)
    one, other = sorted((drawn_days(chance, days), drawn_days(chance, days)), key=lambda d: d[1])
    if form == 1:
        return one
    if form == 2:
        return f"{one[0]}..", one[1], date.max
    if form == 3 or other[2] < one[1]:
        return f"..{one[0]}", date.min, one[2]
    return f"{one[0]}..{other[0]}", one[1], other[2]


def dated(chance: Random, library: Library) -> Asked:
    days = sorted({d.issued.date() for known in library.known.values() for d, _ in known.seen})
    value, first, last = drawn_span(chance, days)

    def holds(known: Known) -> bool:
        # What no document dates has the newest time of its files.
        told = [digest for digest, _ in known.seen if digest.dated] or [known.seen[0][0]]
        return any(first <= digest.issued.date() <= last for digest in told)

    return Asked(named(chance, "date", value), library.which(holds))


LEAVES: dict[str, tuple[Leaf, int]] = {
    "": (words(""), 8),
    "title": (words("title"), 3),
    "author": (words("author"), 2),
    "note": (words("note"), 2),
    "tag": (tag, 3),
    "is": (choice("is"), 4),
    "has": (choice("has"), 2),
    "type": (choice("type"), 2),
    "cat": (category, 3),
    "channel": (channel, 2),
    "in": (digest, 3),
    "id": (identifier, 2),
    "date": (dated, 3),
}


def leaf(chance: Random, library: Library) -> Asked:
    fields = [field for field, (_, weight) in LEAVES.items() for _ in range(weight)]
    return LEAVES[chance.choice(fields)][0](chance, library)


def within(chance: Random, asked: Asked, binds: int) -> str:
    """Write an expression where only what binds at least so tightly may stand."""
    if asked.binds >= binds and chance.random() < 0.9:
        return asked.text
    opening, closing = chance.choice([("(", ")"), ("(", ")"), ("（", "）")])
    space = either(chance, "", "", " ")
    return f"{opening}{space}{asked.text}{space}{closing}"


def negation(chance: Random, library: Library, depth: int) -> Asked:
    inner = grown(chance, library, depth)
    sign = either(chance, "-", "-", "not ", "NOT ")
    return Asked(sign + within(chance, inner, 2), frozenset(library.known) - inner.papers)


def conjunction(chance: Random, library: Library, depth: int) -> Asked:
    parts = [grown(chance, library, depth) for _ in range(chance.choice([2, 2, 3]))]
    sign = either(chance, " ", " ", " AND ", "\u3000")
    text = sign.join(within(chance, part, 1) for part in parts)
    return Asked(text, frozenset.intersection(*(part.papers for part in parts)), 1)


def disjunction(chance: Random, library: Library, depth: int) -> Asked:
    parts = [grown(chance, library, depth) for _ in range(chance.choice([2, 2, 3]))]
    text = " OR ".join(within(chance, part, 0) for part in parts)
    return Asked(text, frozenset.union(*(part.papers for part in parts)), 0)


def grown(chance: Random, library: Library, depth: int) -> Asked:
    """Grow an expression that is nested no deeper than ``depth``."""
    if not depth or chance.random() < 0.2:
        return leaf(chance, library)
    grow = chance.choice([negation, conjunction, conjunction, disjunction, disjunction])
    return grow(chance, library, depth - 1)


@pytest.fixture(scope="module")
def expressions(library: Library) -> list[Asked]:
    chance = Random(1000)
    return [grown(chance, library, chance.randrange(5)) for _ in range(EXPRESSIONS)]


# --- the two answers ----------------------------------------------------------------------------


def listed(library: Library, view: View) -> list[int]:
    return list(list_papers(library.connection, view, TODAY).ids)


def told(library: Library, papers: set[int] | frozenset[int]) -> list[str]:
    return sorted(library.known[number].paper.key for number in papers)


def test_random_filters_are_answered_as_a_plain_evaluation_does(
    library: Library, expressions: list[Asked]
) -> None:
    chance = Random(1)
    wrong: list[tuple[str, list[str], list[str]]] = []
    for asked in expressions:
        order = either(chance, "", "", *(f" sort:{word}" for word in SORT_WORDS))
        text = within(chance, asked, 1) if order else asked.text
        query = parse_query(text + order)
        answer = listed(library, View(filter=query.filter, order=query.order or Order.NEWEST))
        assert len(answer) == len(set(answer)), text
        if set(answer) != asked.papers:
            missing, extra = asked.papers - set(answer), set(answer) - asked.papers
            wrong.append((text + order, told(library, missing), told(library, extra)))
    assert wrong == []


def test_the_random_filters_are_worth_asking(library: Library, expressions: list[Asked]) -> None:
    everything = len(library.known)
    answers = [len(asked.papers) for asked in expressions]
    assert sum(0 < count < everything for count in answers) > 0.6 * EXPRESSIONS
    assert len(set(answers)) > 100
    # Every field restricts something in many of them, and so does every word that a field takes.
    texts = [asked.text.casefold().replace("：", ":") for asked in expressions]
    choices = [f"{field}:{word}" for field, words in CHOICES.items() for word in words]
    for part in (*(f"{field}:" for field in LEAVES if field), *choices, "-", "not ", " or ", "("):
        assert sum(part in text for text in texts) > 10, part
    chance = Random(2)
    for make, _ in LEAVES.values():
        counts = [len(make(chance, library).papers) for _ in range(60)]
        assert sum(0 < count < everything for count in counts) > 20, counts


def test_what_a_view_is_of_and_what_it_leaves_out_are_joined_to_the_filter(
    library: Library,
) -> None:
    chance = Random(5)
    for _ in range(200):
        base = chance.choice([digest, channel, dated, category])(chance, library)
        asked, ignored = grown(chance, library, 1), leaf(chance, library)
        nodes = [parse_query(each.text).filter for each in (base, asked, ignored)]
        order = chance.choice(list(Order))
        view = View(base=nodes[0], filter=nodes[1], ignored=nodes[2], order=order)
        answer = listed(library, view)
        assert len(answer) == len(set(answer))
        expected = base.papers & asked.papers - ignored.papers
        assert told(library, set(answer)) == told(library, expected), view


# --- searching ----------------------------------------------------------------------------------


def texts_by_paper(library: Library) -> dict[int, str]:
    return {number: folded(" | ".join(known.raw[""])) for number, known in library.known.items()}


def found_in(texts: dict[int, str], term: str) -> set[int]:
    """Look for Chinese anywhere, and for other words where a word begins."""
    if re.fullmatch("[一-鿿]+", term):
        return {number for number, text in texts.items() if term in text}
    begun = re.compile(rf"(?<![^\W_一-鿿]){re.escape(term)}")
    return {number for number, text in texts.items() if begun.search(text)}


@pytest.mark.parametrize("kind", ["[一-鿿]", "[a-z0-9]"], ids=["Chinese", "English"])
def test_a_search_finds_what_looking_through_all_texts_finds(library: Library, kind: str) -> None:
    chance, texts = Random(7), texts_by_paper(library)
    runs = sorted(set(re.findall(rf"(?<![^\W_一-鿿]){kind}+", " ".join(texts.values()))))
    narrow = 0
    for _ in range(150):
        run = chance.choice(runs)
        start = chance.randrange(len(run)) if kind == "[一-鿿]" else 0
        term = run[start : start + chance.randint(1, 5)]
        if term in SIGNS:
            continue
        expected = found_in(texts, term)
        answer = listed(library, View(filter=parse_query(term).filter))
        assert told(library, set(answer)) == told(library, expected), term
        narrow += len(expected) < 0.2 * len(texts)
    assert narrow > 50


def test_words_of_both_languages_are_sought_together(library: Library) -> None:
    chance, texts = Random(8), texts_by_paper(library)
    hits = 0
    for _ in range(100):
        text = chance.choice(list(texts.values()))
        english = chance.choice(re.findall(r"(?<![^\W_一-鿿])[a-z]{3,}", text) or ["zebra"])
        chinese = chance.choice(re.findall("[一-鿿]{2}", text) or ["量子"])
        if english in SIGNS:
            continue
        expected = found_in(texts, english) & found_in(texts, chinese)
        answer = listed(library, View(filter=parse_query(f"{english} {chinese}").filter))
        assert told(library, set(answer)) == told(library, expected), (english, chinese)
        hits += bool(expected)
    assert hits > 80


# --- documents by name --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("/data/cs.LG/odd [1].md", 3),
        ("odd [1]", 3),
        ("cs.LG/odd", 1),
        ("odd", 1),
        ("odd.more", 2),
        ("plain", 2),
        ("file?", 2),
        ("file*", 3),
        ("früh", 2),
        # The name of a folder up to a dot is no name of what lies in it.
        ("cs", 1),
        ("data", 0),
        ("ain.md", 0),
        ("PLAIN", 0),
    ],
)
def test_a_digest_is_named_by_the_end_of_its_path(library: Library, value: str, count: int) -> None:
    query = parse_query(f'in:"{value}"')
    assert len(listed(library, View(filter=query.filter))) == count

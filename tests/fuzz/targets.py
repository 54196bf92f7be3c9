"""What mutants are thrown at: each target is one function that takes a mutant.

Whatever it raises but what it expects is a find. Add a function and a line of ``TARGETS`` for
another parser.
"""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.errors import DocumentError
from storage.export.json_lines import entry_to_json
from storage.formats import parse
from storage.library.alignments import align_paper
from storage.library.merging import merge_all
from storage.library.writing import Document, State, write
from storage.model import Appearance, DocumentFormat
from tests.fuzz import arriving
from tests.fuzz.invariants import check_digest, refused
from tests.storage.catalogues import check, empty_catalogue, said
from tui.sheet import Languages, Sheet
from tui.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.model import Digest, Entry
    from tests.fuzz.mutants import Mutant

_MODIFIED: Final = datetime(2020, 5, 17, 8, 30)
_TYPESET: Final = 3


class Target(NamedTuple):
    """What mutants are thrown at.

    Attributes:
        attack: Raises anything at all where something is wrong.
        every: It takes one mutant of so many.
        digests: How many it holds at once.
        seconds: The processor time that it may take for a document of up to 600 kB, larger than
            all but one in a hundred real ones; for a larger one as much more as that is larger.
    """

    name: str
    attack: Callable[[Mutant], object]
    every: int
    seconds: float
    digests: int = 1


def read(name: str, data: bytes) -> Digest | None:
    """Read a document; None if it is refused as it should be."""
    try:
        return parse(data, name, _MODIFIED)
    except DocumentError as error:
        refused(error)
        return None


def attack_parsers(mutant: Mutant) -> None:
    """Read it, and no more: this is what the clock is set for."""
    read(mutant.name, mutant.data)


def attack_invariants(mutant: Mutant) -> None:
    """Read it twice: both digests are one, and nothing of them is what no text may be."""
    digest = read(mutant.name, mutant.data)
    if digest is not None:
        check_digest(digest, mutant.data)
    assert digest == read(mutant.name, mutant.data), "read twice, it is another digest"


def attack_export(mutant: Mutant) -> None:
    """Write its entries as JSON lines and read those: they are the same entries."""
    digest = read(mutant.name, mutant.data)
    if digest is None or not digest.entries:
        return
    text = "".join(entry_to_json(entry, digest) + "\n" for entry in digest.entries)
    again = read("exported.jsonl", text.encode())
    assert again is not None, "the export is no digest"
    assert not again.problems, f"the export has a problem: {again.problems[0]}"
    assert [_apart_from_line(e) for e in again.entries] == [
        _apart_from_line(e) for e in digest.entries
    ], "the export holds something else"


def _apart_from_line(entry: Entry) -> Entry:
    # Sections are written as an object: of two with one label the last is kept.
    sections = {section.label: section for section in entry.sections}
    return entry._replace(line=None, sections=tuple(sections.values()))


def attack_catalogue(mutant: Mutant) -> None:
    """Write it beside the undamaged document, then each in the other's place, then take both away."""
    damaged = read(mutant.name, mutant.data)
    if damaged is None:
        return
    whole = read(mutant.name, mutant.undamaged) or damaged
    connection = empty_catalogue()
    for first, second in ((damaged, whole), (whole, damaged)):
        write(connection, [_document(b"first", first), _document(b"second", second)])
        check(connection)
        papers = said(connection)["papers"]
        assert isinstance(papers, dict)
        assert None not in papers.values(), "a paper that cannot be read"
        assert papers.keys() == _keys(damaged) | _keys(whole), "papers too many or too few"
    write(connection, [], [1, 2])
    assert connection.execute("SELECT count(*) FROM paper").fetchone() == (0,)


def _keys(digest: Digest) -> set[str]:
    """Return the papers that a document brings; one that translates tells of no appearance."""
    if digest.format is DocumentFormat.TRANSLATION:
        return set()
    return {entry.key for entry in digest.entries}


def _document(path: bytes, digest: Digest) -> Document:
    return Document(path, 1, 1, path, State.DIGEST, digest.source, digest, digest.problems)


def attack_typesetting(mutant: Mutant) -> None:
    """Align, check and set some of its papers in some width: nothing steers the terminal."""
    digest = read(mutant.name, mutant.data)
    if digest is None or not digest.entries:
        return
    random = Random(len(mutant.data))
    entries = digest.entries
    for entry in random.sample(entries, min(len(entries), _TYPESET)):
        seen = Appearance(digest.source, digest.channel, digest.issued, digest.dated, 1, None, 1)
        paper = merge_all(entry.key, [(entry, seen)])
        sheet = Sheet(
            random.choice((20, 60, 100, 180)),
            random.choice(list(Languages)),
            spaced=random.random() < 0.5,
            source=random.random() < 0.2,
        )
        for line in typeset(paper, sheet, align_paper(paper)):
            for text, _, _ in line:
                assert text.isprintable() or not any(c < " " or "\x7f" <= c < "\xa0" for c in text)


TARGETS: Final = (
    Target("parsers", attack_parsers, 1, 1.0),
    Target("invariants", attack_invariants, 1, 3.0, 2),
    Target("export", attack_export, 2, 4.0, 2),
    Target("catalogue", attack_catalogue, 20, 10.0, 3),
    Target("typesetting", attack_typesetting, 10, 4.0),
    Target("lists of feeds", arriving.attack_lists, 2, 1.0),
    Target("answers", arriving.attack_answers, 2, 1.0),
    Target("names in git", arriving.attack_names, 5, 1.0),
)

"""The sentence pairs and translation checks of papers, kept in the catalogue.

Aligning takes a millisecond and a half a paper: too long for a million of them while one filters,
and for a key that is held down. So a refresh does it, paper by paper, behind all else. What is not
aligned yet is aligned when it is shown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage import bilingual
from storage.bilingual.pairs import Alignment, Flag, Pair, Span
from storage.library.schema import transaction
from storage.library.stored import paper_with
from storage.model import Paper, PaperKey

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from storage.bilingual.checks.kinds import Check


def align_paper(paper: Paper) -> Alignment:
    """Pair the sentences of a paper's abstracts and check the translation."""
    from storage.bilingual.alignment import align  # noqa: PLC0415 -- where nobody did it yet
    from storage.bilingual.checks import check  # noqa: PLC0415 -- where nobody did it yet

    english, chinese = paper.abstract
    pairs = align(english or "", chinese or "")
    return Alignment(pairs, check(paper.title, paper.abstract, pairs, cut=paper.abstract_cut))


def read_alignment(connection: sqlite3.Connection, paper: int) -> Alignment | None:
    """Return the alignment of the paper with the id ``paper``; None if it has none yet.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
        ValueError: It is damaged.
    """
    row = connection.execute("SELECT data FROM alignment WHERE paper = ?", (paper,)).fetchone()
    return None if row is None else _decoded(row[0])


def forget_alignments(connection: sqlite3.Connection, papers: Iterable[int]) -> None:
    """Have papers aligned anew whose texts have changed, in the transaction that is open.

    Raises:
        sqlite3.Error: The catalogue cannot be written.
    """
    ids = [(paper,) for paper in papers]
    connection.executemany("DELETE FROM alignment WHERE paper = ?", ids)
    connection.executemany("INSERT OR IGNORE INTO unaligned VALUES (?)", ids)


def renew(connection: sqlite3.Connection) -> None:
    """Have all papers aligned anew if another version's aligner or checks did it.

    Raises:
        sqlite3.Error: Nothing was changed.
    """
    current = edition()
    row = connection.execute("SELECT value FROM meta WHERE name = 'edition'").fetchone()
    if row is None or row[0] != current:
        with transaction(connection):
            connection.execute("INSERT OR IGNORE INTO unaligned SELECT id FROM paper")
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('edition', ?)", (current,))


def edition() -> str:
    """Tell what aligns and checks from that of other versions.

    A number would have to be raised by hand with every change, and be forgotten: it is a hash of
    the knowledge itself.
    """
    from hashlib import blake2b  # noqa: PLC0415 -- for refreshes only

    digest = blake2b(digest_size=8)
    for path in sorted(Path(bilingual.__file__).parent.rglob("*.[pt][ys]*")):
        if path.suffix in (".py", ".tsv"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def unaligned_count(connection: sqlite3.Connection) -> int:
    """Return how many papers wait to be aligned.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    (count,) = connection.execute("SELECT count(*) FROM unaligned").fetchone()
    return int(count)


def suspect_count(connection: sqlite3.Connection) -> int:
    """Return how many papers have a suspect translation.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    (count,) = connection.execute("SELECT count(*) FROM alignment WHERE checks <> 0").fetchone()
    return int(count)


def suspect_counts(connection: sqlite3.Connection) -> dict[Check, int]:
    """Return how many papers each check found something in; those that found nothing are left out.

    Raises:
        sqlite3.Error: The catalogue cannot be read.
    """
    from storage.bilingual.checks.kinds import Check  # noqa: PLC0415 -- for doctor only

    counts = dict.fromkeys(Check, 0)
    rows = connection.execute(
        "SELECT checks, count(*) FROM alignment WHERE checks <> 0 GROUP BY checks"
    )
    for checks, papers in rows:
        for check in Check:
            counts[check] += papers * bool(checks & _bit(check))
    return {check: count for check, count in counts.items() if count}


def align_next(connection: sqlite3.Connection, most: int) -> int:
    """Align up to ``most`` of the papers that wait; return how many that were.

    Args:
        connection: For writing, used by nobody else.
        most: Papers of one transaction.

    Raises:
        sqlite3.Error: Nothing was changed.
        ValueError: The catalogue is damaged.
    """
    rows = connection.execute(
        "SELECT u.paper, p.key FROM unaligned u LEFT JOIN paper p ON p.id = u.paper LIMIT ?",
        (most,),
    ).fetchall()
    made = list(_made(connection, rows))
    with transaction(connection):
        connection.executemany("INSERT OR REPLACE INTO alignment VALUES (?, ?, ?)", made)
        connection.executemany(
            "DELETE FROM unaligned WHERE paper = ?", [(number,) for number, _ in rows]
        )
    return len(rows)


def _made(
    connection: sqlite3.Connection, rows: Sequence[tuple[int, str | None]]
) -> Iterator[tuple[int, int, str]]:
    for number, key in rows:
        if key is None:  # it went while it waited
            continue
        paper = paper_with(connection, number, PaperKey(key))
        if paper is not None:
            found = align_paper(paper)
            bits = sum({_bit(flag.check) for flag in found.flags})
            yield number, bits, _encoded(found)


def _encoded(alignment: Alignment) -> str:
    pairs = [[_flat(pair.en), _flat(pair.zh)] for pair in alignment.pairs]
    return json.dumps([pairs, alignment.flags], ensure_ascii=False, separators=(",", ":"))


def _flat(spans: tuple[Span, ...]) -> list[int]:
    return [border for span in spans for border in span]


def _decoded(data: str) -> Alignment:
    try:
        pairs, flags = json.loads(data)
        return Alignment(
            tuple([Pair(_spans(en), _spans(zh)) for en, zh in pairs]),
            _flags(flags) if flags else (),
        )
    except TypeError as error:
        raise ValueError(str(error)) from error


def _flags(rows: list[list[Any]]) -> tuple[Flag, ...]:
    from storage.bilingual.checks.kinds import Check  # noqa: PLC0415 -- for suspect papers only

    return tuple([Flag(Check(check), *rest) for check, *rest in rows])


def _bit(check: Check) -> int:
    """Return the bit of ``alignment.checks`` that stands for a check."""
    return 1 << list(type(check)).index(check)


def _spans(flat: list[int]) -> tuple[Span, ...]:
    return tuple(zip(flat[::2], flat[1::2], strict=True))

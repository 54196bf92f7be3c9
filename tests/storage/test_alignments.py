"""Alignments in the catalogue: made behind all else, made anew for new texts, found by a filter."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from storage.bilingual.checks.kinds import Check
from storage.bilingual.pairs import Alignment, Pair
from storage.findings import Severity
from storage.library.alignments import (
    align_next,
    align_paper,
    edition,
    read_alignment,
    suspect_count,
    suspect_counts,
    unaligned_count,
)
from storage.library.catalogue import Catalogue
from storage.library.checkup import findings
from storage.library.schema import connect
from storage.library.writing import write
from storage.model import Bilingual
from storage.refresh.outcome import ALIGNING, READING, Progress
from storage.refresh.run import run_refresh
from tests.storage.catalogues import document, empty_catalogue, entry, paper_in
from tests.storage.digest_text import block, digest, link_slot

if TYPE_CHECKING:
    import sqlite3

    from storage.model import Paper, PaperKey

GOOD = Bilingual(
    "We train a model on graphs. It needs 12 hours.", "我们在图上训练一个模型。它需要12小时。"
)
BAD = Bilingual(
    "We train a model on graphs. It needs 12 hours.", "我们在图上训练一个模型。它需要72小时。"
)


@pytest.fixture
def connection() -> sqlite3.Connection:
    return empty_catalogue()


def number_of(connection: sqlite3.Connection, number: int) -> int:
    key = entry(number).key
    return Catalogue(connection, Path()).ids([key])[key]


def alignment_of(connection: sqlite3.Connection, number: int) -> Alignment | None:
    return read_alignment(connection, number_of(connection, number))


def said(text: Bilingual, pairs: tuple[Pair, ...]) -> list[tuple[list[str], list[str]]]:
    assert text.en is not None
    assert text.zh is not None
    return [
        ([text.en[slice(*span)] for span in pair.en], [text.zh[slice(*span)] for span in pair.zh])
        for pair in pairs
    ]


def test_papers_wait_and_are_aligned_a_few_at_a_time(connection: sqlite3.Connection) -> None:
    papers = [entry(n, abstract=GOOD) for n in range(1, 6)]
    write(connection, [document("a.md", *papers)])
    assert unaligned_count(connection) == 5
    assert alignment_of(connection, 1) is None
    assert [align_next(connection, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert unaligned_count(connection) == 0
    found = alignment_of(connection, 3)
    assert found is not None
    assert said(GOOD, found.pairs) == [
        (["We train a model on graphs."], ["我们在图上训练一个模型。"]),
        (["It needs 12 hours."], ["它需要12小时。"]),
    ]
    assert found.flags == ()


def test_what_is_shown_before_its_turn_is_aligned_at_once(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1, abstract=BAD))])
    number = number_of(connection, 1)
    at_once = Catalogue(connection, Path()).papers.alignment(number)
    align_next(connection, 10)
    assert at_once == Catalogue(connection, Path()).papers.alignment(number)
    assert at_once == read_alignment(connection, number)
    assert Catalogue(connection, Path()).papers.alignment(number + 1) is None


def test_what_a_refresh_aligned_is_not_aligned_again(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(connection, [document("a.md", entry(1, abstract=GOOD), entry(2, abstract=GOOD))])
    align_next(connection, 1)
    aligned: list[PaperKey] = []

    def counted(paper: Paper) -> Alignment:
        aligned.append(paper.key)
        return align_paper(paper)

    monkeypatch.setattr("storage.library.papers.align_paper", counted)
    catalogue = Catalogue(connection, Path())
    first, second = (number_of(connection, n) for n in (1, 2))
    for _ in range(3):
        catalogue.papers.alignment(first)
        catalogue.papers.alignment(second)
    # The one that waits still is aligned for the screen, once.
    assert aligned == [entry(2).key]


def test_other_texts_are_aligned_anew_and_the_same_are_not(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1, abstract=GOOD), entry(2, abstract=GOOD))])
    align_next(connection, 10)
    # Another document that says the same, and one that has authors.
    write(connection, [document("b.md", entry(1, abstract=GOOD), entry(2, authors=("A. Author",)))])
    assert unaligned_count(connection) == 0
    longer = Bilingual(f"{GOOD.en} It is fast.", f"{GOOD.zh}它很快。")
    write(connection, [document("c.md", entry(2, abstract=longer))])
    assert unaligned_count(connection) == 1
    assert alignment_of(connection, 1) is not None
    assert alignment_of(connection, 2) is None
    align_next(connection, 10)
    renewed = alignment_of(connection, 2)
    assert renewed is not None
    assert said(longer, renewed.pairs)[-1] == (["It is fast."], ["它很快。"])


def test_nothing_is_left_of_papers_that_go(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1, abstract=BAD), entry(2, abstract=BAD))])
    align_next(connection, 1)
    ids = [number for (number,) in connection.execute("SELECT id FROM document")]
    write(connection, [], gone=ids)
    assert (unaligned_count(connection), suspect_count(connection)) == (0, 0)
    assert connection.execute("SELECT count(*) FROM alignment").fetchone() == (0,)


def test_suspect_papers_are_counted_by_what_was_found(connection: sqlite3.Connection) -> None:
    untranslated = entry(
        3,
        "A Study of Growing Trees",
        title=Bilingual("A Study of Growing Trees", "A Study of Trees"),
    )
    write(
        connection,
        [document("a.md", entry(1, abstract=BAD), entry(2, abstract=GOOD), untranslated)],
    )
    align_next(connection, 10)
    assert suspect_counts(connection) == {Check.NUMBER: 1, Check.TITLE: 1}
    assert suspect_count(connection) == 2
    found = alignment_of(connection, 1)
    assert found is not None
    assert [(flag.check, flag.found, flag.pair) for flag in found.flags] == [
        (Check.NUMBER, "12", 1)
    ]


def test_an_alignment_that_is_damaged_is_told(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1, abstract=GOOD))])
    align_next(connection, 10)
    for damage in ("", "[]", "[[[1]],[]]", "[[[[1],[2,3]]],[]]", '[[],[["colour","",0]]]', "7"):
        connection.execute("UPDATE alignment SET data = ?", (damage,))
        with pytest.raises(ValueError):  # noqa: PT011 -- its words are Python's
            alignment_of(connection, 1)


def a_folder(path: Path, count: int) -> Path:
    blocks = "".join(
        block(n, "标题", "Title", link_slot(n), "", "", BAD.zh or "", BAD.en or "")
        for n in range(1, count + 1)
    )
    path.mkdir()
    (path / "digest.md").write_text(digest("", blocks), "utf-8")
    return path


def test_a_refresh_aligns_after_all_can_be_listed_and_goes_on_where_it_was_stopped(
    tmp_path: Path,
) -> None:
    catalogue, folder = tmp_path / "catalogue.sqlite3", a_folder(tmp_path / "digests", 250)
    told: list[Progress] = []

    def is_enough() -> bool:
        return any(progress.stage == ALIGNING and progress.done for progress in told)

    stopped = run_refresh(catalogue, [str(folder)], report=told.append, is_cancelled=is_enough)
    assert (stopped.error, stopped.progress.papers, stopped.progress.done) == ("", 250, 1)
    with closing(connect(catalogue)) as connection:
        left = unaligned_count(connection)
        assert 0 < left < 250
    stages = [progress.stage for progress in told]
    assert stages.index(ALIGNING) >= 1
    told.clear()
    run_refresh(catalogue, [str(folder)], report=told.append)
    aligning = [progress for progress in told if progress.stage == ALIGNING]
    assert {progress.total for progress in aligning} == {left}
    with closing(connect(catalogue)) as connection:
        assert unaligned_count(connection) == 0
        assert suspect_count(connection) == 250
    told.clear()
    run_refresh(catalogue, [str(folder)], report=told.append)
    assert all(progress.stage == READING for progress in told)


def test_a_refresh_that_only_aligns_is_news(tmp_path: Path) -> None:
    catalogue, folder = tmp_path / "catalogue.sqlite3", a_folder(tmp_path / "digests", 3)
    run_refresh(catalogue, [str(folder)])
    with closing(connect(catalogue, mode="rw")) as connection:
        connection.execute("INSERT INTO unaligned SELECT paper FROM alignment")
        connection.execute("DELETE FROM alignment")
        before = Catalogue(connection, catalogue).change_count()
        outcome = run_refresh(catalogue, [str(folder)])
        assert outcome.progress.changed == 0
        assert Catalogue(connection, catalogue).change_count() > before


def test_another_version_s_alignments_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, folder = tmp_path / "catalogue.sqlite3", a_folder(tmp_path / "digests", 3)
    run_refresh(catalogue, [str(folder)])
    told: list[Progress] = []
    run_refresh(catalogue, [str(folder)], report=told.append)
    assert {progress.stage for progress in told} == {READING}
    monkeypatch.setattr("storage.library.alignments.edition", lambda: "of tomorrow")
    run_refresh(catalogue, [str(folder)], report=told.append)
    aligned = [progress for progress in told if progress.stage == ALIGNING]
    assert [(progress.done, progress.total) for progress in aligned] == [(3, 3)]
    told.clear()
    run_refresh(catalogue, [str(folder)], report=told.append)
    assert {progress.stage for progress in told} == {READING}


def test_an_edition_goes_with_the_code_and_the_lexicon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("__init__.py", "alignment.py", "lexicon.tsv", "notes.txt"):
        (tmp_path / name).write_text("one")
    package = SimpleNamespace(__file__=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("storage.library.alignments.bilingual", package)
    first = edition()
    (tmp_path / "notes.txt").write_text("two")
    assert edition() == first
    seen = {first}
    for name in ("alignment.py", "lexicon.tsv"):
        (tmp_path / name).write_text("two")
        seen.add(edition())
    assert len(seen) == 3


def test_doctor_counts_them(tmp_path: Path) -> None:
    catalogue, folder = tmp_path / "catalogue.sqlite3", a_folder(tmp_path / "digests", 3)
    run_refresh(catalogue, [str(folder)])
    (told,) = [found for found in findings(catalogue) if found.subject == "translations"]
    assert told.severity is Severity.NOTE
    assert told.text == "3 papers suspect (number 3)"
    assert "is:suspect" in told.advice
    with closing(connect(catalogue, mode="rw")) as connection:
        connection.execute("DELETE FROM alignment")
        connection.execute("INSERT INTO unaligned SELECT id FROM paper LIMIT 2")
    (told,) = [found for found in findings(catalogue) if found.subject == "translations"]
    assert (told.severity, told.text) == (
        Severity.GOOD,
        "0 papers suspect; 2 papers not looked at yet",
    )


def test_a_paper_without_abstracts_has_no_pairs(connection: sqlite3.Connection) -> None:
    write(connection, [document("a.md", entry(1))])
    paper = paper_in(connection)
    assert paper is not None
    assert align_paper(paper) == Alignment()

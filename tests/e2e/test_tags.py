"""The tags of notes in a filter on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.marks.model import MarkChange, MarkField
from storage.model import PaperKey
from tests.e2e.digests import ADAM, ATTENTION, BERT, Written, write_digest
from tests.e2e.program import command, marks_store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.fixture
def library(tmp_path: Path) -> None:
    """Three papers, of which Adam and BERT have notes."""
    folder = tmp_path / "digests"
    write_digest(folder / "2024-04-04T0909_0a1b2c.md", (ATTENTION, ADAM, BERT))
    assert command("add", folder).returncode == 0
    notes = {ADAM: "#todo", BERT: "todo 很重要#待读"}
    marks_store().apply(
        [
            MarkChange(PaperKey(paper.arxiv_id), MarkField.NOTE, note)
            for paper, note in notes.items()
        ]
    )


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("words", "papers"),
    [
        (["#todo"], [ADAM]),
        (["tag:TODO"], [ADAM]),
        (["#待读"], [BERT]),
        (["-#todo", "-#待读"], [ATTENTION]),
        (["#todo OR #待读", "sort:id"], [ADAM, BERT]),
    ],
)
def test_list_finds_papers_by_the_tags_of_their_notes(
    words: list[str], papers: list[Written]
) -> None:
    result = command("list", *words)
    assert (result.returncode, result.stderr) == (0, "")
    listed = [row.split("\t")[1] for row in result.stdout.splitlines()]
    assert listed == [paper.arxiv_id for paper in papers]

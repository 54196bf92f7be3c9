"""Every fixture of tests/digests against the expectation written by hand beside it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage.formats import parse
from storage.model import DocumentFormat

DIGESTS = Path(__file__).parents[1] / "digests"
MODIFIED = datetime(2020, 5, 17, 8, 30)
EXPECTATIONS = sorted(DIGESTS.rglob("*.expected.json"))


def document_of(expectation: Path) -> Path:
    stem = expectation.name.removesuffix(".expected.json")
    (document,) = (
        path
        for path in expectation.parent.iterdir()
        if path.stem == stem and path.name != expectation.name
    )
    return document


def said(value: Any) -> Any:
    """The values that are there: expectations name nothing else."""
    if hasattr(value, "_asdict"):
        return said(value._asdict())
    if isinstance(value, dict):
        kept = {key: said(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {}, False)}
    return [said(item) for item in value] if isinstance(value, (list, tuple)) else value


@pytest.mark.parametrize("expectation", EXPECTATIONS, ids=lambda path: path.name)
def test_fixture(expectation: Path):
    document = document_of(expectation)
    wanted = json.loads(expectation.read_text("utf-8"))
    name = document.relative_to(DIGESTS).as_posix()

    digest = parse(document.read_bytes(), name, MODIFIED)

    assert [said(entry) for entry in digest.entries] == wanted["entries"]
    assert [problem.line for problem in digest.problems] == [line for line, _ in wanted["problems"]]
    for problem, (_, reason) in zip(digest.problems, wanted["problems"], strict=True):
        assert reason in problem.reason
        assert problem.source == name
    assert digest.format == wanted["format"]
    assert digest.channel == wanted["channel"]
    assert digest.dated == (wanted["issued"] is not None)
    assert digest.issued == (
        datetime.fromisoformat(wanted["issued"]) if wanted["issued"] else MODIFIED
    )
    assert digest.source == name


def test_there_are_fixtures_of_every_format():
    formats = {json.loads(path.read_text("utf-8"))["format"] for path in EXPECTATIONS}
    assert formats == {str(kind) for kind in DocumentFormat}

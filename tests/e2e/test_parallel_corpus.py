"""A parallel corpus from any digest: ``convert --aligned`` and ``convert --to tmx``."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tests.e2e.digests import PAPERS, Written, write_digest
from tests.e2e.program import command, rows_as_json, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

ASCII_ONLY = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}

LIST_AT_THE_END = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from tui.cli import main
sys.exit(main())
"""


def test_aligned_lines_are_the_same_with_pairs(digest: Path) -> None:
    plain, aligned = command("convert", digest), command("convert", "--aligned", digest)
    assert (aligned.returncode, aligned.stderr) == (0, "")
    rows = rows_as_json(aligned.stdout)
    assert [row.pop("pairs") for row in rows] == [
        [{"en": ["The English abstract of it."], "zh": ["它的中文摘要。"]}]
    ] * len(PAPERS)
    assert rows == rows_as_json(plain.stdout)


def test_a_translation_memory_of_two_digests(digest: Path, tmp_path: Path) -> None:
    late = Written("2404.00001", "Seams & <Tears>", "缝隙与裂口")
    again = write_digest(tmp_path / "cs.LG" / "2024-04-05T0909_0a1b2c.md", (late, *PAPERS))
    for more in ([], ["--aligned"]):
        result = run("convert", digest, again, "--to", "tmx", *more, env=ASCII_ONLY)
        assert (result.returncode, result.stderr) == (0, "")
        root = ElementTree.fromstring(result.stdout)
        assert [tuple(seg.text for seg in tu.iter("seg")) for tu in root.iter("tu")] == [
            ("Seams & <Tears>", "缝隙与裂口"),
            ("The English abstract of it.", "它的中文摘要。"),
            *((paper.en, paper.zh) for paper in PAPERS),
        ]


def test_what_cannot_be_read_leaves_a_valid_translation_memory(
    digest: Path, tmp_path: Path
) -> None:
    result = command("convert", tmp_path / "missing.md", digest, "--to", "tmx")
    assert result.returncode == 1
    assert "missing.md: does not exist" in result.stderr
    assert len(list(ElementTree.fromstring(result.stdout).iter("tu"))) == len(PAPERS) + 1


def test_a_markdown_digest_has_no_pairs(digest: Path) -> None:
    result = command("convert", digest, "--aligned", "--to", "markdown")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: digest-tui convert")
    assert "--aligned goes with --to jsonl" in result.stderr


def test_a_hostile_path_steers_no_terminal(tmp_path: Path) -> None:
    hostile = write_digest(tmp_path / "a\x9b2J\u202e.md")
    for arguments in (["jsonl"], ["jsonl", "--aligned"], ["tmx"]):
        result = command("convert", hostile, "--to", *arguments)
        assert result.returncode == 0
        assert [c for c in "\x9b\u202e" if c in result.stdout] == []
    assert rows_as_json(command("convert", hostile).stdout)[0]["source"] == str(hostile)


@pytest.mark.parametrize(
    ("arguments", "is_loaded"),
    [([], False), (["--to", "markdown"], False), (["--aligned"], True), (["--to", "tmx"], True)],
)
def test_only_pairs_load_what_makes_pairs(
    arguments: list[str], is_loaded: bool, digest: Path
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", LIST_AT_THE_END, "convert", digest, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    assert result.returncode == 0
    loaded = set(result.stderr.split())
    assert ("storage.bilingual.alignment" in loaded) == is_loaded
    assert ("storage.export.tmx" in loaded) == ("tmx" in arguments)
    assert loaded & {"textual", "rich", "lxml", "xml.etree.ElementTree", "tinydb"} == set()

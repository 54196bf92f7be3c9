"""The commands that open no screen: data on stdout, words on stderr, exit codes."""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.digests import ADAM, ATTENTION, PAPERS, write_digest
from tests.e2e.program import PROGRAM, rows_as_json, run
from tui.actions import ACTIONS

pytestmark = pytest.mark.e2e

ASCII_ONLY = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
"""An environment in which Python's own encoding is ASCII."""

FULL = Path("/dev/full")


class TestConvert:
    def test_json_lines(self, digest: Path) -> None:
        result = run("convert", digest, "--to", "jsonl")
        assert (result.returncode, result.stderr) == (0, "")
        first, *others = rows_as_json(result.stdout)
        assert first == {
            "arxiv_id": "1706.03762",
            "version": None,
            "announce_type": None,
            "primary_category": None,
            "categories": [],
            "authors": [],
            "link": "https://arxiv.org/abs/1706.03762",
            "title": {"en": ATTENTION.en, "zh": ATTENTION.zh},
            "tldr": {"en": None, "zh": ATTENTION.tldr},
            "abstract": {"en": ATTENTION.abstract_en, "zh": ATTENTION.abstract_zh},
            "abstract_cut": False,
            "ref": 1,
            "channel": "cs.LG",
            "date": "2024-04-04",
            "source": str(digest),
        }
        assert [row["arxiv_id"] for row in others] == [paper.arxiv_id for paper in PAPERS[1:]]

    def test_markdown_reads_back_to_the_same_entries(self, digest: Path, tmp_path: Path) -> None:
        clean = tmp_path / "clean.md"
        clean.write_text(run("convert", digest, "--to", "markdown").stdout, "utf-8")

        def entries(path: Path) -> list[dict[str, Any]]:
            rows = rows_as_json(run("convert", path).stdout)
            placed = ("channel", "date", "source")
            return [{k: v for k, v in row.items() if k not in placed} for row in rows]

        assert clean.read_text("utf-8").startswith("# 摘要\n")
        assert entries(clean) == entries(digest)
        assert len(entries(clean)) == 4

    def test_a_problem_is_named_with_its_line_and_the_rest_is_converted(
        self, digest: Path, tmp_path: Path
    ) -> None:
        lines = digest.read_text("utf-8").split("\n")
        at = lines.index("# 详细") - 1
        lines.insert(at, "| [^9] | a row without a link | 无 |")
        digest.write_text("\n".join(lines), "utf-8")
        missing = tmp_path / "missing.md"
        result = run("convert", digest, missing)
        assert result.returncode == 1
        assert [row["arxiv_id"] for row in rows_as_json(result.stdout)] == [
            paper.arxiv_id for paper in PAPERS
        ]
        said = result.stderr.splitlines()
        assert any(line.startswith(f"{digest}:{at + 1}: ") for line in said)
        assert any(line.startswith(f"{missing}: does not exist") for line in said)

    def test_whoever_has_seen_enough_may_go(self, tmp_path: Path) -> None:
        for number in range(60):
            write_digest(tmp_path / f"{number}.md", PAPERS * 4)
        result = subprocess.run(
            ["sh", "-c", '"$0" convert "$1" | head -1', PROGRAM, tmp_path],
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=False,
        )
        assert json.loads(result.stdout)["link"] == ATTENTION.link
        assert result.stderr == ""

    def test_it_writes_utf_8_whatever_the_locale(self, digest: Path) -> None:
        result = run("convert", digest, env=ASCII_ONLY)
        assert (result.returncode, result.stderr) == (0, "")
        assert rows_as_json(result.stdout)[1]["title"]["zh"] == ADAM.zh

    def test_a_full_disk_is_one_sentence(self, digest: Path) -> None:
        if not FULL.exists():
            pytest.skip("there is no /dev/full here")
        with FULL.open("w") as full:
            result = subprocess.run(
                [PROGRAM, "convert", digest],
                stdout=full,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                check=False,
            )
        assert result.returncode == 1
        assert "No space left" in result.stderr
        assert "Traceback" not in result.stderr


def test_it_tells_its_version_keys_and_commands() -> None:
    assert run("--version").stdout == f"digest-tui {version('digest-tui')}\n"
    keys = run("keys").stdout
    assert [action.help for action in ACTIONS if action.help not in keys] == []
    usage = run("--help").stdout
    for command in ("demo", "convert", "keys", "directories", "--version"):
        assert command in usage


def test_the_directories_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lines = run("directories").stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        ["marks", str(tmp_path / "data" / "digest-tui" / "marks")],
        ["views", str(tmp_path / "data" / "digest-tui" / "views.json")],
        ["sources", str(tmp_path / "data" / "digest-tui" / "sources.json")],
        ["fetched", str(tmp_path / "data" / "digest-tui" / "fetched")],
        ["translations", str(tmp_path / "data" / "digest-tui" / "translations")],
        ["settings", str(tmp_path / "config" / "digest-tui" / "settings.toml")],
        ["state", str(tmp_path / "state" / "digest-tui")],
        ["cache", str(tmp_path / "cache" / "digest-tui")],
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["--unknown"], ["demo", "--unknown"], ["convert"], ["convert", "x", "--to", "y"]],
)
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("usage: digest-tui")


@pytest.mark.parametrize("arguments", [["keys"], ["--help"]])
def test_words_are_written_in_any_locale(arguments: list[str]) -> None:
    result = run(*arguments, env=ASCII_ONLY)
    assert (result.returncode, result.stderr) == (0, "")

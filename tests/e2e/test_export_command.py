"""``digest-tui export``: files and streams, what is refused, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rispy
from pybtex.database import parse_string

from storage.export.formats import Format
from storage.formats import parse
from storage.marks.model import MarkChange, MarkField
from storage.model import PaperKey
from tests.e2e.digests import ADAM, ATTENTION, BERT, RICCI, write_digest
from tests.e2e.program import PROGRAM, command, launch, marks_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import CompletedProcess

pytestmark = pytest.mark.e2e

ALL = [ADAM.arxiv_id, ATTENTION.arxiv_id, BERT.arxiv_id, RICCI.arxiv_id]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    write_digest(folder / "cs.LG" / "2024-04-04T0909_0a1b2c.md", (ATTENTION, ADAM, BERT, RICCI))
    assert command("add", folder).returncode == 0
    return folder


@pytest.fixture
def starred(library: Path) -> None:
    marks_store().apply([MarkChange(PaperKey(ADAM.arxiv_id), MarkField.STARRED, value=True)])


def export(*arguments: str | Path) -> CompletedProcess[str]:
    return command("export", *arguments)


def ids(text: str) -> list[str]:
    return [item["archive_location"] for item in json.loads(text)]


@pytest.mark.usefixtures("library")
class TestStream:
    def test_papers_go_to_stdout_and_words_to_stderr(self) -> None:
        result = export("--format", "csl-json", "--sort", "id")
        assert result.returncode == 0
        assert sorted(ids(result.stdout)) == sorted(ALL)
        assert result.stderr == "4 papers written as CSL-JSON.\n"

    def test_a_minus_is_stdout_too(self) -> None:
        result = export("--format", "ris", "-o", "-", "adam")
        assert [one["accession_number"] for one in rispy.loads(result.stdout)] == [
            f"arXiv:{ADAM.arxiv_id}"
        ]
        assert result.stderr == "1 paper written as RIS.\n"

    @pytest.mark.usefixtures("starred")
    def test_a_query_as_in_list(self) -> None:
        assert ids(export("is:starred", "--format", "csl-json").stdout) == [ADAM.arxiv_id]
        unstarred = export(
            "--format=csl-json", "--limit", "2", "-is:starred", "--sort=title"
        ).stdout
        assert ids(unstarred) == [ATTENTION.arxiv_id, BERT.arxiv_id]

    def test_csv_is_for_spreadsheets(self) -> None:
        text = export("--format", "csv", "bert").stdout
        assert text.startswith("\ufeffarxiv_id,")
        (row,) = csv.DictReader(io.StringIO(text[1:], newline=""))
        assert row["title_zh"] == BERT.zh

    @pytest.mark.usefixtures("starred")
    def test_jsonl_has_marks(self) -> None:
        (line,) = export("adam", "--format", "jsonl").stdout.splitlines()
        assert json.loads(line)["marks"]["starred"] is True

    def test_of_no_papers_it_is_still_a_document_and_the_reason_is_said(self) -> None:
        result = export("nosuchword", "--format", "csl-json")
        assert (result.returncode, result.stdout) == (0, "[]\n")
        assert "0 papers written as CSL-JSON." in result.stderr
        assert "nosuchword" in result.stderr

    @pytest.mark.parametrize("form", [form for form in Format if form is not Format.NOTES])
    def test_every_format_has_every_paper(self, form: Format) -> None:
        text = export("--format", form).stdout
        for paper in (ATTENTION, ADAM, BERT, RICCI):
            assert paper.en in text
            assert paper.zh in text

    def test_a_reader_that_has_seen_enough_is_no_fault(self) -> None:
        program = f"{PROGRAM} export --format html | head -c 1"
        result = subprocess.run(
            program, shell=True, capture_output=True, text=True, timeout=20, check=False
        )
        assert result.stdout == "<"
        assert "Traceback" not in result.stderr


@pytest.mark.usefixtures("library")
class TestFile:
    def test_its_end_tells_the_format(self, tmp_path: Path) -> None:
        result = export("-o", tmp_path / "x.bib")
        assert (result.returncode, result.stdout) == (0, "")
        assert result.stderr == f"4 papers are in {tmp_path}/x.bib.\n"
        found = parse_string((tmp_path / "x.bib").read_text("utf-8"), "bibtex")
        assert sorted(entry.fields["eprint"] for entry in found.entries.values()) == sorted(ALL)

    def test_one_that_is_there_stays_unless_it_is_forced(self, tmp_path: Path) -> None:
        target = tmp_path / "x.json"
        target.write_text("mine")
        result = export("-o", target)
        assert result.returncode == 1
        assert result.stderr == (
            f"{target}: there is such a file already; it is untouched. To write over it: --force\n"
        )
        assert target.read_text() == "mine"
        assert export("-o", target, "--force").returncode == 0
        assert sorted(ids(target.read_text("utf-8"))) == sorted(ALL)

    @pytest.mark.parametrize("form", ["csl-json", "notes"])
    def test_no_papers_write_over_nothing(self, tmp_path: Path, form: str) -> None:
        target = tmp_path / "keep"
        if form != "notes":
            target.write_text("mine")
        result = export("nosuchword", "--format", form, "-o", target, "--force")
        assert (result.returncode, result.stdout) == (1, "")
        assert "nosuchword" in result.stderr
        assert result.stderr.count("\n") == 1
        assert not target.exists() if form == "notes" else target.read_text() == "mine"

    def test_a_home_that_nobody_knows_is_told(self) -> None:
        result = export("-o", "~nosuchuser/x.bib")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == (
            "~nosuchuser/x.bib: nobody knows whose home this is; name another place.\n"
        )

    def test_a_digest_opens_again(self, tmp_path: Path) -> None:
        assert export("--format", "digest", "-o", tmp_path / "x.md").returncode == 0
        found = parse((tmp_path / "x.md").read_bytes(), "x.md", None)  # type: ignore[arg-type]
        assert found.problems == ()
        assert {entry.arxiv_id for entry in found.entries} == set(ALL)

    def test_notes_are_a_folder(self, tmp_path: Path) -> None:
        folder = tmp_path / "notes"
        assert export("--format", "notes", "-o", folder).stderr == f"4 notes are in {folder}.\n"
        names = sorted(path.name for path in folder.iterdir())
        assert names == sorted(f"{one.replace('/', '-')}.md" for one in ALL)
        (folder / names[0]).write_text("mine")
        again = export("--format", "notes", "-o", folder)
        assert again.returncode == 1
        assert again.stderr == (
            f"3 notes are in {folder}. 1 note there was changed since and is left as it is; to write"
            " over it: --force\n"
        )
        assert (folder / names[0]).read_text() == "mine"
        assert export("--format", "notes", "-o", folder, "--force").returncode == 0
        assert (folder / names[0]).read_text() != "mine"

    def test_places_that_cannot_be_are_told(self, tmp_path: Path) -> None:
        for target, said in (
            (tmp_path, "this is a folder; name a file in it."),
            (tmp_path / "gone" / "x.bib", "there is no folder"),
            (Path("/dev/null"), "this is no ordinary file"),
        ):
            result = export("--format", "bibtex", "--force", "-o", target)
            assert (result.returncode, result.stdout) == (1, "")
            assert result.stderr.startswith(f"{target}: {said}")
            assert result.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
    )
    def test_a_signal_that_ends_it_leaves_nothing(
        self, tmp_path: Path, number: signal.Signals, code: int
    ) -> None:
        folder = tmp_path / "out"
        with slow_export(folder / "x.json") as process:
            process.send_signal(number)
            _, said = process.communicate(timeout=10)
        assert process.returncode == code
        assert said == "Stopped. Nothing was written.\n"
        assert list(folder.iterdir()) == []

    def test_what_is_started_by_nohup_outlives_the_terminal(self, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        with slow_export(folder / "x.json", signal.SIGHUP) as process:
            process.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                process.communicate(timeout=0.3)
            process.terminate()
            process.communicate(timeout=10)
        assert process.returncode == 143
        assert list(folder.iterdir()) == []

    def test_what_a_killed_one_left_is_taken_away_a_day_later(self, tmp_path: Path) -> None:
        folder = tmp_path / "out"
        with slow_export(folder / "x.json") as process:
            process.kill()
            process.communicate(timeout=10)
        (left,) = folder.iterdir()
        assert export("-o", folder / "y.json").returncode == 0
        assert left.exists()
        os.utime(left, (time.time() - 90_000,) * 2)
        assert export("-o", folder / "z.json").returncode == 0
        assert sorted(path.name for path in folder.iterdir()) == ["y.json", "z.json"]


@contextmanager
def slow_export(
    target: Path, ignored: signal.Signals | None = None
) -> Iterator[subprocess.Popen[str]]:
    """An export to a new folder that has begun, and would take half a minute."""
    slow = (
        "import sys, time\nimport storage.export.csl_json as csl_json\n"
        "def slow(items):\n"
        "    for item in items:\n"
        "        print('begun', flush=True)\n        time.sleep(30)\n        yield ''\n"
        "csl_json.pieces = slow\nfrom tui.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    if ignored is not None:
        slow = f"import signal\nsignal.signal({int(ignored)}, signal.SIG_IGN)\n{slow}"
    target.parent.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", slow, "export", "-o", target],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            assert len(list(target.parent.iterdir())) == 1
            yield process
        finally:
            process.kill()


@pytest.mark.usefixtures("library")
class TestWords:
    def test_a_file_may_follow_its_option_without_a_space(self, tmp_path: Path) -> None:
        target = tmp_path / "x.json"
        result = export("-attention", f"-o{target}", "-bert")
        assert (result.returncode, result.stdout) == (0, "")
        assert sorted(ids(target.read_text("utf-8"))) == sorted([ADAM.arxiv_id, RICCI.arxiv_id])

    def test_a_word_that_begins_likewise_is_left_out_of_the_filter(self) -> None:
        text = export("-optimization", "--format", "csl-json").stdout
        assert ADAM.arxiv_id not in ids(text)
        assert ATTENTION.arxiv_id in ids(text)

    @pytest.mark.parametrize("output", [("-o", "-"), ("-o-",), ("--output=-",)])
    def test_stdout_among_negated_words(self, output: tuple[str, ...]) -> None:
        result = export("-attention", *output, "--format", "csl-json", "-bert")
        assert sorted(ids(result.stdout)) == sorted([ADAM.arxiv_id, RICCI.arxiv_id])

    def test_nothing_steers_the_terminal(self) -> None:
        note = "\x1b]0;owned\x07 \u202e mine"
        marks_store().apply([MarkChange(PaperKey(ADAM.arxiv_id), MarkField.NOTE, value=note)])
        for form in ("ris", "csv", "markdown", "html", "bibtex"):
            text = export("adam", "--format", form, "-o", "-").stdout
            assert "mine" in text
            assert not set(text) & set("\x1b\x07\u202e")


@pytest.mark.usefixtures("library")
class TestUsage:
    def test_names_and_sentences_are_joined_as_chinese_is(self, tmp_path: Path) -> None:
        said = command("--lang", "zh", "export").stderr
        assert "bibtex、ris、" in said
        arguments = ("--lang", "zh", "export", "--format", "notes", "-o", tmp_path / "n")
        assert command(*arguments).returncode == 0
        for path in (tmp_path / "n").iterdir():
            path.write_text("mine")
        assert "。 " not in command(*arguments).stderr

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "Which format? Say --format and one of bibtex, ris,"),
            (("-o", "x.txt"), "Which format?"),
            (("--format", "notes"), "Notes are many files: say with -o in which folder."),
            (
                ("--format", "ris", "--limit", "0"),
                "--limit 0 exports nothing; give a number from 1",
            ),
            (("--format", "ris", "--sort", "titel"), "did you mean title?"),
            (("--format", "ris", "is:nothing"), "^^^^"),
            (("--format", "word"), "invalid choice: 'word'"),
        ],
    )
    def test_what_is_not_understood(self, arguments: tuple[str, ...], said: str) -> None:
        result = export(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert said in result.stderr


def test_without_a_library_it_is_said_how_to_begin() -> None:
    result = export("--format", "ris")
    assert (result.returncode, result.stdout) == (2, "")
    assert "digest-tui add FOLDER" in result.stderr


SLOW = """
import time
import storage.export.csl_json as csl_json
def slow(items):
    for item in items:
        time.sleep(0.3)
        yield ""
csl_json.pieces = slow
"""


def test_an_export_that_the_end_of_the_reader_stops_is_told(library: Path) -> None:
    with launch(SLOW, library) as terminal:
        terminal.wait_for("4 unread")
        terminal.send("X")
        terminal.wait_for("all that are listed")
        terminal.send("a")
        terminal.wait_for("CSL-JSON")
        terminal.send("z")
        terminal.wait_for("Export to")
        terminal.send("<enter>")
        terminal.wait_for("exporting")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        said = " ".join(terminal.text().split())
    assert re.fullmatch(
        r"The export to ~/digests-[0-9-]+\.json was stopped; nothing was written\.", said
    )
    assert not list(Path.home().glob("*.json"))

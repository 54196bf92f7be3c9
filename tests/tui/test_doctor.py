"""The report of ``digest-tui doctor``: its form, its exit code, versions and places."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from storage import locations
from storage.findings import Finding, Severity
from tui import doctor
from tui.doctor import exit_code, places, report, versions
from tui.examination import findings, settings_findings
from tui.marks_place import marks_place
from tui.widths import width_findings

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.opening import MarksPlace

FOUND = [
    Finding("marks", Severity.GOOD, "3 papers"),
    Finding("terminal size", Severity.NOTE, "80 x 24", "Make it wider."),
    Finding("locale", Severity.WARNING, "is not UTF-8", "Set LANG."),
    Finding("catalogue", Severity.FAULT, "is damaged", "It is made again."),
]


class TestReport:
    def test_a_line_for_each_and_the_advice_beneath_the_text(self) -> None:
        assert report(FOUND) == (
            "✓ marks          3 papers\n"
            "· terminal size  80 x 24\n"
            "                 Make it wider.\n"
            "! locale         is not UTF-8\n"
            "                 Set LANG.\n"
            "✗ catalogue      is damaged\n"
            "                 It is made again.\n"
        )

    def test_columns_are_measured_in_cells(self) -> None:
        found = [Finding("终端", Severity.GOOD, "一"), Finding("marks", Severity.GOOD, "二")]
        assert report(found) == "✓ 终端   一\n✓ marks  二\n"

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no such thing"])
    def test_a_stream_that_lacks_the_signs_gets_others(self, encoding: str) -> None:
        assert [line[0] for line in report(FOUND, encoding).splitlines()] == [*"+- ! x "]

    @pytest.mark.parametrize("encoding", ["gb18030", "UTF-8"])
    def test_a_stream_that_has_them_gets_them(self, encoding: str) -> None:
        assert report(FOUND, encoding)[0] == "✓"

    def test_nothing_found_is_nothing_said(self) -> None:
        assert report([]) == ""

    def test_a_path_cannot_steer_the_terminal_nor_break_the_line(self) -> None:
        evil = "/tmp/\x1b[2J\x9b31m\n\u202eevil\ud800"
        text = report([Finding("marks", Severity.FAULT, evil, evil)])
        assert text.count("\n") == 2
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        text.encode()

    def test_findings_may_come_one_by_one(self) -> None:
        assert report(iter(FOUND)) == report(FOUND)


def test_only_a_fault_fails() -> None:
    assert exit_code([]) == 0
    assert exit_code(FOUND[:3]) == 0
    assert exit_code(iter(FOUND)) == 1


class TestVersions:
    def test_all_that_it_stands_on(self) -> None:
        told = {finding.subject: finding.text for finding in versions()}
        assert told["digest-tui"] == metadata.version("digest-tui")
        assert told["Textual"] == metadata.version("textual")
        assert told["TinyDB"] == metadata.version("tinydb")
        assert sys.version.split()[0] in told["Python"]
        assert told["SQLite"] == f"{sqlite3.sqlite_version} with FTS5"
        assert exit_code(versions()) == 0

    def test_a_package_that_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "_PACKAGES", {"Textual": "no-such-package-here"})
        missing = versions()[0]
        assert missing.severity is Severity.FAULT
        assert missing.text == "the package no-such-package-here is not installed"
        assert missing.advice

    def test_sqlite_without_fts5(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Poor(sqlite3.Connection):
            def execute(self, *_: object) -> sqlite3.Cursor:
                raise sqlite3.OperationalError("no such module: fts5")

        connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda name: connect(name, factory=Poor))
        assert versions()[-1].severity is Severity.FAULT
        assert "without FTS5" in versions()[-1].text

    def test_python_without_sqlite(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "sqlite3", None)
        assert versions()[-1].severity is Severity.FAULT
        assert "without SQLite" in versions()[-1].text


def here() -> MarksPlace:
    """Where the marks are if nothing is set."""
    return marks_place(pytest.fail)


def place(subject: str) -> Finding:
    (finding,) = (finding for finding in places(here()) if finding.subject == subject)
    return finding


class TestPlaces:
    def test_every_place_is_told_before_anything_is_there(self) -> None:
        told = [finding.text for finding in places(here())]
        every = [
            locations.marks_dir(), locations.data_dir() / "backups", locations.sources_file(),
            locations.fetched_dir(), locations.translations_dir(),
            locations.views_file(), locations.settings_file(), locations.catalogue_file(),
            locations.cache_dir(), locations.place_file(), locations.history_file(),
            locations.log_file(), locations.state_dir(),
        ]  # fmt: skip
        assert sorted(told) == sorted(f"{path}, not there yet" for path in every)
        assert {finding.severity for finding in places(here())} == {Severity.NOTE}
        assert not any(path.exists() for path in every)

    def test_sizes_of_files_and_folders(self, tmp_path: Path) -> None:
        state = locations.state_dir()
        (state / "old").mkdir(parents=True)
        locations.log_file().write_bytes(b"x" * 1500)
        (state / "old" / "log").write_bytes(b"x" * 600)
        (tmp_path / "large").write_bytes(b"x" * 10_000)
        (state / "link").symlink_to(tmp_path)
        link = len(os.fsencode(tmp_path))
        assert place("log at").text == f"{locations.log_file()}, 1.5 kB"
        size = f"{(2100 + link) / 1000:.1f} kB"
        assert place("state folder").text == f"{state}, 3 files, {size}"
        assert place("state folder").severity is Severity.GOOD

    def test_a_file_where_the_folder_should_be(self) -> None:
        state = locations.state_dir()
        state.parent.mkdir(parents=True)
        state.write_bytes(b"")
        assert place("log at").text == f"{locations.log_file()}, not there yet"

    def test_the_folder_of_the_marks_is_the_one_of_the_settings(self, tmp_path: Path) -> None:
        settings = locations.settings_file()
        settings.parent.mkdir(parents=True)
        settings.write_text(f'marks_dir = "{tmp_path}/sync"')
        (tmp_path / "sync").mkdir()
        (tmp_path / "sync" / "laptop-a.json").write_bytes(b"x" * 12)
        assert place("marks at").text == f"{tmp_path}/sync, 1 file, 12 bytes"
        (setting,) = settings_findings(here(), [])
        assert setting.severity is Severity.GOOD
        assert setting.text == f"marks_dir is {tmp_path}/sync"

    def test_a_place_that_cannot_be_looked_at(self) -> None:
        path = locations.marks_dir()
        path.parent.mkdir(parents=True)
        path.symlink_to(path)
        found = place("marks at")
        assert found.severity is Severity.WARNING
        assert found.text.startswith(f"{path} cannot be looked at (")
        assert found.advice


class TestSettings:
    def test_nothing_is_set(self) -> None:
        assert list(settings_findings(here(), [])) == []

    def test_a_file_that_is_not_understood(self) -> None:
        settings = locations.settings_file()
        settings.parent.mkdir(parents=True)
        settings.write_text("marks_dir = ~/sync")
        notices: list[str] = []
        (wrong,) = settings_findings(marks_place(notices.append), notices)
        assert wrong.severity is Severity.WARNING
        assert wrong.text.startswith(f"{settings}:1: text stands in quotes: marks_dir = ")
        assert wrong.advice

    def test_what_the_settings_command_finds_is_found_here_too(self) -> None:
        settings = locations.settings_file()
        settings.parent.mkdir(parents=True)
        settings.write_text(
            'theme = "nrod"\n[keys]\n"mark.strar" = "x"\n"mark.star" = "f9"\n"note.edit" = "f9"\n'
        )
        begun = f"{settings}:"
        every = [one.text for one in findings()]
        told = [text.removeprefix(begun) for text in every if text.startswith(begun)]
        assert [text.split(" ")[:2] for text in told] == [
            ["1:", "theme:"],
            ["3:", "keys.mark.strar:"],
            ["5:", "keys.note.edit:"],
        ]


@pytest.mark.parametrize(
    ("environ", "setting"),
    [
        ({}, "settings. "),
        ({"XTERM_VERSION": "XTerm(390)"}, "settings: start xterm with +cjk_width. "),
    ],
)
def test_where_ambiguous_characters_are_wide_the_terminal_or_the_reader_can_adapt(
    environ: dict[str, str], setting: str
) -> None:
    advice = width_findings(dict.fromkeys("中★●…—α", 2), environ)[1].advice
    assert advice.endswith(f"terminal's {setting}Or press W in the reader.")


def test_it_works_without_textual() -> None:
    code = """if True:
        import sys
        from tui.doctor import places, report, versions
        from tui.marks_place import marks_place
        report([*versions(), *places(marks_place(print))])
        sys.exit("textual" in sys.modules or "tinydb" in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

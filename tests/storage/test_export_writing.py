"""Exports on disk: whole or not at all, and never over what is the reader's."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.export.writing import (
    ExportError,
    FileThereError,
    Notes,
    check_folder,
    check_target,
    whole_place_of,
    write_file,
    write_notes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class TestPlace:
    def test_a_name_is_a_whole_path(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert whole_place_of("a b.bib") == tmp_path / "a b.bib"
        assert whole_place_of("~/x.bib") == Path.home() / "x.bib"

    def test_without_a_current_folder_only_whole_names_are_places(self, tmp_path, monkeypatch):
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert whole_place_of("~/x.bib") == Path.home() / "x.bib"
        with pytest.raises(ExportError, match=r"^x\.bib: the folder that .* is gone; begin "):
            whole_place_of("x.bib")


class TestFile:
    def test_is_written_as_it_is(self, tmp_path):
        write_file(tmp_path / "x.bib", ["é中", "\r\n", "b\n"])
        assert (tmp_path / "x.bib").read_bytes() == "é中\r\nb\n".encode()
        assert names(tmp_path) == ["x.bib"]

    def test_has_the_mode_of_any_new_file(self, tmp_path):
        write_file(tmp_path / "x", ["a"])
        (tmp_path / "y").touch()
        assert (tmp_path / "x").stat().st_mode == (tmp_path / "y").stat().st_mode

    def test_is_not_written_over_unasked(self, tmp_path):
        target = tmp_path / "x"
        target.write_text("mine")
        with pytest.raises(
            FileThereError, match=r"x: there is such a file already; it is untouched\."
        ):
            write_file(target, ["a"])
        assert target.read_text() == "mine"

    def test_is_written_over_when_asked_and_keeps_its_mode(self, tmp_path):
        target = tmp_path / "x"
        target.write_text("mine")
        target.chmod(0o640)
        write_file(target, ["a"], force=True)
        assert target.read_text() == "a"
        assert stat.S_IMODE(target.stat().st_mode) == 0o640

    def test_that_came_meanwhile_is_not_written_over(self, tmp_path):
        target = tmp_path / "x"

        def pieces() -> Iterator[str]:
            yield "a"
            target.write_text("another's")

        with pytest.raises(FileThereError):
            write_file(target, pieces())
        assert target.read_text() == "another's"
        assert names(tmp_path) == ["x"]

    def test_a_link_stays_one(self, tmp_path):
        (tmp_path / "there").mkdir()
        target = tmp_path / "there" / "x"
        target.write_text("old")
        (tmp_path / "link").symlink_to(target)
        write_file(tmp_path / "link", ["new"], force=True)
        assert (tmp_path / "link").is_symlink()
        assert target.read_text() == "new"

    @pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError])
    def test_nothing_half_written_remains(self, tmp_path, end):
        target = tmp_path / "x"
        target.write_text("mine")

        def pieces() -> Iterator[str]:
            yield "a" * 100_000
            raise end

        with pytest.raises(end):
            write_file(target, pieces(), force=True)
        assert target.read_text() == "mine"
        assert names(tmp_path) == ["x"]

    def test_a_full_disk_is_told_and_leaves_nothing(self, tmp_path):
        target = tmp_path / "x"
        target.write_text("mine")
        # A disk that takes no more than 64 KiB of a file, in a process of its own.
        program = (
            "import resource, signal, sys\nfrom pathlib import Path\n"
            "from storage.export.writing import ExportError, write_file\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
            "try:\n    write_file(Path(sys.argv[1]), ['a' * 10_000] * 10, force=True)\n"
            "except ExportError as error:\n    print(error)\n"
        )
        ran = subprocess.run(
            [sys.executable, "-c", program, target],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        assert ran.stdout == (
            f"{target}: the export could not be written (File too large), and nothing"
            " half-written is left; free some space, then export again.\n"
        )
        assert target.read_text() == "mine"
        assert names(tmp_path) == ["x"]

    def test_what_killed_runs_left_goes_after_a_day_and_nothing_else(self, tmp_path):
        old, fresh, mine = ".digest-tui-0a1b.new", ".digest-tui-99.new", ".digest-tui-plan.new"
        for name in (old, fresh, mine):
            (tmp_path / name).touch()
        (tmp_path / ".digest-tui-77.new").mkdir()
        (tmp_path / ".digest-tui-88.new").symlink_to(tmp_path / mine)
        for name in (old, mine, ".digest-tui-77.new"):
            os.utime(tmp_path / name, (time.time() - 90_000,) * 2)
        os.utime(tmp_path / ".digest-tui-88.new", (1, 1), follow_symlinks=False)
        write_file(tmp_path / "x", ["a"])
        kept = [".digest-tui-77.new", ".digest-tui-88.new", fresh, mine, "x"]
        assert names(tmp_path) == sorted(kept)
        os.utime(tmp_path / fresh, (1, 1))
        write_notes(tmp_path, [("a.md", "1")])
        assert names(tmp_path) == sorted({*kept, "a.md"} - {fresh})

    def test_two_at_once_in_one_process_do_not_meet(self, tmp_path):
        def pieces() -> Iterator[str]:
            yield "outer"
            write_file(tmp_path / "y", ["inner"])
            yield " end"

        write_file(tmp_path / "x", pieces())
        assert (tmp_path / "x").read_text() == "outer end"
        assert (tmp_path / "y").read_text() == "inner"
        assert names(tmp_path) == ["x", "y"]

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
    def test_a_device_is_not_replaced(self):
        with pytest.raises(ExportError, match="this is no ordinary file"):
            write_file(Path("/dev/full"), ["a"], force=True)

    def test_a_read_only_place_is_told(self, tmp_path, monkeypatch):
        def refuse(*_: object) -> int:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(ExportError, match=r"\(Read-only file system\).*make the disk writable"):
            write_file(tmp_path / "x", ["a"])

    def test_a_folder_and_a_missing_folder_are_told(self, tmp_path):
        with pytest.raises(ExportError, match="this is a folder; name a file in it"):
            check_target(tmp_path, force=True)
        with pytest.raises(ExportError, match=r"there is no folder .*/gone; make it"):
            check_target(tmp_path / "gone" / "x")

    def test_a_folder_that_went_meanwhile_is_told(self, tmp_path):
        folder = tmp_path / "f"
        folder.mkdir()

        def pieces() -> Iterator[str]:
            yield "a"
            (tmp_path / "f").rename(tmp_path / "g")

        with pytest.raises(ExportError, match="bring its folder back"):
            write_file(folder / "x", pieces())

    def test_a_name_that_is_too_long_is_told(self, tmp_path):
        with pytest.raises(ExportError, match="File name too long"):
            write_file(tmp_path / ("x" * 300), ["a"])

    def test_a_name_as_long_as_can_be_is_fine(self, tmp_path):
        write_file(tmp_path / ("x" * 255), ["a"])
        assert names(tmp_path) == ["x" * 255]

    def test_a_disk_without_links_is_fine(self, tmp_path, monkeypatch):
        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", refuse)
        write_file(tmp_path / "x", ["a"])
        assert names(tmp_path) == ["x"]

    def test_half_a_character_does_not_stop_it(self, tmp_path):
        write_file(tmp_path / "x", ["a\ud83d"])
        assert (tmp_path / "x").read_bytes() == b"a?"


class TestNotes:
    def test_each_is_a_file(self, tmp_path):
        done = write_notes(tmp_path / "n", [("a.md", "1"), ("b.md", "缝")])
        assert done == Notes(written=2)
        assert (tmp_path / "n" / "b.md").read_text("utf-8") == "缝"
        assert names(tmp_path / "n") == ["a.md", "b.md"]

    def test_those_that_were_changed_stay(self, tmp_path):
        (tmp_path / "a.md").write_text("mine")
        (tmp_path / "b.md").write_text("2")
        done = write_notes(tmp_path, [("a.md", "1"), ("b.md", "2"), ("c.md", "3")])
        assert done == Notes(written=1, same=1, kept=1)
        assert (tmp_path / "a.md").read_text() == "mine"

    def test_unless_it_is_asked_for(self, tmp_path):
        (tmp_path / "a.md").write_text("mine")
        assert write_notes(tmp_path, [("a.md", "1")], force=True) == Notes(written=1)
        assert (tmp_path / "a.md").read_text() == "1"

    def test_a_file_in_their_place_and_a_missing_folder_are_told(self, tmp_path):
        (tmp_path / "f").touch()
        with pytest.raises(ExportError, match="this is a file; notes are written into a folder"):
            check_folder(tmp_path / "f")
        with pytest.raises(ExportError, match="there is no folder"):
            write_notes(tmp_path / "gone" / "n", [])

    def test_a_folder_in_place_of_one_is_told_and_the_others_are_whole(self, tmp_path):
        (tmp_path / "b.md").mkdir()
        with pytest.raises(ExportError, match=r"b\.md: the export could not be written"):
            write_notes(tmp_path, [("a.md", "1"), ("b.md", "2")])
        assert names(tmp_path) == ["a.md", "b.md"]

    def test_what_was_written_before_the_end_is_whole(self, tmp_path):
        def notes() -> Iterator[tuple[str, str]]:
            yield "a.md", "1"
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_notes(tmp_path, notes())
        assert names(tmp_path) == ["a.md"]

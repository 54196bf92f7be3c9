from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from storage import locations

if TYPE_CHECKING:
    from pathlib import Path


def test_marks_lie_under_the_xdg_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert locations.marks_dir() == tmp_path / "data" / "digest-tui" / "marks"
    assert locations.first_marks_file() == tmp_path / "data" / "digest-tui" / "marks.json"


def test_the_reader_s_own_lists_lie_beside_the_marks() -> None:
    folder = locations.marks_dir().parent
    assert locations.sources_file() == folder / "sources.json"
    assert locations.views_file() == folder / "views.json"


def test_the_catalogue_lies_in_the_xdg_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert locations.cache_dir() == tmp_path / "cache" / "digest-tui"
    assert locations.catalogue_file() == tmp_path / "cache" / "digest-tui" / "library.sqlite3"


def test_log_and_place_lie_in_the_xdg_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert locations.state_dir() == tmp_path / "state" / "digest-tui"
    assert locations.log_file().parent == locations.state_dir()
    assert locations.place_file() == tmp_path / "state" / "digest-tui" / "place.json"


@pytest.mark.skipif(sys.platform != "linux", reason="the folders' own places differ elsewhere")
def test_without_xdg_variables_the_home_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert locations.marks_dir() == tmp_path / ".local/share/digest-tui/marks"
    assert locations.state_dir() == tmp_path / ".local/state/digest-tui"
    assert locations.catalogue_file() == tmp_path / ".cache/digest-tui/library.sqlite3"


def test_asking_for_a_place_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for ask in (
        locations.marks_dir,
        locations.settings_file,
        locations.history_file,
        locations.sources_file,
        locations.views_file,
        locations.catalogue_file,
        locations.log_file,
        locations.place_file,
    ):
        ask()
    assert list(tmp_path.iterdir()) == []


def test_importing_does_not_import_platformdirs() -> None:
    code = "import sys, storage.locations; sys.exit('platformdirs' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_library_can_be_elsewhere_without_marks_and_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "_library", None)
    usual = locations.data_dir()
    assert locations.library_dir() == usual
    kept = (locations.marks_dir(), locations.place_file(), locations.log_file(), usual)
    made = (locations.catalogue_file(), locations.fetch_record_file(), locations.repositories_dir())
    locations.place_library(tmp_path / "library")
    for ask, name in (
        (locations.sources_file, "sources.json"),
        (locations.views_file, "views.json"),
        (locations.fetched_dir, "fetched"),
        (locations.translations_dir, "translations"),
    ):
        assert ask() == tmp_path / "library" / name
    assert kept == (
        locations.marks_dir(), locations.place_file(), locations.log_file(), locations.data_dir()
    )  # fmt: skip
    # What is made from one library is not taken for another's.
    here = (locations.catalogue_file(), locations.fetch_record_file(), locations.repositories_dir())
    assert [path.name for path in here] == [path.name for path in made]
    assert [path.parent.parent for path in here] == [path.parent for path in made]
    locations.place_library(tmp_path / "another")
    assert locations.catalogue_file() not in (here[0], made[0])
    for folder in (None, usual):
        locations.place_library(folder)
        assert locations.sources_file() == usual / "sources.json"
        assert locations.catalogue_file() == made[0]


def test_the_usual_library_is_the_usual_one_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locations, "_library", None)
    usual, made = locations.data_dir(), locations.catalogue_file()
    (tmp_path / "link").symlink_to(usual)
    for folder in (usual / ".." / usual.name, tmp_path / "link", usual / "."):
        locations.place_library(folder)
        assert locations.library_dir() == usual
        assert locations.catalogue_file() == made
    locations.place_library(usual / "..")
    assert locations.library_dir() == usual / ".."

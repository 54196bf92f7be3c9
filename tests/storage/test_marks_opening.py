"""Opening the marks: this device's name, and the folder that the user chose."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import MarksError
from storage.marks.opening import MarksPlace, open_marks
from storage.marks.sharing import device as device_module
from storage.marks.sharing.device import device_name
from tests.storage.marking import LASP, star

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that holds this machine's number, as /etc/machine-id does."""
    path = tmp_path / "machine-id"
    path.write_text("0123456789abcdef0123456789abcdef\n")
    monkeypatch.setattr(device_module, "_MACHINE_IDS", (str(tmp_path / "none"), str(path)))
    monkeypatch.setattr("platform.node", lambda: "Ann's Laptop.example.org")
    return path


def test_a_name_is_made_up_once_and_kept(tmp_path: Path, machine: Path) -> None:
    path = tmp_path / "data" / "device.json"
    name = device_name(path)
    assert re.fullmatch(r"ann-s-laptop-[a-z2-9]{4}", name)
    before = path.read_bytes()
    assert device_name(path) == device_name(path) == name
    assert path.read_bytes() == before


def test_two_processes_make_up_one_name(tmp_path: Path) -> None:
    path = tmp_path / "data" / "device.json"
    code = f"""if True:
        from pathlib import Path
        from storage.marks.sharing.device import device_name
        print(device_name(Path({str(path)!r})))"""
    command = [sys.executable, "-c", code]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT) for _ in range(3)
    ]
    assert len({run.communicate(timeout=30)[0] for run in runs}) == 1


def test_another_machine_that_shares_the_home_has_a_name_of_its_own(
    tmp_path: Path, machine: Path
) -> None:
    path = tmp_path / "device.json"
    name = device_name(path)
    machine.write_text("fedcba9876543210fedcba9876543210\n")
    other = device_name(path)
    assert other != name
    machine.write_text("0123456789abcdef0123456789abcdef\n")
    assert device_name(path) == name
    assert set(json.loads(path.read_text("utf-8"))["devices"].values()) == {name, other}


@pytest.mark.parametrize("name", ["", "../elsewhere", "a.b", "UPPER", "a\nb", 7, None])
def test_a_name_that_is_none_is_made_up_anew(tmp_path: Path, machine: Path, name: object) -> None:
    path = tmp_path / "device.json"
    machines = {"m": "desk-2345"}
    device_name(path)
    (own,) = json.loads(path.read_text("utf-8"))["devices"]
    path.write_text(json.dumps({"schema": 1, "devices": {own: name} | machines}), "utf-8")
    found = device_name(path)
    assert re.fullmatch(r"ann-s-laptop-[a-z2-9]{4}", found)
    assert json.loads(path.read_text("utf-8"))["devices"] == {own: found} | machines


@pytest.mark.parametrize("host", ["", "...", "笔记本", "-"])
def test_a_host_without_a_name(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr("platform.node", lambda: host)
    assert re.fullmatch(r"device-[a-z2-9]{4}", device_name(tmp_path / "device.json"))


def test_a_damaged_file_is_kept_and_a_new_name_made_up(tmp_path: Path, machine: Path) -> None:
    path = tmp_path / "device.json"
    path.write_bytes(b"torn")
    name = device_name(path)
    assert device_name(path) == name
    (aside,) = tmp_path.glob("device.json.damaged-*")
    assert aside.read_bytes() == b"torn"


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path)])
def test_where_no_name_can_be_kept_it_is_always_the_same(
    tmp_path: Path, machine: Path, make: object
) -> None:
    path = tmp_path / "device.json"
    make(path)  # type: ignore[operator]
    name = device_name(path)
    assert re.fullmatch(r"ann-s-laptop-[0-9a-f]{8}", name)
    assert device_name(path) == name
    machine.write_text("fedcba9876543210fedcba9876543210\n")
    assert device_name(path) != name


def test_marks_survive_that_the_name_is_lost(tmp_path: Path, machine: Path) -> None:
    """The files under the old name are another device's from then on."""
    place = MarksPlace(tmp_path / "marks", tmp_path)
    open_marks(place)[0].apply([star(LASP)])
    (tmp_path / "device.json").unlink()
    store, tidying = open_marks(place)
    assert store.get(LASP).starred
    store.apply([star(LASP, value=False)])
    tidying.run()
    assert not open_marks(place)[0].get(LASP).starred
    assert len({path.name.split(".")[0] for path in (tmp_path / "marks").iterdir()}) == 2


def test_a_chosen_folder_that_is_not_there(tmp_path: Path) -> None:
    place = MarksPlace(
        tmp_path / "disk" / "marks", tmp_path / "home", "laptop-test", is_chosen=True
    )
    with pytest.raises(MarksError, match=r"disk/marks: .*is not there.*bring it back"):
        open_marks(place)
    assert list(tmp_path.iterdir()) == []
    # The folder itself may be made, where the one above it is there.
    (tmp_path / "disk").mkdir()
    open_marks(place)[0].apply([star(LASP)])
    assert open_marks(place)[0].get(LASP).starred
    # The one that is not chosen is made with all above it.
    usual = MarksPlace(tmp_path / "data" / "digest-tui" / "marks", tmp_path / "data", "laptop-test")
    open_marks(usual)[0].apply([star(LASP)])
    assert open_marks(usual)[0].get(LASP).starred


def test_locks_and_names_are_not_in_the_folder_that_is_shared(
    tmp_path: Path, machine: Path
) -> None:
    place = MarksPlace(tmp_path / "marks", tmp_path / "home")
    store, tidying = open_marks(place)
    store.apply([star(LASP)])
    tidying.run()
    assert {path.suffix for path in place.folder.iterdir()} == {".json", ".journal"}
    assert len(list(place.folder.iterdir())) == 2
    assert place.lock.is_relative_to(tmp_path / "home")

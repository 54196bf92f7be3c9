"""Two machines, each with a home of its own, over one folder of marks; in real terminals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import write_digest
from tests.e2e.program import NO_DWELLING, begin_note, escape, launch
from tests.marks import marks_on_disk

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


def machine(folder: Path, name: str, shared: Path) -> dict[str, str]:
    """Make a home whose settings name the shared folder; return its environment."""
    home = folder / name
    settings = home / "config" / "digest-tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'marks_dir = "{shared}"\n', "utf-8")
    places = ("config", "data", "state", "cache")
    return {f"XDG_{place.upper()}_HOME": str(home / place) for place in places}


def test_two_machines_over_one_folder(tmp_path: Path) -> None:
    digest = write_digest(tmp_path / "cs.LG" / "2024-04-04T0909_0a1b2c.md")
    shared = tmp_path / "synced" / "marks"
    shared.parent.mkdir()
    laptop, server = (machine(tmp_path, name, shared) for name in ("laptop", "server"))
    with (
        launch(NO_DWELLING, digest, env=laptop, size=(140, 40)) as one,
        launch(NO_DWELLING, digest, env=server, size=(140, 40)) as other,
    ):
        one.wait_for("4 unread")
        other.wait_for("4 unread")
        one.send("s")
        one.wait_for("1706.03762 starred")
        other.wait_for("★ 1", timeout=3)
        # Each begins before the other has saved.
        begin_note(one)
        begin_note(other)
        one.send("from the laptop")
        other.send("在服务器上写的")
        for terminal in (one, other):
            terminal.wait_for("note saved")
            terminal.send("<esc>")
        for terminal in (one, other):
            terminal.wait_for("from the laptop")
            terminal.wait_for("在服务器上写的")
            terminal.wait_for("2 versions, e merges")
            assert len(re.findall("———— ", terminal.text())) == 2
        begin_note(one)
        one.send("!")
        one.wait_for("note saved")
        escape(one, "saved by itself as you type")
        one.send("q")
        assert one.wait_exit() == 0
        other.wait_for("from the laptop!|在服务器上写的!")
        other.wait_for("│ *Notes")
        other.send("q")
        assert other.wait_exit() == 0
    devices = {path.name.split(".")[0] for path in shared.iterdir()}
    assert len(devices) == 2
    for device in devices:
        marks = marks_on_disk(shared, device)["1706.03762"]
        assert marks["starred"] is True
        assert marks["note"].endswith("!")
        assert "notes" not in marks

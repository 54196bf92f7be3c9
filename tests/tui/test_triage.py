"""Triage by keyboard: what each key does to the screen and to the disk."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.errors import MarksError
from storage.marks import MarkChange, MarkField
from tests.marks import store_in
from tests.tui.papers import ADAM, ATTENTION, PUSH, RICCI
from tests.tui.reader import reading

if TYPE_CHECKING:
    from pathlib import Path


async def test_read_and_go_on_is_on_disk_and_on_the_screen(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        assert reader.rows[0].startswith(" ●")
        await reader.press("r")
        assert reader.on_disk(ATTENTION)["read"] is True
        time, device = reader.on_disk(ATTENTION)["read_at"].split(" ")
        assert datetime.fromisoformat(time).tzinfo is not None
        assert device == "laptop-test"
        assert "●" not in reader.rows[0]
        assert reader.table.current == ADAM
        assert "4 unread" in reader.status
        assert reader.hint == f"{ATTENTION} read"


async def test_star_toggles(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s")
        assert reader.on_disk(ATTENTION)["starred"] is True
        assert "★" in reader.rows[0]
        assert "★ 1" in reader.status
        await reader.press("s")
        assert reader.on_disk(ATTENTION)["starred"] is False
        assert "★" not in reader.rows[0]


async def test_two_quick_stars_are_none(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.pilot.press("s", "s")
        await reader.settle()
        assert not reader.on_disk(ATTENTION).get("starred")
        assert "★" not in reader.rows[0]


async def test_unread_again(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("r", "k", "u")
        assert reader.on_disk(ATTENTION)["read"] is False
        assert "●" in reader.rows[0]


async def test_all_listed_read_is_one_step_to_undo(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("A")
        assert "0 unread" in reader.status
        assert all(reader.on_disk(key)["read"] for key in (ATTENTION, ADAM, PUSH, RICCI))
        await reader.press("ctrl+z")
        assert "5 unread" in reader.status
        assert not any(reader.on_disk(key)["read"] for key in (ATTENTION, ADAM, PUSH, RICCI))
        await reader.press("U")
        assert "0 unread" in reader.status


@pytest.mark.parametrize(
    ("keys", "field", "set_to"),
    [(("r",), "read", True), (("s",), "starred", True)],
)
async def test_each_change_is_undone_and_redone(
    tmp_path: Path, keys: tuple[str, ...], field: str, set_to: object
) -> None:
    async with reading(tmp_path) as reader:
        await reader.press(*keys)
        assert reader.on_disk(ATTENTION)[field] == set_to
        await reader.press("ctrl+z")
        assert reader.on_disk(ATTENTION)[field] != set_to
        await reader.press("ctrl+shift+z")
        assert reader.on_disk(ATTENTION)[field] == set_to


async def test_undo_goes_back_step_by_step(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s", "j", "s", "j", "s")
        await reader.pilot.press("ctrl+z", "ctrl+z")
        await reader.settle()
        starred = [reader.on_disk(key).get("starred") for key in (ATTENTION, ADAM, PUSH)]
        assert starred == [True, False, False]


async def test_nothing_to_undo_is_said(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == "nothing to undo"


async def test_a_range_is_marked_at_once(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "v", "j", "j")
        assert "3 selected" in reader.status
        await reader.press("s")
        starred = [bool(reader.on_disk(k).get("starred")) for k in (ATTENTION, ADAM, PUSH, RICCI)]
        assert starred == [False, True, True, True]
        assert not reader.table.selecting
        await reader.press("ctrl+z")
        assert "★" not in "".join(reader.rows)


async def test_escape_ends_a_range(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("v", "j", "escape", "s")
        assert not reader.on_disk(ATTENTION)
        assert reader.on_disk(ADAM)["starred"] is True


async def test_next_and_previous_unread_skip_the_read(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "r", "r", "g")
        await reader.press("n")
        assert reader.table.current == RICCI
        await reader.press("p")
        assert reader.table.current == ATTENTION
        await reader.press("p")
        assert reader.table.current == ATTENTION
        assert reader.hint == "no unread paper above"


async def test_enter_reads_and_goes_into_the_detail(tmp_path: Path) -> None:
    async with reading(tmp_path, size=(140, 16)) as reader:
        await reader.press("enter")
        assert reader.on_disk(ATTENTION)["read"] is True
        assert reader.detail.has_focus
        await reader.press("j")
        assert reader.table.current == ATTENTION
        assert reader.detail.scroll_offset.y == 1
        await reader.press("escape", "j")
        assert reader.table.current == ADAM


async def test_dwelling_reads_but_passing_over_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.settings.Settings.dwell_seconds", 0.2)
    async with reading(tmp_path) as reader:
        await reader.pilot.press("j", "j")
        await reader.pilot.pause(0.6)
        await reader.settle()
        assert reader.on_disk(PUSH)["read"] is True
        assert not reader.on_disk(ADAM)
        # The first paper was on the screen all the while, but nobody had touched a key.
        assert not reader.on_disk(ATTENTION)
        await reader.press("ctrl+z")
        assert reader.hint == "nothing to undo"


async def test_unread_stays_unread_while_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.settings.Settings.dwell_seconds", 0.2)
    async with reading(tmp_path) as reader:
        await reader.pilot.press("j")
        await reader.pilot.pause(0.5)
        await reader.settle()
        await reader.press("u")
        await reader.pilot.pause(0.5)
        await reader.settle()
        assert reader.on_disk(ADAM)["read"] is False


async def test_a_paper_read_in_one_digest_is_read_in_all(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("j", "j", "r")
        assert reader.on_disk(PUSH)["read"] is True
        await reader.press("d", *"stat.ml", "enter")
        assert reader.rows[0].find("push-forward") > 0
        assert "●" not in reader.rows[0]
        assert "stat.ML" in reader.status


async def test_a_failed_write_repaints_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise MarksError("the marks cannot be written: the disk is full; free some space")

    store = store_in(tmp_path)
    monkeypatch.setattr(store, "apply", refuse)
    async with reading(tmp_path, store=store) as reader:
        before = reader.rows
        await reader.press("s")
        assert "the disk is full" in reader.hint
        assert reader.rows == before
        assert not reader.on_disk(ATTENTION)
        await reader.press("ctrl+z")
        assert reader.hint == "nothing to undo"


async def test_marks_of_the_last_run_are_there(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s", "r")
    async with reading(tmp_path) as reader:
        assert "★" in reader.rows[0]
        assert "●" not in reader.rows[0]
        assert "4 unread" in reader.status


async def test_another_instances_marks_appear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.WATCH_MARKS", 0.1)
    async with reading(tmp_path) as reader:
        await reader.press("j")
        other = store_in(reader.path.parent)
        other.apply([MarkChange(PUSH, MarkField.STARRED, value=True)])
        await reader.until(lambda: "★" in reader.rows[2])
        assert reader.table.current == ADAM


async def test_marks_found_damaged_are_set_aside_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.WATCH_MARKS", 0.05)
    (tmp_path / "marks.json").write_text('{"papers": {"240', "utf-8")
    async with reading(tmp_path) as reader:
        await reader.until(lambda: "marks.json.damaged-" in reader.hint)
    assert [path.read_text("utf-8") for path in tmp_path.glob("*.damaged-*")] == [
        '{"papers": {"240'
    ]


async def test_marks_damaged_while_open_are_named_and_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.controllers.refreshing.WATCH_MARKS", 0.05)
    async with reading(tmp_path) as reader:
        await reader.press("s")
        (journal,) = reader.path.iterdir()
        journal.write_text("not ours any more", "utf-8")
        await reader.press("j", "s")
        await reader.until(
            lambda: any(f"damage in {journal.name}" in str(p) for p in reader.session.problems())
        )
        assert reader.on_disk(ATTENTION)["starred"] is True
        assert reader.on_disk(ADAM)["starred"] is True
        (aside,) = reader.path.glob("*.damaged-*")
        assert aside.read_text("utf-8").startswith("not ours any more")

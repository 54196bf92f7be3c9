"""Undo and redo, in one run and in the next, beside others who change the same marks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import MarksError
from storage.model import PaperKey
from tests.tui.papers import ADAM, ATTENTION, PUSH, RICCI, many
from tests.tui.reader import reading
from tui.run import _save_rest
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.tui.reader import Reader

FIRST, SECOND = PaperKey("2401.00001"), PaperKey("2401.00002")


@asynccontextmanager
async def run(folder: Path, *digests: Any, **given: Any) -> AsyncIterator[Reader]:
    """One run of several over the same folder."""
    given |= {"history_path": folder / "history.journal"}
    if digests:
        given["digests"] = digests
    async with reading(folder, **given) as reader:
        yield reader


def starred(reader: Reader) -> list[bool]:
    return [bool(reader.on_disk(k).get("starred")) for k in (ATTENTION, ADAM, PUSH, RICCI)]


async def test_the_next_run_undoes_and_redoes_as_this_one_would(tmp_path: Path) -> None:
    digest = many(100)
    keys = [entry.key for entry in digest.entries]
    async with run(tmp_path, digest) as reader:
        await reader.press("s", "A")
        assert "0 unread" in reader.status
    async with run(tmp_path, digest) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == "undone: 100 papers read"
        assert "100 unread  ★ 1" in reader.status
        assert "●" in reader.rows[0]
        assert "★" in reader.rows[0]
        assert not any(reader.on_disk(keys[at])["read"] for at in (0, 1, 50, 99))
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: {FIRST} starred"
        assert "★" not in reader.rows[0]
        assert reader.on_disk(FIRST)["starred"] is False
        await reader.press("ctrl+shift+z")
        assert reader.hint == f"redone: {FIRST} starred"
        assert "★" in reader.rows[0]
        assert reader.on_disk(FIRST)["starred"] is True
    async with run(tmp_path, digest) as reader:
        await reader.press("U")
        assert reader.hint == "redone: 100 papers read"
        assert "0 unread" in reader.status
        assert all(reader.on_disk(keys[at])["read"] for at in (0, 1, 50, 99))
        await reader.press("U")
        assert reader.hint == "nothing to redo"


async def test_a_new_step_ends_redo_of_the_last_run(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("s", "j", "s", "ctrl+z")
    async with run(tmp_path) as reader:
        await reader.press("G", "s", "U")
        assert reader.hint == "nothing to redo"
        await reader.press("ctrl+z", "ctrl+z")
        assert reader.hint == f"undone: {ATTENTION} starred"
        await reader.press("ctrl+z")
        assert reader.hint == "nothing to undo"


async def test_notes_are_undone_and_redone_in_the_next_run(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("e", *"first", "escape")
        await reader.press("e", "end", *"2", "escape")
    async with run(tmp_path) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: note on {ATTENTION}"
        assert reader.on_disk(ATTENTION)["note"] == "first"
        assert reader.app.query_one(NoteView).text == "first"
        await reader.press("ctrl+z")
        assert reader.on_disk(ATTENTION)["note"] == ""
        await reader.press("U", "U")
        assert reader.on_disk(ATTENTION)["note"] == "first2"
        assert reader.app.query_one(NoteView).text == "first2"


async def test_a_note_cut_short_by_the_end_is_a_step_of_the_last_run(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("s", "e", *"cut")
        # As the program does whatever ends it.
        assert _save_rest(reader.session) == []
    async with run(tmp_path) as reader:
        assert reader.on_disk(ATTENTION)["note"] == "cut"
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: note on {ATTENTION}"
        assert reader.on_disk(ATTENTION)["note"] == ""
        assert reader.on_disk(ATTENTION)["starred"] is True


async def test_undo_leaves_what_was_changed_elsewhere_since(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("v", "j", "j", "j", "s")
        assert starred(reader) == [True, True, True, True]
    # Another machine has a history of its own.
    async with reading(tmp_path) as other:
        await other.press("j", "s")
    async with run(tmp_path) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == "undone: 3 papers starred; 1 changed since and stays"
        assert starred(reader) == [False, False, False, False]
    async with reading(tmp_path) as other:
        await other.press("s", "j", "j", "s")
    async with run(tmp_path) as reader:
        # Only what was undone is redone, and of that only what is still so.
        await reader.press("U")
        assert reader.hint == f"redone: {RICCI} starred; 2 changed since and stay"
        assert starred(reader) == [True, False, True, True]
        assert ["★" in row for row in reader.rows[:4]] == [True, False, True, True]


async def test_undo_never_overwrites_another_s_note(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("s", "e", *"mine", "escape")
    async with reading(tmp_path) as other:
        await other.press("e", "end", *"+theirs", "escape")
    async with run(tmp_path) as reader:
        await reader.press("ctrl+z")
        told = f"not undone: note on {ATTENTION}; changed since and stays as it is"
        assert reader.hint == told
        assert reader.on_disk(ATTENTION)["note"] == "mine+theirs"
    async with run(tmp_path) as reader:
        # That was told and is done with.
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: {ATTENTION} starred"
        await reader.press("U", "U")
        assert reader.hint == "nothing to redo"
        assert reader.on_disk(ATTENTION)["note"] == "mine+theirs"


async def test_a_step_wholly_changed_since_is_told(tmp_path: Path) -> None:
    async with run(tmp_path) as reader:
        await reader.press("v", "j", "r")
    async with reading(tmp_path) as other:
        await other.press("g", "v", "j", "u")
    async with run(tmp_path) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == "not undone: 2 papers read; changed since and stay as they are"


async def test_two_readers_at_once_keep_the_steps_of_both(tmp_path: Path) -> None:
    async with run(tmp_path) as one:
        await one.press("s")
        async with run(tmp_path) as other:
            await other.press("j", "s")
        await one.press("G", "s")
        last = one.listed[-1]
    async with run(tmp_path) as reader:
        hints = []
        for _ in range(4):
            await reader.press("ctrl+z")
            hints.append(reader.hint)
    assert hints == [
        f"undone: {last} starred",
        f"undone: {ADAM} starred",
        f"undone: {ATTENTION} starred",
        "nothing to undo",
    ]


def refuse(changes: object) -> None:
    raise MarksError("marks.json cannot be written: no space left; free some")


@pytest.mark.parametrize("keys", [("s",), ("ctrl+z",), ("e", "x", "escape")])
async def test_what_was_not_written_is_no_step_of_any_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    async with run(tmp_path) as reader:
        await reader.press("r")
        with monkeypatch.context() as full:
            full.setattr(reader.session.store, "apply", refuse)
            await reader.press(*keys)
            assert "no space left" in reader.hint
        reader.session.draft.refused.clear()
    async with run(tmp_path) as reader:
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: {ATTENTION} read"
        await reader.press("ctrl+z")
        assert reader.hint == "nothing to undo"


async def test_a_refused_note_is_no_step_of_this_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with run(tmp_path) as reader:
        await reader.press("s")
        monkeypatch.setattr(reader.session.store, "apply", refuse)
        await reader.press("e", *"precious", "escape")
        monkeypatch.undo()
        await reader.press("ctrl+z")
        assert reader.hint == f"undone: {ATTENTION} starred"

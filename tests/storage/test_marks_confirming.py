"""What is confirmed is on disk and shown; what is not on disk is not confirmed."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from storage.errors import MarksError
from storage.marks import MarkChange, MarkField, files
from storage.marks.journaled import journal_file
from storage.marks.journaled.journal_file import JournalFile
from storage.model import PaperKey
from tests.marks import DEVICE, marks_on_disk, store_in

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.journaled.journal import Scan

LASP, OTHER = PaperKey("2404.02882"), PaperKey("2401.00001")


def star(key: PaperKey, is_starred: bool = True) -> list[MarkChange]:
    return [MarkChange(key, MarkField.STARRED, is_starred)]


def test_what_cannot_be_read_back_is_shown_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    store.apply(star(LASP))
    read_on = JournalFile.read_on
    was_written = False

    def sync(descriptor: int) -> None:
        nonlocal was_written
        real_sync(descriptor)
        was_written = True

    def failing(file: JournalFile, *, is_past: bool = False) -> Scan:
        if was_written:
            raise OSError(errno.EIO, "input/output error")
        return read_on(file, is_past=is_past)

    real_sync = files.sync
    with monkeypatch.context() as patch:
        patch.setattr(journal_file, "sync", sync)
        patch.setattr(JournalFile, "read_on", failing)
        store.apply(star(LASP, is_starred=False))
    assert was_written
    assert marks_on_disk(tmp_path / "marks")[LASP]["starred"] is False
    assert not store.get(LASP).starred
    # When it can be read again nothing is news, and what follows is kept too.
    assert store.refresh() == frozenset()
    store.apply(star(OTHER))
    assert not store.get(LASP).starred
    again = store_in(tmp_path)
    assert (again.get(LASP).starred, again.get(OTHER).starred) == (False, True)
    assert again.notices == store.notices == ()


def test_a_journal_that_was_replaced_amid_a_write_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_in(tmp_path)
    store.apply(star(LASP))
    journal = tmp_path / "marks" / f"{DEVICE}.1.journal"
    real_sync = files.sync

    def replacing(descriptor: int) -> None:
        real_sync(descriptor)
        copy = journal.with_suffix(".copy")
        copy.write_bytes(journal.read_bytes())
        copy.rename(journal)

    with monkeypatch.context() as patch:
        patch.setattr(journal_file, "sync", replacing)
        with pytest.raises(MarksError) as told:
            store.apply(star(OTHER))
    assert str(told.value) == (
        f"{journal}: the change is not saved (another program replaced it or took it away); what"
        " was saved before is kept; keep other programs from changing it and try again."
    )
    store.apply(star(OTHER))
    assert marks_on_disk(tmp_path / "marks")[OTHER]["starred"] is True

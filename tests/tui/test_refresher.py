"""The refresh in a process of its own: how its ends are told."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from storage.refresh.messages import decode_order
from storage.refresh.origin import Origin
from storage.refresh.outcome import NOTHING, Outcome
from storage.sources.places import Roots
from tui.refresher import RefreshProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def refresher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshProcess:
    """A refresh that never gets as far as to listen to signals."""
    program = tmp_path / "slow"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/began\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return RefreshProcess(origin(tmp_path), lambda: 60)


def origin(folder: Path) -> Origin:
    return Origin(folder / "library.sqlite3", (), Roots(folder, folder, folder / "translations"))


def ended(refresher: RefreshProcess, end: Callable[[], None], began: Path) -> Outcome:
    """Run, end it once it runs, and return what is told."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(refresher.run, lambda _: None, lambda _: None, fetch=NOTHING)
        while not running.done():
            time.sleep(0.01)
            if began.exists():
                end()
        return running.result()


def test_one_that_is_stopped_before_it_began_has_not_failed(
    refresher: RefreshProcess, tmp_path: Path
) -> None:
    assert ended(refresher, refresher.stop, tmp_path / "began") == Outcome()


def test_one_that_somebody_else_ended_has_failed(refresher: RefreshProcess, tmp_path: Path) -> None:
    def end() -> None:
        process = refresher._process
        if process is not None:
            process.terminate()

    outcome = ended(refresher, end, tmp_path / "began")
    assert "ended by signal 15; what was read stays" in outcome.error


def test_one_that_pays_no_heed_is_ended_by_force_and_no_other_begins(
    refresher: RefreshProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.refresher._ENDING_SECONDS", 0.2)
    (tmp_path / "slow").write_text(
        f"#!/bin/sh\ntrap '' TERM\ntouch {tmp_path}/began\nexec sleep 60\n"
    )
    assert "ended by signal 9" in ended(refresher, refresher.end, tmp_path / "began").error
    (tmp_path / "slow").write_text("#!/bin/sh\nexec sleep 60\n")
    assert refresher.run(lambda _: None, lambda _: None, fetch=NOTHING) == Outcome()


def test_one_that_begins_when_the_reader_has_ended_is_ended_by_force_too(
    refresher: RefreshProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.refresher._ENDING_SECONDS", 0.2)
    # As with one that pays no heed to the signal.
    monkeypatch.setattr("tui.refresher.RefreshProcess.stop", lambda _: None)
    refresher.end()
    outcome = refresher.run(lambda _: None, lambda _: None, fetch=NOTHING)
    assert "ended by signal 9" in outcome.error


def test_how_often_sources_are_asked_is_what_is_set_by_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "slow"
    program.touch(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    program.write_text(f"#!/bin/sh\ncat > {tmp_path}/task\n")
    minutes = iter([60, 7])
    refresher = RefreshProcess(origin(tmp_path), lambda: next(minutes))
    for expected in (60, 7):
        refresher.run(lambda _: None, lambda _: None, fetch=NOTHING)
        order = decode_order((tmp_path / "task").read_text("utf-8"))
        assert order.task.minutes == expected

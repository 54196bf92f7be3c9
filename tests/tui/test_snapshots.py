"""The layout at four widths as pictures; `make snapshots` accepts them anew after a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.marks import MarkChange, MarkField
from tests.marks import store_in
from tests.tui.papers import ADAM, DIGEST, OLDER, PUSH
from tests.tui.reader import app_of, session_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "size", [(60, 20), (100, 30), (140, 40), (220, 50)], ids=lambda size: "x".join(map(str, size))
)
def test_layout(
    snap_compare: Callable[..., bool],
    tmp_path: Path,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A slow machine must not have read the paper by the time of the picture.
    monkeypatch.setattr("storage.settings.Settings.dwell_seconds", 3600)
    store = store_in(tmp_path)
    store.apply(
        [
            MarkChange(ADAM, MarkField.READ, value=True),
            MarkChange(ADAM, MarkField.STARRED, value=True),
            MarkChange(PUSH, MarkField.NOTE, "与课程笔记比较。 #todo"),
        ]
    )
    session = session_of(tmp_path, store, [DIGEST, OLDER])
    press = ["j", "j", "enter"] if size[0] < 100 else ["j", "j"]
    assert snap_compare(app_of(session), press=press, terminal_size=size)
    session.marks.close()

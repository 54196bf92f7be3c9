"""Papers that were set: those that are passed between two frames are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tui.reader import reading
from tui import set_paper
from tui.typeset import typeset

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from storage.bilingual.pairs import Alignment
    from storage.model import Paper, PaperKey
    from tui.sheet import Line, Sheet
    from tui.subject import Past


async def test_of_papers_passed_within_a_frame_only_the_last_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was dwelt on is set anew as read.
    monkeypatch.setattr("storage.settings.Settings.dwell_seconds", 3600)
    were_set: list[PaperKey] = []

    def noted(paper: Paper, sheet: Sheet, alignment: Alignment, past: Past | None) -> list[Line]:
        were_set.append(paper.key)
        return typeset(paper, sheet, alignment, past)

    async with reading(tmp_path) as reader:
        monkeypatch.setattr(set_paper, "typeset", noted)
        for _ in range(3):
            reader.table.move_by(1)
        assert were_set == []
        await reader.settle()
        # The one that comes next is made ready behind the frame.
        assert were_set == reader.listed[3:5]

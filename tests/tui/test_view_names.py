"""What is listed is called in the language in use, and kept by its English name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from storage.library.filters import Kind, Node
from storage.library.shelf import Shelf, ShelfKind
from storage.library.tokens import normalise
from tests.tui.choosing import burst, choosing, current, names
from tests.tui.pseudo import speak
from tests.tui.reader import reading
from tui.view_names import shown_name
from tui.widgets.shelf_rows import row_of, view_row

if TYPE_CHECKING:
    from pathlib import Path

UNREAD = Node(Kind.IS, "unread")
DAY = Node(Kind.DATE, "2024-04-04")


@pytest.mark.parametrize(
    ("name", "base", "expected"),
    [
        ("unread", UNREAD, "ｕｎｒｅａｄ"),
        # A user's own view may be called as one of ours.
        ("unread", Node(Kind.TEXT, "unread"), "unread"),
        ("all papers", None, "ａｌｌ ｐａｐｅｒｓ"),
        ("2024-04-04 Thu", DAY, "2024-04-04 Ｔｈｕ"),
        ("2024-04-04", DAY, "2024-04-04"),
        ("2024-04-04 Thu", Node(Kind.DIGEST, "Thu"), "2024-04-04 Thu"),
        ("cs.LG", Node(Kind.CHANNEL, "cs.LG"), "cs.LG"),
        ("", None, ""),
    ],
)
def test_only_names_of_ours_are_translated(
    monkeypatch: pytest.MonkeyPatch, name: str, base: Node | None, expected: str
) -> None:
    assert shown_name(name, base) == name
    speak(monkeypatch)
    assert shown_name(name, base) == expected


def test_rows_are_found_by_their_names_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    monkeypatch.setattr("tui.widgets.shelf_rows.tr", _chinese)
    monkeypatch.setattr("tui.view_names.tr", _chinese)
    when = datetime(2024, 4, 4)
    day = row_of(Shelf(ShelfKind.DAY, "2024-04-04", DAY, 4, 4, when, dated=True, fact="cs.LG"))
    typed = ("2024-04-04", "Thu", "周四", "April 2024", "2024年4月", "cs.LG")
    assert [word for word in typed if normalise(word) not in day.search] == []
    assert normalise("未读") in view_row("unread", UNREAD).search


def _chinese(message: str, **values: object) -> str:
    said = {
        "Thu": "周四",
        "April": "4月",
        "unread": "未读",
        "{month} {year}": "{year}年{month}",
    }
    return said.get(message, message).format(**values)


async def test_a_view_and_a_day_are_listed_in_the_language_and_kept_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(monkeypatch)
    async with reading(tmp_path) as reader:
        await choosing(reader)
        assert names(reader)[:3] == ["Ｖｉｅｗｓ 5", "● ａｌｌ ｐａｐｅｒｓ", "● ｕｎｒｅａｄ"]
        await burst(reader, "unread\r")
        assert reader.session.view.name == "unread"
        assert "ｕｎｒｅａｄ" in reader.status
        await choosing(reader, "april 2024")
        assert current(reader) == "2024-04-04 Thu"
        await reader.press("enter")
        assert reader.session.view.name == "2024-04-04 Thu"
        assert "2024-04-04 Ｔｈｕ" in reader.status

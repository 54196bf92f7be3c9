"""What the READMEs claim of the filter language and of the commands holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storage.library.filters import PARTS, SORT_WORDS, STATES, TYPES, Order
from storage.library.grammar import parse_query
from tui.cli import COMMANDS

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")


def examples(name: str) -> list[str]:
    """The filters in the first column of the table of filters."""
    text = (ROOT / name).read_text("utf-8")
    table = re.search(r"^\| `diffusion 扩散`.*?\n\n", text, re.MULTILINE | re.DOTALL)
    assert table is not None
    cells = [row.split(" | ")[0] for row in table[0].strip().splitlines()]
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell) if "…" not in code]


@pytest.mark.parametrize("name", READMES)
def test_each_filter_of_the_table_is_understood(name: str) -> None:
    found = examples(name)
    assert len(found) > 30
    for text in found:
        query = parse_query(text)
        assert query.filter is not None or query.order is not None, text


def test_both_name_the_same_filters_and_leave_none_out() -> None:
    english, chinese = map(examples, READMES)
    assert english == chinese
    assert {text[3:] for text in english if text.startswith("is:")} == set(STATES)
    assert {text[4:] for text in english if text.startswith("has:")} == set(PARTS)
    assert {text[5:] for text in english if text.startswith("type:")} < set(TYPES)
    named = {SORT_WORDS[text[5:]] for text in english if text.startswith("sort:")}
    assert named | {
        SORT_WORDS[word] for word in ("oldest", "chinese", "type", "unread", "starred")
    } == set(Order)


@pytest.mark.parametrize("name", READMES)
def test_each_command_is_named(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    # For paths that are called as a command is; ``--help`` names it.
    named = set(COMMANDS) - {"read"}
    assert [one for one in sorted(named) if f"digest-tui {one}" not in text] == []

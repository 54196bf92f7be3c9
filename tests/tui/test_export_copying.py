"""Y: the formats of exports, copied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.tui.menus import offered
from tests.tui.papers import ATTENTION
from tests.tui.reader import reading
from tui.clipboard import CopyReport, Way

if TYPE_CHECKING:
    from pathlib import Path


class TestCopyMenu:
    @pytest.fixture
    def copied(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        texts: list[str] = []

        def copy(text: str, *_: object) -> CopyReport:
            texts.append(text)
            return CopyReport((Way.TERMINAL,), (), ())

        monkeypatch.setattr("tui.clipboard.copy", copy)
        return texts

    @pytest.mark.parametrize(
        ("key", "words", "ends"),
        [
            ("b", "BibTeX", ("@misc{arxiv-1706.03762,\n", "\n}")),
            ("r", "RIS", ("TY  - UNPB\nID  - arxiv-1706.03762\n", "\nER  - ")),
            ("z", "CSL-JSON", ('[\n{"id": "arxiv-1706.03762"', "}\n]")),
            ("m", "Markdown", ("- [Attention Is All You Need](https", "只用注意力就能翻译。")),
            ("l", "item of a reading list", ("- [ ] [Attention Is", "Attention alone translates.")),
            (
                "n",
                "Markdown note",
                ('---\ntitle: "Attention Is', "因此训练可以并行进行，只需数小时而不是数天。"),
            ),
            ("v", "CSV with its header", ("arxiv_id,version,", ",no,no,")),
            ("J", "JSON line", ('{"key": "1706.03762"', "}")),
            ("h", "web page", ("<!DOCTYPE html>", "</html>")),
            ("f", "RSS feed", ("<?xml version", "</rss>")),
        ],
    )
    async def test_offers_what_files_hold(
        self, tmp_path: Path, copied: list[str], key: str, words: str, ends: tuple[str, str]
    ) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("g")
            while reader.listed[reader.table.cursor] != ATTENTION:
                await reader.press("j")
            await reader.press("Y", key)
            (text,) = copied
            assert text.startswith(ends[0])
            assert text.endswith(ends[1])
            if key != "m":
                assert reader.hint == f"copied {words} of 1706.03762 (terminal)"

    async def test_of_several_papers_it_is_one_document(
        self, tmp_path: Path, copied: list[str]
    ) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("g", "v", "j", "Y", "z")
            assert [item["archive_location"] for item in json.loads(copied[0])] == reader.listed[:2]
            assert reader.hint == "copied CSL-JSON of 2 papers (terminal)"
            assert not reader.table.selecting

    async def test_keys_are_unique(self, tmp_path: Path) -> None:
        async with reading(tmp_path) as reader:
            await reader.press("enter", "]", "Y")
            keys = [row[0] for row in offered(reader)]
            assert len(set(keys)) == len(keys) > 18
            assert not set(keys) & set("jkgGq")

"""Markdown digests: a table of titles and Chinese TL;DRs, then one block an entry.

One file is one channel at one time; a file of several digests one after another is read too.
"""

from __future__ import annotations

import re
from collections import deque
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from storage.formats.blocks import HEAD, Block, Row, texts_of_block, texts_of_row
from storage.formats.content import Content
from storage.formats.producer import entry_of
from storage.language import tr

if TYPE_CHECKING:
    from storage.formats.content import Findings
    from storage.model import Entry

TABLE_HEADING = "# 摘要"
BLOCKS_HEADING = "# 详细"
TABLE_HEADER = "| Ref | Title | Summary |"
TABLE_RULE = "| --- | --- | --- |"

_ROW_START = re.compile(r"\|\s*\[\^([0-9]{1,9})\]\s*\|(.*)")
_SIGNS = (TABLE_HEADING, BLOCKS_HEADING, TABLE_HEADER)
_REFS = ("| [^", "[^")
_FURNITURE = frozenset(_SIGNS)
_RULE = re.compile(r"\|[\s|:-]+\|")  # editors write it in other widths


def fits(text: str) -> bool:
    """Tell whether ``text`` has a digest's headings or table header, or at least its rows or blocks."""
    if any(text.startswith(sign) or f"\n{sign}" in text for sign in _SIGNS):
        return True
    return "arxiv.org/abs/" in text and (
        text.startswith(_REFS) or any(f"\n{r}" in text for r in _REFS)
    )


def read(text: str, findings: Findings) -> Content:
    """Read a markdown digest.

    Args:
        text: The whole document, lines ended by line feeds.
        findings: Takes what could not be read.
    """
    reader = _Reader(findings)
    for number, line in enumerate(text.split("\n"), 1):
        reader.take(number, line)
    reader.end_digest()
    return Content(tuple(reader.entries))


class _Reader:
    """Gathers rows and blocks line by line; a block ends where something else begins."""

    def __init__(self, findings: Findings) -> None:
        self.entries: list[Entry] = []
        self._findings = findings
        self._rows: dict[int, deque[Row]] = {}
        self._block: Block | None = None

    def take(self, number: int, line: str) -> None:
        """Take the next line of the document."""
        if self._block is not None and (not line or line[0].isspace()):
            self._block.body.append(line)
        elif line.strip():
            # Files with byte-order marks may have been joined.
            self._take_structure(number, line.strip().lstrip("\ufeff"))

    def end_digest(self) -> None:
        """Read the open block, and the rows that no block came for."""
        self._end_block()
        left = sorted(chain.from_iterable(self._rows.values()), key=attrgetter("line"))
        self._rows.clear()
        unblocked = []
        for row in left:
            texts = texts_of_row(row)
            if texts is None:
                self._findings.add(row.line, tr("the table row could not be read"), row.text)
                continue
            unblocked.append(row)
            entry = entry_of(texts, self._findings, ref=row.ref, line=row.line)
            self.entries.append(entry)
        if unblocked:
            self._findings.add(unblocked[0].line, _without_block(unblocked))

    def _take_structure(self, number: int, line: str) -> None:
        if line == TABLE_HEADING:
            self.end_digest()
        elif " ".join(line.split()) in _FURNITURE or _RULE.fullmatch(line):
            self._end_block()
        elif head := HEAD.fullmatch(line):
            self._end_block()
            self._block = Block(int(head[1]), number, head[2])
        elif row := _ROW_START.fullmatch(line):
            self._end_block()
            ref, cells = int(row[1]), row[2].removesuffix("|").strip()
            self._rows.setdefault(ref, deque()).append(Row(ref, number, cells))
        else:
            self._findings.add(number, tr("this line belongs to no entry"), line)
            if self._block is not None:
                self._block.body.append("")

    def _end_block(self) -> None:
        block, self._block = self._block, None
        if block is None:
            return
        rows = self._rows.get(block.ref)
        texts = texts_of_block(block, rows.popleft() if rows else None, self._findings)
        if texts:
            entry = entry_of(texts, self._findings, ref=block.ref, line=block.line)
            self.entries.append(entry)
        else:
            self._findings.add(block.line, tr("the block of [^{ref}] is empty", ref=block.ref))


def _without_block(rows: list[Row]) -> str:
    refs = ", ".join(f"[^{row.ref}]" for row in rows[:3])
    if len(rows) <= 3:
        return tr("there is no block for {refs}: only title and TL;DR are known", refs=refs)
    return tr(
        "there is no block for {refs} and {n} more: only title and TL;DR are known",
        refs=refs,
        n=len(rows) - 3,
    )

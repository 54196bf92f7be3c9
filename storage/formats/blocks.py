"""One block of a markdown digest: where its texts stand, and what they are when some are missing.

A block is ``[^n]: Chinese title`` and six texts below it, each indented and divided by blank
lines: English title, ``[link](link)``, Chinese TL;DR, English TL;DR, Chinese abstract, English
abstract. Slots are positional; an empty one is a line of four spaces. An early form (2023-03) has
no slots for TL;DRs: its Chinese TL;DR stands in the table alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from storage.arxiv import split_title
from storage.formats.cleaning import clean_line
from storage.formats.producer import Texts
from storage.language import to_tr, tr, tr_in
from storage.model import has_han

if TYPE_CHECKING:
    from storage.formats.content import Findings

HEAD = re.compile(r"\[\^([0-9]{1,9})\]:\s*(.*)")
_LINK = re.compile(r"\[([^\]\s]*)\]\(([^)\s]*)\)")
_ROW = re.compile(r"\[(.*?)\]\((https?://[^\s()]*|)\) \|(.*)")
_SLOTS = 6


@dataclass(slots=True)
class Block:
    """The lines of one block.

    Attributes:
        line: Line of the document on which the block starts, counted from 1.
        body: The lines below its head as they stand, blank ones among them.
    """

    ref: int
    line: int
    title_zh: str
    body: list[str] = field(default_factory=list)


class Row(NamedTuple):
    """One row of the table: ``[English title](link) | Chinese TL;DR`` in ``text``."""

    ref: int
    line: int
    text: str


def row_text(title: str, link: str, tldr_zh: str) -> str:
    """Return the cells of a table row as the producer joins them."""
    return f"[{title}]({link}) | {tldr_zh}"


def texts_of_row(row: Row) -> Texts | None:
    """Read a row that no block tells more about; None where its cells cannot be told apart."""
    match = _ROW.fullmatch(row.text)
    if match is None:
        return None
    # Rows leave the full stop of a removed suffix standing.
    return Texts(title_en=match[1].removesuffix("."), link=match[2], tldr_zh=match[3].strip())


def texts_of_block(block: Block, row: Row | None, findings: Findings) -> Texts:
    """Read a block, taking from its table row what the block itself lacks.

    Noted are a block that ends early, texts too many, and a row that says something else.
    """
    texts = _by_position(block, row, findings) or _by_language(block, row, findings)
    return _reconciled(texts, row, findings) if row else texts


def _by_position(block: Block, row: Row | None, findings: Findings) -> Texts | None:
    """Read the slots where they stand; None where lines are missing or added.

    Slots are every second line, so an empty one is known even where an editor has removed its
    spaces.
    """
    if any(line and not line.isspace() for line in block.body[0::2]):
        return None
    found = [line.strip() for line in block.body[1::2]]
    title, link, *rest = slots = [*found, *[""] * _SLOTS][:_SLOTS]
    match = _LINK.fullmatch(link)
    if link and not match:
        return None
    for extra in filter(None, found[_SLOTS:]):
        findings.add(block.line, tr("[^{ref}] has a text too many", ref=block.ref), extra)
    if not any(block.body[9:12:2]) and _is_early(slots, row):  # an empty slot has its spaces
        rest = ["", "", *slots[2:4]]
    elif len(found) < _SLOTS:
        findings.add(block.line, tr("the block of [^{ref}] ends early", ref=block.ref))
    return Texts(block.title_zh, title, match[2] if match else "", *rest)


def _is_early(slots: list[str], row: Row | None) -> bool:
    """Tell whether the third and fourth slots are the abstracts of the early form.

    Nothing stands behind them. They are if the third is not the TL;DR that the table gives.
    """
    if not (slots[2] or slots[3]):
        return False
    told = texts_of_row(row) if row else None
    return not told.tldr_zh.startswith(slots[2]) if told else bool(slots[3])


def _by_language(block: Block, row: Row | None, findings: Findings) -> Texts:
    """Tell texts apart where positions say nothing.

    Before the link stands the English title; behind it, of each language, the last text is the
    abstract and one before it the TL;DR.
    """
    reason = tr(
        "the block of [^{ref}] is damaged: its texts were told apart by language", ref=block.ref
    )
    findings.add(block.line, reason)
    found = [line.strip() for line in block.body if line and not line.isspace()]
    links = [match for text in found if (match := _LINK.fullmatch(text))]
    head = found[: found.index(links[0][0])] if links else found[:1]
    rest = [text for text in found[len(head) :] if not links or text != links[0][0]]
    chinese = [text for text in rest if has_han(text)]
    english = [text for text in rest if not has_han(text)]
    told = texts_of_row(row) if row else None
    is_tldr = len(chinese) > 1 or (told is not None and chinese == [told.tldr_zh])
    tldr_zh = chinese.pop(0) if is_tldr else ""
    tldr_en = english.pop(0) if len(english) > 1 else ""
    for extra in head[1:] + chinese[:-1] + english[:-1]:
        findings.add(block.line, tr("[^{ref}] has a text too many", ref=block.ref), extra)
    return Texts(
        title_zh=block.title_zh,
        title_en=head[0] if head else "",
        link=links[0][2] if links else "",
        tldr_zh=tldr_zh,
        tldr_en=tldr_en,
        abstract_zh=chinese[-1] if chinese else "",
        abstract_en=english[-1] if english else "",
    )


def _reconciled(texts: Texts, row: Row, findings: Findings) -> Texts:
    """Fill what a block lacks from its table row, and note where the two differ."""
    title = split_title(clean_line(texts.title_en))[0]
    written = clean_line(row.text)
    for stop in ("", "."):
        if clean_line(row_text(title + stop, texts.link, texts.tldr_zh)) == written:
            return texts
    told = texts_of_row(row)
    if told is None:
        findings.add(row.line, tr("the table row could not be read"), row.text)
        return texts
    pairs = (
        (to_tr("title"), title, told.title_en),
        (to_tr("link"), texts.link, told.link),
        (to_tr("TL;DR"), texts.tldr_zh, told.tldr_zh),
    )
    differing = [tr(name) for name, ours, theirs in pairs if ours and not _agree(ours, theirs)]
    if differing:
        reason = tr(
            "the table row of [^{ref}] has another {things} than its block",
            ref=row.ref,
            things=tr_in("between the parts of a row", " and ").join(differing),
        )
        findings.add(row.line, reason, row.text)
    return texts._replace(
        title_en=texts.title_en or told.title_en,
        link=texts.link or told.link,
        tldr_zh=texts.tldr_zh or told.tldr_zh,
    )


def _agree(ours: str, theirs: str) -> bool:
    """Tell whether two readings are one text; rows keep a full stop that titles lose."""
    return clean_line(ours).rstrip(". ") == clean_line(theirs).rstrip(". ")

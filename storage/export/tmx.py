"""Digests as a translation memory: TMX 1.4b, which translators' tools and corpus tools read.

The format is that of https://www.ttt.org/oscarStandards/tmx/tmx14b.html, its level 1 (plain text).
No document type is declared: the standard needs none, and some readers fail for want of a file
``tmx14.dtd`` beside the document.

Titles, TL;DRs and abstracts of which both languages are known are units, the latter two sentence
by sentence. What would be wrong in a translation memory is left out:

- sentences without a counterpart, and those that belong to the last one of an abstract which the
  digest cut short, for that one ends anywhere;
- Chinese without a Chinese character and English with one: there the translation failed;
- a unit that was written before. A paper is in several digests, and tools that read a memory drop
  its repetitions or offer the same translation several times. Another translation of the same
  text is another unit.
"""

from __future__ import annotations

from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from storage.bilingual.alignment import align
from storage.export.sentences import joined_chinese
from storage.formats.cleaning import clean_line
from storage.model import has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.bilingual.pairs import Span
    from storage.model import ArxivId, Digest, Entry

TAIL = "</body>\n</tmx>\n"
"""What stands behind the last unit."""


def head() -> str:
    """Return what stands before the first unit: declaration, header and the body's beginning."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tmx version="1.4">\n'
        f'<header creationtool="digest-tui" creationtoolversion="{version("digest-tui")}"'
        ' segtype="sentence" o-tmf="digest-tui" adminlang="en" srclang="en" datatype="plaintext"/>\n'
        "<body>\n"
    )


class _Text(NamedTuple):
    """A text in both languages; ``is_cut`` where the English one ends anywhere."""

    part: str
    en: str
    zh: str
    is_cut: bool


class Units:
    """Writes the translation units of one digest after another, every unit once."""

    __slots__ = ("_written",)

    def __init__(self) -> None:
        # Hashes instead of texts: about 100 bytes a unit.
        self._written: set[bytes] = set()

    def of(self, digest: Digest) -> Iterator[str]:
        """Yield the units of ``digest`` that were not yielded before, one line each.

        Args:
            digest: Its entries' titles, TL;DRs and abstracts are written in this order.
        """
        for entry in digest.entries:
            for text in _texts(entry):
                # Whole texts first: nearly all the time goes into aligning them.
                if self._is_new(text.part, str(text.is_cut), text.en, text.zh):
                    for en, zh in _translations(text):
                        if self._is_new(en, zh):
                            yield _unit(entry.arxiv_id, text.part, en, zh)

    def _is_new(self, *fields: str) -> bool:
        text = "\n".join(fields).encode(errors="surrogatepass")
        known = len(self._written)
        self._written.add(blake2b(text, digest_size=12).digest())
        return len(self._written) > known


def _texts(entry: Entry) -> Iterator[_Text]:
    parts = (("title", entry.title), ("tldr", entry.tldr), ("abstract", entry.abstract))
    for part, texts in parts:
        if texts.en and texts.zh:
            yield _Text(part, texts.en, texts.zh, part == "abstract" and entry.abstract_cut)


def _translations(text: _Text) -> Iterator[tuple[str, str]]:
    """Yield English and Chinese of whatever in ``text`` says the same in both."""
    for en, zh in ((text.en, text.zh),) if text.part == "title" else _sentences(text):
        english, chinese = _cleaned(en), _cleaned(zh)
        if english and has_han(chinese) and not has_han(english):
            yield english, chinese


def _sentences(text: _Text) -> Iterator[tuple[str, str]]:
    cut_at = len(text.en.rstrip()) if text.is_cut else None
    for pair in align(text.en, text.zh):
        if pair.en and pair.zh and pair.en[-1][1] != cut_at:
            yield " ".join(_slices(text.en, pair.en)), joined_chinese(_slices(text.zh, pair.zh))


def _slices(text: str, spans: Iterable[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


def _cleaned(text: str) -> str:
    # XML 1.0 has no way to write these two, and clean_line leaves no other that it forbids.
    return clean_line(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unit(arxiv_id: ArxivId | None, part: str, en: str, zh: str) -> str:
    paper = f'<prop type="x-arxiv">{_escaped(_cleaned(arxiv_id))}</prop>' if arxiv_id else ""
    return (
        f'<tu>{paper}<prop type="x-part">{part}</prop>'
        f'<tuv xml:lang="en"><seg>{_escaped(en)}</seg></tuv>'
        f'<tuv xml:lang="zh-CN"><seg>{_escaped(zh)}</seg></tuv></tu>\n'
    )

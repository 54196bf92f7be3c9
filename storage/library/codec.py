"""The texts of an entry as one compressed value, and back.

Several documents often carry the same texts of a paper; the hash tells that they do.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from storage.model import ArxivId, Bilingual, Code, Entry, PaperKey, Section, TranslatedHere

if TYPE_CHECKING:
    from storage.model import Appearance

_LEVEL = 1
"""Twice as fast as zlib's default and a twentieth larger."""
_HASH_BYTES = 12


def encode(entry: Entry) -> tuple[bytes, bytes]:
    """Return the hash and the compressed form of what ``entry`` says of its paper.

    Where and how it appeared (ref, announce type, version) is no part of it.
    """
    from hashlib import blake2b  # noqa: PLC0415 -- for writing only

    code = entry.code
    fields = (
        entry.title.en,
        entry.title.zh,
        entry.tldr.en,
        entry.tldr.zh,
        entry.abstract.en,
        entry.abstract.zh,
        entry.abstract_cut,
        entry.primary_category,
        entry.categories,
        entry.authors,
        [(section.label, section.zh) for section in entry.sections],
        entry.comment,
        code and (code.url, code.stars, code.last_update),
        entry.translated,
    )
    data = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    return blake2b(data, digest_size=_HASH_BYTES).digest(), zlib.compress(data, _LEVEL)


def decode(data: bytes, key: PaperKey, appearance: Appearance | None = None) -> Entry:
    """Return the entry of the paper ``key`` that appeared as ``appearance`` with these texts.

    A translation that was made here appeared nowhere.

    Raises:
        ValueError: The data is damaged.
    """
    try:
        fields: list[Any] = json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass"))
        title_en, title_zh, tldr_en, tldr_zh, abstract_en, abstract_zh, *facts = fields
        cut, primary, categories, authors, sections, comment, code, translated = facts
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return Entry(
        title=Bilingual(title_en, title_zh),
        tldr=Bilingual(tldr_en, tldr_zh),
        abstract=Bilingual(abstract_en, abstract_zh),
        arxiv_id=arxiv_id_of(key),
        version=appearance and appearance.version,
        announce_type=appearance and appearance.announce_type,
        primary_category=primary,
        categories=tuple(categories),
        authors=tuple(authors),
        abstract_cut=cut,
        sections=tuple(Section(label, zh) for label, zh in sections),
        comment=comment,
        code=code and Code(*code),
        ref=appearance and appearance.ref,
        translated=translated and TranslatedHere(translated[0], tuple(translated[1])),
    )


def arxiv_id_of(key: PaperKey) -> ArxivId | None:
    """Return the identifier that a paper is known by, None if it is known by its text."""
    return None if key.startswith("text:") else ArxivId(key)

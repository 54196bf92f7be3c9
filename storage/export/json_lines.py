"""An entry as one JSON object on one line: the clean form that everything else can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.export.json_text import extras, json_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.bilingual.pairs import Pair, Span
    from storage.model import Bilingual, Digest, Entry


def entry_to_json(entry: Entry, digest: Digest, pairs: Iterable[Pair] | None = None) -> str:
    r"""Return ``entry`` as one line of JSON without a line end.

    Missing values are null, missing lists empty, the date is ``YYYY-MM-DD``. ``sections``,
    ``comment`` and ``code`` are there only where the source has them, ``translated_by`` and
    ``translated`` (of title, tldr and abstract) where digest-tui made the Chinese. Characters that cannot be
    seen are written as ``\u`` and their number.

    Args:
        entry: The entry to write.
        digest: The digest it is from, for channel, date and source.
        pairs: The sentences of its abstract, for the field ``pairs``; None for no such field.
    """
    fields: dict[str, object] = {
        "arxiv_id": entry.arxiv_id,
        "version": entry.version,
        "announce_type": entry.announce_type,
        "primary_category": entry.primary_category,
        "categories": entry.categories,
        "authors": entry.authors,
        "link": abs_link(entry.arxiv_id) if entry.arxiv_id else None,
        "title": _pair(entry.title),
        "tldr": _pair(entry.tldr),
        "abstract": _pair(entry.abstract),
        "abstract_cut": entry.abstract_cut,
        "ref": entry.ref,
        "channel": digest.channel,
        "date": digest.issued.date().isoformat(),
        "source": digest.source,
    }
    fields |= extras(entry)
    if pairs is not None:
        fields["pairs"] = [
            {
                "en": _sentences(entry.abstract.en, pair.en),
                "zh": _sentences(entry.abstract.zh, pair.zh),
            }
            for pair in pairs
        ]
    return json_line(fields)


def _sentences(text: str | None, spans: Iterable[Span]) -> list[str]:
    return [(text or "")[start:end] for start, end in spans]


def _pair(texts: Bilingual) -> dict[str, str | None]:
    return {"en": texts.en, "zh": texts.zh}

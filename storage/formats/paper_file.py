"""Paper files: the record of one paper that the producer's digests are rendered from.

The English TL;DR stands under ``en_tldr``, or under ``en_tdlr``, the producer's misspelling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.formats.content import Content
from storage.formats.json_values import Values, parse_object
from storage.formats.producer import Texts, entry_of
from storage.language import tr

if TYPE_CHECKING:
    from storage.formats.content import Findings


def fits(text: str) -> bool:
    """Tell whether ``text`` is a single record of this form, whole or damaged."""
    return (
        text[:1000].lstrip().startswith("{")
        and '"abstract"' in text
        and '"arxiv_id"' not in text  # that is our own export
    )


def read(text: str, findings: Findings) -> Content:
    """Read a paper file.

    Raises:
        DocumentError: The file is no JSON, or holds no text of a paper.
    """
    line = text[: len(text) - len(text.lstrip())].count("\n") + 1
    record = parse_object(text)
    if isinstance(record, str):
        # i18n: {reason} is a clause such as "the JSON is no object".
        reason = tr("looks like a paper file, but {reason}", reason=record)
        raise DocumentError(findings.source, reason)
    values = Values(record, line, findings)
    texts = Texts(
        title_zh=values.text("translated_title"),
        title_en=values.text("title"),
        link=values.text("link"),
        tldr_zh=values.text("tldr"),
        tldr_en=values.text("en_tldr") or values.text("en_tdlr"),
        abstract_zh=values.text("translated_abstract"),
        abstract_en=values.text("abstract"),
    )
    if not texts:
        raise DocumentError(findings.source, tr("is a paper file without any text of a paper"))
    return Content((entry_of(texts, findings, line=line),))

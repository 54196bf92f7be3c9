"""One line of our own export read back: the object that ``storage.export.json_lines`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.arxiv import parse_identifier
from storage.formats.cleaning import clean_line, clean_names, clean_paragraphs
from storage.formats.naming import issued_in
from storage.language import tr
from storage.model import AnnounceType, Bilingual, Code, Entry, Section, TranslatedHere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from storage.formats.json_values import Values

FIELDS = ("title", "tldr", "abstract")
"""The texts that are translated."""

_VERSIONS = range(1, 10_000)
"""As :func:`storage.arxiv.parse_identifier` reads them."""

KEY = "arxiv_id"
"""The key that only our own lines have."""

_ANNOUNCE_TYPES = {str(kind): kind for kind in AnnounceType}


def entry_of(values: Values, line: int) -> Entry:
    """Return the entry of one line."""
    identified = parse_identifier(values.text(KEY))
    if identified is None and values.text(KEY):
        values.note(tr("the identifier is none of arXiv's"), values.text(KEY))
    announced = values.text("announce_type")
    if announced and announced not in _ANNOUNCE_TYPES:
        values.note(tr("the announce type is none of arXiv's"), announced)
    return Entry(
        title=_bilingual(values.inner("title"), clean_line),
        tldr=_bilingual(values.inner("tldr")),
        abstract=_bilingual(values.inner("abstract")),
        arxiv_id=identified[0] if identified else None,
        version=_version(values),
        announce_type=_ANNOUNCE_TYPES.get(announced),
        primary_category=clean_line(values.text("primary_category")) or None,
        categories=clean_names(values.texts("categories")),
        authors=clean_names(values.texts("authors")),
        abstract_cut=values.flag("abstract_cut"),
        sections=tuple(_sections(values.inner("sections"))),
        comment=clean_paragraphs(values.text("comment")) or None,
        code=_code(values.inner("code")),
        ref=values.number("ref"),
        line=line,
        translated=translated_in(values),
    )


def translated_in(values: Values) -> TranslatedHere | None:
    """Return what of the Chinese was translated by digest-tui; what is not said is all of it."""
    by = clean_line(values.text("translated_by"))
    if not by:
        return None
    told = values.texts("translated") if "translated" in values else FIELDS
    return TranslatedHere(by, tuple(field for field in FIELDS if field in told))


def digest_of(values: Values) -> tuple[str | None, datetime | None]:
    """Return the channel and date of the digest that a line came from."""
    return clean_line(values.text("channel")) or None, issued_in(values.text("date"))


def _version(values: Values) -> int | None:
    version = values.number("version")
    if version is None or version in _VERSIONS:
        return version
    values.note(tr("the version is none of arXiv's"), str(version))
    return None


def _bilingual(values: Values, clean: Callable[[str], str] = clean_paragraphs) -> Bilingual:
    en, zh = (clean(values.text(key)) or None for key in ("en", "zh"))
    return Bilingual(en, zh)


def _sections(values: Values) -> Iterator[Section]:
    for key in values:
        label, text = clean_line(key), clean_paragraphs(values.text(key))
        if label and text:
            yield Section(label, text)
        elif text:
            values.note(tr("a section has no name"), text)


def _code(values: Values) -> Code | None:
    url = clean_line(values.text("url"))
    updated = clean_line(values.text("last_update")) or None
    return Code(url, values.number("stars"), updated) if url else None

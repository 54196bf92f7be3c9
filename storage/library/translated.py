"""What was translated here: where it fits, and filling it in where no digest brought Chinese.

A translation belongs to the English that was translated, not to the paper: once a paper is revised
the old one is not shown beside the new text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from storage.model import Bilingual, Entry, Paper, TranslatedHere, has_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_T = TypeVar("_T", Entry, Paper)

FIELDS = ("title", "tldr", "abstract")
"""The texts that are translated, called as in ``Entry`` and ``Paper``."""


def text_of(field: str, of: Entry | Paper) -> Bilingual:
    """Return one of the texts."""
    return of.title if field == "title" else of.tldr if field == "tldr" else of.abstract


def is_chinese(text: Bilingual) -> bool:
    """Tell whether there is Chinese that deserves the name."""
    return text.zh is not None and has_han(text.zh)


def lacking(paper: Paper | Entry) -> tuple[str, ...]:
    """Return the fields that can be translated and have no Chinese; a TL;DR can always be made."""
    return tuple(
        field
        for field in FIELDS
        if not is_chinese(text_of(field, paper))
        and (text_of(field, paper).en or (field == "tldr" and paper.abstract.en))
    )


def fits(field: str, translation: Entry, paper: Paper | Entry) -> bool:
    """Tell whether the English that was translated is what the paper has now.

    A TL;DR sums up the abstract, so it fits as long as that does.
    """
    if _is_same(text_of(field, translation).en, text_of(field, paper).en):
        return True
    return field == "tldr" and _is_same(translation.abstract.en, paper.abstract.en)


def without_translation(entry: Entry) -> Entry:
    """Return ``entry`` without the Chinese that was translated here."""
    if entry.translated is None:
        return entry
    for field in entry.translated.fields:
        entry = _with(entry, field, None)
    return entry._replace(translated=None)


def fill(paper: _T, translations: Iterable[Entry]) -> _T:
    """Fill in what a paper or entry lacks, whatever the order of ``translations``."""
    ordered = sorted(translations, key=_order)
    filled, fields = paper, list[str]()
    by: dict[str, None] = {}
    for field in FIELDS:
        one = None if is_chinese(text_of(field, paper)) else _first(field, ordered, paper)
        if one is not None and one.translated is not None:
            filled = _with(filled, field, text_of(field, one).zh)
            fields.append(field)
            by[one.translated.by] = None
    if not fields:
        return paper
    return filled._replace(translated=TranslatedHere(", ".join(by), tuple(fields)))


def _with(one: _T, field: str, zh: str | None) -> _T:
    """Put Chinese, or none, in the place of what a field has."""
    text = Bilingual(text_of(field, one).en, zh)
    if field == "title":
        return one._replace(title=text)
    return one._replace(tldr=text) if field == "tldr" else one._replace(abstract=text)


def _first(field: str, translations: Sequence[Entry], paper: Paper | Entry) -> Entry | None:
    return next(
        (
            one
            for one in translations
            if one.translated is not None
            and field in one.translated.fields
            and is_chinese(text_of(field, one))
            and fits(field, one, paper)
        ),
        None,
    )


def _order(entry: Entry) -> tuple[str, ...]:
    texts = (text_of(field, entry) for field in FIELDS)
    return tuple(side or "" for text in texts for side in text)


def _is_same(one: str | None, other: str | None) -> bool:
    # Some formats keep paragraphs apart, some do not.
    return one is not None and other is not None and one.split() == other.split()

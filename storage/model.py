"""The words of the domain as frozen values: Entry, Digest, Problem, Paper and what they are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, NewType

from storage.wording import said_of

if TYPE_CHECKING:
    from datetime import datetime

ArxivId = NewType("ArxivId", str)
"""A versionless arXiv identifier in its canonical spelling: ``2404.02882`` or ``math/0211159``."""

PaperKey = NewType("PaperKey", str)
"""What a paper is known by: its arXiv identifier, or ``text:<hash>`` where a document names none."""


class AnnounceType(StrEnum):
    """How arXiv announced an entry (https://info.arxiv.org/help/rss.html)."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


class DocumentFormat(StrEnum):
    """The document formats that are read."""

    MARKDOWN = "markdown"
    RSS = "rss"
    PAPER_FILE = "paper-file"
    JSON_LINES = "json-lines"
    WEB_PAGE = "web-page"
    ARXIV_RSS = "arxiv-rss"
    ARXIV_ATOM = "arxiv-atom"
    TRANSLATION = "translation"
    """A paper file that was made by translating here: it tells of no digest that a paper was in."""


def has_han(text: str) -> bool:
    """Tell whether ``text`` holds at least one Chinese character."""
    # Not a regular expression: compiling this class takes longer than reading a digest.
    return any(
        "\u4e00" <= c <= "\u9fff"
        or "\u3400" <= c <= "\u4dbf"
        or "\uf900" <= c <= "\ufaff"
        or "\U00020000" <= c <= "\U0003ffff"
        for c in text
    )


class Bilingual(NamedTuple):
    """One text in English and in Chinese; a missing side is None, never empty."""

    en: str | None = None
    zh: str | None = None

    @property
    def untranslated(self) -> bool:
        """Whether the Chinese side is there but holds no Chinese character."""
        return self.zh is not None and not has_han(self.zh)

    def __bool__(self) -> bool:
        return self.en is not None or self.zh is not None


class Section(NamedTuple):
    """A labelled part of a Chinese summary: motivation, method, result or conclusion."""

    label: str
    zh: str


class Code(NamedTuple):
    """Where a paper's code lies, as a digest reported it."""

    url: str
    stars: int | None = None
    last_update: str | None = None


class TranslatedHere(NamedTuple):
    """Whose work the Chinese of a paper is, where no digest brought it.

    Attributes:
        by: The model, as the user configured it.
        fields: Which texts: of ``title``, ``tldr`` and ``abstract``, in this order.
    """

    by: str
    fields: tuple[str, ...]


class Entry(NamedTuple):
    """One appearance of a paper in one digest, with the texts it carried there.

    Texts hold no control characters; paragraphs are divided by one newline, all other white space
    is single spaces.

    Attributes:
        version: The announced version (1, 2, …) or None where the digest does not say.
        abstract_cut: The English abstract was cut short by the producer.
        ref: The entry's number in its digest.
        line: Line of the document on which the entry starts, counted from 1.
        translated: What of its Chinese was translated by digest-tui itself.
    """

    title: Bilingual = Bilingual()
    tldr: Bilingual = Bilingual()
    abstract: Bilingual = Bilingual()
    arxiv_id: ArxivId | None = None
    version: int | None = None
    announce_type: AnnounceType | None = None
    primary_category: str | None = None
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    abstract_cut: bool = False
    sections: tuple[Section, ...] = ()
    comment: str | None = None
    code: Code | None = None
    ref: int | None = None
    line: int | None = None
    translated: TranslatedHere | None = None

    @property
    def key(self) -> PaperKey:
        """The paper this entry is an appearance of."""
        if self.arxiv_id is not None:
            return PaperKey(self.arxiv_id)
        import hashlib  # noqa: PLC0415 -- 2 ms that most documents never need

        text = self.title.en or self.abstract.en or self.title.zh or self.abstract.zh or ""
        return PaperKey(f"text:{hashlib.sha256(text.casefold().encode()).hexdigest()[:16]}")


class Problem(NamedTuple):
    """Something in a document that could not be read.

    Attributes:
        source: The document, as the user named it.
        line: Line counted from 1, or None where the whole document is meant.
        reason: What is wrong, in one clause.
        raw: The text that was not understood, shortened to at most 200 characters.
        is_loss: Whether something that should have been read was not; False where it was rightly
            left out.
    """

    source: str
    line: int | None
    reason: str
    raw: str = ""
    is_loss: bool = True

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return said_of(place, self.reason)


class Digest(NamedTuple):
    """One document with its entries in their order and what of it could not be read.

    Attributes:
        source: The document, as the user named it.
        issued: When it was issued, naive, as content, path or file name say, else the file's time.
        dated: Whether content, path or name said so (False: ``issued`` is the file's time).
    """

    source: str
    format: DocumentFormat
    channel: str | None
    issued: datetime
    dated: bool = True
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()


class Appearance(NamedTuple):
    """That a paper was in a digest: where, when and how it was announced."""

    source: str
    channel: str | None
    issued: datetime
    dated: bool
    ref: int | None
    announce_type: AnnounceType | None
    version: int | None


class Paper(NamedTuple):
    """The identity behind entries: the newest and fullest of every text, and all appearances.

    Attributes:
        translated: What of its Chinese was translated by digest-tui itself, since no digest has it.
    """

    key: PaperKey
    arxiv_id: ArxivId | None
    version: int | None
    primary_category: str | None
    title: Bilingual
    tldr: Bilingual
    abstract: Bilingual
    abstract_cut: bool
    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    comment: str | None = None
    code: Code | None = None
    appearances: tuple[Appearance, ...] = ()
    translated: TranslatedHere | None = None

r"""An author's name taken apart into what bibliographies sort and abbreviate by.

arXiv gives names as they are said: ``Ludwig van Beethoven``, ``Jane Doe, Jr.``, in older papers
with LaTeX (``P\'al Erd\H{o}s``) and affiliations in brackets. They are divided by BibTeX's rules
(pybtex), which know particles by their small letters. Where these would be wrong the name is kept
whole: those of collaborations, Chinese ones, and what holds ``and`` or more than two commas.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from storage.bilingual.latex import to_unicode
from storage.formats.authors import divided_names
from storage.formats.cleaning import clean_line
from storage.model import has_han

_SUFFIX = re.compile(r",?\s+((?:Jr|Sr)\.?|I{2,3}|IV)$")
_LAST_SUFFIX = re.compile(r"^([^,]+), *((?:Jr|Sr)\.?|I{2,3}|IV), *([^,]+)$")
_MANY = re.compile(
    r"(?i)^the\s|\b(?:collaborations?|consortium|team|group|committee|community|network|initiative"
    r"|institute|university|laboratory|members)\b|\band\b|\bet al\b"
)


class Name(NamedTuple):
    """A name's parts; empty where it has none.

    Attributes:
        given: First and middle names.
        particle: What stands before the family name in small letters: ``van``, ``de la``.
        family: The family name.
        suffix: ``Jr.``, ``III``.
        whole: The name where it has no parts; then all others are empty.
    """

    given: str = ""
    particle: str = ""
    family: str = ""
    suffix: str = ""
    whole: str = ""

    @property
    def sorted_by(self) -> str:
        """The name as bibliographies sort it: ``van Beethoven, Ludwig``, ``Doe, Jane, Jr.``."""
        last = " ".join(filter(None, (self.particle, self.family)))
        return self.whole or ", ".join(filter(None, (last, self.given, self.suffix)))


@lru_cache(maxsize=10_000)
def name_of(author: str) -> Name:
    r"""Take an author's name apart.

    Args:
        author: As arXiv gives it, one line.

    Returns:
        Its parts in Unicode, without LaTeX and affiliation; never none: of a name that is nothing
        but signs of LaTeX these are its whole, of one that cannot be seen it is ``\ufffd``.
    """
    text = clean_line(_without_braces(to_unicode(author)).replace("\xa0", " "))
    if not text:
        return Name(whole=clean_line(author) or "\ufffd")
    text = _without_affiliation(text)
    if has_han(text) or _MANY.search(text):
        return Name(whole=text)
    text, suffix = _without_suffix(text)
    if text.count(",") > 1 or not text.replace(",", "").strip():
        return Name(whole=text or suffix)
    return _divided(text, suffix)


def _without_braces(text: str) -> str:
    return text.replace("{", "").replace("}", "").replace("\\", "")


def _without_affiliation(text: str) -> str:
    """Take the brackets away that stand behind a name; in Chinese they hold the name itself."""
    if not text.endswith(")") or has_han(text):
        return text
    authors = divided_names(text)
    return authors[0].name if len(authors) == 1 else text


def _without_suffix(text: str) -> tuple[str, str]:
    if match := _LAST_SUFFIX.match(text):
        return f"{match[1]}, {match[3]}", match[2]
    if match := _SUFFIX.search(text):
        return text[: match.start()], match[1]
    return text, ""


def _divided(text: str, suffix: str) -> Name:
    from pybtex.database import Person  # noqa: PLC0415 -- 30 ms, for references only

    words = text.split()
    if "," not in text and len(words) > 1 and text.islower():
        # Somebody who writes all in small letters has no particles.
        return Name(" ".join(words[:-1]), "", words[-1], suffix)
    person = Person(text)
    return Name(
        " ".join(person.bibtex_first_names),
        " ".join(person.prelast_names),
        " ".join(person.last_names),
        suffix,
    )

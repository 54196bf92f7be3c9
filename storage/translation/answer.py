"""A service's answer -> Chinese texts: only strings, only what was asked for, never markup."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from storage.formats.cleaning import clean_line, clean_paragraphs
from storage.language import to_tr, tr, tr_n
from storage.model import has_han

if TYPE_CHECKING:
    from storage.translation.prompt import Wish

_FENCE = re.compile(r"```[a-zA-Z]*\s*\n")
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_LONGEST = {"title": 600, "tldr": 2000, "abstract": 20_000}
"""Characters; the longest real Chinese abstract has 3,000."""
_NAMES = {"title": to_tr("title"), "tldr": to_tr("tldr"), "abstract": to_tr("abstract")}
"""What the fields are called in what is told of them."""
_LEAST_SHARE = 0.1
"""Of the English abstract's characters; of real ones a Chinese abstract has a third."""
_LONG = 200
"""Characters from which on an abstract is long enough to judge by that."""


class AnswerError(Exception):
    """The answer is no translation; ``str`` of it is a clause that says why."""


def texts_in(content: str, wish: Wish) -> dict[str, str]:
    """Return the Chinese texts of an answer by field, cleaned.

    A title that the model left in English is left out: some are names only.

    Args:
        content: What the model wrote.
        wish: What it was asked for.

    Raises:
        AnswerError: It is no translation.
    """
    record = _object_in(content)
    texts = {field: _text(record, field) for field in wish.fields}
    if "title" in texts and not has_han(texts["title"]):
        del texts["title"]
    for field, text in texts.items():
        _check(field, text, wish)
    if not texts:
        raise AnswerError(tr("the title came back in English"))
    return texts


def _object_in(content: str) -> dict[str, object]:
    text = _THOUGHTS.sub("", content).strip()
    fence = _FENCE.search(text)
    for candidate in (
        text,
        text[fence.end() :].partition("```")[0].strip() if fence else "",
        text[text.find("{") : text.rfind("}") + 1],
    ):
        try:
            # Not strict: models write line ends into strings as they are.
            value = json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise AnswerError(tr("it is not the JSON that was asked for"))


def _text(record: dict[str, object], field: str) -> str:
    value = record.get(field)
    if not isinstance(value, str):
        raise AnswerError(tr("it has no {field}", field=tr(_NAMES[field])))
    return clean_paragraphs(value) if field == "abstract" else clean_line(value)


def _check(field: str, text: str, wish: Wish) -> None:
    english = wish.english.get(field, "")
    if not has_han(text):
        raise AnswerError(tr("its {field} is not Chinese", field=tr(_NAMES[field])))
    if len(text) > min(_LONGEST[field], 2 * len(english) + 200 if english else _LONGEST[field]):
        raise AnswerError(tr("its {field} is far longer than the English", field=tr(_NAMES[field])))
    if field != "abstract":
        return
    if len(english) >= _LONG and len(text) < _LEAST_SHARE * len(english):
        raise AnswerError(tr("its abstract is far shorter than the English"))
    found, wanted = (abstract.count("\n") + 1 for abstract in (text, english))
    if found != wanted:
        raise AnswerError(
            tr_n(
                "its abstract has {n} paragraph, not {wanted}",
                "its abstract has {n} paragraphs, not {wanted}",
                found,
                wanted=wanted,
            )
        )

"""Sentences of one text, joined again after they were taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def joined_chinese(sentences: Iterable[str]) -> str:
    """Join Chinese sentences, without a space but between two that meet in Latin letters."""
    text = ""
    for sentence in sentences:
        meets = text and sentence and text[-1].isascii() and sentence[0].isascii()
        text = f"{text}{' ' if meets else ''}{sentence}"
    return text

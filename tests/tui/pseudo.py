"""A language made for tests: each of our words in full-width letters, twice as wide as in English."""

from __future__ import annotations

import re
from gettext import GNUTranslations
from typing import TYPE_CHECKING

from storage import language

if TYPE_CHECKING:
    import pytest

_NAMES_OR_LETTERS = re.compile(r"(\{\w[^{}]*\}|\{\})|[A-Za-z]")
_TO_FULL_WIDTH = 0xFEE0


def widened(message: str) -> str:
    """Say a message in that language; names in braces stay."""
    return _NAMES_OR_LETTERS.sub(
        lambda found: found[1] or chr(ord(found[0]) + _TO_FULL_WIDTH), message
    )


class _Pseudo(GNUTranslations):
    def gettext(self, message: str) -> str:
        return widened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return widened(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return widened(message)


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak that language until the test ends."""
    monkeypatch.setattr(language, "_catalogue", _Pseudo())

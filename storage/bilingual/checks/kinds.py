"""The checks of a translation by their names."""

from __future__ import annotations

from enum import StrEnum


class Check(StrEnum):
    """What is looked for in a translation; the value is kept in the catalogue."""

    NUMBER = "number"
    PERCENTAGE = "percentage"
    FORMULA = "formula"
    ACRONYM = "acronym"
    UNTRANSLATED = "untranslated"
    MISSING = "missing"
    BEYOND = "beyond"
    TITLE = "title"

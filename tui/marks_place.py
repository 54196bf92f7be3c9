"""Where the marks are, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.locations import data_dir, first_marks_file, marks_dir, settings_file
from storage.marks.opening import MarksPlace
from storage.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.settings import Settings


def marks_place(complain: Callable[[str], None]) -> MarksPlace:
    """Return where the marks are; ``complain`` takes what is wrong with the settings."""
    settings, mistakes = load(settings_file())
    for mistake in mistakes:
        complain(str(mistake))
    return place_by(settings)


def place_by(settings: Settings) -> MarksPlace:
    """Return where the marks are by ``settings``."""
    usual, legacy = marks_dir(), first_marks_file()
    if settings.marks_dir is None:
        return MarksPlace(usual, data_dir(), legacy=legacy)
    return MarksPlace(
        settings.marks_dir, data_dir(), is_chosen=True, beside=(usual,), legacy=legacy
    )

"""What can stand for an argument: files, words of a filter, presets, the sources that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr
from storage.library.completion import completions
from storage.library.filters import SORT_WORDS, Kind
from storage.sources.presets import PRESETS

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST_SOURCES = "digest-tui sources --names"
"""Prints the names of the sources that are followed, one a line."""
_FILES = (to_tr("PATH"), to_tr("FILE"), to_tr("BACKUP"))
_FOLDERS = ("FOLDER", "DIR")


class Word(NamedTuple):
    """A word that may stand somewhere.

    Attributes:
        text: The word; one that ends in a colon is only the beginning of one.
        help: What it means, in a few words; may be empty.
    """

    text: str
    help: str = ""


class Offer(NamedTuple):
    """What may be meant.

    Attributes:
        words: Those that are known.
        has_files: Whether files and folders may be, too.
        has_folders: Whether folders may be, too, but no files.
        has_sources: Whether the sources that are followed may be, too.
    """

    words: tuple[Word, ...] = ()
    has_files: bool = False
    has_folders: bool = False
    has_sources: bool = False


FILES = Offer(has_files=True)


def offered(path: tuple[str, ...], metavar: str, choices: tuple[str, ...]) -> Offer:
    """Return what can stand for an argument.

    Args:
        path: The words that lead to its command.
        metavar: What it is called.
        choices: All it may be; none: that is not said.
    """
    if choices:
        return Offer(tuple(map(Word, choices)))
    if _is(metavar, "QUERY"):
        return Offer(tuple(_filter_words()))
    if _is(metavar, "ORDER"):
        return Offer(tuple(Word(word, tr(order.value)) for word, order in SORT_WORDS.items()))
    if _is(metavar, "SOURCE"):
        if path == ("remove",):
            return Offer(has_sources=True)
        return Offer(tuple(_preset_words()), has_files=True)
    return Offer(has_files=_is(metavar, *_FILES), has_folders=_is(metavar, *_FOLDERS))


def _is(metavar: str, *names: str) -> bool:
    """Tell whether a value is called one of ``names``, be it in the language in use."""
    return any(metavar in (name, tr(name)) for name in names)


def _filter_words() -> Iterator[Word]:
    for field in (*(kind.value for kind in Kind), "sort"):
        begun = f"{field}:"
        values = completions(begun, len(begun), lambda _: ())
        if values:
            yield from (Word(f"{begun}{value.text}", value.help) for value in values)
        else:
            names = completions(field, len(field), lambda _: ())
            yield from (Word(one.text, one.help) for one in names if one.text == begun)


def _preset_words() -> Iterator[Word]:
    for preset in PRESETS:
        names = [f"{preset.key}:{choice}" for choice in preset.choices] or [preset.key]
        yield from (Word(name, tr(preset.title)) for name in names)

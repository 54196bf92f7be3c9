"""Which folders hold files of one paper each: a few large ones, not one for each month."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 6
"""Of more folders, those side by side are put together."""
_SUFFIX = ".json"


class PaperFolder(NamedTuple):
    """A folder with such files, in it or in folders below it.

    Attributes:
        name: Its last part with a slash; the whole path where another one is called the same.
        pattern: What its files are called, for ``conditions.documents_named``.
        files: How many there are.
    """

    name: str
    pattern: str
    files: int


def paper_folders(found: Iterable[tuple[str, int, int]]) -> list[PaperFolder]:
    """Put folders together: those named by numbers (``papers/24/04``) with the one they lie in.

    Args:
        found: Folders without a slash at their end, the number of their files, and how many of
            these are called ``*.json``.

    Returns:
        Folders of which none lies in another one, sorted.
    """
    folders = list(found)
    tops = _outermost({_without_numbers(folder) for folder, *_ in folders})
    while len(tops) > _MOST:
        deepest = max(map(_depth, tops))
        tops = _outermost({_parent(top) if _depth(top) == deepest else top for top in tops})
    files: defaultdict[str, int] = defaultdict(int)
    others: defaultdict[str, int] = defaultdict(int)
    for folder, count, json in folders:
        top = next(within for within in _upwards(folder) if within in tops)
        files[top] += count
        others[top] += count - json
    names = [_name(top) for top in tops]
    return [
        PaperFolder(
            _name(top) if names.count(_name(top)) == 1 else f"{top}/",
            # The suffix leaves out the digests that may lie in the same folder.
            f"{top}/*{'' if others[top] else _SUFFIX}".removeprefix("" if top else "/"),
            files[top],
        )
        for top in sorted(tops)
    ]


def _outermost(folders: set[str]) -> set[str]:
    return {
        folder
        for folder in folders
        if not any(within in folders for within in _upwards(_parent(folder)) if within != folder)
    }


def _upwards(folder: str) -> Iterator[str]:
    """Iterate over a folder and those that it lies in, the innermost first; the last one is ``""``."""
    yield folder
    while folder:
        folder = _parent(folder)
        yield folder


def _without_numbers(folder: str) -> str:
    return next(
        (within for within in _upwards(folder) if _parent(within) == "" or not _is_number(within)),
        folder,
    )


def _is_number(folder: str) -> bool:
    """Tell whether a folder is called by a year, month, date or identifier."""
    name = folder.rpartition("/")[2]
    return any(map(str.isdecimal, name)) and not any(map(str.isalpha, name))


def _parent(folder: str) -> str:
    return folder.rpartition("/")[0]


def _name(folder: str) -> str:
    return f"{folder.rpartition('/')[2]}/"


def _depth(folder: str) -> int:
    return folder.count("/")

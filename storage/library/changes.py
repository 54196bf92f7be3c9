"""What changed between two versions of a text, grouped for reading rather than for the fewest edits.

English is compared by words, Chinese by characters, a LaTeX formula as a whole; punctuation and
white space stand for themselves. What stayed the same for one or two words only, or for much less
than what changed on both of its sides, is shown with the change around it: a patchwork is harder to
read than the old wording beside the new one (the "semantic cleanup" of Neil Fraser's
diff-match-patch, https://neil.fraser.name/writing/diff/).
"""

from __future__ import annotations

import re
from collections import Counter, deque
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import accumulate, groupby, pairwise, takewhile
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    UNKNOWN = "unknown"
    """In the new text, behind the place up to which a cut old text can be compared with it."""


# What stays the same between two changes for fewer words or Chinese characters is no relief.
_ISLAND = 3
# Steps of comparing (about 0.1 µs each) that two texts are worth; abstracts take a hundredth.
_BUDGET = 200_000

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DRAWN_ON = "[\u0300-\u036f\u200d\u20d0-\u20ff\ufe00-\ufe0f]*"  # accents and the like
_LETTERS = rf"(?:[^\W{_HAN}]{_DRAWN_ON})+"
_UNIT = re.compile(
    # As in Pandoc's tex_math_dollars, so that "$5 and $10" is money; translators add the spaces.
    rf"\$(?=\S)(?:[^$\\{_HAN}]|\\.){{1,400}}?(?<=\S)\$(?!\d)|\$ [^${_HAN}]{{1,400}} \$"
    r"|\$\$[^$]{1,400}\$\$"
    r"|\\\(.{1,400}?\\\)|\\\[.{1,400}?\\\]|\\[A-Za-z]+"
    rf"|{_LETTERS}(?:(?:['’‐-]|(?<=\d)[.,](?=\d)){_LETTERS})*"
    rf"|\S{_DRAWN_ON}",
    re.DOTALL,
)
_HAN_UNIT = re.compile(f"[{_HAN}]{_DRAWN_ON}")


class _Match(NamedTuple):
    """What is the same in both texts: from where in each, and how many units (or characters)."""

    old: int
    new: int
    size: int

    @property
    def ends(self) -> tuple[int, int]:
        return self.old + self.size, self.new + self.size


class _Units:
    """A text as the units that are compared: words, Chinese characters, formulas, punctuation.

    Attributes:
        keys: The units themselves; between them is nothing but white space.
        starts: Where each begins in the text.
    """

    __slots__ = ("_words", "keys", "starts", "text")

    def __init__(self, text: str) -> None:
        matches = list(_UNIT.finditer(text))
        self.text = text
        self.keys = [match[0] for match in matches]
        self.starts = [match.start() for match in matches]
        are_words = (len(key) > 1 or key.isalnum() for key in self.keys)
        self._words = list(accumulate(are_words, initial=0))

    def __len__(self) -> int:
        return len(self.keys)

    def words(self, start: int, stop: int) -> int:
        """Count the units from ``start`` to ``stop`` that are not punctuation."""
        return self._words[stop] - self._words[start]

    def end(self, stop: int) -> int:
        """Tell where in the text the units before ``stop`` end; with all, where the text does."""
        if stop == len(self):
            return len(self.text)
        return self.starts[stop - 1] + len(self.keys[stop - 1]) if stop else 0


def changes(old: str, new: str) -> list[tuple[Change, str]]:
    """Compare two versions of a text.

    The time is bounded: in texts far beyond an abstract's length (thousands of words) that differ
    throughout, stretches that have words in common may be shown as replaced.

    Returns:
        The pieces in reading order, none empty, neighbours of different kinds, what was removed
        before what was added in its place. ``SAME`` and ``ADDED`` ones make up ``new`` exactly,
        ``SAME`` and ``REMOVED`` ones ``old``. A change of white space alone is told as well.
    """
    return changes_of_cut(old, new, old_cut=False, new_cut=False)


def changes_of_cut(old: str, new: str, old_cut: bool, new_cut: bool) -> list[tuple[Change, str]]:
    """Compare two versions of a text of which digests may have kept the beginning only.

    They are compared up to the cut. What the new text has behind it is ``UNKNOWN``, what the old
    one has behind it is left out. Where they differ right before the cut, nobody can say what would
    have followed: as many units as both have left are told as replaced.

    Args:
        old: The older version.
        new: The newer version.
        old_cut: Whether ``old`` is a beginning only.
        new_cut: Whether ``new`` is.

    Returns:
        The pieces as of ``changes``. ``SAME``, ``ADDED`` and ``UNKNOWN`` ones make up ``new``
        exactly, ``SAME`` and ``REMOVED`` ones ``old``, or a beginning of it if ``new`` was cut.
    """
    units = before, after = _Units(old), _Units(new)
    cuts = old_cut, new_cut
    blocks = [_Match(0, 0, _shared(before.keys, after.keys))]
    place = blocks[0].ends
    if not any(cuts):
        blocks = _to_end(*units, blocks[0])
    elif not _torn(*units, place, cuts):
        blocks += _runs(*units, place, (len(before), len(after)))
    place = blocks[-1].ends
    torn = _torn(*units, place, cuts)
    end = _Match(*(place if torn else _comparable(*units, place, cuts)), 0)
    matches = [*_in_characters(_for_reading([*blocks, end], *units), *units), *torn]
    old_stop, new_stop = torn[0].ends if torn else (before.end(end.old), after.end(end.new))
    pieces = [*_pieces(old[:old_stop], new[:new_stop], matches), (Change.UNKNOWN, new[new_stop:])]
    by_kind = groupby(filter(itemgetter(1), pieces), key=itemgetter(0))
    return [(kind, "".join(text for _, text in group)) for kind, group in by_kind]


def is_changed(pieces: list[tuple[Change, str]]) -> bool:
    """Tell whether anything but white space was added or removed."""
    return any(
        kind in (Change.ADDED, Change.REMOVED) and not text.isspace() for kind, text in pieces
    )


def _shared(old: Iterable[str], new: Iterable[str]) -> int:
    """Count the items that are the same from the beginning on."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(old, new, strict=False)))


def _to_end(before: _Units, after: _Units, head: _Match) -> list[_Match]:
    """Find what is the same behind the head of two whole texts."""
    size = _shared(reversed(before.keys[head.size :]), reversed(after.keys[head.size :]))
    tail = _Match(len(before) - size, len(after) - size, size)
    *others, last = [head, *_runs(before, after, head.ends, tail[:2])]
    # The full stop before an added sentence is not the one that the tail begins with.
    more = min(size, _shared(before.keys[last.ends[0] :], after.keys[last.ends[1] :]))
    last = last._replace(size=last.size + more)
    return [*others, last, _Match(tail.old + more, tail.new + more, size - more)]


def _runs(
    before: _Units, after: _Units, start: tuple[int, int], stop: tuple[int, int]
) -> list[_Match]:
    """Find what is the same between two places, three units in a row at the least.

    The longest first, as ``SequenceMatcher`` does, but with a budget. Shorter ones would not be
    shown, and triples are so rare in a text that comparing them takes little time.
    """
    old, new = (
        list(zip(keys, keys[1:], keys[2:], strict=False))
        for keys in (before.keys[start[0] : stop[0]], after.keys[start[1] : stop[1]])
    )
    often = Counter(new)
    costs = list(accumulate((1 + often[triple] for triple in old), initial=0))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    budget, found = _BUDGET, []
    ranges = deque([(0, len(old), 0, len(new))])
    while ranges:
        old_start, old_stop, new_start, new_stop = ranges.popleft()
        if old_start >= old_stop or new_start >= new_stop:
            continue
        cost = costs[old_stop] - costs[old_start]
        if cost > budget:
            continue
        budget -= cost
        i, j, size = matcher.find_longest_match(old_start, old_stop, new_start, new_stop)
        if size:
            found.append(_Match(start[0] + i, start[1] + j, size + 2))
            # A triple that begins two units before the match would reach into it.
            ranges.append((old_start, i - 2, new_start, j - 2))
            ranges.append((i + size + 2, old_stop, j + size + 2, new_stop))
    return sorted(found)


def _for_reading(blocks: list[_Match], before: _Units, after: _Units) -> list[_Match]:
    whole = _without_islands(blocks, before, after)
    return _without_islands(_without_crumbs(whole, before, after), before, after)


def _without_islands(blocks: list[_Match], before: _Units, after: _Units) -> list[_Match]:
    """Leave out what is the same between two changes but too short beside them."""
    kept: list[_Match] = []
    for block in blocks:
        kept.append(block)
        while len(kept) > 2 and _is_island(kept[-3:], before, after):
            del kept[-2]
    return kept


def _is_island(three: list[_Match], before: _Units, after: _Units) -> bool:
    left, block, right = three
    if left.ends == block[:2] or block.ends == right[:2]:
        return False
    words = before.words(block.old, block.ends[0])
    around = min(_changed(*pair, before, after) for pair in pairwise(three))
    return words < _ISLAND or 2 * words <= around


def _changed(left: _Match, right: _Match, before: _Units, after: _Units) -> int:
    """Count the words that changed between two blocks, in the text where they are more."""
    old, new = left.ends
    return max(before.words(old, right.old), after.words(new, right.new))


def _without_crumbs(blocks: list[_Match], before: _Units, after: _Units) -> list[_Match]:
    """Widen a change over the character or two that it leaves of a Chinese clause."""
    kept = list(blocks)
    for place, (left, right) in enumerate(pairwise(blocks)):
        changed = _changed(left, right, before, after)
        old, new, size = kept[place]
        size -= _crumbs(reversed(before.keys[old : old + size]), changed)
        kept[place] = _Match(old, new, size)
        old, new, size = right
        ahead = _crumbs(before.keys[old : old + size], changed)
        kept[place + 1] = _Match(old + ahead, new + ahead, size - ahead)
    return kept


def _crumbs(keys: Iterable[str], changed: int) -> int:
    """Count the Chinese characters that ``keys`` begin with, if few; else there are no crumbs."""
    count = sum(1 for _ in takewhile(_HAN_UNIT.fullmatch, keys))
    return count if count < _ISLAND and 4 * count <= changed else 0


def _torn(
    before: _Units, after: _Units, place: tuple[int, int], cuts: tuple[bool, bool]
) -> list[_Match]:
    """Match, in characters, the rest of a cut text if the other goes on so: a torn word mostly."""
    (old, new), (old_cut, new_cut) = place, cuts
    if old == len(before) or new == len(after):
        return []
    starts = before.starts[old], after.starts[new]
    rests = before.text[starts[0] :], after.text[starts[1] :]
    if new_cut and rests[0].startswith(rests[1]):
        return [_Match(*starts, len(rests[1]))]
    if old_cut and rests[1].startswith(rests[0]):
        return [_Match(*starts, len(rests[0]))]
    return []


def _comparable(
    before: _Units, after: _Units, place: tuple[int, int], cuts: tuple[bool, bool]
) -> tuple[int, int]:
    """Tell up to which units the texts can be compared if nothing is the same from ``place`` on."""
    (old, new), (old_cut, new_cut) = place, cuts
    both = min(len(before) - old, len(after) - new)
    return old + both if new_cut else len(before), new + both if old_cut else len(after)


def _in_characters(blocks: list[_Match], before: _Units, after: _Units) -> Iterator[_Match]:
    for old, new, size in blocks:
        for unit in range(size):
            start = before.starts[old + unit]
            yield _Match(start, after.starts[new + unit], len(before.keys[old + unit]))


def _pieces(old: str, new: str, matches: Iterable[_Match]) -> Iterator[tuple[Change, str]]:
    """Tell what is the same, and what either text has between; pieces may be empty."""
    old_done = new_done = 0
    for match in (*matches, _Match(len(old), len(new), 0)):
        removed, added = old[old_done : match.old], new[new_done : match.new]
        head = _shared(takewhile(str.isspace, removed), added)
        removed, added = removed[head:], added[head:]
        tail = _shared(takewhile(str.isspace, reversed(removed)), reversed(added))
        yield Change.SAME, old[old_done : old_done + head]
        yield Change.REMOVED, removed[: len(removed) - tail]
        yield Change.ADDED, added[: len(added) - tail]
        old_done, new_done = match.ends
        yield Change.SAME, old[match.old - tail : old_done]

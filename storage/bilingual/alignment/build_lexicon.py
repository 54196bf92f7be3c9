"""Builds the aligner's lexicon: ``python -m storage.bilingual.alignment.build_lexicon PAPERS_FOLDER``.

It reads the titles and TL;DRs of all paper files under the folder, never their abstracts, and
writes ``lexicon.tsv`` beside this module. The same files give the same bytes.

Licence: the lexicon is made of statistics of word pairs, counted over titles and TL;DRs of the
public digests of ``qhduan/cn-chat-arxiv``; it holds no sentence of anyone. arXiv's metadata, such
as titles, is CC0. The project's own licence applies to the built file.

Method: English words, cut to `STEM` letters, are associated with pairs of Chinese characters by
Dice's coefficient. A pair is kept for a word only where no other word claims it far more strongly
(competitive linking, Melamed 2000), and only while it covers texts that the pairs before it leave.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.arxiv import split_title
from storage.bilingual.alignment.lexicon import FILE, HEADER, STEM, Word, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[a-z]{2,}")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
# What is in nearly every sentence tells sentences apart the least.
_TOO_COMMON = (
    # tr: no -- a list of words
    "the of a and in to for on by is with that an as from are be it or its was were been will their "
    "such also into our may over"
)
_SAMPLE = 1500
"""Texts of a frequent word in which its candidates are looked for."""
_LEAST_DICE = 0.06
_LEAST_CLAIM = 0.5
_MOST_CANDIDATES = 25
_MOST_PAIRS = 4
_LEAST_GAIN = 6.0
_LEAST_KNOWN = 0.15
"""A word whose pairs are in fewer of its texts than this is of no use."""
_MOST_KNOWN = 0.95


class Texts(NamedTuple):
    """Which texts hold what, by their numbers."""

    total: int
    english: dict[str, list[int]]
    chinese: dict[str, set[int]]
    pairs_of: list[list[str]]


def texts_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (English, Chinese) titles and TL;DRs of the paper files under ``folder``, in order.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is no JSON.
        TypeError: A file holds something else than an object.
    """
    for path in sorted(folder.rglob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        if not isinstance(record, dict):
            raise TypeError(f"{path} holds no JSON object")  # tr: no -- for developers
        tldr = record.get("en_tdlr") or record.get("en_tldr")
        for english, chinese in (
            (record.get("title"), record.get("translated_title")),
            (tldr, record.get("tldr")),
        ):
            if english and chinese:
                yield split_title(english)[0], chinese


def build(texts: Iterable[tuple[str, str]], at_least: int = 12) -> dict[str, Word]:
    """Find the Chinese for English words.

    Args:
        texts: Pairs of an English text and its translation.
        at_least: Texts that a word or a pair of characters must be in.

    Returns:
        For each stem its entry.
    """
    counted = _counted(texts, at_least)
    candidates = {word: _candidates(counted, numbers) for word, numbers in counted.english.items()}
    strongest: dict[str, float] = {}
    for found in candidates.values():
        for dice, pair in found:
            strongest[pair] = max(dice, strongest.get(pair, 0.0))
    lexicon = {}
    for word in sorted(candidates):
        claimed = [
            (dice, pair)
            for dice, pair in candidates[word]
            if dice >= _LEAST_CLAIM * strongest[pair]
        ]
        entry = _entry(counted, counted.english[word], claimed[:_MOST_CANDIDATES])
        if entry is not None:
            lexicon[word] = entry
    return lexicon


def _counted(texts: Iterable[tuple[str, str]], at_least: int) -> Texts:
    english: dict[str, list[int]] = defaultdict(list)
    chinese: dict[str, list[int]] = defaultdict(list)
    common = set(_TOO_COMMON.split())
    count = 0
    for number, (left, right) in enumerate(texts):
        count = number + 1
        for stem in {word[:STEM] for word in _WORD.findall(left.lower())} - common:
            english[stem].append(number)
        runs = _HAN.findall(right)
        for pair in {first + second for run in runs for first, second in pairwise(run)}:
            chinese[pair].append(number)
    kept = {pair: set(chinese[pair]) for pair in sorted(chinese) if len(chinese[pair]) >= at_least}
    pairs_of: list[list[str]] = [[] for _ in range(count)]
    for pair, numbers in kept.items():
        for number in numbers:
            pairs_of[number].append(pair)
    words = {stem: numbers for stem, numbers in english.items() if len(numbers) >= at_least}
    return Texts(count, words, kept, pairs_of)


def _candidates(texts: Texts, numbers: list[int]) -> list[tuple[float, str]]:
    """Return the pairs associated with a word, the strongest first."""
    sample = numbers[:: max(1, len(numbers) // _SAMPLE)]
    together: Counter[str] = Counter()
    for number in sample:
        together.update(texts.pairs_of[number])
    found = []
    for pair, seen in together.items():
        both = seen * len(numbers) / len(sample)
        dice = 2 * both / (len(numbers) + len(texts.chinese[pair]))
        if seen > 3 and dice >= _LEAST_DICE:
            found.append((dice, pair))
    return sorted(found, key=lambda item: (-item[0], item[1]))


def _entry(texts: Texts, numbers: list[int], candidates: list[tuple[float, str]]) -> Word | None:
    """Choose pairs one by one, each for the texts that those before it leave."""
    left = set(numbers)
    chosen: list[str] = []
    while len(chosen) < _MOST_PAIRS and len(left) > max(2, len(numbers) // 20):
        gain, pair = max(
            ((dice * _gain(texts, left, pair), pair) for dice, pair in candidates),
            default=(0.0, ""),
        )
        if gain < _LEAST_GAIN:
            break
        chosen.append(pair)
        left -= texts.chinese[pair]
    known = min(1 - len(left) / len(numbers), _MOST_KNOWN)
    if known < _LEAST_KNOWN:
        return None
    anywhere = len(set().union(*(texts.chinese[pair] for pair in chosen))) / texts.total
    weight = log(known / anywhere)
    return Word(tuple(chosen), round(known, 2), round(weight, 1)) if weight >= 0.1 else None


def _gain(texts: Texts, left: set[int], pair: str) -> float:
    """Return the log-likelihood ratio of a pair being in these texts because of the word."""
    seen = len(left & texts.chinese[pair])
    usual = len(texts.chinese[pair]) / texts.total
    if seen < 3 or seen <= usual * len(left):
        return 0.0
    share = min(seen / len(left), 0.999)
    return seen * log(share / usual) + (len(left) - seen) * log((1 - share) / (1 - usual))


def main(folder: Path, target: Path) -> str:
    """Build ``target`` from the paper files under ``folder``; return what was done."""
    texts = list(texts_of(folder))
    lexicon = build(texts)
    data = (HEADER + written(lexicon)).encode("utf-8")
    target.write_bytes(data)
    # tr: no -- for developers
    return f"{target}: {len(lexicon)} words from {len(texts)} titles and TL;DRs, {len(data)} bytes"


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        # tr: no -- for developers
        sys.exit("usage: python -m storage.bilingual.alignment.build_lexicon PAPERS_FOLDER")
    try:
        sys.stdout.write(main(Path(sys.argv[1]), FILE) + "\n")
    except (OSError, ValueError, TypeError) as error:
        sys.exit(f"no lexicon was built: {error}")  # tr: no -- for developers

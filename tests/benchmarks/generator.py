"""A library of any size from varied bilingual papers, for benchmarks: nothing in it is anyone's text.

One draw of words fills the same sentences in both languages, so a Chinese text is the translation
of its English one by construction. Words are drawn as real ones are, the n-th in a list about n
times as seldom as the first (G. K. Zipf, 1949); each channel begins its list at another topic.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from heapq import heappop, heappush
from html import escape
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from storage.arxiv import abs_link
from storage.export.markdown import digest_to_markdown
from storage.model import AnnounceType, ArxivId, Bilingual, Digest, DocumentFormat, Entry
from tests.benchmarks.phrases import (
    CHANNELS,
    FAMILY,
    GIVEN,
    GOALS,
    LIMITS,
    MANNERS,
    METHODS,
    NAME_ENDS,
    NAME_PARTS,
    PARTS,
    PLACES,
    SIGNS,
    TITLES,
    TLDRS,
    TOPICS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_T = TypeVar("_T")
_CUT: Final = 1000  # characters: where the producer of real digests cuts English abstracts
_REVISION = Bilingual(
    " This version corrects a proof and adds experiments.", "本版更正了一处证明并补充了实验。"
)
_FORMS = (TITLES, TLDRS, *PARTS)
_SLOTS = {
    "method": METHODS, "manner": MANNERS, "place": PLACES, "goal": GOALS, "limit": LIMITS,
}  # fmt: skip
_FIRST_TOPIC = {
    channel: [en for en, _ in TOPICS].index(favourite) for channel, favourite in CHANNELS
}


class _Coming(NamedTuple):
    """A paper that will appear: from which day on, and which of its appearances it is."""

    day: datetime
    serial: int  # no two are equal, so entries are never compared
    number: int
    entry: Entry


def digests(papers: int, *, seed: int = 1) -> Iterator[Digest]:
    """Make digests of about 120 entries, oldest first, from 2023-03 on, several a working day.

    Each paper is new in one digest; in up to three later ones it is cross-listed, then replaced
    by its next version. A third of the digests tell authors and categories. Memory holds the
    papers that are still to come again, a few weeks of them.

    Args:
        papers: How many papers, each counted once.
        seed: The same seed and count make the same digests.
    """
    rng = Random(seed)
    queues: dict[str, list[_Coming]] = {channel: [] for channel in _FIRST_TOPIC}
    serials, numbers = count(), count(1)
    day = datetime(2023, 3, 1)
    a_day = min(len(queues), max(4, papers // 30_000))
    while papers or any(queues.values()):
        times = sorted(rng.sample(range(60, 1380), a_day))  # minutes since midnight
        for minutes, channel in zip(times, rng.sample(list(queues), a_day), strict=True):
            size = rng.randint(100, 150)
            known = _due(queues[channel], day, size)
            new = min(papers, size - len(known))
            papers -= new
            made = (_paper(rng, channel, f"{day:%y%m}.{next(numbers):05}") for _ in range(new))
            listed = [*(_Coming(day, 0, 0, entry) for entry in made), *known]
            if listed:
                yield _digest(rng, channel, day + timedelta(minutes=minutes), listed)
            for shown in listed:
                if rng.random() < (0.65, 0.6, 0.5, 0)[shown.number]:
                    again = _again(rng, shown, day, next(serials))
                    heappush(queues[_channel(again)], again)
        month = day.month
        day += timedelta(days=3 if day.weekday() == 4 else 1)
        if not papers:  # what only comes again is gathered, not scattered over small digests
            day, a_day = day + timedelta(days=7), len(queues)
        if day.month != month:
            numbers = count(1)


def write_digests(folder: Path, papers: int, *, seed: int = 1) -> int:
    """Write digests as Markdown, ``cs.LG/2024-04-04T0909_ab12cd.md``; return how many.

    Raises:
        OSError: A file could not be written.
    """
    written = 0
    for digest in digests(papers, seed=seed):
        path = folder / digest.source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(digest_to_markdown(digest.entries), "utf-8")
        written += 1
    return written


def write_feed(path: Path, papers: int, *, seed: int = 1) -> None:
    """Write an RSS 2.0 feed (https://www.rssboard.org/rss-specification), an item a paper.

    Raises:
        OSError: The file could not be written.
    """
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n')
        file.write("<title>Papers</title><link>https://arxiv.org</link>")
        file.write("<description>Generated papers</description>\n")
        for digest in digests(papers, seed=seed):
            date = format_datetime(digest.issued)
            new = (one for one in digest.entries if one.announce_type is AnnounceType.NEW)
            file.writelines(_item(entry, date) for entry in new)
        file.write("</channel></rss>\n")


def _due(queue: list[_Coming], day: datetime, most: int) -> list[_Coming]:
    due: list[_Coming] = []
    while queue and queue[0].day <= day and len(due) < most:
        due.append(heappop(queue))
    return due


def _channel(coming: _Coming) -> str:
    return coming.entry.categories[
        coming.number if coming.entry.announce_type is AnnounceType.CROSS else 0
    ]


def _again(rng: Random, shown: _Coming, day: datetime, serial: int) -> _Coming:
    """Say when and as what a paper comes next: in each of its categories, then in new versions."""
    entry, number = shown.entry, shown.number + 1
    if number < len(entry.categories):
        soon = day + timedelta(days=rng.randrange(3))
        return _Coming(soon, serial, number, entry._replace(announce_type=AnnounceType.CROSS))
    abstract = entry.abstract
    if abstract.zh and not entry.abstract_cut and entry.version == 1:
        abstract = Bilingual(f"{abstract.en}{_REVISION.en}", f"{abstract.zh}{_REVISION.zh}")
    newer = entry._replace(
        announce_type=AnnounceType.REPLACE,
        version=(entry.version or 0) + 1,
        abstract=abstract,
    )
    return _Coming(day + timedelta(days=rng.randint(1, 12)), serial, number, newer)


def _digest(rng: Random, channel: str, issued: datetime, listed: Sequence[_Coming]) -> Digest:
    left_out: dict[str, tuple[str, ...]] = {"authors": (), "categories": ()}
    if rng.random() < 1 / 3:
        left_out = {}
    return Digest(
        source=f"{channel}/{issued:%Y-%m-%dT%H%M}_{rng.getrandbits(24):06x}.md",
        format=DocumentFormat.MARKDOWN,
        channel=channel,
        issued=issued,
        entries=tuple(
            one.entry._replace(ref=ref, **left_out)  # type: ignore[arg-type] # two fields of one type
            for ref, one in enumerate(listed, 1)
        ),
    )


def _pick(rng: Random, items: Sequence[_T], start: int = 0) -> _T:
    """Draw an item by Zipf's law, its list turned to begin at ``start``."""
    return items[(int((len(items) + 1) ** rng.random()) - 1 + start) % len(items)]


def _another(rng: Random, items: Sequence[_T], than: _T) -> _T:
    while (item := _pick(rng, items)) == than:
        pass
    return item


def _paper(rng: Random, channel: str, identifier: str) -> Entry:
    """Make a paper as it appears first, with all that some digest may tell of it."""
    texts = [forms[int(len(forms) * rng.random())] for forms in _FORMS]
    title, tldr, *abstract = (en for en, _ in texts)
    title_zh, tldr_zh, *abstract_zh = (zh for _, zh in texts)
    english, chinese = _words(rng, channel)
    title %= english
    whole = " ".join(abstract) % english
    cut = len(whole) > _CUT and rng.random() < 0.6
    translated, has_tldr = rng.random() < 0.98, rng.random() < 0.95
    others = dict.fromkeys(rng.choice(CHANNELS)[0] for _ in range(rng.randrange(4)))
    return Entry(
        title=Bilingual(title[0].upper() + title[1:], title_zh % chinese if translated else None),
        tldr=Bilingual(
            tldr % english if has_tldr and rng.random() < 0.4 else None,
            tldr_zh % chinese if has_tldr and translated else None,
        ),
        abstract=Bilingual(
            whole[:_CUT].rstrip() if cut else whole,
            "".join(abstract_zh) % chinese if translated else None,
        ),
        arxiv_id=ArxivId(identifier),
        version=1,
        announce_type=AnnounceType.NEW,
        primary_category=channel,
        categories=tuple({channel: None} | others),
        authors=tuple(
            f"{_pick(rng, GIVEN)} {_pick(rng, FAMILY)}" for _ in range(rng.randint(1, 6))
        ),
        abstract_cut=cut,
    )


def _words(rng: Random, channel: str) -> tuple[dict[str, str], dict[str, str]]:
    """Draw what fills the slots of one paper's sentences: in English, and the same in Chinese."""
    draw = rng.random
    drawn = {"topic": _pick(rng, TOPICS, _FIRST_TOPIC[channel])}
    drawn |= {slot: _pick(rng, items) for slot, items in _SLOTS.items()}
    drawn["topic2"] = _another(rng, TOPICS, drawn["topic"])
    drawn["method2"] = _another(rng, METHODS, drawn["method"])
    shared = {
        "name": "".join(rng.choice(part) for part in (NAME_PARTS, NAME_PARTS, NAME_ENDS)),
        "formula": _pick(rng, SIGNS),
        "formula2": _pick(rng, SIGNS),
        "n": f"{int(10 ** (3 + 3 * draw())):,}",
        "k": str(int(3 + 45 * draw())),
        "x": f"{1.2 + 8 * draw():.1f}",
        "gain": f"{1 + 18 * draw():.1f}",
        "gain2": f"{5 + 40 * draw():.0f}",
        "low": f"{60 + 18 * draw():.1f}",
        "high": f"{80 + 19 * draw():.1f}",
    }
    return (
        {slot: en for slot, (en, _) in drawn.items()} | shared,
        {slot: zh for slot, (_, zh) in drawn.items()} | shared,
    )


def _item(entry: Entry, date: str) -> str:
    title = " / ".join(filter(None, (entry.title.en, entry.title.zh)))
    texts = (entry.tldr.zh, entry.tldr.en, entry.abstract.zh, entry.abstract.en)
    description = "".join(f"<p>{escape(text)}</p>" for text in texts if text)
    return (
        f"<item><title>{escape(title)}</title><link>{abs_link(ArxivId(entry.key))}</link>"
        f'<guid isPermaLink="false">{entry.key}</guid><pubDate>{date}</pubDate>'
        f"<description>{escape(description)}</description></item>\n"
    )

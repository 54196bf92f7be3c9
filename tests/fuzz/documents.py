"""What is damaged: the project's fixtures, feeds made by tests, and folders of real documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.storage import arxiv_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

FIXTURES: Final = Path(__file__).parents[1] / "digests"
_MOST_OF_A_KIND: Final = 150
_SUFFIXES: Final = frozenset({".md", ".txt", ".xml", ".atom", ".json", ".jsonl", ".opml"})
_SIZES: Final = (500, 2_000, 4_000, 8_000, 16_000, 32_000)
_HEAD: Final = 600
_OPML: Final = (
    '<?xml version="1.0"?>\n<opml version="2.0"><head><title>Feeds</title></head><body>\n'
    '<outline text="Learning"><outline text="cs.LG" type="rss" xmlUrl="https://a.io/cs.LG.xml"/>\n'
    '</outline><outline title="B &amp; C" xmlUrl="http://user:word@b.io:81/c?d=1#e"/></body></opml>\n'
)
_TRANSLATION: Final = json.dumps({"title": "缝", "tldr": "我们缝。", "abstract": "我们把它缝上。"})
_EVENT: Final = (
    f'data: {{"choices": [{{"delta": {{"content": {json.dumps(_TRANSLATION)}}},'
    ' "finish_reason": "stop"}]}\n\n'
)
_FIRST, _SECOND = "2404.00001v1", "2404.00002v2"


class Sample(NamedTuple):
    """One document as it is, with the path that its channel and date are read from."""

    name: str
    data: bytes


def fixtures() -> list[Sample]:
    """Return the project's own documents."""
    paths = sorted(FIXTURES.rglob("*.*"))
    found = [
        Sample(path.relative_to(FIXTURES).as_posix(), path.read_bytes())
        for path in paths
        if path.is_file() and ".expected." not in path.name
    ]
    made = {
        "announced.xml": arxiv_text.rss(arxiv_text.rss_item(_FIRST), arxiv_text.rss_item(_SECOND)),
        "announced.atom": arxiv_text.atom(
            arxiv_text.atom_entry(_FIRST), arxiv_text.atom_entry(_SECOND)
        ),
        "list.opml": _OPML,
        "completion.json": json.dumps({"choices": [{"message": {"content": _TRANSLATION}}]}),
        "completion.sse": _EVENT
        + _EVENT
        + 'data: {"usage": {"total_tokens": 9}}\n\ndata: [DONE]\n',
        "answer.atom": arxiv_text.atom(
            arxiv_text.answer_entry(_FIRST),
            arxiv_text.answer_entry(_SECOND),
            title="arXiv Query: search_query=cat:cs.LG&amp;id_list=&amp;start=0&amp;max_results=2",
            counts=(2, 0, 2),
        ),
    }
    return found + [Sample(f"made/{name}", text.encode()) for name, text in made.items()]


def real_documents(folders: Iterable[Path], random: Random) -> list[Sample]:
    """Return some documents of each kind that lies in ``folders``."""
    kinds: dict[str, list[Path]] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                kinds.setdefault(path.suffix, []).append(path)
    return [
        Sample("/".join(path.parts[-2:]), path.read_bytes())
        for paths in kinds.values()
        for path in random.sample(paths, min(len(paths), _MOST_OF_A_KIND))
    ]


class Documents:
    """Hands out documents, as many of one kind as of another.

    Args:
        samples: All there are; at least one.
    """

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._kinds: dict[str, list[Sample]] = {}
        for sample in samples:
            self._kinds.setdefault(sample.name.rpartition(".")[2], []).append(sample)
        self._names = sorted(self._kinds)

    def pick(self, random: Random) -> Sample:
        """Return a part of a document, or in one of two hundred cases a whole large one."""
        name, data = random.choice(self._kinds[random.choice(self._names)])
        size = random.choice(_SIZES)
        if len(data) <= size or random.random() < 0.005:
            return Sample(name, data)
        return Sample(name, random.choice(_CUTS)(random, data, size))


def _head(_random: Random, data: bytes, size: int) -> bytes:
    return data[:size]


def _tail(_random: Random, data: bytes, size: int) -> bytes:
    return data[-size:]


def _middle(random: Random, data: bytes, size: int) -> bytes:
    start = random.randrange(len(data) - size)
    return data[start : start + size]


def _head_and_tail(_random: Random, data: bytes, size: int) -> bytes:
    return data[: size // 2] + data[-size // 2 :]


def _head_and_middle(random: Random, data: bytes, size: int) -> bytes:
    """Keep what a format is known by, so that the middle is read as what it is."""
    start = max(0, data.rfind(b"\n", 0, random.randrange(len(data))))
    return data[: data.rfind(b"\n", 0, _HEAD) + 1] + data[start : start + size]


_CUTS: Final = (_head, _tail, _middle, _head_and_tail, _head_and_middle, _head_and_middle)

"""Digests made by hand for the screen's tests: no parser is asked."""

from __future__ import annotations

from datetime import datetime

from storage.model import (
    AnnounceType,
    Appearance,
    ArxivId,
    Bilingual,
    Digest,
    DocumentFormat,
    Entry,
    PaperKey,
    Section,
)

ATTENTION = PaperKey("1706.03762")
ADAM = PaperKey("1412.6980")
PUSH = PaperKey("2403.07471")
RICCI = PaperKey("math/0211159")


def _entry(identifier: str, ref: int, **fields: object) -> Entry:
    return Entry(arxiv_id=ArxivId(identifier), ref=ref, **fields)  # type: ignore[arg-type] # literal fields


ENTRIES = (
    _entry(
        ATTENTION,
        1,
        version=1,
        announce_type=AnnounceType.NEW,
        primary_category="cs.CL",
        title=Bilingual("Attention Is All You Need", "注意力就是你所需要的一切"),
        tldr=Bilingual("Attention alone translates.", "只用注意力就能翻译。"),
        abstract=Bilingual(
            "Recurrence is slow because each step waits for the one before. Attention looks at "
            "all places at once, so that training runs in parallel and takes hours, not days.",
            "循环网络很慢，因为每一步都要等待前一步。注意力一次看到所有位置，"
            "因此训练可以并行进行，只需数小时而不是数天。",
        ),
    ),
    _entry(
        ADAM,
        2,
        version=9,
        announce_type=AnnounceType.REPLACE,
        primary_category="cs.LG",
        title=Bilingual("Adam: A Method for Stochastic Optimization", "Adam：一种随机优化方法"),
        tldr=Bilingual(None, "用一阶和二阶矩的估计来调整步长。"),
        abstract=Bilingual(
            "Step sizes follow running estimates of the first and second mom",
            "步长由一阶矩和二阶矩的滑动估计决定。",
        ),
        abstract_cut=True,
    ),
    _entry(
        PUSH,
        3,
        version=1,
        announce_type=AnnounceType.CROSS,
        title=Bilingual("On the nonconvexity of some push-forward constraints", "推进约束的非凸性"),
        abstract=Bilingual("Most such constraints are not convex.", "大多数此类约束不是凸的。"),
    ),
    _entry(
        RICCI,
        4,
        version=1,
        announce_type=AnnounceType.NEW,
        primary_category="math.DG",
        title=Bilingual("The entropy formula for the Ricci flow", None),
        abstract=Bilingual("A monotone quantity rules out breathers.", None),
    ),
)


def seen_in(digest: Digest, entry: Entry) -> Appearance:
    """That ``entry`` was in ``digest``."""
    return Appearance(
        digest.source, digest.channel, digest.issued, digest.dated, entry.ref, None, entry.version
    )


DIGEST = Digest(
    source="cs.LG/2024-04-04T0909_ab12cd.md",
    format=DocumentFormat.MARKDOWN,
    channel="cs.LG",
    issued=datetime(2024, 4, 4, 9, 9),
    entries=ENTRIES,
)
OLDER = Digest(
    source="stat.ML/2024-04-03T0909_ef34ab.md",
    format=DocumentFormat.MARKDOWN,
    channel="stat.ML",
    issued=datetime(2024, 4, 3, 9, 9),
    entries=(
        _entry(PUSH, 1, title=Bilingual("On the nonconvexity of some push-forward constraints")),
        _entry(
            "2402.15328",
            2,
            title=Bilingual("Towards Principled Task Grouping", "面向有原则的任务分组"),
            sections=(Section("method", "把分组写成一个数学规划问题。"),),
            abstract=Bilingual("Tasks are grouped by a mathematical program."),
        ),
    ),
)

BOMB = "[/b] [cs.LG] $x[0]$ \x1b[31mred\x1b[0m \u202eesrever\u202c zero\u200bwidth [@click=app.quit]x[/]"
"""What would end, colour or steer a careless screen; parsers neutralise it, the screen must too."""


def bombs() -> Digest:
    """A digest whose every text is a bomb."""
    text = Bilingual(BOMB, f"中文 {BOMB}")
    entry = _entry(
        "2401.00001", 1, title=text, tldr=text, abstract=text, authors=(BOMB,), comment=BOMB
    )
    return Digest(
        source=f"{BOMB}.md",
        format=DocumentFormat.MARKDOWN,
        channel=BOMB,
        issued=datetime(2024, 4, 4, 9, 9),
        entries=(entry,),
    )


def many(count: int) -> Digest:
    """A digest of ``count`` short papers with identifiers from 2401.00001 on."""
    entries = tuple(
        _entry(
            f"24{1 + n // 90000:02}.{n % 90000 + 1:05}",
            n + 1,
            title=Bilingual(f"Paper number {n + 1}", f"第{n + 1}篇论文"),
            abstract=Bilingual(f"This is paper {n + 1}.", f"这是第{n + 1}篇。"),
        )
        for n in range(count)
    )
    return Digest("many.md", DocumentFormat.MARKDOWN, "cs.AI", datetime(2024, 1, 1), True, entries)

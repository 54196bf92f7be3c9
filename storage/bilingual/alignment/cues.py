"""Cue words of scientific prose and numerals, with what Chinese says for them.

The titles and TL;DRs that the lexicon is built from seldom hold them.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_CUES: Final = (
    ("however nevertheless nonetheless yet but", "然而 但 不过 尽管"),
    ("furthermore moreover additionally besides also addition", "此外 另外 而且 还 同时 进一步"),
    ("specifically particular particularly concretely precisely", "具体 特别 尤其"),
    ("therefore thus hence consequently accordingly", "因此 从而 所以 于是"),
    ("first firstly", "首先 第一"),
    ("second secondly", "其次 第二"),
    ("third thirdly", "第三 再次"),
    ("finally lastly", "最后 最终"),
    ("then next subsequently", "然后 接着 接下来 随后 其次 之后"),
    ("experiments experimental experimentally empirical empirically", "实验 试验 实证"),
    ("results result", "结果"),
    ("code codes", "代码 源码"),
    ("available released release", "获得 获取 可用 开源 发布 公开"),
    ("recent recently", "最近 近期 近年"),
    ("despite although though while whereas", "尽管 虽然 而 但"),
    ("instead contrast contrary conversely", "相反 对比 相比 反之"),
    ("paper article", "本文 论文 文章"),
    ("address tackle overcome solve resolve mitigate", "解决 应对 克服 处理 减轻 缓解"),
    ("why", "为什么 为何 原因"),
    ("how", "如何 怎样 怎么"),
    ("not no without cannot", "不 没 无 未 非"),
    ("should", "应"),
    ("if whether", "如果 是否 若"),
    ("because since due owing", "因为 由于"),
    ("traditional traditionally conventional", "传统"),
    ("we our us", "我们"),
    ("two both twofold 2", "两 二 双 2"),
    ("three threefold 3", "三 3"),
    ("four 4", "四 4"),
    ("five 5", "五 5"),
    ("six 6", "六 6"),
    ("seven 7", "七 7"),
    ("eight 8", "八 8"),
    ("nine 9", "九 9"),
    ("ten 10", "十 10"),
    ("eleven 11", "十一 11"),
    ("twelve 12", "十二 12"),
    ("hundred hundreds", "百"),
    ("thousand thousands", "千"),
    ("million millions", "万"),
    ("billion billions", "亿"),
)


def cue_groups(words: dict[str, int]) -> dict[int, int]:
    """Return the cues among ``words``, by their number, with the united places of their words."""
    numbers = _numbers()
    groups: dict[int, int] = {}
    for word, places in words.items():
        if (number := numbers.get(word)) is not None:
            groups[number] = groups.get(number, 0) | places
    return groups


@cache
def cue_forms(group: int) -> tuple[str, ...]:
    """Return what Chinese says for a cue; an ASCII form is a whole token."""
    return tuple(_CUES[group][1].split())


@cache
def _numbers() -> dict[str, int]:
    return {word: number for number, (words, _) in enumerate(_CUES) for word in words.split()}

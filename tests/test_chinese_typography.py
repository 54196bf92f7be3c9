"""Where Chinese and what is put into it meet: the spaces of a Chinese typesetter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import language
from storage.language import CHINESE, tr, tr_in, tr_n
from storage.locale.chinese import formatted

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [
    ("见于 {place}", {"place": "示例摘要"}, "见于示例摘要"),
    ("见于 {place}", {"place": "Example"}, "见于 Example"),
    ("见于{place}", {"place": "Example"}, "见于 Example"),
    ("{n:,}篇", {"n": 59094}, "59,094 篇"),
    ("共 {n:,} 篇论文", {"n": 3}, "共 3 篇论文"),
    ("共 {count} 论文", {"count": "三篇"}, "共三篇论文"),
    ("来源 {name} 已停用", {"name": "每日 arXiv 摘要"}, "来源每日 arXiv 摘要已停用"),
    ("来源 {name} 已停用", {"name": "每日 arXiv"}, "来源每日 arXiv 已停用"),
    ("来源 {name} 已停用", {"name": "“每日”"}, "来源“每日”已停用"),
    ("{path} ：{reason}", {"path": "目录", "reason": "已满"}, "目录：已满"),
    ("{path}：{reason}", {"path": "a.md", "reason": "已满"}, "a.md：已满"),
    ("{one} {two}", {"one": "已读", "two": "星标"}, "已读星标"),
    ("{one} {two}", {"one": "已读", "two": "star"}, "已读 star"),
    ("{one}{two}", {"one": "已读", "two": "star"}, "已读 star"),
    ("{one}{two}", {"one": "a", "two": "b"}, "ab"),
    ("{more} {n}", {"more": "", "n": 3}, " 3"),
    ("{n}{more}篇", {"more": "", "n": 3}, "3 篇"),
    ("已写入  {name}", {"name": "摘要"}, "已写入  摘要"),
    ("按 {key} 读", {"key": "?"}, "按 ? 读"),
    ("目录 {path}", {"path": "/tmp"}, "目录 /tmp"),
    ("名为{name!r}", {"name": "摘要"}, "名为'摘要'"),
    ("占{share:.1%}", {"share": 0.256}, "占 25.6%"),
    ("用 {{date}} 代替{name}", {"name": "日期"}, "用 {date} 代替日期"),
    ("{name}", {"name": "摘 要 ab篇"}, "摘 要 ab篇"),
    (" {name} ", {"name": "摘要"}, " 摘要 "),
    ("{n:>{width}}篇", {"n": 7, "width": 3}, "  7 篇"),
    ("没有名字", {}, "没有名字"),
]


@pytest.mark.parametrize(("template", "values", "expected"), PAIRS)
def test_edges_are_spaced(template: str, values: dict[str, object], expected: str) -> None:
    assert formatted(template, values) == expected


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    st.lists(st.sampled_from(["摘要", " ", "ab", "：", "{{", "}}", "{x}", "{y}"]), max_size=8),
    st.text("摘a 1，\u301c“”\n", max_size=5),
    st.text("摘a 1，\u301c“”\n", max_size=5),
)
def test_only_spaces_come_and_go_and_values_stay(parts: list[str], x: str, y: str) -> None:
    template = "".join(parts)
    found, plain = formatted(template, {"x": x, "y": y}), template.format(x=x, y=y)
    assert found.replace(" ", "") == plain.replace(" ", "")
    assert found.count(x) >= ("{x}" in template)
    assert found.count(y) >= ("{y}" in template)


def test_all_that_is_said_in_chinese_is_spaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale=CHINESE)
    catalogue.add("in {place}", "见于 {place}")
    catalogue.add("read {place}", "读{place}", context="a command")
    catalogue.add(("{n} paper", "{n} papers"), ("{n}篇",))
    path = tmp_path / CHINESE / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    language.use(CHINESE)
    assert tr("in {place}", place="示例摘要") == "见于示例摘要"
    assert tr_in("a command", "read {place}", place="arXiv") == "读 arXiv"
    assert tr_n("{n} paper", "{n} papers", 3) == "3 篇"
    language.use(language.ENGLISH)
    assert tr("in{place}", place="示例摘要") == "in示例摘要"

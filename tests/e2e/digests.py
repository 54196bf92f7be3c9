"""Digests for the end-to-end tests, written as their producer writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it is written into a digest."""

    arxiv_id: str
    en: str
    zh: str
    tldr: str = "一句话说完。"
    abstract_en: str = "The English abstract of it."
    abstract_zh: str = "它的中文摘要。"

    @property
    def link(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv_id}"


ATTENTION: Final = Written("1706.03762", "Attention Is All You Need", "注意力就是你所需要的一切")
ADAM: Final = Written("1412.6980", "Adam: A Method for Stochastic Optimization", "一种随机优化方法")
BERT: Final = Written("1810.04805", "BERT: Pre-training of Transformers", "双向变换器的预训练")
RICCI: Final = Written("math/0211159", "The entropy formula for the Ricci flow", "里奇流的熵公式")
PAPERS: Final = (ATTENTION, ADAM, BERT, RICCI)


def digest_text(papers: Sequence[Written]) -> str:
    """Write a markdown digest: a table, then a block of six indented texts a paper."""
    table = "".join(
        f"| [^{ref}] | [{paper.en}]({paper.link}) | {paper.tldr} |\n"
        for ref, paper in enumerate(papers, 1)
    )
    blocks = "\n".join(
        f"[^{ref}]: {paper.zh}\n\n"
        + "".join(
            f"    {text}\n\n"
            for text in (
                paper.en,
                f"[{paper.link}]({paper.link})",
                paper.tldr,
                "",
                paper.abstract_zh,
                paper.abstract_en,
            )
        )
        for ref, paper in enumerate(papers, 1)
    )
    return f"# 摘要\n\n| Ref | Title | Summary |\n| --- | --- | --- |\n{table}\n# 详细\n\n{blocks}"


def write_digest(path: Path, papers: Sequence[Written] = PAPERS) -> Path:
    """Write a digest of ``papers`` to ``path`` and return ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(digest_text(papers), "utf-8")
    return path

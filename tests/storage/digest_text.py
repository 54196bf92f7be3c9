"""Builds digests' texts for tests, by the format's description and not by the exporter's code."""

from __future__ import annotations

EARLY = ("title", "link", "abstract_zh", "abstract_en")
SLOTS = ("title", "link", "tldr_zh", "tldr_en", "abstract_zh", "abstract_en")


def block(ref: int, title_zh: str, *slots: str) -> str:
    below = "".join(f"\n    {slot}\n" for slot in slots)
    return f"[^{ref}]: {title_zh}\n{below}    \n"


def row(ref: int, title: str, link: str, tldr: str) -> str:
    return f"| [^{ref}] | [{title}]({link}) | {tldr} |\n"


def digest(rows: str, blocks: str) -> str:
    header = "| Ref | Title | Summary |\n| --- | --- | --- |\n"
    return f"# 摘要\n\n{header}{rows}\n\n# 详细\n\n{blocks}"


def link(number: int) -> str:
    return f"https://arxiv.org/abs/2404.{number:05}"


def link_slot(number: int) -> str:
    return f"[{link(number)}]({link(number)})"


def item(title: str, url: str, *paragraphs: str) -> str:
    """One item of a feed; texts must be free of markup."""
    description = "\n".join(f"&lt;p&gt;\n{text}\n&lt;/p&gt;" for text in paragraphs)
    return (
        f"<item><title>{title}</title><link>{url}</link>"
        f"<description>{description}</description></item>"
    )


def feed(*items: str, channel: str = "Chat Arxiv cs.LG") -> str:
    joined = "\n".join(items)
    return f'<rss version="2.0"><channel><title>{channel}</title>{joined}</channel></rss>'

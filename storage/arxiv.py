"""What arXiv writes into texts: identifiers, links, title suffixes and abstract prefixes.

Identifiers follow https://info.arxiv.org/help/arxiv_identifier.html. The suffix of titles is that
of arXiv's RSS feeds until January 2024, the prefix of abstracts that of the feeds since then.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from storage.model import AnnounceType, ArxivId

# fmt: off
ARCHIVES = frozenset({
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn",
    "chem-ph", "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "econ", "eess", "funct-an",
    "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin",
    "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "q-fin",
    "quant-ph", "solv-int", "stat", "supr-con",
})
# fmt: on
"""arXiv's archives, past and present (https://arxiv.org/archive)."""

_NEW = r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}"
_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[a-z-]{2,8})?/[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}"
_VERSION = r"[1-9][0-9]{0,3}"
# Patterns, compiled at their first use: together they take a millisecond of a program's start.
_IDENTIFIER = rf"(?i:(?:arxiv:)?({_NEW}|{_OLD})(?:v({_VERSION}))?)"
_LINK = r"(?i:https?://(?:(?:www|rss|export)\.)?arxiv\.org/(?:abs|pdf|html)/([^\s?#]+))"
_CHANNEL = r"([a-z]+(?:-[a-z]+)?)(?:\.(?:[A-Z]{2}|[a-z]+(?:-[a-z]+)?))?"


def parse_identifier(text: str) -> tuple[ArxivId, int | None] | None:
    """Read an arXiv identifier, with or without ``arXiv:`` before and ``vN`` behind it.

    Args:
        text: Nothing but the identifier, in any case: ``2404.02882v1``, ``math.GT/0309136``.

    Returns:
        The canonical versionless identifier (``math/0309136``: an old-style identifier is known
        by its archive alone) and the version, or None where ``text`` is no identifier.
    """
    match = re.fullmatch(_IDENTIFIER, text.strip())
    if match is None:
        return None
    identifier = match[1].lower()
    if "/" in identifier:
        subject, number = identifier.split("/")
        archive = subject.split(".")[0]
        if archive not in ARCHIVES:
            return None
        identifier = f"{archive}/{number}"
    return ArxivId(identifier), int(match[2]) if match[2] else None


def identifier_in_link(url: str) -> tuple[ArxivId, int | None] | None:
    """Read the identifier and version that a link to arXiv names.

    Args:
        url: A link to an abstract, PDF or HTML page on any of arXiv's hosts.
    """
    match = re.match(_LINK, url.strip())
    if match is None:
        return None
    path = match[1].rstrip("/")
    return parse_identifier(path[:-4] if path.lower().endswith(".pdf") else path)


def abs_link(arxiv_id: ArxivId, version: int | None = None) -> str:
    """Return the link to a paper's abstract page."""
    return f"https://arxiv.org/abs/{arxiv_id}{_suffix_of(version)}"


def pdf_link(arxiv_id: ArxivId, version: int | None = None) -> str:
    """Return the link to a paper's PDF."""
    return f"https://arxiv.org/pdf/{arxiv_id}{_suffix_of(version)}"


def is_channel(name: str) -> bool:
    """Tell whether ``name`` is an archive or category that a digest can follow."""
    match = re.fullmatch(_CHANNEL, name)
    return match is not None and match[1] in ARCHIVES


def _suffix_of(version: int | None) -> str:
    return "" if version is None else f"v{version}"


class Announcement(NamedTuple):
    """What a title's suffix or an abstract's prefix says about an entry."""

    arxiv_id: ArxivId | None = None
    version: int | None = None
    announce_type: AnnounceType | None = None
    primary_category: str | None = None


NO_ANNOUNCEMENT = Announcement()

_TITLE_SUFFIX = rf"\(arXiv:(\S+?)v({_VERSION}) \[([^\]]+)\]\s*(UPDATED|CROSS LISTED)?\)"
_SUFFIX_TYPES = {
    None: AnnounceType.NEW,
    "UPDATED": AnnounceType.REPLACE,
    "CROSS LISTED": AnnounceType.CROSS,
}
_SUFFIX_WORDS = {
    AnnounceType.NEW: "",
    AnnounceType.CROSS: " CROSS LISTED",
    AnnounceType.REPLACE: " UPDATED",
    # The suffix had no word for it; a prefix of the abstract must tell the two apart.
    AnnounceType.REPLACE_CROSS: " UPDATED",
}
_ABSTRACT_PREFIX = (
    # tr: no -- what arXiv writes
    rf"arXiv:(\S+?)v({_VERSION}) Announce Type: (new|cross|replace|replace-cross)\s+Abstract:\s*"
)


def split_title(title: str) -> tuple[str, Announcement]:
    """Divide an English title from its suffix ``(arXiv:2311.01762v1 [stat.ML] UPDATED)``.

    The full stop that arXiv's feeds put before the suffix goes with it; ``?`` and ``!`` stay.

    Args:
        title: One line with single spaces.
    """
    start = title.rfind("(arXiv:")
    match = re.fullmatch(_TITLE_SUFFIX, title[start:]) if start >= 0 else None
    if match is None:
        return title, NO_ANNOUNCEMENT
    identified = parse_identifier(match[1])
    return title[:start].rstrip().removesuffix(".").rstrip(), Announcement(
        identified[0] if identified else None, int(match[2]), _SUFFIX_TYPES[match[4]], match[3]
    )


def split_abstract(abstract: str) -> tuple[str, Announcement]:
    """Divide an English abstract from its prefix ``arXiv:IDvN Announce Type: new  Abstract: ``.

    Args:
        abstract: One line with single spaces.
    """
    match = re.match(_ABSTRACT_PREFIX, abstract)
    if match is None:
        return abstract, NO_ANNOUNCEMENT
    identified = parse_identifier(match[1])
    return abstract[match.end() :], Announcement(
        identified[0] if identified else None, int(match[2]), AnnounceType(match[3])
    )


def title_suffix(arxiv_id: ArxivId, version: int, category: str, kind: AnnounceType) -> str:
    """Return the suffix that :func:`split_title` reads, with its full stop in front."""
    return f". (arXiv:{arxiv_id}v{version} [{category}]{_SUFFIX_WORDS[kind]})"


def abstract_prefix(arxiv_id: ArxivId, version: int, kind: AnnounceType) -> str:
    """Return the prefix that :func:`split_abstract` reads."""
    # tr: no -- what arXiv writes
    return f"arXiv:{arxiv_id}v{version} Announce Type: {kind}  Abstract: "


# How machine translation rendered that prefix, as found in the 59,094 paper files of the public
# history: `arXiv:2402.14029v1 公告类型：跨越 摘要：`, `摘要：arXiv:… 公告类型：新`, `地址：arXiv:…`,
# `《arXiv：…》公告类型：新的摘要：`, `类型公告：…`, `公告類型：…`, and a bare `摘要：`.
_PLACE = (
    r"[《【(（]?(?:[^\s:：。，]{1,8}\s?[:：]\s?){1,2}"
    rf"(?:{_NEW}|{_OLD})(?:v[0-9]+)?\s?[》】)）]?\s?"
)
_LABEL = r"(?:[^\s:：。，]{0,4}[类類][型别別](?:公告|通告)?|语种)\s?[:：]\s?"
_LONG_TYPE = (
    r"(?:新(?:论文|发布|公告|文章|文|内容|研究|型|论|的)"
    r"|交叉(?:提交|领域|研究|传播|论坛|学科|替换|公告)"
    r"|(?:替换|替代)(?:版|[-—]?(?:交叉|跨领域|跨文档|跨度|跨交|跨|cross))(?:公告)?"
    r"|跨(?:领域|学科|版本|越|界|域|项|过|语言|文)(?:替换)?|更新"
    r"|replace-cross)(?=[\s。.，》]|摘要|$)"
)
_TYPE = rf"(?:{_LONG_TYPE}|新|交叉|替换|替代|跨|replace|cross|new)[》】)）]?"
_NAMED = r"(?:[^\s:：。，]{0,4}(?:摘要|文摘|抽象|提要|简介)|Abstract)\s?[:：。]"
_TRANSLATED_PREFIX = (
    rf"(?:{_PLACE}{_LABEL}{_TYPE}(?:[\s。.]*{_NAMED})?[\s。.，]*"
    rf"|{_PLACE}交叉类型\s?[:：]\s*"
    rf"|{_LABEL}{_TYPE}\s*{_NAMED}\s*"
    r"|(?:(?:这里是)?翻译过的)?(?:论文)?摘要\s?[:：。]\s*)(?=\S)"
)
_PREFIX_SIGNS = (":", "：", "摘要")


def strip_translated_prefix(abstract: str) -> str:
    """Remove what machine translation made of the abstract's prefix from a Chinese abstract.

    A text that is nothing but such a prefix is kept: there is no abstract behind it to show.

    Args:
        abstract: One line with single spaces.
    """
    start = 0
    while any(sign in abstract[start : start + 20] for sign in _PREFIX_SIGNS):
        match = re.compile(_TRANSLATED_PREFIX).match(abstract, start)
        if match is None:
            break
        start = match.end()
    return abstract[start:]

"""What arXiv's own feeds say of themselves: whether they are such, their channel, what else.

Their title is ``cs.LG updates on arXiv.org`` (``cs.LG, stat.ML updates on arXiv.org`` for both
together), ``arXiv Query: search_query=cat:cs.LG&id_list=&start=0&max_results=10`` for an answer of
the API, or ``Feed error for query: …``, with what is wrong in the description.

Sources: https://info.arxiv.org/help/rss_specifications.html,
https://info.arxiv.org/help/api/user-manual.html (3.3.1) and
https://github.com/arXiv/arxiv-feed/blob/develop/feed/serializers/serializer.py.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.arxiv import is_channel
from storage.formats.cleaning import clean_line
from storage.formats.content import NotADigestError
from storage.language import tr

if TYPE_CHECKING:
    from storage.formats.content import Findings
    from storage.formats.feed_xml import Dialect, Feed
    from storage.model import Entry

# Each stands in a tag, so that no text that a feed carries can look like it.
_SIGNS = re.compile(
    r"<(?:rss|feed)\s[^<>]*arxiv\.org/schemas/atom"
    r"|<arxiv:"
    r"|<(?:guid|id)\b[^<>]*>\s*(?:oai:arxiv\.org:|https?://(?:export\.|rss\.)?arxiv\.org/)"
    r"|<link>\s*https?://rss\.arxiv\.org/rss/"
    r"|<title[^<>]*>[^<>]{0,300}?(?:arxiv query:| updates on arxiv\.org)",
    re.IGNORECASE,
)
_UPDATES = " updates on arXiv.org"  # tr: no -- what arXiv writes
_UPDATES_ON = r".+ updates on the arXiv\.org.*"
_FORMS = {
    "description": _UPDATES_ON,
    "subtitle": _UPDATES_ON,
    "skipDays": r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s*)+",
}
# tr: no -- what arXiv writes
_ERROR = "Feed error for query"
_SEARCH = re.compile(
    r"arXiv Query: search_query=cat:([A-Za-z.-]+)(?:&id_list=)?(?:&(?:start|max_results)=[0-9]*)*",
    re.IGNORECASE,
)
_KNOWN = frozenset({
    "title", "link", "description", "subtitle", "docs", "language", "lastBuildDate", "id", "author",
    "managingEditor", "pubDate", "updated", "skipDays", "generator", "rights", "copyright", "ttl",
    "opensearch:totalResults", "opensearch:startIndex", "opensearch:itemsPerPage",
})  # fmt: skip


def is_of_arxiv(text: str, dialect: Dialect) -> bool:
    """Tell whether ``text`` is a feed by arXiv, whole or damaged."""
    return dialect.fits(text) and _SIGNS.search(text) is not None


def channel_of(feed: Feed) -> str | None:
    """Return the one category or archive that a feed follows.

    A feed of several is of no channel: not all that it announces is listed in each of them.
    """
    title = clean_line(feed.around.first("title"))
    if title.endswith(_UPDATES):
        name = title.removesuffix(_UPDATES)
    else:
        search = _SEARCH.fullmatch(title)
        name = search[1] if search else ""
    return name if is_channel(name) else None


def check_around(feed: Feed, entries: tuple[Entry, ...], findings: Findings) -> None:
    """Note what stands around a feed's items and should not, and what arXiv says went wrong.

    Raises:
        NotADigestError: Neither the title nor any entry is arXiv's.
    """
    title = clean_line(feed.around.first("title"))
    is_failed = title.startswith(_ERROR)
    if is_failed:
        about = feed.around.first("description") or feed.around.first("subtitle")
        reason = clean_line(about) or title
        said = tr("arXiv answers with an error: {reason}", reason=reason)
        findings.add(feed.line_of(_ERROR), said, title)
    elif not title.endswith(_UPDATES) and not title.lower().startswith("arxiv "):
        if entries and not any(entry.arxiv_id for entry in entries):
            raise NotADigestError(findings.source, tr("is a feed, but not one of digests"))
        if title:
            feed.note(tr("the title is none that arXiv gives a feed"), title, findings)
    seen: set[str] = set()
    for one in feed.around.found:
        text = one.text.strip()
        form = ".*" if is_failed else _FORMS.get(one.name, ".*")
        is_right = one.name in _KNOWN - seen and re.fullmatch(form, text, re.DOTALL)
        if text and not is_right:
            reason = tr("this <{element}> belongs to no item", element=one.name)
            feed.note(reason, text, findings)
        seen.update([one.name] if text else [])

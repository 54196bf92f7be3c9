"""arXiv's own Atom: the announcements of ``https://rss.arxiv.org/atom/cs.LG``, answers of its API.

An announcing feed says of every entry when it was announced, and of itself only when it was
made. An answer of ``https://export.arxiv.org/api/query`` is of the time it was given; what it
cannot answer it answers with one entry that is no paper but says what is wrong.

Sources: https://github.com/arXiv/arxiv-docs/blob/develop/source/help/atom_specifications.md and
https://info.arxiv.org/help/api/user-manual.html (3.3 and 3.4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.formats.arxiv_around import channel_of, check_around, is_of_arxiv
from storage.formats.arxiv_items import entries_of
from storage.formats.cleaning import clean_line
from storage.formats.content import Content
from storage.formats.feed_xml import ATOM, read_feed
from storage.formats.naming import issued_in
from storage.language import tr

if TYPE_CHECKING:
    from datetime import datetime

    from storage.formats.content import Findings
    from storage.formats.feed_xml import Feed

_ERRORS = "arxiv.org/api/errors"


def fits(text: str) -> bool:
    """Tell whether ``text`` is Atom by arXiv, whole or damaged."""
    return is_of_arxiv(text, ATOM)


def read(text: str, findings: Findings) -> Content:
    """Read a day's announcements or an answer; one without entries is a digest without them.

    Raises:
        NotADigestError: The feed only looked like one by arXiv.
        DocumentError: The feed declares a document type.
    """
    feed = read_feed(text, ATOM, findings)
    papers = []
    for line, fields in feed.items:
        if _ERRORS in fields.text("id"):
            message = clean_line(fields.text("summary"))
            reason = tr("arXiv answers with an error: {reason}", reason=message)
            findings.add(line, reason, fields.text("id"))
        else:
            papers.append((line, fields))
    entries = entries_of(papers, findings)
    check_around(feed, entries, findings)
    _check_count(feed, findings)
    return Content(entries, channel_of(feed), _issued(feed, findings))


def _check_count(feed: Feed, findings: Findings) -> None:
    """Note an answer that has fewer entries than it says; the API is known to give such."""
    names = ("totalResults", "startIndex", "itemsPerPage")
    counts = [feed.around.first(f"opensearch:{name}") for name in names]
    if not all(re.fullmatch(r"[0-9]{1,9}", count) for count in counts):
        return
    total, start, most = map(int, counts)
    if feed.ended < (promised := min(total - start, most)):
        reason = tr(
            "arXiv counts {promised} papers in this answer but sent {sent}; ask again",
            promised=promised,
            sent=feed.ended,
        )
        findings.add(None, reason)


def _issued(feed: Feed, findings: Findings) -> datetime | None:
    """Return when the papers were announced or the answer was given, in the time of the feed."""
    announced = [
        issued_in(fields.first("published"))
        for _, fields in feed.items
        if fields.named("arxiv:announce_type")
    ]
    updated = feed.around.first("updated")
    issued = max(filter(None, announced), default=None) or issued_in(updated)
    if updated and issued is None:
        findings.add(feed.line_of(updated), tr("the date could not be read"), updated)
    return issued

"""Builds arXiv's own feeds for tests, by arXiv's specifications and not by the reader's code."""

from __future__ import annotations

NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
OPENSEARCH = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'


def rss_item(
    number: str,
    *,
    title: str = "Seams",
    abstract: str = "We sew.",
    kind: str = "new",
    categories: tuple[str, ...] = ("cs.LG",),
    creator: str = "A. Vector",
    more: str = "",
) -> str:
    """One announced paper; ``number`` is its identifier with its version, texts are XML."""
    labels = "".join(f"      <category>{name}</category>\n" for name in categories)
    return (
        "    <item>\n"
        f"      <title>{title}</title>\n"
        f"      <link>https://arxiv.org/abs/{number.rpartition('v')[0]}</link>\n"
        f"      <description>arXiv:{number} Announce Type: {kind} \nAbstract: {abstract}</description>\n"
        f'      <guid isPermaLink="false">oai:arXiv.org:{number}</guid>\n'
        f"{labels}"
        "      <pubDate>Fri, 05 Apr 2024 00:00:00 -0400</pubDate>\n"
        f"      <arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        "      <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>\n"
        f"{more}"
        f"      <dc:creator>{creator}</dc:creator>\n"
        "    </item>\n"
    )


def rss(*items: str, title: str = "cs.LG updates on arXiv.org", date: str = "05 Apr 2024") -> str:
    """The announcements of a day."""
    path = title.partition(" updates")[0].replace(", ", "+")
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<rss {NAMESPACES} version="2.0">\n'
        "  <channel>\n"
        f"    <title>{title}</title>\n"
        f"    <link>http://rss.arxiv.org/rss/{path}</link>\n"
        f"    <description>{title[: -len('arXiv.org')]}the arXiv.org e-print archive.</description>\n"
        "    <language>en-us</language>\n"
        f"    <pubDate>Fri, {date} 00:00:00 -0400</pubDate>\n"
        "    <skipDays>\n      <day>Saturday</day>\n    </skipDays>\n"
        f"{''.join(items)}"
        "  </channel>\n</rss>\n"
    )


def atom_entry(
    number: str, *, title: str = "Seams", abstract: str = "We sew.", kind: str = "new"
) -> str:
    """One announced paper in Atom."""
    return (
        "  <entry>\n"
        f"    <id>oai:arXiv.org:{number}</id>\n"
        f"    <title>{title}</title>\n"
        "    <updated>2024-04-06T02:15:23.205445+00:00</updated>\n"
        f'    <link href="https://arxiv.org/abs/{number.rpartition("v")[0]}" rel="alternate"/>\n'
        f"    <summary>arXiv:{number} Announce Type: {kind} \nAbstract: {abstract}</summary>\n"
        '    <category term="cs.LG"/>\n'
        "    <published>2024-04-05T00:00:00-04:00</published>\n"
        f"    <arxiv:announce_type>{kind}</arxiv:announce_type>\n"
        "    <dc:creator>A. Vector, B. Scalar</dc:creator>\n"
        "  </entry>\n"
    )


def answer_entry(
    number: str, *, title: str = "Seams", abstract: str = "We sew.", more: str = ""
) -> str:
    """One paper that the API found."""
    return (
        "  <entry>\n"
        f"    <id>http://arxiv.org/abs/{number}</id>\n"
        f"    <title>{title}</title>\n"
        "    <published>2024-04-03T17:57:34Z</published>\n"
        f'    <link href="http://arxiv.org/abs/{number}" rel="alternate" type="text/html"/>\n'
        f'    <link href="http://arxiv.org/pdf/{number}" rel="related" title="pdf"/>\n'
        f"    <summary>  {abstract}\n</summary>\n"
        '    <arxiv:primary_category term="cs.LG"/>\n'
        '    <category term="cs.LG"/>\n'
        "    <author>\n      <name>A. Vector</name>\n    </author>\n"
        f"{more}"
        "  </entry>\n"
    )


def atom(
    *entries: str,
    title: str = "cs.LG updates on arXiv.org",
    updated: str = "2024-04-06T02:15:23.205359+00:00",
    counts: tuple[int, int, int] | None = None,
) -> str:
    """A feed in Atom; ``counts`` are the papers found, the first of this answer and its most."""
    names = ("totalResults", "startIndex", "itemsPerPage")
    counted = "".join(
        f"  <opensearch:{name} {OPENSEARCH}>{count}</opensearch:{name}>\n"
        for name, count in zip(names, counts or (), strict=counts is not None)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<feed {NAMESPACES} xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <title>{title}</title>\n"
        f"  <updated>{updated}</updated>\n"
        f"{counted}"
        f"{''.join(entries)}"
        "</feed>\n"
    )

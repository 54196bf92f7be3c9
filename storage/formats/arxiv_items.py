"""The items of arXiv's own feeds -> entries: what its RSS, its Atom and its API's answers share.

All are English only. An announcing feed names a paper by ``oai:arXiv.org:2404.02882v1`` and
begins its abstract with the announcement that :func:`storage.arxiv.split_abstract` reads; an
answer of the API names it by a link to its abstract page. Categories stand as arXiv holds them,
the primary one first. Journal reference, DOI and affiliations, for which an entry has no field,
follow its comment. Left out are further links, licences and the dates of one paper.

Sources: https://info.arxiv.org/help/rss_specifications.html,
https://github.com/arXiv/arxiv-docs/blob/develop/source/help/atom_specifications.md,
https://info.arxiv.org/help/api/user-manual.html (3.3.2), and what writes the announcing feeds:
https://github.com/arXiv/arxiv-feed (feed/serializers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.arxiv import identifier_in_link, parse_identifier, split_abstract
from storage.formats.authors import Author, divided_names
from storage.formats.cleaning import clean_line, clean_wrapped
from storage.language import tr
from storage.model import AnnounceType, Bilingual, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.arxiv import Announcement
    from storage.formats.content import Findings
    from storage.formats.feed_fields import Fields
    from storage.model import ArxivId

_OAI = "oai:arxiv.org:"
_ANNOUNCE_TYPES = {str(kind): kind for kind in AnnounceType}
_READ = frozenset({
    "title", "description", "summary", "guid", "id", "link", "category", "author", "dc:creator",
    "arxiv:announce_type", "arxiv:primary_category", "arxiv:comment", "arxiv:journal_reference",
    "arxiv:journal_ref", "arxiv:DOI", "arxiv:doi",
})  # fmt: skip
_LEFT_OUT = frozenset({"pubDate", "published", "updated", "dc:rights", "rights"})


def entries_of(items: Iterable[tuple[int, Fields]], findings: Findings) -> tuple[Entry, ...]:
    """Return the entries of a feed's items, noting what cannot be read or is unknown.

    Args:
        items: The elements of each item, with the line that it begins on.
        findings: Takes what could not be read.
    """
    entries = []
    unknown: dict[str, list[tuple[int, str]]] = {}
    for line, fields in items:
        item = _Item(fields, line, findings)
        for one in fields.found:
            if one.name not in _READ | _LEFT_OUT and one.text.strip():
                unknown.setdefault(one.name, []).append((line, one.text))
        if item.has_texts():
            entries.append(item.entry())
        else:
            raw = " ".join(one.text for one in fields.found)
            item.note(tr("there is no text of a paper"), raw)
    for name, places in unknown.items():
        # Once, not for each of perhaps two thousand items: arXiv may add an element any day.
        reason = tr(
            "the unknown element <{element}> was left out ({count} in all)",
            element=name,
            count=len(places),
        )
        findings.add(places[0][0], reason, places[0][1])
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class _Item:
    """Reads one item; what in it contradicts something else or stands there twice is noted."""

    fields: Fields
    line: int
    findings: Findings

    def note(self, reason: str, raw: str = "") -> None:
        self.findings.add(self.line, reason, raw)

    def has_texts(self) -> bool:
        return any(self.fields.text(name).strip() for name in ("title", "summary", "description"))

    def entry(self) -> Entry:
        """Return the entry, noting an identifier that is missing or not the only one."""
        text = clean_wrapped(self._one("summary", "description"))
        abstract, announced = split_abstract(text)
        arxiv_id, version = self._identified(announced)
        categories = tuple(dict.fromkeys(self._categories()))
        authors = self._authors()
        return Entry(
            title=Bilingual(clean_line(self._one("title")) or None),
            abstract=Bilingual(abstract or None),
            arxiv_id=arxiv_id,
            version=version,
            announce_type=self._announce_type(announced),
            primary_category=self._primary() or next(iter(categories), None),
            categories=categories,
            authors=tuple(author.name for author in authors),
            comment=self._comment(authors) or None,
            line=self.line,
        )

    def _one(self, *names: str) -> str:
        """Return the text of the only element of these names; further ones are noted."""
        texts = [(one.name, one.text) for one in self.fields.found if one.name in names]
        first, *others = [(name, text) for name, text in texts if text.strip()] or [("", "")]
        for name, text in others:
            self.note(tr("there is a {element} too many", element=name), text)
        return first[1]

    def _identified(self, announced: Announcement) -> tuple[ArxivId | None, int | None]:
        named = clean_line(self._one("guid", "id"))
        own = _identifier(named)
        if named and own is None:
            self.note(tr("the identifier is none of arXiv's"), named)
        links = [(link, identifier_in_link(link)) for link in self._links()]
        prefixed = (announced.arxiv_id, announced.version) if announced.arxiv_id else None
        told = [found for found in (own, prefixed, *(found for _, found in links)) if found]
        if not told:
            linked = " ".join(link for link, _ in links)
            self.note(tr("there is no identifier of an arXiv paper"), linked)
            return None, None
        arxiv_id = told[0][0]
        version = next((one[1] for one in told if one[0] == arxiv_id and one[1]), None)
        agreeing = ((arxiv_id, version), (arxiv_id, None))
        if prefixed and prefixed not in agreeing:
            announced_as = f"{announced.arxiv_id}v{announced.version}"
            reason = tr("the abstract is announced as that of another paper or version")
            self.note(reason, announced_as)
        for link, found in links:
            if found not in agreeing:
                self.note(tr("the link is to something else than the paper"), link)
        return arxiv_id, version

    def _links(self) -> Iterator[str]:
        """Yield the links to the paper's page: RSS has them as text, Atom as an attribute."""
        for link in self.fields.named("link"):
            if link.text.strip():
                yield clean_line(link.text)
            if "href" in link.attributes and link.attributes.get("rel", "alternate") == "alternate":
                yield clean_line(link.attributes["href"])

    def _announce_type(self, announced: Announcement) -> AnnounceType | None:
        named = clean_line(self._one("arxiv:announce_type"))
        kind = _ANNOUNCE_TYPES.get(named)
        if named and kind is None:
            self.note(tr("the announce type is none of arXiv's"), named)
        if kind and announced.announce_type not in (None, kind):
            reason = tr("the abstract is announced in another way")
            self.note(reason, str(announced.announce_type))
        return kind or announced.announce_type

    def _categories(self) -> Iterator[str]:
        """Yield the categories: RSS has them as text, Atom as an attribute."""
        for one in self.fields.named("category"):
            if name := clean_line(one.attributes.get("term", "")):
                yield name
            if name := clean_line(one.text):
                yield name

    def _primary(self) -> str | None:
        terms = [
            clean_line(one.attributes.get("term", "") or one.text)
            for one in self.fields.named("arxiv:primary_category")
        ]
        for term in terms[1:]:
            self.note(tr("there is a primary category too many"), term)
        return next(filter(None, terms), None)

    def _authors(self) -> list[Author]:
        authors = []
        for one in self.fields.named("author"):
            names, places = one.inner_texts("name"), one.inner_texts("arxiv:affiliation")
            name = clean_line(" ".join(names) or one.text)
            authors.append(Author(name, clean_line("; ".join(places))))
            if names and _letters(one.text) > _letters("".join(names + places)):
                reason = tr("there is more to an author than name and affiliation")
                self.note(reason, one.text)
        for one in self.fields.named("dc:creator"):
            authors += divided_names(clean_line(one.text))
        return [author for author in authors if author.name]

    def _comment(self, authors: list[Author]) -> str:
        places = "; ".join(f"{name} ({place})" for name, place in authors if place)
        facts = {
            # tr: no -- becomes a part of the paper's comment, which is kept and exported
            "Journal reference": self._one("arxiv:journal_ref", "arxiv:journal_reference"),
            "DOI": self._one("arxiv:doi", "arxiv:DOI"),
            "Affiliations": places,
        }
        told = [clean_wrapped(self._one("arxiv:comment"))]
        told += [f"{label}: {clean_line(fact)}" for label, fact in facts.items() if fact.strip()]
        return "; ".join(filter(None, told))


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _identifier(named: str) -> tuple[ArxivId, int | None] | None:
    if named.lower().startswith(_OAI):
        return parse_identifier(named[len(_OAI) :])
    return identifier_in_link(named)

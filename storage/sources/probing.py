"""Finding out what lies at an address before it is followed, by fetching it once.

What is fetched is kept as the source's first document, so that the refresh that follows need not ask for it
again. Where an address cannot be asked just now, it is followed all the same: it may be reached tomorrow.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from html import unescape
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from storage.errors import DocumentError
from storage.json_file import JsonFileError, utc_now
from storage.language import tr
from storage.model import Problem
from storage.sources.fetching.records import Record, Records
from storage.sources.fetching.schedule import after
from storage.sources.fetching.wanted import Document, wanted
from storage.sources.files import SourceFile, digest_from
from storage.sources.ids import new_id
from storage.sources.looking import Found, look_at
from storage.sources.opml import SAMPLE, is_opml, read_opml
from storage.sources.source import GIT, URL, Source
from storage.sources.web.addresses import AddressError, parse, shown
from storage.sources.web.client import Client
from storage.sources.web.documents import Documents
from storage.sources.web.networks import is_private_name
from storage.sources.web.outcome import Fetched, Kind, NotModified

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.sources.places import Roots
    from storage.sources.web.outcome import Outcome

_HOPELESS = frozenset(
    (
        Kind.ADDRESS,
        Kind.UNKNOWN_HOST,
        Kind.MISSING,
        Kind.GONE,
        Kind.UNSAFE,
        Kind.REDIRECTS,
        Kind.TOO_LARGE,
    )
)
"""What speaks for a slip in the address; all else may be different tomorrow."""

_GIT_SIGN = b"# service=git-upload-pack"
"""What the answer of a repository to a client begins with (gitprotocol-http)."""
_HEAD = 20_000
_LINK = re.compile(rb"<link\s[^>]{1,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([a-z]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_FEEDS = (b"application/rss+xml", b"application/atom+xml")


def probe(
    text: str,
    roots: Roots,
    records: Records,
    *,
    tell: Callable[[str], None],
    client: Client | None = None,
) -> Found:
    """Find out what is meant by ``text``, and what an address really holds.

    A page that names a feed stands for that feed, a list of feeds (OPML) for all of them, and the page of
    a repository for the repository.

    Args:
        text: See ``looking.look_at``.
        roots: Where what is fetched is kept.
        records: Where what came of it is kept: it was asked for just now.
        tell: Told in one sentence what the user should know though a source was found.
        client: Fetches; None: one of its own.
    """
    found = look_at(text)
    if len(found.sources) != 1 or found.sources[0].kind != URL:
        return found
    with client or Client() as guest:
        looked_at = _Probe(guest, roots, records, tell).look(found.sources[0])
    return Found(looked_at.sources, found.problems + looked_at.problems)


class _Probe:
    def __init__(
        self, client: Client, roots: Roots, records: Records, tell: Callable[[str], None]
    ) -> None:
        self._client = client
        self._roots = roots
        self._records = records
        self._tell = tell

    def look(self, source: Source, page: Source | None = None) -> Found:
        """Fetch a source and return what it is.

        Args:
            source: One at an address.
            page: What names it, where that is not the user.
        """
        folder = self._roots.documents(source)
        was_here = folder.exists()
        (document,) = wanted(source, Record(), date.min)
        # A page may name another one of its own host, but nothing private elsewhere.
        is_named = page is None or parse(page.place).host == parse(source.place).host
        outcome = Documents(folder).refresh(
            self._client, source.place, is_named=is_named, is_rolling=document.is_rolling
        )
        if isinstance(outcome, Fetched):
            found = self._judge(source, outcome, is_named=is_named, may_lead_on=page is None)
            if source in found.sources:
                self._note(source, document, outcome)
            elif not was_here:
                rmtree(folder, ignore_errors=True)
            return found
        if isinstance(outcome, NotModified):
            self._note(source, document, outcome)
            return Found((source,))
        if (repository := self._as_repository(source, is_named=is_named)) is not None:
            return Found((repository,))
        if outcome.kind in _HOPELESS:
            return _refused(source, outcome.reason)
        self._tell(tr("{failure}. It is followed all the same.", failure=outcome.sentence))
        self._note(source, document, outcome)
        return Found((source,))

    def _note(self, source: Source, document: Document, outcome: Outcome) -> None:
        """Keep what came of a source, so that it is not asked for again at once."""
        # That it is not kept costs one request more.
        with suppress(JsonFileError):
            self._records.note(source.id, after(source, Record(), [(document, outcome)], utc_now()))

    def _judge(
        self, source: Source, fetched: Fetched, *, is_named: bool, may_lead_on: bool
    ) -> Found:
        path = fetched.path
        data = path.read_bytes()
        if is_opml(data[:SAMPLE]):
            return _feeds_of(data, source)
        try:
            digest_from(data, SourceFile(str(path), len(data), 0))
        except DocumentError as error:
            # What a page names it names from where it lies, though we were sent there; user and
            # password stay with the address that the user wrote.
            is_there = parse(source.place).text == fetched.address
            base = source.place if is_there else fetched.address
            feed = _feed_of(data[:_HEAD], base) if may_lead_on else None
            if feed is not None:
                self._tell(tr("{page} names a feed, which is followed", page=source.shown_place))
                return self.look(feed, source)
            repository = self._as_repository(source, is_named=is_named)
            return _refused(source, error.reason) if repository is None else Found((repository,))
        return Found((source,))

    def _as_repository(self, source: Source, *, is_named: bool) -> Source | None:
        """Return the git repository at a source's address, if there is one."""
        if "?" in source.place:
            return None
        address = f"{source.place.rstrip('/')}/info/refs?service=git-upload-pack"
        with TemporaryDirectory(prefix="digest-tui-") as folder:
            outcome = self._client.fetch(address, folder=Path(folder), is_named=is_named)
            if not isinstance(outcome, Fetched) or _GIT_SIGN not in _beginning(outcome.path):
                return None
        return Source(new_id(GIT, source.place), GIT, source.place)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(100)


def _refused(source: Source, reason: str) -> Found:
    return Found(problems=(Problem(source.shown_place, None, reason),))


def _feeds_of(data: bytes, source: Source) -> Found:
    try:
        feeds, problems = read_opml(data, source.shown_place)
    except DocumentError as error:
        return _refused(source, error.reason)
    sources = []
    for one in feeds:
        if _is_foreign(one.address, source.place):
            reason = tr(
                "names {address}, a private address that only you yourself may name; it was not"
                " taken",
                address=shown(one.address),
            )
            problems += (Problem(source.shown_place, None, reason),)
        else:
            sources.append(Source(new_id(URL, one.address), URL, one.address, one.title))
    return Found(tuple(sources), problems)


def _is_foreign(address: str, named_by: str) -> bool:
    """Tell whether a document of the world names an address in a private network."""
    return is_private_name(parse(address).host) and not is_private_name(parse(named_by).host)


def _feed_of(page: bytes, address: str) -> Source | None:
    """Return the feed that a page names in its head (the autodiscovery of RSS and Atom)."""
    for link in _LINK.findall(page):
        found = {name.lower(): b"".join(value) for name, *value in _ATTRIBUTE.findall(link)}
        if found.get(b"type", b"").lower() in _FEEDS and (href := found.get(b"href")):
            place = urljoin(address, unescape(href.decode("utf-8", "replace")).strip())
            try:
                place = parse(place).whole
            except AddressError:
                continue
            return Source(new_id(URL, place), URL, place)
    return None

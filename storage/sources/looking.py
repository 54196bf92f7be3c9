"""From what the user typed to sources: a path, an address, a channel, a preset; the network is not asked.

What exists on disk goes before all else. What an address really holds is found out at its first fetch.
"""

from __future__ import annotations

import os
import re
import stat
from typing import NamedTuple
from urllib.parse import unquote

from storage.arxiv import parse_identifier
from storage.errors import DocumentError, reason_of
from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.model import Problem
from storage.sources.hints import hint_for, instead_of
from storage.sources.ids import new_id
from storage.sources.opml import SAMPLE, SIZE_LIMIT, is_opml, read_opml
from storage.sources.presets import arxiv_channel, preset_for
from storage.sources.source import ARXIV, DATE, GIT, PATH, TEMPLATE, URL, Source
from storage.sources.typed import ENCODED_DATE, absolute, from_home, told
from storage.sources.web.addresses import AddressError, parse

LONGEST_SEARCH = 300
"""Characters at most of a search of arXiv."""

_HOSTS = frozenset(("github.com", "www.github.com", "gitlab.com", "codeberg.org", "gitee.com"))
"""Hosts of git repositories, each at an address of two parts: owner and name."""
_GLOB = re.compile(r"[*?[]")
_ALL_FILES = frozenset(("*", "**", "**/*"))
_PLACEHOLDER = re.compile(r"\{[^{}/]*\}")


class Found(NamedTuple):
    """What was meant.

    Attributes:
        sources: One, but for a list of feeds; with ids, in no list yet.
        problems: Why something of it, or all, cannot be a source: one clause with what to do.
    """

    sources: tuple[Source, ...] = ()
    problems: tuple[Problem, ...] = ()


def look_at(text: str) -> Found:
    """Find out what is meant by ``text``.

    Args:
        text: What the user typed or pasted: an existing file or folder; a pattern of files
            (``~/digests/**/cs.LG*.md``); an address, with ``{date}`` in it for one document a day;
            ``arxiv:cs.LG``, ``arxiv:search:WORDS``; the address of a git repository; a file of feeds in
            OPML; a preset (``cn-chat-arxiv:cs.LG``). Relative paths are those from the working folder.
    """
    found = _look_at(text)
    if isinstance(found, Problem):
        return Found(problems=(found,))
    return Found((found,)) if isinstance(found, Source) else found


def _look_at(text: str) -> Source | Problem | Found:
    # No path where the text is none, and where it is relative and the working folder is gone.
    at_home = from_home(text)
    for path in filter(None, (absolute(text), at_home)):
        if os.path.lexists(path):
            return _on_disk(text, path)
    text = text.strip()
    if (meant := _by_scheme(text)) is not None:
        return meant
    if reason := instead_of(text):
        return _problem(text, reason)
    if at_home is None:
        return _problem(text, tr("is no possible path; name a folder or file"))
    if _GLOB.search(text):
        return _pattern(text, at_home)
    hint = hint_for(text)
    hinted = tr("does not exist; check the path; {hint}", hint=hint)
    return _problem(text, hinted if hint else tr("does not exist; check the path"))


def _by_scheme(text: str) -> Source | Problem | None:
    """Take what tells what it is by what stands before its colon, or by being a preset's key."""
    scheme, _, rest = text.partition(":")
    scheme = scheme.lower()
    if scheme in ("http", "https") and rest.startswith("//"):
        return _on_the_web(text)
    if scheme in ("git+http", "git+https", "git+file"):
        return _repository(text, text[len("git+") :])
    if scheme == ARXIV:
        return _on_arxiv(text, rest.strip())
    preset = preset_for(text)
    return preset[0].make(preset[1]) if preset else None


def _on_disk(text: str, path: str) -> Source | Problem | Found:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 -- text, as all paths of sources
        if stat.S_ISDIR(mode):
            return _source(GIT if _is_bare_repository(path) else PATH, path)
        if not stat.S_ISREG(mode):
            reason = tr(
                "is no folder or file but a pipe, socket or device; copy its content into a file"
            )
            return _problem(text, reason)
        with open(path, "rb") as file:  # noqa: PTH123 -- the same
            data = file.read(SAMPLE)
            if is_opml(data):
                return _feeds(text, data + file.read(SIZE_LIMIT))
    except FileNotFoundError:
        return _problem(text, tr("is a link that leads nowhere"))
    except OSError as error:
        reason = tr(
            "cannot be looked at ({reason}); check the path and your rights",
            reason=reason_of(error),
        )
        return _problem(text, reason)
    return _source(PATH, path)


def _feeds(text: str, data: bytes) -> Found | Problem:
    try:
        feeds, problems = read_opml(data, told(text))
    except DocumentError as error:
        return _problem(text, error.reason)
    if not feeds and not problems:
        return _problem(text, tr("is a list of feeds (OPML) with no feed in it"))
    sources = (_source(URL, feed.address)._replace(name=feed.title) for feed in feeds)
    return Found(tuple(sources), problems)


def _is_bare_repository(folder: str) -> bool:
    """Tell whether ``folder`` is what git makes with ``--bare`` (gitrepository-layout(5))."""
    return (
        os.path.isfile(f"{folder}/HEAD")  # noqa: PTH113 -- text, as all paths of sources
        and os.path.isdir(f"{folder}/objects")  # noqa: PTH112 -- the same
        and os.path.isdir(f"{folder}/refs")  # noqa: PTH112 -- the same
    )


def _pattern(text: str, path: str) -> Source | Problem:
    """Divide a path before the first of its parts that has a wildcard."""
    parts = path.split("/")
    cut = next((n for n, part in enumerate(parts) if _GLOB.search(part)), None)
    if cut is None:  # `*/..`
        return _problem(text, tr("has “..” behind a wildcard, which means nothing; name a folder"))
    folder, pattern = "/".join(parts[:cut]) or "/", "/".join(parts[cut:])
    if not os.path.isdir(folder):  # noqa: PTH112 -- text, as all paths of sources
        reason = tr("there is no folder {folder}; check the path", folder=told(folder))
        return _problem(text, reason)
    return _source(PATH, folder, "" if pattern in _ALL_FILES else pattern)


def _on_the_web(text: str) -> Source | Problem:
    text = text.replace(ENCODED_DATE, DATE)
    try:
        address = parse(text)
    except AddressError as error:
        return _problem(text, error.reason)
    target = address.target.replace(ENCODED_DATE, DATE)
    if unknown := set(_PLACEHOLDER.findall(text)) - {DATE}:
        reason = tr(
            "has {unknown} in it, but only {known} stands for the day, written 2026-06-30",
            unknown=min(unknown),
            known=DATE,
        )
        return _problem(text, reason)
    if text.count(DATE) != target.count(DATE):
        # i18n: Here {day} stands for the word "{date}".
        reason = tr("has {day} where it cannot stand; put it into the path", day=DATE)
        return _problem(text, reason)
    if DATE in text:
        return _source(TEMPLATE, address.whole.replace(ENCODED_DATE, DATE))
    path, _, query = address.target.partition("?")
    parts = path.strip("/").split("/")
    is_hosted = address.host in _HOSTS and len(parts) == 2 and not query
    if is_hosted or path.rstrip("/").endswith(".git"):
        return _repository(text, text)
    return _source(URL, address.whole)


def _repository(text: str, address: str) -> Source | Problem:
    if address.lower().startswith("file:"):
        return _local_repository(text, unquote(address[len("file:") :]))
    try:
        return _source(GIT, parse(address).whole.rstrip("/"))
    except AddressError as error:
        return _problem(text, error.reason)


def _local_repository(text: str, rest: str) -> Source | Problem:
    path = absolute(rest.removeprefix("//").removeprefix("localhost"))
    if path is None or not rest.startswith(("///", "//localhost/")):
        return _problem(text, tr("names no repository; write git+file:///the/whole/path"))
    if _is_bare_repository(path) or _is_bare_repository(f"{path}/.git"):
        return _source(GIT, path)
    reason = tr("there is no git repository at {path}; check the path", path=told(path))
    return _problem(text, reason)


def _on_arxiv(text: str, rest: str) -> Source | Problem:
    key, colon, words = rest.partition(":")
    if not colon or key.strip().lower() != "search":
        if parse_identifier(rest):
            reason = tr(
                "is a paper, which does not change; follow its category (arxiv:cs.LG) or a search"
                " (arxiv:search:WORDS)"
            )
            return _problem(text, reason)
        return arxiv_channel(rest)
    query = clean_line(words)
    if not query:
        return _problem(
            text, tr("searches for nothing; write for example arxiv:search:diffusion models")
        )
    if len(query) > LONGEST_SEARCH:
        reason = tr(
            "is longer than a search can be ({count} characters); leave words out",
            count=LONGEST_SEARCH,
        )
        return _problem(text, reason)
    return _source(ARXIV, f"search:{query}")


def _source(kind: str, place: str, pattern: str = "") -> Source:
    return Source(new_id(kind, place, pattern), kind, place, pattern=pattern)


def _problem(text: str, reason: str) -> Problem:
    return Problem(told(text), None, reason)

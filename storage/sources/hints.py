"""What the user may have meant by what is neither on disk nor an address that can be fetched."""

from __future__ import annotations

import re
from difflib import get_close_matches
from urllib.parse import unquote

from storage.arxiv import is_channel
from storage.language import tr
from storage.sources.typed import told

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_BY_SSH = frozenset(("git+ssh", "ssh", "ssh+git"))
# ssh's own way to name a repository: git@github.com:owner/name.git
_SCP = re.compile(r"[\w.-]+@([\w-]+(?:\.[\w-]+)+):(?!//)(.*)", re.DOTALL)
_NEARLY = re.compile(r"([A-Za-z]{3,6})(?::/{0,3}|//)([^/\s].*)", re.DOTALL)
_ALIKE = 0.75
"""How near to http or https a word is taken for one of them (difflib's ratio): ``htps``, ``hhtp``."""

_WITH_PORT = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}(?:/.*)?", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+([A-Za-z]{2,24})")
_OF_FILES = frozenset(
    ("gz", "htm", "html", "json", "jsonl", "md", "opml", "py", "rss", "txt", "xml")
)


def instead_of(text: str) -> str:
    """Say what to write in place of an address that is not fetched; empty where ``text`` is none."""
    if match := _SCHEME.fullmatch(text):
        reason = _of_scheme(match[1].lower(), match[2])
    elif match := _SCP.fullmatch(text):
        reason = _without_ssh(f"{match[1]}/{match[2]}")
    else:
        reason = ""
    match = _NEARLY.fullmatch(text)
    if not reason and match and (scheme := _meant(match[1].lower())):
        address = told(f"{scheme}://{match[2]}")
        reason = tr("is no address as it stands; write {address}", address=address)
    return reason


def hint_for(text: str) -> str:
    """Say what else than a path that is not there ``text`` may be, in a clause.

    Empty where nothing is known.
    """
    if is_channel(text):
        return tr("for what arXiv announces in {channel} write arxiv:{channel}", channel=text)
    if _WITH_PORT.fullmatch(text):
        return tr("if it is an address write {address}", address=f"http://{text}")
    host, slash, _ = text.partition("/")
    match = _HOST.fullmatch(host)
    # "cs.LG/today.md" is a channel's folder, "today.md" a file.
    if match and not is_channel(host) and (slash or match[1].lower() not in _OF_FILES):
        return tr("if it is an address write {address}", address=told(f"https://{text}"))
    return ""


def _of_scheme(scheme: str, rest: str) -> str:
    if scheme == "file":
        return tr("is the address of a file; write its path: {path}", path=told(unquote(rest)))
    if scheme == "feed":
        return tr("is fetched by https; write {address}", address=told(f"https://{rest}"))
    if scheme in _BY_SSH:
        return _without_ssh(rest.rpartition("@")[2])
    if _meant(scheme):
        return ""
    return tr(
        "only http and https are fetched, not {scheme}; look for such an address", scheme=scheme
    )


def _meant(scheme: str) -> str:
    return next(iter(get_close_matches(scheme, ("https", "http"), 1, _ALIKE)), "")


def _without_ssh(rest: str) -> str:
    return tr(
        "would need a key, and only http and https are fetched; write its public address: {address}",
        address=told(f"https://{rest}"),
    )

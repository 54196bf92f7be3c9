"""Addresses of documents: what may be fetched, and how an address is shown without its secrets.

Sources: RFC 3986 (URIs), RFC 3987 section 3.1 (non-ASCII characters become UTF-8, then ``%XX``),
RFC 3490 (names of hosts in other scripts; the version that Python's own codec knows).
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, urljoin, urlsplit

from storage.errors import DigestTuiError
from storage.language import tr
from storage.wording import said_of

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8000
_SHOWN = 300

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NAME = re.compile(r"(?=.{1,253}\.?\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.|\Z))+\Z")
_SIX = re.compile(r"[0-9a-f:.]{2,45}\Z")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Everything that may stand in a path and query as it is, the percent sign included.
_AS_IT_IS = "/?%:@!$&'()*+,;=~-._"
_SECRET = re.compile(
    r"(?i)(?<=[?&;])([^=&;#?]*(?:token|key|secret|passw(?:or)?d|pwd|auth|sig(?:nature)?))=[^&;#]*"
)


class AddressError(DigestTuiError):
    """An address cannot be fetched; ``reason`` says why, without the address.

    Args:
        text: The address as the user wrote it; what is secret in it is not shown.
        reason: What is wrong with it and what to do.
    """

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(said_of(_bluntly_shown(text), reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """Where a document is, taken apart once, so that no two readers of it can differ.

    Attributes:
        scheme: ``http`` or ``https``.
        host: In lower case and ASCII; a literal IPv6 address without its brackets.
        port: 1 to 65535.
        target: Path and query, percent-encoded, beginning with a slash.
        user: Decoded; with ``password`` left out wherever an address is shown.
        password: Decoded.
    """

    scheme: str
    host: str
    port: int
    target: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials are for (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def place(self) -> str:
        """Host and port as they stand in an address; the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The address without user and password: what a document is known by."""
        return f"{self.scheme}://{self.place}{self.target}"

    @property
    def whole(self) -> str:
        """The address with user and password, to be kept where the user wrote it; never to be shown."""
        if not self.user and not self.password:
            return self.text
        password = f":{quote(self.password, safe='')}" if self.password else ""
        return f"{self.scheme}://{quote(self.user, safe='')}{password}@{self.place}{self.target}"

    @property
    def authorization(self) -> str:
        """The header that user and password make (RFC 7617); empty where there are none."""
        if not self.user and not self.password:
            return ""
        return f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"

    @property
    def shown(self) -> str:
        """The address for the reader's eyes: neither user nor password nor a key in the query."""
        return _cut(_SECRET.sub(r"\1=…", self.text))


def parse(text: str) -> Address:
    """Take an address apart; what surrounds it of white space and its fragment are left out.

    Raises:
        AddressError: It is no address of the web.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        reason = tr("is longer than any address ({count} characters)", count=_LONGEST)
        raise AddressError(text, reason)
    _check_controls(text)
    scheme = _scheme_of(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressError(text, tr("is no address: its host or port cannot be read")) from None
    host = _host_of(text, parts.hostname or "")
    if port == 0:
        raise AddressError(text, tr("names port 0, which nothing can listen on"))
    return Address(
        scheme,
        host,
        port or _PORTS[scheme],
        _target_of(text, parts.path, parts.query),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def join(base: Address, location: str) -> Address:
    """Return where ``location``, of a redirect from ``base``, leads (RFC 9110 section 10.2.2).

    User and password are kept for the same origin, and where only the encryption is new; those that
    a redirect names itself are not used.

    Raises:
        AddressError: It leads to nowhere on the web.
    """
    _check_controls(location.strip())  # joining would drop some
    try:
        target = urljoin(base.text, location.strip())
    except ValueError:
        raise AddressError(location, tr("is no address")) from None
    found = replace(parse(target), user="", password="")
    upgraded = Address("https", base.host, _PORTS["https"], "/").origin
    is_own = found.origin == base.origin or (
        base.port == _PORTS[base.scheme] and found.origin == upgraded
    )
    return replace(found, user=base.user, password=base.password) if is_own else found


def shown(text: str) -> str:
    """Return any text that is meant as an address for the reader's eyes, see ``Address.shown``."""
    try:
        return parse(text).shown
    except AddressError:
        return _bluntly_shown(text)


def _bluntly_shown(text: str) -> str:
    """Show what cannot be taken apart: a password may be anywhere before the last ``@``."""
    scheme = _SCHEME.match(text)
    begin = scheme[0] + "//" if scheme and text[scheme.end() :].startswith("//") else ""
    rest = text[len(begin) :].rpartition("@")[2]
    printable = "".join(c if c.isprintable() else "\ufffd" for c in f"{begin}{rest}"[:_LONGEST])
    return _cut(_SECRET.sub(r"\1=…", printable))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _check_controls(text: str) -> None:
    if _CONTROLS.search(text):
        raise AddressError(text, tr("has control characters in it; copy the address anew"))


def _scheme_of(text: str) -> str:
    match = _SCHEME.match(text)
    scheme = match[1].lower() if match else ""
    has_slashes = match is not None and text.startswith("//", match.end())
    if scheme in _PORTS and has_slashes:
        return scheme
    # In "localhost:8000/x" what stands before the colon is a host.
    if has_slashes:
        reason = tr("only http and https are fetched, not {scheme}", scheme=_cut(scheme))
        raise AddressError(text, reason)
    raise AddressError(text, tr("does not begin with http:// or https://"))


def _host_of(text: str, host: str) -> str:
    if ":" in host:
        if not _SIX.match(host):
            raise AddressError(text, tr("names no possible host"))
        return host
    try:
        ascii_host = host.encode("idna").decode().lower()
    except UnicodeError:
        ascii_host = ""
    if not _NAME.match(ascii_host):
        raise AddressError(text, tr("names no possible host") if host else tr("names no host"))
    return ascii_host


def _target_of(text: str, path: str, query: str) -> str:
    target = f"{path or '/'}?{query}" if query else path or "/"
    try:
        return _LONE_PERCENT.sub("%25", quote(target, safe=_AS_IT_IS))
    except UnicodeEncodeError:
        reason = tr("has half characters in it; copy the address anew")
        raise AddressError(text, reason) from None

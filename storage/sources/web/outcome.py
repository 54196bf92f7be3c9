"""What comes of fetching one document: values, for whoever asked for it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from storage.wording import said_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Kind(StrEnum):
    """What kept a document from being fetched."""

    ADDRESS = "address"
    """The address cannot be one."""
    OFFLINE = "offline"
    """There is no network."""
    # Their values are kept in files and read by programs.
    UNKNOWN_HOST = "unknown host"  # tr: no -- see above
    REFUSED = "refused"
    """Nothing listens there."""
    UNREACHABLE = "unreachable"
    """The host does not answer."""
    PROXY = "proxy"
    TLS = "tls"
    TIMEOUT = "timeout"
    """It began and did not end in time."""
    BROKEN = "broken"
    """The connection broke off, or what came is no HTTP."""
    MISSING = "missing"
    """404: not there, or not yet."""
    GONE = "gone"
    """410: there no more, on purpose."""
    FORBIDDEN = "forbidden"
    """401 or 403."""
    BUSY = "busy"
    """429: too many requests."""
    SERVER = "server"
    """5xx: the server's own fault."""
    UNEXPECTED = "unexpected"
    """Any other status."""
    REDIRECTS = "redirects"
    """They lead in a circle, too far, or nowhere."""
    UNSAFE = "unsafe"
    """A redirect to another scheme, or from a public host to a private address."""
    TOO_LARGE = "too large"  # tr: no -- see above
    CODING = "coding"
    """The body is not what its Content-Encoding says."""
    EMPTY = "empty"
    CONTENT = "content"
    """It is no digest: a page to log in, a message of the server."""
    DISK = "disk"
    CANCELLED = "cancelled"
    NO_PROGRAM = "no program"  # tr: no -- see above
    """What would fetch it is not installed here."""

    @property
    def is_final(self) -> bool:
        """Whether trying again is in vain until the user changes something."""
        return self in (Kind.ADDRESS, Kind.GONE)

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well succeed some seconds later."""
        return self in (Kind.TIMEOUT, Kind.BROKEN, Kind.SERVER, Kind.BUSY)

    @property
    def is_of_the_host(self) -> bool:
        """Whether no other document of the same host will come either."""
        return self in _OF_THE_HOST


_OF_THE_HOST = frozenset(
    (Kind.OFFLINE, Kind.UNKNOWN_HOST, Kind.REFUSED, Kind.UNREACHABLE, Kind.PROXY, Kind.TLS)
)


class Validators(NamedTuple):
    """What tells a server which version of a document is here already (RFC 9110 section 8.8).

    Attributes:
        address: The address that they are from; they mean nothing elsewhere.
        etag: As it came; may be empty.
        last_modified: As it came; may be empty.
    """

    address: str = ""
    etag: str = ""
    last_modified: str = ""


NOTHING_KNOWN = Validators()


class Fetched(NamedTuple):
    """A document that came.

    Attributes:
        path: Where it lies: from the client a temporary file, from ``Documents`` the kept one.
        address: Where it came from after all redirects, without user and password.
        validators: For the next time.
        size: Its length in bytes, decompressed.
        digest: BLAKE2b of its bytes, 16 of them, in hexadecimal digits.
        content_type: As the server says, in lower case, without parameters; may be empty.
        charset: As the server says, in lower case; may be empty, and may be wrong.
        moved_to: Its new address where every redirect was permanent, else empty. It has the user and
            password of the old one: not to be shown as it is.
        is_changed: Whether it differs from what was kept before.
    """

    path: Path
    address: str
    validators: Validators
    size: int
    digest: str
    content_type: str = ""
    charset: str = ""
    moved_to: str = ""
    is_changed: bool = True


class NotModified(NamedTuple):
    """What is kept is what the server has.

    Attributes:
        address: As in ``Fetched``.
        moved_to: As in ``Fetched``.
    """

    address: str
    moved_to: str = ""


class Failure(NamedTuple):
    """Nothing came; what was kept before is untouched.

    Attributes:
        kind: What kept it from coming.
        address: Which address was asked for, fit to be shown.
        reason: What happened and what to do, without the address.
        retry_at: When the server wants to be asked again, aware; None where it did not say.
    """

    kind: Kind
    address: str
    reason: str
    retry_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """What the reader is told."""
        return said_of(self.address, self.reason)


Outcome = Fetched | NotModified | Failure

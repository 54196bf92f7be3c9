"""What went wrong, in the reader's words: of errors, and of a server's answers.

Source of the statuses' meanings: RFC 9110 section 15, RFC 6585 section 4 (429).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Mapping

_LONGEST_WAIT = timedelta(days=1)
_BUSY_WAIT = timedelta(minutes=15)
"""How long a server is left alone that is asked too much and does not say how long it wants."""

_SELF_SIGNED = (18, 19)  # OpenSSL's X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT and …_IN_CHAIN
_EXPIRED = 10
_UNKNOWN_ISSUER = (2, 20, 21)
_WRONG_HOST = (62, 64)


class FetchError(Exception):
    """Something keeps a document from being fetched; it never leaves this package.

    Args:
        kind: What it is.
        reason: What happened and what to do, without the address.
        retry_at: When the server wants to be asked again, aware; None where it did not say.
    """

    def __init__(self, kind: Kind, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_at = retry_at


def of_error(error: BaseException, host: str) -> FetchError:
    """Say what an error of the network means.

    Args:
        error: As the HTTP client raised it.
        host: Who was asked, fit to be shown.
    """
    causes = tuple(_causes(error))
    found = next((cause for cause in causes if isinstance(cause, FetchError)), None)
    return found or _of_tls(causes, host) or _of_proxy(causes, host) or _of_break(causes, host)


def _of_tls(causes: Iterable[BaseException], host: str) -> FetchError | None:
    import ssl  # noqa: PLC0415 -- only once a connection was tried

    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(Kind.TLS, _about_certificate(cause, host))
        if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return FetchError(Kind.BROKEN, f"{host} broke the connection off; try again later")
        if isinstance(cause, ssl.SSLError):
            why = _printable((cause.reason or "for no known reason").replace("_", " ").lower())
            return FetchError(Kind.TLS, f"no encrypted connection with {host} comes about ({why})")
    return None


def _of_proxy(causes: Iterable[BaseException], host: str) -> FetchError | None:
    from urllib3.exceptions import ProxyError  # noqa: PLC0415 -- loaded already: it was raised

    if not any(isinstance(cause, ProxyError) for cause in causes):
        return None
    words = [str(cause) for cause in causes if type(cause) is OSError]
    why = _printable(words[-1]) if words else "it does not answer"
    return FetchError(Kind.PROXY, f"the proxy does not connect us with {host}: {why}")


def _of_break(causes: Iterable[BaseException], host: str) -> FetchError:
    from http.client import (  # noqa: PLC0415 -- loaded already: it was used
        HTTPException,
        IncompleteRead,
        RemoteDisconnected,
    )

    from urllib3 import exceptions  # noqa: PLC0415 -- loaded already: it was raised

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_any(TimeoutError, exceptions.TimeoutError):
        return FetchError(Kind.TIMEOUT, f"{host} said nothing for too long; try again later")
    if is_any(IncompleteRead, exceptions.IncompleteRead):
        return FetchError(Kind.BROKEN, f"{host} broke off in the midst of the document")
    if is_any(RemoteDisconnected, ConnectionError):
        return FetchError(Kind.BROKEN, f"{host} broke the connection off; try again later")
    if is_any(HTTPException, exceptions.HTTPError, ValueError):
        return FetchError(Kind.BROKEN, f"{host} answered something that is no proper HTTP")
    return FetchError(Kind.BROKEN, f"the connection with {host} failed; try again later")


def of_status(
    status: int,
    host: str,
    retry_at: datetime | None,
    now: datetime,
    *,
    has_credentials: bool = False,
) -> FetchError:
    """Say what a status means that brings no document.

    Args:
        status: Of the answer.
        host: Who gave it.
        retry_at: When it wants to be asked again, aware; None where it did not say.
        now: The time, aware.
        has_credentials: Whether it was given a name and a password.
    """
    kind, words = _STATUSES.get(status, (Kind.UNEXPECTED, "this is not expected"))
    if status == HTTPStatus.UNAUTHORIZED and has_credentials:
        words = "it refuses the name and the password in the address; correct them"
    if 500 <= status < 600:
        kind, words = Kind.SERVER, "the fault is the server's; try again later"
    if retry_at is not None:
        words = f"it asks to be left alone for {_duration(retry_at - now)}"
    return FetchError(kind, f"{host} answers {status}{_phrase_of(status)}: {words}", retry_at)


def of_rest(host: str, until: datetime, now: datetime) -> FetchError:
    """Say that a server was not asked since it wants to be left alone, and for how long."""
    wait = _duration(until - now)
    return FetchError(
        Kind.BUSY, f"{host} asks to be left alone for {wait}; it was not asked", until
    )


def _duration(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 100:
        return f"{seconds} second{'s' * (seconds > 1)}"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 100 else f"{round(minutes / 60)} hours"


_STATUSES = {
    401: (
        Kind.FORBIDDEN,
        "it asks for a name and a password; write them into it as https://NAME:PASSWORD@…",
    ),
    403: (Kind.FORBIDDEN, "it does not let us have this; look at it in a browser"),
    404: (Kind.MISSING, "there is nothing at this address, or not yet"),
    407: (Kind.PROXY, "the proxy asks for a name and a password; see HTTP_PROXY and HTTPS_PROXY"),
    408: (Kind.TIMEOUT, "it waited too long for us; try again later"),
    410: (Kind.GONE, "this was taken away for good; remove the source"),
    429: (Kind.BUSY, "it is asked too often"),
}


def retry_time(headers: Mapping[str, str], status: int, now: datetime) -> datetime | None:
    """Return when a server wants to be asked again (RFC 9110 section 10.2.3), a day on at most.

    A date is measured by the server's own clock, where it tells the time; it may be slow or fast.

    Args:
        headers: Of its answer.
        status: Only 429 and 5xx say something of when to ask again.
        now: The time by our own clock, aware.

    Returns:
        Aware; None where it does not say.
    """
    if status != HTTPStatus.TOO_MANY_REQUESTS and status < 500:
        return None
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), _LONGEST_WAIT.total_seconds()))
    elif when := _date(text):
        wait = when - (_date(headers.get("date", "")) or now)
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _BUSY_WAIT
    else:
        return None
    return now + min(max(wait, timedelta()), _LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    """Read any of the three forms of RFC 9110 section 5.6.7."""
    try:
        found = parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _phrase_of(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it came from, each once; the client wraps them into one another."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, cause.__cause__, cause.__context__)
        waiting.extend(one for one in inner if isinstance(one, BaseException))


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))[:100]


def _about_certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    code = error.verify_code
    if code == _EXPIRED:
        why = "has expired"
    elif code in _WRONG_HOST:
        why = "is for another host"
    elif code in _SELF_SIGNED:
        why = "is signed by itself only"
    elif code in _UNKNOWN_ISSUER:
        why = "is signed by nobody whom this machine trusts"
    else:
        why = f"is not accepted ({_printable(error.verify_message)})"
    return f"the certificate of {host} {why}; nothing was fetched{_advice(code)}"


def _advice(code: int) -> str:
    named = os.environ.get("SSL_CERT_FILE")
    if named and not os.access(named, os.R_OK):
        return f"; SSL_CERT_FILE names {named}, which cannot be read"
    if code in (*_SELF_SIGNED, *_UNKNOWN_ISSUER):
        return "; if the server is yours, name its certificate in SSL_CERT_FILE"
    return ""

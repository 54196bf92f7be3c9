"""What went wrong on the way to a document, in the reader's words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.language import tr
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator
    from datetime import datetime

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


def cancelled_error() -> FetchError:
    """Say that nobody wants it any more."""
    return FetchError(Kind.CANCELLED, tr("fetching was cancelled"))


def broken_error(host: str) -> FetchError:
    """Say that a connection broke off."""
    return FetchError(
        Kind.BROKEN, tr("{host} broke the connection off; try again later", host=host)
    )


def of_error(error: BaseException, host: str, *, is_answer: bool = False) -> FetchError:
    """Say what an error of the network means.

    Args:
        error: As the HTTP client raised it.
        host: Who was asked, fit to be shown.
        is_answer: Whether an answer was awaited, rather than a document.
    """
    causes = tuple(_causes(error))
    found = next((cause for cause in causes if isinstance(cause, FetchError)), None)
    return (
        found
        or _of_tls(causes, host)
        or _of_proxy(causes, host)
        or _of_break(causes, host, is_answer=is_answer)
    )


def _of_tls(causes: Iterable[BaseException], host: str) -> FetchError | None:
    import ssl  # noqa: PLC0415 -- only once a connection was tried

    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(Kind.TLS, _about_certificate(cause, host))
        if isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return broken_error(host)
        if isinstance(cause, ssl.SSLError):
            said = _printable((cause.reason or "").replace("_", " ").lower())
            reason = tr(
                "no encrypted connection with {host} comes about ({reason})",
                host=host,
                reason=said or tr("for no known reason"),
            )
            return FetchError(Kind.TLS, reason)
    return None


def _of_proxy(causes: Iterable[BaseException], host: str) -> FetchError | None:
    from urllib3.exceptions import ProxyError  # noqa: PLC0415 -- loaded already: it was raised

    if not any(isinstance(cause, ProxyError) for cause in causes):
        return None
    words = [str(cause) for cause in causes if type(cause) is OSError]
    reason = tr(
        "the proxy does not connect us with {host}: {reason}",
        host=host,
        reason=_printable(words[-1]) if words else tr("it does not answer"),
    )
    return FetchError(Kind.PROXY, reason)


def _of_break(causes: Iterable[BaseException], host: str, *, is_answer: bool) -> FetchError:
    from http.client import (  # noqa: PLC0415 -- loaded already: it was used
        HTTPException,
        IncompleteRead,
        RemoteDisconnected,
    )

    from urllib3 import exceptions  # noqa: PLC0415 -- loaded already: it was raised

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_any(TimeoutError, exceptions.TimeoutError):
        reason = tr("{host} said nothing for too long; try again later", host=host)
        return FetchError(Kind.TIMEOUT, reason)
    if is_any(IncompleteRead, exceptions.IncompleteRead):
        of_document = tr("{host} broke off in the midst of the document", host=host)
        of_answer = tr("{host} broke off in the midst of its answer", host=host)
        return FetchError(Kind.BROKEN, of_answer if is_answer else of_document)
    if is_any(RemoteDisconnected, ConnectionError):
        return broken_error(host)
    if is_any(HTTPException, exceptions.HTTPError, ValueError):
        reason = tr("{host} answered something that is no proper HTTP", host=host)
        return FetchError(Kind.BROKEN, reason)
    reason = tr("the connection with {host} failed; try again later", host=host)
    return FetchError(Kind.BROKEN, reason)


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
    code, reason = error.verify_code, _wrong_with_certificate(error, host)
    named = os.environ.get("SSL_CERT_FILE")
    if named and not os.access(named, os.R_OK):
        return tr(
            "{reason}; SSL_CERT_FILE names {file}, which cannot be read", reason=reason, file=named
        )
    if code in (*_SELF_SIGNED, *_UNKNOWN_ISSUER):
        return tr(
            "{reason}; if the server is yours, name its certificate in SSL_CERT_FILE", reason=reason
        )
    return reason


def _wrong_with_certificate(error: ssl.SSLCertVerificationError, host: str) -> str:
    code = error.verify_code
    if code == _EXPIRED:
        return tr("the certificate of {host} has expired; nothing was fetched", host=host)
    if code in _WRONG_HOST:
        return tr("the certificate of {host} is for another host; nothing was fetched", host=host)
    if code in _SELF_SIGNED:
        return tr(
            "the certificate of {host} is signed by itself only; nothing was fetched", host=host
        )
    if code in _UNKNOWN_ISSUER:
        return tr(
            "the certificate of {host} is signed by nobody whom this machine trusts; nothing was"
            " fetched",
            host=host,
        )
    return tr(
        "the certificate of {host} is not accepted ({reason}); nothing was fetched",
        host=host,
        reason=_printable(error.verify_message),
    )

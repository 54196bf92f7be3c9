"""What a server's answer means that brings no document, in the reader's words, and when to ask again.

Source of the statuses' meanings: RFC 9110 section 15, RFC 6585 section 4 (429).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from storage.language import to_tr, tr, tr_n
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_WAIT = timedelta(days=1)
_BUSY_WAIT = timedelta(minutes=15)
"""How long a server is left alone that is asked too much and does not say how long it wants."""


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
    kind, said = _STATUSES.get(status, (Kind.UNEXPECTED, to_tr("this is not expected")))
    words = tr(said)
    if status == HTTPStatus.UNAUTHORIZED and has_credentials:
        words = tr("it refuses the name and the password in the address; correct them")
    if 500 <= status < 600:
        kind, words = Kind.SERVER, tr("the fault is the server's; try again later")
    if retry_at is not None:
        words = tr("it asks to be left alone for {duration}", duration=_duration(retry_at - now))
    # i18n: {status} is what HTTP calls it, such as "404 Not Found".
    reason = tr(
        "{host} answers {status}: {reason}",
        host=host,
        status=f"{status}{_phrase_of(status)}",
        reason=words,
    )
    return FetchError(kind, reason, retry_at)


def of_rest(host: str, until: datetime, now: datetime) -> FetchError:
    """Say that a server was not asked since it wants to be left alone, and for how long."""
    reason = tr(
        "{host} asks to be left alone for {duration}; it was not asked",
        host=host,
        duration=_duration(until - now),
    )
    return FetchError(Kind.BUSY, reason, until)


def _duration(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    if seconds < 100:
        return tr_n("{n} second", "{n} seconds", seconds)
    minutes = round(seconds / 60)
    if minutes < 100:
        return tr_n("{n} minute", "{n} minutes", minutes)
    return tr_n("{n} hour", "{n} hours", round(minutes / 60))


_STATUSES = {
    401: (
        Kind.FORBIDDEN,
        to_tr("it asks for a name and a password; write them into it as https://NAME:PASSWORD@…"),
    ),
    403: (Kind.FORBIDDEN, to_tr("it does not let us have this; look at it in a browser")),
    404: (Kind.MISSING, to_tr("there is nothing at this address, or not yet")),
    407: (
        Kind.PROXY,
        to_tr("the proxy asks for a name and a password; see HTTP_PROXY and HTTPS_PROXY"),
    ),
    408: (Kind.TIMEOUT, to_tr("it waited too long for us; try again later")),
    410: (Kind.GONE, to_tr("this was taken away for good; remove the source")),
    429: (Kind.BUSY, to_tr("it is asked too often")),
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

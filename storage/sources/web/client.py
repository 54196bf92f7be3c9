"""Fetching one document: conditional, patient, polite and never further than it is safe.

What the network does is never an exception but an outcome. The HTTP client underneath is urllib3, see
``connections`` for why; it is loaded when the first document is fetched.
"""

from __future__ import annotations

import random
import re
import threading
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.language import tr
from storage.sources.web.addresses import AddressError, parse, shown
from storage.sources.web.body import receive
from storage.sources.web.coding import ACCEPTED
from storage.sources.web.failures import FetchError, cancelled_error, of_error
from storage.sources.web.networks import Network
from storage.sources.web.outcome import (
    NOTHING_KNOWN,
    Failure,
    Fetched,
    Kind,
    NotModified,
    Validators,
)
from storage.sources.web.politeness import Manners, Politeness, user_agent
from storage.sources.web.redirects import REDIRECTS, Trail
from storage.sources.web.statuses import of_status, retry_time
from storage.sources.web.timing import Clock, Limits
from storage.sources.web.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from urllib3.response import BaseHTTPResponse

    from storage.sources.web.addresses import Address
    from storage.sources.web.body import Progress
    from storage.sources.web.connections import Connections
    from storage.sources.web.outcome import Outcome

_FIRST_WAIT = 1.0
"""Seconds before the second attempt; before each further one it is twice as long."""

_MAY_BE_A_CUT = frozenset(
    (Kind.BROKEN, Kind.TIMEOUT, Kind.TLS, Kind.PROXY, Kind.OFFLINE, Kind.UNREACHABLE)
)
"""What the end of a connection looks like that our own watch has cut."""

_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_VALIDATOR = re.compile(r"[\x20-\x7e\x80-\xff]{1,1000}\Z")
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)", re.ASCII)
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.ASCII | re.IGNORECASE)


class _Wish(NamedTuple):
    """What is to be fetched."""

    start: Address
    known: Validators
    folder: Path
    progress: Progress
    is_named: bool


class Client:
    """Fetches documents; all methods may be called from any thread.

    Args:
        limits: What is put up with.
        manners: How many requests at once, and how often.
        cancelled: Once it is set all fetching ends at once, and no other begins. Signal handlers must
            not set it themselves: Python's events are not made for that.
        clock: Tells the time and waits.
        network: Finds and judges hosts.
        chance: Returns a number from 0 to 1; it spreads the attempts of many readers.
    """

    def __init__(  # noqa: PLR0913 -- each is for the caller or a test to choose
        self,
        *,
        limits: Limits | None = None,
        manners: Manners | None = None,
        cancelled: threading.Event | None = None,
        clock: Clock | None = None,
        network: Network | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.manners = manners or Manners()
        self._limits = limits or Limits()
        self._cancelled = cancelled or threading.Event()
        self._clock = clock or Clock()
        self._network = network or Network()
        self._chance = chance
        self._politeness = Politeness(self.manners, self._clock, self._cancelled)
        self._lock = threading.Lock()
        self._connections: Connections | None = None
        self._agent = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._connections is not None:
            self._connections.close()

    def fetch(
        self,
        address: str,
        known: Validators = NOTHING_KNOWN,
        *,
        folder: Path,
        progress: Progress = lambda *_: None,
        is_named: bool = True,
    ) -> Outcome:
        """Fetch one document into a temporary file.

        Args:
            address: As the user wrote it, with user and password where it needs them.
            known: Of the version that is here already.
            folder: Where the file is to lie; made if need be.
            progress: Told in this thread how many bytes have come, see ``Progress``.
            is_named: Whether the user named the address himself. One that another document names must
                not lead to a private network.

        Returns:
            What came of it, whatever the network and the disk do.
        """
        try:
            start = parse(address)
        except AddressError as error:
            return Failure(Kind.ADDRESS, shown(address), error.reason)
        wish = _Wish(start, known, folder, progress, is_named)
        try:
            return self._fetch_patiently(wish)
        except FetchError as error:
            return Failure(error.kind, start.shown, error.reason, error.retry_at)

    def _fetch_patiently(self, wish: _Wish) -> Outcome:
        attempt = 1
        while True:
            try:
                return self._follow(wish)
            except FetchError as error:
                wait = self._wait_after(error, attempt)
                if wait is None:
                    raise
            if self._clock.wait(wait, self._cancelled):
                raise cancelled_error()
            attempt += 1

    def _wait_after(self, error: FetchError, attempt: int) -> float | None:
        """Return the seconds to wait for another attempt; None where there is to be none.

        Exponential backoff with equal jitter: half of the wait is left to chance, so that readers who
        failed together do not come back together.
        """
        if attempt >= self._limits.attempts or not error.kind.is_passing:
            return None
        wait = _FIRST_WAIT * 2 ** (attempt - 1) * (1 + self._chance()) / 2
        if error.retry_at is not None:
            wait = max(wait, (error.retry_at - self._clock.now()).total_seconds())
        return wait if wait <= self._limits.patience else None

    def _follow(self, wish: _Wish) -> Outcome:
        trail = Trail(wish.start, self._limits.redirects, may_be_private=wish.is_named)
        while True:
            outcome = self._ask(wish, trail)
            if outcome is not None:
                return outcome._replace(moved_to=trail.moved_to)

    def _ask(self, wish: _Wish, trail: Trail) -> Fetched | NotModified | None:
        """Ask for where the trail has led to; None where it leads on."""
        here = trail.here
        with (
            self._politeness.turn(here.host, here.place),
            Watch(
                self._limits.total, self._cancelled, may_be_private=trail.may_be_private
            ) as watch,
        ):
            try:
                return self._exchange(wish, trail, watch)
            except FetchError as error:
                found = error
            except _network_errors() as error:
                found = of_error(error, here.host)
        if watch.is_cancelled:
            found = cancelled_error()
        elif watch.is_cut and found.kind in _MAY_BE_A_CUT:
            reason = tr(
                "{host} took longer than {seconds:g} seconds; try again later",
                host=here.host,
                seconds=self._limits.total,
            )
            found = FetchError(Kind.TIMEOUT, reason)
        elif found.kind.is_of_the_host:
            self._politeness.note_down(here.place, found)
        raise found from None

    def _exchange(self, wish: _Wish, trail: Trail, watch: Watch) -> Fetched | NotModified | None:
        here = trail.here
        headers = self._headers(here, wish.known)
        response = self._open(here, headers, watch)
        try:
            if response.status in (200, 203):
                return self._received(response, here, wish, watch)
            if response.status == 304 and headers.keys() & set(_CONDITIONS):
                return NotModified(here.text)
            locations = response.headers.getlist("location")
            if response.status in REDIRECTS and (locations or response.status != 300):
                location = locations[0] if locations else ""
                trail.follow(response.status, location, was_private=watch.was_private)
                return None
            raise self._refusal(response, here)
        finally:
            _let_go(response)

    def _open(self, here: Address, headers: dict[str, str], watch: Watch) -> BaseHTTPResponse:
        from storage.sources.web.connections import Connections  # noqa: PLC0415 -- loads urllib3

        with self._lock:
            if self._connections is None:
                self._connections = Connections(self._limits, self._network)
        return self._connections.open(here, headers, watch)

    def _headers(self, here: Address, known: Validators) -> dict[str, str]:
        if not self._agent:
            self._agent = user_agent()
        headers = {"User-Agent": self._agent, "Accept": "*/*", "Accept-Encoding": ACCEPTED}
        if here.authorization:
            headers["Authorization"] = here.authorization
        # Another address may well call another document by the same tag.
        if known.address == here.text:
            if _VALIDATOR.match(known.etag):
                headers[_CONDITIONS[0]] = known.etag
            if _VALIDATOR.match(known.last_modified):
                headers[_CONDITIONS[1]] = known.last_modified
        return headers

    def _received(
        self, response: BaseHTTPResponse, here: Address, wish: _Wish, watch: Watch
    ) -> Fetched:
        body = receive(response, wish.folder, self._limits.size, watch, wish.progress)
        content_type = response.headers.get("content-type", "")
        media_type, charset = _MEDIA_TYPE.match(content_type), _CHARSET.search(content_type)
        validators = Validators(
            here.text,
            _validator(response.headers.get("etag", "")),
            _validator(response.headers.get("last-modified", "")),
        )
        return Fetched(
            body.path,
            here.text,
            validators,
            body.size,
            body.digest,
            media_type[1].lower() if media_type else "",
            charset[1].lower() if charset else "",
        )

    def _refusal(self, response: BaseHTTPResponse, here: Address) -> FetchError:
        now = self._clock.now()
        retry_at = retry_time(response.headers, response.status, now)
        if retry_at is not None:
            self._politeness.leave_alone(here.host, retry_at)
        return of_status(
            response.status, here.host, retry_at, now, has_credentials=bool(here.authorization)
        )


def _network_errors() -> tuple[type[Exception], ...]:
    from http.client import HTTPException  # noqa: PLC0415 -- loaded with urllib3

    from urllib3.exceptions import HTTPError  # noqa: PLC0415 -- only where something is fetched

    return HTTPError, HTTPException, OSError, ValueError


def _let_go(response: BaseHTTPResponse) -> None:
    """Give the connection back to its pool if nothing of the answer is left; else close it."""
    if response.length_remaining == 0:
        response.drain_conn()
    response.close()


def _validator(text: str) -> str:
    return text if _VALIDATOR.match(text) else ""

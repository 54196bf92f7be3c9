"""One request to a service that speaks chat completions: patient, polite and cancellable."""

from __future__ import annotations

import json
import random
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from storage.language import tr
from storage.sources.web.addresses import parse
from storage.sources.web.coding import CodingError, decoder_for
from storage.sources.web.failures import FetchError, of_error
from storage.sources.web.networks import Network
from storage.sources.web.outcome import Kind as WebKind
from storage.sources.web.politeness import user_agent
from storage.sources.web.statuses import retry_time
from storage.sources.web.timing import Clock, Limits
from storage.sources.web.watch import Watch
from storage.translation.events import BrokenError, Completion, CutError, completion_in
from storage.translation.outcome import Failure, Kind
from storage.translation.refusals import Refusal, failure_of, refusal_in
from storage.wording import said_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from urllib3.response import BaseHTTPResponse

    from storage.sources.web.connections import Connections
    from storage.translation.configuration import Configuration

ATTEMPTS = 4
_FIRST_WAIT = 1.0
"""Seconds before the second attempt; before each further one it is twice as long."""
PATIENCE = 90.0
"""Seconds that are waited at most before another attempt."""
_BLOCK = 16 * 1024
_REFUSAL = 64 * 1024
"""Bytes of a refusal that are read."""

_EXTRAS: dict[str, object] = {
    "stream": True,
    "stream_options": {"include_usage": True},
    "response_format": {"type": "json_object"},
    "temperature": 0,
}
"""What makes answers better or cheaper to watch; services that know one of them not do without."""


class _Later(NamedTuple):
    """It did not succeed this time."""

    failure: Failure
    retry_at: datetime | None = None


class Service:
    """Asks a service; all methods may be called from any thread.

    Args:
        configuration: Which service.
        key: What it knows the user by; empty where it wants nothing.
        clock: Tells the time and waits.
        network: Finds hosts.
        chance: Returns a number from 0 to 1; it spreads the attempts of many readers.
    """

    def __init__(
        self,
        configuration: Configuration,
        key: str,
        *,
        clock: Clock | None = None,
        network: Network | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._configuration = configuration
        self._key = key
        self._address = parse(f"{configuration.base_url}/chat/completions")
        self._clock = clock or Clock()
        self._limits = Limits(read=configuration.timeout, total=configuration.timeout)
        self._network = network or Network()
        self._chance = chance
        self._lock = threading.Lock()
        self._extras = dict(_EXTRAS)
        self._connections: Connections | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connections is not None:
            self._connections.close()

    def complete(
        self,
        messages: list[dict[str, str]],
        cancelled: threading.Event,
        turn: Callable[[], Failure | None] = lambda: None,
    ) -> Completion | Failure:
        """Have a model answer.

        Args:
            messages: As the protocol has them.
            cancelled: Once it is set the request ends at once.
            turn: Called before each attempt; what it returns keeps it from being made.

        Returns:
            What the model wrote, or why it did not, whatever the network does.
        """
        attempt = 1
        while True:
            if (kept := turn()) is not None:
                return kept
            answer = self._ask(messages, cancelled)
            if isinstance(answer, Refusal):
                # Asked otherwise, at once: such a request costs nothing.
                continue
            if not isinstance(answer, _Later):
                return answer
            wait = self._wait_after(answer, attempt)
            if wait is None:
                return answer.failure
            if self._clock.wait(wait, cancelled):
                return stopped()
            attempt += 1

    def _wait_after(self, later: _Later, attempt: int) -> float | None:
        """Return the seconds to wait for another attempt; None where there is to be none.

        Exponential backoff with equal jitter, and never less than the service asks for.
        """
        if attempt >= ATTEMPTS:
            return None
        wait = _FIRST_WAIT * 2 ** (attempt - 1) * (1 + self._chance()) / 2
        if later.retry_at is not None:
            wait = max(wait, (later.retry_at - self._clock.now()) / timedelta(seconds=1))
        return wait if wait <= PATIENCE else None

    def _ask(
        self, messages: list[dict[str, str]], cancelled: threading.Event
    ) -> Completion | Failure | _Later | Refusal:
        """Ask once; a refusal is returned where the next request will be another one."""
        extras = dict(self._extras)
        body = {"model": self._configuration.model, "messages": messages, **extras}
        with Watch(self._configuration.timeout, cancelled, may_be_private=True) as watch:
            try:
                return self._exchange(json.dumps(body).encode(), extras, watch)
            except CutError as error:
                found = FetchError(WebKind.BROKEN, said_of(self._configuration.host, error))
            except BrokenError as error:
                what = said_of(self._configuration.host, error)
                return Failure(Kind.ANSWER, tr("{what}.", what=what), may_cost=True)
            except FetchError as error:
                found = error
            except _network_errors() as error:
                found = of_error(error, self._configuration.host, is_answer=True)
        return self._failed(found, watch)

    def _failed(self, error: FetchError, watch: Watch) -> Failure | _Later:
        if watch.is_cancelled:
            return stopped()._replace(may_cost=True)
        if watch.is_cut:
            reason = tr(
                "{host} took longer than the timeout of {seconds:g} seconds; nothing came of it.",
                host=self._configuration.host,
                seconds=self._configuration.timeout,
            )
            return Failure(Kind.SERVICE, reason, may_cost=True)
        words = tr("{what}.", what=error.reason)
        failure = Failure(Kind.SERVICE, words, may_cost=error.kind in _BEGUN)
        return _Later(failure) if error.kind.is_passing else failure

    def _exchange(
        self, body: bytes, extras: dict[str, object], watch: Watch
    ) -> Completion | Failure | _Later | Refusal:
        response = self._open(body, watch)
        try:
            if response.status == 200:
                kind = response.headers.get("content-type", "").lower()
                blocks = _blocks(response, watch)
                return completion_in(blocks, is_stream=kind.startswith("text/event-stream"))
            location = response.headers.get("location", "")
            refusal = refusal_in(response.status, _beginning(response), location, self._key)
            if refusal.is_of_the_form and extras and self._ask_otherwise(refusal, extras):
                return refusal
            failure = failure_of(refusal, self._configuration)
            if not refusal.is_passing:
                return failure
            now = self._clock.now()
            # Without a word of it, a minute is what most services count by.
            named = "retry-after" in response.headers
            retry_at = retry_time(response.headers, refusal.status, now) if named else None
            return _Later(failure, retry_at)
        finally:
            response.close()

    def _open(self, body: bytes, watch: Watch) -> BaseHTTPResponse:
        from storage.sources.web.connections import Connections  # noqa: PLC0415 -- loads urllib3

        with self._lock:
            if self._connections is None:
                self._connections = Connections(self._limits, self._network)
        headers = {
            "User-Agent": user_agent(),
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return self._connections.open(self._address, headers, watch, body)

    def _ask_otherwise(self, refusal: Refusal, sent: dict[str, object]) -> bool:
        """Leave out from now on what the service may not know; tell whether there was anything."""
        said = refusal.said
        named = {extra for extra in sent if extra in said}
        if "stream" in named and "stream" not in said.replace("stream_options", ""):
            named.discard("stream")
        if "stream" in named or not named:
            named |= {"stream", "stream_options"} if named else set(sent)
        with self._lock:
            for extra in named:
                self._extras.pop(extra, None)
        return bool(named & sent.keys())


_BEGUN = (WebKind.BROKEN, WebKind.TIMEOUT)


def stopped() -> Failure:
    """Say that nobody wants it any more."""
    return Failure(Kind.CANCELLED, tr("Translating was stopped."))


def _blocks(response: BaseHTTPResponse, watch: Watch) -> Iterator[bytes]:
    """Yield the body as it comes, decompressed.

    Raises:
        BrokenError: It is not what its coding says.
        TimeoutError: It was cut off by ``watch``.
    """
    try:
        decoder = decoder_for(response.headers.get("content-encoding", ""))
        while part := response.read1(_BLOCK, decode_content=False):
            yield from decoder.feed(part)
        if watch.is_cut:
            raise TimeoutError("what looks like the end was none")  # tr: no -- told by its type
        decoder.finish()
    except CodingError as error:
        # i18n: {fault} is a clause such as "is not the gzip data that it says it is".
        raise BrokenError(tr("the answer {fault}", fault=error)) from None


def _beginning(response: BaseHTTPResponse) -> bytes:
    found = bytearray()
    while len(found) < _REFUSAL and (part := response.read1(_BLOCK, decode_content=False)):
        found += part
    return bytes(found)


def _network_errors() -> tuple[type[Exception], ...]:
    from http.client import HTTPException  # noqa: PLC0415 -- loaded with urllib3

    from urllib3.exceptions import HTTPError  # noqa: PLC0415 -- only where something is sent

    return HTTPError, HTTPException, OSError, ValueError

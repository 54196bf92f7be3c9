"""Connecting with a host: only with addresses that are allowed, in limited time, and cancellable."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.sources.web.failures import FetchError, broken_error
from storage.sources.web.outcome import Kind
from storage.sources.web.watch import LOOK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.sources.web.networks import Network, Place
    from storage.sources.web.watch import Watch

_UNDER_WAY = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY)
_OFFLINE = (errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Dialled(NamedTuple):
    """A connection.

    Attributes:
        socket: Connected, with the time-out that it was asked for.
        is_private: Whether it leads to a private address.
    """

    socket: socket.socket
    is_private: bool


def dial(  # noqa: PLR0913 -- each differs from request to request
    host: str, port: int, network: Network, watch: Watch, seconds: float, *, may_be_private: bool
) -> Dialled:
    """Connect with ``host``: with the first of its allowed addresses that answers.

    Args:
        host: Its name or numeric address.
        port: Where it listens.
        network: Looks up the name, once; what it answers is judged, and nothing else connected with.
        watch: May end it.
        seconds: How long it may take; also the time-out of the socket that is returned.
        may_be_private: Whether a private address is allowed.

    Raises:
        FetchError: There is no connection.
    """
    deadline = time.monotonic() + seconds
    places = _look_up(host, port, network, watch, deadline)
    allowed = places if may_be_private else _public(host, places, network)
    errors = set[int]()
    for number, place in enumerate(allowed, 1):
        left = deadline - time.monotonic()
        # A network that only pretends to know IPv6 must not eat up the time of all the others.
        until = deadline if number == len(allowed) else time.monotonic() + left / 2
        try:
            sock = _connected(place, watch, until)
        except OSError as error:
            errors.add(error.errno or 0)
            continue
        sock.settimeout(seconds)
        return Dialled(sock, network.is_private(place.number))
    raise _unconnected(host, port, errors)


def _look_up(
    host: str, port: int, network: Network, watch: Watch, deadline: float
) -> Sequence[Place]:
    found: list[Sequence[Place]] = []
    failed: list[Exception] = []
    answered = threading.Event()

    def ask() -> None:
        try:
            found.append(network.look_up(host, port))
        except (OSError, ValueError) as error:
            failed.append(error)
        answered.set()

    # Nothing can interrupt the system's look-up, which may take a minute.
    threading.Thread(target=ask, daemon=True).start()
    while not answered.wait(LOOK):
        if watch.is_cut or time.monotonic() >= deadline:
            raise unknown_error(host)
    if found:
        return found[0]
    error = failed[0]
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
        # macOS says so without a network, too.
        raise no_host_error(host)
    if isinstance(error, socket.gaierror) and error.errno == getattr(socket, "EAI_NODATA", None):
        reason = tr("the host {host} has no address; check its name", host=host)
        raise FetchError(Kind.UNKNOWN_HOST, reason)
    raise unknown_error(host)


def no_host_error(host: str) -> FetchError:
    """Say that a name is that of no host."""
    reason = tr("there is no host {host}, or no network; check the address", host=host)
    return FetchError(Kind.UNKNOWN_HOST, reason)


def unknown_error(host: str) -> FetchError:
    """Say that it is not known where a host is."""
    reason = tr("nobody tells where {host} is; there may be no network", host=host)
    return FetchError(Kind.OFFLINE, reason)


def _public(host: str, places: Sequence[Place], network: Network) -> Sequence[Place]:
    public = [place for place in places if not network.is_private(place.number)]
    if places and not public:
        number = places[0].number
        raise private_error(host if host == number else f"{number} ({host})")
    return public


def private_error(host: str) -> FetchError:
    """Say that somebody else than the user sent us to a private address."""
    reason = tr(
        "it leads to a private address, {address}, that only you yourself may name; it was not"
        " asked",
        address=host,
    )
    return FetchError(Kind.UNSAFE, reason)


def _connected(place: Place, watch: Watch, deadline: float) -> socket.socket:
    sock = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        code = _connect(sock, place, watch, deadline)
    except BaseException:
        sock.close()
        raise
    if code:
        sock.close()
        raise OSError(code, os.strerror(code))
    return sock


def _connect(sock: socket.socket, place: Place, watch: Watch, deadline: float) -> int:
    """Connect in small steps, since nothing else can end it; return the error, 0 for none."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(0)
    code = sock.connect_ex(place.address)
    while code in _UNDER_WAY:
        if watch.is_cut or time.monotonic() >= deadline:
            return errno.ETIMEDOUT
        code = _state_of(sock)
    return code


def _state_of(sock: socket.socket) -> int:
    """Wait a moment; return the error of connecting, 0 where there is none."""
    from urllib3.util import wait_for_write  # noqa: PLC0415 -- only where something is fetched

    if not wait_for_write(sock, timeout=LOOK):
        return errno.EINPROGRESS
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _unconnected(host: str, port: int, errors: set[int]) -> FetchError:
    if errno.ECONNREFUSED in errors:
        reason = tr(
            "{host} refuses the connection: nothing listens at port {port} there",
            host=host,
            port=port,
        )
        return FetchError(Kind.REFUSED, reason)
    if errno.ECONNRESET in errors:
        return broken_error(host)
    if errors and errors.issubset(_OFFLINE):
        reason = tr("no way leads to {host}; there may be no network", host=host)
        return FetchError(Kind.OFFLINE, reason)
    return FetchError(Kind.UNREACHABLE, tr("{host} does not answer; try again later", host=host))

"""Redirects that git tells of: a public host must not send us to a private address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.language import tr
from storage.sources.web.addresses import AddressError, parse
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from storage.sources.git.remote import Remote
    from storage.sources.web.networks import Network

_REDIRECT = re.compile(r"warning: redirecting to (\S+)")


def check_redirect(line: str, remote: Remote, network: Network) -> None:
    """End git where a line of its own tells of a redirect that is not to be followed.

    Git has asked there for the list of what it holds by then; nothing of the answer is used.

    Args:
        line: Of git's error output.
        remote: What was asked for.
        network: Looks up hosts, and judges them.

    Raises:
        FetchError: It leads from a public host to a private address.
    """
    match = _REDIRECT.match(line)
    if match is None or remote.is_local:
        return
    try:
        target = parse(match[1])
        source = parse(remote.address)
    except AddressError:
        reason = tr("{host} redirects to nowhere", host=remote.host)
        raise FetchError(Kind.REDIRECTS, reason) from None
    if target.host == source.host:
        return
    if _is_private(target.host, target.port, network) and not _is_private(
        source.host, source.port, network
    ):
        reason = tr(
            "it leads to a private address, {address}, that only you yourself may name; nothing was"
            " fetched",
            address=target.place,
        )
        raise FetchError(Kind.UNSAFE, reason)


def _is_private(host: str, port: int, network: Network) -> bool:
    try:
        return any(network.is_private(place.number) for place in network.look_up(host, port))
    except OSError:  # a proxy may know the host where we do not
        return False

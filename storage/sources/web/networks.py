"""Where hosts are: the look-up of their names, and which of their addresses are private.

A public host must not send us to a private address, by a redirect or by an answer of its name server
(DNS rebinding): what listens there trusts who is near. So it is the looked-up address that is judged,
and just that one is then connected to.

Source of the ranges: the IANA registries of special-purpose addresses (RFC 6890).
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

# Not 198.18.0.0/15, though it is for benchmarks (RFC 2544): the proxies that many readers in China
# use answer with it for every public name.
_PRIVATE_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host (RFC 791); it leads to the loopback
        "10.0.0.0/8",  # RFC 1918
        "100.64.0.0/10",  # shared (RFC 6598)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local (RFC 3927), clouds' metadata
        "172.16.0.0/12",  # RFC 1918
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.168.0.0/16",  # RFC 1918
        "224.0.0.0/4",  # multicast (RFC 5771)
        "240.0.0.0/4",  # reserved and broadcast (RFC 1112)
    )
)
_PRIVATE_6 = tuple(
    IPv6Network(text)
    for text in (
        "::/128",  # unspecified
        "::1/128",  # loopback
        "fc00::/7",  # unique local (RFC 4193)
        "fe80::/10",  # link-local (RFC 4291)
        "fec0::/10",  # site-local (RFC 3879)
        "ff00::/8",  # multicast
    )
)
_LAST_FOUR = (
    IPv6Network("::/96"),  # IPv4-compatible (RFC 4291)
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052)
    IPv6Network("64:ff9b:1::/48"),  # local NAT64 (RFC 8215)
)
"""Where an IPv6 address ends in the IPv4 address that it leads to."""


class Place(NamedTuple):
    """Something that a socket can be connected to.

    Attributes:
        family: ``socket.AF_INET`` or ``AF_INET6``.
        address: What a socket of that family connects to, beginning with the numeric address.
    """

    family: int
    address: tuple[Any, ...]

    @property
    def number(self) -> str:
        """The numeric address."""
        return str(self.address[0])


def look_up(host: str, port: int) -> list[Place]:
    """Look up where ``host`` is, the system's favourite place first.

    Raises:
        OSError: It is nowhere, or cannot be looked up.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [Place(family, tuple(address)) for family, _, _, _, address in found]


def is_private(number: str) -> bool:
    """Tell whether a numeric address lies in a private network or on this very machine."""
    address = ip_address(number)
    if isinstance(address, IPv4Address):
        return any(address in network for network in _PRIVATE_4)
    if any(address in network for network in _PRIVATE_6):
        return True
    return any(is_private(str(inner)) for inner in _inside(address))


def is_private_name(host: str) -> bool:
    """Tell whether ``host`` is private by its name alone, for when a proxy does the look-up."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".home.arpa")):
        return True
    try:
        return is_private(host if ":" in host else socket.inet_ntoa(socket.inet_aton(host)))
    except (OSError, ValueError):
        return False


def _inside(address: IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that ``address`` may lead to through a translator or tunnel."""
    found = [inner for inner in (address.ipv4_mapped, address.sixtofour) if inner is not None]
    if address.teredo is not None:
        found.extend(address.teredo)
    if any(address in network for network in _LAST_FOUR):
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return found


class Network(NamedTuple):
    """How hosts are found and judged; tests put their own in its place.

    Attributes:
        look_up: See ``look_up``; called for every new connection, in a thread of its own.
        is_private: See ``is_private``.
    """

    look_up: Callable[[str, int], Sequence[Place]] = look_up
    is_private: Callable[[str], bool] = is_private

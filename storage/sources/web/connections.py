"""urllib3, and all that is private of it: connections that are judged when they are made.

urllib3 was chosen: it is kept by several people (2.8.0 came in 2026-09, after 2.7 in May), needs
nothing else, loads in 50 ms and is the ground that requests and pip stand on; httpx has had no release
since 2024, and niquests replaces other programs' urllib3 by its own.

This module is loaded when the first document is fetched. ``_new_conn`` is overridden as urllib3's own
SOCKS support does it; a test tells when that is called no more.
"""

from __future__ import annotations

import logging
import os
import ssl
import threading
from email.errors import MissingHeaderBodySeparatorDefect
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.request import getproxies, proxy_bypass

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ProtocolError
from urllib3.util import Timeout

from storage.language import tr
from storage.sources.web.addresses import Address, AddressError, parse, shown
from storage.sources.web.dialling import dial, private_error
from storage.sources.web.failures import FetchError
from storage.sources.web.networks import is_private_name
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from urllib3.response import BaseHTTPResponse
    from urllib3.response import HTTPResponse as UrllibResponse

    from storage.sources.web.networks import Network
    from storage.sources.web.timing import Limits
    from storage.sources.web.watch import Watch

# Its warnings name addresses with all that is in them.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

_POOLS = 50
_KEPT = 2
"""Connections with one host that are kept open."""


class _Request(NamedTuple):
    """What the connections of a request must know of it."""

    watch: Watch
    network: Network
    seconds: float


class _UnderWay(threading.local):
    """The request that this thread is at: a connection of a pool serves one after another.

    Attributes:
        request: What to know of it.
        is_on_old: Whether it was sent over a connection that had served another before.
    """

    request: _Request
    is_on_old = False


_under_way = _UnderWay()


class _Response(HTTPResponse):
    """An answer whose end is known: not one that lost the header with its length."""

    def begin(self) -> None:
        super().begin()
        is_cut = any(isinstance(one, MissingHeaderBodySeparatorDefect) for one in self.msg.defects)
        if is_cut and self.length is None and not self.chunked:
            raise HTTPException("a line among the headers is none")  # tr: no -- told by its type
        coding = self.msg.get("transfer-encoding", "identity").strip().lower()
        if coding != "identity" and not self.chunked:
            raise HTTPException("a transfer coding was not asked for")  # tr: no -- told by its type


class _Judged(HTTPConnection):
    """A connection that looks at where it leads, and that a watch can cut."""

    response_class = _Response
    _is_private = False
    _has_served = False

    def _new_conn(self) -> socket.socket:
        watch, network, seconds = _under_way.request
        try:
            dialled = dial(
                self._dns_host,
                self.port,
                network,
                watch,
                seconds,
                may_be_private=watch.may_be_private or self.proxy is not None,
            )
        except FetchError as error:
            if self.proxy is None:
                raise
            reason = tr("the proxy cannot be reached: {reason}", reason=error.reason)
            raise FetchError(Kind.PROXY, reason) from None
        # What a proxy connects us with counts as public.
        self._is_private = watch.was_private = self.proxy is None and dialled.is_private
        self._has_served = False
        watch.take(dialled.socket.fileno())
        return dialled.socket

    def putrequest(
        self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False
    ) -> None:
        _under_way.is_on_old = self.sock is not None and self._has_served
        if self.sock is not None:
            watch = _under_way.request.watch
            if self._is_private and not watch.may_be_private:
                raise private_error(self.host)
            watch.was_private = self._is_private
            watch.take(self.sock.fileno())
        super().putrequest(method, url, skip_host, skip_accept_encoding)

    def getresponse(self) -> UrllibResponse:  # type: ignore[override]  # as urllib3's own is
        response = super().getresponse()
        self._has_served = True
        return response


class _JudgedTls(_Judged, HTTPSConnection):
    """The same for https."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Judged


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _JudgedTls


class Connections:
    """All connections of a client, kept open for the next request to the same host.

    Proxies are those that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name, certificates those of
    SSL_CERT_FILE and SSL_CERT_DIR or else the system's.
    """

    def __init__(self, limits: Limits, network: Network) -> None:
        self._limits = limits
        self._network = network
        self._lock = threading.Lock()
        self._managers: dict[tuple[str, str], PoolManager] = {}

    def open(
        self, address: Address, headers: Mapping[str, str], watch: Watch, sent: bytes | None = None
    ) -> BaseHTTPResponse:
        """Ask for a document; its body is read from what is returned, as it comes.

        Args:
            address: Of the document.
            headers: Of the request.
            watch: May end it.
            sent: The body of the request, which is then a POST.

        Raises:
            FetchError: It cannot be asked for.
            OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError: The network
                or the server did not do what they ought to.
        """
        proxy = _proxy_for(address)
        if proxy and not watch.may_be_private and is_private_name(address.host):
            raise private_error(address.host)
        _under_way.request = _Request(watch, self._network, self._limits.connect)
        response = self._ask(self._manager(proxy, address.scheme), address, headers, sent)
        if proxy:
            watch.was_private = is_private_name(address.host)
        return response

    def _ask(
        self,
        manager: PoolManager,
        address: Address,
        headers: Mapping[str, str],
        sent: bytes | None,
    ) -> BaseHTTPResponse:
        while True:
            _under_way.is_on_old = False
            try:
                return manager.urlopen(
                    "GET" if sent is None else "POST",
                    address.text,
                    body=sent,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    timeout=Timeout(connect=self._limits.connect, read=self._limits.read),
                    preload_content=False,
                    decode_content=False,
                )
            except ProtocolError:
                # The server may have closed it just then: RFC 9112, section 9.3.1. There are not many
                # old ones, and each that broke is gone. What a POST does, it might do twice.
                if not _under_way.is_on_old or sent or _under_way.request.watch.is_cut:
                    raise

    def close(self) -> None:
        """Close all that are open and idle."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()

    def _manager(self, proxy: str, scheme: str) -> PoolManager:
        key = proxy, scheme
        with self._lock:
            if key not in self._managers:
                self._managers[key] = _manager(proxy, scheme)
            return self._managers[key]


def _manager(proxy: str, scheme: str) -> PoolManager:
    # Reading all certificates takes 30 ms.
    context = _context() if "https" in (scheme, proxy.partition(":")[0]) else None
    if proxy:
        address = parse(proxy)
        secret = address.authorization
        manager: PoolManager = ProxyManager(
            address.text,
            num_pools=_POOLS,
            maxsize=_KEPT,
            proxy_headers={"Proxy-Authorization": secret} if secret else {},
            ssl_context=context,
            proxy_ssl_context=context,
        )
    else:
        manager = PoolManager(num_pools=_POOLS, maxsize=_KEPT, ssl_context=context)
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return manager


def _context() -> ssl.SSLContext:
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return ssl.create_default_context()
    import truststore  # noqa: PLC0415 -- Python does not find the system's store everywhere

    return cast("ssl.SSLContext", truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def _proxy_for(address: Address) -> str:
    """Return the proxy that the environment names for ``address``; empty where there is none.

    Raises:
        FetchError: It is of a kind that is not known.
    """
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all", "")
    if not proxy or proxy_bypass(address.place):
        return ""
    whole = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parse(whole)
    except AddressError as error:
        # i18n: {fault} is a clause such as "names no possible host".
        reason = tr(
            "the proxy {proxy} that the environment names {fault}",
            proxy=shown(whole),
            fault=error.reason,
        )
        raise FetchError(Kind.PROXY, reason) from None
    return whole

"""The way from the address that was named to the document, redirect by redirect (RFC 9110, 15.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from storage.sources.web.addresses import AddressError, join
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from storage.sources.web.addresses import Address

REDIRECTS = frozenset((300, 301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))


class Trail:
    """Where one is on the way.

    Args:
        start: The address that was named.
        longest: How many redirects are followed.
        may_be_private: Whether the first host may have a private address.

    Attributes:
        here: The address to ask for now.
        may_be_private: Whether ``here`` may have a private address: no longer once a public host has
            had a say in where the way leads.
    """

    def __init__(self, start: Address, longest: int, *, may_be_private: bool) -> None:
        self.here = start
        self.may_be_private = may_be_private
        self._start = start
        self._longest = longest
        self._seen = {start.text}
        self._is_permanent = True

    def follow(self, status: int, location: str, *, was_private: bool) -> None:
        """Go where a redirect leads.

        Args:
            status: Of the answer.
            location: Its Location header; empty where it has none.
            was_private: Whether it came from a private address.

        Raises:
            FetchError: It leads nowhere, in a circle, too far, or to something that is not fetched.
        """
        if not location:
            reason = tr(
                "{host} answers {status} but does not say where the document is",
                host=self.here.place,
                status=status,
            )
            raise FetchError(Kind.REDIRECTS, reason)
        try:
            found = join(self.here, _as_text(location))
        except AddressError as error:
            # i18n: {fault} is such as "ftp://host/file: only http and https are fetched, not ftp".
            raise FetchError(Kind.UNSAFE, tr("it leads to {fault}", fault=error)) from None
        if found.text in self._seen:
            reason = tr("it leads in a circle, by {address}", address=found.shown)
            raise FetchError(Kind.REDIRECTS, reason)
        if len(self._seen) > self._longest:
            reason = tr("it leads on and on, over {count} redirects", count=self._longest)
            raise FetchError(Kind.REDIRECTS, reason)
        self._seen.add(found.text)
        self._is_permanent &= status in _PERMANENT
        self.may_be_private &= was_private
        self.here = found

    @property
    def moved_to(self) -> str:
        """The new address, with user and password, if every redirect was permanent; else empty.

        One without encryption never takes the place of one with it.
        """
        is_weaker = (self._start.scheme, self.here.scheme) == ("https", "http")
        is_moved = len(self._seen) > 1 and self._is_permanent and not is_weaker
        return self.here.whole if is_moved else ""


def _as_text(location: str) -> str:
    """Read the bytes of a header, which come as Latin-1, as the UTF-8 that many servers send."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location

"""What the user typed to name a source: a path, an address, an id or a name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from storage.sources.items import is_possible
from storage.sources.source import ARXIV, DATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storage.sources.source import Source

ENCODED_DATE = "%7Bdate%7D"
"""``DATE`` as it stands in an address that was taken apart."""


class Typed(NamedTuple):
    """What was typed.

    Attributes:
        text: As it was typed.
        spellings: The ways in which the place that is meant may be listed.
    """

    text: str
    spellings: frozenset[str]

    def among(self, sources: Sequence[Source]) -> list[Source]:
        """Return what is meant: more than one source where that cannot be told.

        A place goes before an id, an id before what is only shown of a place, and a name comes last.
        """
        ways: tuple[Callable[[Source], bool], ...] = (
            # "cs.LG" alone is a path; the channel is "arxiv:cs.LG".
            lambda it: it.kind != ARXIV and not it.pattern and it.place in self.spellings,
            lambda it: it.id == self.text,
            lambda it: it.shown_place in self.spellings,
            lambda it: it.place in self.spellings,
            lambda it: it.name == self.text != "",
        )
        found = ([source for source in sources if is_meant(source)] for is_meant in ways)
        return next(filter(None, found), [])


def typed(text: str) -> Typed:
    """Take in what the user typed; relative paths are those from the working folder."""
    plain = text.removeprefix("git+").removeprefix("file://")
    paths = filter(None, (absolute(plain), from_home(plain)))
    one_line = " ".join(text.split())
    return Typed(text, frozenset((text, one_line, *paths, *_addresses(plain))))


def absolute(path: str) -> str | None:
    """Make ``path`` absolute; None for what is no path, or relative where no folder is."""
    if not path or not is_possible(path):
        return None
    try:
        plain = os.path.abspath(path)  # noqa: PTH100 -- pathlib keeps `..`
        real = os.path.realpath(path)
    except OSError:
        return None
    # `link/..` is the folder above the link's target, not the one that holds the link.
    return plain if os.path.realpath(plain) == real else real


def from_home(path: str) -> str | None:
    """Make ``path`` absolute where it may begin with ``~``, as shells do; None as for ``absolute``."""
    if not is_possible(path):
        return None
    return absolute(os.path.expanduser(path))  # noqa: PTH111 -- text, as all paths of sources


def told(text: str) -> str:
    r"""Write what was typed for a message: without an address's secrets, odd bytes as ``\xNN``."""
    if "://" in text:
        from storage.sources.web.addresses import shown  # noqa: PLC0415 -- not for paths

        return shown(text).replace(ENCODED_DATE, DATE)
    try:
        return os.fsencode(text).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # no path at all, so there are no bytes to show
        return text.encode("utf-8", "backslashreplace").decode()


def _addresses(text: str) -> Iterator[str]:
    if "://" not in text:
        return
    from storage.sources.web.addresses import AddressError, parse  # noqa: PLC0415 -- not for paths

    try:
        address = parse(text)
    except AddressError:
        return
    for form in (address.whole, address.whole.rstrip("/"), address.shown):
        yield form
        yield form.replace(ENCODED_DATE, DATE)

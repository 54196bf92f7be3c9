"""Content codings: gzip, deflate and brotli, undone block by block so that no bomb goes off.

Sources: RFC 9110 section 8.4.1 (the names), RFC 1952 (gzip), RFC 1950 and 1951 (deflate, which some
servers send without its wrapper), RFC 7932 (brotli). It is done here and not by the HTTP client, since
no more than a block of what comes out may be held, however small the part that went in.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCEPTED = "gzip, deflate, br"  # tr: no -- of the protocol
"""What is asked for, as in Accept-Encoding."""

BLOCK = 64 * 1024
"""About how many bytes come out at once."""

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class CodingError(Exception):
    """A body is not what its coding says; ``str`` of it is a clause that says why."""


class Decoder(Protocol):
    """Undoes one coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take the next part of a body, and yield what comes out of it in blocks.

        Raises:
            CodingError: The body is not in this coding.
        """

    def finish(self) -> None:
        """Take note that the body has ended.

        Raises:
            CodingError: It should have gone on.
        """


def decoder_for(content_encoding: str) -> Decoder:
    """Return what undoes the coding that a Content-Encoding header names.

    Raises:
        CodingError: It was not asked for, or there is more than one: nobody means well by that, as
            what the first makes of a few bytes may keep the second busy for hours.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    wanted = [name for name in names if name not in ("", "identity")]
    if len(wanted) > 1:
        raise CodingError(tr("is compressed {count} times over", count=len(wanted)))
    name = wanted[0] if wanted else ""
    if not name:
        return _Identity()
    if name in ("gzip", "x-gzip"):
        return _Zlib("gzip")
    if name == "deflate":
        return _Zlib(name)
    if name == "br":
        return _Brotli()
    shown = "".join(filter(str.isprintable, name[:20]))
    raise CodingError(tr("is compressed by {coding}, which was not asked for", coding=shown))


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        if data:
            yield data

    def finish(self) -> None:
        """Any end is as good as another."""


class _Zlib:
    """Undoes gzip, of any number of members, or deflate with and without its wrapper."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._engine = zlib.decompressobj(_GZIP) if name == "gzip" else None
        self._is_full = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            while data or self._is_full:
                engine = self._engine_for(data)
                if engine is None:
                    return
                block = engine.decompress(data, BLOCK)
                data = engine.unused_data if engine.eof else engine.unconsumed_tail
                # The engine may hold more than it was let give.
                self._is_full = len(block) == BLOCK and not engine.eof
                if block:
                    yield block
        except zlib.error:
            raise _not(self._name) from None

    def finish(self) -> None:
        if self._engine is None or not self._engine.eof:
            raise _cut_off(self._name)

    def _engine_for(self, data: bytes) -> zlib._Decompress | None:
        """Return what ``data`` is for; None where it only fills up behind the end."""
        if self._engine is None:
            # Four bits name the method; no bare deflate stream begins with this one.
            self._engine = zlib.decompressobj(_ZLIB if data[0] & 0x0F == 8 else _RAW)
        elif self._engine.eof:
            if self._name != "gzip" or not data.startswith(b"\x1f"):
                return None
            self._engine = zlib.decompressobj(_GZIP)
        return self._engine


class _Brotli:
    def __init__(self) -> None:
        import brotli  # type: ignore[import-untyped]  # noqa: PLC0415 -- few servers need it

        self._engine = brotli.Decompressor()
        self._error: type[Exception] = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            block = self._engine.process(data, output_buffer_limit=BLOCK)
            while block:
                yield block
                if self._engine.can_accept_more_data():
                    return
                block = self._engine.process(b"", output_buffer_limit=BLOCK)
        except self._error:
            raise _not("brotli") from None

    def finish(self) -> None:
        if not self._engine.is_finished():
            raise _cut_off("brotli")


def _not(coding: str) -> CodingError:
    return CodingError(tr("is not the {coding} data that it says it is", coding=coding))


def _cut_off(coding: str) -> CodingError:
    return CodingError(tr("ends in the midst of its {coding} data", coding=coding))

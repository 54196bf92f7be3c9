"""The body of an answer: decompressed, measured and written to a temporary file as it comes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.marks.files import advice, make_folder, sync
from storage.sources.web.coding import BLOCK, CodingError, decoder_for
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

    from storage.sources.web.watch import Watch

PREFIX, SUFFIX = ".fetching-", ".part"
"""What the names of temporary files begin and end with; hidden, they are never read as digests."""

Progress = Callable[[int, int | None], None]
"""Told in the thread that fetches how many bytes have come, and of how many where that is known."""


class Received(NamedTuple):
    """A body that came as a whole.

    Attributes:
        path: The temporary file.
        size: Its bytes.
        digest: BLAKE2b of them, in hexadecimal digits.
    """

    path: Path
    size: int
    digest: str


def receive(
    response: BaseHTTPResponse, folder: Path, limit: int, watch: Watch, progress: Progress
) -> Received:
    """Write the body of ``response`` to a temporary file in ``folder``, which is made if need be.

    Args:
        response: Its body is read to its end.
        folder: Where the file is to lie.
        limit: Bytes that may come, and that may come out of them.
        watch: Asked whether the end of the body is its own.
        progress: Told of each part.

    Raises:
        FetchError: The body is too large, empty or not what it says, or the disk does not take it.
        OSError, http.client.HTTPException, urllib3.exceptions.HTTPError: It did not come whole.
    """
    blocks = _decoded(response, _parts(response, limit, watch, progress), limit)
    file = _TemporaryFile(folder)
    try:
        for block in blocks:
            file.write(block)
        return file.complete()
    except BaseException:
        file.discard()
        raise


def _parts(
    response: BaseHTTPResponse, limit: int, watch: Watch, progress: Progress
) -> Iterator[bytes]:
    """Yield the body as it comes over the line."""
    length, came = response.length_remaining, 0
    if length is not None and length > limit:
        raise _too_large(limit)
    while part := response.read1(BLOCK, decode_content=False):
        came += len(part)
        if came > limit:
            raise _too_large(limit)
        progress(came, length)
        yield part
    if watch.is_cut:
        raise TimeoutError("what looks like the end was none")  # tr: no -- told by its type


def _decoded(response: BaseHTTPResponse, parts: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size, is_begun = 0, False
    try:
        decoder = decoder_for(response.headers.get("content-encoding", ""))
        for part in parts:
            is_begun = True
            for block in decoder.feed(part):
                size += len(block)
                if size > limit:
                    raise _too_large(limit)
                yield block
    except CodingError as error:
        raise FetchError(Kind.CODING, _left_out(error)) from None
    try:
        if is_begun:
            decoder.finish()
    except CodingError as error:
        raise FetchError(Kind.BROKEN, _left_out(error)) from None
    if not size:
        raise FetchError(Kind.EMPTY, tr("the document is empty (0 bytes); try again later"))


def _left_out(fault: CodingError) -> str:
    # i18n: {fault} is a clause such as "is not the gzip data that it says it is".
    return tr("the document {fault}; it was left out", fault=fault)


def _too_large(limit: int) -> FetchError:
    allowed = f"{limit >> 20} MiB" if limit >> 20 else tr("{count} bytes", count=limit)
    reason = tr("the document is larger than the limit of {limit}", limit=allowed)
    return FetchError(Kind.TOO_LARGE, reason)


class _TemporaryFile:
    """A file under a name of its own, whose troubles are told as the disk's."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._digest = blake2b(digest_size=16)
        try:
            make_folder(folder)
            self._descriptor, name = tempfile.mkstemp(SUFFIX, PREFIX, folder)
        except OSError as error:
            raise disk_error(error) from error
        self._path = Path(name)

    def write(self, block: bytes) -> None:
        rest = memoryview(block)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            raise disk_error(error) from error
        self.size += len(block)
        self._digest.update(block)

    def complete(self) -> Received:
        try:
            sync(self._descriptor)
        except OSError as error:
            raise disk_error(error) from error
        os.close(self._descriptor)
        return Received(self._path, self.size, self._digest.hexdigest())

    def discard(self) -> None:
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)


def disk_error(error: OSError) -> FetchError:
    """Say that the disk does not take a document."""
    reason = tr(
        "the document cannot be kept ({reason}); {advice}",
        reason=reason_of(error),
        advice=advice(error),
    )
    return FetchError(Kind.DISK, reason)


def digest_of(path: Path) -> str:
    """Return the digest of a file's bytes as in ``Received``.

    Raises:
        OSError: It cannot be read.
    """
    found = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()

"""Past versions of a repository's files: which there were, when they came, and what to call them.

A version is past once a commit has put another in its place or removed it: it then stands on the old
side of that commit's difference. So what was added once and never touched costs nothing. Commits are
read newest first: the old side is seen before the commit that brought it, which gives its date.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from storage.formats.naming import channel_in, issued_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COMMIT = b"\x01"
"""What the log's line of a commit begins with, see ``FORMAT``."""
FORMAT = "%x01%ct"

HASH_DIGITS = 12
"""Of a version's hash as many are in its name: no two of a million agree in so many by chance."""

_ENDINGS = (b".md", b".xml", b".rss", b".json", b".jsonl", b".txt", b".html", b".htm")
_FILE_MODES = (b"100644", b"100755", b"100664")
_NONE = re.compile(rb"0+\Z")
_LATEST = 32_472_144_000
"""The year 2999, in seconds since 1970: no digest's name holds a later one."""
_NAMED = re.compile(rf"_([0-9a-f]{{{HASH_DIGITS}}})(?:_|\.[A-Za-z]+\Z)")


class Version(NamedTuple):
    """One past content of a file.

    Attributes:
        path: Where it was in the repository.
        seconds: When it came there, since 1970; of a content that came several times, the first.
        is_open: Whether the commit that brought it has not been seen yet.
    """

    path: bytes
    seconds: int
    is_open: bool


class Versions:
    """Past versions by the hash of their content.

    About 300 bytes are held for each.
    """

    def __init__(self) -> None:
        self._found: dict[bytes, Version] = {}
        self._open = 0

    def __len__(self) -> int:
        return len(self._found)

    def is_complete(self) -> bool:
        """Whether of each the commit is known that brought it."""
        return not self._open

    def take(self, log: Iterable[bytes], *, only_dates: bool = False) -> Iterator[None]:
        """Take in the records of a log, newest commit first; yield after each file of a commit.

        Args:
            log: The records of ``git log --raw -z`` with ``FORMAT``.
            only_dates: Look only for the commits that brought what is known.
        """
        seconds = 0
        records = iter(log)
        for record in records:
            line = record.lstrip(b"\n")
            if line.startswith(COMMIT):
                seconds = int(line[1:] or 0)
            elif line.startswith(b":"):
                self._take_change(line, next(records, b""), seconds, only_dates=only_dates)
                yield

    def drop(self, contents: Iterable[bytes]) -> None:
        """Forget the versions with these hashes, in hexadecimal digits."""
        for content in contents:
            self._remove(bytes.fromhex(content.decode()))

    def drop_short(self, known: set[str]) -> None:
        """Forget the versions whose hashes begin with one of ``known``."""
        for key in [key for key in self._found if key.hex()[:HASH_DIGITS] in known]:
            self._remove(key)

    def newest_first(self) -> list[tuple[str, Version]]:
        """Return all with their hashes in hexadecimal digits."""
        found = sorted(self._found.items(), key=lambda item: (-item[1].seconds, item[1].path))
        return [(key.hex(), version) for key, version in found]

    def _take_change(self, line: bytes, path: bytes, seconds: int, *, only_dates: bool) -> None:
        old_mode, new_mode, old, new, _ = line[1:].split(b" ")
        if not is_digest_path(path) or old == new:
            return
        # The new side first: the same content may leave one place for another in one commit.
        if new_mode in _FILE_MODES:
            self._bring(bytes.fromhex(new.decode()), path, seconds)
        if not only_dates and old_mode in _FILE_MODES and not _NONE.match(old):
            self._replace(bytes.fromhex(old.decode()), path, seconds)

    def _bring(self, key: bytes, path: bytes, seconds: int) -> None:
        known = self._found.get(key)
        if known is None:
            return
        self._open -= known.is_open
        if known.is_open or seconds <= known.seconds:
            self._found[key] = Version(path, seconds, is_open=False)

    def _replace(self, key: bytes, path: bytes, seconds: int) -> None:
        known = self._found.get(key)
        if known is None or not known.is_open:
            self._open += 1
            self._found[key] = Version(path, seconds, is_open=True)

    def _remove(self, key: bytes) -> None:
        gone = self._found.pop(key, None)
        self._open -= gone is not None and gone.is_open


def records(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut what git writes under ``-z`` into its records."""
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    if rest:
        yield rest


def is_digest_path(path: bytes) -> bool:
    """Tell whether what is called so may be a digest, and stays in its folder.

    Git itself checks names only where it writes files. Hidden names are none that are read; ``..`` and
    ``.git`` are among them.
    """
    return path.lower().endswith(_ENDINGS) and not any(
        not part or part.startswith(b".") for part in path.split(b"/")
    )


def file_of(path: bytes, content: str, seconds: int) -> str:
    """Return the path of the file that a past version is written to, below the history's folder.

    Channel and date can be read from it as from ``path``; the date is that of the commit where there
    is none in the name: ``digests/cs.LG/2024-04-04T0909_ab12cd34ef56.md``.

    Args:
        path: Where it was in the repository, see ``is_digest_path``.
        content: Its hash, in hexadecimal digits.
        seconds: When it came there, since 1970.
    """
    old = PurePosixPath(os.fsdecode(path))
    issued = issued_in(old.name)
    if issued is None:
        moment = datetime.fromtimestamp(min(max(seconds, 0), _LATEST), UTC)
        date = f"{moment:%Y-%m-%dT%H%M}"
    else:
        date = f"{issued:%Y-%m-%dT%H%M}" if issued.hour or issued.minute else f"{issued:%Y-%m-%d}"
    name = f"{date}_{content[:HASH_DIGITS]}"
    new = old.with_suffix("") / f"{name}{old.suffix.lower()}"
    channel = channel_in(str(old))
    if channel is None or channel_in(str(new)) == channel:
        return str(new)
    return str(new.with_name(f"{name}_{channel}{new.suffix}"))


def hash_in(name: str) -> str | None:
    """Return the beginning of the hash that the name of a past version holds."""
    match = _NAMED.search(name)
    return match[1] if match else None

"""The file of the settings, read whatever is in it: what can hold holds, the rest is told."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr, tr_n
from storage.settings import Settings
from storage.settings.checking import settings_in
from storage.settings.decoding import NOT_UTF8, decoded
from storage.settings.mistakes import Mistake, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.settings.checking import Fault
    from storage.settings.decoding import Decoded
    from storage.settings.lines import Lines

_SIZE_LIMIT = 256 * 1024
_MOST_TOLD = 50
_PART = r"""[ \t]*+(?:[\w-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')[ \t]*+"""
_LONG_NAME = re.compile(rf"(?:^|[\[{{,])({_PART}(?:\.{_PART}){{24}})", re.MULTILINE)


class File(NamedTuple):
    """A file as it was read.

    Attributes:
        settings: What holds.
        mistakes: What is wrong, from the first line to the last.
        text: What they were read from, line by line where it is in the file.
        is_read: Whether it could be read; else it is as if nothing were set.
    """

    settings: Settings
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""
    is_read: bool = True

    @property
    def lines(self) -> Lines:
        """Where the keys are."""
        from storage.settings.lines import lines_of  # noqa: PLC0415 -- for mistakes only

        return lines_of(self.text)


def read(path: Path) -> tuple[Settings, tuple[Mistake, ...]]:
    """Read the settings; what is wrong in them is left out and told."""
    return read_file(path)[:2]


def read_file(path: Path) -> File:
    """Read the settings, and where they are in the file."""
    try:
        return _understood(path, decoded(_bytes_of(path)))
    except FileNotFoundError:
        return File(Settings())
    except OSError as error:
        reason, line = tr("it cannot be read ({error})", error=reason_of(error)), None
    except UnreadableError as error:
        reason, line = str(error), error.line
    said = tr("{reason}; it is as if nothing were set.", reason=reason)
    return File(Settings(), (Mistake(path, line, "", said),), is_read=False)


def _understood(path: Path, found: Decoded) -> File:
    text = found.text
    _check_names(text)
    broken = list(_misspelt(path, found))
    limit = None
    try:
        try:
            tables = tomllib.loads(text)
        except (ValueError, RecursionError):
            from storage.settings.recovery import recover  # noqa: PLC0415 -- for mistakes only

            tables, text, lines, limit = recover(text)
            broken += [Mistake(path, one.line, "", one.sentence) for one in lines]
        settings, faults = settings_in(tables, Path(os.path.abspath(path)).parent)  # noqa: PTH100 -- pathlib follows links
    except RecursionError as error:
        raise UnreadableError(tr("it is nested too deeply")) from error
    if limit is not None:
        said = tr(
            "a line of it is left out, which may be a limit; nothing is translated until it is"
            " mended."
        )
        broken.append(Mistake(path, limit, "translation", said))
        settings = settings._replace(translation=None)
    file = File(settings, (), text)
    if not (broken or faults):
        return file
    return file._replace(mistakes=_told(path, file.lines, broken, faults))


def _misspelt(path: Path, found: Decoded) -> Iterator[Mistake]:
    """Tell what was not saved as it should be, and holds all the same or is a comment."""
    if found.is_guessed:
        said = tr("it is not UTF-8 text, and was read as GB18030; save it as UTF-8.")
        yield Mistake(path, None, "", said)
    for line in found.comments:
        yield Mistake(path, line, "", tr("{reason}; this line is left out.", reason=tr(NOT_UTF8)))


def _told(
    path: Path, lines: Lines, broken: Sequence[Mistake], faults: Sequence[Fault]
) -> tuple[Mistake, ...]:
    """Return what is wrong in the order of the lines; of thousands the first."""
    found: list[tuple[int, Mistake | Fault]] = [(one.line or 0, one) for one in broken]
    found += [(lines.of(one.key) or 0, one) for one in faults]
    found.sort(key=lambda one: one[0])
    mistakes = [
        one if isinstance(one, Mistake) else Mistake(path, line or None, one.name, one.sentence)
        for line, one in found[:_MOST_TOLD]
    ]
    more = len(found) - len(mistakes)
    if more:
        said = tr_n("{n:,} mistake more.", "{n:,} mistakes more.", more)
        mistakes.append(Mistake(path, None, "", said))
    return tuple(mistakes)


def _check_names(text: str) -> None:
    """See to it that no name is so long that it would fill the memory when it is read.

    Raises:
        UnreadableError: One is.
    """
    found = _LONG_NAME.search(text)
    if found:
        line = text.count("\n", 0, found.start(1)) + 1
        raise UnreadableError(tr("a name in it has dozens of parts"), line)


def _bytes_of(path: Path) -> bytes:
    """Read the file.

    Raises:
        FileNotFoundError: There is none.
        OSError: It cannot be read.
        UnreadableError: It is no file of sensible size.
    """
    try:
        # Without O_NONBLOCK a named pipe would wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        if not path.is_symlink():
            raise
        said = tr("it is a link to a file that is not there")
        raise UnreadableError(said) from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableError(tr("it is a folder"))
        if not stat.S_ISREG(mode):
            raise UnreadableError(tr("it is not an ordinary file"))
        data = os.read(descriptor, _SIZE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(data) > _SIZE_LIMIT:
        raise UnreadableError(tr("it is larger than 256 KB"))
    return data

"""The file of the settings, read whatever is in it: what can hold holds, the rest is told."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import reason_of
from storage.language import tr, tr_n
from storage.settings import Settings
from storage.settings.checking import settings_in
from storage.settings.mistakes import Mistake, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.settings.lines import Lines

_SIZE_LIMIT = 1 << 20
_MOST_TOLD = 50


class File(NamedTuple):
    """A file as it was read.

    Attributes:
        settings: What holds.
        mistakes: What is wrong, from the first line to the last.
        text: What they were read from, line by line where it is in the file.
    """

    settings: Settings
    mistakes: tuple[Mistake, ...] = ()
    text: str = ""

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
        return _understood(path, _text_of(path))
    except FileNotFoundError:
        return File(Settings())
    except OSError as error:
        reason, line = tr("it cannot be read ({error})", error=reason_of(error)), None
    except UnreadableError as error:
        reason, line = str(error), error.line
    said = tr("{reason}; it is as if nothing were set.", reason=reason)
    return File(Settings(), (Mistake(path, line, "", said),))


def _understood(path: Path, text: str) -> File:
    broken: Sequence[Mistake] = ()
    try:
        try:
            tables = tomllib.loads(text)
        except (ValueError, RecursionError):
            from storage.settings.recovery import recover  # noqa: PLC0415 -- for mistakes only

            tables, text, found = recover(text)
            broken = [Mistake(path, one.line, "", one.sentence) for one in found]
        settings, faults = settings_in(tables, Path(os.path.abspath(path)).parent)  # noqa: PTH100 -- pathlib follows links
    except RecursionError as error:
        raise UnreadableError(tr("it is nested too deeply")) from error
    file = File(settings, (), text)
    if not (broken or faults):
        return file
    lines = file.lines
    mistakes = [*broken]
    mistakes += [Mistake(path, lines.of(one.key), one.name, one.reason) for one in faults]
    mistakes.sort(key=lambda one: one.line or 0)
    more = len(mistakes) - _MOST_TOLD
    if more > 0:
        said = tr_n("{n:,} mistake more.", "{n:,} mistakes more.", more)
        mistakes[_MOST_TOLD:] = [Mistake(path, None, "", said)]
    return file._replace(mistakes=tuple(mistakes))


def _text_of(path: Path) -> str:
    """Read the text of the file.

    Raises:
        FileNotFoundError: There is none.
        OSError: It cannot be read.
        UnreadableError: It is something else than a text.
    """
    data = _bytes_of(path)
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = tr("it is not UTF-8 text at byte {n}; save it as UTF-8", n=error.start)
        raise UnreadableError(said, line) from error


def _bytes_of(path: Path) -> bytes:
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
        raise UnreadableError(tr("it is larger than 1 MB"))
    return data

"""What the value of a setting may be: checked, and where it is refused, what to write instead."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SHOWN = 40
_MOST_LISTED = 10
_LEAST_ALIKE = 0.7
"""How much of two words is the same, from 0 to 1, where one may be meant by the other."""
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class RefusedError(Exception):
    """A value is none that the setting can have.

    Args:
        wrong: A clause that says so.
        better: What was probably meant; None where that cannot be known.
    """

    def __init__(self, wrong: str, better: object = None) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.better = better


class Kind(Protocol):
    """What values a setting can have."""

    def read(self, value: object, folder: Path) -> object:
        """Return the value as ``Settings`` has it.

        Args:
            value: As it is in the file.
            folder: Of the file, from which relative paths begin.

        Raises:
            RefusedError: It is none.
        """


class Flag(NamedTuple):
    """True or false."""

    def read(self, value: object, _: Path) -> bool:
        """Return the value as ``Settings`` has it."""
        if isinstance(value, bool):
            return value
        word = _plain(value).strip().lower()
        better = True if word in _YES else False if word in _NO else None
        raise RefusedError(tr("{value} is neither true nor false", value=shown(value)), better)


class Number(NamedTuple):
    """A number from ``low`` to ``high``, both included.

    Attributes:
        low: At least.
        high: At most.
        is_whole: Whether it has no fraction; else it is a number of seconds.
    """

    low: float
    high: float
    is_whole: bool

    def read(self, value: object, _: Path) -> float:
        """Return the value as ``Settings`` has it."""
        is_number = type(value) is int or (type(value) is float and not self.is_whole)
        if is_number and self.low <= value <= self.high:  # type: ignore[operator] # narrowed above
            return value if self.is_whole else float(value)  # type: ignore[return-value, arg-type] # the same
        raise RefusedError(self._wrong(shown(value)), self._better(value))

    def _wrong(self, value: str) -> str:
        low, high = self.low, self.high
        if self.is_whole:
            return tr(
                "{value} is no whole number from {low} to {high}", value=value, low=low, high=high
            )
        return tr(
            "{value} is no number of seconds from {low:g} to {high:g}",
            value=value,
            low=low,
            high=high,
        )

    def _better(self, value: object) -> float | None:
        if isinstance(value, bool):
            return None
        with suppress(ValueError, OverflowError, TypeError):
            meant = float(value)  # type: ignore[arg-type] # what is none is refused
            if not math.isnan(meant):
                return min(max(round(meant) if self.is_whole else meant, self.low), self.high)
        return None


class Choice(NamedTuple):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: object, _: Path) -> str:
        """Return the value as ``Settings`` has it."""
        if value in self.words:
            return str(value)
        listed = ", ".join(map(shown, self.words))
        wrong = tr("{value} is none of {words}", value=shown(value), words=listed)
        raise RefusedError(wrong, closest(_plain(value), self.words))


class Name(NamedTuple):
    """A name that only the terminal's half can know, such as a theme's."""

    def read(self, value: object, _: Path) -> str:
        """Return the value as ``Settings`` has it."""
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        raise RefusedError(tr("{value} is no name", value=shown(value)))


class Folder(NamedTuple):
    """The path of a folder; empty: the usual one."""

    def read(self, value: object, folder: Path) -> Path | None:
        """Return the value as ``Settings`` has it."""
        if not isinstance(value, str) or "\0" in value:
            raise RefusedError(tr("{value} is no path of a folder", value=shown(value)))
        if not value.strip():
            return None
        try:
            return folder / Path(value).expanduser()
        except RuntimeError:
            wrong = tr("nobody knows whose home {value} is in", value=shown(value))
            raise RefusedError(wrong) from None


class Program(NamedTuple):
    """A program with its arguments, as a list; never a line for a shell.

    Attributes:
        may_be_word: Whether one word alone will do, for a program without arguments.
    """

    may_be_word: bool

    def read(self, value: object, folder: Path) -> tuple[str, ...]:
        """Return the value as ``Settings`` has it."""
        if isinstance(value, str):
            words = _words(value)
            if words and not (self.may_be_word and words == [value]):
                wrong = tr("a program and its arguments are a list, not one text")
                raise RefusedError(wrong, words)
        elif isinstance(value, list) and all(_is_argument(word) for word in value):
            words = value
        else:
            wrong = tr("{value} is no list of a program and its arguments", value=shown(value))
            raise RefusedError(wrong)
        if not words:
            return ()
        if not words[0].strip():
            raise RefusedError(tr("the program's name is empty"))
        return (_program(words[0], folder), *words[1:])


class Words(NamedTuple):
    """Some of a few words, each once, in any order."""

    words: tuple[str, ...]

    def read(self, value: object, _: Path) -> tuple[str, ...]:
        """Return the value as ``Settings`` has it."""
        if not isinstance(value, list) or not value:
            better = _words(value) if isinstance(value, str) else []
            known = [word.strip(",") for word in better if word.strip(",") in self.words]
            raise RefusedError(
                tr("{value} is no list of at least one name", value=shown(value)), known or None
            )
        for word in value:
            if word not in self.words:
                listed = ", ".join(map(shown, self.words))
                wrong = tr("{value} is none of {words}", value=shown(word), words=listed)
                raise RefusedError(wrong, self._mended(value))
        if len(set(value)) < len(value):
            raise RefusedError(tr("a name is there twice"), list(dict.fromkeys(value)))
        return tuple(value)

    def _mended(self, value: list[object]) -> list[str] | None:
        meant = [
            word if word in self.words else closest(_plain(word), self.words) for word in value
        ]
        known = [str(word) for word in dict.fromkeys(meant) if word is not None]
        return known or None


def usual(kind: Kind, value: object) -> str:
    """Say a value of a kind that is in force because none is set."""
    match kind:
        case Folder():
            return tr("the usual folder")
        case Words():
            return tr("the usual list")
        case Program():
            return tr("the system's program") if kind.may_be_word else tr("no program")
    return shown(value)


def is_too_large(value: object) -> bool:
    """Tell whether a value is a whole number beyond 64 bits, which TOML does not promise to know."""
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 63


def closest(word: str, words: Sequence[str]) -> str | None:
    """Return which of ``words`` was probably meant; None if none resembles ``word``."""
    import difflib  # noqa: PLC0415 -- for mistakes only

    lower = word.strip().lower()
    begun = [one for one in words if lower and (one.startswith(lower) or lower.startswith(one))]
    found = difflib.get_close_matches(lower, words, n=1, cutoff=_LEAST_ALIKE) or begun
    return found[0] if found else None


def shown(value: object) -> str:
    """Write a value as in TOML, fit for one line of a screen."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}…")
    if isinstance(value, (list, tuple)):
        # A list in a list is none of ours, and may be as deep as the file is long.
        inner = ["[…]" if isinstance(one, list) else shown(one) for one in value[:_MOST_LISTED]]
        return f"[{', '.join(inner)}{', …' if len(value) > _MOST_LISTED else ''}]"
    if isinstance(value, dict):
        return tr("a table")
    if is_too_large(value):
        # Python refuses to write one of thousands of digits.
        return tr("a number that is too large")
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def line_of(key: str, value: object) -> str:
    """Return the line to write for a setting."""
    return f"{key} = {shown(value)}"


def _plain(value: object) -> str:
    return value if isinstance(value, str) else shown(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(c if c.isprintable() else chr(0xFFFD) for c in escaped)}"'


def _words(line: str) -> list[str]:
    import shlex  # noqa: PLC0415 -- for mistakes only

    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _is_argument(word: object) -> bool:
    return isinstance(word, str) and "\0" not in word


def _program(word: str, folder: Path) -> str:
    """Return a program that is named by its path with the whole of it."""
    if "/" not in word:
        return word
    try:
        return str(folder / Path(word).expanduser())
    except RuntimeError:
        return word

"""TOML with mistakes in it: what is broken is set aside, and the rest is read."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import Any, Final, NamedTuple

from storage.language import to_tr, tr
from storage.settings.kinds import line_of
from storage.settings.mistakes import UnreadableError

_ROUNDS = 20
"""How many places may be broken; a file with more is something else than settings."""
_LARGE = 32 * 1024
"""Characters from which on a file with any broken place is."""

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_BEGINNING = re.compile(r"""\s*(?:\[|["'\w-][^=]*=)""")
_BARE_TEXT = re.compile(r"""\s*([\w."-]+)\s*=\s*([^\s"'\[{][^"#\n]*?)\s*(?:#.*)?""")

_REASONS: Final = (
    (re.compile("Unclosed array"), to_tr("a list has no end: a ] is missing")),
    (re.compile("Unclosed inline table"), to_tr("a table has no end: a } is missing")),
    (
        re.compile(r"""Unterminated string|Illegal character '\\n'|Expected ["'\\]{4}"""),
        to_tr("a text has no end: a quotation mark is missing"),
    ),
    (
        re.compile(r"Cannot (overwrite|declare|mutate)"),
        to_tr("it is set for a second time; the first holds"),
    ),
    (
        re.compile(r"Expected '=' after a key|Invalid statement"),
        to_tr("a setting is written as name = value"),
    ),
    (re.compile(r"Unescaped '\\'"), to_tr("a backslash in a text is written twice")),
)
"""Why it is no TOML, by how ``tomllib`` of Python 3.11 begins to say so."""
_NO_VALUE = re.compile("Invalid value|Expected newline")


class Broken(NamedTuple):
    """Lines that were set aside.

    Attributes:
        first: Counted from 1.
        last: Of the same.
        line: Where it shows that they are broken.
        reason: A clause.
        is_setting: Whether the first looks as a setting or a table does.
    """

    first: int
    last: int
    line: int
    reason: str
    is_setting: bool

    @property
    def sentence(self) -> str:
        """What is wrong and what becomes of it."""
        if self.first == self.last:
            return tr("{reason}; this line is left out.", reason=self.reason)
        return tr(
            "{reason}; the lines {first} to {last} are left out.",
            reason=self.reason,
            first=self.first,
            last=self.last,
        )


class Recovered(NamedTuple):
    """What could be read.

    Attributes:
        tables: As ``tomllib`` returns them.
        text: The text that they were read from, line by line where it was.
        broken: What was set aside, from the first line to the last.
    """

    tables: dict[str, Any]
    text: str
    broken: list[Broken]


def recover(text: str) -> Recovered:
    """Read TOML; where a line is broken, without it.

    Raises:
        UnreadableError: Too many are.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    broken: list[Broken] = []
    for _ in range(_ROUNDS if len(text) < _LARGE else 1):
        whole = "\n".join(lines)
        try:
            return Recovered(tomllib.loads(whole), whole, _joined(broken))
        except tomllib.TOMLDecodeError as error:
            found = _broken(lines, str(error))
        except ValueError as error:
            raise UnreadableError(tr("a number in it has thousands of digits")) from error
        except RecursionError as error:
            raise UnreadableError(tr("it is nested too deeply")) from error
        lines[found.first - 1 : found.last] = [""] * (found.last - found.first + 1)
        broken.append(found)
    raise UnreadableError(broken[0].reason)


def _broken(lines: list[str], said: str) -> Broken:
    """Find the lines of the setting that ``tomllib`` says it could not read."""
    where = _WHERE.search(said)
    line = int(where[1]) if where and where[1] else len(lines)
    line = min(line, len(lines))
    reason = said[: where.start()] if where else said
    first = last = _beginning(lines, line)
    # What begins no other setting belongs to this one.
    while last < len(lines) and _goes_on(lines[last], is_certain=last < line):
        last += 1
    if line > last:
        # It went on into another setting, which shows what it lacks.
        missing = tr("it has no end: a bracket or a quotation mark is missing")
        return Broken(first, last, first, missing, is_setting=True)
    is_setting = _BEGINNING.match(lines[first - 1]) is not None
    return Broken(first, last, line, _clause(reason, lines[line - 1]), is_setting)


def _goes_on(line: str, *, is_certain: bool) -> bool:
    """Tell whether a line belongs to the setting above it, which is broken."""
    if _BEGINNING.match(line):
        return False
    return is_certain or bool(line.strip() and not line.lstrip().startswith("#"))


def _beginning(lines: list[str], line: int) -> int:
    """Return the line on which the setting begins that is broken on ``line``."""
    if _is_whole(lines[: line - 1]):
        return line
    # What is in the middle of something is not whole, nor is anything behind it.
    begun = [number for number in range(1, line) if _BEGINNING.match(lines[number - 1])]
    after = bisect_left(begun, 1, key=lambda number: int(not _is_whole(lines[: number - 1])))
    return begun[after - 1] if after else line


def _is_whole(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return False
    return True


def _clause(reason: str, line: str) -> str:
    bare = _BARE_TEXT.fullmatch(line)
    if _NO_VALUE.match(reason) and bare:
        return tr("text stands in quotes: {line}", line=line_of(bare[1], bare[2]))
    known = next((said for pattern, said in _REASONS if pattern.match(reason)), None)
    return tr("it is not TOML ({reason})", reason=reason) if known is None else tr(known)


def _joined(broken: list[Broken]) -> list[Broken]:
    """Return them in order; of what follows directly the first tells all."""
    found: list[Broken] = []
    for one in sorted(broken):
        if found and one.first == found[-1].last + 1 and not one.is_setting:
            found[-1] = found[-1]._replace(last=one.last)
        else:
            found.append(one)
    return found

"""TOML with mistakes in it: what is broken is set aside, and the rest is read."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final, NamedTuple

from storage.language import to_tr, tr
from storage.settings.decoding import NOT_UTF8, STRAY
from storage.settings.kinds import line_of
from storage.settings.lines import last_line_of_a_key
from storage.settings.mistakes import UnreadableError

_ROUNDS = 20
"""How many places may be broken; a file with more is something else than settings."""
_LARGE = 32 * 1024
"""Characters, those of comments aside, from which on a file with any broken place is."""

_LONGEST_REASON = 100
"""Characters of what ``tomllib`` says, which may quote a key of any length."""

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_BEGINNING = re.compile(rf"""\s*(?:\[|{_KEY}(?:\s*\.\s*{_KEY})*\s*=|\w[^"'\[\]{{}},=]*=)""")
_REMAINDER = re.compile(r"\s*(?:[^\s\w#]|\d|[^=]*[,\]}]\s*(?:#.*)?$)")
"""What may have belonged to a list that has ended before it."""
_HAS_PARTS = re.compile(rf"""\s*{_KEY}(?:\s*\.\s*{_KEY})*\s*=\s*(?:[\[{{]|""\"|''')""")
_TRANSLATION = "translation"
_OF_TRANSLATION = re.compile(rf"""\s*\[{{0,2}}\s*["']?{_TRANSLATION}\b""")
_BARE_TEXT = re.compile(r"""\s*([\w."-]{1,60})\s*=\s*([^\s"'\[{][^"#\n]*?)\s*(?:#.*)?""")

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
        limit: The line of what was set aside and may limit what is sent; None: nothing was.
    """

    tables: dict[str, Any]
    text: str
    broken: list[Broken]
    limit: int | None


def recover(text: str) -> Recovered:
    """Read TOML; where a line is broken, without it.

    Raises:
        UnreadableError: Too many are.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    size = sum(len(line) for line in lines if not _is_comment(line))
    broken: list[Broken] = []
    limits: list[int] = []
    for _ in range(_ROUNDS if size < _LARGE else 1):
        whole = "\n".join(lines)
        try:
            tables = tomllib.loads(whole)
        except tomllib.TOMLDecodeError as error:
            found = _broken(lines, str(error))
        except ValueError as error:
            raise UnreadableError(tr("a number in it has thousands of digits")) from error
        except RecursionError as error:
            raise UnreadableError(tr("it is nested too deeply")) from error
        else:
            return Recovered(tables, whole, _joined(broken), min(limits, default=None))
        if _may_be_limit(lines, found):
            limits.append(found.line)
        lines[found.first - 1 : found.last] = [""] * (found.last - found.first + 1)
        broken.append(found)
    first = min(broken)
    raise UnreadableError(first.reason, first.line)


def _broken(lines: list[str], said: str) -> Broken:
    """Find the lines of the setting that ``tomllib`` says it could not read."""
    where = _WHERE.search(said)
    line = int(where[1]) if where and where[1] else len(lines)
    line = min(line, len(lines))
    reason = (said[: where.start()] if where else said)[:_LONGEST_REASON]
    first = last = _beginning(lines, line)
    # What begins no other setting belongs to this one.
    while last < len(lines) and _goes_on(lines[last], is_certain=last < line):
        last += 1
    if line > last:
        # It went on into another setting, which shows what it lacks.
        missing = tr("it has no end: a bracket or a quotation mark is missing")
        return Broken(first, last, first, missing, is_setting=True)
    said = _clause(reason, lines[line - 1])
    above = _list_above(lines, first, last)
    is_setting = above is not None or _BEGINNING.match(lines[first - 1]) is not None
    return Broken(above or first, last, line, said, is_setting)


def _goes_on(line: str, *, is_certain: bool) -> bool:
    """Tell whether a line belongs to the setting above it, which is broken."""
    if _BEGINNING.match(line):
        return False
    return is_certain or bool(line.strip() and not _is_comment(line))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _beginning(lines: list[str], line: int) -> int:
    """Return the line on which the setting begins that is broken on ``line``."""
    if _is_whole(lines[: line - 1]):
        return line
    return last_line_of_a_key("\n".join(lines[: line - 1])) or line


def _list_above(lines: list[str], first: int, last: int) -> int | None:
    """Return where a list begins that ended above, if what is broken may be the rest of it.

    Without its last arguments a program would do something else than was meant.
    """
    begun = lines[first - 1]
    if _is_comment(begun):
        return None
    rest = lines[first:last] if _BEGINNING.match(begun) else [begun]
    if _HAS_PARTS.match(begun) or not any(map(_REMAINDER.match, rest)):
        return None
    above = last_line_of_a_key("\n".join(lines[: first - 1]))
    return above if above and _HAS_PARTS.match(lines[above - 1]) else None


def _may_be_limit(lines: list[str], broken: Broken) -> bool:
    """Tell whether what is set aside may belong to the service that translates."""
    if broken.first == broken.last and _is_comment(lines[broken.first - 1]):
        return False
    above = "\n".join(lines[: broken.first - 1])
    begun = broken.first if broken.is_setting else last_line_of_a_key(above) or broken.first
    if _OF_TRANSLATION.match(lines[begun - 1]):
        return True
    try:
        # A key in its place tells in which table that is.
        tables = [tomllib.loads(f"{above}\n{more}") for more in ("", '"\\u0000" = 0')]
    except (ValueError, RecursionError):
        return True
    return bool(tables[0].get(_TRANSLATION) != tables[1].get(_TRANSLATION))


def _is_whole(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return False
    return True


def _clause(reason: str, line: str) -> str:
    if STRAY in line:
        return tr(NOT_UTF8)
    bare = _BARE_TEXT.fullmatch(line)
    if _NO_VALUE.match(reason) and bare:
        return tr("text stands in quotes: {line}", line=line_of(bare[1], bare[2]))
    known = next((said for pattern, said in _REASONS if pattern.match(reason)), None)
    return tr("it is not TOML ({reason})", reason=reason) if known is None else tr(known)


def _joined(broken: list[Broken]) -> list[Broken]:
    """Return them in order; of what follows directly or is within it the first tells all."""
    found: list[Broken] = []
    for one in sorted(broken):
        if found and one.last <= found[-1].last:
            continue
        if found and one.first == found[-1].last + 1 and not one.is_setting:
            found[-1] = found[-1]._replace(last=one.last)
        else:
            found.append(one)
    return found

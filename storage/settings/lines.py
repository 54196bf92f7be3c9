"""Where in a TOML text its keys are, which Python's reader of TOML does not tell.

After the grammar of TOML 1.0 (https://toml.io/en/v1.0.0). The text was understood already: what is
skipped here is not checked again.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Keys = tuple[str, ...]

_KEY_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_VALUE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|"
    r"""#[^\n]*|[\[{\]}\n]|[^"'#\[{\]}\n]+""",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BRACKETS = re.compile(r"\[{0,2}")


class Lines(NamedTuple):
    """The lines of the keys of a text.

    Attributes:
        known: Counted from 1, by the whole path of a key; keys in braces are not among them.
        within: The first line of what is in a table, by the path of that.
    """

    known: dict[Keys, int]
    within: dict[Keys, int]

    def of(self, path: Keys) -> int | None:
        """Return the line of a key, else of the first in it, else of what it is in; None: not known."""
        found = self.known.get(path, self.within.get(path))
        return self.of(path[:-1]) if found is None and path else found


def lines_of(text: str) -> Lines:
    """Find the lines of all keys of a text that is TOML.

    Args:
        text: With line feeds alone, or with carriage returns before them.
    """
    known: dict[Keys, int] = {}
    for path, position in _keys(text):
        # What was before it is counted but once.
        known.setdefault(path, position)
    lines = _as_lines(text, known)
    within: dict[Keys, int] = {}
    for path, line in lines.items():
        for length in range(1, len(path)):
            within.setdefault(path[:length], line)
    return Lines(lines, within)


def last_line_of_a_key(text: str) -> int | None:
    """Return the line where the last key or table begins; None where there is none.

    Args:
        text: With line feeds alone; it may end in the middle of that key's value.
    """
    last = None
    for _, position in _keys(text):
        last = position
    return None if last is None else text.count("\n", 0, last) + 1


def _keys(text: str) -> Iterator[tuple[Keys, int]]:
    """Yield each key and table with the place where it begins; none from where that is unsure."""
    table: Keys = ()
    position = _after_blank(text, 0)
    while position < len(text):
        begun = position
        after = _BRACKETS.match(text, position)
        inside = after.end() if after else position
        found = _path(text, inside)
        if found is None:
            return
        path, position = found
        if inside > begun:
            table = path
            position = text.find("\n", position)
        else:
            path = (*table, *path)
            if text[position : position + 1] != "=":
                return
            position = _after_value(text, position + 1)
        yield path, begun
        if position < 0:
            return
        position = _after_blank(text, position)


def _path(text: str, position: int) -> tuple[Keys, int] | None:
    """Read a key with its dots; return its parts and where it ends."""
    parts: list[str] = []
    while True:
        found = _KEY_PART.match(text, position)
        if found is None:
            return None
        word, position = found[1], found.end()
        parts.append(_plain(word))
        if text[position : position + 1] != ".":
            return tuple(parts), position
        position += 1


def _plain(word: str) -> str:
    """Return a part of a key without its quotes."""
    if word[0] not in "\"'":
        return word
    value: str = tomllib.loads(f"word = {word}")["word"]
    return value


def _after_value(text: str, position: int) -> int:
    """Return the end of the line on which a value ends; -1 where the text ends with it."""
    depth = 0
    while found := _VALUE.match(text, position):
        part, position = found.group(), found.end()
        if part in ("[", "{"):
            depth += 1
        elif part in ("]", "}"):
            depth -= 1
        elif part == "\n" and depth <= 0:
            return position
    return -1


def _after_blank(text: str, position: int) -> int:
    found = _BLANK.match(text, position)
    return found.end() if found else position


def _as_lines(text: str, places: dict[Keys, int]) -> dict[Keys, int]:
    lines, line, counted = {}, 1, 0
    for path, position in sorted(places.items(), key=lambda item: item[1]):
        line += text.count("\n", counted, position)
        counted = position
        lines[path] = line
    return lines

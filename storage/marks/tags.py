"""The ``#tags`` that a reader writes into notes: where they stand, and which they are.

They are what Obsidian takes for tags, with two additions for Chinese: no space is needed before a
tag that follows a Chinese character, and a second ``#`` may close a tag as in ``#待读#``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNS = "#＃"
"""What a tag begins with; a Chinese keyboard gives the wide one."""

_JOINTS = "-/－／"

# Kana and Han are written without spaces.
_UNSPACED = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
# Ends with a space and with what is Chinese punctuation: a link is often followed by it.
_IN_LINK = r"[^\s<>\u2018-\u201f\u3000-\u303f\uff01-\uff65]"
_FENCE = re.compile(r"[\s>]*(`{3,}(?=[^`]*$)|~{3,})")


def tags_of(note: str) -> tuple[str, ...]:
    """Return the tags of a note, each once, in the order of their first appearance.

    Returns:
        Without the ``#``, width and case folded (NFKC, casefold): ``Proj/Vision`` is
        ``proj/vision``.
    """
    tags = (_normalised(note[start + 1 : end]) for start, end in tag_spans(note))
    return tuple(dict.fromkeys(tags))


def as_tag(text: str) -> str:
    """Read a text that is meant for one tag, with or without the ``#``, as ``tags_of`` returns it.

    A ``/`` or ``-`` at its end is left out, since more may follow. Empty: the text is no tag.
    """
    tag = (text if text.startswith(tuple(SIGNS)) else f"#{text}").rstrip(_JOINTS)
    return tags_of(tag)[0] if tag_spans(tag) == [(0, len(tag))] else ""


def tag_spans(note: str) -> list[tuple[int, int]]:
    """Find the tags of a note.

    A tag is ``#`` and behind it letters and digits of any script, ``_``, ``-`` and ``/``; it begins
    with a letter, digit or ``_``, ends with none of ``-/``, and is no mere number. Before it stands
    no word (Chinese excepted), no other tag, no backslash and none of ``#/&``. There is none in
    Markdown's code spans (of one line) and fenced blocks, nor in the address of a link.

    Returns:
        For each the character position of the ``#``, and that behind its last character.
    """
    if not any(sign in note for sign in SIGNS):
        return []
    spans: list[tuple[int, int]] = []
    for start, line in _lines_outside_fences(note):
        spans += [(start + first, start + end) for first, end in _spans_in_line(line)]
    return spans


def _lines_outside_fences(note: str) -> Iterator[tuple[int, str]]:
    start, fence = 0, ""
    for line in note.splitlines(keepends=True):
        match = _FENCE.match(line)
        if not fence:
            fence = match[1] if match else ""
            if not fence:
                yield start, line
        elif match and match[1].startswith(fence) and not line[match.end() :].strip():
            fence = ""
        start += len(line)


def _spans_in_line(line: str) -> Iterator[tuple[int, int]]:
    before = -1
    for match in _sign_or_literal().finditer(line):
        start = match.start("sign")
        if start < 0 or start == before:
            continue
        end = _end(line, start)
        if _is_tag(_normalised(line[start + 1 : end])):
            before = end
            yield start, end


def _end(line: str, start: int) -> int:
    end = start + 1
    while end < len(line) and _belongs(line[end]):
        end += 1
    while line[end - 1] in _JOINTS:
        end -= 1
    return end


def _belongs(character: str) -> bool:
    # Accents and the vowel signs of many scripts are no letters by themselves.
    return _is_letter(character) or character in _JOINTS or _is_accent(character)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character in "_＿"


def _is_accent(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _normalised(tag: str) -> str:
    if tag.isascii():
        return tag.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag).casefold())
    # A few letters stand for several characters, of which some are spaces or other signs.
    return "".join(filter(_belongs, folded))


def _is_tag(tag: str) -> bool:
    return _is_letter(tag[:1]) and not all(
        character.isdigit() or _is_accent(character) for character in tag
    )


@cache
def _sign_or_literal() -> re.Pattern[str]:
    """Match a sign that may begin a tag, or what is to be skipped because it is meant literally.

    Compiled when needed, which is when somebody uses tags.
    """
    return re.compile(
        r"\\."  # escaped
        r"|(?P<ticks>`++).+?(?<!`)(?P=ticks)(?!`)|`++"  # a code span, or ticks that open none
        rf"|(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*+://{_IN_LINK}*+|\]\({_IN_LINK}*+"
        rf"|(?<![^\W{_UNSPACED}])(?<![{SIGNS}/&])(?P<sign>[{SIGNS}])(?=\w|＿)"
    )

"""What holds for every digest, however damaged the document was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from storage.model import DocumentFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.errors import DocumentError
    from storage.model import Digest, Entry

# C0 but for line feeds, C1, zero-width and bidirectional controls, tags, lone surrogates.
_NEVER: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def has_control(text: str) -> bool:
    """Tell whether a text holds what no text of an entry may hold."""
    return _NEVER.search(text) is not None


def refused(error: DocumentError) -> None:
    """Check that a document that is refused is so with a word."""
    assert len(error.reason) > 5, "refused without a reason"


def texts_of(entry: Entry) -> Iterator[str]:
    """Return every text of an entry, those that are no prose too."""
    for pair in (entry.title, entry.tldr, entry.abstract):
        yield from (side for side in pair if side is not None)
    yield from entry.categories
    yield from entry.authors
    yield entry.primary_category or ""
    yield entry.comment or ""
    for section in entry.sections:
        yield from section
    if entry.code:
        yield entry.code.url
        yield entry.code.last_update or ""


def check_digest(digest: Digest, data: bytes) -> None:
    """Check what was read from ``data``.

    Raises:
        AssertionError: Something of it should not be.
    """
    for entry in digest.entries:
        _check_entry(entry)
    last_line = data.count(b"\n") + data.count(b"\r") + 1
    for problem in digest.problems:
        assert problem.reason.strip(), "a problem without a reason"
        assert len(problem.raw) <= 200, "the text of a problem is too long"
        assert len(problem.reason) <= 300, "the reason of a problem is too long"
        assert problem.line is None or 1 <= problem.line <= last_line
        for text in (problem.reason, problem.raw):
            assert not has_control(text), f"control in a problem: {text!r}"
            assert "\n" not in text, f"a line feed in a problem: {text!r}"
    lines = [entry.line or 0 for entry in digest.entries]
    if digest.format is not DocumentFormat.MARKDOWN:  # rows without blocks follow the blocks
        assert lines == sorted(lines), "the lines of the entries do not ascend"
    assert len(digest.channel or "") < 50, "a channel too long"


def _check_entry(entry: Entry) -> None:
    for text in texts_of(entry):
        assert not has_control(text), f"control in a text: {text[:80]!r}"
    for pair in (entry.title, entry.tldr, entry.abstract):
        assert "" not in pair, "a side that is empty, not None"
    lines = (entry.title.en, entry.title.zh, *entry.authors, *entry.categories)
    assert not any("\n" in line for line in lines if line), "one of the texts has several lines"
    assert entry.title or entry.tldr or entry.abstract, "an entry without a text"
    assert "" not in entry.categories + entry.authors, "an empty category or author"
    assert all(section.zh and section.label for section in entry.sections), "an empty section"
    assert entry.version is None or 1 <= entry.version < 10_000, f"version {entry.version}"
    assert entry.ref is None or 0 <= entry.ref < 2**53, f"ref {entry.ref}"
    assert (entry.line or 0) >= 1, "no line"

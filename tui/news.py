"""What is new in an updated paper, as lines of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from storage.library.changes import changes, changes_of_cut, is_changed
from tui.prose import Prose
from tui.sheet import MEASURE, Line, Sheet
from tui.signs import in_words
from tui.text import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.model import Paper
    from tui.subject import Past

_CHANGES = {"same": "text", "unknown": "text", "added": "added", "removed": "removed"}


def news_lines(paper: Paper, past: Past, sheet: Sheet) -> Iterator[Line]:
    """Say what changed in ``paper`` since ``past``."""
    words = tr(
        "Updated: v{seen} → v{version} since you looked at it.",
        seen=past.seen,
        version=paper.version,
    )
    yield from _said(in_words(words), "star", sheet)
    old = past.paper
    if old is None:
        words = tr("No text of v{seen} was read, so nothing can be compared.", seen=past.seen)
        yield from _said(words, "quiet", sheet)
        return
    pairs = [
        changes(readable(old.title.en or ""), readable(paper.title.en or "")),
        changes_of_cut(
            readable(old.abstract.en or ""),
            readable(paper.abstract.en or ""),
            old_cut=old.abstract_cut,
            new_cut=paper.abstract_cut,
        ),
    ]
    changed = [pieces for pieces in pairs if is_changed(pieces)]
    if not changed:
        yield from _said(tr("Title and abstract say the same as before."), "quiet", sheet)
    for pieces in changed:
        prose = Prose.of_pieces([(text, _CHANGES[kind]) for kind, text in pieces])
        yield from prose.lines([prose.whole()], min(sheet.width, MEASURE))


def _said(words: str, style: str, sheet: Sheet) -> list[Line]:
    prose = Prose.of_pieces([(words, style)])
    return prose.lines([prose.whole()], min(sheet.width, MEASURE))

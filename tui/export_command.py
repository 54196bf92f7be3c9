"""``digest-tui export``: papers of a filter as a bibliography, reading list, table or page."""

from __future__ import annotations

import os
import sys
from contextlib import closing, suppress
from datetime import date
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from storage.export.formats import KINDS, Format, file_pieces, format_of
from storage.export.writing import (
    FileThereError,
    check_folder,
    check_target,
    place_of,
    write_file,
    write_notes,
)
from storage.language import tr, tr_n
from storage.library.view import list_papers
from storage.wording import names_of, sentences
from tui.clean_end import EndedError, clean_end
from tui.library_opening import open_library
from tui.output import as_data, told
from tui.paper_listing import UsageError, known_marks, papers_of, view_of, why_none
from tui.progress import NO_TERMINALS
from tui.refresh_command import STOPPED

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from storage.export.formats import Item
    from storage.export.writing import Notes
    from storage.library.view import View
    from tui.output import Complain

_STDOUT = "-"
_BETWEEN = 0.1
"""Seconds between two lines of progress."""


class _Wish(NamedTuple):
    """What is to be written.

    Attributes:
        target: The file or folder; None for stdout.
        force: Whether what is there may be written over.
    """

    form: Format
    target: Path | None
    force: bool


class _Told:
    """Takes the sentences for the user, and remembers whether some of them were of a loss."""

    def __init__(self, complain: Complain) -> None:
        self.complain = complain
        self.code = 0

    def lose(self, sentence: str) -> None:
        """Say that something could not be read."""
        self.code = 1
        self.complain(sentence)


@told
def export(options: Namespace, complain: Complain) -> int:
    """Write the papers that meet a filter in one of the formats.

    Args:
        options: ``query`` (words of a filter), ``format`` (a name or None), ``output`` (a path, "-"
            or None), ``force``, ``sort`` (a word or None), ``limit`` (a number or None).
        complain: Takes one sentence for the user.

    Returns:
        The exit code: 0 done, 1 something could not be read or written, 2 wrong usage, 130 stopped, 128 +
        n ended by signal n.
    """
    say = _Told(complain)
    try:
        wish = _wish(options)
        words = [word for word in map(str.strip, options.query) if not _names_output(word)]
        view = view_of(" ".join(words), options.sort, say.lose)
    except UsageError as error:
        # As it is: complaining squeezes the spaces that make the carets point at the place.
        print(error, file=sys.stderr)
        return 2
    try:
        _check(wish)
        with clean_end():
            return max(_export(wish, view, options.limit, say), say.code)
    except FileThereError as error:
        # i18n: {error} is a whole sentence: there is such a file already
        complain(tr("{error} To write over it: --force", error=error))
        return 1
    except KeyboardInterrupt as end:
        # A terminal that was closed takes no words.
        with suppress(OSError):
            complain(_stopped(wish))
        return 128 + end.number if isinstance(end, EndedError) else STOPPED


def _wish(options: Namespace) -> _Wish:
    """Understand what is asked for.

    Raises:
        UsageError: It is not clear, or not possible.
    """
    if options.limit is not None and options.limit < 1:
        raise UsageError(
            tr("--limit {n} exports nothing; give a number from 1 on.", n=options.limit)
        )
    # What begins with a minus has got a space before it, see tui.cli.
    glued = [word[2:] for word in map(str.strip, options.query) if _names_output(word)]
    output = next(reversed(glued), options.output or _STDOUT).strip()
    is_file = output != _STDOUT
    form = options.format or (format_of(output) if is_file else None)
    if form is None:
        raise UsageError(
            tr(
                "Which format? Say --format and one of {names}; of a file its end tells, as in -o"
                " papers.bib.",
                names=names_of(Format),
            )
        )
    if form == Format.NOTES and not is_file:
        raise UsageError(tr("Notes are many files: say with -o in which folder."))
    target = place_of(output) if is_file else None
    return _Wish(Format(form), target, options.force)


def _names_output(word: str) -> bool:
    """Tell ``-opapers.bib`` from ``-optics``: a filter that leaves out what is about optics."""
    name = word.removeprefix("-o")
    is_place = name == _STDOUT or name.startswith(("/", "./", "../", "~"))
    return name != word and (is_place or format_of(name) is not None)


def _check(wish: _Wish) -> None:
    if wish.target is None:
        return
    if wish.form is Format.NOTES:
        check_folder(wish.target)
    else:
        check_target(wish.target, force=wish.force)


def _stopped(wish: _Wish) -> str:
    if wish.form is Format.NOTES:
        return tr("Stopped. The notes that were written until now are there.")
    if wish.target is None:
        return tr("Stopped.")
    return tr("Stopped. Nothing was written.")


def _export(wish: _Wish, view: View, limit: int | None, say: _Told) -> int:
    catalogue, code = open_library(say.complain)
    if catalogue is None:
        return code
    with closing(catalogue):
        marks_of = known_marks(catalogue, say.lose)
        # The clock is naive local time, as digests are.
        today = date.today()  # noqa: DTZ011
        ids = list_papers(catalogue.connection, view, today).ids[:limit]
        if not ids:
            say.complain(why_none(catalogue, view, today))
            # A stream of no papers is a document all the same; a file is not made worthless.
            if wish.target is not None:
                return 1
        papers = papers_of(catalogue, ids)
        line = _Line(len(ids), is_quiet=wish.target is None and sys.stdout.isatty())
        try:
            written = _write(wish, line.counted((paper, marks_of(paper.key)) for paper in papers))
        finally:
            line.clear()
    say.complain(_done(wish, line.done, written))
    return max(code, int(written is not None and written.kept > 0))


def _write(wish: _Wish, items: Iterable[Item]) -> Notes | None:
    if wish.target is None:
        as_data()
        sys.stdout.writelines(file_pieces(wish.form, items))
        sys.stdout.flush()
        return None
    if wish.form is Format.NOTES:
        from storage.export.notes import files  # noqa: PLC0415 -- for this format only

        return write_notes(wish.target, files(items), force=wish.force)
    write_file(wish.target, file_pieces(wish.form, items), force=wish.force)
    return None


def _done(wish: _Wish, papers: int, notes: Notes | None) -> str:
    words = tr(KINDS[wish.form].words)
    if wish.target is None:
        return tr_n(
            "{n:,} paper written as {format}.",
            "{n:,} papers written as {format}.",
            papers,
            format=words,
        )
    if notes is None:
        return tr_n(
            "{n:,} paper is in {path}.", "{n:,} papers are in {path}.", papers, path=wish.target
        )
    said = tr_n(
        "{n:,} note is in {path}.",
        "{n:,} notes are in {path}.",
        notes.written + notes.same,
        path=wish.target,
    )
    if not notes.kept:
        return said
    kept = tr_n(
        "{n:,} note there was changed since and is left as it is; to write over it: --force",
        "{n:,} notes there were changed since and are left as they are; to write over them: --force",
        notes.kept,
    )
    return sentences((said, kept))


class _Line:
    """How far it is: on a terminal one line written anew.

    Args:
        total: How many papers there are.
        is_quiet: Whether the papers themselves are shown there.

    Attributes:
        done: How many were taken.
    """

    def __init__(self, total: int, *, is_quiet: bool) -> None:
        self.done = 0
        self._total = total
        self._next = monotonic() + _BETWEEN
        is_dumb = os.environ.get("TERM", "") in NO_TERMINALS
        self._is_live = sys.stderr.isatty() and not is_dumb and not is_quiet

    def counted(self, items: Iterable[Item]) -> Iterator[Item]:
        """Hand papers on, telling now and then how many were."""
        for item in items:
            self.done += 1
            yield item
            if self._is_live and monotonic() > self._next:
                self._next = monotonic() + _BETWEEN
                words = tr("exporting {done:,} of {total:,} …", done=self.done, total=self._total)
                self._write(f"\r{words}\x1b[K")

    def clear(self) -> None:
        """Leave nothing of the line behind."""
        if self._is_live:
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

"""One export from the reader, in a thread of its own: progress, its end in words, and being stopped."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError
from storage.export.formats import Format, file_pieces
from storage.export.writing import ExportError, check_folder, check_target, write_file, write_notes
from storage.language import tr, tr_n
from storage.wording import sentences
from tui.paper_listing import papers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from storage.export.formats import Item
    from storage.export.writing import Notes
    from storage.library.catalogue import Catalogue
    from storage.marks.model import Marks
    from storage.model import PaperKey

_BETWEEN = 0.2
"""Seconds between two words of progress."""
_AT_A_STRETCH, _BREATH = 0.002, 0.0005
"""Seconds of work after which keys are let through, and for how long."""


class Job(NamedTuple):
    """What is exported.

    Attributes:
        ids: Finds the papers in the catalogue.
        target: The file, of notes the folder.
        force: Whether the reader was asked, and a file that is there may be written over; notes
            that were changed never are.
    """

    ids: Callable[[Catalogue], Sequence[int]]
    form: Format
    target: Path
    force: bool


class Surroundings(NamedTuple):
    """What an export needs of the reader.

    Attributes:
        catalogue: Opens the catalogue for this thread.
        marks_of: The marks of a paper.
        is_stopped: Whether the export is to end at once.
        report: Takes a sentence on how far it is.
    """

    catalogue: Callable[[], Catalogue]
    marks_of: Callable[[PaperKey], Marks]
    is_stopped: Callable[[], bool]
    report: Callable[[str], object]


class Ended(NamedTuple):
    """What became of an export.

    Attributes:
        words: One sentence for the screen.
        failed: Whether it is of a failure.
        afterwards: The sentence for the terminal, where the reader ended before; empty: ``words``.
    """

    words: str
    failed: bool = False
    afterwards: str = ""


class _StoppedError(Exception):
    """The reader stopped the export, or ended.

    Args:
        done: How many papers were written.
        total: How many were to be.
    """

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


def check(form: Format, target: Path, *, force: bool) -> None:
    """See to it that an export may be written.

    Raises:
        ExportError: It may not, or there is a file already and ``force`` was not said.
    """
    if form is Format.NOTES:
        check_folder(target)
    else:
        check_target(target, force=force)


def run(job: Job, around: Surroundings) -> Ended:
    """Write an export, and tell what became of it."""
    try:
        with closing(around.catalogue()) as catalogue:
            progress = _Progress(job.ids(catalogue), around)
            notes = _write(job, progress.items(catalogue))
            return Ended(_done(progress.done, job.target, notes))
    except _StoppedError as stop:
        return stopped(job, stop.done, stop.total)
    except DigestTuiError as error:
        return Ended(str(error), failed=True)
    except sqlite3.Error as error:
        reason = tr("The index of your digests cannot be read ({reason}).", reason=error)
        return Ended(reason, failed=True)
    except Exception:  # noqa: BLE001 -- whatever it is, the reader goes on, and it is reported
        from traceback import format_exc  # noqa: PLC0415 -- after a fault only

        from tui.crash import keep_report  # noqa: PLC0415 -- the same

        said = sentences((tr("The export failed."), keep_report(format_exc())))
        return Ended(said, failed=True)


def stopped(job: Job, done: int = 0, total: int = 0) -> Ended:
    """Say that an export was stopped.

    Args:
        job: The export.
        done: How many papers were written, of which only notes remain.
        total: How many were to be; 0: it was stopped before that was known.
    """
    place = _shown(job.target)
    if job.form is not Format.NOTES or not done:
        return Ended(
            tr("stopped; nothing was written"),
            afterwards=tr("The export to {path} was stopped; nothing was written.", path=place),
        )
    return Ended(
        tr("stopped; the notes that were written until now are there"),
        afterwards=tr_n(
            "The export to {path} was stopped; {done:,} of {n:,} note is there.",
            "The export to {path} was stopped; {done:,} of {n:,} notes are there.",
            total,
            done=done,
            path=place,
        ),
    )


def _write(job: Job, items: Iterable[Item]) -> Notes | None:
    if job.form is Format.NOTES:
        from storage.export.notes import files  # noqa: PLC0415 -- for this format only

        return write_notes(job.target, files(items))
    write_file(job.target, file_pieces(job.form, items), force=job.force)
    return None


class _Progress:
    """Reads papers one by one, tells how many were, and lets keys through."""

    def __init__(self, ids: Sequence[int], around: Surroundings) -> None:
        self.done = 0
        self._ids = ids
        self._around = around

    def items(self, catalogue: Catalogue) -> Iterator[Item]:
        """Yield the papers with their marks.

        Raises:
            _StoppedError: It is to end.
            ExportError: There are none.
        """
        rested = told = time.monotonic()
        for paper in papers_of(catalogue, self._ids):
            if self._around.is_stopped():
                raise _StoppedError(self.done, len(self._ids))
            self.done += 1
            yield paper, self._around.marks_of(paper.key)
            now = time.monotonic()
            if now - told > _BETWEEN:
                told = now
                total = len(self._ids)
                self._around.report(
                    tr("exporting {done:,} of {total:,} …", done=self.done, total=total)
                )
            if now - rested > _AT_A_STRETCH:
                # Else Python would let a key wait until this thread has to give way.
                time.sleep(_BREATH)
                rested = time.monotonic()
        if not self.done:
            # They may have gone meanwhile: no file is written over for that.
            raise ExportError(tr("nothing to export: no papers are listed"))


def _done(papers: int, target: Path, notes: Notes | None) -> str:
    place = _shown(target)
    if notes is None:
        return tr_n("{n:,} paper is in {path}", "{n:,} papers are in {path}", papers, path=place)
    there = notes.written + notes.same
    said = tr_n("{n:,} note is in {path}", "{n:,} notes are in {path}", there, path=place)
    if not notes.kept:
        return said
    return tr_n(
        # i18n: {said} is a clause: 7 notes are in ~/folder
        "{said}; {n:,} was changed there since, and is left as it is",
        "{said}; {n:,} were changed there since, and are left as they are",
        notes.kept,
        said=said,
    )


def _shown(target: Path) -> str:
    try:
        home = Path.home()
    except RuntimeError:  # nobody knows it
        return str(target)
    return f"~/{target.relative_to(home)}" if target.is_relative_to(home) else str(target)

"""What the reader is told when the disk refuses, or gave something else: one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import MarksError, reason_of
from storage.language import tr
from storage.marks.files import advice
from storage.marks.journaled.loading import SCHEMA, NewerSchemaError
from storage.marks.store import MarksLockedError

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks.journaled.compacted import DamagedError
    from storage.marks.sharing.folder import OwnFiles


def set_aside_notice(files: OwnFiles, damage: DamagedError, aside: Path) -> str:
    """Return the notice that nothing of the compacted file can be read, and where it is kept."""
    return tr(
        "{path}: it was damaged ({damage}) and is kept as {name}; what else is known takes its"
        " place; for more of it: digest-tui doctor",
        path=files.compacted,
        damage=damage,
        name=aside.name,
    )


def as_marks_error(
    error: Exception, files: OwnFiles, failed: str, lock_timeout: float
) -> MarksError:
    """Return the error that tells of another one.

    Args:
        error: What happened.
        files: The files that it happened to.
        failed: What could not be done, as a clause.
        lock_timeout: How many seconds other processes were waited for.
    """
    if isinstance(error, NewerSchemaError):
        return MarksError(
            tr(
                "{path}: a newer digest-tui wrote these marks (schema {schema}, this version knows"
                " {known}); the file is untouched; update digest-tui.",
                path=files.compacted,
                schema=error,
                known=SCHEMA,
            )
        )
    if isinstance(error, OSError):
        if isinstance(error, TimeoutError):
            return MarksLockedError(
                tr(
                    "{folder}: {failed} (another program has kept the marks locked for {seconds:g}"
                    " seconds); what was saved before is kept; close other digest-tui windows and"
                    " try again.",
                    folder=files.folder,
                    failed=failed,
                    seconds=lock_timeout,
                )
            )
        return MarksError(
            tr(
                "{path}: {failed} ({reason}); what was saved before is kept; {advice} and try"
                " again.",
                path=error.filename or files.folder,
                failed=failed,
                reason=reason_of(error),
                advice=advice(error),
            )
        )
    return MarksError(
        tr(
            "{path}: {failed} ({reason}); what was saved before is kept.",
            path=files.compacted,
            failed=failed,
            reason=error,
        )
    )

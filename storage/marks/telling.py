"""What the reader is told when the disk refuses: one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import MarksError
from storage.marks.files import advice
from storage.marks.journaled.loading import SCHEMA, NewerSchemaError
from storage.marks.store import MarksLockedError

if TYPE_CHECKING:
    from storage.marks.sharing.folder import OwnFiles


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
            f"{files.compacted}: a newer digest-tui wrote these marks (schema {error}, this version"
            f" knows {SCHEMA}); the file is untouched; update digest-tui."
        )
    if isinstance(error, OSError):
        if isinstance(error, TimeoutError):
            return MarksLockedError(
                f"{files.folder}: {failed} (another program has kept the marks locked for"
                f" {lock_timeout:g} seconds); what was saved before is kept; close other digest-tui"
                " windows and try again."
            )
        where = error.filename or files.folder
        return MarksError(
            f"{where}: {failed} ({error.strerror or error}); what was saved before is kept;"
            f" {advice(error)} and try again."
        )
    return MarksError(f"{files.compacted}: {failed} ({error}); what was saved before is kept.")

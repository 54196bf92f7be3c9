"""The errors that storage raises: each is one clear sentence for the reader's eyes."""

from __future__ import annotations

from storage.language import to_tr, tr
from storage.wording import said_of

_REASONS = (
    to_tr("Permission denied"),
    to_tr("Operation not permitted"),
    to_tr("No such file or directory"),
    to_tr("File exists"),
    to_tr("Is a directory"),
    to_tr("Not a directory"),
    to_tr("Directory not empty"),
    to_tr("No space left on device"),
    to_tr("Disk quota exceeded"),
    to_tr("Read-only file system"),
    to_tr("Input/output error"),
    to_tr("File name too long"),
    to_tr("File too large"),
    to_tr("Too many open files"),
    to_tr("Too many levels of symbolic links"),
    to_tr("Device or resource busy"),
    to_tr("Resource temporarily unavailable"),
    to_tr("Stale file handle"),
    to_tr("Cannot allocate memory"),
    to_tr("No such device or address"),
    to_tr("Connection refused"),
    to_tr("Broken pipe"),
)
"""What the operating system says most often; what else it says stays English."""


class DigestTuiError(Exception):
    """Base of everything that storage raises on purpose.

    ``str(error)`` is one sentence: what happened, to which file, what was kept, what to do.
    """


class DocumentError(DigestTuiError):
    """A whole document could not be read; nothing of it is shown.

    Args:
        source: Path of the document as the user named it.
        reason: What is wrong with it and what to do, without the path.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(said_of(source, reason))
        self.source = source
        self.reason = reason


def reason_of(error: OSError) -> str:
    """Return what the operating system says is wrong, without the path."""
    return tr(error.strerror) if error.strerror else str(error) or type(error).__name__


class MarksError(DigestTuiError):
    """The marks could not be read or written; what was on disk before is untouched."""

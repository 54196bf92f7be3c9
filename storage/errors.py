"""The errors that storage raises: each is one clear sentence for the reader's eyes."""

from __future__ import annotations


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
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class MarksError(DigestTuiError):
    """The marks could not be read or written; what was on disk before is untouched."""

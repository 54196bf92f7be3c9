"""The log of hooks that failed: one line each, newest last, in the state folder."""

from __future__ import annotations

import logging
from contextlib import suppress

_MOST = 256 * 1024
"""Bytes after which the log begins anew; the one before it is kept beside it."""


def log(sentence: str) -> None:
    """Add one line, with the time before it; what cannot be written is lost, the screen has it."""
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415 -- after a failure only

    from storage.locations import hooks_log_file  # noqa: PLC0415 -- the same

    path = hooks_log_file()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_MOST, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        handler.emit(logging.makeLogRecord({"msg": sentence, "levelno": logging.WARNING}))
        handler.close()

"""The PDF behind a link as a file, for programs that open no addresses."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError, reason_of
from storage.language import tr
from storage.locations import cache_dir
from storage.sources.web.client import Client
from storage.sources.web.outcome import Failure, Fetched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DAY = 24 * 60 * 60.0
_FRESH, _KEPT = _DAY, 7 * _DAY
"""Seconds in which a file is not fetched again, and after which it is removed."""
_BEGINNING = 1024
"""Bytes within which the mark of a PDF stands (ISO 32000-1, annex H, note 13)."""
_MARK = b"%PDF-"


class PdfError(DigestTuiError):
    """There is no PDF; ``str`` of it is a clause that says why."""


def pdf_of(link: str, say: Callable[[str], None]) -> Path:
    """Return the file of a PDF in the cache; fetched unless it was within a day. Blocks.

    Args:
        link: Its address.
        say: Told that it is being fetched.

    Raises:
        PdfError: It cannot be fetched or kept, or what came is no PDF.
    """
    folder = cache_dir() / "pdf"
    _remove_old(folder)
    path = folder / _name(link)
    with suppress(OSError):
        if time.time() - path.stat().st_mtime < _FRESH:
            return path
    say(tr("fetching the PDF …"))
    with Client() as client:
        came = client.fetch(link, folder=folder)
    if isinstance(came, Failure):
        raise PdfError(tr("the PDF could not be fetched: {reason}", reason=came.reason))
    assert isinstance(came, Fetched)  # noqa: S101 -- no version was named that could be the same
    try:
        if not _is_pdf(came.path):
            came.path.unlink()
            raise PdfError(tr("no PDF came from {address}", address=came.address))
        came.path.replace(path)
    except OSError as error:
        reason = reason_of(error)
        raise PdfError(tr("the PDF could not be kept: {reason}", reason=reason)) from error
    return path


def _name(link: str) -> str:
    """Call the file as the paper is: ``2404.02882v1.pdf``, ``hep-th_9901001.pdf``."""
    paper = link.partition("/pdf/")[2] or link.rpartition("/")[2]
    return re.sub(r"[^\w.-]", "_", paper.removesuffix(".pdf"), flags=re.ASCII)[-80:] + ".pdf"


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return _MARK in file.read(_BEGINNING)


def _remove_old(folder: Path) -> None:
    with suppress(OSError):
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > _KEPT:
                path.unlink()

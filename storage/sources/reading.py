"""Reading all digests under some paths once, newest first, for what needs no catalogue."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.formats import NotADigestError
from storage.language import tr, tr_n
from storage.model import Digest, Problem
from storage.sources.files import discover, read_digest
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.sources.files import SourceFile

Item = Digest | Problem


def digests_in(paths: Sequence[str]) -> Iterator[Item]:
    """Find the files under ``paths`` and read them, newest first.

    Args:
        paths: Files and folders as the user named them. A file named by itself must be a digest;
            in a folder other files are left out and counted in one problem.
    """
    found = discover(paths)
    yield from found.problems
    if not found.files and not found.problems:
        for path in paths:
            yield Problem(path, None, tr("holds no digest: there are no files in it"))
    strangers: defaultdict[str, list[str]] = defaultdict(list)
    for file in found.files:
        yield from _read(file, strangers)
    for folder, names in strangers.items():
        yield _left_out(folder, names)


def _read(file: SourceFile, strangers: dict[str, list[str]]) -> Iterator[Item]:
    try:
        yield read_digest(file)
    except NotADigestError as error:
        if file.is_named:
            yield Problem(error.source, None, error.reason)
        else:
            strangers[str(Path(file.path).parent)].append(Path(file.path).name)
    except DocumentError as error:
        yield Problem(error.source, None, error.reason)


def _left_out(folder: str, names: list[str]) -> Problem:
    reason = tr_n(
        "{n} file is no digest and left out: {names}",
        "{n} files are no digests and left out: {names}",
        len(names),
        names=names_of(names[:3]) + (" …" if len(names) > 3 else ""),
    )
    return Problem(folder, None, reason, is_loss=False)

"""Copies of files that are about to be replaced or taken away, in a folder among the backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.marks.files import make_folder, prepare_file, read_file, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def keep_copies(paths: Iterable[Path], backups: Path, name: str) -> Path:
    """Copy files durably into a new folder; return that folder.

    Args:
        paths: The files; of several with one name the later ones get a number.
        backups: Where to make the folder.
        name: What to call it; if that is taken it gets a number.

    Raises:
        OSError: Not all could be copied.
    """
    folder = _free(backups, name)
    make_folder(folder)
    for path in paths:
        found = read_file(path)
        if found is not None:
            prepare_file(_free(folder, path.name), found[0])
    sync_folder(folder)
    return folder


def _free(folder: Path, name: str) -> Path:
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}"
    return path

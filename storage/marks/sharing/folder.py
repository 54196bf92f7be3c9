"""The files of a marks folder: which are one device's own, and which came from elsewhere.

A device writes ``<device>.json`` and ``<device>.<n>.journal`` and nothing else, so that no program
that synchronises the folder ever sees one file written on two sides. What else lies there and is
not hidden may be a copy that such a program made of two versions of a file: Syncthing's
``laptop.sync-conflict-20261120-101010-ABCDEFG.json``, Dropbox's ``laptop (conflicted copy).json``.
Whatever it is called, its content tells; names only tell what to look into.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_OF_MARKS = r".*\.(json|journal)\b.*|.*(json|journal)$"


class OwnFiles(NamedTuple):
    """Where one device keeps its marks.

    Attributes:
        folder: The marks folder.
        device: The device's name.
    """

    folder: Path
    device: str

    @property
    def compacted(self) -> Path:
        """The compacted file."""
        return self.folder / f"{self.device}.json"

    def journal(self, number: int) -> Path:
        """The journal of a number."""
        return self.folder / f"{self.device}.{number}.journal"

    def journals(self) -> list[int]:
        """Return the numbers of the journals there are, rising.

        Raises:
            OSError: The folder cannot be looked into; not if it is missing.
        """
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 -- names are all that is needed
        except FileNotFoundError:
            return []
        found = filter(None, map(_journal, names))
        return sorted(number for device, number in found if device == self.device)

    def lacks_compacted(self) -> bool:
        """Tell whether the compacted file is missing, on which the journals that are there follow.

        Raises:
            OSError: The folder cannot be looked into; not if it is missing.
        """
        numbers = self.journals()
        # They begin anew only when a compacted file holds the earlier ones.
        return bool(numbers) and numbers[0] > 1 and not self.compacted.exists()

    def owns(self, name: str) -> bool:
        """Tell whether ``name`` is one of these files, or of those that are made on their way."""
        journal = _journal(name)
        return name == self.compacted.name or (journal is not None and journal[0] == self.device)


def device_of(name: str) -> str:
    """Return the device whose file ``name`` is, or a copy of it, as far as the name tells."""
    journal = _journal(name)
    return journal[0] if journal else re.split(r"[. ~(_]", name, maxsplit=1)[0]


def may_hold_marks(name: str) -> bool:
    """Tell whether a file is to be looked into for marks; temporary files are hidden ones.

    What was set aside as damaged was looked into already.
    """
    is_hidden = name.startswith((".", "~"))
    is_aside = ".damaged-" in name or name.endswith((".tmp", ".part", ".lock"))
    if is_hidden or is_aside:
        return False
    # Not compiled at import: most folders hold nothing to look into.
    return re.fullmatch(_OF_MARKS, name, re.IGNORECASE) is not None


def _journal(name: str) -> tuple[str, int] | None:
    """Return whose journal has this name, and its number; None if it is no journal's."""
    stem, dot, kind = name.rpartition(".")
    device, _, number = stem.rpartition(".")
    if f"{dot}{kind}" == ".journal" and device and number.isdecimal():
        return device, int(number)
    return None

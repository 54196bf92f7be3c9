"""What comes of updating a repository, and the limits that it has."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """How long and how much is put up with.

    Attributes:
        total: Seconds that one update may take.
        silence: Seconds for which a server may say nothing.
        size: Bytes that the objects of the clone, its newest files and its past versions may have,
            each for itself.
        files: How many files may be in it, and how many past versions are looked at.
    """

    total: float = 600
    silence: float = 60
    size: int = 2 << 30
    files: int = 1_000_000


class Updated(NamedTuple):
    """The repository is here as the server has it.

    Attributes:
        is_changed: Whether its newest files or its past versions are others than before.
        commit: Of the newest files, in hexadecimal digits; empty where the repository is.
        history_files: How many past versions were written now.
        left_out: How many were not, for want of space or since no file can be called so.
    """

    is_changed: bool
    commit: str = ""
    history_files: int = 0
    left_out: int = 0

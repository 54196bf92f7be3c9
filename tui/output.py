"""What commands that open no screen have in common: how they print, and how faults are told."""

from __future__ import annotations

import sqlite3
import sys
from functools import wraps
from io import TextIOWrapper
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.language import tr
from storage.locations import catalogue_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Complain = Callable[[str], None]
    Command = Callable[[Namespace, Complain], int]


def told(command: Command) -> Command:
    """Say in one sentence what storage raises."""

    @wraps(command)
    def run(options: Namespace, complain: Complain) -> int:
        try:
            return command(options, complain)
        except DigestTuiError as error:
            complain(str(error))
        except sqlite3.Error as error:
            complain(unreadable(catalogue_file(), error))
        return 1

    return run


def unreadable(catalogue: Path, error: Exception) -> str:
    """Say that the catalogue cannot be read, and what to do."""
    return tr(
        "{path}: the index of your digests cannot be read ({reason}); see what to do: digest-tui"
        " doctor",
        path=catalogue,
        reason=error,
    )


def as_data() -> None:
    """Write for other programs: whatever the locale says, UTF-8 with plain line ends."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")


def print_rows(rows: Iterable[str]) -> None:
    """Write one row a line to stdout."""
    sys.stdout.writelines(f"{row}\n" for row in rows)

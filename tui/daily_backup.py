"""The day's backup of the marks, in a process of its own: it takes nothing from the keys."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.marks.opening import MarksPlace


def back_up(place: MarksPlace) -> str:
    """Make the day's backup, unless it is there; takes a while.

    Returns:
        Why it could not be made; empty if it is there, or nothing changed since the last one.
    """
    from storage.marks.care.backups import backups  # noqa: PLC0415 -- behind the screen

    command = [sys.executable, "-P", "-c", "import sys; from tui.cli import main; sys.exit(main())"]
    try:
        # The day is that of the clock on the wall.
        if any(backup.day == date.today() for backup in backups(place.backups)):  # noqa: DTZ011
            return ""
        done = subprocess.run(  # noqa: S603 -- our own program
            [*command, "marks", "backup"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            # Control-C in an editor that has the terminal is not meant for this.
            process_group=0,
        )
    except OSError as error:
        return f"Today's backup of your marks could not be made ({error.strerror or error})"
    if not done.returncode:
        return ""
    reason = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
    return f"Today's backup of your marks could not be made: {reason}"

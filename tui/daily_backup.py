"""The day's backup of the marks, in a process of its own: it takes nothing from the keys."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.language import in_use, tr

if TYPE_CHECKING:
    from storage.marks.opening import MarksPlace


def back_up(place: MarksPlace) -> str:
    """Make the day's backup, unless it is there; takes a while.

    Returns:
        Why it could not be made; empty if it is there, or nothing changed since the last one.
    """
    from storage.marks.care.backups import backups  # noqa: PLC0415 -- behind the screen

    # tr: no -- a program
    command = [sys.executable, "-P", "-c", "import sys; from tui.cli import main; sys.exit(main())"]
    try:
        # The day is that of the clock on the wall.
        if any(backup.day == date.today() for backup in backups(place.backups)):  # noqa: DTZ011
            return ""
        # What it complains of is said here.
        language = in_use().partition("_")[0]
        done = subprocess.run(  # noqa: S603 -- our own program
            [*command, "--lang", language, "marks", "backup"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            # Control-C in an editor that has the terminal is not meant for this.
            process_group=0,
        )
    except OSError as error:
        return tr(
            "Today's backup of your marks could not be made ({reason})",
            reason=reason_of(error),
        )
    if not done.returncode:
        return ""
    reason = done.stderr.strip().rpartition("\n")[2] or tr("exit code {code}", code=done.returncode)
    return tr("Today's backup of your marks could not be made: {reason}", reason=reason)

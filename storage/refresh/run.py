"""A whole refresh, from the lock to the last sentence: for the command line and the process alike."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from storage.library.opening import CatalogueError, cannot_write, is_damage, open_for_writing
from storage.marks.locking import has_lock
from storage.refresh.outcome import Outcome, Progress
from storage.refresh.refresh import Refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.sources.places import Place

_LOOK_AGAIN = 0.1


def run_refresh(  # noqa: PLR0913 -- each is for the caller to choose
    path: Path,
    places: Sequence[str | Place],
    *,
    report: Callable[[Progress], None] = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    rebuild: bool = False,
    patience: float | None = None,
) -> Outcome:
    """Bring the catalogue ``path`` up to date with ``places``, after others that are doing it.

    Args:
        path: The catalogue; made where there is none.
        places: Files and folders of digests.
        report: Called now and then.
        is_cancelled: Asked now and then; what was written until then stays.
        rebuild: The catalogue was found damaged: it is set aside whatever it looks like.
        patience: Seconds to wait for others who write without the lock; None: as usual.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with Path(f"{path}.lock").open("ab") as lock:
            # Another refresh may be at it; what it reads need not be read again.
            while not has_lock(lock):
                if is_cancelled():
                    return Outcome()
                sleep(_LOOK_AGAIN)

            def work(connection: sqlite3.Connection) -> Progress:
                refresh = Refresh(connection, places, report=report, is_cancelled=is_cancelled)
                return refresh.run()

            return _refresh(path, work, patience, rebuild=rebuild)
    except OSError as error:
        return Outcome(error=cannot_write(path, error))


def _refresh(
    path: Path,
    work: Callable[[sqlite3.Connection], Progress],
    patience: float | None,
    *,
    rebuild: bool,
) -> Outcome:
    try:
        opened = open_for_writing(path, rebuild=rebuild, patience=patience)
    except CatalogueError as error:
        return Outcome(error=str(error))
    try:
        return Outcome(work(opened.connection), opened.notice)
    except (sqlite3.Error, ValueError, LookupError) as error:
        if rebuild or not is_damage(error):
            return Outcome(notice=opened.notice, error=cannot_write(opened.path, error))
    finally:
        opened.connection.close()
    return _refresh(path, work, patience, rebuild=True)

"""Hooks: what the settings name is run behind the screen when papers are starred, read or noted.

One program at a time, in the order of the changes; what is still to be run for the same hook is
run at once, with a line for each paper.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Literal, NamedTuple

from storage.language import tr, tr_n
from storage.wording import said_of
from tui.hooks.log import log

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from storage.library.catalogue import Catalogue
    from storage.marks.model import Marks
    from storage.model import PaperKey
    from storage.settings import Hooks

Change = Literal["star", "read", "note"]


class _Run(NamedTuple):
    """A program that is to be run, and what for."""

    change: Change
    argv: tuple[str, ...]
    seconds: float
    keys: tuple[PaperKey, ...]


class HookRunner:
    """Runs hooks in a thread of its own, which begins with the first.

    Args:
        catalogue: The file of the catalogue that papers are read from.
        marks_of: Returns the marks of a paper as they are on disk; called in the thread.
        fail: Takes one sentence about a hook that failed; called in the thread.
    """

    def __init__(
        self,
        catalogue: Callable[[], Path],
        marks_of: Callable[[PaperKey], Marks],
        fail: Callable[[str], None],
    ) -> None:
        self._catalogue = catalogue
        self._marks_of = marks_of
        self._fail = fail
        self._waiting: deque[_Run] = deque()
        self._changed = Condition()
        self._at_work = 0
        self._stop = Event()
        self._thread: Thread | None = None

    def run(self, change: Change, keys: Collection[PaperKey], hooks: Hooks) -> None:
        """Run what ``hooks`` names for a change of these papers, if it names something.

        To be called by one thread only.
        """
        argv = {"star": hooks.on_star, "read": hooks.on_read, "note": hooks.on_note}[change]
        if not argv or not keys:
            return
        wanted = _Run(change, argv, hooks.seconds, tuple(keys))
        with self._changed:
            if self._waiting and self._waiting[-1]._replace(keys=()) == wanted._replace(keys=()):
                # A paper that was changed twice meanwhile is handed over once, as it is then.
                keys_of_both = dict.fromkeys((*self._waiting.pop().keys, *keys))
                wanted = wanted._replace(keys=tuple(keys_of_both))
            self._waiting.append(wanted)
            self._changed.notify_all()
        if self._thread is None:
            self._thread = Thread(target=self._work, name="hooks", daemon=True)
            self._thread.start()

    def close(self, patience: float) -> str:
        """Wait for what is to be run, ``patience`` seconds at most, and stop what is left then.

        Returns:
            One sentence about what was not done any more; empty where nothing was left.
        """
        with self._changed:
            if not self._changed.wait_for(self._is_done, patience):
                self._stop.set()
            left = self._at_work + sum(len(run.keys) for run in self._waiting)
            self._waiting.clear()
            # The program that is at work is killed meanwhile.
            self._changed.wait_for(self._is_done, _LAST_SECONDS)
        if not left:
            return ""
        return tr_n(
            "A hook of yours was not done with one paper when digest-tui ended.",
            "Hooks of yours were not done with {n:,} papers when digest-tui ended.",
            left,
        )

    def _is_done(self) -> bool:
        return not self._waiting and not self._at_work

    def _work(self) -> None:
        while True:
            with self._changed:
                self._at_work = 0
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting)
                wanted = self._waiting.popleft()
                self._at_work = len(wanted.keys)
            try:
                reason = self._run(wanted)
            except Exception as error:  # noqa: BLE001 -- the next one is to be run all the same
                reason = repr(error)
            if reason and not self._stop.is_set():
                sentence = said_of(f"on_{wanted.change}", reason)
                log(sentence)
                self._fail(sentence)

    def _run(self, wanted: _Run) -> str:
        from storage.library.catalogue import open_catalogue  # noqa: PLC0415 -- behind the screen
        from storage.library.opening import CatalogueError  # noqa: PLC0415 -- the same
        from tui.hooks.program import run  # noqa: PLC0415 -- the same

        environ = {**os.environ, "DIGEST_TUI_HOOK": f"on_{wanted.change}"}
        try:
            catalogue = open_catalogue(self._catalogue())
        except (CatalogueError, sqlite3.Error) as error:
            return tr("the paper cannot be read ({reason})", reason=error)
        try:
            lines = self._lines(catalogue, wanted.keys)
            return run(wanted.argv, lines, environ, wanted.seconds, self._stop)
        except (sqlite3.Error, ValueError) as error:
            return tr("the paper cannot be read ({reason})", reason=error)
        finally:
            catalogue.close()

    def _lines(self, catalogue: Catalogue, keys: Sequence[PaperKey]) -> Iterator[str]:
        from storage.export.paper_json import paper_to_json  # noqa: PLC0415 -- behind the screen

        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            ids = catalogue.ids(part)
            for key in part:
                paper = catalogue.papers.paper(ids[key]) if key in ids else None
                if paper is not None:
                    yield paper_to_json(paper, self._marks_of(key))


_LAST_SECONDS = 0.5
"""How long the end waits for a program that it killed."""
_AT_ONCE = 200
"""Papers whose rows are looked up together."""

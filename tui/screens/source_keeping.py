"""Sources as the sources screen keeps them: paused, renamed, moved, removed, brought back."""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.errors import DigestTuiError
from storage.language import tr
from storage.locations import sources_file
from storage.sources.registry import SourceList
from storage.wording import sentences
from tui.messages import Then
from tui.screens.box import in_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Unpack

    from textual.screen import Screen

    from storage.model import Problem
    from storage.sources.edits import Changes
    from storage.sources.source import Source


class Done(NamedTuple):
    """What came of a change to the list of sources.

    Attributes:
        words: What is to be said; empty: nothing.
        is_failed: Whether it was not done.
        at: The id of the source to go to; empty: stay.
        is_for_reading: Whether other documents are to be read from now on.
    """

    words: str = ""
    is_failed: bool = False
    at: str = ""
    is_for_reading: bool = True


class Removed(NamedTuple):
    """A source that was removed, and the place in the list that it had."""

    source: Source
    at_index: int


class SourceKeeping:
    """Changes the list of sources behind the screen, one change after the other.

    Args:
        screen: Whose workers they are.
        removed: What was removed in this run, the last at the end; it is changed here.
        done: Told in the interface thread what came of each change.
    """

    def __init__(
        self, screen: Screen[Any], removed: list[Removed], done: Callable[[Done], None]
    ) -> None:
        self._screen = screen
        self._done = done
        self._waiting: deque[Callable[[SourceList], Done]] = deque()
        self._one_changes = Lock()
        self._removed = removed
        self._under_way = 0
        self._is_settled = asyncio.Event()
        self._is_settled.set()

    async def settled(self) -> None:
        """Wait for the changes that were asked for."""
        await in_time(self._is_settled)

    def pause(self, source: Source) -> None:
        """Look for nothing new in a source, or do so again."""
        is_paused = not source.is_paused
        if is_paused:
            words = tr("{source} is paused: what came stays", source=source.label)
        else:
            words = tr("{source} goes on", source=source.label)
        self._change(source, words, is_paused=is_paused)

    def rename(self, source: Source, name: str) -> None:
        """Call a source by another name; empty: by its place."""
        if name:
            words = tr("{before} is now {name}", before=source.label, name=name)
        else:
            words = tr("{place} has no name now", place=source.shown_place)
        self._change(source, words, is_for_reading=False, name=name)

    def move(self, source: Source, by: int) -> None:
        """Move a source by so many places, towards the end if positive."""

        def run(listed: SourceList) -> Done:
            problem = listed.move(source.id, by)
            return _told(problem, Done(is_for_reading=False))

        self._start(run)

    def remove(self, source: Source) -> None:
        """Follow a source no longer."""

        def run(listed: SourceList) -> Done:
            places = (at for at, one in enumerate(listed.sources()) if one.id == source.id)
            index = next(places, 0)
            problems = listed.remove([source.id])
            if not problems:
                self._removed.append(Removed(source, index))
            words = tr(
                "removed {source}, marks on its papers are kept; Ctrl+Z brings it back",
                source=source.label,
            )
            return _told(next(iter(problems), None), Done(words))

        self._start(run)

    def restore(self) -> None:
        """Bring back what was removed last."""

        def run(listed: SourceList) -> Done:
            if not self._removed:
                return Done(tr("no source was removed here"), is_for_reading=False)
            source, at_index = self._removed[-1]
            problem = listed.restore(source, at_index)
            if problem is None:
                self._removed.pop()
            return _told(problem, Done(tr("{name} is back", name=source.label), at=source.id))

        self._start(run)

    def _change(
        self, source: Source, words: str, *, is_for_reading: bool = True, **fields: Unpack[Changes]
    ) -> None:
        def run(listed: SourceList) -> Done:
            problem = listed.change(source.id, **fields)
            return _told(problem, Done(words, is_for_reading=is_for_reading))

        self._start(run)

    def _start(self, run: Callable[[SourceList], Done]) -> None:
        self._waiting.append(run)
        self._under_way += 1
        self._is_settled.clear()
        self._screen.run_worker(self._run_next, thread=True, group="keeping")

    def _run_next(self) -> None:
        # Whichever thread comes first takes the change that was asked for first.
        with self._one_changes:
            listed = SourceList(sources_file())
            try:
                done = self._waiting.popleft()(listed)
            except DigestTuiError as error:
                done = Done(str(error), is_failed=True)
            if listed.notices:
                done = Done(sentences(listed.notices), is_failed=True)
        self._screen.post_message(Then(partial(self._end, done)))

    def _end(self, done: Done) -> None:
        self._done(done)
        self._under_way -= 1
        if not self._under_way:
            self._is_settled.set()


def add_sources(new: Iterable[Source]) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Follow ``new``, too. Called from a worker.

    Returns:
        Those that were added, as they are listed; and a sentence for each that was not, and on the file.
    """
    listed = SourceList(sources_file())
    try:
        before = {one.id for one in listed.sources()}
        problems = listed.add(tuple(new))
        added = tuple(one for one in listed.sources() if one.id not in before)
    except DigestTuiError as error:
        return (), (str(error),)
    return added, (*listed.notices, *map(str, problems))


def _told(problem: Problem | None, done: Done) -> Done:
    return done if problem is None else Done(str(problem), is_failed=True)

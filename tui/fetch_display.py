"""How far a refresh with fetching is, on the command line: live on a terminal, line by line elsewhere."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol, Self

from storage.formats.cleaning import clean_line
from storage.language import tr, tr_in
from storage.sources.fetching.events import WAITING
from storage.wording import said_of
from tui.fetch_words import event_words
from tui.progress import NO_TERMINALS, ProgressLine, progress_words
from tui.signs import EMPTY, FULL, sign

if TYPE_CHECKING:
    from typing import TextIO

    from rich.progress import TaskID

    from storage.refresh.outcome import Progress
    from storage.sources.fetching.events import Event

_LABEL = 40


class Display(Protocol):
    """Shows how far a refresh is; used as a context, it leaves behind what is to stay only."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, progress: Progress) -> None:
        """Show how far reading is."""

    def heard(self, event: Event) -> None:
        """Show how far a source is; called in other threads."""


def display_of(stream: TextIO, *, is_fetching: bool) -> Display:
    """Return the display that suits ``stream``.

    Args:
        stream: Where to show it.
        is_fetching: Whether anything may be fetched, rather than only read.
    """
    is_live = stream.isatty() and os.environ.get("TERM", "") not in NO_TERMINALS
    if is_live and is_fetching:
        return LiveDisplay(stream)
    return PlainDisplay(stream)


class PlainDisplay:
    """Reading as ``ProgressLine`` tells it, and a line for each source once it is through."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ProgressLine(stream)
        self.show = self._line.show

    def __enter__(self) -> Self:
        self._line.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.__exit__()

    def heard(self, event: Event) -> None:
        """Write a line once a source is through that has something new; failures are told at the end."""
        if event.is_over and event.changed:
            said = said_of(clean_line(event.label), event_words(event))
            print(said, file=self._stream, flush=True)


class LiveDisplay:
    """A row for each source that is at work, and one for reading, by rich; all of them go at the end.

    Args:
        stream: A terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console  # noqa: PLC0415 -- only where something is fetched
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415 -- the same

        console = Console(file=stream, markup=False, highlight=False, emoji=False)
        self._rows = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            TextColumn("{task.fields[words]}", markup=False),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._all: TaskID | None = None
        self._reading: TaskID | None = None
        self._over = 0

    def __enter__(self) -> Self:
        self._rows.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.stop()

    def show(self, progress: Progress) -> None:
        """Show how far reading is."""
        words = progress_words(progress).lstrip(sign(f"{FULL}{EMPTY} "))
        if self._reading is None:
            self._reading = self._rows.add_task(tr_in("refresh", "reading"), words=words)
        self._rows.update(
            self._reading, total=progress.total or None, completed=progress.done, words=words
        )

    def heard(self, event: Event) -> None:
        """Show how far a source is, and how many are through."""
        from tui.text import cut  # noqa: PLC0415 -- with rich

        task = self._tasks.get(event.source)
        if task is None:
            label = cut(clean_line(event.label), _LABEL)
            task = self._rows.add_task(label, visible=False, words="")
            self._tasks[event.source] = task
        is_at_work = event.state != WAITING and not event.is_over
        self._rows.update(
            task,
            total=event.total or None,
            completed=event.done,
            visible=is_at_work,
            words=event_words(event),
        )
        self._over += event.is_over
        self._count()

    def _count(self) -> None:
        total = len(self._tasks)
        if self._all is None:
            self._all = self._rows.add_task(tr("sources"), words="")
        words = tr("{done} of {total}", done=self._over, total=total)
        self._rows.update(self._all, total=total, completed=self._over, words=words)

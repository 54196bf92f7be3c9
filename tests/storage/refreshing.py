"""Refreshes in processes of their own, started as the reader starts them, and what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from storage.refresh.complete import Task
from storage.refresh.messages import encode_task
from storage.refresh.outcome import Fetched, Outcome, Progress
from storage.sources.places import Roots
from storage.sources.source import PATH, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

COMMAND = (sys.executable, "-P", "-m", "storage.refresh")


def task_of(catalogue: Path, *paths: Path, rebuild: bool = False) -> Task:
    """A task over files and folders; nothing is fetched for it."""
    sources = tuple(Source(str(at), PATH, str(path)) for at, path in enumerate(paths))
    nowhere = catalogue.parent / "nowhere"
    return Task(catalogue, sources, Roots(nowhere, nowhere, nowhere), rebuild=rebuild)


def start(task: Task, command: Sequence[str] = COMMAND, **how: Any) -> subprocess.Popen[str]:
    """Start a process and hand it its task."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, **how)
    assert process.stdin is not None
    process.stdin.write(encode_task(task))
    process.stdin.close()
    process.stdin = None
    return process


def progress_in(line: str) -> Progress:
    """Read a line that says how far it is."""
    return Progress(*json.loads(line)["progress"])


def outcome_of(lines: Iterable[str]) -> Outcome:
    """Read the last line, which says how it ended; those before must say how far it was."""
    *before, last = lines
    for line in before:
        progress_in(line)
    progress, notice, error, (asked, offline, failures) = json.loads(last)["outcome"]
    return Outcome(Progress(*progress), notice, error, Fetched(asked, offline, tuple(failures)))

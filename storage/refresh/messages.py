"""What the reader and the process that refreshes say to each other: one JSON object a line.

Paths may hold bytes that are no UTF-8: Python's lone surrogates for them (PEP 383) are escaped in JSON.
"""

from __future__ import annotations

import json
from pathlib import Path

from storage.refresh.complete import Task
from storage.sources.places import Roots
from storage.sources.source import Source


def encode_task(task: Task) -> str:
    """Write a task, for the other process's stdin: there nobody else sees an address's password."""
    fields = task._asdict()
    fields["catalogue"] = str(task.catalogue)
    fields["roots"] = [str(root) for root in task.roots]
    return json.dumps(fields)


def decode_task(text: str) -> Task:
    """Read a task that ``encode_task`` wrote."""
    fields = json.loads(text)
    fields["catalogue"] = Path(fields["catalogue"])
    fields["sources"] = tuple(Source(*values) for values in fields["sources"])
    fields["only"] = tuple(fields["only"])
    fields["roots"] = Roots(*map(Path, fields["roots"]))
    return Task(**fields)

"""What the reader and the process that refreshes say to each other: one JSON object a line.

Paths may hold bytes that are no UTF-8: Python's lone surrogates for them (PEP 383) are escaped in JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from storage.language import in_use
from storage.locations import library_dir
from storage.refresh.complete import Task
from storage.sources.places import Roots
from storage.sources.source import Source


class Order(NamedTuple):
    """A task, and what the process that does it must have in common with the one that gives it.

    Attributes:
        language: In which both speak.
        library: The folder of the library, wherever settings and environment would place it.
    """

    task: Task
    language: str
    library: Path


def encode_task(task: Task) -> str:
    """Write a task, for the other process's stdin: there nobody else sees an address's password."""
    fields = task._asdict()
    fields["catalogue"] = str(task.catalogue)
    fields["roots"] = [str(root) for root in task.roots]
    return json.dumps({"task": fields, "language": in_use(), "library": str(library_dir())})


def decode_order(text: str) -> Order:
    """Read the order that ``encode_task`` wrote."""
    order = json.loads(text)
    fields = order["task"]
    fields["catalogue"] = Path(fields["catalogue"])
    fields["sources"] = tuple(Source(*values) for values in fields["sources"])
    fields["only"] = tuple(fields["only"])
    fields["roots"] = Roots(*map(Path, fields["roots"]))
    return Order(Task(**fields), order["language"], Path(order["library"]))

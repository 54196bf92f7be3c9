"""The reader's own marks: what was read, starred and noted; precious, never derived."""

from storage.marks.model import UNMARKED, MarkChange, MarkField, Marks
from storage.marks.store import MarkStore
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.marks.writer import MarksWriter

__all__ = [
    "UNMARKED",
    "MarkChange",
    "MarkField",
    "MarkStore",
    "Marks",
    "MarksWriter",
    "TinyDBMarkStore",
]

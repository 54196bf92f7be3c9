"""Marks for tests: a store in a folder, and what lies on disk read without the code under test."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tinydb import TinyDB

from storage.marks.opening import MarksPlace, open_marks

if TYPE_CHECKING:
    from pathlib import Path

    from storage.marks import TinyDBMarkStore

DEVICE = "laptop-test"


def place_in(folder: Path, device: str = DEVICE) -> MarksPlace:
    """Marks in ``folder/marks``; what is the machine's own in ``folder``."""
    return MarksPlace(folder / "marks", folder, device, legacy=folder / "marks.json")


def store_in(folder: Path, device: str = DEVICE) -> TinyDBMarkStore:
    """Open the marks in ``folder/marks``."""
    return open_marks(place_in(folder, device))[0]


def marks_on_disk(folder: Path, device: str = "*") -> dict[str, dict[str, Any]]:
    """Read what one device wrote into a marks folder, by paper.

    The compacted file with plain TinyDB, the journals line by line as their form is documented.
    """
    documents: dict[str, dict[str, Any]] = {}
    first = 1
    for path in folder.glob(f"{device}.json"):
        with TinyDB(path, access_mode="r", encoding="utf-8") as database:
            documents = {str(row.doc_id): dict(row) for row in database.table("papers").all()}
            about = database.table("meta").get(doc_id=1)
            assert isinstance(about, dict)
            first = about["journal"]
    for path in sorted(folder.glob(f"{device}.*.journal"), key=_number):
        for line in path.read_bytes().splitlines() if _number(path) >= first else ():
            checksum, _, text = line.partition(b" ")
            if checksum != f"{crc32(text):08x}".encode():
                continue
            record = json.loads(text)
            for number in record.get("remove", ()):
                documents.pop(number)
            for number, names in record.get("unset", {}).items():
                for name in names:
                    documents.get(number, {}).pop(name, None)
            for number, fields in record.get("set", {}).items():
                documents.setdefault(number, {}).update(fields)
    return {document["paper"]: document for document in documents.values()}


def _number(path: Path) -> int:
    found = re.search(r"\.(\d+)\.journal$", path.name)
    assert found is not None
    return int(found[1])

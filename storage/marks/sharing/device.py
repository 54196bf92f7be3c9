"""The name of this device among those that share a marks folder.

It is kept outside that folder, by machine: neither another machine that the folder reaches, nor one
that shares or was given a copy of this home, takes this one's files for its own.
"""

from __future__ import annotations

import json
import os
import platform
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zlib import crc32

from storage.json_file import JsonFile, JsonFileError
from storage.marks.files import make_folder, prepare_file

if TYPE_CHECKING:
    from pathlib import Path

_MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_EMPTY: dict[str, Any] = {"schema": 1, "devices": {}}


def device_name(path: Path) -> str:
    """Return this device's name; one is made up, and kept in the file ``path``, if there is none.

    Where it cannot be kept, it is one that will be made up the same again.
    """
    if name := known_name(path):
        return name
    machine = _machine()
    if not os.path.lexists(path):
        with suppress(OSError):
            _make(path, _named(_EMPTY, machine)[0])
    try:
        return JsonFile(path, _EMPTY).change(lambda known: _named(known, machine))
    except JsonFileError:
        return f"{_host()}-{crc32(machine.encode()):08x}"


def _make(path: Path, document: dict[str, Any]) -> None:
    """Make the file whole and at once, which costs a first start less than a lock does.

    Raises:
        OSError: It could not be made.
    """
    make_folder(path.parent)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    prepare_file(fresh, json.dumps(document).encode())
    try:
        # Whoever is first makes it.
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def known_name(path: Path) -> str:
    """Return this device's name; empty where none was made up yet. Nothing is written."""
    try:
        name = json.loads(path.read_bytes())["devices"].get(_machine())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return name if _is_name(name) else ""


def _named(document: dict[str, Any], machine: str) -> tuple[dict[str, Any], str]:
    name = document["devices"].get(machine)
    if not _is_name(name):
        name = f"{_host()}-{''.join(_ALPHABET[byte % len(_ALPHABET)] for byte in os.urandom(4))}"
    return document | {"devices": document["devices"] | {machine: name}}, name


def _is_name(name: object) -> bool:
    # Not a regular expression: at each start it would be compiled.
    return isinstance(name, str) and name[:1] not in ("", "-") and _LETTERS.issuperset(name)


def _host() -> str:
    host = re.sub(r"[^a-z0-9]+", "-", platform.node().split(".")[0].lower()).strip("-")
    return host[:20].strip("-") or "device"


def _machine() -> str:
    """Return what tells this machine from others; empty where nothing does."""
    for name in _MACHINE_IDS:
        try:
            with open(name, "rb") as file:  # noqa: PTH123 -- at each start
                number = file.read().strip()
        except OSError:
            continue
        if number:
            return f"{crc32(number):08x}"
    return ""

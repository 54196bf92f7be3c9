"""Where the reader left off: kept in one JSON file that may be lost without harm.

So there are no notices, no lock and no copies of what was damaged: whatever cannot be read is as if
nothing had been left off, and the last one to save wins.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from storage.errors import reason_of
from storage.language import tr
from storage.library.filters import PARTS, STATES, TYPES, Kind, Node, Order

SCHEMA = 1

_SIZE_LIMIT = 64 * 1024
_DEPTH_LIMIT = 50
_ROW_LIMIT = 2**53

_FEWEST_PARTS = {Kind.ALL: 2, Kind.ANY: 2, Kind.NOT: 1}
_VALUES = {Kind.IS: STATES, Kind.HAS: PARTS, Kind.TYPE: TYPES}


class Place(NamedTuple):
    """What was on the screen.

    Attributes:
        base_name: Label of the digest, channel, day or view that was chosen; empty: all papers.
        base: What a paper must meet to be in it; None: nothing.
        query_text: The filter as it was typed.
        filter: The same as a tree; None: no filter.
        order: How the listing was sorted.
        key: The paper under the cursor; None: there was none.
        row: Its row, counted from 0.
        languages: Name of the layout of languages; empty: none was chosen.
        share: Percent of the detail that the English column takes; 0: as its text needs.
        spaced: Whether Chinese is set off from Latin by a space.
        ambiguous_wide: Whether the terminal draws ambiguous characters two cells wide.
        zoomed: Whether one pane filled the screen.
        pane: Name of the pane that took the keys; empty: none was chosen.
        theme: Name of the theme that was chosen in the reader; empty: none was.
        theme_before: The theme that the settings named then.
        light: Whether the terminal's background was light.
    """

    base_name: str = ""
    base: Node | None = None
    query_text: str = ""
    filter: Node | None = None
    order: Order = Order.NEWEST
    key: str | None = None
    row: int = 0
    languages: str = ""
    share: int = 0
    spaced: bool = False
    ambiguous_wide: bool = False
    zoomed: bool = False
    pane: str = ""
    theme: str = ""
    theme_before: str = ""
    light: bool = False

    def shown_as(self, other: Place) -> Place:
        """Return the same place with papers shown as ``other`` says."""
        return self._replace(
            languages=other.languages,
            share=other.share,
            spaced=other.spaced,
            ambiguous_wide=other.ambiguous_wide,
            theme=other.theme,
            theme_before=other.theme_before,
            light=other.light,
        )


def load(path: Path) -> Place:
    """Read where the reader left off; ``Place()`` where that cannot be known."""
    try:
        fields = json.loads(_bytes_of(path))
        return _place(fields) if isinstance(fields, dict) else Place()
    except (OSError, ValueError, KeyError, RecursionError):
        return Place()


def save(path: Path, place: Place) -> str | None:
    """Write where the reader left off; a symbolic link is followed.

    On disk is the old file or the new one; which of them a power cut leaves is not waited for.

    Returns:
        What happened, as one sentence, where it is not saved; the file is then as it was before.
    """
    try:
        # Named tuples become lists.
        text = json.dumps({"schema": SCHEMA, **place._asdict()}, ensure_ascii=False)
        _replace(Path(os.path.realpath(path)), text.encode() + b"\n")
    except (OSError, ValueError, RecursionError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else error
        return tr(
            "{path}: where you left off is not saved ({reason}); the file is as it was before.",
            path=path,
            reason=reason,
        )
    return None


def _bytes_of(path: Path) -> bytes:
    # Without O_NONBLOCK a named pipe would wait for a writer for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        return os.read(descriptor, _SIZE_LIMIT)
    finally:
        os.close(descriptor)


def _replace(target: Path, data: bytes) -> None:
    from storage.marks.files import make_folder  # noqa: PLC0415 -- not needed to load

    make_folder(target.parent)
    # A name of this process: another one that saves at the same time has its own.
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _place(fields: dict[str, object]) -> Place:
    """Check every field.

    Raises:
        KeyError: One is missing.
        ValueError: One is not what ``save`` writes.
    """
    if fields["schema"] != SCHEMA:
        raise ValueError
    key = fields["key"]
    return Place(
        base_name=_text(fields["base_name"]),
        base=_node_or_none(fields["base"]),
        query_text=_text(fields["query_text"]),
        filter=_node_or_none(fields["filter"]),
        order=Order(_text(fields["order"])),
        key=None if key is None else _text(key),
        row=_number(fields["row"], _ROW_LIMIT),
        languages=_text(fields["languages"]),
        # Those that are asked for by ``get`` are missing where an earlier version saved.
        share=_number(fields.get("share", 0), 100),
        spaced=_flag(fields.get("spaced", False)),
        ambiguous_wide=_flag(fields.get("ambiguous_wide", False)),
        zoomed=_flag(fields["zoomed"]),
        pane=_text(fields["pane"]),
        theme=_text(fields.get("theme", "")),
        theme_before=_text(fields.get("theme_before", "")),
        light=_flag(fields.get("light", False)),
    )


def _number(value: object, limit: int) -> int:
    if type(value) is not int or not 0 <= value < limit:
        raise ValueError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 -- one kind of error for all that is wrong
    value.encode()  # a lone surrogate raises: neither SQLite nor a terminal takes it
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004 -- one kind of error for all that is wrong
    return value


def _node_or_none(tree: object) -> Node | None:
    return None if tree is None else _node(tree, _DEPTH_LIMIT)


def _node(tree: object, depth: int) -> Node:
    """Read a node from ``[kind, value, parts, exact]``.

    Raises:
        ValueError: It is something else, or deeper than ``depth``.
    """
    if not isinstance(tree, list) or not depth:
        raise ValueError
    kind, value, parts, exact = tree
    if not isinstance(parts, list):
        raise ValueError  # noqa: TRY004 -- one kind of error for all that is wrong
    node = Node(
        Kind(_text(kind)),
        _text(value),
        tuple([_node(part, depth - 1) for part in parts]),
        _flag(exact),
    )
    if not _is_sound(node):
        raise ValueError
    return node


def _is_sound(node: Node) -> bool:
    """Tell whether the catalogue can answer a node whose parts are sound."""
    fewest = _FEWEST_PARTS.get(node.kind)
    if fewest is None:
        return not node.parts and node.value in _VALUES.get(node.kind, (node.value,))
    return len(node.parts) >= fewest and (node.kind is not Kind.NOT or len(node.parts) == 1)

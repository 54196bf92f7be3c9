"""Saved views ("query feeds") and the standing ignore list, kept in one JSON file.

Schema 1: ``{"schema": 1, "ignore": "", "views": [{"name": "…", "filter": "…"}]}``, in the order in
which they were saved. Everything else in the file is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from storage.errors import DigestTuiError
from storage.json_file import Document, JsonFile, utc_now
from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

NAME_LIMIT = 200
"""The longest name of a view, in characters."""

_EMPTY: Document = {"schema": 1, "ignore": "", "views": []}


class ViewError(DigestTuiError):
    """A view cannot have this name, or there is none of this name; nothing was changed."""


class NameTakenError(ViewError):
    """Another view has the name."""


class SavedView(NamedTuple):
    """A named filter.

    Attributes:
        name: One line without spaces at its ends; no other view has it in other capitals.
        filter: Text of the filter language, as it was typed.
    """

    name: str
    filter: str


class Views:
    """The saved views and the ignore list, shared with other processes.

    Nothing is kept in memory: every call reads the file. It is made at the first change; a damaged
    one is set aside under a name of its own, and ``notices`` names it.

    Args:
        path: The file; a symbolic link is followed.
        lock_timeout: Seconds to wait for other processes that write.
        clock: Tells the time, aware.
    """

    def __init__(
        self, path: Path, *, lock_timeout: float = 5.0, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._file = JsonFile(path, _EMPTY, lock_timeout=lock_timeout, clock=clock)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must be told about the file, oldest first: one sentence each."""
        return self._file.notices

    @property
    def ignore(self) -> str:
        """What is never listed, as text of the filter language; empty: nothing is ignored.

        Raises:
            JsonFileError: The file cannot be read.
        """
        ignore: str = self._file.read()["ignore"]
        return ignore

    def views(self) -> tuple[SavedView, ...]:
        """Return the views in the order in which they were first saved; of one name only the first.

        Raises:
            JsonFileError: The file cannot be read.
        """
        views: dict[str, SavedView] = {}
        for item in self._file.read_list("views", _is_view):
            views.setdefault(_folded(item["name"]), SavedView(item["name"].strip(), item["filter"]))
        return tuple(views.values())

    def save(self, name: str, filter_text: str, *, is_new: bool = False) -> None:
        """Save a view; one of the same name, whatever its capitals, is replaced where it stands.

        Args:
            name: What to call it; spaces at its ends are dropped.
            filter_text: Text of the filter language.
            is_new: No other view is to be replaced.

        Raises:
            NameTakenError: Another view has the name already, and ``is_new``.
            ViewError: The name is blank, too long, or more than a line.
            JsonFileError: Nothing was changed.
        """
        view = {"name": _checked(name), "filter": filter_text}

        def edit(items: list[Any]) -> list[Any]:
            place = _place(name, items)
            if place is None:
                return [*items, view]
            if is_new:
                raise _taken(view["name"])
            return _with_fields(items, place, view)

        self._change(edit)

    def rename(self, name: str, new_name: str) -> None:
        """Give the view ``name`` another name; it stays where it stands.

        Raises:
            ViewError: There is no such view, another one has the new name, or the new name is blank,
                too long, or more than a line.
            JsonFileError: Nothing was changed.
        """
        fields = {"name": _checked(new_name)}

        def edit(items: list[Any]) -> list[Any]:
            place = _found(name, items)
            if _place(new_name, items) not in (place, None):
                raise _taken(fields["name"])
            return _with_fields(items, place, fields)

        self._change(edit)

    def remove(self, name: str) -> None:
        """Remove the view ``name``.

        Raises:
            ViewError: There is no such view.
            JsonFileError: Nothing was changed.
        """

        def edit(items: list[Any]) -> list[Any]:
            _found(name, items)
            return [item for item in items if _name_of(item) != _folded(name)]

        self._change(edit)

    def set_ignore(self, text: str) -> None:
        """Replace the ignore list by ``text`` of the filter language; an empty one ignores nothing.

        Raises:
            JsonFileError: Nothing was changed.
        """
        self._file.change(lambda document: (document | {"ignore": text}, None))

    def _change(self, edit: Callable[[list[Any]], list[Any]]) -> None:
        self._file.change(lambda document: (document | {"views": edit(document["views"])}, None))


def _taken(name: str) -> NameTakenError:
    return NameTakenError(
        tr(
            "There is a view named {name!r} already; rename that one or choose another name.",
            name=name,
        )
    )


def _checked(name: str) -> str:
    name = name.strip()
    if fault := _fault(name):
        # i18n: {fault} is one of the four clauses that follow, such as "is blank".
        sentence = tr("The view is not saved: its name {fault}; choose another name.", fault=fault)
        raise ViewError(sentence)
    return name


def _fault(name: str) -> str:
    """Say why a view cannot be named so; empty where it can."""
    if not name.strip():
        return tr("is blank")
    if len(name) > NAME_LIMIT:
        return tr("has {n} characters, {limit} are the limit", n=len(name), limit=NAME_LIMIT)
    if len(name.splitlines()) > 1:
        return tr("is more than one line")
    # The control characters are the first 32 of ASCII and of what follows it, and DEL.
    if any(character < " " or "\x7f" <= character < "\xa0" for character in name):
        return tr("holds a control character")
    return ""


def _is_view(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    name = item.get("name")
    return isinstance(name, str) and not _fault(name) and isinstance(item.get("filter"), str)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _name_of(item: object) -> str | None:
    """Return the name by which a view is found; None where ``item`` is no view."""
    return _folded(item["name"]) if isinstance(item, dict) and _is_view(item) else None


def _place(name: str, items: list[Any]) -> int | None:
    wanted = _folded(name)
    return next((place for place, item in enumerate(items) if _name_of(item) == wanted), None)


def _found(name: str, items: list[Any]) -> int:
    place = _place(name, items)
    if place is None:
        raise ViewError(tr("There is no view named {name!r}; nothing was changed.", name=name))
    return place


def _with_fields(items: list[Any], place: int, fields: dict[str, str]) -> list[Any]:
    """Return ``items`` with some fields of one view replaced, its others kept."""
    return [*items[:place], items[place] | fields, *items[place + 1 :]]

"""From what a TOML file says to the settings that hold, and what is wrong with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.settings import Hooks, Settings
from storage.settings.declarations import SETTINGS, TABLES
from storage.settings.kinds import RefusedError, closest, line_of, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_NAMES = tuple(name for name in SETTINGS if "." not in name)
_HOOKS = tuple(name.removeprefix("hooks.") for name in SETTINGS if name.startswith("hooks."))
_LONGEST_KEY = 60


class Fault(NamedTuple):
    """Something wrong.

    Attributes:
        key: The path of the key, by which its line is found.
        reason: A whole sentence without the key.
    """

    key: tuple[str, ...]
    reason: str

    @property
    def name(self) -> str:
        """The key, fit for one line of a screen."""
        name = ".".join(self.key)
        return "".join(c if c.isprintable() else "\ufffd" for c in name)[:_LONGEST_KEY]


def settings_in(tables: Mapping[str, Any], folder: Path) -> tuple[Settings, list[Fault]]:
    """Return the settings that hold, and what is wrong with the others.

    Args:
        tables: As ``tomllib`` returns them.
        folder: From which relative paths begin.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, value in tables.items():
        if name in _TABLES:
            values[name] = _TABLES[name](value, folder, faults.append)
        elif name in _NAMES:
            _take(values, (name,), value, folder, faults.append)
        else:
            faults.append(Fault((name,), _unknown(name, value)))
    return Settings(**values), faults


def _take(
    values: dict[str, Any],
    path: tuple[str, ...],
    value: object,
    folder: Path,
    complain: Callable[[Fault], None],
) -> None:
    """Put a value that can be among ``values``; else complain."""
    setting = SETTINGS[".".join(path)]
    assert setting.kind is not None  # noqa: S101 -- those without have a table of their own
    try:
        values[path[-1]] = setting.kind.read(value, folder)
    except RefusedError as error:
        usual = setting.kind.usual(setting.usual)
        if error.better is None:
            said = tr("{wrong}; until then {usual} holds.", wrong=error.wrong, usual=usual)
        else:
            said = tr(
                "{wrong}; write {line}; until then {usual} holds.",
                wrong=error.wrong,
                line=line_of(path[-1], error.better),
                usual=usual,
            )
        complain(Fault(path, said))


def _unknown(name: str, value: object) -> str:
    if name in _HOOKS:
        return _elsewhere("hooks")
    if "." in name:
        return _elsewhere("keys")
    meant = closest(name, (*_NAMES, *TABLES))
    if meant is None:
        return tr("it is not known, and left out.")
    if isinstance(value, dict):
        return tr("it is not known, and left out; perhaps {name} is meant.", name=f"[{meant}]")
    return tr("it is not known, and left out; perhaps {name} is meant.", name=meant)


def _elsewhere(table: str) -> str:
    return tr(
        "it belongs below a line [{table}], and is left out; or write {table}. before it.",
        table=table,
    )


def _keys(value: object, _: Path, complain: Callable[[Fault], None]) -> dict[str, tuple[str, ...]]:
    """Return the user's own keys by the id of the command."""
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(value, dict):
        complain(Fault(("keys",), _no_table("keys", value)))
        return found
    for path, keys in _leaves(value, ("keys",)):
        name = ".".join(path[1:])
        if name in _NAMES:
            said = tr("it belongs above the first line in brackets, and is left out.")
            complain(Fault(path, said))
        elif name in found:
            complain(Fault(path, tr("it is set for a second time; the first holds.")))
        elif isinstance(keys, str):
            found[name] = (keys,)
        elif isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            found[name] = tuple(keys)
        else:
            said = tr(
                "{value} is no key; write {line}; until then its usual keys hold.",
                value=shown(keys),
                line=line_of(shown(name), "s"),
            )
            complain(Fault(path, said))
    return found


def _leaves(
    table: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _hooks(value: object, folder: Path, complain: Callable[[Fault], None]) -> Hooks:
    if not isinstance(value, dict):
        complain(Fault(("hooks",), _no_table("hooks", value)))
        return Hooks()
    values: dict[str, Any] = {}
    for name, program in value.items():
        if name in _HOOKS:
            _take(values, ("hooks", name), program, folder, complain)
        elif name in _NAMES:
            said = tr("it belongs above the first line in brackets, and is left out.")
            complain(Fault(("hooks", name), said))
        else:
            complain(Fault(("hooks", name), _unknown_of(name, _HOOKS)))
    return Hooks(**values)


def _unknown_of(name: str, names: tuple[str, ...]) -> str:
    meant = closest(name, names)
    if meant is None:
        listed = ", ".join(names)
        return tr("it is not known, and left out; there are {names}.", names=listed)
    return tr("it is not known, and left out; perhaps {name} is meant.", name=meant)


def _no_table(name: str, value: object) -> str:
    return tr(
        "{value} is no table, and is left out; write [{name}] and below it its settings.",
        value=shown(value),
        name=name,
    )


def _translation(value: object, _: Path, complain: Callable[[Fault], None]) -> Any:  # noqa: ANN401 -- imported below
    from storage.translation.configuration import (  # noqa: PLC0415 -- only for those who set it
        configuration_in,
    )

    read = configuration_in(value)
    for notice in read.notices:
        complain(Fault(tuple(filter(None, ("translation", notice.key))), notice.reason))
    return read.configuration


_TABLES: dict[str, Callable[[object, Path, Callable[[Fault], None]], Any]] = {
    "keys": _keys,
    "hooks": _hooks,
    "translation": _translation,
}

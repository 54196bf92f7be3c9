"""From what a TOML file says to the settings that hold, and what is wrong with the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.settings import Hooks, Settings
from storage.settings.declarations import SETTINGS, TABLES
from storage.settings.kinds import (
    Kind,
    RefusedError,
    closest,
    is_too_large,
    line_of,
    shown,
    usual,
)
from storage.settings.setting import TRANSLATION

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
        reason: A whole sentence without the key, or what makes it: that takes its time where a
            name is not known, and of thousands only the first are told.
    """

    key: tuple[str, ...]
    reason: str | Callable[[], str]

    @property
    def sentence(self) -> str:
        """What is wrong."""
        return self.reason if isinstance(self.reason, str) else self.reason()

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
            faults.append(Fault((name,), partial(_unknown, name, value)))
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
        values[path[-1]] = _read(setting.kind, value, folder)
    except RefusedError as error:
        held = usual(setting.kind, setting.usual)
        if error.better is None:
            said = tr("{wrong}; until then {usual} holds.", wrong=error.wrong, usual=held)
        else:
            said = tr(
                "{wrong}; write {line}; until then {usual} holds.",
                wrong=error.wrong,
                line=line_of(path[-1], error.better),
                usual=held,
            )
        complain(Fault(path, said))


def _read(kind: Kind, value: object, folder: Path) -> object:
    if is_too_large(value):
        raise RefusedError(tr("the number is too large"))
    return kind.read(value, folder)


def _unknown(name: str, value: object) -> str:
    if name in _HOOKS:
        return _elsewhere("hooks")
    if "." in name:
        return _elsewhere("keys")
    meant = closest(name, TABLES if isinstance(value, dict) else (*_NAMES, *TABLES))
    if meant is None:
        return tr("it is not known, and left out.")
    meant = f"[{meant}]" if meant in TABLES else meant
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
            complain(_belongs_above(path))
        elif name in found:
            complain(Fault(path, tr("it is set for a second time; the first holds.")))
        elif isinstance(keys, str):
            found[name] = (keys,)
        elif isinstance(keys, list) and all(isinstance(key, str) for key in keys):
            found[name] = tuple(keys)
        else:
            complain(Fault(path, _no_keys(name, keys)))
    return found


def _no_keys(name: str, value: object) -> str:
    """Say which part of a value is no key, and what to write of the rest."""
    parts = value if isinstance(value, list) else [value]
    wrong = next(part for part in parts if not isinstance(part, str))
    # A digit without quotes is meant as the key.
    meant = [str(part) for part in parts if isinstance(part, str) or _is_digit(part)]
    better = meant if isinstance(value, list) else meant[0] if meant else None
    if not better:
        return tr(
            "{value} is no key; a key is a text in quotes, several are a list of them; until then"
            " its usual keys hold.",
            value=shown(wrong),
        )
    return tr(
        "{value} is no key; write {line}; until then its usual keys hold.",
        value=shown(wrong),
        line=line_of(shown(name), better),
    )


def _is_digit(value: object) -> bool:
    return type(value) is int and value in range(10)


def _belongs_above(path: tuple[str, ...]) -> Fault:
    return Fault(path, tr("it belongs above the first line in brackets, and is left out."))


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
            complain(_belongs_above(("hooks", name)))
        else:
            complain(Fault(("hooks", name), partial(_unknown_of, name, _HOOKS)))
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

    if isinstance(value, dict):
        for name in filter(_NAMES.__contains__, value):
            complain(_belongs_above((TRANSLATION, name)))
        value = {name: one for name, one in value.items() if name not in _NAMES}
        large = [name for name, number in value.items() if is_too_large(number)]
        if large:
            said = tr("{mistake}; nothing is translated.", mistake=tr("the number is too large"))
            complain(Fault((TRANSLATION, large[0]), said))
            return None
    read = configuration_in(value)
    for notice in read.notices:
        complain(Fault(tuple(filter(None, (TRANSLATION, notice.key))), notice.reason))
    return read.configuration


_TABLES: dict[str, Callable[[object, Path, Callable[[Fault], None]], Any]] = {
    "keys": _keys,
    "hooks": _hooks,
    TRANSLATION: _translation,
}

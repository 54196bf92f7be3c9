"""The values of a JSON object by type; what is of another type becomes a problem."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.formats.content import Findings

_T = TypeVar("_T")


def parse_object(text: str) -> dict[str, Any] | str:
    """Return the JSON object that ``text`` is, or why it is none."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if "\n" in text.strip():
            return tr(
                "the JSON is damaged at line {line}, column {column}",
                line=error.lineno,
                column=error.colno,
            )
        return tr("the JSON is damaged at column {column}", column=error.colno)
    except (ValueError, RecursionError):
        return tr("the JSON has a number too long or brackets too deep")
    return value if isinstance(value, dict) else tr("the JSON is no object")


class Values:
    """Reads an object's values.

    Args:
        values: The object.
        line: Where it stands in the document.
        findings: Takes the values that are of another type than asked for.
    """

    def __init__(self, values: dict[str, Any], line: int, findings: Findings) -> None:
        self._values = values
        self._line = line
        self._findings = findings

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def note(self, reason: str, raw: str) -> None:
        """Note that a value could not be understood."""
        self._findings.add(self._line, reason, raw)

    def text(self, key: str) -> str:
        """Return a text as it stands; the empty string where it is missing or null."""
        value = self._values.get(key)
        return value if isinstance(value, str) else self._missing(key, value, "")

    def number(self, key: str) -> int | None:
        """Return a whole number of ordinary size."""
        value = self._values.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
            return value
        return self._missing(key, value, None)

    def flag(self, key: str) -> bool:
        """Return a truth value; False where it is missing."""
        value = self._values.get(key)
        return value if isinstance(value, bool) else self._missing(key, value, False)  # noqa: FBT003 -- the value, not a switch

    def texts(self, key: str) -> list[str]:
        """Return the texts of a list."""
        value = self._values.get(key)
        if not isinstance(value, list):
            return self._missing(key, value, [])
        texts = [item for item in value if isinstance(item, str)]
        if len(texts) < len(value):
            self._missing(key, value, None)
        return texts

    def inner(self, key: str) -> Values:
        """Return an object inside the object; an empty one where it is missing."""
        value = self._values.get(key)
        found = value if isinstance(value, dict) else self._missing(key, value, {})
        return Values(found, self._line, self._findings)

    def _missing(self, key: str, value: object, otherwise: _T) -> _T:
        if value is not None:
            self.note(tr('"{key}" is of another type than expected', key=key), _raw(value))
        return otherwise


def _raw(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""

"""The JSON text of documents: one line each, readable, whatever they hold."""

from __future__ import annotations

import json

from storage.language import tr

Document = dict[str, object]

_readable = json.JSONEncoder(ensure_ascii=False).encode
_escaped = json.JSONEncoder(ensure_ascii=True).encode


def encoded(value: object) -> bytes:
    """Write ``value`` as UTF-8 JSON text without line breaks.

    Raises:
        TypeError: It holds what JSON does not know.
    """
    try:
        return _readable(value).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; JSON's escapes keep it.
        return _escaped(value).encode()


def why_no_json(error: ValueError | RecursionError) -> str:
    """Say, as a clause, what ``json`` could not read; a line and a column, as an editor counts them."""
    if isinstance(error, json.JSONDecodeError):
        return tr(
            "it is not JSON at line {line}, column {column}", line=error.lineno, column=error.colno
        )
    return tr("it is no JSON: a number is too long or brackets are too deep")

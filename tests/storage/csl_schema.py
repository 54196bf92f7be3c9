"""What https://github.com/citation-style-language/schema (csl-data.json, 1.0) says of the fields we use."""

from __future__ import annotations

_TEXT = {"type": "string"}
_NUMBER = {"type": ["string", "number"]}
_NAME = {
    "type": "object",
    "properties": {
        "family": _TEXT,
        "given": _TEXT,
        "dropping-particle": _TEXT,
        "non-dropping-particle": _TEXT,
        "suffix": _TEXT,
        "literal": _TEXT,
    },
    "additionalProperties": False,
}
_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": _NUMBER, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        }
    },
    "additionalProperties": False,
}

CSL_DATA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["article", "article-journal", "manuscript", "report", "webpage"]},
            "id": _NUMBER,
            "author": {"type": "array", "items": _NAME},
            "issued": _DATE,
            "abstract": _TEXT,
            "archive": _TEXT,
            "archive_location": _TEXT,
            "keyword": _TEXT,
            "note": _TEXT,
            "number": _NUMBER,
            "publisher": _TEXT,
            "title": _TEXT,
            "URL": _TEXT,
            "version": _TEXT,
        },
        "required": ["type", "id"],
        "additionalProperties": False,
    },
}

"""Documents at random for the proofs of the marks' files, and how many of them are tried."""

from __future__ import annotations

import json
import os
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st

Document = dict[str, Any]

# More of them find rarer faults: DIGEST_TUI_EXAMPLES=4000, as ``make torture`` does.
_EXAMPLES: Final = os.environ.get("DIGEST_TUI_EXAMPLES", "")
proof: Final = settings(
    max_examples=int(_EXAMPLES or 150), derandomize=not _EXAMPLES, deadline=None, database=None
)


def texts_or(*odd: str) -> st.SearchStrategy[str]:
    """Short texts of any characters, and ``odd`` ones among others that a form may trip over."""
    return st.text(st.characters(), max_size=8) | st.sampled_from(
        ["", "值得细读", "\ud800", "\n\r\u2028\x85\0", '"\\', "😀", *odd]
    )


def values_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """All that JSON knows, a few values deep."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
    return st.recursive(
        leaves,
        lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(texts, deeper, max_size=3),
        max_leaves=5,
    )


def json_of(value: object) -> str:
    """Tell values apart as JSON does: to Python 1, 1.0 and True are equal."""
    return json.dumps(value, sort_keys=True)

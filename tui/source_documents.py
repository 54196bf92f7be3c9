"""Which documents of the catalogue are those of a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.library.conditions import documents_named
from storage.library.holdings import documents_in
from storage.sources.source import PATH

if TYPE_CHECKING:
    from storage.library.conditions import Condition
    from storage.sources.places import Roots
    from storage.sources.source import Source


def documents_of(roots: Roots, source: Source) -> Condition:
    """Return what the documents ``d`` of a source meet."""
    if source.kind != PATH or not source.pattern:
        sql, values = documents_in(_paths(roots, source))
        return f"d.state = 0 AND {sql}", list(values)
    parts = [documents_named(name) for name in names_of(roots, source)]
    whole = " OR ".join(sql for sql, _ in parts)
    return f"d.state = 0 AND ({whole})", [value for _, values in parts for value in values]


def names_of(roots: Roots, source: Source) -> list[str]:
    """Name the documents of a source as ``in:`` does, where only a star means anything."""
    if source.kind == PATH and source.pattern:
        folder, pattern = source.place.rstrip("/"), _with_stars(source.pattern)
        # Without a slash in it a pattern is one of names, in whichever folder they are.
        other = pattern.replace("*/", "") if "/" in pattern else f"*/{pattern}"
        return list(dict.fromkeys((f"{folder}/{pattern}", f"{folder}/{other}")))
    found = []
    for path in _paths(roots, source):
        found += [path, f"{path.rstrip('/')}/*"] if source.kind == PATH else [f"{path}/*"]
    return found


def _paths(roots: Roots, source: Source) -> list[str]:
    return [place.path for place in roots.places(source)]


def _with_stars(pattern: str) -> str:
    """Write a pattern of ``fnmatch`` with stars alone, which may match more."""
    return re.sub(r"\*+", "*", re.sub(r"\[!?\]?[^\]]*\]|\?", "*", pattern))

"""Joining words: what stands between names, clauses and sentences differs by language."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from storage.language import tr, tr_in

if TYPE_CHECKING:
    from collections.abc import Iterable

_WIDE_ENDS = ("。", "？", "；", "：")


def names_of(names: Iterable[str]) -> str:
    """List names: ``cs.LG, cs.CL``; empty for none."""
    # i18n: it stands between two names, as in "cs.LG, cs.CL".
    return tr_in("between names", ", ").join(names)


def clauses(parts: Iterable[str]) -> str:
    """Join clauses, or facts, to one: ``3 files, 1.2 MB``; empty ones are left out."""
    return tr_in("between clauses", ", ").join(filter(None, parts))


def sentences(parts: Iterable[str]) -> str:
    """Let whole sentences follow one another; empty ones are left out.

    Behind a full-width stop there is no space; what another program said may be English among
    Chinese, so that the stop decides and not the language in use.
    """
    said = [*filter(None, parts), ""]
    return "".join(
        one if one.endswith(_WIDE_ENDS) or not following else f"{one} "
        for one, following in pairwise(said)
    )


def said_of(place: object, reason: object) -> str:
    """Say what it is about, then what is to be said: ``notes.json: it is empty``."""
    # i18n: {place} is a path, an address or a name, {reason} a clause or a sentence about it
    return tr("{place}: {reason}", place=place, reason=reason)

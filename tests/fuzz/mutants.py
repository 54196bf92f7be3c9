"""Mutants by number: of one seed and the same documents, a number is always the same mutant."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fuzz.mutators import damaged

if TYPE_CHECKING:
    from tests.fuzz.documents import Documents

_LARGEST: Final = 3_000_000


class Mutant(NamedTuple):
    """A damaged document.

    Attributes:
        name: The path of what it was made of.
        data: What is to be read.
        undamaged: What it was made of.
    """

    name: str
    data: bytes
    undamaged: bytes


def mutant(documents: Documents, seed: int, number: int) -> Mutant:
    """Make the mutant ``number``."""
    random = Random(f"{seed}:{number}")
    name, data = documents.pick(random)
    other = documents.pick(random).data
    return Mutant(name, damaged(random, data, other)[:_LARGEST], data)

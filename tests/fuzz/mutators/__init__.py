"""How documents are damaged: each mutator makes one document of two, by chance.

``Mutator`` takes the source of chance, the document, and another to take pieces from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.fuzz.mutators import bytewise, encodings, json_values, lines, xml

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Mutator = "Callable[[Random, bytes, bytes], bytes]"

_MOST_STEPS: Final = 4


def damaged(random: Random, data: bytes, other: bytes) -> bytes:
    """Return ``data`` after one to four steps, most of them of its own format."""
    for _ in range(random.randint(1, _MOST_STEPS)):
        data = random.choice(_fitting(random, data))(random, data, other)
    return data


def _fitting(random: Random, data: bytes) -> tuple[Callable[[Random, bytes, bytes], bytes], ...]:
    sign = data[:200].lstrip()[:1]
    own = {b"<": xml.ALL, b"{": json_values.ALL}.get(sign, lines.ALL)
    return random.choice((own, own, bytewise.ALL, lines.ALL, encodings.ALL))

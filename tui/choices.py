"""What menus offer; apart from the list that draws it, which is loaded with the first menu."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """One row.

    Attributes:
        label: What is chosen.
        value: What choosing it gives; None makes the row a heading that cannot be chosen.
        key: The key that chooses it at once, or a note before the label.
        fact: Shown at the right, such as a count.
    """

    label: str
    value: str | None = None
    key: str = ""
    fact: str = ""

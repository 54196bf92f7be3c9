"""Keys as lists and the screens around them bind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

if TYPE_CHECKING:
    from textual.binding import BindingType

ARROWS = (
    ("down", "go('down')"),
    ("up", "go('up')"),
    ("pagedown", "go('page_down')"),
    ("pageup", "go('page_up')"),
)
"""Keys that move through a list, with their actions: those that no line to type in needs."""
ENDS = (("home", "go('first')"), ("end", "go('last')"))
"""Further ones, which such a line may need too."""


def bound(*keys: tuple[str, str]) -> list[BindingType]:
    """Bind keys, several with commas between them, to actions.

    The app itself runs them, one after the other: a key right after Escape is for the screen
    below, and one right after the key that leads to a line is for that.
    """
    return [Binding(each, action, show=False, priority=True) for each, action in keys]

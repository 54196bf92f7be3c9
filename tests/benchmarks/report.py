"""The lines that a benchmark prints: what was measured, the figure, and the aim beside it."""

from __future__ import annotations

from typing import NamedTuple


class Aim(NamedTuple):
    """What a figure should be: at most ``limit``, or at least that."""

    limit: float
    is_least: bool = False

    def is_met(self, figure: float) -> bool:
        """Tell whether ``figure`` is as it should be."""
        return figure >= self.limit if self.is_least else figure <= self.limit


def say(what: str, figure: float, unit: str, aim: Aim | None = None) -> None:
    """Print a line.

    Args:
        what: What was measured.
        figure: In ``unit``.
        unit: ``ms``, ``s``, ``MB``, ``%``; empty for a ratio.
        aim: What it should be; None where nobody set an aim.
    """
    line = f"{what:<58} {_number(figure):>9} {unit:<2}"
    if aim is not None:
        word = "at least" if aim.is_least else "at most"
        line += f"  {word} {_number(aim.limit)}{'' if aim.is_met(figure) else '  MISSED'}"
    print(line.rstrip(), flush=True)


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n{text}", flush=True)


def _number(figure: float) -> str:
    if figure == int(figure):
        return f"{figure:,.0f}"
    return f"{figure:.2f}" if abs(figure) < 10 else f"{figure:,.1f}"

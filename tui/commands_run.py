"""Commands that are imported only when they run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    Complain = Callable[[str], None]
    Run = Callable[[str, str], Callable[[Namespace], int]]


def runner(complain: Complain) -> Run:
    """Return what makes a command of the name of a module of ``tui`` and that of a function in it.

    Args:
        complain: Says one sentence to the user; it is handed on to the functions.
    """

    def run(module: str, name: str) -> Callable[[Namespace], int]:
        def command(options: Namespace) -> int:
            code: int = getattr(import_module(f"tui.{module}"), name)(options, complain)
            return code

        return command

    return run

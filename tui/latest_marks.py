"""The latest marks brought into the catalogue before something is counted there."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from tui.messages import Then

if TYPE_CHECKING:
    from typing import Any

    from textual.screen import Screen

    from tui.session import Session

_PATIENCE = 1.0
"""Seconds to wait for marks that are just being written; that takes a hundredth of it."""


def take_in_marks(session: Session, below: Screen[Any]) -> None:
    """Let counts know the latest marks, even one of a moment ago. Called from a worker.

    Args:
        session: Whose marks they are.
        below: The screen that takes in changes of the marks.

    Raises:
        DigestTuiError: They cannot be taken in.
    """
    session.marks.flush(_PATIENCE)
    taken_in = Event()
    # Behind all that the writer of the marks has told it.
    if below.post_message(Then(taken_in.set)):
        taken_in.wait(_PATIENCE)
    session.mirror.flush()

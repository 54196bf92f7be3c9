"""What comes of translating a paper: values, for whoever asked for it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Kind(Enum):
    """What kept a paper from being translated."""

    SETUP = auto()
    """The service refuses all that we send: the key, the model, the address, the money."""
    SERVICE = auto()
    """It cannot be reached, is busy or at fault; later it may be otherwise."""
    ANSWER = auto()
    """What it answered is no translation of this paper."""
    LIMIT = auto()
    """The day's tokens are used up, or cannot be counted."""
    DISK = auto()
    CANCELLED = auto()
    NOTHING = auto()
    """There is nothing to translate."""


class Failure(NamedTuple):
    """Nothing came.

    Attributes:
        kind: What kept it from coming.
        reason: What happened and what to do, one sentence.
        may_cost: Whether the service may have begun to answer, which it counts.
    """

    kind: Kind
    reason: str
    may_cost: bool = False

    @property
    def ends_all(self) -> bool:
        """Whether other papers need not be tried."""
        return self.kind not in (Kind.ANSWER, Kind.NOTHING)


class Translated(NamedTuple):
    """A translation that is kept on disk.

    Attributes:
        path: Its file.
        fields: Which texts it has.
        tokens: What it cost, sent and received; 0 where it was there already.
    """

    path: Path
    fields: tuple[str, ...]
    tokens: int


Outcome = Translated | Failure

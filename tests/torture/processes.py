"""Processes that say what they do through a pipe, which outlives them; and that may be killed."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

    from tests.torture.report import Counts

Report = Callable[[str], None]
"""Tells the other end of the pipe."""


class Told(NamedTuple):
    """What a process said until it was killed.

    Attributes:
        confirmed: Numbers of changes, in order.
        begun: Numbers of those that were not confirmed, in order.
        compactions: How many were done.
    """

    confirmed: list[int]
    begun: list[int]
    compactions: int


def killed(work: Sequence[Callable[[Report], None]], chance: Random, longest: float) -> Told:
    """Have processes work, and kill them at once some time after the first change."""
    out, children = _begun(work)
    first = os.read(out, 65_536)
    time.sleep(chance.random() * longest)
    return _told(first + _kill_and_read(out, children))


def _kill_and_read(out: int, children: Sequence[int]) -> bytes:
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or status == 0, "a process ended with an error"
    return _rest(out)


def ended(work: Sequence[Callable[[Report], None]]) -> Told:
    out, children = _begun(work)
    data = _rest(out)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0, "a process ended with an error"
    return _told(data)


def _begun(work: Sequence[Callable[[Report], None]]) -> tuple[int, list[int]]:
    out, into = os.pipe()
    children = []
    for each in work:
        child = os.fork()
        if not child:
            _work(each, into)
        children.append(child)
    os.close(into)
    return out, children


def _work(work: Callable[[Report], None], into: int) -> None:
    def tell(text: str) -> None:
        os.write(into, f"{text}\n".encode())

    code = 1
    try:
        work(tell)
        code = 0
    except BaseException:  # noqa: BLE001 -- the end of a process
        traceback.print_exc()
    finally:
        os._exit(code)


def _rest(out: int) -> bytes:
    data = b""
    while part := os.read(out, 65_536):
        data += part
    os.close(out)
    return data


def _told(data: bytes) -> Told:
    begun: dict[int, None] = {}
    confirmed: list[int] = []
    compactions = 0
    for line in data.decode().splitlines():
        if line == "c":
            compactions += 1
        elif line[0] == "+":
            begun[int(line[1:])] = None
        else:
            confirmed.append(int(line[1:]))
            del begun[confirmed[-1]]
    return Told(confirmed, list(begun), compactions)


def in_a_child(work: Callable[[], Counts]) -> Counts:
    """Do it in a process that may be limited, or become another user's."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            counts = work()
            os.write(into, "\n".join(f"{each}={count}" for each, count in counts.items()).encode())
            code = 0
        except BaseException:  # noqa: BLE001 -- the end of a process
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(into)
    _, status = os.waitpid(child, 0)
    said = os.read(out, 65_536).decode()
    os.close(out)
    assert status == 0, "see above"
    return {
        each: int(count) for each, _, count in (line.partition("=") for line in said.split("\n"))
    }

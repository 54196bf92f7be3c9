"""Fetching: 500 documents from 50 sources by command and in the reader, and from a slow server."""

from __future__ import annotations

import fcntl
import os
import re
import statistics
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.library.checkup import is_being_refreshed
from storage.sources.fetching.records import Records
from storage.sources.registry import SourceList
from tests.benchmarks.following import FEW, MANY, Following
from tests.benchmarks.libraries import Refreshed, home, memory
from tests.benchmarks.reader import FIRST_ROW, PROGRAM
from tests.benchmarks.report import Aim, say, title
from tests.benchmarks.serving import serving
from tests.benchmarks.stopwatch import PATIENCE, SIZE, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.benchmarks.following import Extent
    from tests.benchmarks.libraries import Library
    from tests.benchmarks.serving import Served, Server
    from tests.benchmarks.stopwatch import Piece

_SLOW: Final = 2.0
"""Seconds that every answer of a slow server takes."""
_STARTS: Final = 5
_PRESSES: Final = 200
_BETWEEN: Final = (0.08, 0.12)
"""Seconds between two presses of a key: not in step with anything that the reader does."""
_END: Final = 10.0
"""Seconds that the reader may take to end."""
_CALM: Final = 1.0
"""Seconds in which nothing is read or fetched, after which a refresh is over."""
_ROW: Final = re.compile(r"  ([\d,]+) of [\d,]+  ")


class _Followed(NamedTuple):
    """A library that follows sources, and their server."""

    environment: Mapping[str, str]
    following: Following
    extent: Extent
    server: Server

    @property
    def catalogue(self) -> Path:
        """The library's catalogue."""
        return Path(self.environment["XDG_CACHE_HOME"], "digest-tui", "library.sqlite3")

    @property
    def records(self) -> Records:
        """What came of each source."""
        return Records(Path(self.environment["XDG_STATE_HOME"], "digest-tui", "fetching.json"))

    def forget_days(self) -> None:
        """Ask for all days of dated addresses again, also those that are settled."""
        records = self.records
        for source, record in records.all().items():
            records.note(source, record._replace(days={}))

    def make_due(self) -> None:
        """Let the reader fetch all sources by itself, at its start."""
        records = self.records
        for source in records.all():
            records.forget(source)

    def is_at_work(self) -> bool:
        """Tell whether anything is being fetched or read."""
        fetched = Path(self.environment["XDG_DATA_HOME"], "digest-tui", "fetched")
        return is_being_refreshed(self.catalogue) or _is_locked(fetched / ".lock")


class _Keys(NamedTuple):
    """How long keys took from being pressed to their frame, in seconds, in ascending order."""

    seconds: Sequence[float]

    @property
    def median(self) -> float:
        """Half of the keys took less."""
        return statistics.median(self.seconds)

    @property
    def p99(self) -> float:
        """One key of a hundred took longer."""
        return self.seconds[int(len(self.seconds) * 0.99)]


def measure(library: Library) -> None:
    """Print what following many sources takes in a library."""
    title(f"Fetching, {library.papers:,} papers, load of the machine {os.getloadavg()[0]:.1f}")
    with _followed(library, FEW) as few:
        small = _measure_command(few)
    with _followed(library, MANY) as many:
        large = _measure_command(many)
        if small.peak is not None and large.peak is not None:
            say("memory, 500 documents to 50", large.peak / small.peak, "", Aim(1.25))
        _measure_reader(many)
        _measure_slow_server(many)


@contextmanager
def _followed(library: Library, extent: Extent) -> Iterator[_Followed]:
    """Follow sources of which nothing has come yet, in a library of one's own."""
    with (
        home(library) as environment,
        TemporaryDirectory(prefix="digest-tui-bench-") as folder,
        serving(Path(folder, "served")) as server,
    ):
        following = Following(Path(folder), server, extent)
        following.publish()
        own = environment | {"XDG_CACHE_HOME": f"{folder}/cache"}
        followed = _Followed(own, following, extent, server)
        followed.catalogue.parent.mkdir(parents=True)
        copyfile(library.cache / "digest-tui" / "library.sqlite3", followed.catalogue)
        listed = SourceList(Path(own["XDG_DATA_HOME"], "digest-tui", "sources.json"))
        problems = listed.add(following.sources)
        assert not problems, problems
        yield followed


def _measure_command(followed: _Followed) -> Refreshed:
    """Refresh by command: from nothing, and with nothing new; return what the first time took."""
    extent = followed.extent
    first, served = _refresh(followed)
    what = f"{extent.documents} documents, {extent.sources} sources"
    assert served.sent == extent.served, served
    say(f"{what}: from nothing", first.seconds, "s")
    say(f"{what}: documents a second", extent.documents / first.seconds, "")
    say(f"{what}: work of the server", served.work, "s")
    if first.peak is not None:
        say(f"{what}: memory at its peak", first.peak / 1e6, "MB", Aim(300))
    followed.forget_days()
    again, served = _refresh(followed)
    assert (served.sent, served.known) == (0, extent.served), served
    say(f"{what}: again, nothing new", again.seconds, "s")
    if again.peak is not None:
        say(f"{what}: again, memory at its peak", again.peak / 1e6, "MB")
    return first


def _refresh(followed: _Followed) -> tuple[Refreshed, Served]:
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | dict(followed.environment)
    before, peak, begun = followed.server.served(), None, time.perf_counter()
    with subprocess.Popen([PROGRAM, "refresh", "--quiet"], env=environment) as one:
        while one.poll() is None:
            peak = memory(one.pid, "VmHWM") or peak
            time.sleep(0.02)
    seconds = time.perf_counter() - begun
    assert one.returncode == 0, one.returncode
    return Refreshed(seconds, peak), followed.server.served().since(before)


def _measure_reader(followed: _Followed) -> None:
    """Press ``j`` while nothing happens, and while all documents come anew."""
    with _opened(followed) as terminal:
        idle = _press(terminal, _times(_PRESSES))
        _say_keys("nothing is fetched", idle)
        followed.following.publish(is_changed=True)
        followed.forget_days()
        terminal.collect(_CALM)
        before = followed.server.served()
        begun = terminal.press("R")
        meanwhile = _press(terminal, _until_calm(followed))
        took = time.perf_counter() - begun
        served = followed.server.served().since(before)
        assert served.sent == followed.extent.served, served
        say("R, all documents have changed", took, "s")
        _say_keys("R refreshes", meanwhile, idle)


def _measure_slow_server(followed: _Followed) -> None:
    """Start the reader, and press ``j`` in it, while every answer takes long."""
    calm = [_start(followed) for _ in range(_STARTS)]
    with _opened(followed) as terminal:
        idle = _press(terminal, _times(_PRESSES))
    followed.server.served(wait=_SLOW)
    slow = []
    for _ in range(_STARTS):
        followed.make_due()
        slow.append(_start(followed))
    due, quiet = (statistics.median(first for first, _ in starts) for starts in (slow, calm))
    say("first frame, nothing is due", quiet * 1000, "ms")
    say(f"first frame, answers take {_SLOW:.0f} s", due * 1000, "ms", Aim(1.25 * quiet * 1000))
    say("q, slowest end while waiting for answers", max(end for _, end in slow), "s", Aim(2))
    followed.make_due()
    with _opened(followed) as terminal:
        meanwhile = _press(terminal, _times(_PRESSES))
        assert followed.is_at_work()
    _say_keys(f"answers take {_SLOW:.0f} s", meanwhile, idle)


def _start(followed: _Followed) -> tuple[float, float]:
    """Return the seconds until the first frame, and from ``q`` half a second later to the end."""
    begun = time.perf_counter()
    with Stopwatch([PROGRAM], SIZE, followed.environment) as terminal:
        first, _ = terminal.shown(lambda: FIRST_ROW.search(terminal.text()), bool)
        terminal.collect(0.5, patience=0.5)
        return first - begun, _quit(terminal)


def _quit(terminal: Stopwatch) -> float:
    """End the reader; return the seconds, after some of which it is given up and killed."""
    begun = terminal.press("q")
    with suppress(AssertionError):
        terminal.wait_exit(_END)
    return time.perf_counter() - begun


@contextmanager
def _opened(followed: _Followed) -> Iterator[Stopwatch]:
    """Open the reader where papers that come anew change no row above the cursor, nor its number."""
    with Stopwatch([PROGRAM], SIZE, followed.environment) as terminal:
        terminal.shown(lambda: FIRST_ROW.search(terminal.text()), bool)
        for key, wanted in (("S", "Enter choose"), ("o", "oldest first"), ("g", "  1 of ")):
            terminal.press(key)
            terminal.shown(terminal.text, re.compile(wanted).search, quiet=0.2)
        terminal.press("<pgdn>")
        terminal.shown(lambda: _row(terminal), lambda row: row > 1, quiet=0.2)
        terminal.collect(_CALM, patience=_CALM)
        yield terminal
        _quit(terminal)


def _is_locked(path: Path) -> bool:
    """Tell whether another process is at what ``path`` keeps others from."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _times(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is not None


def _until_calm(followed: _Followed) -> Callable[[], bool]:
    """Return what tells whether a refresh that was just asked for goes on."""
    last = time.perf_counter() + _CALM
    end = last + PATIENCE

    def goes_on() -> bool:
        nonlocal last
        now = time.perf_counter()
        assert now < end, "the refresh does not end"
        if followed.is_at_work():
            last = now
        return now - last < _CALM

    return goes_on


def _press(terminal: Stopwatch, goes_on: Callable[[], bool]) -> _Keys:
    """Press ``j`` about ten times a second; what is drawn is looked at when all is over."""
    rng, before = Random(1), _row(terminal)
    pressed: list[float] = []
    pieces: list[Piece] = []
    due = time.perf_counter()
    while goes_on():
        pieces += terminal.until(due)
        pressed.append(terminal.press("j"))
        due += rng.uniform(*_BETWEEN)
    pieces += terminal.collect(_CALM)
    frames: list[float] = []
    for piece in pieces:
        terminal.draw(piece)
        moved = _row(terminal) - before
        frames += [piece.at] * (moved - len(frames))
    assert len(frames) == len(pressed), (len(frames), len(pressed), terminal.text())
    return _Keys(sorted(at - when for when, at in zip(pressed, frames, strict=True)))


def _row(terminal: Stopwatch) -> int:
    """Return the cursor's row; 0 where the top line is half drawn."""
    found = _ROW.search(terminal.emulator.screen.row(0))
    return int(found[1].replace(",", "")) if found else 0


def _say_keys(when: str, keys: _Keys, idle: _Keys | None = None) -> None:
    say(f"j while {when}, median of {len(keys.seconds)}", keys.median * 1000, "ms")
    say(f"j while {when}, p99", keys.p99 * 1000, "ms")
    say(f"j while {when}, slowest", keys.seconds[-1] * 1000, "ms", Aim(100))
    if idle is not None:
        say(f"j while {when}, median to idle", keys.median / idle.median, "", Aim(1.5))
        say(f"j while {when}, p99 to idle", keys.p99 / idle.p99, "")

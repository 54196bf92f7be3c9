"""``make bench``: start-up beside an empty Textual app, keys, bytes over the line, memory, parsing.

The two programs start in turn, so that a busy machine slows both. Medians are printed; the ratio
is that of the medians of one run.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from storage.export.markdown import digest_to_markdown
from storage.formats import parse
from storage.model import ArxivId
from tests.tui.terminal import Terminal

SIZE = (160, 48)
RUNS = 15
KEYS = 25

_EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    BINDINGS = [("q", "quit", "quit")]
    def compose(self):
        yield Static("ready")
Empty().run()
"""


def main() -> None:
    """Measure and print."""
    reader: list[str | Path] = [Path(sys.executable).with_name("digest-tui"), "demo"]
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        empty, ours = _starts([sys.executable, "-c", _EMPTY], "ready", reader, "Attention Is")
        print(f"first frame, empty Textual app   {empty * 1000:7.1f} ms")
        print(f"first frame, digest-tui demo     {ours * 1000:7.1f} ms  ratio {ours / empty:.2f}")
        long = Path(home, "long.md")
        long.write_text(_long_digest(600), "utf-8")
        for key in ("j", "<pgdn>", "l"):
            print(_key_line([reader[0], long], key))
        _idle_and_memory(reader)
    _parsing()


def _starts(
    one: list[str | Path], ready: str, other: list[str | Path], other_ready: str
) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS + 1):
        times[0].append(_start(one, ready))
        times[1].append(_start(other, other_ready))
    # The first start of each warms the file cache.
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def _start(argv: list[str | Path], ready: str) -> float:
    begun = time.perf_counter()
    with Terminal(argv, size=SIZE) as terminal:
        terminal.wait_for(ready)
        taken = time.perf_counter() - begun
        terminal.send("q")
        terminal.wait_exit()
    return taken


def _long_digest(papers: int) -> str:
    """The demo's papers again and again under other identifiers."""
    data = files("tui").joinpath("demo.md").read_bytes()
    entries = parse(data, "demo.md", datetime(2024, 4, 4)).entries
    return digest_to_markdown(
        [
            replace(entries[n % len(entries)], arxiv_id=ArxivId(f"2404.{n + 1:05}"), ref=n + 1)
            for n in range(papers)
        ]
    )


def _key_line(argv: list[str | Path], key: str) -> str:
    with Terminal(argv, size=SIZE) as terminal:
        terminal.wait_for("Attention Is")
        terminal.settle(1.5)
        times, sizes = [], []
        for _ in range(KEYS):
            before = len(terminal.raw)
            begun = time.perf_counter()
            terminal.send(key)
            terminal.wait_until(lambda start=before: len(terminal.raw) > start, "a frame", 1)  # type: ignore[misc] # bound
            times.append(time.perf_counter() - begun)
            terminal.settle(0.04)
            sizes.append(len(terminal.raw) - before)
        terminal.send("q")
        terminal.wait_exit()
    times.sort()
    median, last = statistics.median(times) * 1000, times[int(len(times) * 0.99)] * 1000
    return (
        f"key to frame, {key:<8} median {median:5.1f} ms  p99 {last:5.1f} ms  "
        f"{statistics.mean(sizes):6.0f} bytes"
    )


def _idle_and_memory(argv: list[str | Path]) -> None:
    with Terminal(argv, size=SIZE) as terminal:
        terminal.wait_for("Attention Is")
        terminal.settle(2)
        before = len(terminal.raw)
        terminal.settle(3, 4)
        print(f"written while idle for 3 s       {len(terminal.raw) - before:7} bytes")
        status = Path(f"/proc/{terminal.process.pid}/status")
        if status.exists():
            peak = next(li for li in status.read_text().splitlines() if li.startswith("VmHWM"))
            print(f"memory at its peak               {int(peak.split()[1]) / 1024:7.1f} MB")
        terminal.send("q")
        terminal.wait_exit()


def _parsing() -> None:
    data = files("tui").joinpath("demo.md").read_bytes()
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        parse(data, "demo.md", datetime(2024, 4, 4))
        times.append(time.perf_counter() - begun)
    median = statistics.median(times)
    print(f"parsing                          {len(data) / 1e6 / median:7.1f} MB/s")


if __name__ == "__main__":
    main()

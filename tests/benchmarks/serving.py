"""A web server in a process of its own, so that its work is told apart from the reader's.

``python -m tests.benchmarks.serving FOLDER HOST…`` answers with the files of a folder, and with 304
where they are known. It prints its port; then each line that it reads is the number of seconds that
every answer waits from now on, and it prints what it did until then.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS: Final = tuple(f"127.0.0.{n}" for n in range(1, 7 if sys.platform == "linux" else 2))
"""Of one host only two documents are asked for at once; only Linux has more on its loopback."""


class Served(NamedTuple):
    """What a server has done so far: documents sent, answers that they are known, seconds of work."""

    sent: int
    known: int
    work: float

    def since(self, before: Served) -> Served:
        """Return what it has done since then."""
        return Served(self.sent - before.sent, self.known - before.known, self.work - before.work)


class Server(NamedTuple):
    """A server that runs."""

    process: subprocess.Popen[str]
    port: int

    def url(self, number: int, path: str) -> str:
        """Return an address; those of another ``number`` are of another host."""
        return f"http://{HOSTS[number % len(HOSTS)]}:{self.port}/{path}"

    def served(self, *, wait: float = 0) -> Served:
        """Tell what it has done; let every answer wait for some seconds from now on."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(wait, file=self.process.stdin, flush=True)
        return Served(*json.loads(self.process.stdout.readline()))


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve the files of ``folder``, as they are when they are asked for."""
    command = [sys.executable, "-m", "tests.benchmarks.serving", str(folder), *HOSTS]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Server(process, int(process.stdout.readline()))
        process.stdin.close()


class _State:
    def __init__(self) -> None:
        self.lock = Lock()
        self.sent = self.known = 0
        self.wait = 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two would wait for each other (Nagle's algorithm).
    wbufsize = -1

    def __init__(self, state: _State, folder: Path, *args: object) -> None:
        self._state = state
        self._folder = folder
        super().__init__(*args)  # type: ignore[arg-type] # socketserver's own three

    def do_GET(self) -> None:
        time.sleep(self._state.wait)
        path = self._folder / self.path[1:]
        try:
            status = path.stat()
        except FileNotFoundError:
            self.send_error(404)
            return
        tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        is_known = self.headers["If-None-Match"] == tag
        body = b"" if is_known else path.read_bytes()
        with self._state.lock:
            self._state.sent += not is_known
            self._state.known += is_known
        self.send_response(304 if is_known else 200)
        self.send_header("ETag", tag)
        if not is_known:
            self.send_header("Content-Type", "text/markdown; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _main(folder: Path, hosts: list[str]) -> None:
    state, port = _State(), 0
    for host in hosts:
        server = ThreadingHTTPServer((host, port), partial(_Handler, state, folder))
        port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
    print(port, flush=True)
    for line in sys.stdin:
        state.wait = float(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(
            json.dumps([state.sent, state.known, used.ru_utime + used.ru_stime]),
            flush=True,
        )


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2:])

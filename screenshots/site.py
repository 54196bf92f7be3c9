"""A small site of digests on the loopback, and the sources of a picture that follow it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from tests.benchmarks.generator import write_digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_EMPTY = "# 摘要\n\n| Ref | Title | Summary |\n| --- | --- | --- |\n\n\n# 详细\n\n"
_DAY = 86_400


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def followed(home: Path, program: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Serve digests as long as the context lasts, and follow them: well, empty, gone and paused ones."""
    site = home / "site"
    write_digests(site, 300)
    newest = max(site.rglob("*.md"), key=lambda path: path.name)
    newest.rename(site / "cs.LG.md")
    (site / "econ.md").write_text(_EMPTY, "utf-8")
    then = time.time() - 9 * _DAY
    os.utime(site / "econ.md", (then, then))
    os.utime(site / "cs.LG.md")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        for place, name in (
            (f"{address}/cs.LG.md", "cs.LG"),
            (f"{address}/econ.md", "econ"),
            ("http://127.0.0.1:1/stat.ML.md", "stat.ML"),
        ):
            command = [str(program), "add", place, "--name", name]
            # One of them cannot be reached, which is told and no failure of ours.
            subprocess.run(command, check=False, env=environ, capture_output=True)
        yield
    finally:
        server.shutdown()
        server.server_close()

"""Bare repositories that tests make, and a server that hands them out as real ones do."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAY = 86_400
NOON = 1_712_232_540
"""2024-04-04T12:09 UTC."""


def git(*arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(["git", *arguments], input=given, check=True, capture_output=True)
    return done.stdout.decode().strip()


class Origin:
    """A bare repository that a producer pushes to."""

    def __init__(self, path: Path, branch: str = "main") -> None:
        self.path = path
        self.branch = branch
        git("init", "-q", "--bare", "--template=", "-b", branch, str(path))

    @property
    def place(self) -> str:
        return str(self.path)

    def run(self, *arguments: str, given: bytes = b"") -> str:
        return git("-C", str(self.path), *arguments, given=given)

    def commit(
        self,
        files: Mapping[str, str | None],
        when: int = NOON,
        *,
        branch: str = "",
        parent: str | None = None,
    ) -> str:
        """Write these files, remove those that are None; ``parent`` empty: begin history anew."""
        ref = f"refs/heads/{branch or self.branch}"
        known = self.run("for-each-ref", "--format=%(objectname)", ref)
        lines = [
            f"commit {ref}\ncommitter bot <bot@example.org> {when} +0000\ndata 3\nrun".encode()
        ]
        if parent == "":
            lines.insert(0, f"reset {ref}\n".encode())
        elif known:
            lines.append(f"from {known}".encode())
        for name, text in files.items():
            if text is None:
                lines.append(f"D {name}".encode())
            else:
                data = text.encode()
                lines.append(b"M 100644 inline %b\ndata %d\n%b" % (name.encode(), len(data), data))
        stream = b"\n".join(lines) + b"\n"
        self.run("fast-import", "--quiet", "--force", given=stream)
        return self.run("rev-parse", ref)

    def take_tree(self, *entries: tuple[str, str, str]) -> None:
        """Commit a tree as it is written: mode, content or hash of a tree, and any name at all."""
        self.run("update-ref", f"refs/heads/{self.branch}", self.commit_of(self.tree(*entries)))

    def tree(self, *entries: tuple[str, str, str]) -> str:
        data = b""
        for mode, content, name in entries:
            known = content
            if mode != "40000":
                known = self.run("hash-object", "-w", "--stdin", given=content.encode())
            data += f"{mode} {name}\0".encode() + bytes.fromhex(known)
        arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        return self.run(*arguments, given=data)

    def commit_of(self, tree: str) -> str:
        who = ("-c", "user.name=bot", "-c", "user.email=bot@example.org")
        return self.run(*who, "commit-tree", "-m", "crafted", tree)


class GitServer:
    """Serves the repositories in a folder by git's own protocol, as ``git http-backend`` speaks it.

    Attributes:
        folder: Where they are.
        authorizations: The header of every request, empty where there was none.
        wanted: The header that is asked for; empty: none.
        redirects: Where the beginnings of paths lead.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authorizations: list[str] = []
        self.wanted = ""
        self.redirects: dict[str, str] = {}
        self._server = _Server(self)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str, user: str = "", host: str = "127.0.0.1") -> str:
        return f"http://{user and user + '@'}{host}:{self._server.server_port}{path}"


class _Server(ThreadingHTTPServer):
    def __init__(self, told: GitServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told = told

    def handle_error(self, *_: object) -> None:
        """Whoever asked has hung up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        told = self.server.told
        given = self.headers.get("Authorization", "")
        told.authorizations.append(given)
        for start, target in told.redirects.items():
            if self.path.startswith(start):
                self._send(301, {"Location": target + self.path.removeprefix(start)})
                return
        if told.wanted and given != told.wanted:
            self._send(401, {"WWW-Authenticate": 'Basic realm="digests"'})
            return
        self._pass_on(body)

    def _pass_on(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        variables = {
            "GIT_PROJECT_ROOT": str(self.server.told.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            check=True,
            capture_output=True,
            env=os.environ | variables,
        )
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self._send(int(fields.pop("Status", "200").split()[0]), fields)
        self.wfile.write(rest)

    def _send(self, status: int, fields: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()

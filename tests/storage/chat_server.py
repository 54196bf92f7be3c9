"""A server on the loopback that speaks chat completions, and misbehaves as the tests say."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATIENCE = 5.0

CHINESE = {"title": "中文标题", "tldr": "一句话。", "abstract": "中文摘要，足够长。"}


class Asked(NamedTuple):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def english(self) -> dict[str, str]:
        """What was sent to be translated."""
        texts: dict[str, str] = json.loads(self.body["messages"][1]["content"])
        return texts


class Turn:
    """One request, and ways to answer it."""

    def __init__(
        self, handler: BaseHTTPRequestHandler, asked: Asked, over: threading.Event
    ) -> None:
        self._handler = handler
        self.asked = asked
        self.over = over

    def head(self, status: int, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def send(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def json(self, status: int, value: object, **headers: str) -> None:
        self.head(status, Content_Type="application/json", **headers)
        self.send(json.dumps(value).encode())

    def events(self, *values: object, done: bool = True) -> None:
        self.head(200, Content_Type="text/event-stream; charset=utf-8")
        for value in values:
            self.send(f"data: {json.dumps(value)}\n\n".encode())
        if done:
            self.send(b"data: [DONE]\n\n")


class ChatServer:
    """Answers as it was told, one reply after another and the last again and again.

    Attributes:
        asked: All requests, in their order.
        most_at_once: How many were being answered at the same time at most.
    """

    def __init__(self, *replies: Callable[[Turn], None]) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self.replies = list(replies) or [answering()]
        self._at_once = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _PATIENCE

            def do_POST(self) -> None:
                with suppress(OSError):
                    server._take(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        data = handler.rfile.read(int(handler.headers["Content-Length"]))
        asked = Asked(handler.path, dict(handler.headers), json.loads(data))
        with self._lock:
            self.asked.append(asked)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        try:
            reply(Turn(handler, asked, self._over))
        finally:
            with self._lock:
                self._at_once -= 1


def wanted_keys(asked: Asked) -> list[str]:
    """Read from the instructions which keys the answer is to have."""
    lines = asked.body["messages"][0]["content"].splitlines()
    return [line.split('"')[1] for line in lines if line.startswith('"')]


def translation_of(asked: Asked) -> dict[str, str]:
    return {key: CHINESE[key] for key in wanted_keys(asked)}


def whole(content: str, *, tokens: int | None = 100, **message: object) -> dict[str, object]:
    """A completion that is not streamed."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}}
    usage = {} if tokens is None else {"usage": {"total_tokens": tokens}}
    return {"choices": [{**choice, "finish_reason": "stop"}], **usage}


def chunk(content: str, stopped: str | None = None) -> dict[str, object]:
    """A part of a streamed one."""
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": stopped}]}


def answering(
    content: str | None = None, *, tokens: int | None = 100, **message: object
) -> Callable[[Turn], None]:
    """Translate, or answer ``content``: streamed if that was asked for."""

    def reply(turn: Turn) -> None:
        text = json.dumps(translation_of(turn.asked)) if content is None else content
        if not turn.asked.body.get("stream") or message:
            turn.json(200, whole(text, tokens=tokens, **message))
            return
        parts = [chunk(text[start : start + 7]) for start in range(0, len(text), 7)]
        usage = [] if tokens is None else [{"choices": [], "usage": {"total_tokens": tokens}}]
        turn.events(*parts, chunk("", "stop"), *usage)

    return reply


def refusing(status: int, said: object = None, **headers: str) -> Callable[[Turn], None]:
    error = said if isinstance(said, dict) else {"message": said or "no"}
    return lambda turn: turn.json(status, {"error": error}, **headers)


def choosy(*unknown: str) -> Callable[[Turn], None]:
    """Refuse what is asked with any of these parameters."""

    def reply(turn: Turn) -> None:
        for name in unknown:
            if name in turn.asked.body:
                turn.json(400, {"error": {"message": f"Unsupported parameter: '{name}'"}})
                return
        answering()(turn)

    return reply


def truncated(turn: Turn) -> None:
    """A stream that breaks off."""
    turn.events(chunk('{"title": "中'), done=False)


def silent(turn: Turn) -> None:
    """Not even a head."""
    turn.over.wait(_PATIENCE)


def endless(turn: Turn) -> None:
    """A stream that has no end, a part now and then."""
    turn.events(done=False)
    part = f"data: {json.dumps(chunk('字'))}\n\n".encode()
    while not turn.over.wait(0.02):
        turn.send(part)

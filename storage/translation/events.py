"""The answer of chat completions, whole or streamed, read as it comes.

Sources: the Chat Completions API reference of OpenAI; server-sent events, WHATWG HTML section 9.2.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIMIT = 2 * 1024 * 1024
"""Bytes that an answer may have: a streamed one has a hundred for each token."""


class BrokenError(Exception):
    """The answer is not of the protocol or did not come whole; ``str`` of it is a clause."""


class CutError(BrokenError):
    """It broke off; the next time it may come whole."""


class Completion(NamedTuple):
    """What a model wrote.

    Attributes:
        content: Its text.
        tokens: What the service says it cost, sent and received; None where it does not say.
        stopped: Why it ended: ``stop`` where it was done; empty where that is not said.
        refusal: What it said instead of answering.
    """

    content: str
    tokens: int | None = None
    stopped: str = ""
    refusal: str = ""


def completion_in(blocks: Iterable[bytes], *, is_stream: bool) -> Completion:
    """Read a completion, a streamed one no further than to its end.

    Args:
        blocks: The body as it comes.
        is_stream: Whether it is sent as events.

    Raises:
        BrokenError: It is none.
    """
    return _streamed(_limited(blocks)) if is_stream else _whole(b"".join(_limited(blocks)))


def _limited(blocks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > LIMIT:
            raise BrokenError(tr("the answer is longer than {limit} MiB", limit=LIMIT >> 20))
        yield block


def _whole(data: bytes) -> Completion:
    record = _parsed(data)
    choice = _choice(record)
    message = _object(choice.get("message"))
    return Completion(
        _text(message.get("content")),
        _tokens(record),
        _text(choice.get("finish_reason")),
        _text(message.get("refusal")),
    )


def _streamed(blocks: Iterable[bytes]) -> Completion:
    content, refusal, stopped = list[str](), list[str](), ""
    tokens: int | None = None
    for data in _events(blocks):
        if data == b"[DONE]":
            break
        record = _parsed(data)
        if "error" in record:
            raise CutError(tr("the service broke off with an error"))
        tokens = _tokens(record) or tokens
        if not record.get("choices"):  # the last one has the usage only
            continue
        choice = _choice(record)
        delta = _object(choice.get("delta"))
        content.append(_text(delta.get("content")))
        refusal.append(_text(delta.get("refusal")))
        stopped = _text(choice.get("finish_reason")) or stopped
    else:
        if not stopped:
            raise CutError(tr("the answer broke off in the midst"))
    return Completion("".join(content), tokens, stopped, "".join(refusal))


def _events(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the data of each event; services send each in one line."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
    if rest.startswith(b"data:"):
        yield rest[5:].strip()


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        raise BrokenError(tr("the answer is no JSON")) from None
    return _object(record)


def _choice(record: dict[str, Any]) -> dict[str, Any]:
    choices = record.get("choices")
    if not isinstance(choices, list) or not choices:
        raise BrokenError(tr("the answer has no choices, so base_url may be of another service"))
    return _object(choices[0])


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _tokens(record: dict[str, Any]) -> int | None:
    total = _object(record.get("usage")).get("total_tokens")
    is_number = isinstance(total, int) and not isinstance(total, bool) and 0 < total < 2**31
    return total if is_number else None

"""What a service's refusal means, in the reader's words.

Statuses as OpenAI, Azure, DeepSeek, Ollama and vLLM use them; all say more in ``error.message``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.formats.cleaning import clean_line
from storage.language import tr
from storage.translation.outcome import Failure, Kind

if TYPE_CHECKING:
    from storage.translation.configuration import Configuration

_SHOWN = 160
# tr: no -- what services say
_NO_CREDIT = ("insufficient_quota", "billing", "insufficient balance", "credit")


class Refusal(NamedTuple):
    """An answer that is no completion.

    Attributes:
        status: Of HTTP.
        said: What the service says of it, in lower case; may be empty.
        shown: The same for the reader's eyes, without the key.
        location: Where a redirect leads.
    """

    status: int
    said: str = ""
    shown: str = ""
    location: str = ""

    @property
    def is_no_credit(self) -> bool:
        """Whether the account has no money left."""
        return self.status == 402 or (
            self.status == 429 and any(word in self.said for word in _NO_CREDIT)
        )

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well succeed some seconds later."""
        return (self.status == 429 and not self.is_no_credit) or self.status in _PASSING

    @property
    def is_of_the_form(self) -> bool:
        """Whether the service may only dislike how it was asked."""
        return self.status in (400, 415, 422)


_PASSING = (408, 409, 425, 500, 502, 503, 504, 529)


def refusal_in(status: int, body: bytes, location: str, key: str) -> Refusal:
    """Read what a service says of why it refuses.

    Args:
        status: Of its answer.
        body: As much of it as came.
        location: Of a redirect.
        key: What must not be shown.
    """
    text = " ".join(_messages(body))
    shown = clean_line(text.replace(key, "…") if key else text)
    if len(shown) > _SHOWN:
        shown = f"{shown[: _SHOWN - 1]}…"
    return Refusal(status, text.lower(), shown, location)


def _messages(body: bytes) -> list[str]:
    try:
        record: Any = json.loads(body)
    except (ValueError, RecursionError):
        return []
    error = record.get("error", record) if isinstance(record, dict) else record
    if isinstance(error, str):
        return [error]
    if not isinstance(error, dict):
        return []
    found = (error.get(name) for name in ("message", "detail", "code", "type", "param"))
    return [value for value in found if isinstance(value, str)]


def failure_of(refusal: Refusal, configuration: Configuration) -> Failure:
    """Say what a refusal means that trying again does not change."""
    host, status = configuration.host, refusal.status
    if refusal.is_no_credit:
        reason = tr(
            "{host} says that your account has no credit left ({status}).", host=host, status=status
        )
        return Failure(Kind.SETUP, reason)
    if 300 <= status < 400:
        reason = tr(
            "{host} sends us on to {where}; your key was not sent there: correct base_url.",
            host=host,
            where=clean_line(refusal.location)[:200] or tr("elsewhere"),
        )
        return Failure(Kind.SETUP, reason)
    if status in (401, 403):
        return Failure(Kind.SETUP, _about_key(configuration, status))
    if status in (404, 405, 410):
        reason = tr(
            "{host} has no model {model}, or nothing at base_url {base_url} ({status}); see"
            " [translation] in your settings.",
            host=host,
            model=configuration.model,
            base_url=configuration.base_url,
            status=status,
        )
        return Failure(Kind.SETUP, reason)
    return _other(refusal, host)


def _about_key(configuration: Configuration, status: int) -> str:
    host = configuration.host
    place = tr("the keyring") if configuration.from_keyring else configuration.key_env
    if not place:
        return tr(
            "{host} wants a key ({status}): name its environment variable by key_env.",
            host=host,
            status=status,
        )
    return tr(
        "{host} does not accept the key in {place} ({status}).",
        host=host,
        place=place,
        status=status,
    )


def _other(refusal: Refusal, host: str) -> Failure:
    status = refusal.status
    if status == 429:
        what = _said(tr("{host} is asked too often ({status})", host=host, status=status), refusal)
        return Failure(Kind.SERVICE, tr("{what}; try again later.", what=what))
    if status in (413, 414) or refusal.is_of_the_form:
        what = tr("{host} does not take this request ({status})", host=host, status=status)
        return Failure(Kind.ANSWER, tr("{what}.", what=_said(what, refusal)))
    what = _said(tr("{host} answers {status}", host=host, status=status), refusal)
    return Failure(Kind.SERVICE, tr("{what}; try again later.", what=what))


def _said(what: str, refusal: Refusal) -> str:
    """Add what the service says of it, if it says anything."""
    if not refusal.shown:
        return what
    # i18n: {said} is what the service says, in its own language.
    return tr("{what}: {said}", what=what, said=refusal.shown)

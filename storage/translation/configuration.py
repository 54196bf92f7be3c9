"""The table ``[translation]`` of the settings: which service translates, and what it may cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.settings.kinds import closest
from storage.sources.web.addresses import AddressError, parse, shown
from storage.sources.web.networks import is_private_name
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_KEY, _ITS_HOST = "OPENAI_API_KEY", "api.openai.com"
"""The environment variable with the key of that host, where the settings name no other."""

_KNOWN = (
    "base_url",
    "model",
    "key_env",
    "key",
    "automatic",
    "requests_per_minute",
    "tokens_per_day",
    "at_once",
    "timeout",
)
_MOST_AT_ONCE = 16


class Configuration(NamedTuple):
    """A service that speaks the protocol of OpenAI's chat completions, and how it may be used.

    Attributes:
        base_url: Its address up to and with ``/v1``, without user and password.
        model: As the service calls it.
        key_env: The environment variable with the key; empty: there is no key.
        is_key_needed: Whether the user named it; else a service may do without a key.
        from_keyring: The key is in the system's keyring instead.
        automatic: New papers are translated without being asked for.
        requests_per_minute: At most.
        tokens_per_day: At most, sent and received together.
        at_once: How many requests are under way at the same time.
        timeout: Seconds that one request may take.
    """

    base_url: str
    model: str
    key_env: str = ""
    is_key_needed: bool = False
    from_keyring: bool = False
    automatic: bool = False
    requests_per_minute: int = 20
    tokens_per_day: int = 200_000
    at_once: int = 2
    timeout: float = 120

    @property
    def host(self) -> str:
        """The service's host, fit to be shown; the keyring knows the key by it."""
        return parse(self.base_url).host


_USUAL = Configuration._field_defaults


class Notice(NamedTuple):
    """Something wrong in the table.

    Attributes:
        key: Where in it; empty: in all of it.
        reason: A sentence without the key.
    """

    key: str
    reason: str


class Read(NamedTuple):
    """What a table says.

    Attributes:
        configuration: None where nothing is to be sent.
        notices: What is wrong with it.
    """

    configuration: Configuration | None = None
    notices: tuple[Notice, ...] = ()


class _MistakeError(Exception):
    """``str`` of it is a clause without the key."""

    def __init__(self, key: str, clause: str) -> None:
        super().__init__(clause)
        self.key = key


def configuration_in(table: object) -> Read:
    """Read the table; with a mistake in a value nothing is sent, since it may be a limit.

    Args:
        table: What the settings have under ``translation``.
    """
    if not isinstance(table, dict):
        return Read(None, (Notice("", tr("it is no table; nothing is translated.")),))
    unknown = tuple(_unknown(key) for key in table if key not in _KNOWN)
    if table.get("base_url") == "":
        # As in the file that is written first: none is set up yet.
        return Read(None, unknown)
    values = _Values(table)
    try:
        return Read(_configuration(values), (*unknown, *_warnings(values)))
    except _MistakeError as error:
        said = tr("{mistake}; nothing is translated.", mistake=error)
        return Read(None, (*unknown, Notice(error.key, said)))


def _configuration(values: _Values) -> Configuration:
    has_named_key = values.has("key_env") and values.raw("key_env") != ""
    base_url = _base_url(values)
    return Configuration(
        base_url=base_url,
        model=values.text("model", example="gpt-4o-mini"),
        key_env=values.text("key_env", example="MY_KEY") if has_named_key else _usual_key(base_url),
        is_key_needed=has_named_key,
        from_keyring=_from_keyring(values),
        automatic=values.flag("automatic"),
        requests_per_minute=values.number("requests_per_minute"),
        tokens_per_day=values.number("tokens_per_day"),
        at_once=min(values.number("at_once"), _MOST_AT_ONCE),
        timeout=values.seconds("timeout"),
    )


def _base_url(values: _Values) -> str:
    text = values.text("base_url", example="https://api.openai.com/v1")
    try:
        address = parse(text)
    except AddressError as error:
        raise _MistakeError("base_url", f"{shown(text)} {error.reason}") from None
    if address.user or address.password:
        said = tr("it holds a password, which belongs in the environment, see key_env")
        raise _MistakeError("base_url", said)
    if "?" in address.target:
        raise _MistakeError("base_url", tr('it holds a "?", but ends as in https://host/v1'))
    return address.text.rstrip("/").removesuffix("/chat/completions")


def _usual_key(base_url: str) -> str:
    """Return where the key is if nothing is said: one service's key is nothing for another."""
    return DEFAULT_KEY if parse(base_url).host == _ITS_HOST else ""


def _from_keyring(values: _Values) -> bool:
    if not values.has("key"):
        return False
    # Whatever else stands there may be the key itself: it is not shown.
    if values.raw("key") != "keyring":
        said = tr(
            'it can only be "keyring"; a key itself belongs in an environment variable that key_env'
            " names"
        )
        raise _MistakeError("key", said)
    return True


def _warnings(values: _Values) -> tuple[Notice, ...]:
    address = parse(values.text("base_url", example=""))
    if address.scheme == "https" or is_private_name(address.host) or "." not in address.host:
        return ()
    said = tr(
        "it reaches {host} without encryption: others may read your key on the way; write https://.",
        host=address.host,
    )
    return (Notice("base_url", said),)


def _unknown(key: str) -> Notice:
    close = closest(key, _KNOWN)
    if close is not None:
        said = tr("it is not known, and left out; perhaps {name} is meant.", name=close)
    else:
        said = tr("it is not known, and left out; there are {names}.", names=names_of(_KNOWN))
    return Notice(key, said)


class _Values:
    """The table's values by type; each method raises ``_MistakeError``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table

    def has(self, key: str) -> bool:
        return key in self._table

    def raw(self, key: str) -> object:
        return self._table[key]

    def text(self, key: str, default: str = "", *, example: str) -> str:
        value = self._table.get(key, default)
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        line = f'{key} = "{example}"'
        if key not in self._table:
            raise _MistakeError(key, tr("it is missing; write {line}", line=line))
        raise _MistakeError(key, tr("it is no text; write {line}", line=line))

    def flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if isinstance(value, bool):
            return value
        raise _MistakeError(key, tr("it is neither true nor false"))

    def number(self, key: str) -> int:
        usual = _USUAL[key]
        value = self._table.get(key, usual)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        line = f"{key} = {usual}"
        raise _MistakeError(key, tr("it is no whole number from 1 on; write {line}", line=line))

    def seconds(self, key: str) -> float:
        value = self._table.get(key, _USUAL[key])
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= 3600:
            return float(value)
        raise _MistakeError(key, tr("it is no number of seconds from 1 to 3600"))

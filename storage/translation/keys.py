"""The key that a service knows the user by: from the environment or the system's keyring."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.language import tr
from storage.translation.outcome import Failure, Kind

if TYPE_CHECKING:
    from storage.translation.configuration import Configuration

SERVICE = "digest-tui"
"""What the keyring calls us; the user's name there is the service's host."""


def key_for(configuration: Configuration) -> str | Failure:
    """Return the key; empty where none is set and none is asked for, as of a server at home."""
    if configuration.from_keyring:
        return _from_keyring(configuration.host)
    key = os.environ.get(configuration.key_env, "").strip() if configuration.key_env else ""
    if not key and configuration.is_key_needed:
        return Failure(
            Kind.SETUP,
            tr(
                "[translation] key_env names {variable}, which is not set in the environment;"
                " export it, or leave key_env out for a server that wants no key.",
                variable=configuration.key_env,
            ),
        )
    if not key.isascii() or not key.isprintable():
        reason = tr("What {variable} holds cannot be a key.", variable=configuration.key_env)
        return Failure(Kind.SETUP, reason)
    return key


def _from_keyring(host: str) -> str | Failure:
    try:
        import keyring  # noqa: PLC0415 -- an extra, for those who ask for it
    except ImportError:
        return Failure(
            Kind.SETUP,
            tr(
                '[translation] key = "keyring" needs the package keyring, which is not installed:'
                " pip install 'digest-tui[keyring]'"
            ),
        )
    try:
        key = keyring.get_password(SERVICE, host)
    except Exception as error:  # noqa: BLE001 -- each system's keyring raises its own
        why = str(error).partition("\n")[0][:100] or type(error).__name__
        reason = tr("The system's keyring does not give the key: {reason}", reason=why)
        return Failure(Kind.SETUP, reason)
    if not key:
        reason = tr(
            "The keyring has no key for {host}; put it there: keyring set {service} {host}",
            host=host,
            service=SERVICE,
        )
        return Failure(Kind.SETUP, reason)
    return str(key).strip()

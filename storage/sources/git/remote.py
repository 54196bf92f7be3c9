"""Where a repository is, as git is told: nothing secret stands where others can read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from storage.language import tr
from storage.sources.web.addresses import AddressError, parse
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind

NAME = "digests"
"""What the remote is called; the user's own configuration has nothing for such a one."""

_KEPT = (
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_EXEC_PATH"),
    *("GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSL_CERT", "GIT_SSL_KEY"),
)
"""Of git's variables only these are the user's wish for every repository."""


class Remote(NamedTuple):
    """A repository to fetch from.

    Attributes:
        address: What git is given: without user and password.
        shown: The same for the reader's eyes.
        host: Who is asked, for the reader's eyes; a local repository is its own host.
        is_local: Whether it lies on this machine.
        authorization: The header that user and password make; empty where there are none.
    """

    address: str
    shown: str
    host: str
    is_local: bool = False
    authorization: str = ""

    @property
    def config(self) -> list[tuple[str, str]]:
        """Git's settings for it; to be passed where no other user can read them."""
        settings = [(f"remote.{NAME}.url", self.address)]
        if self.authorization:
            # Git would send the header to whatever it is redirected to as well.
            settings.append((f"http.{self.address}.extraHeader", self.authorization))
            settings.append(("http.followRedirects", "false"))
        else:
            settings.append(("http.followRedirects", "initial"))
        return settings


def remote_of(place: str) -> Remote:
    """Take the place of a source apart.

    Args:
        place: An address, or the absolute path of a repository on this machine.

    Raises:
        FetchError: It can be neither, or the path leads nowhere.
    """
    if place.startswith("/"):
        if "\0" in place or not Path(place).is_dir():
            reason = tr("there is no such folder (any more); check the path")
            raise FetchError(Kind.MISSING, reason)
        # i18n: It stands for {host} in sentences such as "{host} does not answer".
        return Remote(place, place, tr("the folder"), is_local=True)
    try:
        address = parse(place)
    except AddressError as error:
        raise FetchError(Kind.ADDRESS, error.reason) from None
    header = f"Authorization: {address.authorization}" if address.authorization else ""
    return Remote(address.text, address.shown, address.place, authorization=header)


def environment(remote: Remote, ceiling: Path) -> dict[str, str]:
    """Return git's environment.

    Args:
        remote: What it is about.
        ceiling: No repository is looked for in this folder and above it.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or not name.startswith(("GIT_", "SSH_ASKPASS", "LC_", "LANG"))
    }
    if "SSL_CERT_FILE" in kept:
        kept.setdefault("GIT_SSL_CAINFO", kept["SSL_CERT_FILE"])
    kept |= {
        "LC_ALL": "C",
        "GIT_ALLOW_PROTOCOL": "file" if remote.is_local else "https:http",
        "GIT_ASKPASS": "",  # empty is none, whatever is configured
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": os.path.realpath(ceiling),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GCM_INTERACTIVE": "never",
    }
    settings = remote.config
    kept["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (key, value) in enumerate(settings):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return kept

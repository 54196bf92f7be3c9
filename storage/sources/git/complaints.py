"""What git's complaints mean, in the reader's words.

Git says them in English under ``LC_ALL=C``; what it passes on of curl's and the TLS libraries' differs
from version to version, so words are looked for, not whole sentences. Only what git 2.39.5 says with
libcurl 7.88.1 was tried; the words of other versions and TLS libraries are not known to be complete.
"""

from __future__ import annotations

import re
import socket
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr
from storage.sources.web.dialling import no_host_error, unknown_error
from storage.sources.web.failures import FetchError
from storage.sources.web.outcome import Kind
from storage.sources.web.statuses import of_status

if TYPE_CHECKING:
    from storage.sources.git.remote import Remote

_STATUS = re.compile(r"returned error: (40[02-9]|4[1-9][0-9]|5[0-9]{2})\b")
"""401 and redirections are told by what they mean for a repository."""
NO_REPOSITORY = to_tr("there is no git repository at this address; check it")

_PATIENCE = 2.0
"""Seconds that the name of a host is looked up to tell why it was not found."""


class _Meaning(NamedTuple):
    kind: Kind
    words: str
    sign: re.Pattern[str]


_MEANINGS = (
    _Meaning(
        Kind.DISK,
        to_tr("the clone cannot be kept (the disk is full); free some space"),
        re.compile(r"(?i)no space left on device|disk quota exceeded|file too large"),
    ),
    _Meaning(
        Kind.DISK,
        to_tr("the clone cannot be kept (the disk is read-only)"),
        re.compile(r"(?i)read-only file system"),
    ),
    _Meaning(
        Kind.UNSAFE,
        to_tr("it holds a file whose name leads out of its folder; nothing of it was taken"),
        re.compile(r"(?i)invalid path '"),
    ),
    _Meaning(
        Kind.FORBIDDEN,
        to_tr(
            "the repository belongs to another user; if you trust it, name it in git's"
            " safe.directory"
        ),
        re.compile(r"(?i)dubious ownership"),
    ),
    _Meaning(
        Kind.UNSAFE,
        to_tr(
            "your git configuration (insteadOf) makes another kind of address of it, but only"
            " http and https are used here"
        ),
        re.compile(r"(?i)transport '[^']*' not allowed"),
    ),
    _Meaning(
        Kind.UNSAFE,
        to_tr("{host} redirects to something that is neither http nor https; it was not followed"),
        re.compile(r"(?i)protocol .{0,20}not supported|unsupported protocol"),
    ),
    _Meaning(
        Kind.REDIRECTS,
        to_tr(
            "{host} redirects too far or to no repository; write the address that a browser ends"
            " at, with .git at its end"
        ),
        re.compile(
            r"(?i)maximum .{0,12}redirects|unable to update url base|returned error: 30[1-8]"
        ),
    ),
    _Meaning(
        Kind.PROXY,
        to_tr("the proxy does not connect us with {host}; see HTTPS_PROXY and git's http.proxy"),
        re.compile(r"(?i)resolve proxy|proxy connect|connect tunnel|from proxy|socks"),
    ),
    _Meaning(
        Kind.FORBIDDEN,
        to_tr(
            "there is no such repository, or it asks for a name and a password; check the"
            " address, or write them into it as https://NAME:PASSWORD@…"
        ),
        re.compile(
            r"(?i)authentication failed|could not read (username|password)|prompts disabled"
            r"|returned error: 401"
        ),
    ),
    _Meaning(
        Kind.UNKNOWN_HOST,
        "",
        re.compile(r"(?i)could not resolve host"),
    ),
    _Meaning(
        Kind.OFFLINE,
        to_tr("no way leads to {host}; there may be no network"),
        re.compile(r"(?i)network is unreachable|network is down"),
    ),
    _Meaning(
        Kind.TIMEOUT,
        to_tr("{host} said nothing for too long; try again later"),
        re.compile(r"(?i)timed out|timeout|too slow"),
    ),
    _Meaning(
        Kind.BROKEN,
        to_tr("{host} broke the connection off; try again later"),
        re.compile(r"(?i)ssl_error_syscall|unexpected eof|non-properly terminated|recv error"),
    ),
    _Meaning(
        Kind.TLS,
        to_tr("the certificate of {host} has expired; nothing was fetched"),
        re.compile(r"(?i)certificate (has )?expired|certificate is not yet"),
    ),
    _Meaning(
        Kind.TLS,
        to_tr("the certificate of {host} is for another host; nothing was fetched"),
        re.compile(
            r"(?i)no alternative certificate|certificate subject name|does not match target host"
        ),
    ),
    _Meaning(
        Kind.TLS,
        to_tr(
            "the certificate of {host} is not accepted: it is signed by nobody whom this machine"
            " trusts, has expired or is for another host; nothing was fetched; if the server is"
            " yours, name its certificate in SSL_CERT_FILE"
        ),
        re.compile(r"(?i)certificate"),
    ),
    _Meaning(
        Kind.TLS,
        to_tr("no encrypted connection with {host} comes about"),
        re.compile(r"(?i)\bssl|gnutls|\btls\b"),
    ),
    _Meaning(
        Kind.UNREACHABLE,
        to_tr("{host} does not answer; try again later"),
        re.compile(r"(?i)no route to host"),
    ),
    _Meaning(
        Kind.REFUSED,
        to_tr("{host} refuses the connection: nothing listens there"),
        re.compile(r"(?i)connection refused|couldn't connect|failed to connect"),
    ),
    _Meaning(
        Kind.BROKEN,
        to_tr("{host} broke the connection off; try again later"),
        re.compile(
            r"(?i)early eof|hung up|transfer closed|connection reset|connection was reset|empty reply"
            r"|rpc failed|unexpected disconnect|recv failure|send failure|http/?2 |packet write"
        ),
    ),
    _Meaning(
        Kind.MISSING,
        NO_REPOSITORY,
        re.compile(
            r"(?i)is this a git repository|not appear to be a git repository|invalid server response"
            r"|repository '.*' not found|protocol error|bad line length|expected service"
            r"|unexpected 'content-type"
        ),
    ),
)
# Only what says nothing of the network can be the clone's own fault.
_REMOTE = re.compile(r"^remote: .*\n?", re.MULTILINE)


def meaning_of(complaint: str, remote: Remote) -> FetchError | None:
    """Say what keeps a repository from being fetched.

    Args:
        complaint: What git wrote to its error output.
        remote: What was to be fetched.

    Returns:
        None where it is none of what networks, servers and disks do: the clone itself may be damaged.
    """
    own = _REMOTE.sub("", complaint).replace(remote.address, "")
    status = _STATUS.search(own)
    if status:
        return _of_status(int(status[1]), remote)
    for kind, words, sign in _MEANINGS:
        if sign.search(own):
            if kind is Kind.UNKNOWN_HOST:
                return _unresolved(remote.host)
            if kind is Kind.FORBIDDEN and remote.authorization:
                return _of_status(401, remote)
            if kind is Kind.MISSING and remote.is_local:
                return FetchError(kind, tr("the folder is no git repository; check the path"))
            return FetchError(kind, tr(words, host=remote.host))
    return None


def _of_status(status: int, remote: Remote) -> FetchError:
    has_credentials = bool(remote.authorization)
    return of_status(status, remote.host, None, datetime.now(UTC), has_credentials=has_credentials)


def unknown(complaint: str, remote: Remote) -> FetchError:
    """Pass on what git says where its meaning is not known."""
    own = complaint.replace(remote.address, "it")
    lines = [line for line in own.splitlines() if line.startswith(("fatal:", "error:"))]
    said = (lines or own.splitlines() or [""])[-1].partition(": ")
    words = "".join(filter(str.isprintable, said[2] or said[0]))[:200]
    return FetchError(Kind.UNEXPECTED, tr("git failed: {reason}", reason=words))


def _unresolved(host: str) -> FetchError:
    """Tell a host that is not from a network that is not, which curl does not."""
    found: list[int | None] = []

    def ask() -> None:
        try:
            socket.getaddrinfo(host.partition(":")[0], 80, type=socket.SOCK_STREAM)
        except OSError as error:
            found.append(error.errno)

    # Nothing can interrupt the system's look-up, which may take a minute.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    if found and found[0] in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
        return no_host_error(host)
    return unknown_error(host)

"""Bringing a repository here up to date: its newest files, and on request all that were before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import reason_of
from storage.language import tr
from storage.marks.files import advice, make_folder
from storage.marks.locking import ProcessLock
from storage.sources.git.clone import Clone
from storage.sources.git.complaints import meaning_of, unknown
from storage.sources.git.history import Extracted, History
from storage.sources.git.outcome import Limits, Updated
from storage.sources.git.program import Git, GitFailedError
from storage.sources.git.remote import environment, remote_of
from storage.sources.web.addresses import shown
from storage.sources.web.failures import FetchError
from storage.sources.web.networks import Network
from storage.sources.web.outcome import Failure, Kind

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from storage.sources.git.remote import Remote

_LOCK_SECONDS = 1.0
"""How long another process is waited for that is at the same repository."""


def update(  # noqa: PLR0913 -- tests put their own limits and network in place
    place: str,
    folder: Path,
    *,
    with_history: bool,
    cancelled: threading.Event,
    progress: Callable[[str], None] = lambda _: None,
    limits: Limits = Limits(),  # noqa: B008 -- never changed
    network: Network = Network(),  # noqa: B008 -- never changed
) -> Updated | Failure:
    """Clone a repository, or fetch what is new of it.

    Its newest files lie in ``folder/tree``; those whose content is the same keep their time. Past
    versions of digests lie in ``folder/history``, and stay there. Whatever fails leaves what is there
    as it is, or part of it newer.

    Args:
        place: An address, or the absolute path of a repository on this machine.
        folder: The source's own; made if need be.
        with_history: Fetch all commits, and write each past version of a digest as a file.
        cancelled: Ends it, within a second.
        progress: Told in this thread, in its own English words, what git is doing.
        limits: Of time and size.
        network: Judges redirects.

    Returns:
        What came of it, whatever the network, the disk and git do.
    """
    label = place if place.startswith("/") else shown(place)
    try:
        remote = remote_of(place)
        make_folder(folder)
        with ProcessLock(folder / ".lock", _LOCK_SECONDS)():
            git = Git(folder, environment(remote, folder.parent), cancelled, limits)
            clone = Clone(folder, git, remote, progress, network)
            history = History(folder / "history", clone, git, progress)
            return _update(clone, history if with_history else None, git, remote)
    except FetchError as error:
        return Failure(error.kind, label, error.reason, error.retry_at)
    except TimeoutError:
        reason = tr("another digest-tui is fetching it just now; try again later")
        return Failure(Kind.BUSY, label, reason)
    except OSError as error:
        reason = tr(
            "the clone cannot be kept ({reason}); {advice}",
            reason=reason_of(error),
            advice=advice(error),
        )
        return Failure(Kind.DISK, label, reason)


def _update(clone: Clone, history: History | None, git: Git, remote: Remote) -> Updated:
    git.require()
    clone.sweep()
    was_there = clone.is_there
    try:
        return _attempt(clone, history)
    except GitFailedError as error:
        meaning = meaning_of(error.complaint, remote)
        if meaning is not None:
            raise meaning from None
        if not was_there:
            raise unknown(error.complaint, remote) from None
    clone.forget()
    try:
        return _attempt(clone, history)
    except GitFailedError as error:
        raise meaning_of(error.complaint, remote) or unknown(error.complaint, remote) from None


def _attempt(clone: Clone, history: History | None) -> Updated:
    before = clone.commit
    tip = clone.tip()
    if tip is None:
        return Updated(is_changed=False)
    commit = clone.bring(tip, with_history=history is not None)
    extracted = history.extract(commit) if history else Extracted()
    is_changed = before != commit or bool(extracted.written)
    if is_changed:
        clone.tidy()
    return Updated(is_changed, commit, extracted.written, extracted.left_out)

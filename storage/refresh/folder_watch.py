"""Hearing from the operating system at once that something changed in followed folders.

``watchfiles`` does it, by inotify or FSEvents. Where that is not to be had, nothing is heard and nothing
lost: ``storage.refresh.watch`` looks at the same folders now and then. So it is with disks of the
network, which tell nobody of what other machines write.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from fnmatch import fnmatchcase
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storage.sources.places import Place

_log = logging.getLogger(__name__)

_TICK = 0.2
"""Seconds between two looks at what was heard; as long as nothing may come for a change to be over."""
_LONGEST = 0.8
"""Seconds after which a change that goes on is told all the same."""
_MOST = 512
"""Folders that are listened to. Each takes 50 µs to be added, and all of them hold Python's lock together;
and how many a user can listen to is limited for all programs in common."""
_ENDING_SECONDS = 1.0


class FolderWatch:
    """Tells soon after something below a followed place changed; in a thread of its own.

    Args:
        changed: Called in that thread, when a change is over or goes on for long.
        passed_over: Folders in which changes mean nothing, though they may lie in followed ones.
    """

    def __init__(self, changed: Callable[[], None], *, passed_over: Sequence[str] = ()) -> None:
        self._changed = changed
        self._passed_over = tuple(map(os.path.realpath, passed_over))
        self._wanted: tuple[Place, ...] = ()
        self._known: tuple[_Root, ...] = ()
        self._listening: _Listening | None = None
        self._woken = Event()
        self._one_starts = Lock()
        self._is_stopped = False
        self._thread: Thread | None = None

    def follow(self, places: Sequence[Place]) -> None:
        """Follow these places from now on; to be called again now and then.

        A folder that was moved away and made again is another one, which nobody listens to until then.

        Args:
            places: Files and folders; those that are paused or not there are left out.
        """
        self._wanted = tuple(place for place in places if not place.is_paused)
        with self._one_starts:
            if self._thread is None and self._wanted and not self._is_stopped:
                self._thread = Thread(target=self._run, name="folder-watch", daemon=True)
                self._thread.start()
        self._woken.set()

    def stop(self) -> None:
        """Hear nothing any more; once this returns the thread has ended."""
        with self._one_starts:
            self._is_stopped = True
        self._woken.set()
        if self._thread is not None:
            self._thread.join(_ENDING_SECONDS)

    def _run(self) -> None:
        while not self._is_stopped:
            if self._woken.wait(_TICK if self._listening else None):
                self._woken.clear()
                self._renew()
            elif self._has_news():
                if self._listening is not None:
                    # A file that was replaced is another one.
                    self._renew()
                self._changed()
        self._close()

    def _has_news(self) -> bool:
        if self._listening is None:
            return False
        try:
            return self._listening.has_settled()
        except (OSError, RuntimeError) as error:
            # One cause is a name that is no UTF-8: that is a change, too. It is tried again when what
            # is to be followed is told the next time.
            _log.warning("watching folders: %s", error)
            self._close()
            self._known = ()
            return True

    def _renew(self) -> None:
        """Listen to what is wanted, if that is not what is listened to."""
        roots = tuple(self._roots())
        if roots == self._known:
            return
        self._close()
        # What cannot be listened to is not tried again until something else is wanted.
        self._known = roots
        if heard := _affordable(roots):
            try:
                self._listening = _Listening(heard)
            except (ImportError, OSError, RuntimeError) as error:
                _log.warning("watching folders: %s", error)

    def _roots(self) -> Iterator[_Root]:
        for place in self._wanted:
            path = os.path.realpath(place.path)
            with suppress(OSError, ValueError):
                status = os.stat(path)  # noqa: PTH116 -- a string is what all the others take
                path.encode()
                ours = tuple(one for one in self._passed_over if one.startswith(f"{path}/"))
                yield _Root(path, place.pattern, ours, status.st_dev, status.st_ino)

    def _close(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None


class _Root(NamedTuple):
    """A file or folder that is listened to.

    Attributes:
        path: Where it really is.
        pattern: Which files of a folder are meant; empty: all.
        passed_over: Folders below it in which changes mean nothing.
        device: With ``inode`` tells it from another one that came in its place.
        inode: See ``device``.
    """

    path: str
    pattern: str
    passed_over: tuple[str, ...]
    device: int
    inode: int

    def concerns(self, path: str) -> bool:
        """Tell whether a change of ``path`` may be one of documents: seldom it says so wrongly."""
        if path == self.path:
            return True
        if not path.startswith(f"{self.path}/"):
            return False
        below = path[len(self.path) :]
        if "/." in below or any(f"{path}/".startswith(f"{one}/") for one in self.passed_over):
            return False
        # Whether the folders on the way fit, too, the refresh finds out.
        meant = self.pattern.rpartition("/")[2]
        name = below.rpartition("/")[2]
        return not meant or fnmatchcase(name, meant) or os.path.isdir(path)  # noqa: PTH112 -- as above


class _Listening:
    """Listens to files and folders from its making on.

    Raises:
        ImportError: ``watchfiles`` does not work on this machine.
        OSError: They cannot be listened to, such as where too much is listened to already.
        RuntimeError: The same.
    """

    def __init__(self, roots: Sequence[_Root]) -> None:
        from watchfiles import watch  # noqa: PLC0415 -- behind the screen, where folders are followed

        self._roots = roots
        self._since: float | None = None
        # It would sleep where its end cannot be told it: so it is only asked what came.
        self._changes = watch(
            *(root.path for root in roots),
            watch_filter=None,
            debounce=20,
            step=1,
            rust_timeout=1,
            yield_on_timeout=True,
            raise_interrupt=False,
            debug=False,
            force_polling=False,
            ignore_permission_denied=True,
        )
        self._take()

    def has_settled(self) -> bool:
        """Tell whether something changed, and nothing changes any more or it goes on for long.

        Raises:
            OSError: Nothing is heard any more.
            RuntimeError: The same.
        """
        is_going_on = self._take()
        if self._since is None or (is_going_on and monotonic() - self._since < _LONGEST):
            return False
        self._since = None
        return True

    def close(self) -> None:
        """Listen no longer."""
        self._changes.close()

    def _take(self) -> bool:
        """Take in what came; return whether any of it matters."""
        paths = [path for _, path in next(self._changes)]
        is_news = any(root.concerns(path) for path in paths for root in self._roots)
        if is_news and self._since is None:
            self._since = monotonic()
        return is_news


def _affordable(roots: Sequence[_Root]) -> list[_Root]:
    """Return those of ``roots`` that together have no more folders than can be listened to."""
    left = _MOST
    found = []
    for root in roots:
        count = _count_folders(root.path, left)
        if count <= left:
            left -= count
            found.append(root)
        else:
            _log.warning("watching folders: %s has too many", root.path)
    return found


def _count_folders(top: str, most: int) -> int:
    """Count the folders from ``top`` on, hidden ones too; it ends once there are more than ``most``."""
    count, folders = 0, [top]
    while folders and count <= most:
        folder = folders.pop()
        count += 1
        with suppress(OSError), os.scandir(folder) as items:
            folders += [item.path for item in items if item.is_dir()]
    return count

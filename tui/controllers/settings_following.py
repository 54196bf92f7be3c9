"""Following the settings: what is saved in their file while one reads holds at once."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, ParamSpec

from storage.language import language_of, tr, use
from storage.locations import settings_file
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from storage.settings import Settings
    from tui.controllers.panes import Panes
    from tui.session import Session
    from tui.settings_mistakes import Checked

P = ParamSpec("P")

WATCH = 2.0
"""Seconds between two looks whether the file changed."""
_FIXED = ("library_dir", "marks_dir")
"""What holds from the next start on."""

Version = tuple[int, int, int]
"""Of a file: its inode, bytes and nanoseconds of its last change."""


class FollowingSettings:
    """Watches the file of the settings, and has others know of what is changed.

    Args:
        changed: Called with the settings before and after; returns what is wrong, a sentence each.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        changed: Callable[[Settings, Settings], list[str]],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._changed = changed
        self._path = settings_file()
        self._version: Version | None = None
        self._is_looking = False

    def start(self) -> None:
        """Watch the file from now on, and tell what is wrong in it, also in keys and themes."""
        self._version = version_of(self._path)
        if self._version is not None:
            self._is_looking = True
            self._work(self._read)
        self._screen.set_interval(WATCH, self.look)

    def look(self) -> None:
        """Read the file if it changed; the screen does not wait for a slow disk."""
        if not self._is_looking:
            self._is_looking = True
            self._work(self._look)

    def _look(self) -> None:
        version = version_of(self._path)
        if version == self._version:
            self._is_looking = False
            return
        self._version = version
        self._session.mistakes = ()
        self._read()

    def _read(self) -> None:
        from tui.settings_mistakes import checked  # noqa: PLC0415 -- for those who set something

        self._then(self._take, checked(self._path))

    def _take(self, checked: Checked) -> None:
        self._is_looking = False
        before, after = self._session.settings, checked.settings
        self._session.settings = after
        wrong = list(self._session.mistakes)
        if before.language != after.language:
            use(language_of(self._session.language or after.language, os.environ))
        if before != after:
            wrong += self._changed(before, after)
        found = list(checked.mistakes)
        # What was found on the screen, too, is without its line there.
        found += [one for one in wrong if not any(known.endswith(one) for known in found)]
        self._session.mistakes = tuple(found)
        if found:
            self._panes.hints.say(found[0], failed=True)
        elif before != after:
            self._panes.hints.say(_followed(before, after))

    def _work(self, work: Callable[[], None]) -> None:
        self._screen.run_worker(work, thread=True, group="following settings")

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))


def version_of(path: os.PathLike[str]) -> Version | None:
    """Return what tells one version of a file from another; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 -- every other second
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _followed(before: Settings, after: Settings) -> str:
    fixed = [name for name in _FIXED if getattr(before, name) != getattr(after, name)]
    if fixed:
        return tr("{names} takes effect at the next start", names=", ".join(fixed))
    return tr("your settings were read again")

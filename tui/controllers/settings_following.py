"""Following the settings: what is saved in their file while one reads holds at once."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, ParamSpec

from storage.errors import reason_of
from storage.language import language_of, tr, use
from storage.locations import settings_file
from storage.wording import names_of
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
SOON = 0.3
"""Seconds until the second look at a file that changed and is not empty."""
_FIXED = ("library_dir", "marks_dir")
"""What holds from the next start on."""


class Version(NamedTuple):
    """What tells one version of a file from another: inode, bytes, nanoseconds of its last change."""

    inode: int
    size: int
    changed: int


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
        self._seen: Version | None = None
        self._is_looking = False

    def start(self) -> None:
        """Watch the file from now on, and tell what is wrong in it, also in keys and themes."""
        self._version = self._seen = version_of(self._path)
        if self._version is not None:
            self._look_by(lambda: self._read(self._version, self._session.mistakes))
        self._screen.set_interval(WATCH, self.look)

    def look(self) -> None:
        """Read the file if it changed; the screen does not wait for a slow disk."""
        self._look_by(self._look)

    def take_now(self) -> None:
        """Read the file if it changed: who wrote it is done with it."""
        self._seen = version_of(self._path)
        self._look_by(self._look)

    def _look_by(self, work: Callable[[], None]) -> None:
        if not self._is_looking:
            self._is_looking = True
            self._screen.run_worker(
                partial(self._work, work), thread=True, group="following settings"
            )

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- whatever it is, reading goes on
            said = tr(
                "Your settings could not be read again ({reason}); what held before holds.",
                reason=reason_of(error) if isinstance(error, OSError) else repr(error),
            )
            self._then(self._panes.hints.say, said, failed=True)
        finally:
            self._then(self._looked)

    def _looked(self) -> None:
        self._is_looking = False

    def _look(self) -> None:
        """Read a file that is the same at two looks: one that is being written may be empty, or gone."""
        version, seen = version_of(self._path), self._seen
        self._seen = version
        if version == self._version:
            return
        if version == seen:
            self._read(version, ())
        elif version is not None and version.size:
            self._then(self._screen.set_timer, SOON, self.look)

    def _read(self, version: Version | None, known: tuple[str, ...]) -> None:
        """Take what the file says; ``known`` is what is wrong besides."""
        from storage.settings import load  # noqa: PLC0415 -- for those who set something
        from tui.settings_mistakes import checked  # noqa: PLC0415 -- the same

        self._version = version
        # What is wrong is said in the language that the file asks for from now on.
        wanted = load(self._path)[0].language
        if wanted != self._session.settings.language:
            use(language_of(self._session.language or wanted, os.environ))
        self._then(self._take, checked(self._path), known)

    def _take(self, checked: Checked, known: tuple[str, ...]) -> None:
        before, after = self._session.settings, checked.settings
        self._session.settings = after
        wrong = list(known)
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

    def _then(self, run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        self._screen.post_message(Then(partial(run, *args, **kwargs)))


def version_of(path: os.PathLike[str]) -> Version | None:
    """Return what tells one version of a file from another; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 -- every other second
    except OSError:
        return None
    return Version(found.st_ino, found.st_size, found.st_mtime_ns)


def _followed(before: Settings, after: Settings) -> str:
    fixed = [name for name in _FIXED if getattr(before, name) != getattr(after, name)]
    if fixed:
        return tr("{names} takes effect at the next start", names=names_of(fixed))
    return tr("your settings were read again")

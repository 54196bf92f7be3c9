"""Parts: the controllers of the reading screen, made and connected in one place."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from tui.controllers.copying import Copying
from tui.controllers.finding import Finding
from tui.controllers.following import Following
from tui.controllers.listing import Listings
from tui.controllers.looking import Looking
from tui.controllers.marking import Marking
from tui.controllers.moving import Moving
from tui.controllers.panes import Panes
from tui.controllers.pressing import Pressing
from tui.controllers.reading import Reading
from tui.controllers.refreshing import Refreshing
from tui.controllers.returning import Returning
from tui.controllers.sentences import Sentences
from tui.controllers.setting import Setting
from tui.controllers.showing import Showing
from tui.controllers.translating import Translating
from tui.controllers.typing import Typing
from tui.keymap.keymap import keymap_of, use
from tui.widgets.notes_pane import NotesPane
from tui.widgets.paper_detail import PaperDetail
from tui.widgets.paper_table import PaperTable
from tui.widgets.status_line import HintLine, StatusLine, hints_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from textual.screen import Screen

    from storage.model import PaperKey
    from storage.settings import Settings
    from tui.controllers.exporting import Exporting
    from tui.controllers.hooking import Hooking
    from tui.controllers.settings_following import FollowingSettings
    from tui.hooks.hooks import Change
    from tui.session import Session

REMEMBER = 10.0
"""Seconds between two looks whether the reader went elsewhere."""


class Parts:
    """All that acts on the reading screen.

    What the panes need is made at once, so that they can be laid out; the rest when the screen is
    there.

    Args:
        run: Runs the command with an id once the present message is done.
    """

    def __init__(
        self, screen: Screen[None], session: Session, *, run: Callable[[str], None]
    ) -> None:
        self._screen = screen
        self._session = session
        self._run = run
        use(keymap_of(session.settings))
        self.panes = Panes(
            PaperTable(session, self._moved, id="table"),
            PaperDetail(id="detail"),
            NotesPane(session.draft, self._save_note, id="notes"),
            StatusLine(id="status"),
            HintLine(id="hints"),
        )
        self.panes.hints.show_hints(hints_of("table"))
        self.showing = Showing(screen, self.panes, session, failed=self._unreadable)
        self.listings = Listings(screen, self.panes, session, self.showing, failed=self._unreadable)
        self.marking = Marking(
            screen,
            self.panes,
            session,
            counted=self.listings.remarked,
            changed=self._marked,
        )

    def connect(self) -> None:
        """Make the rest."""
        screen, panes, session = self._screen, self.panes, self._session
        self.finding = Finding(screen.app, panes, session, relist=self.listings.relist)
        self.refreshing = Refreshing(
            screen,
            panes,
            session,
            self.listings,
            remarked=self.marking.recording.repaint,
        )
        self.following = Following(
            panes,
            session,
            finding=self.finding,
            refreshing=self.refreshing,
            relist=self.listings.relist,
        )
        self.setting = Setting(screen.app, panes)
        self.looking = Looking(screen, panes, session, run=self._run, widen=self.finding.widen)
        self.sentences = Sentences(
            screen.app,
            panes,
            session,
            show=self.finding.show_paper,
            go_to=self.looking.go_to,
        )
        self.typing = Typing(screen, panes, session, self.finding, self.looking)
        self.reading = Reading(
            panes, session, self.marking, self.looking, edit_note=self.typing.edit_note
        )
        self.returning = Returning(screen, panes, session, self.looking, self.setting)
        self.pressing = self._pressing()

    def _pressing(self) -> Pressing:
        screen, panes, session = self._screen, self.panes, self._session
        moving = Moving(panes, session)
        handlers: dict[str, Callable[[], Awaitable[None] | None]] = {
            **self.marking.handlers(),
            **self.finding.handlers(),
            **self.refreshing.handlers(),
            **self.following.handlers(),
            **Translating(screen, panes, session, refresh=self.refreshing.look_again).handlers(),
            **Copying(screen.app, panes, session, post=screen.post_message).handlers(),
            **self.looking.handlers(),
            **self.setting.handlers(),
            **self.sentences.handlers(),
            **self.typing.handlers(),
            **self.reading.handlers(),
            "copy.export": self._export,
            "view.settings": self._edit_settings,
        }
        counted = {**moving.counted(), **self.marking.counted(), **self.sentences.counted()}
        return Pressing(panes, self.listings, self.typing, handlers, counted)

    def start(self) -> None:
        """Show the first papers, then read on behind the screen."""
        self.returning.restore()
        self.listings.start()
        self.refreshing.start()
        self._screen.call_after_refresh(self.following.start)
        self._screen.call_after_refresh(self._follow_file)
        self.showing.show()
        self.returning.start(REMEMBER)

    def stop(self) -> None:
        """Leave word where one was."""
        self.refreshing.stop()
        self.returning.leave()

    @cached_property
    def _exporting(self) -> Exporting:
        from tui.controllers.exporting import Exporting  # noqa: PLC0415 -- on first use

        screen = self._screen
        return Exporting(screen.app, self.panes, self._session, post=screen.post_message)

    @cached_property
    def _hooking(self) -> Hooking:
        from tui.controllers.hooking import Hooking  # noqa: PLC0415 -- with the first change

        return Hooking(self._screen, self.panes, self._session)

    @cached_property
    def _following_settings(self) -> FollowingSettings:
        from tui.controllers.settings_following import (  # noqa: PLC0415 -- after the first frame
            FollowingSettings,
        )

        return FollowingSettings(
            self._screen, self.panes, self._session, changed=self.follow_settings
        )

    def _marked(self, change: Change, keys: Collection[PaperKey]) -> None:
        self._hooking.run(change, keys)

    def _export(self) -> Awaitable[None] | None:
        return self._exporting.export()

    def _follow_file(self) -> None:
        self._following_settings.start()

    async def _edit_settings(self) -> None:
        from tui.controllers.settings_editing import edit_settings  # noqa: PLC0415 -- seldom

        await edit_settings(self.panes, self.typing)
        self._following_settings.take_now()

    def follow_settings(self, before: Settings, after: Settings) -> list[str]:
        """Apply other settings; return sentences about what is wrong in them."""
        if (before.keymap, before.keys) != (after.keymap, after.keys):
            use(keymap_of(after))
            self.pressing.follow_keymap()
        told = self.setting.apply(before, after)
        self.looking.apply(before, after)
        self.typing.show_hints()
        self.showing.show_position()
        return told

    def note_done(self, key: PaperKey, before: str, after: str) -> None:
        """A note is done: one step to undo."""
        self.marking.note_done(key, before, after)
        self.looking.came_to(self.looking.pane)
        self.showing.show()

    def _unreadable(self, reason: str) -> None:
        self.refreshing.rebuild(reason)

    def _save_note(self, key: PaperKey, text: str) -> None:
        self.marking.save_note(key, text)

    def _moved(self) -> None:
        self.showing.moved()
        self.reading.moved()

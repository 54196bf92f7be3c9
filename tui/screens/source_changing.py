"""What the keys of the sources screen change: asked for where that is needed, said when it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from storage.refresh.outcome import DUE
from tui.screens.source_keeping import SourceKeeping

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from textual.screen import Screen

    from storage.sources.source import Source
    from tui.screens.source_adding import Added
    from tui.screens.source_finder import SourceFinder
    from tui.screens.source_keeping import Done, Removed
    from tui.session import Session
    from tui.widgets.status_line import HintLine


class Upkeep(NamedTuple):
    """What the reader keeps and does for the sources screen.

    Attributes:
        removed: What was removed in this run, the last at the end, and can be brought back.
        refresh: Brings the library up to date; told what is fetched, see ``storage.refresh.outcome``.
        changed: Told that the list of sources is another one.
    """

    removed: list[Removed]
    refresh: Callable[[str], None]
    changed: Callable[[], None]


class SourceChanging:
    """Changes the source under the cursor, and which sources there are.

    Args:
        screen: On which something is asked for.
        session: Whose sources they are.
        finder: Knows the source under the cursor, and goes to another one.
        hints: Where to say what was done.
        upkeep: What the reader does when sources change.
    """

    def __init__(
        self,
        screen: Screen[Any],
        session: Session,
        finder: SourceFinder,
        hints: HintLine,
        upkeep: Upkeep,
    ) -> None:
        self._screen = screen
        self._session = session
        self._finder = finder
        self._hints = hints
        self._upkeep = upkeep
        self._keeping = SourceKeeping(screen, upkeep.removed, self._done)

    def handlers(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return what the keys do, by name."""
        return {
            "add": self._add,
            "presets": self._add_ready_made,
            "pause": partial(self._with_source, self._keeping.pause),
            "rename": partial(self._with_source, self._rename),
            "down": partial(self._move, 1),
            "up": partial(self._move, -1),
            "remove": partial(self._with_source, self._keeping.remove),
            "restore": self._restore,
        }

    async def settled(self) -> None:
        """Wait for the changes that were asked for."""
        await self._keeping.settled()

    async def _add(self) -> None:
        from tui.screens.source_adding import AddScreen  # noqa: PLC0415 -- on first use

        if self._may_change():
            await self._screen.app.push_screen(AddScreen(), self._take_added)

    async def _add_ready_made(self) -> None:
        from tui.screens.ready_made import ReadyMadeScreen  # noqa: PLC0415 -- on first use

        if self._may_change():
            await self._screen.app.push_screen(ReadyMadeScreen(), self._take_added)

    def _take_added(self, added: Added | None) -> None:
        if added is None:
            return
        self._hints.say(added.words, failed=bool(added.told))
        if added.sources:
            self._finder.go_to(added.sources[0].id)
            self._upkeep.changed()
            self._upkeep.refresh(DUE)
        self._finder.reading.read()

    async def _move(self, by: int) -> None:
        if self._finder.line.value:
            self._hints.say(tr("Esc lists all of them first; then they can be put in order"))
        else:
            await self._with_source(partial(self._keeping.move, by=by))

    async def _restore(self) -> None:
        if self._may_change():
            self._keeping.restore()

    def _rename(self, source: Source) -> Awaitable[None]:
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use

        def take(name: str) -> str:
            self._keeping.rename(source, name.strip())
            return ""

        help_line = tr("{place}; empty: it is called by that", place=source.shown_place)
        prompt = PromptScreen(tr("Name of this source"), source.name, help_line, take)
        return self._screen.app.push_screen(prompt)

    async def _with_source(self, run: Callable[[Source], Awaitable[None] | None]) -> None:
        await self._keeping.settled()
        await self._finder.settled()
        row = self._finder.current
        if row is not None and self._may_change():
            asked = run(row.source)
            if asked is not None:
                await asked

    def _may_change(self) -> bool:
        is_library = self._session.origin.is_library
        if not is_library:
            self._hints.say(
                tr("these are for this run only; digest-tui without a path opens your library")
            )
        return is_library

    def _done(self, done: Done) -> None:
        """Say what came of a change, and show it."""
        self._hints.say(done.words, failed=done.is_failed)
        self._finder.go_to(done.at)
        if done.is_for_reading and not done.is_failed:
            self._upkeep.changed()
        self._finder.reading.read()

"""Marking: read, starred and note, each durable before the screen shows it, each undoable."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks import MarkChange, MarkField
from tui.controllers.recording import Recording
from tui.keymap.keymap import key_of
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.marks.undo.history import Move
    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.controllers.recording import Changed
    from tui.session import Session


class _Wish(NamedTuple):
    """What a key asks for, of whichever papers.

    Attributes:
        goes_on: Whether the cursor goes on behind them.
        times: Of how many papers from the cursor on; 0: the selected ones, or that under it.
    """

    field: MarkField
    value: bool
    goes_on: bool = False
    times: int = 0


class Marking:
    """The ``mark.*`` commands and all other changes of marks.

    Args:
        counted: Takes the papers whose marks changed.
        changed: Takes ``star``, ``read`` or ``note`` and the papers that the reader starred, read or
            whose note was written, once that is on disk; nothing of what an undo or a redo changes.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        counted: Callable[[Collection[PaperKey]], None],
        changed: Changed = lambda _kind, _keys: None,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._changed = changed
        self.recording = Recording(screen, panes, session, counted=counted, changed=changed)
        self._last: _Wish | None = None

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {"mark.all_read": self._set_all_read, "mark.range": self._range}

    def counted(self) -> dict[str, Callable[[int], None]]:
        """Return those that take a count: of how many papers or steps, 0 where that was not said."""
        read = _Wish(MarkField.READ, value=True, goes_on=True)
        unread = _Wish(MarkField.READ, value=False)
        return {
            "mark.read": lambda count: self._fulfil(read._replace(times=count)),
            "mark.unread": lambda count: self._fulfil(unread._replace(times=count)),
            "mark.star": self._star,
            "mark.repeat": self._repeat,
            "mark.undo": self.recording.undo,
            "mark.redo": self.recording.redo,
        }

    def read(self, key: PaperKey) -> None:
        """Mark one paper read."""
        self._set([key], MarkField.READ, value=True)

    def dwelt_on(self, key: PaperKey) -> None:
        """Mark one paper read that was looked at for a while; no step that undo would find."""
        changes = [MarkChange(key, MarkField.READ, value=True), *self._seen([key])]
        expected = self._session.marks.expected(key)
        if any(expected.value(change.field) != change.value for change in changes):
            is_news = not expected.read

            def settled(error: MarksError | None) -> None:
                if error is None and is_news:
                    self._changed("read", [key])

            self.recording.write(changes, lambda _: None, settled)

    def _seen(self, keys: Sequence[PaperKey]) -> list[MarkChange]:
        """Remember which versions the reader had before the eyes."""
        versions = self._session.versions(keys)
        expected = self._session.marks.expected
        return [
            MarkChange(key, MarkField.SEEN, version)
            for key, version in versions.items()
            if version > expected(key).seen
        ]

    def save_note(self, key: PaperKey, text: str) -> None:
        """Save a note while it is being written; ``note_done`` makes all of it one step."""
        draft = self._session.draft

        def settled(error: MarksError | None) -> None:
            if error is None:
                draft.written(key)
            else:
                draft.refuse(key, text)

        def written(error: MarksError | None) -> None:
            if error is None:
                self._say(tr("note saved"))

        self.recording.write([MarkChange(key, MarkField.NOTE, text)], written, settled)

    def note_done(self, key: PaperKey, before: str, after: str) -> None:
        """Make all that was typed into a note one step to undo."""
        session, post = self._session, self._screen.post_message

        def refused(move: Move) -> None:
            post(Then(lambda: session.history.cancel(move)))

        session.record_note(key, before, after, refused)
        change = MarkChange(key, MarkField.NOTE, after)
        if change.value == MarkChange(key, MarkField.NOTE, before).value:
            return

        def written(_: MarksError | None) -> None:
            if session.marks_of(key).note == change.value:
                self._changed("note", [key])

        # Nothing but its turn behind the note.
        session.marks.submit((), written)

    def _star(self, count: int) -> None:
        """Star, or take the stars away where all have one."""
        is_selected = self._panes.table.selecting
        keys = self._meant(count)
        starred = not all(self._session.marks.expected(key).starred for key in keys)
        wish = _Wish(MarkField.STARRED, starred, times=count)
        self._mark(keys, wish, is_selected=is_selected)

    def _repeat(self, count: int) -> None:
        if self._last is None:
            self._say(tr("nothing to repeat"))
        else:
            self._fulfil(self._last._replace(times=count or self._last.times))

    def _meant(self, count: int) -> tuple[PaperKey, ...]:
        """Return the selected papers, else as many from the cursor on; more than one get selected."""
        table = self._panes.table
        if count > 1:
            table.take(count)
        return table.selected

    def _fulfil(self, wish: _Wish) -> None:
        is_selected = self._panes.table.selecting
        self._mark(self._meant(wish.times), wish, is_selected=is_selected)

    def _mark(self, keys: Sequence[PaperKey], wish: _Wish, *, is_selected: bool) -> None:
        """Mark papers, and go on behind them if that is asked for and they were not selected."""
        table = self._panes.table
        if table.selecting:
            table.toggle_selecting()
        if keys:
            self._last = wish._replace(times=0) if is_selected else wish
        self._set(keys, wish.field, value=wish.value)
        if wish.goes_on and not is_selected:
            table.move_by(wish.times or 1)

    def _set(self, keys: Sequence[PaperKey], field: MarkField, *, value: bool) -> None:
        changes = [MarkChange(key, field, value) for key in keys]
        self.recording.record(changes, self._seen(keys) if value else ())

    def _set_all_read(self) -> None:
        """In a worker: there may be very many."""
        session, screen = self._session, self._screen

        def run() -> None:
            with closing(session.catalogue.fresh()) as catalogue:
                keys = catalogue.keys(list(session.listing.ids))
                versions = catalogue.versions(keys)
            expected = session.marks.expected
            unread = [key for key in keys if not expected(key).read]
            read = [MarkChange(key, MarkField.READ, value=True) for key in unread]
            known = [key for key in unread if key in versions]
            seen = [MarkChange(key, MarkField.SEEN, versions[key]) for key in known]
            screen.post_message(Then(lambda: self.recording.record(read, seen)))

        screen.run_worker(run, thread=True, group="marking")

    def _range(self) -> None:
        self._panes.table.toggle_selecting()
        if self._panes.table.selecting:
            said = tr(
                "move to select, then {read} {unread} {star} or {copy}; {back} ends it",
                read=key_of("mark.read"),
                unread=key_of("mark.unread"),
                star=key_of("mark.star"),
                copy=key_of("copy.link"),
                back=key_of("read.back"),
            )
            self._say(said)

    def _say(self, text: str) -> None:
        self._panes.hints.say(text)

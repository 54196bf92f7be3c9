"""Marking: read, starred and note, each durable before the screen shows it, each undoable."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from storage.marks import MarkChange, MarkField
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.marks import Marks
    from storage.marks.undo.history import Move
    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.session import Session

_DONE = {"record": "", "undo": "undone: ", "redo": "redone: "}
"""What is said of a move before its label, by its kind."""


class Marking:
    """The ``mark.*`` commands and all other changes of marks.

    Args:
        counted: Takes the papers whose marks changed.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        counted: Callable[[Collection[PaperKey]], None],
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._counted = counted

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Return the commands by id."""
        return {
            "mark.read": self._read_and_go_on,
            "mark.unread": lambda: self._set_read(self._taken(), read=False),
            "mark.star": self._star,
            "mark.all_read": self._set_all_read,
            "mark.range": self._range,
            "mark.undo": self._undo,
            "mark.redo": self._redo,
        }

    def read(self, key: PaperKey) -> None:
        """Mark one paper read."""
        self._set_read([key], read=True)

    def dwelt_on(self, key: PaperKey) -> None:
        """Mark one paper read that was looked at for a while; no step that undo would find."""
        changes = [MarkChange(key, MarkField.READ, value=True), *self._seen([key])]
        expected = self._session.marks.expected(key)
        if any(expected.value(change.field) != change.value for change in changes):
            self._write(changes, lambda _: None)

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
                self._say("note saved")

        self._write([MarkChange(key, MarkField.NOTE, text)], written, settled)

    def note_done(self, key: PaperKey, before: str, after: str) -> None:
        """Make all that was typed into a note one step to undo."""
        session = self._session

        def refused(move: Move) -> None:
            self._screen.post_message(Then(lambda: session.history.cancel(move)))

        session.record_note(key, before, after, refused)

    def repaint(self, keys: Collection[PaperKey]) -> None:
        """Draw anew what shows the marks of these papers."""
        if len(keys) > 1:
            self._panes.table.refresh()
        for key in keys if len(keys) == 1 else ():
            self._panes.table.refresh_paper(key)
        current = self._panes.table.current
        if current is not None and current in keys:
            marks = self._session.marks_of(current)
            self._panes.notes.show(current, marks.note, len(marks.note_by))
        self._counted(keys)

    def _read_and_go_on(self) -> None:
        table = self._panes.table
        ranged = table.selecting
        self._set_read(self._taken(), read=True)
        if not ranged:
            table.move_by(1)

    def _star(self) -> None:
        keys = self._taken()
        starred = not all(self._session.marks.expected(key).starred for key in keys)
        done = "starred" if starred else "no longer starred"
        changes = [MarkChange(key, MarkField.STARRED, starred) for key in keys]
        self._record(done, changes, self._seen(keys) if starred else ())

    def _set_read(self, keys: Sequence[PaperKey], *, read: bool) -> None:
        changes = [MarkChange(key, MarkField.READ, read) for key in keys]
        self._record("read" if read else "unread", changes, self._seen(keys) if read else ())

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
            screen.post_message(Then(lambda: self._record("read", read, seen)))

        screen.run_worker(run, thread=True, group="marking")

    def _range(self) -> None:
        self._panes.table.toggle_selecting()
        if self._panes.table.selecting:
            self._say("move to select, then r u s or y; Esc ends it")

    def _taken(self) -> tuple[PaperKey, ...]:
        table = self._panes.table
        keys = table.selected
        if table.selecting:
            table.toggle_selecting()
        return keys

    def _record(
        self, done: str, changes: Sequence[MarkChange], also: Sequence[MarkChange] = ()
    ) -> None:
        """Make ``changes`` and what goes with them one step; only the former are spoken of."""
        expected = self._session.marks.expected
        changed = [c for c in changes if expected(c.key).value(c.field) != c.value]
        if not changed and also:
            self._write(also, lambda _: None)
        if not changed:
            self._say(f"already {done}" if changes else "no paper here")
            return
        self._make(self._session.history.record(f"{{}} {done}", [*changed, *also], expected))

    def _undo(self) -> None:
        move = self._session.history.undo(self._present)
        self._make(move, nothing="nothing to undo")

    def _redo(self) -> None:
        move = self._session.history.redo(self._present)
        self._make(move, nothing="nothing to redo")

    def _make(self, move: Move | None, nothing: str = "") -> None:
        if move is None:
            self._say(nothing)
            return

        def written(error: MarksError | None) -> None:
            if error is None:
                self._say(_told(move))
            else:
                self._session.history.cancel(move)

        def settled(error: MarksError | None) -> None:
            if error is None:
                # What the screen confirms is to be undone even after a kill.
                self._session.keep(move)

        self._write(move.changes, written, settled)

    def _present(self, key: PaperKey) -> Marks:
        """Return the marks that an undo is judged by; what is in a note then, it may write over."""
        marks = self._session.marks.expected(key)
        if marks.note_by:
            self._session.begin_note(key, marks.note_by)
        return marks

    def _write(
        self,
        changes: Sequence[MarkChange],
        then: Callable[[MarksError | None], None],
        settled: Callable[[MarksError | None], None] = lambda _: None,
    ) -> None:
        """Write behind the screen; nothing is drawn anew before the marks are on disk.

        Args:
            changes: What to write.
            then: Tells the screen, if there still is one.
            settled: Called before, in the writer's thread, whether there is a screen or not.
        """
        keys = dict.fromkeys(change.key for change in changes)
        late = self._session.late_errors

        def finished(error: MarksError | None) -> None:
            then(error)
            if error is not None:
                late.remove(error)
                self._panes.hints.say(str(error), failed=True)
                return
            self.repaint(keys)

        def done(error: MarksError | None) -> None:
            settled(error)
            if error is not None:
                # Until the screen says so; it may never come to that.
                late.append(error)
            self._screen.post_message(Then(lambda: finished(error)))

        self._session.marks.submit(self._session.written_over(changes), done)

    def _say(self, text: str) -> None:
        self._panes.hints.say(text)


def _told(move: Move) -> str:
    """Say what was done, and what was left as it is because it was changed elsewhere."""
    done = f"{_DONE[move.kind]}{move.label}"
    if not move.left:
        return done
    is_one = len(move.left) == 1
    stays = "changed since and stays" if is_one else "changed since and stay"
    if move.edits:
        return f"{done}; {len(move.left)} {stays}"
    return f"not {done}; {stays} as {'it is' if is_one else 'they are'}"

"""Recording: changes of marks as steps that can be undone, each on disk before the screen shows it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from storage.language import to_tr, tr, tr_n
from storage.marks import MarkField
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual.screen import Screen

    from storage.errors import MarksError
    from storage.marks import MarkChange, Marks
    from storage.marks.undo.history import Move
    from storage.model import PaperKey
    from tui.controllers.panes import Panes
    from tui.hooks.hooks import Change
    from tui.session import Session

    Changed = Callable[[Change, Collection[PaperKey]], None]

_LABELS: Final = {
    (MarkField.STARRED, True): (to_tr("{} starred"), to_tr("already starred")),
    (MarkField.STARRED, False): (to_tr("{} no longer starred"), to_tr("already no longer starred")),
    (MarkField.READ, True): (to_tr("{} read"), to_tr("already read")),
    (MarkField.READ, False): (to_tr("{} unread"), to_tr("already unread")),
}
"""What was done to papers, for which the braces stand, and what is said where it was so before."""


class Recording:
    """Writes changes of marks, and goes back and forth through those that were made.

    Args:
        counted: Takes the papers whose marks changed.
        changed: Takes ``star`` or ``read`` and the papers that were starred or read, once that is on
            disk, in the writer's thread; nothing of what an undo or a redo changes.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        counted: Callable[[Collection[PaperKey]], None],
        changed: Changed,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._counted = counted
        self._changed = changed

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

    def record(self, changes: Sequence[MarkChange], also: Sequence[MarkChange] = ()) -> None:
        """Make ``changes`` and what goes with them one step; only the former are spoken of.

        Args:
            changes: All of the same field and value.
            also: Versions that were seen with that.
        """
        expected = self._session.marks.expected
        changed = [c for c in changes if expected(c.key).value(c.field) != c.value]
        if not changed and also:
            self.write(also, lambda _: None)
        if not changes:
            self._say(tr("no paper here"))
            return
        field, value = changes[0].field, bool(changes[0].value)
        done, already = _LABELS[field, value]
        if not changed:
            self._say(tr(already))
            return
        then: Callable[[], None] | None = None
        if value:
            keys = [change.key for change in changed]
            then = partial(self._changed, "star" if field is MarkField.STARRED else "read", keys)
        self._make(self._session.history.record(tr(done), [*changed, *also], expected), then=then)

    def undo(self, count: int) -> None:
        """Undo the last ``count`` steps; 0: one."""
        self._travel(self._session.history.undo, count, tr("nothing to undo"))

    def redo(self, count: int) -> None:
        """Redo the last ``count`` undone steps; 0: one."""
        self._travel(self._session.history.redo, count, tr("nothing to redo"))

    def _travel(
        self,
        step: Callable[[Callable[[PaperKey], Marks]], Move | None],
        count: int,
        nothing: str,
    ) -> None:
        """Go ``count`` steps through the history, or as many as there are."""
        for number in range(1, max(1, count) + 1):
            move = step(self._present)
            if move is None:
                if number == 1:
                    self._say(nothing)
                return
            self._make(move, number)

    def _make(
        self, move: Move | None, number: int = 1, then: Callable[[], None] | None = None
    ) -> None:
        """Write what a move changes, and say so once it is on disk.

        Args:
            move: The move; None: nothing would change.
            number: Which of several in a row it is, from 1.
            then: Called when it is on disk, in the writer's thread.
        """
        if move is None:
            return

        def written(error: MarksError | None) -> None:
            if error is not None:
                self._session.history.cancel(move)
                return
            told = _told(move)
            if number > 1:
                told = tr_n("{told} ({n:,} step)", "{told} ({n:,} steps)", number, told=told)
            self._say(told)

        def settled(error: MarksError | None) -> None:
            if error is None:
                # What the screen confirms is to be undone even after a kill.
                self._session.keep(move)
                if then is not None:
                    then()

        self.write(move.changes, written, settled)

    def _present(self, key: PaperKey) -> Marks:
        """Return the marks that an undo is judged by; what is in a note then, it may write over."""
        marks = self._session.marks.expected(key)
        if marks.note_by:
            self._session.begin_note(key, marks.note_by)
        return marks

    def write(
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
    match move.kind:
        case "undo":
            done = tr("undone: {what}", what=move.label)
        case "redo":
            done = tr("redone: {what}", what=move.label)
        case _:
            done = move.label
    left = len(move.left)
    if not left:
        return done
    if move.edits:
        # i18n: {n} papers were changed elsewhere meanwhile and stay as they are.
        return tr_n(
            "{done}; {n} changed since and stays",
            "{done}; {n} changed since and stay",
            left,
            done=done,
        )
    return tr_n(
        "not {done}; changed since and stays as it is",
        "not {done}; changed since and stay as they are",
        left,
        done=done,
    )

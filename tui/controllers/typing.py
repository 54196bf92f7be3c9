"""Typing: the note and the filter bar, where keys are text, and the other ways to notes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from storage.language import tr
from tui.keymap.keymap import in_force
from tui.keymap.names import same_everywhere
from tui.widgets.status_line import hints_of_filter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.screen import Screen

    from storage.library.filters import Kind
    from storage.model import PaperKey
    from tui.controllers.finding import Finding
    from tui.controllers.looking import Looking
    from tui.controllers.panes import Panes
    from tui.external_editor import Ending
    from tui.screens.notes import WantedNote
    from tui.session import Session
    from tui.widgets.filter_bar import FilterBar

T = TypeVar("T")

_OFFERED = 12
"""As many completions the hint line names."""
_WAYS_OUT = {
    "escape": "read.back",
    "enter": "read.open",
    "tab": "view.next_pane",
    "shift+tab": "view.previous_pane",
}
"""What ends typing whatever the keymap says; hints name these keys."""


class Typing:
    """The ``note.*`` and ``find.filter`` commands, and the ways out of what is typed.

    Attributes:
        is_lent: Whether another program has the terminal: keys are for that.
    """

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        finding: Finding,
        looking: Looking,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._session = session
        self._finding = finding
        self._looking = looking
        self._values: dict[Kind, list[str]] = {}
        self.is_lent = False

    def handlers(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Return the commands by id."""
        return {
            "note.edit": self.edit_note,
            "note.external": self.write_outside,
            "note.list": self._list_notes,
            "find.filter": self._open_filter,
        }

    @property
    def active(self) -> bool:
        """Whether keys are text now."""
        from tui.widgets.settling import Settling  # noqa: PLC0415 -- with the first key

        return isinstance(self._screen.focused, Settling)

    def way_out(self, key: str) -> str | None:
        """Return the command of a key that ends what is typed; None if the key belongs to it."""
        key = same_everywhere(key)
        action = _WAYS_OUT.get(key)
        if action is None and key.startswith(("ctrl+", "alt+")) and not self._edits(key):
            # The keymap's own; without these it would be a key by which one writes.
            action = in_force().command((key,))
        return action if action is not None and self.ends(action) else None

    def _edits(self, key: str) -> bool:
        """Tell whether a key does something to what is typed, such as to cut or paste."""
        found = self._screen.active_bindings.get(key)
        return found is not None and found.node is self._screen.focused

    def ends(self, action: str) -> bool:
        """Tell whether a command ends what is typed, and does nothing else then."""
        if action == "read.open":
            return not self._panes.notes.editing
        return action in _WAYS_OUT.values()

    async def leave(self, action: str) -> None:
        """Leave the note or the filter bar; Escape takes the filter away, other keys keep it."""
        if self._panes.notes.editing:
            await self._panes.notes.close()
        elif (bar := self._bar()) is not None:
            await bar.settled()
            if action == "view.next_pane" and bar.complete():
                return
            if not self._finding.filter_by("" if action == "read.back" else bar.value):
                return
            await bar.remove()
        self._looking.go_to("detail" if action == "view.previous_pane" else "table")

    async def bar_left(self) -> None:
        """Close the filter bar whose focus went elsewhere; its filter stays."""
        bar = self._bar()
        if bar is not None and not bar.has_focus:
            self._finding.filter_by(bar.value)
            await bar.remove()

    async def edit_note(self) -> None:
        """Open the note of the paper under the cursor."""
        key = self._panes.table.current
        if key is not None:
            await self._edit_note_of(key)

    async def _edit_note_of(self, key: PaperKey) -> None:
        self._looking.go_to("notes")
        marks = self._session.marks.expected(key)
        self._session.begin_note(key, marks.note_by)
        await self._panes.notes.edit(key, marks.note)

    async def write_outside(self) -> None:
        """Go on in the reader's own editor with the note that is typed, or that of the paper."""
        from tui.controllers.outside import write_outside  # noqa: PLC0415 -- on first use

        notes, key = self._panes.notes, self._panes.table.current
        if notes.editing:
            await self.leave("note.external")
            key = notes.view.key
        if key is None:
            self._panes.hints.say(tr("no paper here"))
            return
        await write_outside(self._panes, self._session, key, self)

    async def lend(self, run: Callable[[Ending], T]) -> T:
        """Let a program have the terminal; what is typed till it has ended is for nobody else.

        Args:
            run: Starts the program, waits for its end and returns what came of it.

        Raises:
            SuspendNotSupported: This terminal cannot be lent; ``run`` was not called.
        """
        from tui.controllers.lending import lend  # noqa: PLC0415 -- on first use

        self.is_lent = True
        return await lend(self._screen.app, run, self._come_back)

    def _come_back(self) -> None:
        self.is_lent = False

    def _list_notes(self) -> Awaitable[None]:
        from tui.screens.notes import NotesScreen  # noqa: PLC0415 -- on first use

        def chosen(wanted: WantedNote | None) -> None:
            if wanted is None:
                return
            self._finding.show_paper(wanted.key)
            if wanted.is_to_be_edited:
                self._screen.call_later(self._edit_note_of, wanted.key)

        return self._screen.app.push_screen(NotesScreen(self._session), chosen)

    async def _open_filter(self) -> None:
        bar = self._bar()
        if bar is None:
            from tui.widgets.filter_bar import FilterBar  # noqa: PLC0415 -- on first use

            bar = FilterBar(self._session.query_text, self._known_values, id="filter")
            self._screen.run_worker(self._learn_values, thread=True, group="completing")
            await self._screen.mount(bar, before=self._panes.hints)
        self._screen.set_focus(bar)
        self.show_hints()

    def show_hints(self) -> None:
        """Name the keys that hold while a filter is typed, if one is."""
        bar = self._bar()
        if bar is not None and self._screen.focused is bar:
            self._panes.hints.show_hints(hints_of_filter())

    def typed(self, text: str) -> None:
        """Filter as one types; show what is wrong, or what the word may become."""
        bar = self._bar()
        if bar is None:
            return
        self._finding.filter_by(text, is_typing=True)
        bar.show_wrong(self._finding.error_span)
        offered = bar.choices()
        if self._finding.error_span is None and len(offered) > 1:
            self._panes.hints.say("  ".join(choice.text for choice in offered[:_OFFERED]))

    def _known_values(self, kind: Kind) -> Sequence[str]:
        return self._values.get(kind, ())

    def _learn_values(self) -> None:
        """In a worker: which categories, channels and digests there are."""
        with closing(self._session.catalogue.fresh()) as catalogue:
            self._values = catalogue.known_values()

    def _bar(self) -> FilterBar | None:
        from tui.widgets.filter_bar import FilterBar  # noqa: PLC0415 -- on first use

        bars = self._screen.query(FilterBar)
        return bars.first() if bars else None

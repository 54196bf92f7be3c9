"""Looking: which pane has the focus, zoom, help, palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.place import Place
from tui.actions import groups
from tui.widgets.status_line import EDITING, hints_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.screen import Screen

    from tui.controllers.panes import Panes

PANES = ("table", "detail", "notes")
NARROW = "-narrow"
_LAYOUTS = ((NARROW, 0), ("-medium", 100), ("-wide", 200))
"""The class of each layout and the columns from which on it is used."""


def layout_for(width: int) -> str:
    """Return the class of the layout for ``width`` columns."""
    return [layout for layout, columns in _LAYOUTS if width >= columns][-1]


class Looking:
    """The ``view.*`` and ``read.back`` commands."""

    def __init__(
        self,
        app: App[object],
        screen: Screen[None],
        panes: Panes,
        *,
        run: Callable[[str], None],
        widen: Callable[[], bool],
    ) -> None:
        self._app = app
        self._screen = screen
        self._panes = panes
        self._run = run
        self._widen = widen
        self.pane = "table"
        self._zoomed = False

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {
            "read.back": self._back,
            "view.next_pane": lambda: self._step(1),
            "view.previous_pane": lambda: self._step(-1),
            "view.table": lambda: self.go_to("table"),
            "view.detail": lambda: self.go_to("detail"),
            "view.notes": lambda: self.go_to("notes"),
            "view.zoom": self._zoom,
            "view.help": self._help,
            "view.palette": self._app.action_command_palette,
            "view.quit": self._app.exit,
        }

    def restore(self, left: Place) -> None:
        """Look as the reader left it."""
        if left.zoomed:
            self._zoom()
        self.go_to(left.pane if left.pane in PANES else "table")

    def place(self) -> Place:
        """Return how it looks now, apart from what is listed."""
        return Place(zoomed=self._zoomed, pane=self.pane)

    def go_to(self, pane: str) -> None:
        """Bring ``pane`` to the front where only one is shown, and focus it."""
        self.pane = pane
        for name in PANES:
            self._screen.set_class(name == pane, f"-at-{name}")
        # At once, not after the next messages: the editor of a note may open meanwhile.
        self._screen.set_focus(
            {
                "table": self._panes.table,
                "detail": self._panes.detail,
                "notes": self._panes.notes.view,
            }[pane]
        )

    def came_to(self, pane: str) -> None:
        """Take notice of a focus that the mouse moved."""
        self._panes.hints.show_hints(EDITING if self._panes.notes.editing else hints_for(pane))
        if pane != self.pane:
            self.pane = pane
            for name in PANES:
                self._screen.set_class(name == pane, f"-at-{name}")

    def _step(self, panes: int) -> None:
        self.go_to(PANES[(PANES.index(self.pane) + panes) % len(PANES)])

    def arrange(self, width: int) -> None:
        """Place the panes as ``width`` columns allow, zoomed one at a time."""
        wanted = NARROW if self._zoomed else layout_for(width)
        for layout, _ in _LAYOUTS:
            self._screen.set_class(layout == wanted, layout)

    def _zoom(self) -> None:
        self._zoomed = not self._zoomed
        self.arrange(self._app.size.width)

    def _back(self) -> None:
        if self._panes.table.selecting:
            self._panes.table.toggle_selecting()
        elif self._panes.detail.cursor.leave():
            self._panes.hints.say("")
        elif self.pane != "table":
            self.go_to("table")
        elif self._zoomed:
            self._zoom()
        elif not self._widen():
            self._panes.hints.say("")

    def _help(self) -> Awaitable[None]:
        from tui.choices import Choice  # noqa: PLC0415 -- with it
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        choices: list[Choice] = []
        for group, actions in groups():
            choices.append(Choice(group))
            choices += [Choice(a.help, a.id, a.shown_keys) for a in actions]

        def chosen(action: str | None) -> None:
            if action is not None:
                self._run(action)

        width = max(len(choice.key) for choice in choices)
        menu = Menu("Keys", len(choices), choices.__getitem__, width, 1, wide=True, by_key=False)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

"""Looking: which pane has the focus, zoom, help, palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from storage.language import tr
from storage.place import Place
from tui.actions import groups
from tui.keymap.keymap import in_force
from tui.widgets.status_line import hints_of, hints_of_note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen
    from textual.widget import Widget

    from storage.settings import Settings
    from tui.controllers.panes import Panes
    from tui.session import Session

PANES = ("table", "detail", "notes")
NARROW, ROWS, COLUMNS = "-narrow", "-medium", "-wide"
_LAYOUTS = ((NARROW, 0), (ROWS, 100), (COLUMNS, 200))
"""The class of each layout and the columns from which on it is used."""
_ASKED = {"one": NARROW, "rows": ROWS, "columns": COLUMNS}
"""The same by what the settings call them."""
_KEYS_WIDTH = 18
"""Cells that keys have in the help where it is narrow."""


def layout_for(width: int, asked: str = "auto") -> str:
    """Return the class of the layout for ``width`` columns, or of that which the settings ask for."""
    usual = [layout for layout, columns in _LAYOUTS if width >= columns][-1]
    return _ASKED.get(asked, usual)


def size_panes(body: Widget, layout: str, settings: Settings) -> None:
    """Give the panes in ``body`` the sizes that the settings ask for; the notes at most half of it."""
    width, height = body.app.size
    columns, rows = "", ""
    if layout == ROWS:
        columns = f"1fr {min(settings.notes_width, width // 2)}"
        rows = f"{settings.table_height}fr {100 - settings.table_height}fr"
    elif layout == COLUMNS:
        columns = f"{settings.table_width}fr {100 - settings.table_width}fr"
        rows = f"1fr {min(settings.notes_height, height // 2)}"
    styles = body.styles
    if columns:
        styles.grid_columns, styles.grid_rows = columns, rows
    else:
        styles.clear_rule("grid_columns")
        styles.clear_rule("grid_rows")


class Looking:
    """The ``view.*`` and ``read.back`` commands."""

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        session: Session,
        *,
        run: Callable[[str], None],
        widen: Callable[[], bool],
    ) -> None:
        self._app = screen.app
        self._screen = screen
        self._panes = panes
        self._session = session
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
        hints = hints_of_note() if self._panes.notes.editing else hints_of(pane)
        self._panes.hints.show_hints(hints)
        if pane != self.pane:
            self.pane = pane
            for name in PANES:
                self._screen.set_class(name == pane, f"-at-{name}")

    def _step(self, panes: int) -> None:
        self.go_to(PANES[(PANES.index(self.pane) + panes) % len(PANES)])

    def arrange(self, width: int) -> None:
        """Place the panes as ``width`` columns and the settings allow, zoomed one at a time."""
        settings = self._session.settings
        wanted = NARROW if self._zoomed else layout_for(width, settings.layout)
        for layout, _ in _LAYOUTS:
            self._screen.set_class(layout == wanted, layout)
        size_panes(self._screen.query_one("#body"), wanted, settings)

    def apply(self, before: Settings, after: Settings) -> None:
        """Place the panes as other settings say, and name the keys that are in force now."""
        if _placing(before) != _placing(after):
            self.arrange(self._app.size.width)
        self.came_to(self.pane)

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
        from tui.keymap.table import counting  # noqa: PLC0415 -- on first use
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        keymap = in_force()
        choices: list[Choice] = []
        for group, actions in groups():
            choices.append(Choice(group))
            choices += [Choice(a.shown_help, a.id, keymap.all_shown(a.id)) for a in actions]
        choices += map(Choice, counting(keymap))

        def chosen(action: str | None) -> None:
            if action is not None:
                self._run(action)

        room = max(_KEYS_WIDTH, self._app.size.width // 5)
        width = min(room, max(cell_len(choice.key) for choice in choices))
        menu = Menu(
            tr("Keys"), len(choices), choices.__getitem__, width, 1, wide=True, by_key=False
        )
        return self._app.push_screen(ChoiceScreen(menu), chosen)


def _placing(settings: Settings) -> tuple[object, ...]:
    return (
        settings.layout,
        settings.table_height,
        settings.notes_width,
        settings.table_width,
        settings.notes_height,
    )

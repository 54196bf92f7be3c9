"""What an empty library offers: ready-made sources, a path, an address, or the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical
from textual.widgets import Static

from storage.sources.presets import PRESETS
from tui.choices import Choice
from tui.screens.box import BoxScreen
from tui.screens.ready_made import ReadyMadeScreen
from tui.screens.source_adding import Added, AddScreen
from tui.widgets.keys import bound
from tui.widgets.virtual_list import VirtualList
from tui.widgets.wrapped_list import WrappedList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

DEMO, QUIT = "demo", "quit"
"""What can be chosen beside sources."""
OPEN_DEMO = 100
"""The return code of the app where the demo is to be opened next."""

_WELCOME = (
    "Digests of arXiv papers, English and Chinese side by side; new ones are fetched by themselves."
    " Where shall yours come from? More can be added at any time: D lists your sources."
)
_CHOICES = (
    Choice("cn-chat-arxiv: English and Chinese abstracts", "cn", "1"),
    Choice("daily-arXiv-ai-enhanced: Chinese TL;DRs", "daily", "2"),
    Choice("arXiv itself, by category: English only", "arxiv", "3"),
    Choice("a folder or file on this computer", "path", "4"),
    Choice("an address: digest, feed, git, arXiv search", "address", "5"),
    Choice("the demo: just to see; nothing is kept", DEMO, "6"),
    Choice("quit", QUIT, "q"),
)
_READY = {
    "cn": ("cn-chat-arxiv", "Channels of cn-chat-arxiv"),
    "daily": ("daily-arxiv", "daily-arXiv-ai-enhanced"),
    "arxiv": ("arxiv", "Categories of arXiv; others later: a, arxiv:cs.RO"),
}
_TYPED = {
    "path": (
        "A folder or file",
        "such as ~/digests, or ~/digests/**/cs.LG*.md for some of its files",
    ),
    "address": (
        "An address",
        "https://… of a digest, feed or git repository, or arxiv:search:diffusion models",
    ),
}


class FirstRunScreen(BoxScreen[Added | str]):
    """Dismisses with what was added, ``DEMO``, ``QUIT``, or None for an empty library."""

    DEFAULT_CSS = """
    FirstRunScreen > Vertical { width: 76; height: auto; padding: 1 2; }
    FirstRunScreen .first-title { text-style: bold; padding: 0 0 1 0; }
    FirstRunScreen .first-text { padding: 0 0 1 0; }
    FirstRunScreen .first-hint { color: $foreground 60%; padding: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(
        ("enter", "choose"), *((choice.key, f"take('{choice.value}')") for choice in _CHOICES)
    )

    # It is the only way in.
    CLICK_BESIDE_CLOSES = False

    def __init__(self) -> None:
        super().__init__()
        self._rows = len(_CHOICES)
        self._list = WrappedList(self._rows, _CHOICES.__getitem__, self._make_room)

    def compose(self) -> ComposeResult:
        """Lay out what this is, the choices, and the hint."""
        with Vertical():
            yield Static("Welcome to digest-tui", classes="first-title", markup=False)
            yield Static(_WELCOME, classes="first-text", markup=False)
            yield self._list
            hint = "Enter choose   Esc begin with none"
            yield Static(hint, classes="first-hint", markup=False)

    def on_mount(self) -> None:
        """Take keys at once."""
        self.set_focus(self._list)

    def _make_room(self, rows: int) -> None:
        self._rows = rows
        self._fit()

    @on(events.Resize)
    def _resized(self) -> None:
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Make the list as high as its rows, as far as the other parts of the box leave room."""
        box = self.query_one(Vertical)
        others = sum(part.outer_size.height for part in box.children if part is not self._list)
        room = self.size.height - others - box.gutter.height
        self._list.styles.height = max(1, min(self._rows, room))

    @on(VirtualList.Chosen)
    async def action_choose(self) -> None:
        """Go on with the row under the cursor."""
        await self.action_take(_CHOICES[self._list.number].value or "")

    async def action_take(self, value: str) -> None:
        """Go on with a choice."""
        if value in _READY:
            key, title = _READY[value]
            presets = [preset for preset in PRESETS if preset.key == key]
            await self.app.push_screen(ReadyMadeScreen(presets, title), self._take)
        elif value in _TYPED:
            await self.app.push_screen(AddScreen(*_TYPED[value]), self._take)
        else:
            self.dismiss(value)

    def _take(self, added: Added | None) -> None:
        if added is not None:
            self.dismiss(added)

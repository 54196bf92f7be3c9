"""What an empty library offers: ready-made sources, a path, an address, or the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.containers import Vertical

from storage.language import to_tr, tr
from storage.sources.presets import PRESETS
from tui.choices import Choice
from tui.keymap.keymap import key_of
from tui.screens.box import BoxScreen
from tui.screens.ready_made import ReadyMadeScreen
from tui.screens.source_adding import Added, AddScreen
from tui.widgets.keys import bound
from tui.widgets.remark import Remark
from tui.widgets.virtual_list import VirtualList
from tui.widgets.wrapped_list import WrappedList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

DEMO, QUIT = "demo", "quit"
"""What can be chosen beside sources."""
OPEN_DEMO = 100
"""The return code of the app where the demo is to be opened next."""

_WELCOME = to_tr(
    "Digests of arXiv papers, English and Chinese side by side; new ones are fetched by themselves."
    " Where shall yours come from? More can be added at any time: {key} lists your sources."
)
_CHOICES = (
    Choice(to_tr("cn-chat-arxiv: English and Chinese abstracts"), "cn", "1"),
    Choice(to_tr("daily-arXiv-ai-enhanced: Chinese TL;DRs"), "daily", "2"),
    Choice(to_tr("arXiv itself, by category: English only"), "arxiv", "3"),
    Choice(to_tr("a folder or file on this computer"), "path", "4"),
    Choice(to_tr("an address: digest, feed, git, arXiv search"), "address", "5"),
    Choice(to_tr("the demo: just to see; nothing is kept"), DEMO, "6"),
    Choice(to_tr("quit"), QUIT, "q"),
)
"""Their labels are to be said by ``tr``."""
_READY = {
    "cn": ("cn-chat-arxiv", to_tr("Channels of cn-chat-arxiv")),
    "daily": ("daily-arxiv", "daily-arXiv-ai-enhanced"),
    # i18n: a is the key that adds a source, and arxiv:cs.RO what is then typed.
    "arxiv": ("arxiv", to_tr("Categories of arXiv; others later: a, arxiv:cs.RO")),
}
_TYPED = {
    "path": (
        to_tr("A folder or file"),
        to_tr("such as ~/digests, or ~/digests/**/cs.LG*.md for some of its files"),
    ),
    "address": (
        to_tr("An address"),
        to_tr("https://… of a digest, feed or git repository, or arxiv:search:diffusion models"),
    ),
}


def _choice_at(row: int) -> Choice:
    choice = _CHOICES[row]
    return choice._replace(label=tr(choice.label))


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
        self._list = WrappedList(self._rows, _choice_at, self._make_room)

    def compose(self) -> ComposeResult:
        """Lay out what this is, the choices, and the hint."""
        with Vertical():
            welcome, hint = tr("Welcome to digest-tui"), tr("Enter choose   Esc begin with none")
            yield Remark(welcome, classes="first-title")
            text = tr(_WELCOME, key=key_of("library.sources"))
            yield Remark(text, classes="first-text")
            yield self._list
            yield Remark(hint, classes="first-hint")

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

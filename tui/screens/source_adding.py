"""Adding a source by what is typed: it is looked at behind the screen, and the box says what it is."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.containers import Vertical

from storage.language import to_tr, tr
from storage.wording import names_of, sentences
from tui.messages import Then
from tui.screens.box import BoxScreen
from tui.widgets.keys import bound
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.remark import Remark

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from storage.sources.source import Source

# i18n: {date} and what stands behind arxiv: and cn-chat-arxiv: is typed as it is.
HELP = to_tr(
    "a file or folder · the address of a digest, feed or git repository, with {date} in it for one"
    " a day · arxiv:cs.LG · arxiv:search:diffusion models · cn-chat-arxiv:cs.LG"
)

_MOST_NAMED = 3


class Added(NamedTuple):
    """What was added.

    Attributes:
        sources: As they are listed now.
        told: What there is to say of them, or of others that were not added.
    """

    sources: tuple[Source, ...]
    told: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is to be said of it in one line."""
        return sentences((*self.told, *self._added))

    @property
    def _added(self) -> tuple[str, ...]:
        if not self.sources:
            return ()
        named = names_of(one.label for one in self.sources[:_MOST_NAMED])
        more = len(self.sources) - _MOST_NAMED
        if more > 0:
            return (tr("Added {names} and {more} more.", names=named, more=more),)
        return (tr("Added {names}.", names=named),)


class AddScreen(BoxScreen[Added]):
    """Dismisses with what was added, or None.

    Args:
        title: What is asked for, in English.
        help_line: What can be typed, in English.
    """

    DEFAULT_CSS = """
    AddScreen > Vertical { width: 90; height: auto; padding: 1 2; }
    AddScreen .add-title { text-style: bold; padding: 0 0 1 0; }
    AddScreen NarrowLine { width: 100%; }
    AddScreen .add-help { color: $foreground 60%; padding: 1 0 0 0; }
    AddScreen .add-said { padding: 1 0 0 0; }
    AddScreen .-wrong { color: $error; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bound(("enter", "take"), ("escape", "back"))

    # What was typed would be lost by a slip of the hand.
    CLICK_BESIDE_CLOSES = False

    def __init__(self, title: str = to_tr("Add a source"), help_line: str = HELP) -> None:
        super().__init__()
        self._title = tr(title)
        self._help = tr(help_line)
        self._line = NarrowLine(tr("type or paste it"))
        self._said = Remark(classes="add-said")
        self._looking: Event | None = None

    def compose(self) -> ComposeResult:
        """Lay out title, line, what can be typed, and what is said of it."""
        with Vertical():
            yield Remark(self._title, classes="add-title")
            yield self._line
            yield Remark(self._help, classes="add-help")
            yield self._said
            yield Remark(tr("Enter adds it   Esc close"), classes="add-help")

    def on_mount(self) -> None:
        """Take keys at once."""
        self._said.display = False
        self.set_focus(self._line)

    def on_unmount(self) -> None:
        """End what is being looked at."""
        self._stop()

    async def action_take(self) -> None:
        """Look at what was typed, and add it."""
        await self._line.settled()
        text = self._line.value
        if self._looking is not None:
            return
        if not text.strip():
            self._say(tr("nothing was typed; Esc closes"), is_wrong=True)
            return
        self._looking = Event()
        self._say(tr("looking at it …  Esc stops"))
        self.run_worker(partial(self._look, text, self._looking), thread=True, group="looking")

    def action_back(self) -> None:
        """Stop looking, else close."""
        if self._looking is None:
            self.dismiss(None)
            return
        self._stop()
        self._say(tr("stopped; nothing was added"))

    def _stop(self) -> None:
        if self._looking is not None:
            self._looking.set()
            self._looking = None

    def _look(self, text: str, stopped: Event) -> None:
        from storage.locations import fetch_record_file  # noqa: PLC0415 -- behind the screen
        from storage.sources.fetching.records import Records  # noqa: PLC0415 -- behind the screen
        from storage.sources.places import library_roots  # noqa: PLC0415 -- behind the screen
        from storage.sources.probing import probe  # noqa: PLC0415 -- behind the screen
        from storage.sources.web.client import Client  # noqa: PLC0415 -- behind the screen
        from tui.screens.source_keeping import add_sources  # noqa: PLC0415 -- behind the screen

        said: list[str] = []
        found = probe(
            text,
            library_roots(),
            Records(fetch_record_file()),
            tell=said.append,
            client=Client(cancelled=stopped),
        )
        if stopped.is_set():
            return
        said += map(str, found.problems)
        added: tuple[Source, ...] = ()
        if found.sources:
            added, more = add_sources(found.sources)
            said += more
        self.post_message(Then(partial(self._take, stopped, Added(added, tuple(said)))))

    def _take(self, of: Event, added: Added) -> None:
        if self._looking is of:
            self._looking = None
        if added.sources:
            # Though Esc came too late to keep it from being added.
            self.dismiss(added)
        elif not of.is_set():
            self._say(sentences(added.told), is_wrong=True)

    def _say(self, words: str, *, is_wrong: bool = False) -> None:
        self._said.display = True
        self._said.set_class(is_wrong, "-wrong")
        self._said.say(words)

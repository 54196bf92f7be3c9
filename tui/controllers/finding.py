"""Finding: filter, order, digests, and the listing that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.library import DigestInfo, Order, Query, QueryError, View, parse_query
from tui.widgets.choice_list import Choice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import App

    from storage.model import Problem
    from tui.controllers.panes import Panes, Session

_FILTERS = (
    Choice("all papers", "", "a"),
    Choice("unread", "is:unread", "u"),
    Choice("starred", "is:starred", "s"),
    Choice("with a note", "has:note", "n"),
    Choice("starred and unread", "is:starred is:unread", "b"),
    Choice("read", "is:read", "r"),
)
_ORDER_KEYS = {
    Order.NEWEST: "n",
    Order.OLDEST: "o",
    Order.TITLE: "t",
    Order.ARXIV_ID: "i",
    Order.CATEGORY: "c",
}
ALL_DIGESTS = "*"


class Finding:
    """The ``find.*`` commands; ``relist`` asks for another listing behind the screen."""

    def __init__(
        self,
        app: App[object],
        panes: Panes,
        session: Session,
        *,
        relist: Callable[[], None],
        reload: Callable[[], None],
    ) -> None:
        self._app = app
        self._panes = panes
        self._session = session
        self._relist = relist
        self._reload = reload

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {
            "find.filters": self._choose_filter,
            "find.sort": self._choose_order,
            "find.digests": self._choose_digest,
            "find.reload": self._reload,
            "find.problems": self._show_problems,
        }

    def filter_by(self, text: str, *, is_typing: bool = False) -> bool:
        """List the papers that ``text`` asks for; False if it cannot be understood."""
        try:
            query = parse_query(text, is_typing=is_typing)
        except QueryError as error:
            self._panes.hints.say(str(error), failed=True)
            return False
        self._session.query_text = text.strip()
        self._panes.hints.say("")
        self._show(query=query)
        return True

    def widen(self) -> bool:
        """Take away the filter, else the choice of a digest; False if everything is listed."""
        if self._session.query_text:
            return self.filter_by("")
        if self._session.view.source is not None:
            self._show_digest(None)
            return True
        return False

    def _show(self, *, query: Query | None = None, order: Order | None = None) -> None:
        view = self._session.view
        self._session.view = view._replace(
            query=view.query if query is None else query,
            order=view.order if order is None else order,
        )
        self._relist()

    def _choose_filter(self) -> Awaitable[None]:
        return self._choose("Filter", _FILTERS, self.filter_by)

    def _choose_order(self) -> Awaitable[None]:
        choices = [Choice(order.value, order.value, _ORDER_KEYS[order]) for order in Order]
        at = list(Order).index(self._session.view.order)
        return self._choose(
            "Order", choices, lambda value: self._show(order=Order(value)), cursor=at
        )

    def _choose(
        self,
        title: str,
        choices: Sequence[Choice],
        then: Callable[[str], object],
        *,
        cursor: int = 0,
        wide: bool = False,
    ) -> Awaitable[None]:
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        def chosen(value: str | None) -> None:
            if value is not None:
                then(value)

        menu = Menu(title, len(choices), choices.__getitem__, cursor=cursor, wide=wide)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

    def _choose_digest(self) -> Awaitable[None]:
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        library, marks_of = self._session.library, self._session.marks_of
        digests = library.digests()

        def choice_at(row: int) -> Choice:
            if row == 0:
                return Choice("all digests", ALL_DIGESTS, "*", f"{len(library)} papers")
            digest = digests[row - 1]
            unread = sum(not marks_of(key).read for key in digest.keys)
            fact = _unread_of(unread, len(digest.keys))
            # The Markdown and the feed of one run are two documents of one name and time.
            kind = digest.source.rpartition(".")[2]
            label = f"{digest_name(digest)}  {kind}" if digest.channel else digest_name(digest)
            return Choice(label, digest.source, "●" if unread else "", fact)

        def chosen(source: str | None) -> None:
            if source is not None:
                self._show_digest(None if source == ALL_DIGESTS else source)

        sources = [None, *(digest.source for digest in digests)]
        at = sources.index(self._session.view.source)
        screen = ChoiceScreen(Menu("Digests", len(sources), choice_at, cursor=at, wide=True))
        return self._app.push_screen(screen, chosen)

    def _show_digest(self, source: str | None) -> None:
        self._session.view = View(source, self._session.view.query, self._session.view.order)
        self._relist()

    def _show_problems(self) -> Awaitable[None] | None:
        problems = self._session.library.problems()
        if not problems:
            self._panes.hints.say("everything could be read")
            return None
        choices = [Choice(_problem_line(problem), "", "!") for problem in problems]
        return self._choose("What could not be read", choices, lambda _: None, wide=True)


def _problem_line(problem: Problem) -> str:
    name = problem.source.rsplit("/", 1)[-1]
    place = name if problem.line is None else f"{name}:{problem.line}"
    return f"{place}: {problem.reason}  {problem.raw}".rstrip()


def _unread_of(unread: int, papers: int) -> str:
    if not papers:
        return "empty"
    return f"{unread} of {papers} unread" if unread else f"all {papers} read"


def digest_name(digest: DigestInfo) -> str:
    """Name a digest in one line: its channel or file, and when it was issued."""
    name = digest.source.rsplit("/", 1)[-1]
    if not digest.dated:
        return f"{digest.channel}  {name}" if digest.channel else name
    when = digest.issued.isoformat(" ", "minutes").removesuffix(" 00:00")
    return f"{digest.channel or name}  {when}"

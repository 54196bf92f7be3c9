"""Finding: filter, order, digests, saved views, and what is left out everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.language import tr, tr_in
from storage.library.filters import Order
from storage.views import NameTakenError
from storage.wording import said_of
from tui.keymap.keymap import key_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import App

    from storage.library.filters import Node, Query
    from storage.library.view import View
    from storage.model import PaperKey, Problem
    from tui.controllers.panes import Panes
    from tui.session import Session
    from tui.widgets.shelf_rows import Wanted

_ORDER_KEYS = {
    Order.NEWEST: "n",
    Order.OLDEST: "o",
    Order.TITLE: "t",
    Order.CHINESE: "z",
    Order.ARXIV_ID: "i",
    Order.CATEGORY: "c",
    Order.TYPE: "y",
    Order.UNREAD: "u",
    Order.STARRED: "s",
}


class Finding:
    """The ``find.*`` commands; ``relist`` asks for another listing behind the screen."""

    def __init__(
        self,
        app: App[object],
        panes: Panes,
        session: Session,
        *,
        relist: Callable[[], None],
    ) -> None:
        self._app = app
        self._panes = panes
        self._session = session
        self._detour: tuple[tuple[View, str], str] | None = None
        self._relist = relist
        self._order = session.view.order
        self._view_order: Order | None = None
        self.error_span: tuple[int, int] | None = None

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {
            "find.filters": self._choose_filter,
            "find.sort": self._choose_order,
            "find.digests": self._choose_digest,
            "find.save": self._save_view,
            "find.ignore": self._edit_ignored,
            "find.problems": self._show_problems,
        }

    def filter_by(self, text: str, *, is_typing: bool = False) -> bool:
        """List the papers that ``text`` asks for; False if it cannot be understood."""
        from storage.library.grammar import QueryError  # noqa: PLC0415 -- on first use

        try:
            query = self._parsed(text, is_typing=is_typing)
        except QueryError as error:
            self.error_span = (error.start, error.end)
            self._panes.hints.say(str(error), failed=True)
            return False
        self.error_span = None
        self._session.query_text = text.strip()
        self._panes.hints.say("")
        self._show(self._session.view._replace(filter=query.filter), query.order)
        return True

    def show_paper(self, key: PaperKey) -> None:
        """Put the cursor on a paper; where it is not listed, list it alone."""
        session = self._session
        row = session.row_of(key)
        if row is not None:
            self._panes.table.move_to(row)
            return
        before = session.view, session.query_text
        session.view = session.view._replace(name="", base=None)
        self.filter_by(f'id:"{key}"')
        self._detour = before, session.query_text

    @staticmethod
    def _parsed(text: str, *, is_typing: bool = False) -> Query:
        from storage.library.grammar import parse_query  # noqa: PLC0415 -- on first use

        return parse_query(text, is_typing=is_typing)

    def _show(self, view: View, order: Order | None = None) -> None:
        self._session.view = view._replace(order=order or self._view_order or self._order)
        self._session.highlight()
        self._relist()

    def widen(self) -> bool:
        """Take away the filter, else the choice of a digest; False if everything is listed.

        From a paper that was listed alone the way leads back to what was listed before.
        """
        if self._detour is not None and self._detour[1] == self._session.query_text:
            (self._session.view, text), _ = self._detour
            self._detour = None
            return self.filter_by(text)
        if self._session.query_text:
            return self.filter_by("")
        if self._session.view.base is not None:
            self.show_base("", None)
            return True
        return False

    def show_base(self, name: str, base: Node | None, order: Order | None = None) -> None:
        """List a digest, channel, day or saved view, which may have an order; the filter stays."""
        session = self._session
        self._view_order = order
        self._show(
            session.view._replace(name=name, base=base), self._parsed(session.query_text).order
        )

    def _choose_filter(self) -> Awaitable[None]:
        return self._choose(tr("Filter"), _filters(), self.filter_by)

    def _choose_order(self) -> Awaitable[None]:
        choices = [(tr(order.value), order.value, _ORDER_KEYS[order]) for order in Order]
        at = list(Order).index(self._session.view.order)
        return self._choose(tr("Order"), choices, self._sort, cursor=at)

    def _sort(self, value: str) -> None:
        self._order, self._view_order = Order(value), None
        self._show(self._session.view)

    def _choose(
        self,
        title: str,
        offered: Sequence[tuple[str, str, str]],
        then: Callable[[str], object],
        *,
        cursor: int = 0,
        wraps: bool = False,
    ) -> Awaitable[None]:
        """Offer labels, each with the value that it gives ``then``, and its key."""
        from tui.choices import Choice  # noqa: PLC0415 -- with it
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        def chosen(value: str | None) -> None:
            if value is not None:
                then(value)

        choices = [Choice(*row) for row in offered]
        choice_at = choices.__getitem__
        menu = Menu(title, len(choices), choice_at, cursor=cursor, wide=wraps, wraps=wraps)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

    def _choose_digest(self) -> Awaitable[None]:
        from tui.screens.digests import DigestsScreen  # noqa: PLC0415 -- on first use

        def chosen(wanted: Wanted | None) -> None:
            if wanted is not None:
                self.show_base(*wanted)

        return self._app.push_screen(DigestsScreen(self._session), chosen)

    def _save_view(self) -> Awaitable[None] | None:
        from storage.library.filters import Query  # noqa: PLC0415 -- on first use
        from storage.library.grammar import to_text  # noqa: PLC0415 -- on first use
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use
        from tui.view_names import shown_name  # noqa: PLC0415 -- on first use

        view = self._session.view
        asked = view._replace(ignored=None).asked
        if asked is None:
            said = tr(
                "nothing to save: everything is listed; {key} filters", key=key_of("find.filter")
            )
            self._panes.hints.say(said, failed=True)
            return None
        order = None if view.order is Order.NEWEST else view.order
        text = to_text(Query(asked, order))
        name = self._session.query_text or shown_name(view.name, view.base)
        prompt = PromptScreen(tr("Name of this view"), name, text, self._saving(text))
        return self._app.push_screen(prompt)

    def _saving(self, text: str) -> Callable[[str], str]:
        """Return what saves the filter ``text`` under a name, and says why it cannot be."""
        confirmed = ""

        def save(name: str) -> str:
            nonlocal confirmed
            shown = name.strip()
            try:
                self._session.views.save(name, text, is_new=name != confirmed)
            except NameTakenError:
                confirmed = name
                return tr(
                    "There is a view named {name} already; Enter again replaces it.", name=shown
                )
            except DigestTuiError as error:
                return str(error)
            said = tr("saved as {name}: {key} lists it", name=shown, key=key_of("find.digests"))
            self._panes.hints.say(said)
            return ""

        return save

    def _edit_ignored(self) -> Awaitable[None]:
        from storage.library.grammar import QueryError  # noqa: PLC0415 -- on first use
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use

        def keep(text: str) -> str:
            try:
                ignored = self._parsed(text).filter
                self._session.views.set_ignore(text.strip())
            except (QueryError, DigestTuiError) as error:
                return str(error)
            self._show(self._session.view._replace(ignored=ignored), self._session.view.order)
            left_out = tr("left out everywhere: {filter}", filter=text)
            self._panes.hints.say(left_out if ignored else tr("all are listed"))
            return ""

        try:
            now = self._session.views.ignore
        except DigestTuiError as error:
            now = ""
            self._panes.hints.say(str(error), failed=True)
        help_line = tr(
            "a filter, such as: survey OR cat:cs.CR OR author:smith; empty leaves out nothing"
        )
        return self._app.push_screen(PromptScreen(tr("Leave out everywhere"), now, help_line, keep))

    def _show_problems(self) -> Awaitable[None] | None:
        lines = [_problem_line(problem) for problem in self._session.problems()]
        # What the bottom line had no room for is not always among them.
        cut = [said for said in self._panes.hints.cut if not any(said in line for line in lines)]
        if not (cut or lines):
            self._panes.hints.say(tr("everything could be read"))
            return None
        choices = [(line, "", "!") for line in (*cut, *lines)]
        return self._choose(tr("What could not be read"), choices, lambda _: None, wraps=True)


def _filters() -> tuple[tuple[str, str, str], ...]:
    return (
        (tr("all papers"), "", "a"),
        (tr("unread"), "is:unread", "u"),
        (tr("starred"), "is:starred", "s"),
        (tr("with a note"), "has:note", "n"),
        # tr: no -- what follows the words is a filter
        (tr("starred and unread"), "is:starred is:unread", "b"),
        (tr_in("state", "read"), "is:read", "r"),
        (tr("updated since you read them"), "is:updated", "p"),
        (tr("of the last seven days"), "date:week", "w"),
        (tr("abstract cut by the digest"), "is:cut", "c"),
        (tr("not translated"), "is:untranslated", "t"),
        (tr("translation suspect"), "is:suspect", "x"),
    )


def _problem_line(problem: Problem) -> str:
    name = problem.source.rsplit("/", 1)[-1]
    place = name if problem.line is None else f"{name}:{problem.line}"
    return f"{said_of(place, problem.reason)}  {problem.raw}".rstrip()

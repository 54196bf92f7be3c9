"""Copying to the clipboard and opening in the browser; both run behind the screen."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from storage.arxiv import abs_link, pdf_link
from storage.errors import DigestTuiError
from storage.language import tr, tr_n
from storage.wording import names_of
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.app import App

    from storage.model import ArxivId, Paper
    from tui.controllers.panes import Panes
    from tui.session import Session

_SAID_WHOLE = 80
"""Characters of a copied text that the hint line repeats."""

_JUDGED = 20
"""So many of the selected papers say what can be copied of them."""


class _Text(NamedTuple):
    """What is copied.

    Attributes:
        text: All of it.
        said: What it is, for the hint line.
    """

    text: str
    said: str


class Copying:
    """The ``copy.*`` and ``open.*`` commands."""

    def __init__(
        self, app: App[object], panes: Panes, session: Session, *, post: Callable[[Then], object]
    ) -> None:
        self._app = app
        self._post = post
        self._panes = panes
        self._session = session

    def handlers(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """Return the commands by id."""
        return {
            "copy.link": self._link,
            "copy.menu": self._menu,
            "open.abstract": lambda: self._open(abs_link, self._session.settings.browser),
            "open.pdf": lambda: self._open(
                pdf_link, self._session.settings.pdf or self._session.settings.browser
            ),
        }

    def _menu(self) -> Awaitable[None]:
        from tui.choices import Choice  # noqa: PLC0415 -- with it
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use
        from tui.spellings import EXPORTED, SENTENCE_SPELLINGS, SPELLINGS  # noqa: PLC0415 -- the same

        table, session = self._panes.table, self._session
        several = table.selecting
        ids = self._panes.ids(session)
        papers = [paper for paper in map(session.paper_with, ids[:_JUDGED]) if paper is not None]
        choices = [
            Choice(tr(words), name, key)
            for name, (key, words, spell) in SPELLINGS.items()
            if any(map(spell, papers))
        ]
        if papers:
            choices += [Choice(tr(words), name, key) for name, (key, words) in EXPORTED.items()]
        sentence = self._panes.detail.cursor.text
        if sentence:
            choices += [
                Choice(tr(words), name, key)
                for name, (key, words, spell) in SENTENCE_SPELLINGS.items()
                if spell(sentence)
            ]

        def chosen(name: str | None) -> None:
            if name in SENTENCE_SPELLINGS:
                _, words, spell = SENTENCE_SPELLINGS[name]
                text = _Text(spell(sentence), tr(words))
                self._copy_made(lambda: text)
            elif name is not None:
                if several:
                    self._end_selecting()
                self._copy(name, ids)

        menu = Menu(tr("Copy"), len(choices), choices.__getitem__)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

    def _link(self) -> None:
        ids = self._panes.ids(self._session)
        self._end_selecting()
        self._copy("link", ids)

    def _end_selecting(self) -> None:
        if self._panes.table.selecting:
            self._panes.table.toggle_selecting()

    def _copy(self, name: str, ids: Sequence[int]) -> None:
        """Copy something of papers; where they are many, they are read behind the screen."""
        if len(ids) > 1:
            self._copy_made(lambda: self._text(name, self._read(ids)))
        else:
            papers = [paper for paper in map(self._session.paper_with, ids) if paper is not None]
            self._copy_made(lambda: self._text(name, papers))

    def _read(self, ids: Iterable[int]) -> list[Paper]:
        with closing(self._session.catalogue.fresh()) as catalogue:
            found = map(catalogue.papers.paper, ids)
            return [paper for paper in found if paper is not None]

    def _text(self, name: str, papers: Sequence[Paper]) -> _Text | str:
        """Spell papers; return a sentence where there is nothing to spell."""
        from tui.spellings import EXPORTED, SPELLINGS, written  # noqa: PLC0415 -- on first use

        if name in EXPORTED:
            words = tr(EXPORTED[name][1])
            marks_of = self._session.marks_of
            items = [(paper, marks_of(paper.key)) for paper in papers]
            if items:
                return _Text(written(name, items), _of(words, len(items), papers[0]))
        else:
            _, label, spell = SPELLINGS[name]
            words = tr(label)
            spelled = [(text, paper) for paper in papers if (text := spell(paper))]
            text = "\n".join(text for text, _ in spelled)
            if len(spelled) == 1 and "\n" not in text and len(text) <= _SAID_WHOLE:
                return _Text(text, text)
            if spelled:
                return _Text(text, _of(words, len(spelled), spelled[0][1]))
        # i18n: {what} is for example "PDF link"
        return tr("nothing to copy: no {what} here", what=words)

    def _copy_made(self, make: Callable[[], _Text | str]) -> None:
        """Copy what ``make`` returns, or say the sentence that it returns."""
        self._app.run_worker(lambda: self._copy_behind(make), thread=True, group="clipboard")

    def _copy_behind(self, make: Callable[[], _Text | str]) -> None:
        try:
            made = make()
            if isinstance(made, str):
                self._say(made, failed=True)
            else:
                self._say(self._copied(*made))
        except DigestTuiError as error:
            self._say(str(error), failed=True)
        except sqlite3.Error as error:
            reason = tr("The index of your digests cannot be read ({reason}).", reason=error)
            self._say(reason, failed=True)
        except Exception:  # noqa: BLE001 -- whatever it is, the reader goes on, and it is reported
            from textual.worker import get_current_worker  # noqa: PLC0415 -- loaded already

            # At the end of the reader there is no terminal any more to copy by.
            if not get_current_worker().is_cancelled:
                self._say(_reported(), failed=True)

    def _copied(self, text: str, said: str) -> str:
        """Copy a text, and return how that went."""
        from tui.clipboard import copy  # noqa: PLC0415 -- on first use

        report = copy(
            text,
            os.environ,
            lambda text: self._app.call_from_thread(self._app.copy_to_clipboard, text),
        )
        ways = names_of(map(tr, report.used))
        # i18n: a clause behind the ways that were used to copy
        failed = "".join(
            tr("; {way} failed: {reason}", way=tr(each.way), reason=each.reason)
            for each in report.failures
        )
        return tr("copied {what} ({ways}{failed})", what=said, ways=ways, failed=failed)

    def _open(self, address: Callable[[ArxivId], str], program: Sequence[str]) -> None:
        paper = self._panes.paper(self._session)
        if paper is None or paper.arxiv_id is None:
            said = tr("no arXiv page: the document names no identifier")
            self._panes.hints.say(said, failed=True)
            return
        # Not a worker: the end of the reader would wait for it.
        work = Thread(
            target=self._open_behind,
            args=(address(paper.arxiv_id), program),
            name="opening",
            daemon=True,
        )
        work.start()

    def _open_behind(self, url: str, program: Sequence[str]) -> None:
        from tui.browser import show_link  # noqa: PLC0415 -- on first use

        reason = show_link(url, program, os.environ, self._say)
        if reason:
            self._say(reason, failed=True)
        else:
            self._say(tr("opened {link}", link=url))

    def _say(self, words: str, *, failed: bool = False) -> None:
        self._post(Then(lambda: self._panes.hints.say(words, failed=failed)))


def _reported() -> str:
    """Keep a report of what just happened, and say so."""
    from traceback import format_exc  # noqa: PLC0415 -- after a fault only

    from tui.crash import keep_report  # noqa: PLC0415 -- the same

    return keep_report(format_exc())


def _of(words: str, papers: int, first: Paper) -> str:
    if papers == 1:
        # i18n: {what} is for example "BibTeX", {paper} an identifier
        return tr("{what} of {paper}", what=words, paper=first.key)
    return tr_n("{what} of {n:,} paper", "{what} of {n:,} papers", papers, what=words)

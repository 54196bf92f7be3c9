"""Copying to the clipboard and opening in the browser; both run behind the screen."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from threading import Thread
from typing import TYPE_CHECKING

from storage.arxiv import abs_link, pdf_link
from storage.language import to_tr, tr, tr_n
from storage.model import ArxivId, Bilingual, Paper
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App

    from storage.export.formats import Item
    from tui.controllers.panes import Panes
    from tui.session import Session

_SAID_WHOLE = 80
"""Characters of a copied text that the hint line repeats."""

Spell = Callable[[Paper], "str | None"]


def _link(paper: Paper) -> str | None:
    return None if paper.arxiv_id is None else abs_link(paper.arxiv_id)


def _pdf(paper: Paper) -> str | None:
    return None if paper.arxiv_id is None else pdf_link(paper.arxiv_id)


def _markdown(paper: Paper) -> str:
    from storage.export.citation import markdown  # noqa: PLC0415 -- on first use

    return markdown(paper)


def _chinese(paper: Paper) -> str | None:
    """Spell the Chinese abstract, or the summary in sections that stands for it."""
    return paper.abstract.zh or "\n".join(section.zh for section in paper.sections) or None


def _both_abstracts(paper: Paper) -> str | None:
    english, chinese = paper.abstract.en, _chinese(paper)
    return f"{english}\n\n{chinese}" if english and chinese else None


def _titles(paper: Paper) -> str:
    from storage.export.citation import titles  # noqa: PLC0415 -- on first use

    return titles(paper)


SPELLINGS: dict[str, tuple[str, str, Spell]] = {
    "link": ("y", to_tr("arXiv link"), _link),
    "id": ("i", to_tr("arXiv identifier"), lambda paper: paper.arxiv_id),
    "pdf": ("p", to_tr("PDF link"), _pdf),
    "titles": ("t", to_tr("titles"), _titles),
    "english": ("e", to_tr("English abstract"), lambda paper: paper.abstract.en),
    "chinese": ("c", to_tr("Chinese abstract"), _chinese),
    "both": ("a", to_tr("abstract in both languages"), _both_abstracts),
    "markdown": ("m", to_tr("Markdown"), _markdown),
}
"""What can be copied of a paper: key in the menu, words, and how it is spelled."""

EXPORTED: dict[str, tuple[str, str]] = {
    "bibtex": ("b", to_tr("BibTeX")),
    "ris": ("r", to_tr("RIS")),
    "csl-json": ("z", to_tr("CSL-JSON")),
    "reading-list": ("l", to_tr("item of a reading list")),
    "notes": ("n", to_tr("Markdown note")),
    "csv": ("v", to_tr("CSV with its header")),
    "jsonl": ("J", to_tr("JSON line")),
    "html": ("h", to_tr("web page")),
    "rss": ("f", to_tr("RSS feed")),
}
"""What can be copied of a paper as files hold it: the format, key in the menu, and words."""


def _written(form: str, items: Sequence[Item]) -> str:
    """Write papers as a file of the format would hold them; of a reading list only the items."""
    if form == "reading-list":
        from storage.export.reading_list import item  # noqa: PLC0415 -- on first use

        text = "".join(item(*one) for one in items)
    else:
        from storage.export.formats import Format, pieces  # noqa: PLC0415 -- on first use

        text = "".join(pieces(Format(form), items))
    return text.rstrip("\r\n")


def _both_sentences(text: Bilingual) -> str:
    return f"{text.en}\n{text.zh}" if text.en and text.zh else ""


SENTENCE_SPELLINGS: dict[str, tuple[str, str, Callable[[Bilingual], str]]] = {
    "pair": ("s", to_tr("sentence in both languages"), _both_sentences),
    "sentence_en": ("E", to_tr("English sentence"), lambda text: text.en or ""),
    "sentence_zh": ("C", to_tr("Chinese sentence"), lambda text: text.zh or ""),
}
"""What can be copied of the sentence that is chosen, likewise."""


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
            "copy.link": lambda: self._copy("link"),
            "copy.menu": self._menu,
            "open.abstract": lambda: self._open(abs_link, self._session.settings.browser),
            "open.pdf": lambda: self._open(
                pdf_link, self._session.settings.pdf or self._session.settings.browser
            ),
        }

    def _menu(self) -> Awaitable[None]:
        from tui.choices import Choice  # noqa: PLC0415 -- with it
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        papers = self._panes.papers(self._session)
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
                text = spell(sentence)
                self._copy_text(lambda: text, tr(words))
            elif name in EXPORTED:
                self._copy_written(name)
            elif name is not None:
                self._copy(name)

        menu = Menu(tr("Copy"), len(choices), choices.__getitem__)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

    def _copy(self, name: str) -> None:
        _, words, spell = SPELLINGS[name]
        papers = self._panes.papers(self._session)
        texts = [text for text in map(spell, papers) if text]
        if not texts:
            # i18n: {what} is for example "PDF link"
            said = tr("nothing to copy: no {what} here", what=tr(words))
            self._panes.hints.say(said, failed=True)
            return
        text = "\n".join(texts)
        said = text
        if len(texts) > 1 or "\n" in text or len(text) > _SAID_WHOLE:
            said = _of(tr(words), len(texts), papers[0])
        self._end_selecting()
        self._copy_text(lambda: text, said)

    def _copy_written(self, form: str) -> None:
        _, words = EXPORTED[form]
        marks_of = self._session.marks_of
        items = [(paper, marks_of(paper.key)) for paper in self._panes.papers(self._session)]
        if items:
            self._end_selecting()
            self._copy_text(lambda: _written(form, items), _of(tr(words), len(items), items[0][0]))

    def _end_selecting(self) -> None:
        if self._panes.table.selecting:
            self._panes.table.toggle_selecting()

    def _copy_text(self, make: Callable[[], str], said: str) -> None:
        self._app.run_worker(
            lambda: self._copy_behind(make(), said),
            thread=True,
            group="clipboard",
            exit_on_error=False,
        )

    def _copy_behind(self, text: str, said: str) -> None:
        from tui.clipboard import copy  # noqa: PLC0415 -- on first use

        report = copy(
            text,
            os.environ,
            lambda text: self._app.call_from_thread(self._app.copy_to_clipboard, text),
        )
        ways = ", ".join(map(tr, report.used))
        # i18n: a clause behind the ways that were used to copy
        failed = "".join(
            tr("; {way} failed: {reason}", way=tr(each.way), reason=each.reason)
            for each in report.failures
        )
        self._say(tr("copied {what} ({ways}{failed})", what=said, ways=ways, failed=failed))

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


def _of(words: str, papers: int, first: Paper) -> str:
    if papers == 1:
        # i18n: {what} is for example "BibTeX", {paper} an identifier
        return tr("{what} of {paper}", what=words, paper=first.key)
    return tr_n("{what} of {n:,} paper", "{what} of {n:,} papers", papers, what=words)

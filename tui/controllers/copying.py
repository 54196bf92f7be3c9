"""Copying to the clipboard and opening in the browser; both run behind the screen."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from storage.arxiv import abs_link, pdf_link
from storage.model import ArxivId, Bilingual, Paper
from tui.messages import Then

if TYPE_CHECKING:
    from textual.app import App

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


def _bibtex(paper: Paper) -> str:
    from storage.export.citation import bibtex  # noqa: PLC0415 -- on first use

    return bibtex(paper)


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
    "link": ("y", "arXiv link", _link),
    "id": ("i", "arXiv identifier", lambda paper: paper.arxiv_id),
    "pdf": ("p", "PDF link", _pdf),
    "titles": ("t", "titles", _titles),
    "english": ("e", "English abstract", lambda paper: paper.abstract.en),
    "chinese": ("c", "Chinese abstract", _chinese),
    "both": ("a", "abstract in both languages", _both_abstracts),
    "markdown": ("m", "Markdown", _markdown),
    "bibtex": ("b", "BibTeX", _bibtex),
}
"""What can be copied of a paper: key in the menu, words, and how it is spelled."""


def _both_sentences(text: Bilingual) -> str:
    return f"{text.en}\n{text.zh}" if text.en and text.zh else ""


SENTENCE_SPELLINGS: dict[str, tuple[str, str, Callable[[Bilingual], str]]] = {
    "pair": ("s", "sentence in both languages", _both_sentences),
    "sentence_en": ("E", "English sentence", lambda text: text.en or ""),
    "sentence_zh": ("C", "Chinese sentence", lambda text: text.zh or ""),
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
            "open.abstract": lambda: self._open(abs_link),
            "open.pdf": lambda: self._open(pdf_link),
        }

    def _menu(self) -> Awaitable[None]:
        from tui.choices import Choice  # noqa: PLC0415 -- with it
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        papers = self._panes.papers(self._session)
        choices = [
            Choice(words, name, key)
            for name, (key, words, spell) in SPELLINGS.items()
            if any(map(spell, papers))
        ]
        sentence = self._panes.detail.cursor.text
        if sentence:
            choices += [
                Choice(words, name, key)
                for name, (key, words, spell) in SENTENCE_SPELLINGS.items()
                if spell(sentence)
            ]

        def chosen(name: str | None) -> None:
            if name in SENTENCE_SPELLINGS:
                _, words, spell = SENTENCE_SPELLINGS[name]
                self._copy_text(spell(sentence), words)
            elif name is not None:
                self._copy(name)

        menu = Menu("Copy", len(choices), choices.__getitem__)
        return self._app.push_screen(ChoiceScreen(menu), chosen)

    def _copy(self, name: str) -> None:
        _, words, spell = SPELLINGS[name]
        papers = self._panes.papers(self._session)
        texts = [text for text in map(spell, papers) if text]
        if not texts:
            self._panes.hints.say(f"nothing to copy: no {words} here", failed=True)
            return
        text = "\n".join(texts)
        said = text
        if len(texts) > 1 or "\n" in text or len(text) > _SAID_WHOLE:
            said = f"{words} of {f'{len(texts)} papers' if len(texts) > 1 else papers[0].key}"
        if self._panes.table.selecting:
            self._panes.table.toggle_selecting()
        self._copy_text(text, said)

    def _copy_text(self, text: str, said: str) -> None:
        self._app.run_worker(
            lambda: self._copy_behind(text, said),
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
        ways = ", ".join(report.used)
        failed = "".join(f"; {f.way} failed: {f.reason}" for f in report.failures)
        words = f"copied {said} ({ways}{failed})"
        self._post(Then(lambda: self._panes.hints.say(words)))

    def _open(self, address: Callable[[ArxivId], str]) -> None:
        paper = self._panes.paper(self._session)
        if paper is None or paper.arxiv_id is None:
            self._panes.hints.say("no arXiv page: the document names no identifier", failed=True)
            return
        from tui.browser import open_link  # noqa: PLC0415 -- on first use

        url = address(paper.arxiv_id)
        if open_link(url, os.environ):
            self._panes.hints.say(f"opened {url}")
        else:
            self._panes.hints.say(f"no browser here; y copies {url}", failed=True)

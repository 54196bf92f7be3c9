"""Exporting: papers into files of other programs, written behind the screen."""

from __future__ import annotations

from datetime import date
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from storage.errors import DigestTuiError
from storage.language import tr
from tui.messages import Then

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from textual.app import App

    from storage.export.formats import Format
    from storage.library.catalogue import Catalogue
    from storage.library.listing import Listing
    from tui.choices import Choice
    from tui.controllers.panes import Panes
    from tui.export_run import Ended, Job
    from tui.session import Session


class _Subject(NamedTuple):
    """What can be exported.

    Attributes:
        words: What it is.
        papers: How many they are.
        name: What its file is called, unless another name is given.
        ids: Finds its papers in the catalogue, behind the screen.
    """

    words: str
    papers: int
    name: str
    ids: Callable[[Catalogue], Sequence[int]]


class Exporting:
    """The ``copy.export`` command: one export at a time."""

    def __init__(
        self, app: App[object], panes: Panes, session: Session, *, post: Callable[[Then], object]
    ) -> None:
        self._app = app
        self._panes = panes
        self._session = session
        self._post = post
        self._job: Job | None = None
        self._stopped = Event()
        self._said = ""

    def export(self) -> Awaitable[None] | None:
        """Ask what is to be exported, and how; or, while one is on its way, whether to stop it."""
        if self._job is not None:
            return self._offer_to_stop(self._job)
        if not len(self._session.listing):
            self._panes.hints.say(tr("nothing to export: no papers are listed"), failed=True)
            return None
        from tui.choices import Choice  # noqa: PLC0415 -- with the menu

        subjects = self._subjects()
        choices = [
            Choice(one.words, key, key, f"{one.papers:,}" if one.papers > 1 else "")
            for key, one in subjects.items()
        ]
        return self._choose(tr("Export"), choices, lambda key: self._choose_format(subjects[key]))

    def _choose(
        self, title: str, choices: Sequence[Choice], then: Callable[[str], object]
    ) -> Awaitable[None]:
        from tui.screens.choice import ChoiceScreen, Menu  # noqa: PLC0415 -- on first use

        def chosen(value: str | None) -> None:
            if value is not None:
                then(value)

        return self._app.push_screen(
            ChoiceScreen(Menu(title, len(choices), choices.__getitem__)), chosen
        )

    def _subjects(self) -> dict[str, _Subject]:
        """Return what can be exported by the key that chooses it."""
        session, table = self._session, self._panes.table
        listing, today = session.listing, date.today()  # noqa: DTZ011 -- digests carry naive local times
        all_listed = partial(_listed, listing, today)
        found: dict[str, _Subject] = {}
        if table.selecting:
            rows = table.selected_rows
            ids = list(listing.ids_between(rows.start, rows.stop))
            found["v"] = _Subject(
                tr("the selected papers"), len(ids), f"selection-{today}", lambda _: ids
            )
        paper, number = self._panes.paper(session), listing.id_at(table.cursor)
        if paper is not None and number is not None:
            from storage.export.reference import file_key  # noqa: PLC0415 -- on first use

            found["p"] = _Subject(tr("this paper"), 1, file_key(paper), lambda _: [number])
        found["a"] = _Subject(
            tr("all that are listed"), len(listing), f"digests-{today}", all_listed
        )
        if stars := session.counts.starred:
            is_starred = session.marked.starred.__contains__
            found["s"] = _Subject(
                tr("those listed that are starred"),
                stars,
                f"starred-{today}",
                lambda catalogue: list(filter(is_starred, all_listed(catalogue))),
            )
        return found

    def _choose_format(self, subject: _Subject) -> None:
        from storage.export.formats import KINDS, Format  # noqa: PLC0415 -- on first use
        from tui.choices import Choice  # noqa: PLC0415 -- with the menu

        choices = [
            Choice(tr(kind.words), form, kind.key, kind.suffix) for form, kind in KINDS.items()
        ]
        self._choose(tr("Format"), choices, lambda form: self._ask(subject, Format(form)))

    def _ask(self, subject: _Subject, form: Format) -> None:
        """Ask for the file's name; one that is there is written over at a second Enter only."""
        from storage.export.formats import KINDS  # noqa: PLC0415 -- on first use
        from storage.export.writing import (  # noqa: PLC0415 -- on first use
            FileThereError,
            whole_place_of,
        )
        from tui.export_run import Job, check  # noqa: PLC0415 -- on first use
        from tui.screens.prompt import PromptScreen  # noqa: PLC0415 -- on first use

        confirmed: Path | None = None

        def take(line: str) -> str:
            nonlocal confirmed
            if not line.strip():
                return tr("Give it a name.")
            try:
                target = whole_place_of(line.strip())
                force = target == confirmed
                check(form, target, force=force)
            except FileThereError:
                confirmed = target
                return tr(
                    "There is a file {name} already; Enter again writes over it.", name=target.name
                )
            except DigestTuiError as error:
                return str(error)
            self._start(Job(subject.ids, form, target, force))
            return ""

        kind = KINDS[form]
        help_line = (
            tr("a folder: each paper becomes a note in it; notes that you changed there stay")
            if not kind.suffix
            else tr("a file; ~ is your home folder")
        )
        hint = tr("Enter writes it   Esc cancels")
        proposed = f"~/{subject.name}{kind.suffix}"
        self._app.push_screen(PromptScreen(tr("Export to"), proposed, help_line, take, hint))

    def _start(self, job: Job) -> None:
        from tui.export_run import stopped  # noqa: PLC0415 -- on first use

        self._job, self._stopped, self._said = job, Event(), ""
        # The end of the reader may come before the thread begins.
        self._session.untold = stopped(job).afterwards
        if self._panes.table.selecting:
            self._panes.table.toggle_selecting()
        self._panes.hints.say("")
        self._report(tr("exporting …"))
        # A worker: the end of the reader waits until nothing half-written is left, a moment.
        self._app.run_worker(partial(self._run, job, self._stopped), thread=True, group="exporting")

    def _run(self, job: Job, stopped: Event) -> None:
        from textual.worker import get_current_worker  # noqa: PLC0415 -- loaded already

        from tui.export_run import Surroundings, run  # noqa: PLC0415 -- on first use

        worker = get_current_worker()
        around = Surroundings(
            self._session.catalogue.fresh,
            self._session.marks_of,
            lambda: stopped.is_set() or worker.is_cancelled,
            lambda words: self._post(Then(partial(self._report, words))),
        )
        ended = run(job, around)
        self._session.untold = ended.afterwards or ended.words
        self._post(Then(partial(self._end, ended)))

    def _report(self, words: str) -> None:
        """Tell how far it is, unless something else is said meanwhile."""
        if self._panes.hints.message in ("", self._said):
            self._said = words
            self._panes.hints.say(words)

    def _end(self, ended: Ended) -> None:
        self._job, self._session.untold = None, ""
        self._panes.hints.say(ended.words, failed=ended.failed)

    def _offer_to_stop(self, job: Job) -> Awaitable[None]:
        from tui.choices import Choice  # noqa: PLC0415 -- with the menu

        choices = [
            Choice(tr("stop it"), "stop", "s"),
            Choice(tr("go on"), "go", "o"),
        ]

        def chosen(value: str) -> None:
            # It may have come to its end meanwhile.
            if value == "stop" and self._job is job:
                self._stopped.set()

        title = tr("An export to {name} is on its way", name=job.target.name)
        return self._choose(title, choices, chosen)


def _listed(listing: Listing, today: date, catalogue: Catalogue) -> Sequence[int]:
    """Return the ids of all papers of a listing, of which a part may be known."""
    if listing.is_whole:
        return listing.ids
    from storage.library.view import list_papers  # noqa: PLC0415 -- before all are listed only

    return list_papers(catalogue.connection, listing.view, today).ids

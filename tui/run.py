"""One run of the reader from the first frame to the last saved note."""

from __future__ import annotations

import io
import logging
import os
import signal
import sqlite3
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from storage.errors import DigestTuiError, MarksError
from storage.language import tr
from storage.library.listing import Listing
from storage.library.mirror import Mirror
from storage.library.view import View, first_window
from storage.locations import history_file, place_file, views_file
from storage.marks import MarkChange, MarkField, MarksWriter
from storage.marks.opening import open_marks
from storage.place import Place, load
from storage.views import Views
from tui.app import DigestApp
from tui.drafts import NoteDraft
from tui.refresher import RefreshProcess
from tui.session import Session
from tui.terminal import TerminalGuard
from tui.textual_private import accept_long_commits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.library.catalogue import Catalogue
    from storage.library.filters import Node
    from storage.marks import MarkStore
    from storage.marks.opening import MarksPlace
    from storage.model import PaperKey
    from storage.refresh.origin import Origin
    from tui.starting import Started

_LAST_SECONDS = 2.0
"""How long an end that is forced waits for the marks to be on disk."""


def run_reader(
    origin: Origin,
    catalogue: Catalogue,
    marks_place: MarksPlace,
    started: Started,
    complain: Callable[[str], None],
) -> int:
    """Show ``catalogue``, refresh it behind the screen, and save everything at the end.

    Args:
        origin: What the catalogue is made from.
        catalogue: Opened; it is closed with the process.
        marks_place: Where the marks are.
        started: What the run began with.
        complain: Takes one sentence for the user, before and after the screen.

    Returns:
        The exit code.
    """
    try:
        store, tidying = open_marks(marks_place)
    except MarksError as error:
        complain(str(error))
        return 1
    session = _session(origin, catalogue, store, MarksWriter(store, tidying))
    # The demo leaves nothing behind.
    session.back_up = None if origin.is_fixed else partial(_back_up, marks_place)
    session.notices += started.notices
    session.settings, session.language = started.settings, started.language
    session.mistakes = tuple(map(str, started.mistakes))
    crash = io.StringIO()
    log = Console(file=crash, width=120, markup=False, highlight=False)
    faults = logging.StreamHandler(crash)
    faults.setLevel(logging.ERROR)
    logging.getLogger("storage").addHandler(faults)
    app = DigestApp(session, theme=os.environ.get("TEXTUAL_THEME"), crash_log=log)
    accept_long_commits()
    guard = TerminalGuard(
        leave=lambda: app.call_later(app.exit), at_last=lambda: _save_at_last(session)
    )
    # A second signal, such as a closing window sends, must not end the saving.
    with guard:
        try:
            app.run()
        except Exception:  # noqa: BLE001 -- whatever it is, the notes are saved and it is reported
            log.print_exception()
        # First of all: whoever ended us may not wait for a refresh to end.
        errors = _save_rest(session)
    session.remember(session.place)
    if session.refresher is not None:
        session.refresher.close()
    if session.hooks is not None and (left := session.hooks.close(_LAST_SECONDS)):
        complain(left)
    if session.untold and guard.ended_by != signal.SIGHUP:
        complain(session.untold)
    return _end(guard.ended_by, errors, crash.getvalue(), complain) or app.return_code or 0


def _end(
    ended_by: int | None, errors: Sequence[MarksError], crash: str, complain: Callable[[str], None]
) -> int:
    """Say what went wrong, and return the exit code.

    Args:
        ended_by: The number of the signal that ended the run; None: none did.
        errors: What could not be saved.
        crash: What happened in a crash; empty: there was none.
        complain: Takes one sentence for the user.
    """
    if ended_by == signal.SIGHUP:
        _leave_terminal()
    for failed in errors:
        complain(str(failed))
    if crash:
        from tui.crash import keep_report  # noqa: PLC0415 -- after a crash only

        complain(keep_report(crash))
        return 1
    if ended_by:
        return 128 + ended_by
    return 1 if errors else 0


def _back_up(place: MarksPlace) -> str:
    from tui.daily_backup import back_up  # noqa: PLC0415 -- behind the screen

    return back_up(place)


def _leave_terminal() -> None:
    """Write to nobody: the window is closed, and Python would fail at its last flush."""
    nobody = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nobody, 1)
    os.dup2(nobody, 2)


def _session(origin: Origin, catalogue: Catalogue, store: MarkStore, marks: MarksWriter) -> Session:
    place = load(place_file())
    if not origin.is_library:
        # How papers are shown is the same whatever is read.
        place = Place().shown_as(place)
    views = Views(views_file())
    notices: list[str] = []
    view = View(place.base_name, place.base, place.filter, place.order)
    try:
        view = view._replace(ignored=_ignored(views))
    except DigestTuiError as error:
        notices.append(str(error))
    session = Session(
        origin=origin,
        catalogue=catalogue,
        mirror=Mirror(catalogue.path, store.get),
        store=store,
        marks=marks,
        views=views,
        refresher=None,
        listing=Listing(view),
        view=view,
        draft=NoteDraft(),
        # The demo leaves nothing behind.
        history_path=None if origin.is_fixed else history_file(),
        place=place,
        query_text=place.query_text,
        notices=notices,
    )
    if not origin.is_fixed:
        session.refresher = RefreshProcess(origin, lambda: session.settings.refresh_minutes)
    session.highlight()
    try:
        # The clock is naive local time, as digests are.
        today = date.today()  # noqa: DTZ011
        session.listing = first_window(catalogue.connection, view, today, place.key, place.row)
        if view.asked is None:
            session.counts = catalogue.counts()
    except (sqlite3.Error, ValueError) as error:
        # The screen says so, and has it built anew.
        session.fault = str(error)
    return session


def _ignored(views: Views) -> Node | None:
    """Return what is left out everywhere; nobody waits for the grammar where that is nothing."""
    text = views.ignore
    if not text:
        return None
    from storage.library.grammar import parse_query  # noqa: PLC0415 -- for ignore lists only

    return parse_query(text).filter


def _save_rest(session: Session) -> list[MarksError]:
    """Save the note that was being typed, wait for all writes, and return what failed."""
    _submit_rest(session)
    draft = session.draft
    if draft.key is not None:
        # Nobody undoes anything any more in this run.
        session.record_note(draft.key, draft.before, draft.text, lambda _: None)
    session.marks.close()
    errors = list(session.late_errors)
    if draft.refused:
        errors.append(MarksError(_rescue(draft.refused)))
    return errors


def _save_at_last(session: Session) -> None:
    """Save what was typed though the screen does not end; there is hardly any time for it."""
    _submit_rest(session)
    session.marks.flush(_LAST_SECONDS)


def _submit_rest(session: Session) -> None:
    draft = session.draft
    for key, text in draft.take_all_unsaved().items():

        def done(error: MarksError | None, key: PaperKey = key, text: str = text) -> None:
            if error is None:
                draft.written(key)
            else:
                draft.refuse(key, text)
                session.late_errors.append(error)

        changes = session.written_over([MarkChange(key, MarkField.NOTE, text)])
        session.marks.submit(changes, done)


def _rescue(notes: dict[PaperKey, str]) -> str:
    """Keep notes that the store refused in a file of their own, or at least on the terminal."""
    from storage.locations import state_dir  # noqa: PLC0415 -- where the marks cannot be written

    text = "".join(f"{key}\n{note}\n\n" for key, note in notes.items())
    path = state_dir() / "unsaved-notes.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The reader's own, as marks are.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return tr("What you wrote and could not be saved: {text}", text=text)
    return tr("What you wrote and could not be saved is in {path}", path=path)

"""One run of the reader from the first frame to the last saved note."""

from __future__ import annotations

import io
import logging
import os
import signal
from typing import TYPE_CHECKING

from rich.console import Console

from storage.errors import MarksError
from storage.library import Library, View, list_papers
from storage.marks import History, MarkChange, MarkField, MarksWriter, TinyDBMarkStore
from storage.model import Problem
from tui.app import DigestApp
from tui.controllers.listing import count
from tui.controllers.panes import Session
from tui.drafts import NoteDraft
from tui.terminal import TerminalGuard
from tui.textual_private import accept_long_commits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.model import PaperKey
    from storage.sources import Feed, Item


def run_reader(
    feed: Feed,
    library: Library,
    pending: Iterator[Item],
    marks_path: Path,
    complain: Callable[[str], None],
) -> int:
    """Show ``library``, read ``pending`` behind the screen, and save everything at the end.

    Returns:
        The exit code.
    """
    try:
        store = TinyDBMarkStore(marks_path)
    except MarksError as error:
        complain(str(error))
        return 1
    session = _session(feed, library, pending, store)
    crash = io.StringIO()
    log = Console(file=crash, width=120, markup=False, highlight=False)
    faults = logging.StreamHandler(crash)
    faults.setLevel(logging.ERROR)
    logging.getLogger("storage").addHandler(faults)
    app = DigestApp(session, theme=os.environ.get("TEXTUAL_THEME"), crash_log=log)
    accept_long_commits()
    guard = TerminalGuard(leave=lambda: app.call_later(app.exit))
    with guard:
        try:
            app.run()
        except Exception:  # noqa: BLE001 -- whatever it is, the notes are saved and it is reported
            log.print_exception()
    if guard.ended_by == signal.SIGHUP:
        _leave_terminal()
    errors = _save_rest(session)
    for failed in errors:
        complain(str(failed))
    if crash.getvalue():
        from tui.crash import keep_report  # noqa: PLC0415 -- after a crash only

        complain(keep_report(crash.getvalue()))
        return 1
    if guard.ended_by:
        return 128 + guard.ended_by
    return 1 if errors else 0


def _leave_terminal() -> None:
    """Write to nobody: the window is closed, and Python would fail at its last flush."""
    nobody = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nobody, 1)
    os.dup2(nobody, 2)


def _session(
    feed: Feed, library: Library, pending: Iterator[Item], store: TinyDBMarkStore
) -> Session:
    view = View()
    session = Session(
        library=library,
        store=store,
        marks=MarksWriter(store),
        feed=feed,
        pending=pending,
        listing=list_papers(library, store, view),
        view=view,
        draft=NoteDraft(),
        history=History(),
    )
    session.unread, session.starred = count(session.listing, session)
    # A hint goes with the next key; the list of problems stays.
    library.report(Problem("marks", None, notice) for notice in store.notices)
    return session


def _save_rest(session: Session) -> list[MarksError]:
    """Save the note that was being typed, wait for all writes, and return what failed."""
    errors: list[MarksError] = session.late_errors
    refused: dict[PaperKey, str] = {}

    for key, text in session.draft.take_all_unsaved().items():

        def done(error: MarksError | None, key: PaperKey = key, text: str = text) -> None:
            if error is not None:
                errors.append(error)
                refused[key] = text

        session.marks.submit([MarkChange(key, MarkField.NOTE, text)], done)
    session.marks.close()
    if refused:
        errors.append(MarksError(_rescue(refused)))
    return errors


def _rescue(notes: dict[PaperKey, str]) -> str:
    """Keep notes that the store refused in a file of their own, or at least on the terminal."""
    from storage.locations import state_dir  # noqa: PLC0415 -- where the marks cannot be written

    text = "".join(f"{key}\n{note}\n\n" for key, note in notes.items())
    path = state_dir() / "unsaved-notes.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return f"What you wrote and could not be saved: {text}"
    return f"What you wrote and could not be saved is in {path}"

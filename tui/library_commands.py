"""The commands over the library that open no screen.

Each takes the arguments and a function that says one sentence to the user, and returns the exit
code: 0 done, 1 something could not be read or done, 2 wrong usage, 130 stopped by Control-C.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from storage.language import tr
from storage.library.view import list_papers as list_ids
from storage.refresh.outcome import NOTHING
from tui.library_opening import open_library
from tui.output import as_data, print_rows, told
from tui.paper_listing import UsageError, known_marks, lines, view_of, why_none
from tui.refresh_command import bring_up_to_date
from tui.source_commands import followed_sources

if TYPE_CHECKING:
    from argparse import Namespace

    from tui.output import Complain


@told
def list_papers(options: Namespace, complain: Complain) -> int:
    """Print the papers that meet a filter, one a line."""
    losses: list[str] = []

    def lose(sentence: str) -> None:
        losses.append(sentence)
        complain(sentence)

    if options.limit is not None and options.limit < 1:
        complain(tr("--limit {limit} lists nothing; give a number from 1 on.", limit=options.limit))
        return 2
    try:
        view = view_of(" ".join(map(str.strip, options.query)), options.sort, lose)
    except UsageError as error:
        # As it is: complaining squeezes the spaces that make the carets point at the place.
        print(error, file=sys.stderr)
        return 2
    catalogue, code = open_library(complain)
    if catalogue is None:
        return code
    with closing(catalogue):
        marks_of = known_marks(catalogue, lose)
        # The clock is naive local time, as digests are.
        today = date.today()  # noqa: DTZ011
        ids = list_ids(catalogue.connection, view, today).ids[: options.limit]
        if not ids:
            complain(why_none(catalogue, view, today))
        is_for_eyes = sys.stdout.isatty() and not options.json
        if not is_for_eyes:
            as_data()
        columns = shutil.get_terminal_size().columns if is_for_eyes else None
        print_rows(lines(catalogue, ids, marks_of, as_json=options.json, columns=columns))
    return max(code, int(bool(losses)))


def translate(options: Namespace, complain: Complain) -> int:
    """Translate papers of a filter, and read the translations into the library."""
    from tui.translate_command import translate as run  # noqa: PLC0415 -- for one command only

    def read_again() -> int:
        followed, code = followed_sources(complain)
        if not followed:
            return code
        return bring_up_to_date(followed, complain, fetch=NOTHING)[0]

    return run(options, complain, read_again)


def doctor(options: Namespace, _complain: Complain) -> int:
    """Print what is where, what is wrong, and what to do about it; repair the marks if asked to."""
    from tui.doctor import exit_code, report  # noqa: PLC0415 -- for one command only
    from tui.examination import findings  # noqa: PLC0415 -- the same

    found = findings(repair=options.repair)
    sys.stdout.write(report(found, sys.stdout.encoding))
    return exit_code(found)

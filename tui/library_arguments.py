"""The arguments of the commands over the library."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from storage.language import to_tr, tr
from storage.sources.items import MOST_DAYS
from tui.commands_run import runner

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction

    from tui.commands_run import Complain, Run

    Commands = _SubParsersAction[ArgumentParser]

_WHAT = to_tr(
    "a file or folder, also with a pattern ('~/digests/*.md'); the address of a digest, feed or git"
    " repository, one with {date} in it; arxiv:cs.LG; arxiv:search:WORDS; an OPML file; or"
    " cn-chat-arxiv:cs.LG and daily-arxiv, which are ready made"
)


def add_library_commands(commands: Commands, complain: Complain) -> None:
    """Add add, remove, sources, refresh, list and doctor.

    Args:
        commands: Where to.
        complain: Says one sentence to the user.
    """
    run = runner(complain)
    _add_source_commands(commands, run)
    _add_refresh(commands, run)
    _add_list(commands, run)
    _add_export(commands, run)
    _add_translate(commands, run)
    doctor = commands.add_parser("doctor", help=tr("examine library, sources, marks and terminal"))
    doctor.add_argument(
        "--repair",
        action="store_true",
        help=tr("repair what is damaged of this device's marks, after keeping a copy"),
    )
    doctor.set_defaults(run=run("library_commands", "doctor"))


def _add_source_commands(commands: Commands, run: Run) -> None:
    add = commands.add_parser("add", help=tr("add sources of digests to your library"))
    add.add_argument("sources", nargs="+", metavar=tr("SOURCE"), help=tr(_WHAT))
    add.add_argument("--name", metavar=tr("NAME"), help=tr("what to call it"))
    add.add_argument(
        "--days",
        type=_days,
        metavar="N",
        help=tr("how many days an address with {date} looks back"),
    )
    add.add_argument(
        "--history",
        action="store_true",
        help=tr("of a git repository, read every past version of its digests, too"),
    )
    add.set_defaults(run=run("source_commands", "add"))
    remove = commands.add_parser("remove", help=tr("take sources out of your library"))
    remove.add_argument(
        "sources", nargs="+", metavar=tr("SOURCE"), help=tr("its path, address or name, as listed")
    )
    remove.set_defaults(run=run("source_commands", "remove"))
    sources = commands.add_parser("sources", help=tr("list what your library is made from"))
    sources.add_argument(
        "--names", action="store_true", help=tr("print only what each is called, one a line")
    )
    sources.set_defaults(run=run("source_commands", "sources"))


def _add_refresh(commands: Commands, run: Run) -> None:
    refresh = commands.add_parser(
        "refresh",
        help=tr("fetch new digests and bring your library up to date"),
        epilog=tr(
            "Exit codes: 0 done; 1 a source failed or could not be read; 2 there are no sources;"
            " 75 there is no network, try again later; 130 stopped."
        ),
    )
    refresh.add_argument(
        "--quiet", action="store_true", help=tr("say only what failed, as cron wants it")
    )
    what = refresh.add_mutually_exclusive_group()
    what.add_argument(
        "--due", action="store_true", help=tr("fetch only the sources whose time has come")
    )
    what.add_argument("--offline", action="store_true", help=tr("fetch nothing, only read"))
    refresh.set_defaults(run=run("source_commands", "refresh"))


def _add_list(commands: Commands, run: Run) -> None:
    listed = commands.add_parser("list", help=tr("list papers of your library"))
    listed.add_argument(
        "query",
        nargs="*",
        metavar=tr("QUERY"),
        help=tr(
            "a filter, as in the reader: words, is:unread, cat:cs.LG, date:week, '#tag', -word …"
        ),
    )
    listed.add_argument("--json", action="store_true", help=tr("one JSON object a paper"))
    listed.add_argument("--limit", type=int, metavar="N", help=tr("list at most N papers"))
    listed.add_argument(
        "--sort",
        metavar=tr("ORDER"),
        help=tr("date, oldest, title, chinese, id, category, type, unread or starred"),
    )
    listed.set_defaults(run=run("library_commands", "list_papers"))


def _add_export(commands: Commands, run: Run) -> None:
    from storage.export.formats import Format  # noqa: PLC0415 -- for the command line only

    export = commands.add_parser(
        "export", help=tr("write papers of your library for other programs")
    )
    export.add_argument(
        "query", nargs="*", metavar=tr("QUERY"), help=tr("which papers, as in list")
    )
    export.add_argument(
        "--format",
        choices=[str(name) for name in Format],
        help=tr("the format; if nothing is said, as the end of FILE tells"),
    )
    export.add_argument(
        "-o",
        "--output",
        metavar=tr("FILE"),
        help=tr("where to, for notes a folder; if nothing is said, or -, the standard output"),
    )
    export.add_argument("--force", action="store_true", help=tr("write over what is there already"))
    export.add_argument("--limit", type=int, metavar="N", help=tr("export at most N papers"))
    export.add_argument("--sort", metavar=tr("ORDER"), help=tr("the order, as in list"))
    export.set_defaults(run=run("export_command", "export"))


def _add_translate(commands: Commands, run: Run) -> None:
    translate = commands.add_parser(
        "translate", help=tr("translate English papers by the service that your settings name")
    )
    translate.add_argument(
        "query",
        nargs="*",
        metavar=tr("QUERY"),
        help=tr("which papers, as in list; if nothing is said, unread ones without Chinese"),
    )
    translate.add_argument("--limit", type=int, metavar="N", help=tr("send at most N papers"))
    translate.add_argument(
        "--dry-run", action="store_true", help=tr("say how much it would be, and send nothing")
    )
    translate.set_defaults(run=run("library_commands", "translate"))


def _days(text: str) -> int:
    """Read a number of days.

    Raises:
        ArgumentTypeError: It is no such number; argparse says so.
    """
    from argparse import ArgumentTypeError  # noqa: PLC0415 -- loaded already: it asks

    with suppress(ValueError):
        if 1 <= (days := int(text)) <= MOST_DAYS:
            return days
    raise ArgumentTypeError(tr("it must be a number of days from 1 to {most}", most=MOST_DAYS))

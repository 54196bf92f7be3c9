"""The command line: all commands with their arguments, declared once."""

from __future__ import annotations

import gc
import os
from argparse import ArgumentParser
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage import language
from storage.language import DOMAIN, ENGLISH, in_use, tr
from tui.library_arguments import add_library_commands
from tui.marks_arguments import add_marks_commands
from tui.own_arguments import add_own_commands

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from collections.abc import Callable, Iterator

    Complain = Callable[[str], None]
    Commands = _SubParsersAction[ArgumentParser]

LANGUAGES = ("en", "zh")
"""What ``--lang`` can be."""


def build_parser(complain: Complain) -> ArgumentParser:
    """Return the parser of the command line, in the language in use.

    What it parses has the ``command`` and, if there is one, ``run``: a function of all of it that
    returns the exit code. For commands that open the reader, ``started`` is to be among it.

    Args:
        complain: Says one sentence to the user.
    """
    parser = ArgumentParser(
        prog="digest-tui",
        usage=tr("digest-tui [PATH|ADDRESS…] | digest-tui COMMAND"),
        description=tr("Read bilingual (English and Chinese) arXiv digests in the terminal."),
        epilog=tr(
            "digest-tui opens your library where you left off, digest-tui PATH… just these files,"
            " folders and addresses. In the reader, ? lists all keys."
        ),
    )
    parser.add_argument("--version", action="store_true", help=tr("tell the version and exit"))
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help=tr("the language of all that is said, also behind a command: English or Chinese"),
    )
    parser.set_defaults(command=None, verify=None)
    commands = parser.add_subparsers(dest="command", metavar=tr("COMMAND"), prog="digest-tui")
    _add_demo(commands, complain)
    add_library_commands(commands, complain)
    add_marks_commands(commands, complain)
    _add_convert(commands, complain)
    add_own_commands(commands, complain)
    _add_read(commands, complain)
    return parser


@contextmanager
def argparse_in_our_language() -> Iterator[None]:
    """Have argparse say its own words in the language in use: it asks Python's gettext for them."""
    if in_use() == ENGLISH:
        yield
        return
    import gettext  # noqa: PLC0415 -- not for English

    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(language.FOLDER))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = in_use()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def _add_demo(commands: Commands, complain: Complain) -> None:
    demo = commands.add_parser(
        "demo", help=tr("open the built-in demo digest; touches nothing of yours")
    )

    def run(options: Namespace) -> int:
        gc.disable()  # until the screen is there, as for the library
        from tui.entry import open_demo  # noqa: PLC0415 -- for the reader only

        return open_demo(options.started, complain)

    demo.set_defaults(run=run)


def _add_read(commands: Commands, complain: Complain) -> None:
    read = commands.add_parser("read", help=tr("open digests, whatever their names begin with"))
    read.add_argument("paths", nargs="+", metavar="PATH")

    def run(options: Namespace) -> int:
        gc.disable()  # until the screen is there, as for the library
        from tui.entry import open_paths  # noqa: PLC0415 -- for the reader only

        return open_paths(options.paths, options.started, complain)

    read.set_defaults(run=run)


def _add_convert(commands: Commands, complain: Complain) -> None:
    convert = commands.add_parser("convert", help=tr("print digests in one clean form"))
    convert.add_argument("paths", nargs="+", metavar="PATH", help=tr("file or folder of digests"))
    convert.add_argument(
        "--to",
        choices=("jsonl", "markdown", "tmx"),
        default="jsonl",
        help=tr(
            "the form: JSON lines (if nothing is said), a markdown digest, or a translation memory"
            " of titles, TL;DRs and the abstracts' sentences, every translation once"
        ),
    )
    convert.add_argument(
        "--translated",
        action="store_true",
        help=tr("fill in the translations that were made here, see: digest-tui translate"),
    )
    convert.add_argument(
        "--aligned",
        action="store_true",
        help=tr("add to each JSON line which sentences of its abstract belong together"),
    )

    def verify(options: Namespace) -> None:
        if options.aligned and options.to == "markdown":
            convert.error(tr("--aligned goes with --to jsonl (or tmx, which is aligned as it is)"))

    def run(options: Namespace) -> int:
        from tui.convert_command import convert as print_all  # noqa: PLC0415 -- for one command only

        return print_all(options, complain)

    convert.set_defaults(run=run, verify=verify)

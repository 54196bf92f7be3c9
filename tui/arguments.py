"""The command line: all commands with their arguments, declared once."""

from __future__ import annotations

import gc
import os
import re
from argparse import ArgumentParser, HelpFormatter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storage import language
from storage.language import DOMAIN, ENGLISH, in_use, tr
from tui.library_arguments import add_library_commands
from tui.marks_arguments import add_marks_commands
from tui.own_arguments import add_own_commands
from tui.starting import LANGUAGES

if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from collections.abc import Callable, Iterator

    Complain = Callable[[str], None]
    Commands = _SubParsersAction[ArgumentParser]

_HEADING = re.compile(r"^(.*[\u4e00-\u9fff]):$", re.MULTILINE)


_FILLER = "\0"
"""Follows each wide character while a help is laid out: argparse counts characters, not cells."""


class _Formatter(HelpFormatter):
    """Lays a help out by cells, two of which a Chinese character takes.

    What it overrides is what others override as well, though argparse promises none of it: all that
    depends on argparse's inside is here.
    """

    def format_help(self) -> str:
        """Return the help."""
        return super().format_help().replace(_FILLER, "")

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None) -> str:  # noqa: ANN401 -- only passed on
        # Further lines begin where the first goes on behind this.
        return super()._format_usage(usage, actions, groups, _filled(prefix or tr("usage: ")))

    def _format_args(self, *what: Any) -> str:  # noqa: ANN401 -- the same
        return _filled(super()._format_args(*what))

    def _format_action_invocation(self, *what: Any) -> str:  # noqa: ANN401 -- the same
        return _filled(super()._format_action_invocation(*what))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width) or super()._split_lines(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = _wrapped(text, width - len(indent))
        if not lines:
            return super()._fill_text(text, width, indent)
        return "\n".join(f"{indent}{line}" for line in lines)


def _filled(text: str) -> str:
    """Make a text as many characters long as it takes cells; what is so already stays."""
    from tui.plain_rows import cells  # noqa: PLC0415 -- for helps only

    bare = text.replace(_FILLER, "")
    return "".join(char + _FILLER * (cells(char) - 1) for char in bare)


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text with wide characters into lines; none where argparse itself does it well."""
    from storage.bilingual.wrap import wrap  # noqa: PLC0415 -- for helps only
    from tui.plain_rows import cells  # noqa: PLC0415 -- the same

    text = " ".join(text.split())
    if cells(text) == len(text):
        return []
    return [text[start:end] for start, end in wrap(text, width, cells)]


class _Parser(ArgumentParser):
    """A parser whose help is typeset in the language in use; those of its commands are such too."""

    def __init__(self, **keywords: Any) -> None:  # noqa: ANN401 -- argparse's own
        super().__init__(formatter_class=_Formatter, **keywords)

    def format_help(self) -> str:
        """Return the help; argparse itself sets a colon of ASCII behind its headings."""
        return _HEADING.sub("\\1：", super().format_help())


def build_parser(complain: Complain) -> ArgumentParser:
    """Return the parser of the command line, in the language in use.

    What it parses has the ``command`` and, if there is one, ``run``: a function of all of it that
    returns the exit code. For commands that open the reader, ``started`` is to be among it.

    Args:
        complain: Says one sentence to the user.
    """
    parser: ArgumentParser = _Parser(
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
    read.add_argument("paths", nargs="+", metavar=tr("PATH"))

    def run(options: Namespace) -> int:
        gc.disable()  # until the screen is there, as for the library
        from tui.entry import open_paths  # noqa: PLC0415 -- for the reader only

        return open_paths(options.paths, options.started, complain)

    read.set_defaults(run=run)


def _add_convert(commands: Commands, complain: Complain) -> None:
    convert = commands.add_parser("convert", help=tr("print digests in one clean form"))
    convert.add_argument(
        "paths", nargs="+", metavar=tr("PATH"), help=tr("file or folder of digests")
    )
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

"""``digest-tui``: arguments, exit codes, and the ends of a run.

Exit codes: 0 done; 1 something could not be read or done, named on stderr; 2 wrong usage;
128 + n ended by signal n. Data goes to stdout, words to stderr. Nothing of Textual is imported
unless the reader opens, and nothing that the reader does not need before it does.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Callable, Sequence

COMMANDS = (
    "add",
    "convert",
    "demo",
    "directories",
    "doctor",
    "keys",
    "list",
    "marks",
    "read",
    "refresh",
    "remove",
    "sources",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``digest-tui`` with ``argv`` (without the program's name); return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    plain = not any(argument.startswith("-") for argument in arguments)
    try:
        if plain and (not arguments or arguments[0] not in COMMANDS):
            return _read(arguments) if arguments else _library()
        return _run(arguments)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain at its own exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        _complain(f"The output could not be written: {error.strerror or error}")
        return 1
    except Exception:  # noqa: BLE001 -- whatever it is, nobody wants to see its traceback
        import traceback  # noqa: PLC0415 -- after a crash only

        from tui.crash import keep_report  # noqa: PLC0415 -- after a crash only

        _complain(keep_report(traceback.format_exc()))
        return 1


def _run(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Words must come out whatever the locale can write.
            stream.reconfigure(errors="replace")
    parser = _parser()
    options, beyond = parser.parse_known_args(_with_negations(arguments))
    if options.command == "list" and not any(word.startswith("--") for word in beyond):
        # argparse takes no words behind an option that is behind words.
        options.query += beyond
    elif beyond:
        parser.error(f"unrecognized arguments: {' '.join(beyond)}")
    if options.version:
        print(_version())
        return 0
    if options.command is None:
        parser.print_usage(sys.stderr)
        return 2
    run: Callable[[Namespace], int] = options.run
    code = run(options)
    sys.stdout.flush()
    return code


def _with_negations(arguments: list[str]) -> list[str]:
    """Let words of a filter begin with a minus, as in ``list -survey``: ``list`` has no such option.

    What begins with a space is no option to argparse, and spaces mean nothing between words.
    """
    if arguments[0] != "list":
        return arguments
    return [
        f" {word}" if word.startswith("-") and not word.startswith("--") and word != "-h" else word
        for word in arguments
    ]


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser  # noqa: PLC0415 -- 6 ms that the reader does not need

    from tui.marks_arguments import add_marks_commands  # noqa: PLC0415 -- not for the reader

    parser = ArgumentParser(
        prog="digest-tui",
        usage="digest-tui [PATH…] | digest-tui COMMAND",
        description="Read bilingual (English and Chinese) arXiv digests in the terminal.",
        epilog="digest-tui opens your library where you left off, digest-tui PATH… just these files"
        " and folders. In the reader, ? lists all keys.",
    )
    parser.add_argument("--version", action="store_true", help="tell the version and exit")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="digest-tui")
    demo = commands.add_parser(
        "demo", help="open the built-in demo digest; touches nothing of yours"
    )
    demo.set_defaults(run=lambda _: _demo())
    _add_library_commands(commands)
    add_marks_commands(commands, _complain)
    _add_convert(commands)
    keys = commands.add_parser("keys", help="list all keys")
    keys.set_defaults(run=lambda _: _keys())
    directories = commands.add_parser(
        "directories", help="tell where your marks and everything else are kept"
    )
    directories.set_defaults(run=lambda _: _directories())
    read = commands.add_parser("read", help="open digests, whatever their names begin with")
    read.add_argument("paths", nargs="+", metavar="PATH")
    read.set_defaults(run=lambda options: _read(options.paths))
    return parser


def _add_convert(commands: _SubParsersAction[ArgumentParser]) -> None:
    convert = commands.add_parser("convert", help="print digests in one clean form")
    convert.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of digests")
    convert.add_argument(
        "--to",
        choices=("jsonl", "markdown", "tmx"),
        default="jsonl",
        help="the form: JSON lines (if nothing is said), a markdown digest, or a translation memory"
        " of titles, TL;DRs and the abstracts' sentences, every translation once",
    )
    convert.add_argument(
        "--aligned",
        action="store_true",
        help="add to each JSON line which sentences of its abstract belong together",
    )

    def run(options: Namespace) -> int:
        if options.aligned and options.to == "markdown":
            convert.error("--aligned goes with --to jsonl (or tmx, which is aligned as it is)")
        return _convert(options)

    convert.set_defaults(run=run)


def _add_library_commands(commands: _SubParsersAction[ArgumentParser]) -> None:
    def run(name: str) -> Callable[[Namespace], int]:
        def command(options: Namespace) -> int:
            from tui import library_commands  # noqa: PLC0415 -- for these commands only

            code: int = getattr(library_commands, name)(options, _complain)
            return code

        return command

    add = commands.add_parser("add", help="add files and folders of digests to your library")
    add.add_argument("paths", nargs="+", metavar="PATH")
    add.set_defaults(run=run("add"))
    remove = commands.add_parser("remove", help="take files and folders out of your library")
    remove.add_argument("paths", nargs="+", metavar="PATH")
    remove.set_defaults(run=run("remove"))
    sources = commands.add_parser("sources", help="list what your library is made from")
    sources.set_defaults(run=run("sources"))
    refresh = commands.add_parser("refresh", help="bring your library up to date")
    refresh.set_defaults(run=run("refresh"))
    listed = commands.add_parser("list", help="list papers of your library")
    listed.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="a filter, as in the reader: words, is:unread, cat:cs.LG, date:week, '#tag', -word …",
    )
    listed.add_argument("--json", action="store_true", help="one JSON object a paper")
    listed.add_argument("--limit", type=int, metavar="N", help="list at most N papers")
    listed.add_argument(
        "--sort",
        metavar="ORDER",
        help="date, oldest, title, chinese, id, category, type, unread or starred",
    )
    listed.set_defaults(run=run("list_papers"))
    doctor = commands.add_parser("doctor", help="examine library, marks and terminal")
    doctor.add_argument(
        "--repair",
        action="store_true",
        help="repair what is damaged of this device's marks, after keeping a copy",
    )
    doctor.set_defaults(run=run("doctor"))


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- 17 ms for one option only

    return f"digest-tui {version('digest-tui')}"


def _keys() -> int:
    from tui.actions import key_table  # noqa: PLC0415 -- for one command only

    print(key_table())
    return 0


def _directories() -> int:
    from storage import locations  # noqa: PLC0415 -- for one command only
    from tui.marks_place import marks_place  # noqa: PLC0415 -- for one command only

    print(f"marks    {marks_place(_complain).folder}")
    print(f"views    {locations.views_file()}")
    print(f"sources  {locations.sources_file()}")
    print(f"settings {locations.settings_file()}")
    print(f"state    {locations.state_dir()}")
    print(f"cache    {locations.cache_dir()}")
    return 0


def _convert(options: Namespace) -> int:
    from storage.export.convert import Target, convert  # noqa: PLC0415 -- for one command only
    from storage.sources.reading import digests_in  # noqa: PLC0415 -- for one command only

    if isinstance(sys.stdout, TextIOWrapper):
        # Whatever the locale says: the clean form is UTF-8 with plain line ends.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    items = digests_in(options.paths)
    is_whole = convert(
        items, Target(options.to), sys.stdout.write, _complain, aligned=options.aligned
    )
    return 0 if is_whole else 1


def _complain(sentence: str) -> None:
    from storage.formats.cleaning import clean_line  # noqa: PLC0415 -- for complaints only

    # Paths and texts of documents could steer the terminal.
    print(clean_line(sentence), file=sys.stderr)


def _demo() -> int:
    from tui.entry import open_demo  # noqa: PLC0415 -- for the reader only

    return open_demo(_complain)


def _library() -> int:
    from tui.entry import open_library  # noqa: PLC0415 -- for the reader only

    return open_library(_complain)


def _read(paths: Sequence[str]) -> int:
    from tui.entry import open_paths  # noqa: PLC0415 -- for the reader only

    return open_paths(paths, _complain)

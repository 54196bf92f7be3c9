"""``digest-tui``: arguments, exit codes, and the ends of a run.

Exit codes: 0 done; 1 something could not be read or done, named on stderr; 2 wrong usage;
128 + n ended by signal n. Data goes to stdout, words to stderr. Nothing of Textual is imported
unless the reader opens, and nothing that the reader does not need before it does.
"""

from __future__ import annotations

import gc
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
    "translate",
)
_WITH_FILTERS = ("list", "translate")
"""Commands that take the words of a filter."""


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
    if options.command in _WITH_FILTERS and not any(word.startswith("--") for word in beyond):
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
    """Let words of a filter begin with a minus, as in ``list -survey``: these commands have no such option.

    What begins with a space is no option to argparse, and spaces mean nothing between words.
    """
    if arguments[0] not in _WITH_FILTERS:
        return arguments
    return [
        f" {word}" if word.startswith("-") and not word.startswith("--") and word != "-h" else word
        for word in arguments
    ]


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser  # noqa: PLC0415 -- 6 ms that the reader does not need

    from tui.library_arguments import add_library_commands  # noqa: PLC0415 -- not for the reader
    from tui.marks_arguments import add_marks_commands  # noqa: PLC0415 -- not for the reader

    parser = ArgumentParser(
        prog="digest-tui",
        usage="digest-tui [PATH|ADDRESS…] | digest-tui COMMAND",
        description="Read bilingual (English and Chinese) arXiv digests in the terminal.",
        epilog="digest-tui opens your library where you left off, digest-tui PATH… just these files,"
        " folders and addresses. In the reader, ? lists all keys.",
    )
    parser.add_argument("--version", action="store_true", help="tell the version and exit")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="digest-tui")
    demo = commands.add_parser(
        "demo", help="open the built-in demo digest; touches nothing of yours"
    )
    demo.set_defaults(run=lambda _: _demo())
    add_library_commands(commands, _complain)
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
        "--translated",
        action="store_true",
        help="fill in the translations that were made here, see: digest-tui translate",
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

    for name, path in (
        ("marks", marks_place(_complain).folder),
        ("views", locations.views_file()),
        ("sources", locations.sources_file()),
        ("fetched", locations.fetched_dir()),
        ("translations", locations.translations_dir()),
        ("settings", locations.settings_file()),
        ("state", locations.state_dir()),
        ("cache", locations.cache_dir()),
    ):
        print(f"{name:<12} {path}")
    return 0


def _convert(options: Namespace) -> int:
    from storage.export.convert import Target, convert  # noqa: PLC0415 -- for one command only
    from storage.sources.reading import digests_in  # noqa: PLC0415 -- for one command only

    if isinstance(sys.stdout, TextIOWrapper):
        # Whatever the locale says: the clean form is UTF-8 with plain line ends.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    items = digests_in(options.paths)
    if options.translated:
        from storage.locations import translations_dir  # noqa: PLC0415 -- for those who want it
        from storage.translation.translations import Translations  # noqa: PLC0415 -- the same

        items = Translations(translations_dir()).filled(items)
    is_whole = convert(
        items, Target(options.to), sys.stdout.write, _complain, aligned=options.aligned
    )
    return 0 if is_whole else 1


def _complain(sentence: str) -> None:
    from storage.formats.cleaning import clean_line  # noqa: PLC0415 -- for complaints only

    # Paths and texts of documents could steer the terminal.
    print(clean_line(sentence), file=sys.stderr)


def _hurry() -> None:
    """Switch the garbage collector off until the screen is there, which switches it on again.

    What start-up makes stays; to look through it again and again is a tenth of the time.
    """
    gc.disable()


def _demo() -> int:
    _hurry()
    from tui.entry import open_demo  # noqa: PLC0415 -- for the reader only

    return open_demo(_complain)


def _library() -> int:
    _hurry()
    from tui.entry import open_library  # noqa: PLC0415 -- for the reader only

    return open_library(_complain)


def _read(paths: Sequence[str]) -> int:
    _hurry()
    from tui.entry import open_paths  # noqa: PLC0415 -- for the reader only

    return open_paths(paths, _complain)

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
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Sequence

    from storage.library import Library
    from storage.sources import Feed, Item

COMMANDS = ("convert", "demo", "directories", "keys", "read")


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``digest-tui`` with ``argv`` (without the program's name); return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    plain = not any(argument.startswith("-") for argument in arguments)
    try:
        if plain and arguments and arguments[0] not in COMMANDS:
            return _read(arguments)
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
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_usage(sys.stderr)
        _complain("Name the digests to read, or see how it looks: digest-tui demo")
        return 2
    run: Callable[[Namespace], int] = options.run
    code = run(options)
    sys.stdout.flush()
    return code


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser  # noqa: PLC0415 -- 6 ms that the reader does not need

    parser = ArgumentParser(
        prog="digest-tui",
        usage="digest-tui PATH… | digest-tui COMMAND",
        description="Read bilingual (English and Chinese) arXiv digests in the terminal.",
        epilog="digest-tui PATH… opens files and folders of digests. In the reader, ? lists all keys.",
    )
    parser.add_argument("--version", action="version", version=_version())
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="digest-tui")
    demo = commands.add_parser(
        "demo", help="open the built-in demo digest; touches nothing of yours"
    )
    demo.set_defaults(run=lambda _: _demo())
    convert = commands.add_parser("convert", help="print digests in one clean form")
    convert.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of digests")
    convert.add_argument("--to", choices=("jsonl", "markdown"), default="jsonl", help="the form")
    convert.set_defaults(run=_convert)
    keys = commands.add_parser("keys", help="list all keys")
    keys.set_defaults(run=lambda _: _keys())
    directories = commands.add_parser("directories", help="tell where your marks are kept")
    directories.set_defaults(run=lambda _: _directories())
    read = commands.add_parser("read", help="open digests, whatever their names begin with")
    read.add_argument("paths", nargs="+", metavar="PATH")
    read.set_defaults(run=lambda options: _read(options.paths))
    return parser


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- for one option only

    return f"digest-tui {version('digest-tui')}"


def _keys() -> int:
    from tui.actions import key_table  # noqa: PLC0415 -- for one command only

    print(key_table())
    return 0


def _directories() -> int:
    from storage import locations  # noqa: PLC0415 -- for one command only

    print(f"marks  {locations.marks_file()}")
    print(f"state  {locations.state_dir()}")
    return 0


def _convert(options: Namespace) -> int:
    from storage.export.convert import Target, convert  # noqa: PLC0415 -- for one command only
    from storage.sources import FileFeed  # noqa: PLC0415 -- for one command only

    if isinstance(sys.stdout, TextIOWrapper):
        # Whatever the locale says: the clean form is UTF-8 with plain line ends.
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    items = FileFeed(options.paths).read()
    is_whole = convert(items, Target(options.to), sys.stdout.write, _complain)
    return 0 if is_whole else 1


def _complain(sentence: str) -> None:
    from storage.formats.cleaning import clean_line  # noqa: PLC0415 -- for complaints only

    # Paths and texts of documents could steer the terminal.
    print(clean_line(sentence), file=sys.stderr)


def _demo() -> int:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 -- for one command only

    from tui.demo import DemoFeed  # noqa: PLC0415 -- for one command only

    with TemporaryDirectory(prefix="digest-tui-demo-") as folder:
        return _open(DemoFeed(), Path(folder, "marks.json"))


def _read(paths: Sequence[str]) -> int:
    from storage.locations import marks_file  # noqa: PLC0415 -- for the reader only
    from storage.sources import FileFeed  # noqa: PLC0415 -- for the reader only

    return _open(FileFeed(paths), marks_file())


def _open(feed: Feed, marks: Path) -> int:
    """Open the reader once the first papers are known."""
    # What start-up makes stays: collecting it again and again is a tenth of the time to the
    # first frame. The screen switches the collector on once it is there.
    gc.disable()
    from storage.library import Library  # noqa: PLC0415 -- for the reader only

    if not all(map(os.isatty, (0, 1, 2))):
        _complain(
            "digest-tui needs a terminal to read in; into a pipe, use: digest-tui convert PATH"
        )
        return 1
    library = Library()
    pending = feed.read()
    _read_first(library, pending)
    if not library.digests():
        for problem in library.problems():
            _complain(str(problem))
        _complain("There is no digest to show. See how one looks: digest-tui demo")
        return 1
    from tui.textual_private import set_environment  # noqa: PLC0415 -- before Textual

    set_environment(os.environ)
    from tui.run import run_reader  # noqa: PLC0415 -- loads Textual, after all that may fail

    return run_reader(feed, library, pending, marks, _complain)


def _read_first(library: Library, pending: Iterator[Item]) -> None:
    """Read up to the first digest that has papers, so that the first frame has rows."""
    from storage.model import Digest  # noqa: PLC0415 -- for the reader only

    for item in pending:
        if not isinstance(item, Digest):
            library.report([item])
            continue
        library.add(item)
        if item.entries:
            return

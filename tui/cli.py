"""``digest-tui``: exit codes, and the beginning and the ends of a run.

Exit codes: 0 done; 1 something could not be read or done, named on stderr; 2 wrong usage;
128 + n ended by signal n. Data goes to stdout, words to stderr. Nothing of Textual is imported
unless the reader opens, and nothing that the reader does not need before it does.
"""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from tui.starting import Started

COMMANDS = (
    "add",
    "completion",
    "convert",
    "demo",
    "directories",
    "doctor",
    "export",
    "keys",
    "list",
    "man",
    "marks",
    "read",
    "refresh",
    "remove",
    "settings",
    "sources",
    "themes",
    "translate",
)
_WITH_FILTERS = ("export", "list", "translate")
"""Commands that take the words of a filter."""
_OF_LIBRARY = ("add", "export", "list", "refresh", "remove", "sources", "translate")
"""Commands that are nothing without the library's folder."""
_NO_WORDS = ("-", "-h", "-o")
"""What begins with a minus and is no word of a filter."""
_LANGUAGE = "--lang"


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``digest-tui`` with ``argv`` (without the program's name); return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        wanted = _take_language(arguments)
        plain = not any(argument.startswith("-") for argument in arguments)
        if plain and (not arguments or arguments[0] not in COMMANDS):
            return _open(arguments, wanted)
        return _run(arguments, wanted)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain at its own exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        from storage.errors import reason_of  # noqa: PLC0415 -- loaded already
        from storage.language import tr  # noqa: PLC0415 -- the same

        said = tr("The output could not be written: {reason}", reason=reason_of(error))
        _complain(said)
        return 1
    except Exception:  # noqa: BLE001 -- whatever it is, nobody wants to see its traceback
        import traceback  # noqa: PLC0415 -- after a crash only

        from tui.crash import keep_report  # noqa: PLC0415 -- after a crash only

        _complain(keep_report(traceback.format_exc()))
        return 1


def _take_language(arguments: list[str]) -> str | None:
    """Take ``--lang en`` or ``--lang=en`` out of the arguments, wherever it stands before a ``--``.

    Returns:
        The last one asked for; empty: none is; None where its value is missing.
    """
    wanted: str | None = ""
    number = 0
    while number < len(arguments) and arguments[number] != "--":
        name, equals, value = arguments[number].partition("=")
        if name != _LANGUAGE:
            number += 1
            continue
        del arguments[number]
        if not equals:
            value = arguments.pop(number) if number < len(arguments) else ""
        wanted = value or None
    return wanted


def _open(paths: Sequence[str], wanted: str | None) -> int:
    """Open the reader on ``paths``, or on the library; return the exit code."""
    # Until the screen is there, which switches it on again: what start-up makes stays; to look
    # through it again and again is a tenth of the time.
    gc.disable()
    started = _started(wanted)
    from tui.entry import open_library, open_paths  # noqa: PLC0415 -- for the reader only

    return open_paths(paths, started, _complain) if paths else open_library(started, _complain)


def _started(wanted: str | None) -> Started:
    from tui.starting import LANGUAGES, start  # noqa: PLC0415 -- with the first need of it

    if wanted not in ("", *LANGUAGES):
        start("", os.environ)
        _refuse_language(wanted)
    return start(wanted, os.environ)


def _refuse_language(wanted: str | None) -> NoReturn:
    """Say what can be asked for, and end as argparse does."""
    from storage.language import tr  # noqa: PLC0415 -- loaded already
    from tui.arguments import argparse_in_our_language, build_parser  # noqa: PLC0415 -- for mistakes

    with argparse_in_our_language():
        said = tr("argument --lang: it must be en or zh, not {value!r}", value=wanted or "")
        build_parser(_complain).error(said)


def _run(arguments: list[str], wanted: str | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Words must come out whatever the locale can write.
            stream.reconfigure(errors="replace")
    started = _started(wanted)
    options = _parsed(arguments, started)
    if options.version:
        print(_version())
        return 0
    if options.command in _OF_LIBRARY:
        from tui.starting import library_fault  # noqa: PLC0415 -- loaded already

        if fault := library_fault(started.settings):
            _complain(fault)
            return 1
    run: Callable[[Namespace], int] = options.run
    code = run(options)
    sys.stdout.flush()
    return code


def _parsed(arguments: list[str], started: Started) -> Namespace:
    """Understand the arguments; with wrong ones argparse says so and ends the program."""
    from argparse import Namespace  # noqa: PLC0415 -- 6 ms that the reader does not need

    from storage.language import tr  # noqa: PLC0415 -- loaded already
    from tui.arguments import argparse_in_our_language, build_parser  # noqa: PLC0415 -- the same

    with argparse_in_our_language():
        parser = build_parser(_complain)
        options, beyond = parser.parse_known_args(
            _with_negations(arguments), Namespace(started=started)
        )
        if options.command in _WITH_FILTERS and not any(word.startswith("--") for word in beyond):
            # argparse takes no words behind an option that is behind words.
            options.query += beyond
        elif beyond:
            # i18n: as argparse says it
            parser.error(tr("unrecognized arguments: {words}", words=" ".join(beyond)))
        if options.verify is not None:
            options.verify(options)
        if options.command is None and not options.version:
            parser.print_usage(sys.stderr)
            sys.exit(2)
    return options


def _with_negations(arguments: list[str]) -> list[str]:
    """Let words of a filter begin with a minus, as in ``list -survey``: these commands have no such option.

    What begins with a space is no option to argparse, and spaces mean nothing between words.
    """
    if not arguments or arguments[0] not in _WITH_FILTERS:
        return arguments
    return [
        f" {word}"
        if word.startswith("-") and not word.startswith("--") and word not in _NO_WORDS
        else word
        for word in arguments
    ]


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- 17 ms for one option only

    return f"digest-tui {version('digest-tui')}"


def _complain(sentence: str) -> None:
    from storage.formats.cleaning import clean_line  # noqa: PLC0415 -- for complaints only

    # Paths and texts of documents could steer the terminal.
    print(clean_line(sentence), file=sys.stderr)

"""The arguments of ``digest-tui marks``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from storage.language import tr
from tui.commands_run import runner

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Callable

    Actions = _SubParsersAction[ArgumentParser]
    Run = Callable[[str], Callable[[Namespace], int]]


def add_marks_commands(commands: Actions, complain: Callable[[str], None]) -> None:
    """Add ``digest-tui marks``, whose actions say their sentences by ``complain``."""
    run = partial(runner(complain), "marks_commands")
    marks = commands.add_parser("marks", help=tr("export, import, back up and restore your marks"))
    actions = marks.add_subparsers(dest="action", metavar=tr("ACTION"), required=True)
    _add_exchange(actions, run)
    _add_backups(actions, run)
    _add_devices(actions, run)


def _add_exchange(actions: Actions, run: Run) -> None:
    export = actions.add_parser("export", help=tr("print all marks as JSON"))
    export.add_argument(
        "-o", dest="output", metavar=tr("FILE"), help=tr("write them to FILE instead")
    )
    export.set_defaults(run=run("export_marks"))
    imported = actions.add_parser(
        "import",
        help=tr("add marks from files"),
        description=tr(
            "Add the marks in files to yours: exports, backups, files of a device, or a list"
            " written by hand. Of what was marked on both sides the later stays, and notes that were"
            " written apart are both kept. What carries no time only marks what is not marked yet."
        ),
    )
    imported.add_argument("files", nargs="+", metavar=tr("FILE"), help=tr("a file, or - for stdin"))
    imported.set_defaults(run=run("import_marks"))


def _add_backups(actions: Actions, run: Run) -> None:
    backup = actions.add_parser("backup", help=tr("make a backup now; the reader makes one a day"))
    backup.set_defaults(run=run("backup"))
    restore = actions.add_parser(
        "restore",
        help=tr("make all marks as they were in a backup, or list the backups"),
        description=tr(
            "Make all marks as they were in a backup, on all your devices; what was marked"
            " since becomes unmarked. Your present marks are backed up before, and you are told how to"
            " go back. Without BACKUP, list the backups. To add marks to yours, see marks import."
        ),
    )
    restore.add_argument(
        "backup",
        nargs="?",
        metavar=tr("BACKUP"),
        help=tr("its name or day, as they are listed, or a file"),
    )
    restore.set_defaults(run=run("restore_marks"))


def _add_devices(actions: Actions, run: Run) -> None:
    devices = actions.add_parser("devices", help=tr("list the devices that share your marks"))
    devices.set_defaults(run=run("list_devices"))
    retire = actions.add_parser(
        "retire", help=tr("take over the marks of a device that is gone, and its files away")
    )
    retire.add_argument(
        "device", metavar=tr("DEVICE"), help=tr("its name, as marks devices lists it")
    )
    retire.set_defaults(run=run("retire_device"))
    compact = actions.add_parser(
        "compact", help=tr("write this device's file anew, and take conflict copies in and away")
    )
    compact.set_defaults(run=run("compact_marks"))

"""The arguments of the commands about the program itself: its settings, keys, themes and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from tui.commands_run import runner

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction

    from tui.commands_run import Complain, Run

    Commands = _SubParsersAction[ArgumentParser]

SHELLS = ("bash", "zsh", "fish")
"""For which a completion can be printed."""


def add_own_commands(commands: Commands, complain: Complain) -> None:
    """Add settings, keys, themes, directories, completion and man.

    Args:
        commands: Where to.
        complain: Says one sentence to the user.
    """
    run = runner(complain)
    _add_settings(commands, run)
    keys = commands.add_parser("keys", help=tr("list all keys"))
    keys.set_defaults(run=run("own_commands", "keys"))
    themes = commands.add_parser("themes", help=tr("list all themes"))
    themes.set_defaults(run=run("themes_command", "themes"))
    directories = commands.add_parser(
        "directories", help=tr("tell where your marks and everything else are kept")
    )
    directories.set_defaults(run=run("own_commands", "directories"))
    completion = commands.add_parser(
        "completion",
        help=tr("print what lets your shell complete commands and options"),
    )
    completion.add_argument(
        "shell", choices=SHELLS, metavar="|".join(SHELLS), help=tr("for which shell")
    )
    completion.set_defaults(run=run("completion_command", "completion"))
    man = commands.add_parser("man", help=tr("print the manual page"))
    man.set_defaults(run=run("completion_command", "man"))


def _add_settings(commands: Commands, run: Run) -> None:
    settings = commands.add_parser(
        "settings",
        help=tr("open your settings in your editor, and check them afterwards"),
        epilog=tr(
            "The editor is $VISUAL or $EDITOR. Where there are no settings yet, a file is written"
            " first that explains them all."
        ),
    )
    what = settings.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help=tr("only look for mistakes in them"))
    what.add_argument("--path", action="store_true", help=tr("only tell where they are"))
    what.add_argument(
        "--default", action="store_true", help=tr("print the file that explains them all")
    )
    settings.set_defaults(run=run("settings_command", "settings"))

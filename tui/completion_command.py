"""``digest-tui completion`` and ``digest-tui man``: made from the declarations of the command line."""

from __future__ import annotations

import sys
from datetime import date
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

from tui.arguments import argparse_in_our_language, build_parser
from tui.output import as_data
from tui.shells.declared import declared

if TYPE_CHECKING:
    from argparse import Namespace

    from tui.output import Complain
    from tui.shells.declared import Command


def completion(options: Namespace, complain: Complain) -> int:
    """Print what lets ``options.shell`` complete the command line, in the language in use."""
    as_data()
    sys.stdout.write(import_module(f"tui.shells.{options.shell}").script(_program(complain)))
    return 0


def man(_options: Namespace, complain: Complain) -> int:
    """Print the manual page, in the language in use."""
    from tui.shells.manual import page  # noqa: PLC0415 -- not for completion

    as_data()
    # The day on the clock that the user sees.
    today = date.today()  # noqa: DTZ011
    sys.stdout.write(page(_program(complain), version("digest-tui"), today))
    return 0


def _program(complain: Complain) -> Command:
    with argparse_in_our_language():
        return declared(build_parser(complain))

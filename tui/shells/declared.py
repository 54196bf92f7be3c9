"""The command line as plain values: the one module that looks into argparse's private parts."""

from __future__ import annotations

from argparse import SUPPRESS, _SubParsersAction
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.language import tr
from tui.shells.values import FILES, Offer, offered

if TYPE_CHECKING:
    from argparse import Action, ArgumentParser
    from collections.abc import Iterator

_FEW = 3
"""As many choices stand for the name of a value that has none."""
Path = tuple[str, ...]
"""The words that lead to a command: ``("marks", "export")``; none: the program itself."""


class Value(NamedTuple):
    """What stands behind a command or an option.

    Attributes:
        metavar: What it is called: ``PATH``.
        help: What it is, in a few words; may be empty.
        offer: What it may be.
        is_many: Whether several may be given.
        may_lack: Whether there may be none.
        choices: All it may be, where its name does not tell that already.
    """

    metavar: str
    help: str
    offer: Offer
    is_many: bool = False
    may_lack: bool = False
    choices: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it stands in a usage: ``[PATH …]``."""
        several = f"{self.metavar} …" if self.is_many else self.metavar
        return f"[{several}]" if self.may_lack else several


class Option(NamedTuple):
    """An option of a command.

    Attributes:
        names: How it is written: ``("-h", "--help")``.
        help: What it does, in a few words.
        value: What stands behind it; None: nothing.
        excludes: The names of those that cannot stand beside it.
    """

    names: tuple[str, ...]
    help: str
    value: Value | None = None
    excludes: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it stands in a usage: ``[--limit N]``."""
        return (
            f"[{self.names[-1]}]"
            if self.value is None
            else f"[{self.names[-1]} {self.value.metavar}]"
        )


class Command(NamedTuple):
    """A command, or the program itself.

    Attributes:
        path: The words that lead to it.
        help: What it does, in one line.
        about: What it does, in sentences; empty where one line says all.
        epilog: What else is to be known; may be empty.
        options: In their order.
        values: What stands behind it, in its order.
        commands: Those that may follow it.
    """

    path: Path
    help: str = ""
    about: str = ""
    epilog: str = ""
    options: tuple[Option, ...] = ()
    values: tuple[Value, ...] = ()
    commands: tuple[Command, ...] = ()

    @property
    def slashed(self) -> str:
        """The words that lead to it in one: ``/marks/export``; of the program itself nothing."""
        return "".join(f"/{word}" for word in self.path)

    @property
    def with_values(self) -> list[str]:
        """The options of it and of all commands beneath it behind which a value stands.

        Each with the command: ``/export --limit``.
        """
        return [
            f"{command.slashed} {name}"
            for command in self.all
            for option in command.options
            if option.value is not None
            for name in option.names
        ]

    @property
    def all(self) -> Iterator[Command]:
        """Itself and all commands beneath it, in their order."""
        yield self
        for command in self.commands:
            yield from command.all


def declared(parser: ArgumentParser) -> Command:
    """Return what a parser takes, with the texts in the language in which it was made."""
    program = _command(parser, (), "")
    # Before argparse sees them, the program takes what is no command.
    what = Value(tr("PATH|ADDRESS"), "", FILES, is_many=True, may_lack=True)
    return program._replace(values=(what, *program.values))


def _command(parser: ArgumentParser, path: Path, help_: str) -> Command:
    options: list[Option] = []
    values: list[Value] = []
    commands: list[Command] = []
    excluded = _excluded(parser)
    for action in parser._actions:  # noqa: SLF001 -- no public way
        if action.help == SUPPRESS:
            continue
        if isinstance(action, _SubParsersAction):
            commands += _commands(action, path)
        elif action.option_strings:
            option = Option(
                tuple(action.option_strings),
                _help(action, parser),
                None if action.nargs == 0 else _value(action, path, parser),
                excluded.get(action.dest, ()),
            )
            options.append(option)
        else:
            values.append(_value(action, path, parser))
    return Command(
        path,
        help_,
        parser.description or "",
        parser.epilog or "",
        tuple(options),
        tuple(values),
        tuple(commands),
    )


def _commands(action: _SubParsersAction[Any], path: Path) -> Iterator[Command]:
    # One without a help is hidden.
    for shown in action._choices_actions:  # noqa: SLF001 -- no public way
        yield _command(action.choices[shown.dest], (*path, shown.dest), shown.help or "")


def _value(action: Action, path: Path, parser: ArgumentParser) -> Value:
    choices = tuple(map(str, action.choices or ()))
    told = choices if len(choices) <= _FEW else ()
    metavar = action.metavar or "|".join(told) or action.dest.upper()
    assert isinstance(metavar, str)  # noqa: S101 -- none of ours has several
    is_many = action.nargs in ("*", "+")
    may_lack = action.nargs in ("*", "?")
    offer = offered(path, metavar, choices)
    return Value(metavar, _help(action, parser), offer, is_many, may_lack, choices[len(told) :])


def _help(action: Action, parser: ArgumentParser) -> str:
    return (action.help or "") % {**vars(action), "prog": parser.prog}


def _excluded(parser: ArgumentParser) -> dict[str, tuple[str, ...]]:
    found = {}
    for group in parser._mutually_exclusive_groups:  # noqa: SLF001 -- no public way
        actions = group._group_actions  # noqa: SLF001 -- no public way
        for action in actions:
            others = (one.option_strings for one in actions if one is not action)
            found[action.dest] = tuple(name for names in others for name in names)
    return found

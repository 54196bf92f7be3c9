"""Completion for zsh: functions for ``_arguments``, made from the declarations; works from zsh 5.1 on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.shells.values import LIST_SOURCES, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.shells.declared import Command, Option, Value

# tr: no -- a program in zsh
_HEAD = f"""#compdef digest-tui
# Completes digest-tui in zsh. Made by: digest-tui completion zsh

_digest-tui--followed() {{
    local -a names
    names=(${{(f)"$({LIST_SOURCES} 2> /dev/null)"}})
    compadd -a names
}}

"""
_END = """
if [[ ${funcstack[1]-} == _digest-tui ]]; then
    _digest-tui "$@"
else
    compdef _digest-tui digest-tui
fi
"""


def script(program: Command) -> str:
    """Return the script that zsh is to read, as ``_digest-tui`` in ``fpath`` or by ``source``.

    Args:
        program: The command line.
    """
    functions = [_function(command) for command in program.all]
    return _HEAD + "\n".join(functions) + _END


def _name(command: Command) -> str:
    return "_".join(("_digest-tui", *command.path))


def _function(command: Command) -> str:
    """Write the function that completes behind a command, and those for its values before it."""
    offers = [
        (f"{_name(command)}--{_plain(value.metavar) or number}", value)
        for number, value in enumerate(
            (*command.values, *(one.value for one in command.options if one.value))
        )
    ]
    named = {id(value): name for name, value in offers if value.offer.words}
    parts = [_offering(name, value) for name, value in offers if id(value) in named]
    specs = [spec for option in command.options for spec in _option(option, named)]
    if command.commands:
        return "\n".join([*parts, _choosing(command, specs)])
    specs += [_argument(value, named) for value in command.values]
    return "\n".join([*parts, _body(_name(command), [*_arguments(specs)])])


def _choosing(command: Command, specs: list[str]) -> str:
    """Write a function for a command that others follow."""
    name = _name(command)
    files = [" _files && ret=0"] if any(value.offer.has_files for value in command.values) else []
    first = [
        "local -a commands",
        *_array("commands", [Word(one.path[-1], one.help) for one in command.commands]),
        "_describe -t commands command commands && ret=0",  # tr: no -- zsh
        *(line.strip() for line in files),
    ]
    cases = [f"{one.path[-1]}) {_name(one)} && ret=0 ;;" for one in command.commands]
    cases += [f"*){line} ;;" for line in files]
    lines = [
        "local curcontext=$curcontext state line ret=1",  # tr: no -- zsh
        "typeset -A opt_args",
        *_arguments([*specs, "'1: :->first'", "'*:: :->rest'"], "-C"),
        "case $state in",  # tr: no -- zsh
        "    first)",
        *(f"        {line}" for line in first),
        "        ;;",
        "    rest)",
        "        case $line[1] in",
        *(f"            {case}" for case in cases),
        "        esac",
        "        ;;",
        "esac",
        "return ret",  # tr: no -- zsh
    ]
    return _body(name, lines)


def _body(name: str, lines: Iterable[str]) -> str:
    return "".join([f"{name}() {{\n", *(f"    {line}\n" for line in lines), "}\n"])


def _arguments(specs: list[str], flags: str = "") -> Iterator[str]:
    head = " ".join(filter(None, ("_arguments -s -S", flags)))
    lines = [head, *(f"    {spec}" for spec in specs)]
    yield from (f"{line} \\" for line in lines[:-1])
    yield f"{lines[-1]} && ret=0" if flags else lines[-1]


def _option(option: Option, named: dict[int, str]) -> Iterator[str]:
    for name in option.names:
        excluded = [*option.excludes, *(one for one in option.names if one != name)]
        if "--help" in option.names or name == "--version":
            excluded = ["-", "*"]
        before = f"({' '.join(excluded)})" if excluded else ""
        takes, value = "", option.value
        if value is not None:
            name += "=" if name.startswith("--") else ""  # noqa: PLW2901 -- the same one, in zsh's writing
            takes = f":{_escaped(value.metavar)}:{_action(value, named)}"
        yield _quoted(f"{before}{name}[{_escaped(option.help)}]{takes}")


def _argument(value: Value, named: dict[int, str]) -> str:
    where = "*" if value.is_many else ""
    colons = "::" if value.may_lack and not value.is_many else ":"
    return _quoted(f"{where}{colons}{_escaped(value.metavar)}:{_action(value, named)}")


def _action(value: Value, named: dict[int, str]) -> str:
    offer = value.offer
    if id(value) in named:
        return named[id(value)]
    if offer.has_sources:
        return "_digest-tui--followed"
    if offer.has_folders:
        return "_files -/"
    return "_files" if offer.has_files else " "


def _offering(name: str, value: Value) -> str:
    """Write a function that offers the words that a value may be."""
    whole = [word for word in value.offer.words if not word.text.endswith(":")]
    begun = [word for word in value.offer.words if word.text.endswith(":")]
    label = _quoted(value.metavar)
    lines = ["local -a words begun", "local ret=1", *_array("words", whole)]  # tr: no -- zsh
    lines.append(f"_describe -t words {label} words && ret=0")
    if begun:
        lines += [*_array("begun", begun), f"_describe -t begun {label} begun -S '' && ret=0"]
    if value.offer.has_files:
        lines.append("_files && ret=0")
    return _body(name, [*lines, "return ret"])  # tr: no -- zsh


def _array(name: str, words: Iterable[Word]) -> Iterator[str]:
    yield f"{name}=("
    for text, help_ in words:
        parts = [text.replace("\\", "\\\\").replace(":", "\\:"), help_.replace("\\", "\\\\")]
        yield f"    {_quoted(':'.join(filter(None, parts)))}"
    yield ")"


def _plain(metavar: str) -> str:
    """Make a word of a function's name; empty where it is Chinese."""
    return re.sub(r"\W+", "_", metavar, flags=re.ASCII).strip("_").lower()[:20]


def _escaped(text: str) -> str:
    """Write a text so that ``_arguments`` takes none of it for its own signs."""
    return re.sub(r"([\\\[\]:])", r"\\\1", text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"

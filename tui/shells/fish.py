"""Completion for fish, made from the declarations; works from fish 3.0 on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.shells.values import LIST_SOURCES, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.shells.declared import Command, Option, Value

# tr: no -- a program in fish
_HEAD = """# Completes digest-tui in fish. Made by: digest-tui completion fish

# Tells at which command the command line is: /marks/export; behind a path only more of them follow.
function __digest_tui_at
    set -l path ''
    set -l previous ''
    for word in (commandline -opc)[2..-1]
        if contains -- "$path $previous" @values@
            set previous ''
            continue
        end
        set previous ''
        if string match -q -- '-*' $word
            set previous $word
        else if contains -- "$path/$word" @commands@
            set path "$path/$word"
        else if test -z "$path"
            set path /-
        end
    end
    test "$path" = "$argv[1]"
end

complete -c digest-tui -e
complete -c digest-tui -f
"""
_TAKES = "complete -c digest-tui"


def script(program: Command) -> str:
    """Return the script that fish is to read.

    Args:
        program: The command line.
    """
    commands = [command.slashed for command in program.all if command.path]
    head = _HEAD.replace("@values@", " ".join(map(_quoted, program.with_values)))
    head = head.replace("@commands@", " ".join(map(_quoted, commands)))
    lines = [line for command in program.all for line in _lines(command)]
    lines.append(f"{_TAKES} -n '__digest_tui_at /-' -F")
    return head + "".join(f"{line}\n" for line in lines)


def _lines(command: Command) -> Iterator[str]:
    takes = f"{_TAKES} -n {_quoted(f'__digest_tui_at {_quoted(command.slashed)}')}"
    for below in command.commands:
        yield f"{takes} -a {_quoted(below.path[-1])} -d {_quoted(below.help)}"
    for value in command.values:
        if given := _given(value):
            yield f"{takes} {given}"
    for option in command.options:
        yield f"{takes} {_option(option)}"


def _option(option: Option) -> str:
    names = [
        f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
    ]
    parts = [*names, f"-d {_quoted(option.help)}"]
    if option.value is not None:
        parts += ["-r" if option.value.offer.has_files else "-x", _given(option.value)]
    return " ".join(filter(None, parts))


def _given(value: Value) -> str:
    """Write what a value may be, as arguments of ``complete``."""
    offer, parts = value.offer, []
    if offer.words:
        parts.append(f"-a {_quoted(_listed(offer.words))}")
    if offer.has_sources:
        parts.append(f"-a '({LIST_SOURCES} 2>/dev/null)'")
    if offer.has_folders:
        parts.append("-a '(__fish_complete_directories)'")
    if offer.has_files:
        parts.append("-F")
    return " ".join(parts)


def _listed(words: Iterable[Word]) -> str:
    """Write words with what they mean, as fish's ``-a`` takes them apart."""
    return " ".join(
        f"{_quoted(text)}\\t{_quoted(help_)}" if help_ else _quoted(text) for text, help_ in words
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

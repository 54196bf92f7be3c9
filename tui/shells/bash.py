"""Completion for bash: one function, made from the declarations; works from bash 3.2 on.

Bash takes words apart at ``:`` and ``=`` and replaces only what is behind the last of them, while
``is:unread`` and ``--to=jsonl`` are one word to digest-tui: so words are put together again, and of what
is offered only the rest is handed over.
"""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from tui.shells.values import LIST_SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.shells.declared import Command, Value

# tr: no -- a program in bash
_BEGINNING = r"""# Completes digest-tui in bash. Made by: digest-tui completion bash

# Offers what begins with the word at the cursor: of the lines of $1, with quotes where $2 is set.
_digest_tui_offer() {
    local line quoted
    while IFS= read -r line; do
        [[ -n $line ]] || continue
        quoted=$line
        if [[ -n ${2-} && -z $mark ]]; then printf -v quoted %q "$line"; fi
        if [[ $quoted == "$whole"* ]]; then COMPREPLY+=("${quoted#"$kept"}"); fi
    done <<< "$1"
    if [[ ${#COMPREPLY[@]} == 1 && $COMPREPLY == *: ]]; then compopt -o nospace 2> /dev/null; fi
}

# Offers files, or with -d folders, beside what was offered.
_digest_tui_files() {
    local line
    # Without anything else bash itself offers files, and knows best how to write them.
    if [[ ${#COMPREPLY[@]} == 0 && $1 == -f ]]; then
        compopt -o default 2> /dev/null
        return
    fi
    compopt -o filenames 2> /dev/null
    while IFS= read -r line; do
        [[ -n $line ]] && COMPREPLY+=("${line#"$kept"}")
    done <<< "$(compgen "$1" -- "$whole")"
}

_digest_tui() {
    local rest=${COMP_LINE:0:COMP_POINT} typed=() gap='' word='' i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${rest%%[![:space:]]*}
        rest=${rest#"$gap"}
        word=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then word=$rest; fi
        rest=${rest#"$word"}
        if ((i == 0)) || [[ -n $gap ]]; then
            typed+=("$word")
        else
            typed[${#typed[@]} - 1]+=$word
        fi
    done
    local last=$((${#typed[@]} - 1)) path='' previous=''
    local whole=${typed[last]} mark='' kept
    if [[ $word == [:=] ]]; then word=''; fi
    case $whole in
        [\"\']*) mark=${whole:0:1} whole=${whole:1} word=${word#"$mark"} ;;
    esac
    kept=${whole%"$word"}
    COMPREPLY=()
    compopt +o default 2> /dev/null
    for ((i = 1; i < last; i++)); do
        case "$path $previous" in
@values@) previous='' && continue ;;
        esac
        previous=''
        case ${typed[i]} in
            -*) previous=${typed[i]} && continue ;;
        esac
        case "$path/${typed[i]}" in
@commands@) path=$path/${typed[i]} ;;
            *) path=${path:--} ;;
        esac
    done
    if [[ $whole == --*=* ]]; then previous=${whole%%=*} whole=${whole#*=} kept=${kept#*=}; fi
    case "$path $previous" in
"""
_END = r"""        '- '*) _digest_tui_files -f ;;
    esac
}

complete -o default -F _digest_tui digest-tui
"""
_STEP = " " * 8


def script(program: Command) -> str:
    """Return the script that bash is to read.

    Args:
        program: The command line.
    """
    commands = [command.slashed for command in program.all if command.path]
    beginning = _BEGINNING.replace("@values@", _alternatives(program.with_values, _STEP + "    "))
    beginning = beginning.replace("@commands@", _alternatives(commands, _STEP + "    "))
    cases = [line for command in program.all for line in _cases(command)]
    return "".join([beginning, *(f"{_STEP}{line}\n" for line in cases), _END])


def _alternatives(patterns: Iterable[str], indent: str) -> str:
    return indent + " | ".join(map(quote, patterns)).replace(" | ", " | \\\n" + indent)


def _cases(command: Command) -> Iterator[str]:
    """Yield what is offered behind each option that has a value, then elsewhere."""
    path = command.slashed
    for option in command.options:
        if option.value is not None:
            names = " | ".join(quote(f"{path} {name}") for name in option.names)
            yield from _case(names, [], [option.value])
    options = [option.names[-1] for option in command.options]
    words = [below.path[-1] for below in command.commands]
    yield from _case(f"{quote(path + ' ')}*", options, list(command.values), words)


def _case(
    pattern: str, options: list[str], values: list[Value], words: Iterable[str] = ()
) -> Iterator[str]:
    offers = [value.offer for value in values]
    known = [*words, *(word.text for offer in offers for word in offer.words)]
    steps = []
    if options:
        shown = quote("\n".join(options))
        steps.append(f"[[ $whole == -* ]] && {{ _digest_tui_offer {shown}; return; }}")
    if known:
        shown = quote("\n".join(known))
        steps.append(f"_digest_tui_offer {shown}")
    if any(offer.has_sources for offer in offers):
        steps.append(f'_digest_tui_offer "$({LIST_SOURCES} 2> /dev/null)" quoted')
    if any(offer.has_files for offer in offers):
        steps.append("_digest_tui_files -f")
    if any(offer.has_folders for offer in offers):
        steps.append("_digest_tui_files -d")
    yield f"{pattern})"
    yield from (f"    {step}" for step in steps)
    yield "    ;;"

"""The manual page, made from the declarations of the command line and of the keys: man(7) macros in UTF-8.

For groff and mandoc alike; the first line tells groff's preconv how the page is encoded.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from storage.bilingual import HAN
from storage.bilingual.wrap import CLOSING, OPENING
from storage.language import tr
from storage.wording import names_of
from tui.actions import groups
from tui.keymap.keymap import default_keymap
from tui.shells.manual_words import environment, examples, exit_codes, files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from tui.shells.declared import Command, Option, Value

_NAME = "digest-tui"
_WIDE = re.compile(f"[{HAN}\u3001-\u303f\uff00-\uffef]")
# tr: no -- for programs
_HEAD = """\
'\\" -*- coding: UTF-8 -*-
.\\" Made by: digest-tui man"""


def page(program: Command, version: str, day: date) -> str:
    """Return the page, in the language in use.

    Args:
        program: The command line.
        version: Of digest-tui.
        day: On which the page is made.
    """
    parts = [
        _HEAD,
        f".TH DIGEST\\-TUI 1 {day} {_quoted(f'{_NAME} {version}')} {_quoted(tr('User Commands'))}",
        ".nh",
        ".ad l",
        _section(
            tr("NAME"),
            [f"{_NAME} \\- {_prose(tr('read bilingual arXiv digests in the terminal'))}"],
        ),
        _section(tr("SYNOPSIS"), _synopsis(program)),
        _section(tr("DESCRIPTION"), _paragraphs(program)),
        _section(tr("OPTIONS"), _options(program.options)),
        _section(tr("COMMANDS"), _commands(program)),
        _section(tr("KEYS"), _keys()),
        _section(tr("FILES"), _listed((f"\\fI{_roff(path)}\\fR", text) for path, text in files())),
        _section(tr("ENVIRONMENT"), _listed((_bold(name), text) for name, text in environment())),
        _section(tr("EXIT STATUS"), _listed((_bold(code), text) for code, text in exit_codes())),
        _section(tr("EXAMPLES"), _listed((_bold(line), text) for line, text in examples())),
        _section(tr("SEE ALSO"), ["\\fBxdg\\-open\\fR(1), \\fBtmux\\fR(1), https://arxiv.org"]),
    ]
    return "\n".join(parts) + "\n"


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f".SH {_quoted(title)}", *lines])


def _synopsis(program: Command) -> Iterator[str]:
    yield f"{_bold(_NAME)} {_usage(program.options, program.values)}".rstrip()
    yield ".br"
    yield f"{_bold(_NAME)} \\fI{_roff(tr('COMMAND'))}\\fR \\&..."


def _usage(options: Iterable[Option], values: Iterable[Value]) -> str:
    # Every command has its help.
    shown = [_roff(one.usage) for one in options if "--help" not in one.names]
    return " ".join([*shown, *(_roff(value.usage) for value in values)])


def _commands(program: Command) -> Iterator[str]:
    for command in program.all:
        if command.path and not command.commands:
            yield f".SS {_quoted(' '.join(command.path))}"
            usage = _usage(command.options, command.values)
            yield f"{_bold(' '.join((_NAME, *command.path)))} {usage}".rstrip()
            yield ".PP"
            yield from _paragraphs(command)
            yield from _listed(
                (f"\\fI{_roff(value.metavar)}\\fR", _with_choices(value.help, value))
                for value in command.values
                if value.help
            )
            yield from _options(one for one in command.options if "--help" not in one.names)


def _with_choices(text: str, value: Value | None) -> str:
    if value is None or not value.choices:
        return text
    return tr("{what}; one of {choices}", what=text, choices=names_of(value.choices))


def _options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        names = ", ".join(map(_bold, option.names))
        if option.value is not None:
            names += f" \\fI{_roff(option.value.metavar)}\\fR"
        yield from _listed([(names, _with_choices(option.help, option.value))])


def _keys() -> Iterator[str]:
    yield _line(
        _prose(
            tr(
                "These are the keys where nothing is set. The settings choose among several keymaps"
                " and change single keys; what holds is listed by: digest-tui keys"
            )
        )
    )
    keymap = default_keymap()
    for group, actions in groups():
        yield f".SS {_quoted(group)}"
        shown = ((keymap.all_shown(one.id), one.shown_help) for one in actions)
        yield from _listed((_bold(keys), text) for keys, text in shown if keys)


def _listed(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield paragraphs with tags; the tags are roff already."""
    for tag, text in items:
        yield ".TP"
        yield _line(tag)
        yield _line(_prose(text))


def _paragraphs(command: Command) -> Iterator[str]:
    yield _line(_prose(command.about or _sentence(command.help)))
    if command.epilog:
        yield ".PP"
        yield _line(_prose(command.epilog))


def _sentence(text: str) -> str:
    """Make a help, which is a clause, a sentence."""
    # i18n: a full stop behind a sentence
    return tr("{what}.", what=text[0].upper() + text[1:])


def _bold(text: str) -> str:
    return f"\\fB{_roff(text)}\\fR"


def _line(text: str) -> str:
    """Protect a line that would begin with a request."""
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _prose(text: str) -> str:
    """Write a text and where Chinese may be broken: roff itself breaks at spaces alone."""
    parts = [
        f"{here}\ue000" if _may_part(here, following) else here
        for here, following in pairwise(f"{text} ")
    ]
    return _roff("".join(parts)).replace("\ue000", "\\:")


def _may_part(here: str, following: str) -> bool:
    if here in OPENING or following in CLOSING or here.isspace() or following.isspace():
        return False
    return bool(_WIDE.match(here) or _WIDE.match(following))


def _quoted(text: str) -> str:
    return '"' + _roff(text).replace('"', "\\(dq") + '"'


def _roff(text: str) -> str:
    """Write a text so that roff takes none of it for its own; hyphens stay such that can be copied."""
    text = re.sub(r"\s+", " ", text).replace("\\", "\\e").replace("-", "\\-")
    return (
        text.replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    )

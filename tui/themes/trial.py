"""A theme of the reader's own put to the test: whether all rules of style can be read with its colours.

What is wrong in its file was left out before; this is for what nobody foresaw, such as a variable that
Textual comes to use in another way. It would end the program at the first frame.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError
from textual.widget import Widget

from storage.language import tr
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.theme import Theme

_OUR_RULES: Final = Path(__file__).parents[1] / "styles.tcss"
_WITH_VARIABLE: Final = re.compile(r"[\w-]+\s*:[^;{}]*\$[^;{}]*")


def fault_of(theme: Theme) -> str:
    """Say why nothing can be drawn in a theme, without a full stop; empty: it can."""
    try:
        variables = {**theme.to_color_system().generate(), **theme.variables}
        # As the app does.
        broken = _broken_by({**variables, "line": variables["panel"]})
    except (StylesheetError, TokenError, ValueError, LookupError) as error:
        return tr("Textual cannot draw in it ({reason}); the theme is left out", reason=error)
    if broken:
        return tr(
            "Textual cannot draw with its {names}; the theme is left out", names=names_of(broken)
        )
    return ""


def _broken_by(variables: Mapping[str, str]) -> list[str]:
    """Return the variables whose values make no sense where rules use them.

    Raises:
        StylesheetError: A rule cannot be understood at all.
        TokenError: A variable is missing or no value.
    """
    # One rule of all declarations: with the selectors it would take ten times as long.
    text = "\n".join([App.DEFAULT_CSS, _OUR_RULES.read_text("utf-8"), *_rules_of(Widget)])
    declarations = dict.fromkeys(_WITH_VARIABLE.findall(text))
    sheet = Stylesheet(variables=dict(variables))
    sheet.add_source(f"Probe {{ {'; '.join(declarations)}; }}")
    try:
        sheet.parse()
    except StylesheetParseError as error:
        tokens = [token for rule in error.errors.rules for token, _ in rule.errors]
        return sorted(
            {one.referenced_by.name if one.referenced_by else one.value for one in tokens}
        )
    return []


def _rules_of(kind: type[Widget]) -> Iterator[str]:
    """Yield the rules of a kind of widget and of all kinds that are made of it and known by now."""
    # The palette's widgets are known with Textual, that of notes with the first note.
    from textual.widgets import TextArea  # noqa: F401, PLC0415 -- for themes of one's own only

    yield kind.DEFAULT_CSS
    for special in kind.__subclasses__():
        yield from _rules_of(special)

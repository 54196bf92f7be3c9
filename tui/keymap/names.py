"""Names of keys: what Textual calls them, and how a person sees them written.

Textual names a letter or digit by itself and any other character by its Unicode name in small
letters (``question_mark``), but for a few that have shorter names. Nothing of it is imported here,
so that ``digest-tui keys`` answers at once; a test compares the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

Keys = tuple[str, ...]
"""One key by its name, or several that are pressed one after the other."""

SIGNS: Final = {
    "exclamation_mark": "!", "quotation_mark": '"', "number_sign": "#", "dollar_sign": "$",
    "percent_sign": "%", "ampersand": "&", "apostrophe": "'", "left_parenthesis": "(",
    "right_parenthesis": ")", "asterisk": "*", "plus": "+", "comma": ",", "minus": "-",
    "full_stop": ".", "slash": "/", "colon": ":", "semicolon": ";", "less_than_sign": "<",
    "equals_sign": "=", "greater_than_sign": ">", "question_mark": "?", "at": "@",
    "left_square_bracket": "[", "backslash": "\\", "right_square_bracket": "]",
    "circumflex_accent": "^", "underscore": "_", "grave_accent": "`", "left_curly_bracket": "{",
    "vertical_line": "|", "right_curly_bracket": "}", "tilde": "~",
}  # fmt: skip
"""The signs of ASCII by their names."""

NAMED: Final = {
    "down": "↓", "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp",
    "home": "Home", "end": "End", "enter": "Enter", "escape": "Esc", "tab": "Tab",
    "space": "Space", "backspace": "Backspace", "delete": "Del", "insert": "Ins",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}  # fmt: skip
"""How keys are written that stand for no sign."""

ALIASES: Final = {
    "return": "enter", "ret": "enter", "cr": "enter", "esc": "escape", "spc": "space",
    "bs": "backspace", "bksp": "backspace", "del": "delete", "ins": "insert",
    "pgdn": "pagedown", "pgdown": "pagedown", "page_down": "pagedown", "next": "pagedown",
    "pgup": "pageup", "page_up": "pageup", "prior": "pageup",
    "↓": "down", "↑": "up", "←": "left", "→": "right",
    "period": "full_stop", "dot": "full_stop", "hash": "number_sign", "bar": "vertical_line",
}  # fmt: skip
"""What else the keys of both are called."""

_SAME: Final = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
    "ctrl+@": "ctrl+space",
    "ctrl+at": "ctrl+space",
    # Terminals with the kitty protocol name the key without Shift; so it is on most keyboards.
    "alt+shift+comma": "alt+less_than_sign",
    "alt+shift+full_stop": "alt+greater_than_sign",
}
"""Keys that most terminals cannot tell from others."""


def same_everywhere(key: str) -> str:
    """Return the one name of keys that some terminals tell apart and others do not."""
    return _SAME.get(key, key)


def name_of(character: str) -> str:
    """Return the name of the key that types ``character``, one that can be printed."""
    if character.isalnum():
        return character
    for name, sign in SIGNS.items():
        if sign == character:
            return name
    import unicodedata  # noqa: PLC0415 -- for few of the user's own keys only

    return unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")


def shown_keys(keys: Keys) -> str:
    """Write keys as a person would: ``Ctrl+Z``, ``gg``, ``Ctrl+W w``.

    ``keys_in`` of ``spelling`` reads it again.
    """
    shown = [_shown(key) for key in keys]
    pair = "".join(shown)
    are_signs = len(pair) == len(keys) == 2 and NAMED.keys().isdisjoint(keys)
    is_name = pair.lower() in NAMED or pair.lower() in ALIASES
    return pair if are_signs and not is_name else " ".join(shown)


def listed(many: Iterable[Keys]) -> str:
    """Write all the keys of one command: ``j ↓``; two spaces divide those of several words."""
    shown = [shown_keys(keys) for keys in many]
    return ("  " if any(" " in one for one in shown) else " ").join(shown)


def _shown(key: str) -> str:
    *modifiers, last = key.split("+")
    one = NAMED.get(last) or SIGNS.get(last) or last
    if len(one) > 1 and last not in NAMED:
        one = _looked_up(last)
    if modifiers:
        large = one.upper()
        # Not of ß, which would be two.
        shown = large if len(one) == len(large) == 1 else one
        return "+".join([*(part.capitalize() for part in modifiers), shown])
    return one


def _looked_up(name: str) -> str:
    import unicodedata  # noqa: PLC0415 -- for few of the user's own keys only

    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name

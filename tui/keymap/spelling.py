"""Reading keys as a person writes them: ``G``, ``PgDn``, ``Ctrl+Z``, ``C-z``, ``<C-w>w``, ``g g``.

Several spellings are in use, and each is understood: the one of this program's help, that of Emacs
(``C-x C-c``, ``M-x``, ``RET``, ``SPC``), that of Vim (``<C-w>w``, ``<CR>``), and Textual's names
(``question_mark``). Two characters side by side are two keys, one after the other, as in ``gg``;
more are written with spaces between them, so that a name misspelt is not taken for keys.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from storage.language import tr
from tui.keymap.names import ALIASES, NAMED, SIGNS, Keys, name_of, same_everywhere

_MODIFIERS: Final = {
    "ctrl": "ctrl", "control": "ctrl", "c": "ctrl", "alt": "alt", "meta": "alt", "option": "alt",
    "m": "alt", "a": "alt", "shift": "shift", "s": "shift", "super": "super", "cmd": "super",
}  # fmt: skip
_MODIFIED = re.compile(rf"({'|'.join(_MODIFIERS)})[+-](.+)", re.IGNORECASE | re.DOTALL)
_PARTS = re.compile(r"<[^<>\s]{2,}>|[^<]+|<")
_LONGEST = 8
"""Keys in a row; nobody remembers more."""


class Unreadable(NamedTuple):
    """Why keys cannot be read, as a sentence without a full stop."""

    reason: str


def keys_in(text: str) -> Keys | Unreadable:
    """Read one key, or several that are pressed one after the other."""
    if text == " ":
        return ("space",)
    keys: list[str] = []
    for part in (part for word in text.split() for part in _parts(word)):
        read = _key(part)
        if read is None and len(part) == 2 and part.isprintable():
            keys += map(name_of, part)
        elif read is None:
            return Unreadable(_unknown(part))
        else:
            keys.append(read)
    if not keys:
        return Unreadable(tr("no key is written here"))
    if len(keys) > _LONGEST:
        return Unreadable(tr("{keys} are more than {n} keys in a row", keys=repr(text), n=_LONGEST))
    if len(keys) > 1 and "escape" in keys:
        return Unreadable(
            tr("Esc ends what is begun, so it cannot be one of several keys in a row")
        )
    return tuple(keys)


def _parts(word: str) -> list[str]:
    """Take ``<C-w>w`` apart; anything else is one part."""
    if word in ALIASES or _key(word) is not None:
        return [word]
    parts: list[str] = _PARTS.findall(word)
    return [part[1:-1] if part.startswith("<") and len(part) > 1 else part for part in parts]


def _key(text: str) -> str | None:
    """Read one key; None where there is no such."""
    if len(text) == 1:
        return ALIASES.get(text) or (name_of(text) if text.isprintable() else None)
    name = _named(text)
    if name is not None:
        return name
    modifiers: set[str] = set()
    while (found := _MODIFIED.fullmatch(text)) is not None:
        modifiers.add(_MODIFIERS[found[1].lower()])
        text = found[2]
    if not modifiers:
        return None
    if len(text) == 1 and text.isprintable():
        if modifiers == {"shift"}:
            # Shift and a letter is another letter; which sign it makes of others, the keyboard says.
            return _other_letter(text)
        small = text.lower()
        text = ALIASES.get(text) or (name_of(small) if len(small) == 1 else "")
    else:
        text = _named(text) or ""
    return same_everywhere("+".join([*sorted(modifiers), text])) if text else None


def _other_letter(text: str) -> str | None:
    """Return what Shift makes of a letter; None where that is no single one."""
    large = text.upper()
    return large if text.isalpha() and len(large) == 1 else None


def _named(text: str) -> str | None:
    name = text.lower()
    name = ALIASES.get(name, name)
    return name if name in NAMED or name in SIGNS else None


def _unknown(part: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 -- for mistakes only

    near = get_close_matches(part.lower(), [*NAMED, *ALIASES, *SIGNS], 1)
    if near:
        name = ALIASES.get(near[0], near[0])
        meant = NAMED.get(name) or SIGNS[name]
        return tr("no key is called {name} (perhaps {meant})", name=repr(part), meant=meant)
    return tr(
        "no key is called {name} (keys in a row have spaces between them: g g)", name=repr(part)
    )

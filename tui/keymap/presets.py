"""Ready-made keymaps: for each, the keys of those commands that differ from the default's.

Written as a person writes keys; the first of a command is the one to show.

``vim`` follows Vim's normal mode (``:help index``): motions, ``x`` and ``dd`` to put a paper away,
``m`` to mark it, ``u`` and ``CTRL-R``, ``(`` and ``)`` for sentences, ``K`` to look a word up, ``gx``
to open a link, ``CTRL-W`` for windows, ``ZZ``; ``:`` finds commands by name. ``h`` and ``l`` lead out of
a paper and into it, as in file managers with Vim's keys. Digits are for counts, so ``g`` reaches what
they reach elsewhere.

``newsboat`` follows its list of default keys (``doc/keycmds.dsv`` of newsboat): where that has no like
here, the nearest: an article that is deleted is one marked read, a bookmark is a star, the list of
subscribed addresses is that of the sources, a tag is a digest. What is left gets keys that are free.

``elfeed`` follows ``elfeed-search-mode-map`` and ``elfeed-show-mode-map`` (``elfeed-search.el``,
``elfeed-show.el``), and for what these leave to Emacs the keys of Emacs: ``C-v``, ``M-v``, ``M-e``,
``C-SPC``, ``C-/``, ``C-g``, ``C-x o``, ``M-x``, ``C-x C-c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.keymap.keymap import default_keymap
from tui.keymap.spelling import Unreadable, keys_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.keymap.names import Keys

_VIM: Final = {
    "move.down": ("j", "Down", "Ctrl+N"),
    "move.page_down": ("Ctrl+F", "Ctrl+D", "PgDn", "Space"),
    "move.page_up": ("Ctrl+B", "Ctrl+U", "PgUp"),
    "move.first": ("gg", "Home"),
    "move.previous_unread": ("N",),
    "read.open": ("Enter", "l"),
    "read.back": ("Esc", "h"),
    "sentence.next": (")", "]"),
    "sentence.previous": ("(", "["),
    "mark.read": ("x", "dd", "r"),
    "mark.unread": ("X", "U"),
    "mark.star": ("s", "m"),
    "mark.range": ("v", "V"),
    "mark.undo": ("u",),
    "mark.redo": ("Ctrl+R",),
    "note.edit": ("i", "a", "e"),
    "note.list": ("gn",),
    "find.digests": ("gd",),
    "find.reload": ("R", "Ctrl+L"),
    "library.sources": ("gs", "D"),
    "copy.link": ("yy",),
    "copy.export": ("gw",),
    "open.abstract": ("gx", "o"),
    "open.pdf": ("gf", "P"),
    "view.next_pane": ("Tab", "Ctrl+W w", "Ctrl+W Ctrl+W"),
    "view.previous_pane": ("Shift+Tab", "Ctrl+W W", "Ctrl+W p"),
    "view.table": ("Ctrl+W k", "Ctrl+W t"),
    "view.detail": ("Ctrl+W j", "Ctrl+W h"),
    "view.notes": ("Ctrl+W l", "Ctrl+W b"),
    "view.zoom": ("z", "Ctrl+W o"),
    "view.languages": ("gl",),
    "view.english_wider": (">", "Ctrl+W >"),
    "view.chinese_wider": ("<", "Ctrl+W <"),
    "view.fit_columns": ("=", "Ctrl+W ="),
    "view.palette": (":", "Ctrl+P"),
    "view.quit": ("q", "ZZ", "ZQ", "Ctrl+Q"),
}
_NEWSBOAT: Final = {
    "move.down": ("j", "Down", "J"),
    "move.up": ("k", "Up", "K"),
    "move.page_down": ("PgDn", "Space"),
    "move.page_up": ("PgUp", "-"),
    "move.first": ("Home",),
    "move.last": ("End",),
    "read.back": ("Esc", "Ctrl+X", "Ctrl+F"),
    "sentence.look_up": ("L",),
    "mark.read": ("D",),
    "mark.unread": ("N",),
    "mark.star": ("Ctrl+B", "Ctrl+E"),
    "mark.all_read": ("A", "C"),
    "note.external": ("Ctrl+O",),
    "note.list": ("M",),
    "find.filter": ("/", "F"),
    "find.sort": ("g", "G"),
    "find.digests": ("t", "d"),
    "find.save": ("V",),
    "find.reload": ("R", "r"),
    "library.sources": ("E",),
    "copy.menu": ("Y", "u"),
    "copy.export": ("s", "X"),
    "open.abstract": ("o", "O"),
    "view.next_pane": ("Tab", "Ctrl+V"),
    "view.previous_pane": ("Shift+Tab", "Ctrl+G"),
    "view.source": ("\\", "Ctrl+U"),
    "view.palette": (":", "Ctrl+P"),
    "view.quit": ("q", "Q", "Ctrl+Q"),
}
_ELFEED: Final = {
    "move.down": ("n", "Ctrl+N", "Down"),
    "move.up": ("p", "Ctrl+P", "Up"),
    "move.page_down": ("Space", "Ctrl+V", "PgDn"),
    "move.page_up": ("Backspace", "Alt+V", "PgUp"),
    "move.first": ("<", "Alt+<", "Home"),
    "move.last": (">", "Alt+>", "End"),
    "move.next_unread": ("N",),
    "move.previous_unread": ("P",),
    "read.back": ("Esc", "Ctrl+G", "c"),
    "sentence.next": ("]", "Alt+E"),
    "sentence.previous": ("[", "Alt+A"),
    "mark.star": ("+", "-"),
    "mark.range": ("Ctrl+Space",),
    "mark.undo": ("Ctrl+/", "Ctrl+_", "Ctrl+X u"),
    "mark.redo": ("U",),
    "mark.repeat": (".", "Ctrl+X z"),
    "note.list": ("L",),
    "find.filter": ("s", "S", "Ctrl+S"),
    "find.sort": ("o",),
    "find.digests": ("v", "Ctrl+X b"),
    "find.reload": ("G", "g"),
    "copy.link": ("y", "Alt+W"),
    "copy.export": ("X", "Ctrl+X Ctrl+W"),
    "open.abstract": ("b",),
    "open.pdf": ("d",),
    "view.next_pane": ("Tab", "Ctrl+X o"),
    "view.zoom": ("z", "Ctrl+X 1"),
    "view.english_wider": ("}", "Ctrl+X }"),
    "view.chinese_wider": ("{", "Ctrl+X {"),
    "view.fit_columns": ("=", "Ctrl+X +"),
    "view.help": ("h", "?", "F1"),
    "view.palette": ("Alt+X",),
    "view.quit": ("q", "Ctrl+X Ctrl+C", "Ctrl+Q"),
}
PRESETS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "default": {},
    "vim": _VIM,
    "newsboat": _NEWSBOAT,
    "elfeed": _ELFEED,
}
"""By name, what each changes of the default."""


def preset_keys(name: str) -> dict[str, tuple[Keys, ...]]:
    """Return the keys of every command in the ready-made keymap ``name``, one of ``PRESETS``."""
    own = {action: tuple(map(_read, keys)) for action, keys in PRESETS[name].items()}
    return {**default_keymap().keys, **own}


def _read(text: str) -> Keys:
    keys = keys_in(text)
    assert not isinstance(keys, Unreadable), text  # noqa: S101 -- ours; a test reads them all
    return keys

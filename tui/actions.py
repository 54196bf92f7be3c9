"""Every command of the reader, once: key, words and group.

Footer, help, palette, ``digest-tui keys`` and the README's key table are all made from ACTIONS.
Imports nothing of Textual, so that ``digest-tui keys`` answers at once.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Action(NamedTuple):
    """One command of the reading screen.

    Attributes:
        id: What keymaps, handlers and tests know it by, ``group.verb``.
        keys: Textual key names, the first being the one to show.
        label: One or two words, for the footer.
        help: What it does, in one line.
        group: The heading under which help lists it.
        footer: Whether a beginner sees it in the footer.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    footer: bool = False

    @property
    def shown_keys(self) -> str:
        """All keys as a person writes them: ``j ↓``."""
        return " ".join(show_key(key) for key in self.keys)


_NAMES = {
    "down": "↓",
    "up": "↑",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "slash": "/",
    "question_mark": "?",
    "exclamation_mark": "!",
    "space": "Space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "backslash": "\\",
    "underscore": "_",
    "f1": "F1",
}


def show_key(key: str) -> str:
    """Write a Textual key name as a person would: ``ctrl+z`` as ``Ctrl+Z``."""
    if key in _NAMES:
        return _NAMES[key]
    if "+" in key:
        return "+".join(part.capitalize() for part in key.split("+"))
    return key


_MOVE = "Move"
_TRIAGE = "Read and mark"
_FIND = "Find"
_COPY = "Copy and open"
_VIEW = "Look"

ACTIONS: tuple[Action, ...] = (
    Action(
        "move.down",
        ("j", "down"),
        "move",
        "next paper; in detail and note, scroll down",
        _MOVE,
        footer=True,
    ),
    Action("move.up", ("k", "up"), "up", "previous paper; in detail and note, scroll up", _MOVE),
    Action("move.page_down", ("pagedown", "space", "ctrl+f"), "page down", "one page down", _MOVE),
    Action("move.page_up", ("pageup", "ctrl+b"), "page up", "one page up", _MOVE),
    Action("move.first", ("g", "home"), "first", "first paper; in detail and note, the top", _MOVE),
    Action("move.last", ("G", "end"), "last", "last paper; in detail and note, the end", _MOVE),
    Action("move.next_unread", ("n",), "next unread", "next unread paper", _MOVE),
    Action("move.previous_unread", ("p",), "previous unread", "previous unread paper", _MOVE),
    Action(
        "read.open",
        ("enter",),
        "read",
        "read the paper: mark it read and go into the detail",
        _TRIAGE,
    ),
    Action(
        "read.back",
        ("escape",),
        "back",
        "back out one level: selection, pane, zoom, filter, digest",
        _TRIAGE,
    ),
    Action(
        "sentence.next",
        ("right_square_bracket",),
        "sentence",
        "next sentence of the abstract, in both languages",
        _TRIAGE,
    ),
    Action(
        "sentence.previous",
        ("left_square_bracket",),
        "previous sentence",
        "previous sentence of the abstract",
        _TRIAGE,
    ),
    Action(
        "sentence.look_up",
        ("K",),
        "look up",
        "look up how your papers translate a word: the one marked by mouse, or of the sentence",
        _TRIAGE,
    ),
    Action(
        "mark.read", ("r",), "read", "mark read and go on to the next paper", _TRIAGE, footer=True
    ),
    Action("mark.unread", ("u",), "unread", "mark unread", _TRIAGE),
    Action("mark.star", ("s",), "star", "star, or take the star away", _TRIAGE, footer=True),
    Action("mark.all_read", ("A",), "all read", "mark every listed paper read", _TRIAGE),
    Action(
        "mark.range", ("v",), "select", "select a range: move, then r u s y; Esc ends it", _TRIAGE
    ),
    Action("mark.undo", ("ctrl+z",), "undo", "undo the last change of marks or note", _TRIAGE),
    Action("mark.redo", ("U", "ctrl+shift+z"), "redo", "redo what was undone", _TRIAGE),
    Action(
        "note.edit",
        ("e",),
        "note",
        "write a note; saved by itself, Esc leaves it",
        _TRIAGE,
        footer=True,
    ),
    Action(
        "note.external",
        ("E",),
        "note in editor",
        "write the note in your own editor, $EDITOR; from within a note, Ctrl+O",
        _TRIAGE,
    ),
    Action(
        "paper.translate",
        ("T",),
        "translate",
        "translate what has no Chinese, by the service in your settings; again stops it",
        _TRIAGE,
    ),
    Action(
        "note.list",
        ("N",),
        "all notes",
        "list all notes; search them and their #tags",
        _TRIAGE,
    ),
    Action(
        "find.filter",
        ("slash",),
        "search",
        "search and filter as you type; Tab completes",
        _FIND,
        footer=True,
    ),
    Action("find.filters", ("f",), "filters", "choose a ready-made filter", _FIND),
    Action("find.sort", ("S",), "sort", "choose the order of the table", _FIND),
    Action(
        "find.digests",
        ("d",),
        "digests",
        "choose a view, channel, day or digest; shows unread counts",
        _FIND,
    ),
    Action("find.save", ("F",), "save view", "save what is listed as a view with a name", _FIND),
    Action("find.ignore", ("I",), "leave out", "leave out everywhere what a filter finds", _FIND),
    Action("find.reload", ("R",), "refresh", "look for new digests; again stops it", _FIND),
    Action(
        "library.sources",
        ("D",),
        "sources",
        "your sources: add, pause, order, fetch; how each of them is",
        _FIND,
    ),
    Action(
        "find.problems", ("exclamation_mark",), "problems", "list what could not be read", _FIND
    ),
    Action("copy.link", ("y",), "copy link", "copy the arXiv link", _COPY, footer=True),
    Action(
        "copy.menu",
        ("Y",),
        "copy …",
        "copy id, PDF link, titles, sentence, abstracts, BibTeX or Markdown",
        _COPY,
    ),
    Action("open.abstract", ("o",), "open", "open the arXiv page in the browser", _COPY),
    Action("open.pdf", ("P",), "PDF", "open the PDF in the browser", _COPY),
    Action("view.next_pane", ("tab",), "next pane", "go to the next pane", _VIEW),
    Action("view.previous_pane", ("shift+tab",), "previous pane", "go to the previous pane", _VIEW),
    Action("view.table", ("1",), "table", "go to the table", _VIEW),
    Action("view.detail", ("2",), "detail", "go to the detail", _VIEW),
    Action("view.notes", ("3",), "notes", "go to the notes", _VIEW),
    Action("view.zoom", ("z",), "zoom", "zoom the pane to the whole screen and back", _VIEW),
    Action(
        "view.languages", ("l",), "languages", "side by side, interleaved, English, Chinese", _VIEW
    ),
    Action(
        "view.english_wider", ("greater_than_sign",), "English wider", "wider English column", _VIEW
    ),
    Action(
        "view.chinese_wider", ("less_than_sign",), "Chinese wider", "wider Chinese column", _VIEW
    ),
    Action(
        "view.fit_columns",
        ("equals_sign",),
        "fit columns",
        "columns as wide as their texts need",
        _VIEW,
    ),
    Action(
        "view.source", ("backslash",), "LaTeX source", "LaTeX as it was written, and back", _VIEW
    ),
    Action(
        "view.spaces",
        ("underscore",),
        "spaces",
        "a space between Chinese and Latin, and back",
        _VIEW,
    ),
    Action(
        "view.ambiguous",
        ("W",),
        "wide characters",
        "for terminals that draw “ — × α two cells wide, and back",
        _VIEW,
    ),
    Action("view.help", ("question_mark", "f1"), "help", "all keys", _VIEW, footer=True),
    Action("view.palette", ("ctrl+p",), "palette", "find any command by its name", _VIEW),
    Action("view.quit", ("q", "ctrl+q"), "quit", "quit; everything is saved already", _VIEW),
)
"""In the order in which help and the README list them."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def groups() -> Iterator[tuple[str, list[Action]]]:
    """Yield the actions under their headings, in order."""
    for group, actions in groupby(ACTIONS, key=lambda action: action.group):
        yield group, list(actions)


def key_table() -> str:
    """Write the table of keys as plain text for ``digest-tui keys``."""
    width = max(len(action.shown_keys) for action in ACTIONS)
    blocks = []
    for group, actions in groups():
        lines = [f"  {action.shown_keys:<{width}}  {action.help}" for action in actions]
        blocks.append("\n".join([group, *lines]))
    return "\n\n".join(blocks)


def key_table_markdown() -> str:
    """Write the table of keys in Markdown for the README."""
    rows = [
        f"| {' '.join(f'`{show_key(key)}`' for key in action.keys)} | {action.help} |"
        for action in ACTIONS
    ]
    return "\n".join(["| Key | What it does |", "| --- | --- |", *rows])

"""Every command of the reader, once: its id, words, group and usual keys.

Footer, help, palette, ``digest-tui keys`` and the README's key table are all made from ACTIONS and
from the keymap in force (``tui.keymap``), which may give a command other keys.
Imports nothing of Textual, so that ``digest-tui keys`` answers at once.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from storage.language import to_tr, tr

if TYPE_CHECKING:
    from collections.abc import Iterator


class Action(NamedTuple):
    """One command of the reading screen.

    Attributes:
        id: What keymaps, handlers and tests know it by, ``group.verb``.
        keys: Textual key names of the default keymap, the first being the one to show.
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
    def shown_label(self) -> str:
        """Its label in the language in use."""
        return tr(self.label)

    @property
    def shown_help(self) -> str:
        """What it does, in the language in use."""
        return tr(self.help)


_MOVE = to_tr("Move")
_TRIAGE = to_tr("Read and mark")
_FIND = to_tr("Find")
_COPY = to_tr("Copy and open")
_VIEW = to_tr("Look")

# fmt: off -- a table
ACTIONS: tuple[Action, ...] = (
    Action(
        "move.down",
        ("j", "down"),
        to_tr("move"),
        to_tr("next paper; in detail and note, scroll down"),
        _MOVE,
        footer=True,
    ),
    Action(
        "move.up",
        ("k", "up"),
        to_tr("up"),
        to_tr("previous paper; in detail and note, scroll up"),
        _MOVE,
    ),
    Action(
        "move.page_down",
        ("pagedown", "space", "ctrl+f"),
        to_tr("page down"),
        to_tr("one page down"),
        _MOVE,
    ),
    Action("move.page_up", ("pageup", "ctrl+b"), to_tr("page up"), to_tr("one page up"), _MOVE),
    Action(
        "move.first",
        ("g", "home"),
        to_tr("first"),
        to_tr("first paper; in detail and note, the top"),
        _MOVE,
    ),
    Action(
        "move.last",
        ("G", "end"),
        to_tr("last"),
        to_tr("last paper; in detail and note, the end"),
        _MOVE,
    ),
    Action("move.next_unread", ("n",), to_tr("next unread"), to_tr("next unread paper"), _MOVE),
    Action(
        "move.previous_unread",
        ("p",),
        to_tr("previous unread"),
        to_tr("previous unread paper"),
        _MOVE,
    ),
    Action(
        "read.open",
        ("enter",),
        to_tr("read paper"),
        to_tr("read the paper: mark it read and go into the detail"),
        _TRIAGE,
    ),
    Action(
        "read.back",
        ("escape",),
        to_tr("back"),
        to_tr("back out one level: selection, pane, zoom, filter, digest"),
        _TRIAGE,
    ),
    Action(
        "sentence.next",
        ("right_square_bracket",),
        to_tr("sentence"),
        to_tr("next sentence of the abstract, in both languages"),
        _TRIAGE,
    ),
    Action(
        "sentence.previous",
        ("left_square_bracket",),
        to_tr("previous sentence"),
        to_tr("previous sentence of the abstract"),
        _TRIAGE,
    ),
    Action(
        "sentence.look_up",
        ("K",),
        to_tr("look up"),
        to_tr(
            "look up how your papers translate a word: the one marked by mouse, or of the sentence"
        ),
        _TRIAGE,
    ),
    Action(
        "mark.read",
        ("r",),
        to_tr("read"),
        to_tr("mark read and go on to the next paper"),
        _TRIAGE,
        footer=True,
    ),
    Action("mark.unread", ("u",), to_tr("unread"), to_tr("mark unread"), _TRIAGE),
    Action(
        "mark.star",
        ("s",),
        to_tr("star"),
        to_tr("star, or take the star away"),
        _TRIAGE,
        footer=True,
    ),
    Action(
        "mark.all_read", ("A",), to_tr("all read"), to_tr("mark every listed paper read"), _TRIAGE
    ),
    Action(
        "mark.range",
        ("v",),
        to_tr("select"),
        to_tr("select a range: move, then mark or copy it; again ends it"),
        _TRIAGE,
    ),
    Action(
        "mark.undo",
        ("ctrl+z",),
        to_tr("undo"),
        to_tr("undo the last change of marks or note"),
        _TRIAGE,
    ),
    Action(
        "mark.redo", ("U", "ctrl+shift+z"), to_tr("redo"), to_tr("redo what was undone"), _TRIAGE
    ),
    Action(
        "mark.repeat",
        ("full_stop",),
        to_tr("repeat"),
        to_tr("repeat the last change of marks"),
        _TRIAGE,
    ),
    Action(
        "note.edit",
        ("e",),
        to_tr("note"),
        to_tr("write a note; saved by itself, Esc leaves it"),
        _TRIAGE,
        footer=True,
    ),
    Action(
        "note.external",
        ("E",),
        to_tr("note in editor"),
        to_tr("write the note in your own editor, $EDITOR; from within a note, Ctrl+O"),
        _TRIAGE,
    ),
    Action(
        "paper.translate",
        ("T",),
        to_tr("translate"),
        to_tr("translate what has no Chinese, by the service in your settings; again stops it"),
        _TRIAGE,
    ),
    Action(
        "note.list",
        ("N",),
        to_tr("all notes"),
        to_tr("list all notes; search them and their #tags"),
        _TRIAGE,
    ),
    Action(
        "find.filter",
        ("slash",),
        to_tr("search"),
        to_tr("search and filter as you type; Tab completes"),
        _FIND,
        footer=True,
    ),
    Action("find.filters", ("f",), to_tr("filters"), to_tr("choose a ready-made filter"), _FIND),
    Action("find.sort", ("S",), to_tr("sort"), to_tr("choose the order of the table"), _FIND),
    Action(
        "find.digests",
        ("d",),
        to_tr("digests"),
        to_tr("choose a view, channel, day or digest; shows unread counts"),
        _FIND,
    ),
    Action(
        "find.save",
        ("F",),
        to_tr("save view"),
        to_tr("save what is listed as a view with a name"),
        _FIND,
    ),
    Action(
        "find.ignore",
        ("I",),
        to_tr("leave out"),
        to_tr("leave out everywhere what a filter finds"),
        _FIND,
    ),
    Action(
        "find.reload",
        ("R",),
        to_tr("refresh"),
        to_tr("look for new digests; again stops it"),
        _FIND,
    ),
    Action(
        "library.sources",
        ("D",),
        to_tr("sources"),
        to_tr("your sources: add, pause, order, fetch; how each of them is"),
        _FIND,
    ),
    Action(
        "find.problems",
        ("exclamation_mark",),
        to_tr("problems"),
        to_tr("list what could not be read"),
        _FIND,
    ),
    Action(
        "copy.link", ("y",), to_tr("copy link"), to_tr("copy the arXiv link"), _COPY, footer=True
    ),
    Action(
        "copy.menu",
        ("Y",),
        to_tr("copy …"),
        to_tr("copy id, PDF link, titles, sentence, abstracts, BibTeX or Markdown"),
        _COPY,
    ),
    Action(
        "copy.export",
        ("X",),
        to_tr("export …"),
        to_tr("export the selection, the listing or the starred to a file"),
        _COPY,
    ),
    Action(
        "open.abstract", ("o",), to_tr("open"), to_tr("open the arXiv page in the browser"), _COPY
    ),
    Action("open.pdf", ("P",), to_tr("PDF"), to_tr("open the PDF in the browser"), _COPY),
    Action("view.next_pane", ("tab",), to_tr("next pane"), to_tr("go to the next pane"), _VIEW),
    Action(
        "view.previous_pane",
        ("shift+tab",),
        to_tr("previous pane"),
        to_tr("go to the previous pane"),
        _VIEW,
    ),
    Action("view.table", ("1",), to_tr("table"), to_tr("go to the table"), _VIEW),
    Action("view.detail", ("2",), to_tr("detail"), to_tr("go to the detail"), _VIEW),
    Action("view.notes", ("3",), to_tr("notes"), to_tr("go to the notes"), _VIEW),
    Action(
        "view.zoom",
        ("z",),
        to_tr("zoom"),
        to_tr("zoom the pane to the whole screen and back"),
        _VIEW,
    ),
    Action(
        "view.languages",
        ("l",),
        to_tr("languages"),
        to_tr("side by side, interleaved, English, Chinese"),
        _VIEW,
    ),
    Action(
        "view.english_wider",
        ("greater_than_sign",),
        to_tr("English wider"),
        to_tr("wider English column"),
        _VIEW,
    ),
    Action(
        "view.chinese_wider",
        ("less_than_sign",),
        to_tr("Chinese wider"),
        to_tr("wider Chinese column"),
        _VIEW,
    ),
    Action(
        "view.fit_columns",
        ("equals_sign",),
        to_tr("fit columns"),
        to_tr("columns as wide as their texts need"),
        _VIEW,
    ),
    Action(
        "view.source",
        ("backslash",),
        to_tr("LaTeX source"),
        to_tr("LaTeX as it was written, and back"),
        _VIEW,
    ),
    Action(
        "view.spaces",
        ("underscore",),
        to_tr("spaces"),
        to_tr("a space between Chinese and Latin, and back"),
        _VIEW,
    ),
    Action(
        "view.ambiguous",
        ("W",),
        to_tr("wide characters"),
        to_tr("for terminals that draw “ — × α two cells wide, and back"),
        _VIEW,
    ),
    Action("view.theme", (), to_tr("theme"), to_tr("choose a theme"), _VIEW),
    Action(
        "view.settings",
        ("comma",),
        to_tr("settings"),
        to_tr("open your settings in $EDITOR"),
        _VIEW,
    ),
    Action(
        "view.help", ("question_mark", "f1"), to_tr("help"), to_tr("all keys"), _VIEW, footer=True
    ),
    Action(
        "view.palette", ("ctrl+p",), to_tr("palette"), to_tr("find any command by its name"), _VIEW
    ),
    Action(
        "view.quit",
        ("q", "ctrl+q"),
        to_tr("quit"),
        to_tr("quit; everything is saved already"),
        _VIEW,
    ),
)
# fmt: on
"""In the order in which help and the README list them."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def groups() -> Iterator[tuple[str, list[Action]]]:
    """Yield the actions under their headings, in order; headings in the language in use."""
    for group, actions in groupby(ACTIONS, key=lambda action: action.group):
        yield tr(group), list(actions)

r"""What a reader typed and what papers hold: nothing in a format steers a terminal or hides text."""

from __future__ import annotations

import csv
import io
import re

import pytest
import rispy

from storage.export.formats import Format, pieces
from storage.export.own_words import own_words
from storage.marks.model import Marks
from tests.storage.exporting import paper

STEERING = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
HOSTILE = (
    "\x1b]0;owned\x07 a\x9b2Jb \u202egpj.exe \u2066c\x85d\ttab\r\n  indent\r\u2028 end \u061c\x00"
)


@pytest.mark.parametrize("form", Format)
def test_no_note_steers_a_terminal(form):
    text = "".join(pieces(form, [(paper(), Marks(note=HOSTILE))]))
    assert STEERING.findall(text) == []


@pytest.mark.parametrize("form", [Format.NOTES, Format.MARKDOWN, Format.HTML, Format.CSV])
def test_tabs_lines_and_indents_stay(form):
    text = "".join(pieces(form, [(paper(), Marks(note="a\tb\r\n\n    c\u200d👩\u200d💻"))]))
    text = re.sub("^  > ?", "", text, flags=re.MULTILINE)
    assert "a\tb\n\n    c\u200d👩\u200d💻" in text


def test_controls_are_spaces_and_every_end_of_a_line_is_one():
    assert own_words("a\x1bb\x85c\u2028d\r\ne\rf\x0bg\ud83d") == "a b\nc\nd\ne\nf\ng\ufffd"


def test_a_note_is_one_field_of_a_reference():
    (found,) = rispy.loads("".join(pieces(Format.RIS, [(paper(), Marks(note=HOSTILE))])))
    assert found["notes"][-1].startswith("Note: ]0;owned a 2Jb gpj.exe")


@pytest.mark.parametrize("space", ["\n", "\r", "\t", " ", "\r\n", "\u3000", "' "])
@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_a_spreadsheet_takes_no_cell_for_a_formula_behind_white_space(space, sign):
    text = "".join(pieces(Format.CSV, [(paper(comment=f"{space}{sign}"), None)]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert row["comment"] == f"'{space}{sign}"

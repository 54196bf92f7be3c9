"""Well-known names taken apart by hand, against what references say of them."""

from __future__ import annotations

import json

import pytest
import rispy
from pybtex.database import parse_string

from storage.export import bibtex, csl_json, ris
from storage.export.names import name_of
from tests.storage.exporting import paper

NAMES = """
Ludwig | van | Beethoven
Frank | de | Boer
Jan | de | Leeuw
Wim | van | Saarloos
Peter | van | Nieuwenhuizen
Gerard | 't | Hooft
Laurens | van der | Maaten
Anton | van den | Hengel
Sara | van de | Geer
Aad | van der | Vaart
Bartel L. | van der | Waerden
Johannes Diderik | van der | Waals
Nicolaas Govert | de | Bruijn
Louis | de | Broglie
Pierre-Gilles | de | Gennes
Charles | de la | Vallée Poussin
José | de la | Torre
Alexander | von | Humboldt
John | von | Neumann
Leonardo | da | Vinci
Cumrun | | Vafa
Juan M. | | Maldacena
Nima | | Arkani-Hamed
Luis A. | | Anchordoqui
Yann | | LeCun
Francisco J. | | Ynduráin
Maria | | Goeppert-Mayer
Søren | | Kierkegaard
Edsger W. | | Dijkstra
C. N. | | Yang
Gianfausto | | Dell'Antonio
Riccardo | | D'Auria
D'Arcy | | Thompson
Rami | | Al-Rfou
Emmanuel J. | | Candès
Tomás | | Ortín
Donald E. | | Knuth
Kyunghyun | | Cho
Geoffrey E. | | Hinton
Vincent Y. F. | | Tan
José María | | Martín-Senovilla
Ingrid | | Daubechies
Emmy | | Noether
Oriol | | Vinyals
Ya-Qin | | Zhang
Quoc V. | | Le
Terence | | Tao
Alán | | Aspuru-Guzik
S. | | Chandrasekhar
Ada E. | | Yonath
B. L. N. | | Kennett
Carl Friedrich | | Gauß
Srinivasa | | Ramanujan
Grigori | | Perelman
Maryam | | Mirzakhani
Shing-Tung | | Yau
Abdus | | Salam
Chien-Shiung | | Wu
Lê Dũng | | Tráng
Ngô Bảo | | Châu
 | | Plato
"""
"""Given names, particles and family names."""
PARTS = [tuple(map(str.strip, row.split("|"))) for row in NAMES.strip("\n").split("\n")]
SPELLED = {
    r"Kurt G\"odel": ("Kurt", "Gödel"),
    r"St\'ephane Mallat": ("Stéphane", "Mallat"),
    r"Paul Erd\H{o}s": ("Paul", "Erdős"),
    r"Jerzy {\L}o\'s": ("Jerzy", "Łoś"),
    r"Eduard \v{C}ech": ("Eduard", "Čech"),
    "Walter M. Elsasser (Sorbonne)": ("Walter M.", "Elsasser"),
}


@pytest.mark.parametrize("parts", PARTS, ids=lambda parts: parts[-1])
def test_a_name_has_these_parts_in_every_reference(parts):
    given, particle, family = parts
    made = paper(authors=(" ".join(filter(None, parts)),))
    (entry,) = parse_string(bibtex.entry(made), "bibtex").entries.values()
    (person,) = entry.persons["author"]
    assert " ".join(person.bibtex_first_names) == given
    assert " ".join(person.prelast_names) == particle
    assert " ".join(person.last_names) == family
    (item,) = json.loads("".join(csl_json.pieces([(made, None)])))
    named = {"given": given, "non-dropping-particle": particle, "family": family}
    assert item["author"] == [{part: text for part, text in named.items() if text}]
    (reference,) = rispy.loads(ris.reference(made))
    last = f"{particle} {family}".strip()
    assert reference["authors"] == [f"{last}, {given}" if given else last]


@pytest.mark.parametrize("author", SPELLED)
def test_a_name_in_latex_is_in_letters(author):
    name = name_of(author)
    assert (name.given, name.family) == SPELLED[author]


@pytest.mark.parametrize(
    ("author", "whole"),
    [
        ("\\", "\\"),
        ("{}", "{}"),
        (r"\{\}", r"\{\}"),
        ("\u2028", "\ufffd"),
        ("\u200b", "\ufffd"),
        ("", "\ufffd"),
    ],
)
def test_a_name_of_signs_only_is_kept_whole(author, whole):
    assert name_of(author) == ("", "", "", "", whole)
    made = paper(authors=(author, "Ada Vector"))
    (entry,) = parse_string(bibtex.entry(made), "bibtex").entries.values()
    assert len(entry.persons["author"]) == 2
    assert len(rispy.loads(ris.reference(made))[0]["authors"]) == 2

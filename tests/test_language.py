"""Every word passes through ``storage.language``, and the Chinese catalogue has each of them."""

from __future__ import annotations

import argparse
import io
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from storage import language
from storage.language import CHINESE, ENGLISH, language_of, tr, tr_in, tr_n
from storage.locale import collect
from tests.words import ROOT, bypasses, modules, said_too_early

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

PO = language.FOLDER / CHINESE / "LC_MESSAGES" / "digest-tui.po"
DATA = (
    "storage/bilingual/alignment/cues.py",
    "storage/bilingual/latex/tables.py",
    "storage/bilingual/sentences/english_stops.py",
    "storage/locale/collect.py",
)
"""Modules whose words are what texts are compared with."""
MODULES = [
    path
    for path in modules([ROOT / "storage", ROOT / "tui"])
    if str(path.relative_to(ROOT)) not in DATA
]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """All that the code says now."""
    return collect.said()


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale=CHINESE)


def texts(message: Message) -> tuple[str, ...]:
    found = message.string
    return (found,) if isinstance(found, str) else tuple(found or ())


def names_in(text: str) -> set[str]:
    """The names in braces, or nothing where the braces are only braces."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set()


def test_no_word_bypasses_the_catalogue() -> None:
    assert [str(found) for path in MODULES for found in bypasses(path)] == []


def test_nothing_is_said_while_a_module_is_imported() -> None:
    assert [str(found) for path in MODULES for found in said_too_early(path)] == []


def test_the_check_finds_what_bypasses(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""A docstring of words."""\n'
        "LABEL = to_tr('is marked only')\n"
        "TOO_EARLY = tr('said at import')\n"
        "def f(name, default=tr('a default')):\n"
        "    tr('all is well', name='but not this')\n"
        "    return f'the paper {name} has gone'\n"
        "def g():\n"
        "    # tr: no -- a key of the protocol\n"
        "    return 'content type', 'SELECT title FROM papers', 'a-key'\n",
        "utf-8",
    )
    assert [(one.line, one.text) for one in bypasses(module)] == [
        (5, "but not this"),
        (6, "the paper \ufffc has gone"),
    ]
    assert [one.line for one in said_too_early(module)] == [3, 4]


def test_each_message_has_its_chinese(said: Catalog, chinese: Catalog) -> None:
    missing = []
    for message in said:
        if message.id:
            found = chinese.get(message.id, message.context)
            if found is None or found.fuzzy or not texts(found) or not all(texts(found)):
                missing.append(message.id)
    assert missing == [], "make messages, then translate these"


def test_no_chinese_is_left_over(said: Catalog, chinese: Catalog) -> None:
    gone = [one.id for one in chinese if one.id and said.get(one.id, one.context) is None]
    assert gone == [], "make messages"


def test_the_chinese_has_the_same_names_in_braces(chinese: Catalog) -> None:
    # "one paper" need not say the number that "{n} papers" says, so the last form counts.
    wrong = [
        (english[-1], text)
        for message in chinese
        if (english := (message.id,) if isinstance(message.id, str) else message.id)[-1]
        for text in filter(None, texts(message))
        if names_in(text) != names_in(english[-1])
    ]
    assert wrong == []


def test_the_chinese_is_chinese(chinese: Catalog) -> None:
    """Half-width punctuation between Chinese characters is what a machine would write."""
    half_width = re.compile(r"[\u4e00-\u9fff][,;:?!](\s|$|[\u4e00-\u9fff])")
    found = [text for message in chinese for text in texts(message) if half_width.search(text)]
    assert found == []


def test_the_catalogue_names_no_address_that_is_nobodys(chinese: Catalog) -> None:
    assert "EMAIL@ADDRESS" not in PO.read_text("utf-8")
    assert collect.bring_up_to_date(PO, collect.said()).msgid_bugs_address == ""


def test_what_is_installed_is_what_was_translated(chinese: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, chinese)
    installed = PO.with_suffix(".mo").read_bytes()
    assert installed == compiled.getvalue(), "make .venv/.dev compiles it"


@pytest.mark.parametrize(
    ("wanted", "environ", "expected"),
    [
        ("auto", {}, ENGLISH),
        ("auto", {"LANG": "zh_CN.UTF-8"}, CHINESE),
        ("auto", {"LANG": "zh_TW.UTF-8"}, CHINESE),
        ("auto", {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ("auto", {"LANG": "de_DE.UTF-8", "LANGUAGE": "zh:en"}, CHINESE),
        ("auto", {"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, ENGLISH),
        ("auto", {"LANG": "zh_CN.UTF-8", "LANGUAGE": ""}, CHINESE),
        ("en", {"LANG": "zh_CN.UTF-8"}, ENGLISH),
        ("zh", {"LANG": "C"}, CHINESE),
        ("zh-Hans", {}, CHINESE),
        ("fr", {"LANG": "zh_CN.UTF-8"}, CHINESE),
    ],
)
def test_the_language_is_found(wanted: str, environ: dict[str, str], expected: str) -> None:
    assert language_of(wanted, environ) == expected


def test_argparse_says_what_is_collected() -> None:
    source = Path(argparse.__file__).read_text("utf-8")
    said_by_it = [
        part for one in collect.ARGPARSE for part in ([one] if isinstance(one, str) else one)
    ]
    assert [part for part in said_by_it if part.strip() not in source.replace("\\n", "\n")] == []


def test_english_stands_in_the_code() -> None:
    assert tr("{name} has gone", name="{x}") == "{x} has gone"
    assert tr("an address with {date} in it") == "an address with {date} in it"
    assert tr_in("a state", "read") == "read"
    assert tr_n("{n} paper", "{n:,} papers", 1) == "1 paper"
    assert tr_n("{n} paper", "{n:,} papers", 59_094) == "59,094 papers"

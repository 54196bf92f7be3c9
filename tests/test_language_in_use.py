"""Which language is spoken, whatever the environment says and whatever became of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from storage import language
from storage.language import CHINESE, ENGLISH, language_of, tr

if TYPE_CHECKING:
    from pathlib import Path

_SAID = "nobody says this"


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of our own."""
    catalogue = Catalog(locale=CHINESE)
    catalogue.add(_SAID, "无人如此说")
    path = tmp_path / CHINESE / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    return path


def test_a_whole_catalogue_is_spoken(compiled: Path) -> None:
    language.use(CHINESE)
    assert (tr(_SAID), language.in_use()) == ("无人如此说", CHINESE)


@pytest.mark.parametrize("length", [0, 3, 4, 11, 28, 40, -1])
def test_a_cut_catalogue_leaves_it_english(compiled: Path, length: int) -> None:
    compiled.write_bytes(compiled.read_bytes()[:length])
    language.use(CHINESE)
    assert (tr(_SAID), language.in_use()) == (_SAID, ENGLISH)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xde\x12\x04\x95", b"junk"),
        (b"\xde\x12\x04\x95\x00\x00\x00\x00", b"\xde\x12\x04\x95\x00\x00\x09\x00"),
        (b"charset=utf-8", b"charset=utf-9"),
        (b"charset=utf-8", b"character=set"),
        (b"plural=0;", b"plural=(;"),
        ("无".encode(), b"\xff\xff\xff"),
    ],
    ids=["magic", "version", "charset", "header", "plural", "bytes"],
)
def test_a_damaged_catalogue_leaves_it_english(compiled: Path, before: bytes, after: bytes) -> None:
    data = compiled.read_bytes()
    assert before in data
    compiled.write_bytes(data.replace(before, after))
    language.use(CHINESE)
    assert (tr(_SAID), language.in_use()) == (_SAID, ENGLISH)


def test_a_folder_in_its_place_leaves_it_english(compiled: Path) -> None:
    compiled.unlink()
    compiled.mkdir()
    language.use(CHINESE)
    assert language.in_use() == ENGLISH


def test_what_was_spoken_before_is_not_spoken_on(compiled: Path, tmp_path: Path) -> None:
    language.use(CHINESE)
    language.FOLDER.rename(tmp_path.with_name(f"{tmp_path.name}-gone"))
    language.use(CHINESE)
    assert language.in_use() == ENGLISH


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANGUAGE": "fr:zh_CN"}, CHINESE),
        ({"LANGUAGE": "fr:de:zh"}, CHINESE),
        ({"LANGUAGE": "fr:en:zh"}, ENGLISH),
        ({"LANGUAGE": "en_GB.UTF-8:zh"}, ENGLISH),
        ({"LANGUAGE": "fr", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LANGUAGE": "C:zh", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LANGUAGE": "POSIX:zh"}, ENGLISH),
        ({"LANGUAGE": ":zh"}, CHINESE),
        ({"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, ENGLISH),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "zh.UTF-8"}, CHINESE),
        ({"LANG": "zh@hans"}, CHINESE),
        ({"LANG": "zha_CN.UTF-8"}, ENGLISH),
    ],
)
def test_the_first_language_of_a_list_that_there_is_is_spoken(
    environ: dict[str, str], expected: str
) -> None:
    assert language_of("auto", environ) == expected

from __future__ import annotations

from datetime import datetime

import pytest

from storage.formats import NotADigestError, parse
from storage.model import Bilingual


def read(text: str):
    return parse(text.encode(), "page.txt", datetime(2020, 1, 1))


@pytest.mark.parametrize("colon", [":", "："])
@pytest.mark.parametrize(
    "furniture", ["", "\n0\n下载\n推荐\n", "\n12\n\n下载\n推荐", "\n下载\n推荐\n"]
)
def test_furniture_is_dropped(colon, furniture):
    (entry,) = read(f"We sew.\n\n翻译{colon}我们缝合，\n不提供下载。\n{furniture}").entries
    assert entry.abstract == Bilingual("We sew.", "我们缝合，\n不提供下载。")
    assert entry.arxiv_id is None


def test_a_translation_that_is_missing():
    (entry,) = read("We sew.\n翻译:\n0\n下载\n").entries
    assert entry.abstract == Bilingual("We sew.")


def test_a_long_abstract_is_not_cut():
    (entry,) = read("a" * 1000 + "\n翻译:我们缝合。\n").entries
    assert not entry.abstract_cut


@pytest.mark.parametrize(
    "text",
    ["翻译：我们缝合。", "我们缝合。\n翻译：We sew.", "We sew.\n翻译: a name\n", "We sew.\n"],
)
def test_other_texts_are_no_saved_page(text):
    with pytest.raises(NotADigestError):
        read(text)

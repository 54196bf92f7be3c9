"""What stands between names, clauses and sentences, in English and in Chinese."""

from __future__ import annotations

from storage import language
from storage.errors import DocumentError
from storage.model import Problem
from storage.wording import clauses, names_of, said_of, sentences


def test_english_is_joined_as_ever() -> None:
    assert names_of(["cs.LG", "cs.CL"]) == "cs.LG, cs.CL"
    assert names_of([]) == ""
    assert clauses(["3 files", "", "1 kB"]) == "3 files, 1 kB"
    assert sentences(["One.", "", "Two."]) == "One. Two."
    assert said_of("a.md", "it is empty") == "a.md: it is empty"


def test_chinese_has_its_own_signs_and_no_space_behind_a_full_stop() -> None:
    language.use(language.CHINESE)
    assert names_of(["cs.LG", "cs.CL"]) == "cs.LG、cs.CL"
    assert clauses(["3 个文件", "1 kB"]) == "3 个文件，1 kB"
    assert sentences(["已添加。", "git said no.", "请重试。"]) == "已添加。git said no. 请重试。"
    assert str(Problem("a.md", 3, "没有标题")) == "a.md:3：没有标题"
    assert str(DocumentError("a.md", "没有标题")) == "a.md：没有标题"

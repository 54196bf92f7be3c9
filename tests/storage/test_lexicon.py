"""The aligner's lexicon: how it is built, and the file that ships."""

from __future__ import annotations

import json
import re
import tracemalloc

import pytest

from storage.bilingual.alignment.build_lexicon import main, texts_of
from storage.bilingual.alignment.lexicon import FILE, HEADER, STEM, look_up

PLACES = ["forest", "desert", "river", "meadow", "island", "valley", "canyon", "lagoon"]
CHINESE_PLACES = ["森林", "沙漠", "河流", "草地", "岛屿", "山谷", "峡谷", "泻湖"]


@pytest.fixture
def papers(tmp_path):
    """Forty papers on birds; insects and mammals are in TL;DRs, whose key has either spelling."""
    folder = tmp_path / "papers"
    for number in range(40):
        place, chinese = PLACES[number % 8], CHINESE_PLACES[number % 8]
        group, chinese_group = (("insects", "昆虫"), ("mammals", "兽类"))[number % 2]
        counted = (
            f"统计{chinese}的{chinese_group}。"
            if number % 3
            else f"在{chinese}统计{chinese_group}。"
        )
        record = {
            "title": f"Birds of the {place} (arXiv:2401.{number:05}v1 [q-bio.PE])",
            "translated_title": f"{chinese}的鸟类",
            ("en_tdlr", "en_tldr")[number % 2]: f"We count {group} of the {place}.",
            "tldr": counted,
            "abstract": "Whales swim.",
            "translated_abstract": "鲸鱼游泳。",
        }
        if number % 5 == 0:
            del record["translated_title"]
        path = folder / f"{number % 4}" / f"{number:02}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(record), "utf-8")
    return folder


def entries(data: str) -> dict[str, list[str]]:
    lines = [line for line in data.splitlines() if not line.startswith("#")]
    fields = [line.split("\t") for line in lines]
    return {stem: re.findall("..", pairs) for stem, _, _, pairs in fields}


def test_words_are_found_with_their_translations(papers, tmp_path):
    target = tmp_path / "lexicon.tsv"
    said = main(papers, target)
    found = entries(target.read_text("utf-8"))
    assert found["insect"] == ["昆虫"]
    assert found["mammal"] == ["兽类"]
    size = target.stat().st_size
    assert said == f"{target}: {len(found)} words from 72 titles and TL;DRs, {size} bytes"


def test_abstracts_and_title_suffixes_are_not_read(papers):
    texts = list(texts_of(papers))
    assert len(texts) == 72
    assert texts[:2] == [
        ("We count insects of the forest.", "在森林统计昆虫。"),
        ("Birds of the island", "岛屿的鸟类"),
    ]
    assert not any("Whale" in english or "arXiv" in english for english, _ in texts)


def test_the_same_papers_give_the_same_bytes(papers, tmp_path):
    first, second = tmp_path / "first.tsv", tmp_path / "second.tsv"
    main(papers, first)
    main(papers, second)
    assert first.read_bytes() == second.read_bytes()


def test_the_shipped_file_is_well_formed():
    text = FILE.read_text("utf-8")
    assert text.startswith(HEADER)
    assert "licence" in HEADER
    assert len(text.encode("utf-8")) <= 100_000
    lines = text.removeprefix(HEADER).splitlines()
    assert len(lines) > 3000
    for line in lines:
        assert re.fullmatch(
            rf"[a-z]{{2,{STEM}}}\t\d\d\t\d{{1,3}}\t(?:[\u4e00-\u9fff]{{2}}){{1,4}}", line
        )
    stems = [line.split("\t")[0] for line in lines]
    assert stems == sorted(set(stems))


@pytest.mark.parametrize(
    ("word", "pair"),
    [("model", "模型"), ("learning", "学习"), ("robustness", "鲁棒"), ("photosynthesis", None)],
)
def test_words_are_looked_up_by_their_stems(word, pair):
    found = look_up(word[:STEM])
    if pair is None:
        assert found is None
    else:
        assert found is not None
        assert pair in found.pairs
        assert 0 < found.known < 1 < found.weight


def test_words_that_nobody_knows_are_not_kept():
    look_up("model")
    tracemalloc.start()
    try:
        assert not any(look_up(f"x{number:05}") for number in range(5_000))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 100_000

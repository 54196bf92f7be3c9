"""Sentence by sentence: rows, cursor, layouts, columns, marks of suspect translations, copying."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from storage.marks import MarkChange, MarkField
from storage.model import ArxivId, Bilingual, Digest, Entry, PaperKey, Section
from tests.marks import store_in
from tests.tui.papers import DIGEST
from tests.tui.reader import reading
from tui import ambiguous
from tui.inks import palette_of
from tui.screens.concordance import ConcordanceScreen
from tui.session import Session
from tui.widgets.concordance_list import ConcordanceList
from tui.widgets.narrow_line import NarrowLine
from tui.widgets.notes_pane import NoteView

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.reader import Reader

ENGLISH = (
    "Sorting is slow.",
    r"We sort \emph{graphs} with GraphSort in $O(n \log n)$ steps, which is as good as it gets, since every comparison that is made tells a single bit of all that has to be known.",
    "It needs 12 hours.",
    "Nobody was faster in 2023.",
    "Code is at example.org.",
)
CHINESE = (
    "排序很慢。",
    "我们用GraphSort在$O(n \\log n)$步内对图排序，这已是最好的结果，因为每次比较只能得知所需信息中的一个比特。",
    "它需要72小时。",
    "2023年无人更快。",
    "代码在example.org。",
)


def a_digest(*entries: Entry) -> Digest:
    return DIGEST._replace(entries=entries)


def an_entry(number: int = 1, **fields: object) -> Entry:
    return Entry(
        arxiv_id=ArxivId(f"2404.{number:05}"),
        ref=number,
        **{
            "title": Bilingual(f"Sorting graphs {number}", f"图排序{number}"),
            "abstract": Bilingual(" ".join(ENGLISH), "".join(CHINESE)),
            **fields,
        },  # type: ignore[arg-type] # literal fields
    )


PAPER = a_digest(an_entry(1), an_entry(2))


def row_of(reader: Reader, text: str) -> int:
    """The visible line of the detail on which a text stands."""
    return next(y for y, line in enumerate(reader.detail_lines) if text in line)


def highlighted(reader: Reader) -> str:
    """All that stands on the ground of the sentence cursor."""
    ground = palette_of(reader.table.app).selected.text.bgcolor
    strips = [reader.detail.render_line(y) for y in range(reader.detail.size.height)]
    return "\n".join(
        text
        for strip in strips
        if (text := "".join(s.text for s in strip if s.style and s.style.bgcolor == ground).strip())
    )


def styled(reader: Reader, text: str) -> list[str]:
    """How the pieces of the detail that hold ``text`` are set."""
    strips = [reader.detail.render_line(y) for y in range(reader.detail.size.height)]
    return [str(s.style) for strip in strips for s in strip if text in s.text]


async def test_each_sentence_begins_beside_its_translation(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        starts = [("Sorting is", "排序很慢"), ("We sort", "我们用"), ("It needs", "它需要")]
        for english, chinese in [*starts, ("Nobody was", "2023年无人"), ("Code is", "代码在")]:
            assert row_of(reader, english) == row_of(reader, chinese)
        # The second sentence takes more than one line, the third one stands beneath all of it.
        assert row_of(reader, "It needs") > row_of(reader, "We sort") + 1


async def test_the_cursor_goes_through_the_pairs_and_leaves(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        assert highlighted(reader) == ""
        await reader.press("right_square_bracket")
        assert highlighted(reader).split() == ["Sorting", "is", "slow.", "排序很慢。"]
        await reader.press("right_square_bracket", "right_square_bracket")
        assert highlighted(reader).split() == ["It", "needs", "12", "hours.", "它需要72小时。"]
        await reader.press("left_square_bracket")
        assert "GraphSort" in highlighted(reader)
        assert "一个比特" in highlighted(reader)
        await reader.press("left_square_bracket", "left_square_bracket")
        assert highlighted(reader).startswith("Sorting is slow.")
        assert reader.hint == "the abstract begins here"
        await reader.press("escape")
        assert highlighted(reader) == ""
        await reader.press("left_square_bracket")
        assert highlighted(reader).startswith("Code is at")
        await reader.press("right_square_bracket")
        assert reader.hint == "the abstract ends here"
        await reader.press("j")
        assert highlighted(reader) == ""


@pytest.mark.parametrize("width", [60, 100, 200])
async def test_the_cursor_is_the_same_in_every_layout(tmp_path: Path, width: int) -> None:
    english, chinese = "Itneeds12hours.", "它需要72小时。"
    async with reading(tmp_path, [PAPER], size=(width, 50)) as reader:
        await reader.press("enter", *["right_square_bracket"] * 3)
        for shown in (english + chinese, english + chinese, english, chinese):
            # In running text a line may end within a sentence.
            assert "".join(highlighted(reader).split()) == shown
            await reader.press("l")
        await reader.press("right_square_bracket")
        assert "2023" in highlighted(reader)
        # It is found anew in the layout that one comes from.
        await reader.press("l", "l", "left_square_bracket")
        assert "".join(highlighted(reader).split()) == english


async def test_interleaved_puts_the_chinese_beneath_its_sentence(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        await reader.press("l")
        assert row_of(reader, "排序很慢") == row_of(reader, "Sorting is slow.") + 1
        assert row_of(reader, "We sort") == row_of(reader, "排序很慢") + 2


async def test_one_language_is_running_text(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        await reader.press("l", "l")
        assert "Sorting is slow. We sort graphs" in "\n".join(reader.detail_lines)
        await reader.press("l")
        assert "排序很慢。我们用GraphSort" in "\n".join(reader.detail_lines)


async def test_a_chosen_sentence_below_the_edge_comes_into_view(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER], size=(100, 18)) as reader:
        await reader.press(*["right_square_bracket"] * 5)
        assert "Code is at example.org." in highlighted(reader)
        assert reader.detail.scroll_offset.y > 0
        await reader.press(*["left_square_bracket"] * 4)
        assert "Sorting is slow." in highlighted(reader)


async def test_the_mouse_chooses_and_marks_a_word(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        row = row_of(reader, "Nobody was")
        at = reader.detail_lines[row].index("faster")
        await reader.pilot.click("#detail", offset=(at, row))
        await reader.settle()
        assert "2023年无人更快。" in highlighted(reader)
        assert reader.detail.current.selected_text == "faster"
        line = reader.detail_lines[row]
        chinese = cell_len(line[: line.index("无人")])
        await reader.pilot.click("#detail", offset=(chinese, row))
        assert reader.detail.current.selected_text == "无人"


async def test_a_phrase_is_marked_by_dragging(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        row = row_of(reader, "Nobody was")
        at = reader.detail_lines[row].index("was faster")
        await reader.pilot.mouse_down("#detail", offset=(at, row))
        await reader.pilot.hover("#detail", offset=(at + len("was faster") - 1, row))
        await reader.pilot.mouse_up("#detail", offset=(at + len("was faster") - 1, row))
        assert reader.detail.current.selected_text == "was faster"
        await reader.press("escape")
        assert reader.detail.current.selected_text == ""


def columns(reader: Reader) -> int:
    """Where the Chinese column begins."""
    return columns_of(reader, "它需要")


def columns_of(reader: Reader, text: str) -> int:
    """At which cell a text begins."""
    line = reader.detail_lines[row_of(reader, text)]
    return cell_len(line[: line.index(text)])


async def test_columns_are_nudged_dragged_fitted_and_remembered(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        fitted = columns(reader)
        await reader.press("greater_than_sign", "greater_than_sign")
        wider = columns(reader)
        assert wider > fitted
        await reader.press("less_than_sign", "less_than_sign", "less_than_sign")
        assert columns(reader) < fitted
        await reader.press("equals_sign")
        assert columns(reader) == fitted
        row = row_of(reader, "它需要")
        await reader.pilot.mouse_down("#detail", offset=(fitted - 2, row))
        await reader.pilot.hover("#detail", offset=(fitted - 22, row))
        await reader.pilot.mouse_up("#detail", offset=(fitted - 22, row))
        await reader.settle()
        assert abs(columns(reader) - (fitted - 20)) <= 2
        share = reader.detail.share
    async with reading(tmp_path, [PAPER], place=reader.session.place) as reader:
        assert reader.detail.share == share


async def test_the_gap_is_not_moved_in_other_layouts(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        await reader.press("l", "greater_than_sign")
        assert "no columns" in reader.hint
        assert reader.detail.sheet.share == 0


async def test_a_suspect_translation_is_marked_named_and_found(tmp_path: Path) -> None:
    async with reading(
        tmp_path, [a_digest(an_entry(1), an_entry(2, abstract=Bilingual("Yes.")))]
    ) as reader:
        marked = [line for line in reader.detail_lines if line.startswith("≠")]
        assert any("It needs 12 hours." in line for line in marked)
        assert not any("Nobody" in line or "Sorting" in line for line in marked)
        beneath = reader.detail_lines[row_of(reader, "Code is at") + 1 :]
        assert any("12" in line and "≠" in line for line in beneath)
        await reader.press(*["right_square_bracket"] * 3)
        assert "12" in reader.hint
        await reader.press("right_square_bracket")
        assert reader.hint == ""
        await reader.press("slash", *"is:suspect", "enter")
        assert reader.listed == ["2404.00001"]


async def test_emphasis_terms_and_source(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        assert any("italic" in style for style in styled(reader, "graphs"))
        inks = palette_of(reader.table.app).page
        assert styled(reader, "GraphSort") == [str(inks.term)] * 2
        assert "O(n log n)" in "".join(reader.detail_lines)
        await reader.press("backslash")
        text = "".join(reader.detail_lines)
        assert r"\emph{graphs}" in text
        assert r"$O(n \log n)$" in text
        await reader.press("backslash")
        assert r"\emph" not in "".join(reader.detail_lines)


async def test_spaces_between_scripts(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        assert "代码在example" in "".join(reader.detail_lines)
        await reader.press("underscore")
        text = "".join(reader.detail_lines)
        assert "代码在 example.org。" in text
        assert "它需要 72 小时。" in text
        await reader.press(*["right_square_bracket"] * 3)
        assert "它需要 72 小时。" in highlighted(reader)
        await reader.press("underscore")
        assert "代码在example" in "".join(reader.detail_lines)


async def test_table_and_note_are_set_as_the_detail_is(tmp_path: Path) -> None:
    entry = an_entry(title=Bilingual("Sorting", r"用GraphSort排序$\alpha$图"))
    store = store_in(tmp_path)
    store.apply([MarkChange(PaperKey("2404.00001"), MarkField.NOTE, r"看$O(n^2)$和LoRA的对比")])
    async with reading(tmp_path, [a_digest(entry)], store=store) as reader:
        view = reader.app.query_one(NoteView)
        assert "用GraphSort排序α图" in reader.rows[0]
        assert view.render_line(1).text.rstrip() == "看O(n²)和LoRA的对比"
        await reader.press("underscore")
        assert "用 GraphSort 排序 α 图" in reader.rows[0]
        assert "用 GraphSort 排序 α 图" in "".join(reader.detail_lines)
        assert view.render_line(1).text.rstrip() == "看 O(n²) 和 LoRA 的对比"
        await reader.press("underscore")
        assert "用GraphSort排序α图" in reader.rows[0]


async def test_sections_are_units_beside_the_sentences(tmp_path: Path) -> None:
    sections = (Section("motivation", "排序太慢。"), Section("result", "只需12小时。"))
    entry = an_entry(abstract=Bilingual(" ".join(ENGLISH)), sections=sections)
    async with reading(tmp_path, [a_digest(entry)]) as reader:
        assert row_of(reader, "动机：排序太慢。") == row_of(reader, "Sorting is slow.")
        await reader.press(*["right_square_bracket"] * 2)
        seen = set()
        for _ in range(8):
            seen.add(highlighted(reader).replace("\n", " "))
            await reader.press("right_square_bracket")
        assert "动机：排序太慢。" in seen
        assert "结果：只需12小时。" in seen
        assert any("Code is at example.org." in words for words in seen)


async def test_only_what_there_is_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    sections = (Section("motivation", "排序太慢。"), Section("result", "只需12小时。"))
    summed_up = an_entry(1, abstract=Bilingual("Sorting is slow."), sections=sections)
    english = an_entry(2, title=Bilingual("Only English"), abstract=Bilingual("Nothing else."))
    async with reading(tmp_path, [a_digest(summed_up, english)]) as reader:
        monkeypatch.setattr(reader.app, "copy_to_clipboard", copied.append)
        for key in "ca":
            await reader.press("Y", key)
        await reader.press("right_square_bracket", "Y", "s")
        assert len(copied) == 2  # the English sentence has no counterpart
        await reader.press("escape", "j", "Y", *"ca")
    assert copied == [
        "排序太慢。\n只需12小时。",
        "Sorting is slow.\n\n排序太慢。\n只需12小时。",
    ]


async def test_beside_sections_no_band_leads_to_the_other_column(tmp_path: Path) -> None:
    sections = (Section("motivation", "一。"), Section("result", "二。"))
    entry = an_entry(abstract=Bilingual(" ".join(ENGLISH)), sections=sections)
    async with reading(tmp_path, [a_digest(entry)]) as reader:
        await reader.press("right_square_bracket", "right_square_bracket")
        edge = columns_of(reader, "一。")
        ground = palette_of(reader.table.app).selected.text.bgcolor
        for y in range(reader.detail.size.height):
            strip = reader.detail.render_line(y)
            beyond = strip.crop(edge, strip.cell_length)
            assert not any(s.style and s.style.bgcolor == ground for s in beyond), strip.text


async def test_a_pane_too_narrow_for_columns_says_so(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER], size=(60, 30)) as reader:
        await reader.press("enter", *"llll")
        assert reader.hint.startswith("side by side: the pane is too narrow")


async def test_a_sentence_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    async with reading(tmp_path, [PAPER]) as reader:
        monkeypatch.setattr(reader.app, "copy_to_clipboard", copied.append)
        await reader.press("Y")
        await reader.press("s")
        assert copied == []  # no sentence is chosen, so the menu does not offer one
        await reader.press("escape")
        await reader.press(*["right_square_bracket"] * 2)
        for key in "sEC":
            await reader.press("Y", key)
        await reader.press("Y", "a")
    assert copied == [
        f"{ENGLISH[1]}\n{CHINESE[1]}",
        ENGLISH[1],
        CHINESE[1],
        f"{' '.join(ENGLISH)}\n\n{''.join(CHINESE)}",
    ]


async def test_wide_characters_are_switched_while_reading(tmp_path: Path) -> None:
    quoted = an_entry(abstract=Bilingual("A “quoted” word. It is α.", "一个“引用”的词。它是α。"))
    try:
        async with reading(tmp_path, [a_digest(quoted)]) as reader:
            await reader.press("W")
            line = reader.detail_lines[row_of(reader, "一个")]
            assert f"“{ambiguous.FILLER}quoted" in line
            assert "wide" in reader.hint
            assert reader.session.place.ambiguous_wide is False
        assert reader.session.place.ambiguous_wide is True
    finally:
        ambiguous.set_wide(False)


PARAGRAPHS = Bilingual("One. Two.\nThree. Four.", "一。二。\n三。四。")


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (0, ["One. 一。", "Two. 二。", "", "Three. 三。", "Four. 四。"]),
        (1, ["One.", "一。", "", "Two.", "二。", "", "Three.", "三。", "", "Four.", "四。"]),
        (2, ["One. Two.", "", "Three. Four."]),
        (3, ["一。二。", "", "三。四。"]),
    ],
)
async def test_paragraphs_stay_apart(tmp_path: Path, layout: int, expected: list[str]) -> None:
    async with reading(tmp_path, [a_digest(an_entry(abstract=PARAGRAPHS))]) as reader:
        await reader.press(*["l"] * layout)
        first = "One." if layout < 3 else "一。"
        lines = [" ".join(line.split()) for line in reader.detail_lines]
        start = row_of(reader, first)
        assert lines[start : start + len(expected)] == expected


async def test_paragraphs_beside_sections_stay_apart(tmp_path: Path) -> None:
    sections = (Section("method", "方法。"),)
    entry = an_entry(abstract=Bilingual(PARAGRAPHS.en), sections=sections)
    async with reading(tmp_path, [a_digest(entry)]) as reader:
        assert row_of(reader, "Three. Four.") == row_of(reader, "One. Two.") + 2


async def test_by_paragraph_where_no_alignment_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise sqlite3.DatabaseError("torn")

    copied: list[str] = []
    async with reading(tmp_path, [a_digest(an_entry(abstract=PARAGRAPHS), an_entry(2))]) as reader:
        monkeypatch.setattr(reader.app, "copy_to_clipboard", copied.append)
        await reader.press("j")
        monkeypatch.setattr(reader.session.catalogue.papers, "alignment", fail)
        # The screen would have the index built anew.
        found = reader.session.alignment(0)
        assert reader.session.fault == "torn"
        reader.session.fault = ""
        monkeypatch.setattr(Session, "alignment", lambda *_: found)
        await reader.press("k", *["right_square_bracket"] * 2)
        assert highlighted(reader).split() == ["Three.", "Four.", "三。四。"]
        await reader.press("Y", "s")
    assert copied == ["Three. Four.\n三。四。"]


async def refreshed(reader: Reader, *entries: Entry) -> None:
    """Have a refresh read these entries instead."""
    reader.sources.digests = [a_digest(*entries)]
    await reader.press("R")
    await reader.settle()


async def test_a_new_text_of_the_paper_that_is_shown_takes_the_cursor_away(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        await reader.press(*["right_square_bracket"] * 5)
        row = row_of(reader, "Nobody was")
        await reader.pilot.click("#detail", offset=(reader.detail_lines[row].index("faster"), row))
        await refreshed(reader, an_entry(abstract=Bilingual("Short.", "短。")))
        assert "Short." in "".join(reader.detail_lines)
        assert highlighted(reader) == ""
        assert reader.detail.current.selected_text == ""
        await reader.press("Y", "escape", "K", "escape", "right_square_bracket")
        assert highlighted(reader).split() == ["Short.", "短。"]


async def test_where_the_table_is_alone_the_key_goes_to_the_detail(tmp_path: Path) -> None:
    one = an_entry(2, abstract=Bilingual("Only one.", "只有一句。"))
    async with reading(tmp_path, [a_digest(an_entry(1), one)], size=(60, 30)) as reader:
        await reader.press("enter", "escape", "j", "right_square_bracket")
        assert reader.detail.size.height
        assert highlighted(reader).split() == ["Only", "one.", "只有一句。"]
        await reader.press("right_square_bracket")
        assert reader.hint == "the abstract ends here"


async def test_what_is_marked_does_not_outlive_its_lines(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER], size=(100, 40)) as reader:
        row = row_of(reader, "Nobody was")
        await reader.pilot.click("#detail", offset=(reader.detail_lines[row].index("faster"), row))
        assert reader.detail.current.selected_text == "faster"
        await reader.pilot.resize_terminal(180, 40)
        await reader.settle()
        assert reader.detail.current.selected_text == ""


@pytest.mark.parametrize("layout", [[], ["l"]], ids=["same layout", "left in another layout"])
async def test_what_is_marked_does_not_outlive_its_paper(tmp_path: Path, layout: list[str]) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        row = row_of(reader, "Nobody was")
        await reader.pilot.click("#detail", offset=(reader.detail_lines[row].index("faster"), row))
        assert reader.detail.current.selected_text == "faster"
        await reader.press(*layout, "1", "j", "k")
        await reader.press(*layout * 3)
        assert row_of(reader, "Nobody was") == row
        assert reader.detail.current.selected_text == ""


async def test_dragging_takes_whole_characters_of_one_column(tmp_path: Path) -> None:
    async with reading(tmp_path, [PAPER]) as reader:
        row = row_of(reader, "Nobody was")
        line = reader.detail_lines[row]
        chinese = cell_len(line[: line.index("年无人")])
        await reader.pilot.mouse_down("#detail", offset=(chinese + 1, row))
        await reader.pilot.hover("#detail", offset=(chinese + 4, row))
        await reader.pilot.mouse_up("#detail", offset=(chinese + 4, row))
        assert reader.detail.current.selected_text == "年无人"
        assert "2023年无人更快。" in reader.detail_lines[row]
        english = line.index("in 2023")
        await reader.pilot.mouse_down("#detail", offset=(english, row))
        await reader.pilot.hover("#detail", offset=(chinese + 4, row))
        await reader.pilot.mouse_up("#detail", offset=(chinese + 4, row))
        assert reader.detail.current.selected_text == "in 2023."


async def test_a_title_keeps_its_weight_in_emphasis(tmp_path: Path) -> None:
    title = Bilingual(r"Sorting \emph{in vivo}", "活体内排序")
    async with reading(tmp_path, [a_digest(an_entry(title=title))]) as reader:
        (style,) = [style for style in styled(reader, "in vivo") if "italic" in style]
        assert "bold" in style


def asked(reader: Reader) -> str:
    """The word that the concordance looks up."""
    assert isinstance(reader.app.screen, ConcordanceScreen)
    return reader.app.screen.query_one(NarrowLine).value


def examples(reader: Reader) -> str:
    found = reader.app.screen.query_one(ConcordanceList)
    return "\n".join(found.render_line(y).text for y in range(found.size.height))


async def test_a_word_is_looked_up_and_its_paper_shown(tmp_path: Path) -> None:
    entries = [an_entry(n) for n in range(1, 5)]
    async with reading(tmp_path, [a_digest(*entries)]) as reader:
        await reader.press(*["right_square_bracket"] * 2, "K")
        # The term that the Chinese of this sentence keeps comes first.
        assert asked(reader) == "GraphSort"
        await wait_for_examples(reader)
        assert "我们用GraphSort" in examples(reader)
        await reader.press("escape")
        row = row_of(reader, "Nobody was")
        await reader.pilot.click("#detail", offset=(reader.detail_lines[row].index("faster"), row))
        await reader.press("K")
        assert asked(reader) == "faster"
        await wait_for_examples(reader)
        await reader.press("down", "down")
        key = chosen_paper(reader)
        await reader.press("enter")
        await reader.settle()
        assert reader.table.current == key
        assert len(reader.listed) == 4


async def test_a_paper_that_is_not_listed_is_listed_alone(tmp_path: Path) -> None:
    entries = [an_entry(n) for n in range(1, 5)]
    async with reading(tmp_path, [a_digest(*entries)]) as reader:
        await reader.press("slash", *"-id:2404.0000", "enter")
        assert reader.listed == []
        await reader.press("K", *"GraphSort")
        await wait_for_examples(reader)
        await reader.press("enter", "down")
        key = chosen_paper(reader)
        await reader.press("enter")
        await reader.settle()
        assert reader.listed == [key]
        assert key in reader.status
        await reader.press("escape")
        assert "-id:2404.0000" in reader.status
        assert reader.listed == []


async def wait_for_examples(reader: Reader) -> None:
    """Wait until what was typed has been looked up."""
    for _ in range(100):
        if reader.app.screen.query_one(ConcordanceList).row_count:
            return
        await reader.pilot.pause(0.05)
    raise AssertionError(examples(reader))


def chosen_paper(reader: Reader) -> str:
    """The paper of the example that the cursor is on."""
    found = reader.app.screen.query_one(ConcordanceList)
    palette = palette_of(reader.table.app)
    grounds = {palette.cursor.text.bgcolor, palette.idle_cursor.text.bgcolor}
    strips = [found.render_line(y) for y in range(found.size.height)]
    chosen = [
        strip.text for strip in strips if {s.style.bgcolor for s in strip if s.style} & grounds
    ]
    (key,) = re.findall(r"2404\.\d{5}", "\n".join(chosen))
    return str(key)

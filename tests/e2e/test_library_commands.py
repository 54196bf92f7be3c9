"""The commands over the library: add, remove, sources, refresh, list, doctor."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from storage.marks.model import MarkChange, MarkField
from storage.model import PaperKey
from tests.e2e.digests import ADAM, ATTENTION, BERT, RICCI, Written, write_digest
from tests.e2e.program import (
    NO_DWELLING,
    PROGRAM,
    command,
    directories,
    launch,
    marks_store,
    read,
    rows_as_json,
    run,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.tui.terminal import Terminal

pytestmark = pytest.mark.e2e

PUSH: Final = Written(
    "2403.07471",
    "Push-forward constraints are rarely convex",
    "推进约束很少是凸的",
    abstract_en="arXiv:2403.07471v2 Announce Type: replace  Abstract: We look at three of them.",
)
LINES: Final = (
    {
        "arxiv_id": "2404.02882",
        "version": 1,
        "announce_type": "new",
        "primary_category": "cs.CL",
        "categories": ["cs.CL", "cs.LG"],
        "authors": ["Mei Lin", "Jon Doe"],
        "title": {"en": "Linear attention over $n$ tokens", "zh": "线性注意力与长序列"},
        "tldr": {"en": None, "zh": "更快。"},
        "abstract": {"en": "It is fast.", "zh": "它很快。"},
        "abstract_cut": False,
        "channel": "cs.CL",
        "date": "2024-04-06",
    },
    {
        "arxiv_id": "2404.01111",
        "version": None,
        "announce_type": "cross",
        "primary_category": "cs.LG",
        "categories": ["cs.LG"],
        "authors": [],
        "title": {"en": "Grid search is slow", "zh": None},
        "tldr": {"en": None, "zh": "慢。"},
        "abstract": {"en": "Every point of a grid", "zh": "Every point"},
        "abstract_cut": True,
        "channel": "cs.CL",
        "date": "2024-04-06",
    },
)
PATH: Final = "\tpath\t\t\t\n"
"""How a line of ``sources`` ends for a folder: kind, result, when it was asked, name."""
NEWEST_FIRST: Final = (
    "2404.02882", "2404.01111", "1412.6980", "2403.07471", "1706.03762", "1810.04805",
    "math/0211159",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Digests of three days and channels; Adam is in two of them."""
    folder = tmp_path / "digests"
    write_digest(folder / "cs.LG" / "2024-04-04T0909_0a1b2c.md", (ATTENTION, ADAM, BERT, RICCI))
    write_digest(folder / "stat.ML" / "2024-04-05T0909_0a1b2d.md", (ADAM, PUSH))
    lines = "".join(f"{json.dumps(line)}\n" for line in LINES)
    (folder / "cs.CL.jsonl").write_text(lines, "utf-8")
    return folder


@pytest.fixture
def library(folder: Path) -> Path:
    assert command("add", folder).returncode == 0
    return folder


@pytest.fixture
def marked(library: Path) -> Path:
    """Read: attention, and push before its second version; starred: Adam; noted: Ricci."""
    marks_store().apply(
        [
            MarkChange(PaperKey(ATTENTION.arxiv_id), MarkField.READ, value=True),
            MarkChange(PaperKey(PUSH.arxiv_id), MarkField.READ, value=True),
            MarkChange(PaperKey(PUSH.arxiv_id), MarkField.SEEN, 1),
            MarkChange(PaperKey(ADAM.arxiv_id), MarkField.STARRED, value=True),
            MarkChange(PaperKey(RICCI.arxiv_id), MarkField.NOTE, "与 lecture 比较"),
        ]
    )
    return library


def listed(*words: str) -> list[str]:
    """List in a pipe; return the identifiers."""
    result = command("list", *words)
    assert (result.returncode, result.stderr) == (0, "")
    return [row.split("\t")[1] for row in result.stdout.splitlines()]


class TestSources:
    def test_what_is_added_is_read_and_what_is_removed_goes(self, folder: Path) -> None:
        added = command("add", folder)
        assert (added.returncode, added.stdout) == (0, "")
        assert added.stderr.splitlines() == [
            f"Added {folder}",
            "7 new papers; 7 papers in all. Read them: digest-tui",
        ]
        more = folder.parent / "more.md"
        write_digest(more, (BERT, Written("2404.09999", "One more", "又一篇")))
        assert "1 new paper; 8 papers in all." in command("add", more).stderr
        assert command("sources").stdout == f"{folder}\t3\t7{PATH}{more}\t1\t2{PATH}"
        removed = command("remove", more)
        assert (removed.returncode, removed.stdout) == (0, "")
        assert removed.stderr.splitlines() == [
            f"Removed {more}",
            "1 paper fewer; 7 left. Your marks on all papers are kept.",
        ]
        assert command("sources").stdout == f"{folder}\t3\t7{PATH}"

    def test_what_cannot_be_added_or_removed_is_named(self, library: Path) -> None:
        missing = library.with_name("missing.md")
        both = command("add", missing, library)
        assert both.returncode == 1
        assert f"{missing}: does not exist; check the path" in both.stderr
        assert f"{library}: is followed already" in both.stderr
        removed = command("remove", missing)
        assert removed.returncode == 1
        assert f"{missing}: is not among the sources" in removed.stderr
        assert command("sources").stdout == f"{library}\t3\t7{PATH}"

    def test_without_any_it_is_said_how_to_begin(self) -> None:
        for name, code in (("sources", 0), ("refresh", 2), ("list", 2)):
            result = command(name)
            assert (result.returncode, result.stdout) == (code, "")
            assert "digest-tui add FOLDER" in result.stderr

    def test_on_a_terminal_the_columns_are_in_line(self, folder: Path) -> None:
        command("add", folder, "--name", "digests")
        write_digest(folder.parent / "wide" / "1.md", (BERT,))
        command("add", folder.parent / "wide", "--name", "收藏")
        with read("sources", size=(180, 10)) as terminal:
            assert terminal.wait_exit() == 0
            one, two = terminal.rows()[:2]
        assert one == "digests         3 digests         7 papers"
        assert two == "收藏            1 digest          1 paper"


class TestRefresh:
    def test_it_says_in_one_sentence_what_changed(self, library: Path) -> None:
        def refreshed() -> str:
            result = command("refresh")
            assert (result.returncode, result.stdout) == (0, "")
            return result.stderr

        assert refreshed() == "Nothing new; 7 papers in all.\n"
        new = write_digest(library / "new.md", (BERT, Written("2404.09999", "One more", "又一篇")))
        assert refreshed() == "1 new paper; 8 papers in all.\n"
        write_digest(new, (BERT, Written("2404.09999", "One more, changed", "又一篇")))
        assert refreshed() == "No new papers; 1 file new, changed or gone; 8 papers in all.\n"
        new.unlink()
        assert refreshed() == "1 paper fewer; 7 papers in all.\n"

    def test_a_source_that_is_gone_is_named_and_its_papers_stay(self, library: Path) -> None:
        library.rename(library.with_name("elsewhere"))
        result = command("refresh")
        assert result.returncode == 1
        assert result.stderr.startswith(f"{library}: does not exist (any more)")
        assert listed() == [*NEWEST_FIRST]

    def test_control_c_keeps_what_was_read(self, folder: Path) -> None:
        slow = (
            "import time\nimport storage.refresh.reading as reading\nquick = reading.bytes_of\n"
            "def slow(file):\n    time.sleep(0.06)\n    return quick(file)\n"
            "reading.bytes_of = slow\n"
        )
        for number in range(1, 61):
            paper = Written(f"2401.{number:05}", f"Paper {number}", f"第{number}篇")
            write_digest(folder / f"{number}.md", (paper,))
        with launch(slow, "add", folder, size=(100, 10)) as terminal:
            terminal.wait_for(r"^[▰▱]{6} \d+ of 63 files  [1-9]\d* papers")
            terminal.send("<c-c>")
            assert terminal.wait_exit() == 130
            said = terminal.wait_for(
                r"Stopped. What was read until now is kept: (\d+) papers?. To go on: digest-tui refr"
            )
            assert not re.search("[▰▱]", terminal.text())
            assert terminal.settings_restored()
        assert 1 <= int(said[1]) < 67
        assert len(listed()) == int(said[1])
        assert f"{67 - int(said[1])} new papers; 67 papers in all." in command("refresh").stderr

    def test_two_at_once_end_well(self, library: Path) -> None:
        write_digest(library / "new.md", (Written("2404.09999", "One more", "又一篇"),))
        several = [subprocess.Popen([PROGRAM, "refresh"], stderr=subprocess.PIPE) for _ in range(3)]
        assert [one.wait(20) for one in several] == [0, 0, 0]
        for one in several:
            one.communicate()
        assert len(listed()) == 8


class TestListing:
    def test_in_a_pipe_nothing_is_cut_and_tabs_divide(self, marked: Path) -> None:
        assert command("list").stdout.splitlines() == [
            "●\t2404.02882\tcs.CL\tnew\tLinear attention over $n$ tokens\t线性注意力与长序列",
            "●\t2404.01111\tcs.LG\tcross\tGrid search is slow\t慢。",
            f"●★\t1412.6980\tstat.ML\t\t{ADAM.en}\t{ADAM.zh}",
            f"↻\t2403.07471\tstat.ML\treplace\t{PUSH.en}\t{PUSH.zh}",
            f"\t1706.03762\tcs.LG\t\t{ATTENTION.en}\t{ATTENTION.zh}",
            f"●\t1810.04805\tcs.LG\t\t{BERT.en}\t{BERT.zh}",
            f"●✎\tmath/0211159\tcs.LG\t\t{RICCI.en}\t{RICCI.zh}",
        ]

    def test_on_a_terminal_the_columns_are_in_line(self, marked: Path) -> None:
        with read("list", "--limit", "5", size=(100, 10)) as terminal:
            assert terminal.wait_exit() == 0
            assert terminal.rows()[:6] == [
                "●     2404.02882  cs.CL    new      Linear attention over n tokens      线性注意力与长序列",
                "●     2404.01111  cs.LG    cross    Grid search is slow                 慢。",
                "● ★   1412.6980   stat.ML           Adam: A Method for Stochastic Opt…  一种随机优化方法",
                "↻     2403.07471  stat.ML  replace  Push-forward constraints are rare…  推进约束很少是凸的",
                "      1706.03762  cs.LG             Attention Is All You Need           注意力就是你所需要的一切",
                "",
            ]

    def test_a_row_is_cut_at_the_terminal_s_edge(self, library: Path) -> None:
        with read("list", "adam", "OR", "attention", size=(60, 10)) as terminal:
            assert terminal.wait_exit() == 0
            assert terminal.rows()[:4] == [
                "●     2404.02882  Linear attention over…  线性注意力与长序列",
                "●     1412.6980   Adam: A Method for St…  一种随机优化方法",
                "●     1706.03762  Attention Is All You …  注意力就是你所需…",
                "",
            ]

    def test_old_identifiers_and_long_categories_keep_the_columns_in_line(
        self, library: Path
    ) -> None:
        line = LINES[0] | {"arxiv_id": "quant-ph/9508027", "primary_category": "cond-mat.mtrl-sci"}
        (library / "new.jsonl").write_text(json.dumps(line | {"date": "2024-04-07"}), "utf-8")
        command("refresh")
        with read("list", "--limit", "3", size=(100, 10)) as terminal:
            assert terminal.wait_exit() == 0
            assert terminal.rows()[:4] == [
                "●     quant-ph/9508027  cond-mat.…  new    Linear attention over n tokens  线性注意力与长序列",
                "●     2404.02882        cs.CL       new    Linear attention over n tokens  线性注意力与长序列",
                "●     2404.01111        cs.LG       cross  Grid search is slow             慢。",
                "",
            ]

    def test_limit_order_and_words_in_any_place(self, library: Path) -> None:
        assert listed("--limit", "2") == ["2404.02882", "2404.01111"]
        by_title = ["1412.6980", "1706.03762", "1810.04805"]
        assert listed("--sort", "title", "--limit", "3") == by_title
        assert listed("sort:id", "--sort=title", "--limit=3") == by_title
        assert listed("attention", "--limit", "5", "-linear") == ["1706.03762"]

    def test_json(self, marked: Path) -> None:
        source = marked / "stat.ML" / "2024-04-05T0909_0a1b2d.md"
        (push,) = rows_as_json(command("list", "凸", "--json").stdout)
        assert push == {
            "key": "2403.07471",
            "arxiv_id": "2403.07471",
            "version": 2,
            "announce_type": "replace",
            "primary_category": None,
            "categories": [],
            "authors": [],
            "link": "https://arxiv.org/abs/2403.07471",
            "title": {"en": PUSH.en, "zh": PUSH.zh},
            "tldr": {"en": None, "zh": PUSH.tldr},
            "abstract": {"en": "We look at three of them.", "zh": PUSH.abstract_zh},
            "abstract_cut": False,
            "appearances": [
                {
                    "channel": "stat.ML",
                    "date": "2024-04-05",
                    "dated": True,
                    "announce_type": "replace",
                    "version": 2,
                    "ref": 2,
                    "source": str(source),
                }
            ],
            "marks": {"read": True, "starred": False, "note": "", "seen": 1},
            "updated": True,
        }
        (adam,) = rows_as_json(command("list", "adam", "--json").stdout)
        assert [seen["channel"] for seen in adam["appearances"]] == ["stat.ML", "cs.LG"]
        assert adam["marks"] == {"read": False, "starred": True, "note": "", "seen": 0}
        (ricci,) = rows_as_json(command("list", "has:note", "--json").stdout)
        assert ricci["marks"]["note"] == "与 lecture 比较"

    def test_its_json_is_a_digest_again(self, library: Path, tmp_path: Path) -> None:
        again = tmp_path / "again.jsonl"
        again.write_text(command("list", "--json").stdout, "utf-8")
        rows = rows_as_json(command("convert", again).stdout)
        assert [row["arxiv_id"] for row in rows] == [*NEWEST_FIRST]
        linear = rows[0]
        for key in ("version", "announce_type", "categories", "authors", "title", "abstract"):
            assert linear[key] == LINES[0][key]

    def test_nothing_found_says_why_and_is_no_failure(self, marked: Path) -> None:
        def why(*words: str) -> str:
            result = command("list", *words)
            assert (result.returncode, result.stdout) == (0, "")
            return result.stderr

        assert why("zebra") == "Nothing in your library matches ‘zebra’.\n"
        assert why("attention", "is:starred") == (
            "Nothing in your library matches the whole filter."
            " Without ‘attention’ there would be 1, without ‘is:starred’ 2.\n"
        )
        directories()["views"].write_text('{"schema": 1, "ignore": "ricci", "views": []}', "utf-8")
        assert why("ricci") == (
            "Your ignore list hides the one paper that would be here."
            " In the reader, I changes the ignore list.\n"
        )

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ["attention", "is:unraed", "-x"],
                "  attention is:unraed -x\n               ^^^^^^\n"  # noqa: ISC004 -- as it stands
                "There is no is:unraed; did you mean is:unread?\n",
            ),
            (
                ['注意力 title:"凸'],
                '  注意力 title:"凸\n               ^^^\nThis quote is never closed.\n',
            ),
            (["--sort", "titel"], "There is no --sort titel; did you mean title?\n"),
            (["--limit", "-3"], "--limit -3 lists nothing; give a number from 1 on.\n"),
        ],
    )
    def test_what_is_not_understood_is_pointed_at(self, words: list[str], said: str) -> None:
        result = command("list", *words)
        assert (result.returncode, result.stdout, result.stderr) == (2, "", said)

    def test_whoever_has_seen_enough_may_go(self, folder: Path) -> None:
        for day in range(1, 29):
            papers = [Written(f"23{day:02}.{n:05}", f"Paper {n}", f"第{n}篇") for n in range(1, 61)]
            write_digest(folder / f"{day}.md", papers)
        command("add", folder)
        result = subprocess.run(
            ["sh", "-c", '"$0" list "$@" | head -1', PROGRAM, "--json"],
            capture_output=True,
            encoding="utf-8",
            timeout=20,
            check=False,
        )
        assert json.loads(result.stdout)["arxiv_id"]
        assert result.stderr == ""

    def test_nothing_from_outside_steers_the_terminal(self, library: Path) -> None:
        evil = library / "\x1b[2J\x9b31m.md"
        write_digest(evil, (Written("2404.09999", "Evil\x1b]0;x\x07 \x9b2J title", "\u202e恶意"),))
        marks = marks_store()
        note = "\x1b[31m\x9b1mnote\u2028"
        marks.apply([MarkChange(PaperKey("2404.09999"), MarkField.NOTE, note)])
        command("refresh")
        for arguments in (["list"], ["list", "--json"], ["sources"], ["doctor"]):
            result = command(*arguments)
            assert not re.search(
                "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2028]", result.stdout + result.stderr
            )
        (row,) = rows_as_json(command("list", "恶意", "--json").stdout)
        assert row["marks"]["note"] == note

    def test_it_writes_utf_8_into_a_pipe_whatever_the_locale(self, library: Path) -> None:
        ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        result = run("list", "凸", env=os.environ | ascii_only)
        assert (result.returncode, result.stderr) == (0, "")
        assert PUSH.zh in result.stdout

    def test_what_cannot_be_read_of_the_reader_s_own_is_told(self, library: Path) -> None:
        directories()["marks"].with_name("marks.json").write_text("{", "utf-8")
        directories()["views"].write_text('{"schema": 1, "ignore": "is:x", "views": []}', "utf-8")
        result = command("list")
        assert result.returncode == 1
        assert len(result.stdout.splitlines()) == 7
        assert "marks.json: it is damaged (it is not JSON" in result.stderr
        assert "Your ignore list is not understood, so nothing is ignored: " in result.stderr

    @pytest.mark.parametrize("damage", ["removed", "garbage"])
    def test_an_index_that_is_not_there_is_made(self, library: Path, damage: str) -> None:
        catalogue = directories()["cache"] / "library.sqlite3"
        catalogue.unlink()
        if damage == "garbage":
            catalogue.write_bytes(b"x" * 5000)
        result = command("list")
        assert [row.split("\t")[1] for row in result.stdout.splitlines()] == [*NEWEST_FIRST]
        assert result.returncode == 0

    def test_an_index_that_is_damaged_within_is_one_sentence(self, library: Path) -> None:
        catalogue = directories()["cache"] / "library.sqlite3"
        with closing(sqlite3.connect(catalogue, isolation_level=None)) as connection:
            connection.execute("UPDATE text SET data = x'00'")
        result = command("list", "--json")
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr.count("\n") == 1
        assert "see what to do: digest-tui doctor" in result.stderr
        doctor = command("doctor")
        assert doctor.returncode == 1
        assert f"Build it anew: rm {catalogue} && digest-tui refresh" in doctor.stdout


class TestDoctor:
    def test_at_first_nothing_is_there_and_nothing_is_wrong(self) -> None:
        result = command("doctor")
        assert (result.returncode, result.stderr) == (0, "")
        assert "Add your digests: digest-tui add FOLDER" in result.stdout
        assert not any(path.exists() for path in directories().values())

    def test_a_library_is_told_part_by_part(self, marked: Path) -> None:
        views = '{"schema": 1, "ignore": "-zebra", "views": [{"name": "a", "filter": "is:read"}]}'
        directories()["views"].write_text(views, "utf-8")
        result = command("doctor")
        assert (result.returncode, result.stderr) == (0, "")
        # Sign and subject, two spaces between, then the text.
        told = dict(re.findall(r"^[✓·!✗] (\S+(?: \S+)*?) {2,}(.+)$", result.stdout, re.MULTILINE))
        assert told["source"] == f"{marked}, digests: 3, papers: 7"
        assert told["catalogue"].startswith("7 papers in 3 digests, ")
        assert told["catalogue check"] == "tables, texts and index of words are whole"
        assert told["marks"] == "4 papers: 2 read, 1 starred, 1 with a note"
        assert told["saved views"] == "1"
        assert told["ignore list"] == "-zebra"
        assert told["marks at"].startswith(f"{directories()['marks']}, ")
        assert "not asked" in told["character widths"]

    def test_what_is_damaged_fails_with_what_to_do(self, library: Path) -> None:
        places = directories()
        places["marks"].write_text("{", "utf-8")
        places["views"].write_text("[", "utf-8")
        (places["cache"] / "library.sqlite3").write_bytes(b"x" * 5000)
        library.rename(library.with_name("elsewhere"))
        result = command("doctor")
        assert (result.returncode, result.stderr) == (1, "")
        faults = [line for line in result.stdout.splitlines() if line.startswith("✗")]
        assert len(faults) == 3
        assert [line.split()[1] for line in faults] == ["catalogue", "marks", "saved"]
        assert "It is set aside and built anew by: digest-tui refresh" in result.stdout
        assert f"! source            {library} is not there (any more)" in result.stdout
        assert places["marks"].read_text("utf-8") == "{"

    def test_in_a_terminal_it_measures_widths_and_leaves_it_as_it_was(self) -> None:
        with read("doctor", size=(120, 60)) as terminal:
            assert terminal.wait_exit() == 0
            terminal.wait_for("^✓ Chinese width     2 cells a character$")
            terminal.wait_for("^✓ ambiguous width   1 cell each: ")
            terminal.wait_for("^✓ terminal size     120 columns, 60 rows$")
            assert terminal.settings_restored()
            assert terminal.modes_left_on() == frozenset()


_LIST_AT_THE_END: Final = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from tui.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("name", ["list", "refresh", "sources", "doctor", "add", "remove"])
def test_no_command_loads_the_screen_s_libraries(library: Path, name: str) -> None:
    arguments = [library] if name in ("add", "remove") else []
    result = subprocess.run(
        [sys.executable, "-c", _LIST_AT_THE_END, name, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    assert result.returncode == 0
    loaded = set(result.stderr.split())
    assert loaded & {"tui.library_commands", "tui.source_commands"}
    assert loaded & {"textual", "rich", "asyncio", "pyperclip", "tinydb"} == set()


SAME: Final[tuple[tuple[str, list[str]], ...]] = (
    ("attention", ["2404.02882", "1706.03762"]),
    ("注意", ["2404.02882", "1706.03762"]),
    ("凸", ["2403.07471"]),
    ('"stochastic optimization"', ["1412.6980"]),
    ("is:unread", ["2404.02882", "2404.01111", "1412.6980", "1810.04805", "math/0211159"]),
    ("is:updated", ["2403.07471"]),
    ("is:starred OR has:note", ["1412.6980", "math/0211159"]),
    ("note:lecture", ["math/0211159"]),
    ("cat:cs.* author:lin", ["2404.02882"]),
    ("type:replace", ["2403.07471"]),
    ("channel:stat.ML", ["1412.6980", "2403.07471"]),
    ("date:2024-04-06", ["2404.02882", "2404.01111"]),
    ("id:1810.04805", ["1810.04805"]),
    ("is:cut is:untranslated", ["2404.01111"]),
    ("(bert OR adam) is:unread", ["1412.6980", "1810.04805"]),
    ("-attention -adam sort:title", ["1810.04805", "2404.01111", "2403.07471", "math/0211159"]),
    (
        "sort:id",
        [*sorted(NEWEST_FIRST)],
    ),
    ("is:starred is:read", []),
)
"""Filters, and what they list of the marked library."""

_ROW = re.compile(r"^ [ ●↻★✎]{6}(\d{4}\.\d{4,5}|math/\d{7}) ")


def shown(terminal: Terminal) -> list[str]:
    """The identifiers in the rows of the reader's table."""
    return [row[1] for row in map(_ROW.match, terminal.rows()) if row]


def wait_for_rows(terminal: Terminal, expected: Sequence[str], asked: str) -> None:
    terminal.wait_until(lambda: shown(terminal) == [*expected], f"{expected} ({asked})")


def filter_by(terminal: Terminal, text: str) -> None:
    terminal.send("/")
    terminal.wait_for("Esc no filter")
    terminal.send(f"{text}<enter>")
    # Where the status line is short of room it cuts the filter.
    terminal.wait_for(re.escape(text[:18]))


def test_list_and_the_filter_bar_give_the_same_answers(marked: Path) -> None:
    with launch(NO_DWELLING, size=(99, 30)) as terminal:
        wait_for_rows(terminal, NEWEST_FIRST, "no filter")
        for text, answer in SAME:
            filter_by(terminal, text)
            wait_for_rows(terminal, answer, text)
            terminal.send("<esc>")
            wait_for_rows(terminal, NEWEST_FIRST, "no filter")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    for text, answer in SAME:
        rows = command("list", text).stdout.splitlines()
        assert (text, [row.split("\t")[1] for row in rows]) == (text, answer)


def test_list_and_the_reader_leave_out_the_same(marked: Path) -> None:
    views = '{"schema": 1, "ignore": "author:lin OR is:starred", "views": []}'
    directories()["views"].write_text(views, "utf-8")
    left = [key for key in NEWEST_FIRST if key not in ("2404.02882", "1412.6980")]
    with launch(NO_DWELLING, size=(99, 30)) as terminal:
        wait_for_rows(terminal, left, "no filter")
        filter_by(terminal, "attention")
        wait_for_rows(terminal, ["1706.03762"], "attention")
    assert listed() == left
    assert listed("attention") == ["1706.03762"]

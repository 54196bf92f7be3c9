"""A rolling document: no entry that ever came is lost, and what says nothing of its own is dropped."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.formats.naming import channel_in, issued_in
from storage.sources.files import SourceFile, read_digest
from storage.sources.web.addresses import parse
from storage.sources.web.naming import is_safe, name_for, unversioned, version_name
from storage.sources.web.outcome import NOTHING_KNOWN, Fetched
from storage.sources.web.versions import Versions, contents_of
from tests.storage.arxiv_text import answer_entry, atom
from tests.storage.digest_text import feed, item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NAME = "cs.LG_1a2b3c4d5e6f.xml"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

Paper = int | tuple[int, str]
"""A paper by its number, or with the word that its abstract ends in."""


def paper(one: Paper) -> str:
    number, word = one if isinstance(one, tuple) else (one, "seams")
    url = f"https://arxiv.org/abs/2404.{number:05}"
    texts = (f"标题{number}", f"Title {number}", url, f"要点{number}", "", "摘要", f"On {word}")
    return item(f"要点{number}", url, *texts)


def rolled(papers: Iterable[Paper], stamp: object = "") -> bytes:
    """A feed of these papers; with another stamp it has other bytes."""
    return f"{feed(*map(paper, papers))}<!-- {stamp} -->".encode()


def numbers(path: Path) -> list[int]:
    digest = read_digest(SourceFile(str(path), 0, 0))
    return [int(str(entry.arxiv_id)[5:]) for entry in digest.entries]


class Rolling:
    """A rolling document in a folder, fetched again and again, once an hour."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.newest = ""
        self.now = NOON

    def fetch(self, body: bytes) -> Fetched:
        part = self.folder / ".fetching-x.part"
        part.write_bytes(body)
        digest = blake2b(body, digest_size=16).hexdigest()
        versions = Versions(self.folder, NAME, self.newest)
        kept = versions.keep(Fetched(part, "", NOTHING_KNOWN, len(body), digest), self.now)
        part.unlink(missing_ok=True)
        if kept.is_changed:
            versions.thin_out(kept.path)
        self.newest = kept.path.name
        self.now += timedelta(hours=1)
        return kept

    def roll(self, *versions: Iterable[Paper]) -> list[list[int]]:
        for number, papers in enumerate(versions):
            self.fetch(rolled(papers, number))
        return self.kept()

    def kept(self) -> list[list[int]]:
        return [numbers(path) for path in sorted(self.folder.iterdir())]


@pytest.fixture
def rolling(tmp_path: Path) -> Rolling:
    return Rolling(tmp_path)


class TestNames:
    @pytest.fixture(params=["XXX-9:30", "UTC0"])
    def zone(self, request, monkeypatch) -> Iterator[str]:
        monkeypatch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
        monkeypatch.undo()
        time.tzset()

    def test_a_version_has_its_local_moment_in_its_name(self, zone, rolling):
        kept = rolling.fetch(rolled([1]))
        moment = {"UTC0": "2026-11-20T1200", "XXX-9:30": "2026-11-20T2130"}[zone]
        assert kept.path.name == f"cs.LG_1a2b3c4d5e6f_{moment}_{kept.digest[:8]}.xml"

    def test_the_pipeline_finds_channel_and_date_in_it(self, rolling):
        name = name_for(parse("https://example.org/2024-04-04/cs.LG.xml"), "", is_rolling=True)
        version = version_name(name, datetime(2026, 11, 22, 1, 30), "0123456789abcdef")
        assert issued_in(version) == datetime(2026, 11, 22, 1, 30)
        assert channel_in(f"/somewhere/{version}") == "cs.LG"
        assert unversioned(version) == unversioned(name) == name
        assert is_safe(version)

    def test_two_of_one_minute_do_not_take_one_another_s_place(self, rolling):
        rolling.fetch(rolled([1]))
        rolling.now = NOON
        assert rolling.fetch(rolled([2])).is_changed
        assert sorted(rolling.kept()) == [[1], [2]]

    def test_other_files_are_none_of_its_versions(self, rolling, tmp_path):
        names = [NAME, "cs.LG_1a2b3c4d5e6f-2_2026-11-20T1100_00000000.xml", "notes.xml"]
        for name in names:
            (tmp_path / name).write_bytes(rolled([1]))
        rolling.roll([1, 2])
        assert {path.name for path in tmp_path.iterdir()} == {*names, rolling.newest}


class TestWhatStays:
    def test_another_document_each_day(self, rolling):
        assert rolling.roll([1, 2], [3], [4, 5]) == [[1, 2], [3], [4, 5]]

    def test_of_one_that_grows_the_newest(self, rolling):
        assert rolling.roll([1], [2, 1], [3, 2, 1]) == [[3, 2, 1]]

    def test_one_that_has_lost_papers_takes_no_other_away(self, rolling):
        assert rolling.roll([1, 2], [2]) == [[1, 2], [2]]

    def test_of_answers_that_move_on_slowly_so_many_that_nothing_is_missing(self, rolling):
        answers = [range(start, start + 10) for start in range(1, 32)]
        expected = [range(1, 11), range(11, 21), range(21, 31), range(31, 41)]
        kept = rolling.roll(*answers)
        assert len(kept) <= 5
        assert {number for one in kept for number in one} == {n for one in expected for n in one}

    def test_a_paper_with_another_text_is_another(self, rolling):
        assert rolling.roll([(1, "seams")], [(1, "folds"), 2]) == [[1], [1, 2]]

    def test_where_it_stands_does_not_matter(self, rolling):
        assert rolling.roll([1, 2], [5, 2, 4, 1]) == [[5, 2, 4, 1]]

    def test_what_could_not_be_read_counts(self, rolling, tmp_path):
        damaged = rolled([1]).replace(b"</channel>", b"<item><title>lost</title></item></channel>")
        rolling.fetch(damaged)
        rolling.roll([1, 2])
        assert len(list(tmp_path.iterdir())) == 2
        rolling.fetch(rolled([1, 2, 3]))
        assert damaged in [path.read_bytes() for path in tmp_path.iterdir()]

    def test_answers_of_arxiv_differ_by_their_date_only(self, rolling, tmp_path):
        for day in range(1, 5):
            body = atom(answer_entry("2404.00001v1"), updated=f"2024-04-0{day}T00:00:00-04:00")
            rolling.fetch(body.encode())
        assert len(list(tmp_path.iterdir())) == 1


class TestTheSameAgain:
    def test_the_same_bytes_are_no_new_version(self, rolling):
        first = rolling.fetch(rolled([1]))
        again = rolling.fetch(rolled([1]))
        assert (again.path, again.is_changed) == (first.path, False)
        assert rolling.kept() == [[1]]

    def test_not_even_where_it_is_unknown_which_was_the_newest(self, rolling):
        rolling.roll([1], [2])
        newest, rolling.newest = rolling.newest, ""
        again = rolling.fetch(rolled([2], 1))
        assert (again.path.name, again.is_changed) == (newest, False)

    def test_a_clock_that_was_wrong_for_a_while_does_not_matter(self, rolling):
        rolling.now += timedelta(days=1000)
        rolling.roll([9])
        rolling.now = NOON
        assert rolling.roll([1], [1, 2], [1, 2, 3]) == [[1, 2, 3], [9]]

    def test_two_that_come_by_turns_do_not_pile_up(self, rolling):
        for _ in range(5):
            rolling.fetch(rolled([1, 2]))
            rolling.fetch(rolled([3, 4]))
        assert rolling.kept() == [[1, 2], [3, 4]]

    def test_an_old_copy_now_and_then_does_not_pile_up(self, rolling):
        kept = rolling.roll(*[[1], [1, 2]] * 5)
        assert len(kept) <= 2
        assert [1, 2] in kept

    def test_one_that_was_altered_here_is_not_the_same(self, rolling):
        path = rolling.fetch(rolled([1], "x")).path
        path.write_bytes(rolled([1], "y"))
        assert rolling.fetch(rolled([1], "x")).is_changed


class TestEmptyOnes:
    def test_they_take_nothing_away(self, rolling):
        assert rolling.roll([1, 2], []) == [[1, 2], []]
        assert rolling.roll([3], [1], []) == [[1, 2], [3], [1], []]

    def test_not_even_what_is_repeated(self, rolling):
        assert rolling.roll([1, 2], [2], []) == [[1, 2], [2], []]

    def test_of_many_in_a_row_the_first_is_kept(self, rolling, tmp_path):
        rolling.roll([1])
        first = rolling.fetch(rolled([], "Saturday"))
        body = first.path.read_bytes()
        for day in ("Sunday", "Monday", "Tuesday"):
            again = rolling.fetch(rolled([], day))
            assert (again.path, again.is_changed) == (first.path, False)
            assert (again.size, again.digest) == (first.size, first.digest)
        assert rolling.kept() == [[1], []]
        assert issued_in(first.path.name) is not None
        assert first.path.read_bytes() == body

    def test_when_papers_come_again_it_goes(self, rolling):
        assert rolling.roll([1], [], [2]) == [[1], [2]]
        assert rolling.roll([], [2, 3]) == [[1], [2, 3]]

    def test_what_was_there_before_it_comes_again(self, rolling):
        rolling.fetch(rolled([1]))
        rolling.fetch(rolled([]))
        again = rolling.fetch(rolled([1]))
        assert again.is_changed
        assert rolling.kept() == [[1]]


class TestWhatIsNotUnderstood:
    @pytest.mark.parametrize(
        "body",
        [b"<html>Please log in</html>", b"\0\1\2", b"<!DOCTYPE a [<!ENTITY b 'c'>]><rss/>", b"{"],
    )
    def test_it_takes_nothing_away_and_nothing_takes_it_away(self, rolling, tmp_path, body):
        rolling.fetch(rolled([1]))
        path = rolling.fetch(body).path
        assert len(list(tmp_path.iterdir())) == 2
        rolling.fetch(rolled([1, 2]))
        assert path.read_bytes() == body
        assert contents_of(path) is None

    def test_what_has_vanished_meanwhile_is_not_missed(self, rolling):
        rolling.fetch(rolled([1])).path.unlink()
        assert rolling.roll([2]) == [[2]]

    @pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
    def test_what_may_not_be_read_stays(self, rolling):
        path = rolling.fetch(rolled([1])).path
        path.chmod(0)
        rolling.fetch(rolled([1, 2]))
        assert path.exists()


papers = st.frozensets(
    st.integers(1, 6) | st.tuples(st.integers(1, 3), st.sampled_from(["folds", "pleats"])),
    max_size=5,
)
junk: st.SearchStrategy[Callable[[int], bytes]] = st.sampled_from(
    [lambda n: b"<html>%d</html>" % n, lambda _: b"\0"]
)
histories = st.lists(papers | junk, min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(histories, st.booleans())
def test_whatever_comes_nothing_is_lost(history, is_index_lost):
    with tempfile.TemporaryDirectory() as folder:
        rolling = Rolling(Path(folder))
        seen: set[object] = set()
        last: frozenset[object] | None = None
        for number, one in enumerate(history):
            rolling.newest = "" if is_index_lost else rolling.newest
            body = one(number) if callable(one) else rolled(sorted(one, key=str), number)
            kept = rolling.fetch(body)
            found = contents_of(kept.path)
            assert found == contents_in(body)
            assert (found is None) == callable(one)
            seen |= found or set()
            last = found
            files = [contents_of(path) for path in Path(folder).iterdir()]
            assert seen == {entry for contents in files for entry in contents or ()}
            assert (files.count(frozenset()) > 0) >= (last == frozenset())
            assert not list(Path(folder).glob(".*"))


def contents_in(body: bytes) -> frozenset[object] | None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        return contents_of(Path(file.name))

"""What the user types or pastes, and which source that is; the network is never asked."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sources.ids import new_id
from storage.sources.items import read_item, written
from storage.sources.looking import look_at
from storage.sources.source import ARXIV, GIT, PATH, TEMPLATE, URL, Source
from storage.sources.typed import typed

if TYPE_CHECKING:
    from pathlib import Path

    from storage.model import Problem

GOOD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}-[0-9a-f]{6}")


def source_of(text: str) -> Source:
    found = look_at(text)
    assert found.problems == ()
    (source,) = found.sources
    assert GOOD_ID.fullmatch(source.id)
    return source


def problem_of(text: str) -> Problem:
    found = look_at(text)
    assert found.sources == ()
    (problem,) = found.problems
    assert problem.is_loss
    return problem


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    (folder / "cs.LG").mkdir(parents=True)
    (folder / "cs.LG" / "today.md").write_text("# cs.LG\n")
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a test names is there by chance; and nobody is asked on the network."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.delattr(socket, "socket")


class TestPaths:
    def test_a_file_and_a_folder_are_what_they_are(self, digests: Path) -> None:
        for path in (digests, digests / "cs.LG" / "today.md"):
            source = source_of(str(path))
            assert source == Source(source.id, PATH, str(path))

    def test_they_are_taken_from_the_working_folder(
        self, digests: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(digests / "cs.LG")
        assert source_of("./today.md").place == str(digests / "cs.LG" / "today.md")
        assert source_of("../").place == str(digests)
        assert source_of("../cs.*/*.md")[2:6:3] == (str(digests), "cs.*/*.md")

    def test_home_may_be_written_as_in_the_shell(
        self, digests: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(digests))
        assert source_of("~/cs.LG").place == str(digests / "cs.LG")
        assert source_of("~/*.md")[2:6:3] == (str(digests), "*.md")

    def test_links_are_kept_as_they_are_named(self, digests: Path, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(digests / "cs.LG")
        assert source_of(str(link)).place == str(link)
        # The folder above the link's target is the digests', not the one that holds the link.
        assert source_of(f"{link}/..").place == str(digests)

    def test_what_is_on_disk_goes_before_what_it_may_mean(self, tmp_path: Path) -> None:
        for name in ("daily-arxiv", "cs.LG", "arxiv:cs.LG", "a*[b", " spaced "):
            (tmp_path / "cwd" / name).mkdir()
            source = source_of(name)
            assert (source.kind, source.place) == (PATH, str(tmp_path / "cwd" / name))
            assert source.pattern == ""

    def test_what_cannot_be_a_source_is_refused(self, digests: Path, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "lost").symlink_to("nowhere")
        (tmp_path / "loop").symlink_to("loop")
        for named, reason in {
            str(tmp_path / "pipe"): "is no folder or file but a pipe, socket or device; copy",
            str(tmp_path / "lost"): "is a link that leads nowhere",
            str(tmp_path / "loop"): "cannot be looked at (Too many levels of symbolic links); ",
            str(digests / "cs.LG/today.md/x"): "does not exist; check the path",
            "/nowhere/digests": "does not exist; check the path",
            "": "is no possible path; name a folder or file",
            "a\0b": "is no possible path",
            "\ud800": "is no possible path",
            "~\ud800": "is no possible path",
            "~a\0b/*": "is no possible path",
            "~nobody-of-this-name/x": "does not exist",
            "x" * 5000: "does not exist",
        }.items():
            problem = problem_of(named)
            assert problem.reason.startswith(reason)
            assert problem.source == named.replace("\ud800", "\\ud800")

    def test_in_a_folder_that_is_gone_only_whole_paths_mean_something(
        self, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert problem_of("x").reason == "is no possible path; name a folder or file"
        assert source_of(str(digests)).place == str(digests)
        assert source_of("arxiv:cs.LG").place == "cs.LG"

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are UTF-8")
    def test_names_that_are_no_utf8_survive(self, tmp_path: Path) -> None:
        folder = os.fsdecode(os.fsencode(tmp_path) + "/论文-".encode() + b"\xff\xfe")
        os.mkdir(folder)  # noqa: PTH102 -- the text is what is tested
        assert source_of(folder).place == folder

    @pytest.mark.skipif(os.geteuid() == 0, reason="rights do not bind the superuser")
    def test_what_may_not_be_read_is_told(self, digests: Path) -> None:
        (digests / "secret.md").touch(0o000)
        assert "Permission denied" in problem_of(str(digests / "secret.md")).reason


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "folder", "kept"),
        [
            ("*.md", "", "*.md"),
            ("**/cs.LG*.md", "", "**/cs.LG*.md"),
            ("cs.LG/20[0-9]?-*.md", "cs.LG", "20[0-9]?-*.md"),
            ("cs.*/today.md", "", "cs.*/today.md"),
            ("*", "", ""),
            ("**/*", "", ""),
            ("cs.LG/**/", "cs.LG", ""),
        ],
    )
    def test_they_begin_at_the_first_wildcard(
        self, digests: Path, pattern: str, folder: str, kept: str
    ) -> None:
        source = source_of(f"{digests}/{pattern}")
        assert source.kind == PATH
        assert source.place == str(digests / folder)
        assert source.pattern == kept

    def test_their_folder_must_be_there(self, digests: Path) -> None:
        problem = problem_of(f"{digests}/cs.CL/*.md")
        assert problem.reason == f"there is no folder {digests}/cs.CL; check the path"
        assert "no folder" in problem_of(f"{digests}/cs.LG/today.md/*").reason
        assert "wildcard" in problem_of(f"{digests}/*/../yesterday.md").reason


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "kind", "place"),
        [
            ("https://example.org/cs.LG.xml", URL, "https://example.org/cs.LG.xml"),
            (" HTTP://Example.ORG:80/a?b#c\n", URL, "http://example.org/a?b"),
            ("https://me:word@example.org/x", URL, "https://me:word@example.org/x"),
            ("https://example.org/*.md", URL, "https://example.org/*.md"),
            ("https://例子.中国/一", URL, "https://xn--fsqu00a.xn--fiqs8s/%E4%B8%80"),
            (
                "https://example.org/{date}/x.jsonl?day={date}",
                TEMPLATE,
                "https://example.org/{date}/x.jsonl?day={date}",
            ),
            ("https://example.org/%7Bdate%7D", TEMPLATE, "https://example.org/{date}"),
            ("https://example.org/digests.git", GIT, "https://example.org/digests.git"),
            ("https://example.org/digests.git/", GIT, "https://example.org/digests.git"),
            ("git+https://example.org/digests", GIT, "https://example.org/digests"),
            ("GIT+HTTP://localhost:81/a.git", GIT, "http://localhost:81/a.git"),
            ("https://github.com/owner/repo", GIT, "https://github.com/owner/repo"),
            ("https://GitHub.com/owner/repo/", GIT, "https://github.com/owner/repo"),
            ("https://gitlab.com/owner/repo", GIT, "https://gitlab.com/owner/repo"),
            ("https://codeberg.org/owner/repo", GIT, "https://codeberg.org/owner/repo"),
            ("https://gitee.com/owner/repo", GIT, "https://gitee.com/owner/repo"),
            ("https://github.com/owner", URL, "https://github.com/owner"),
            (
                "https://github.com/owner/repo/raw/master/cs.AI.xml",
                URL,
                "https://github.com/owner/repo/raw/master/cs.AI.xml",
            ),
            ("https://github.com/owner/repo?tab=x", URL, "https://github.com/owner/repo?tab=x"),
        ],
    )
    def test_they_tell_what_they_are(self, text: str, kind: str, place: str) -> None:
        source = source_of(text)
        assert source == Source(source.id, kind, place)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("http://", "names no host"),
            ("https://example.org:0/", "names port 0"),
            ("https://exa mple.org/", "names no possible host"),
            ("https://example.org/\x1b[2J", "has control characters in it"),
            ("https://{date}.example.org/", "names no possible host"),
            ("https://{date}@example.org/{date}", "has {date} where it cannot stand"),
            ("https://example.org/x#{date}", "has {date} where it cannot stand"),
            ("https://example.org/{yyyy}.md", "has {yyyy} in it, but only {date} stands for"),
            ("https://example.org/{date}/{DATE}", "has {DATE} in it, but only {date} stands"),
            ("git+https://", "names no host"),
        ],
    )
    def test_those_that_cannot_be_fetched_are_told(self, text: str, reason: str) -> None:
        assert problem_of(text).reason.startswith(reason)

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("file:///home/me/cs.LG%20new.md", "write its path: /home/me/cs.LG new.md"),
            ("git@github.com:owner/repo.git", "https://github.com/owner/repo.git"),
            ("ssh://git@example.org/repo.git", "https://example.org/repo.git"),
            ("git+ssh://git@example.org/repo", "https://example.org/repo"),
            ("git://example.org/repo.git", "only http and https are fetched, not git;"),
            ("ftp://example.org/x", "only http and https are fetched, not ftp;"),
            ("gopher://example.org/x", "only http and https are fetched, not gopher;"),
            ("feed://example.org/rss", "write https://example.org/rss"),
            ("htps://example.org/feed", "write https://example.org/feed"),
            ("htttp://example.org/feed", "write http://example.org/feed"),
            ("ttps://example.org/feed", "write https://example.org/feed"),
            ("https:/example.org/feed", "write https://example.org/feed"),
            ("https//example.org/feed", "write https://example.org/feed"),
            ("http:example.org/feed", "write http://example.org/feed"),
            ("example.org/feed.xml", "if it is an address write https://example.org/feed.xml"),
            ("www.example.org", "if it is an address write https://www.example.org/"),
            ("localhost:8000/feed", "if it is an address write http://localhost:8000/feed"),
            ("cs.LG", "for what arXiv announces in cs.LG write arxiv:cs.LG"),
        ],
    )
    def test_what_was_nearly_right_is_put_right(self, text: str, advice: str) -> None:
        assert advice in problem_of(text).reason

    @pytest.mark.parametrize(
        "text", ["today.md", "cs.LG/today.md", "./example.org/x", "C:\\digests", "note: this"]
    )
    def test_what_is_a_path_gets_no_advice_on_addresses(self, text: str) -> None:
        assert problem_of(text).reason == "does not exist; check the path"

    @pytest.mark.parametrize(
        "text",
        [
            "ftp://me:hunter2@example.org/x",
            "htps://me:hunter2@example.org/x",
            "https:/me:hunter2@example.org/x",
            "https://me:hunter2@example.org:99999/x",
            "https://me:hunter2@example.org/{year}",
            "ssh://me:hunter2@example.org/x",
            "https://example.org/{year}?token=hunter2",
        ],
    )
    def test_no_problem_tells_a_password(self, text: str) -> None:
        assert "hunter2" not in problem_of(text).reason
        assert "://" not in text or "hunter2" not in str(problem_of(text))


class TestArxiv:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("arxiv:cs.LG", "cs.LG"),
            ("arXiv: CS.lg", "cs.LG"),
            ("arxiv:math", "math"),
            ("arxiv:cond-mat.Soft", "cond-mat.soft"),
            ("arxiv:q-fin.ST", "q-fin.ST"),
            ("arxiv:search:diffusion", "search:diffusion"),
            ("arxiv:SEARCH:  ti:flow\n matching ", "search:ti:flow matching"),
            ("arxiv:search:扩散模型", "search:扩散模型"),
        ],
    )
    def test_channels_and_searches(self, text: str, place: str) -> None:
        source = source_of(text)
        assert source == Source(source.id, ARXIV, place)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("arxiv:", "names no category or archive of arXiv"),
            ("arxiv:diffusion models", "names no category or archive of arXiv"),
            ("arxiv:cs/LG", "names no category or archive of arXiv"),
            ("arxiv:2404.02882v1", "is a paper, which does not change"),
            ("arxiv:search:", "searches for nothing"),
            ("arxiv:search: \u200b ", "searches for nothing"),
            ("arxiv:search:" + "x" * 301, "is longer than a search can be (300 characters)"),
        ],
    )
    def test_what_is_neither_is_told(self, text: str, reason: str) -> None:
        assert problem_of(text).reason.startswith(reason)


class TestRepositories:
    def test_a_bare_one_on_disk_is_known_by_its_parts(self, tmp_path: Path) -> None:
        bare = tmp_path / "digests.git"
        (bare / "objects").mkdir(parents=True)
        (bare / "HEAD").write_text("ref: refs/heads/main\n")
        assert source_of(str(bare)).kind == PATH
        (bare / "refs").mkdir()
        assert source_of(str(bare))[1:3] == (GIT, str(bare))
        assert source_of(f"git+file://{bare}")[1:3] == (GIT, str(bare))
        assert source_of(f"git+file://localhost{bare}/")[1:3] == (GIT, str(bare))

    @pytest.mark.skipif(shutil.which("git") is None, reason="needs the git program")
    def test_one_that_git_made_is_known(self, tmp_path: Path) -> None:
        bare, tree = tmp_path / "bare one", tmp_path / "tree"
        subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
        subprocess.run(["git", "init", "-q", tree], check=True)
        assert source_of(str(bare)).kind == GIT
        assert source_of(f"git+file://{tmp_path}/bare%20one").place == str(bare)
        # A folder that people work in is read as it is, unless they say otherwise.
        assert source_of(str(tree)).kind == PATH
        assert source_of(f"git+file://{tree}").kind == GIT

    @pytest.mark.parametrize("text", ["git+file:digests", "git+file://example.org/digests"])
    def test_only_whole_paths_of_this_machine_name_one(self, text: str) -> None:
        assert problem_of(text).reason == ("names no repository; write git+file:///the/whole/path")

    def test_what_is_none_is_told(self, tmp_path: Path) -> None:
        problem = problem_of(f"git+file://{tmp_path}")
        assert problem.reason == f"there is no git repository at {tmp_path}; check the path"


class TestFeedLists:
    def test_a_list_of_feeds_is_all_of_its_feeds(self, tmp_path: Path) -> None:
        path = tmp_path / "feeds.xml"
        path.write_text(
            '<opml version="2.0"><body><outline text="arXiv">'
            '<outline text="cs.LG" xmlUrl="https://example.org/cs.LG.xml"/>'
            '<outline text="Old" xmlUrl="gopher://example.org/old"/>'
            '<outline xmlUrl="https://example.org/cs.CL.xml"/></outline></body></opml>'
        )
        found = look_at(str(path))
        assert [source[1:4] for source in found.sources] == [
            (URL, "https://example.org/cs.LG.xml", "cs.LG"),
            (URL, "https://example.org/cs.CL.xml", ""),
        ]
        (problem,) = found.problems
        assert problem.source == str(path)
        assert "Old" in problem.reason

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("<opml/>", "is a list of feeds (OPML) with no feed in it"),
            ("<!DOCTYPE opml><opml/>", "declares a document type"),
            ("<opml>" + " " * 2**22, "is larger than any list of feeds (4 MiB)"),
        ],
    )
    def test_a_list_that_cannot_be_used_is_told(
        self, tmp_path: Path, content: str, reason: str
    ) -> None:
        (tmp_path / "feeds.opml").write_text(content)
        problem = problem_of(str(tmp_path / "feeds.opml"))
        assert problem.reason.startswith(reason)
        assert str(problem).count("feeds.opml") == 1

    def test_a_feed_is_a_file_like_any_other(self, tmp_path: Path) -> None:
        (tmp_path / "cs.LG.xml").write_text(
            "<rss><channel><title>&lt;opml></title></channel></rss>"
        )
        assert source_of(str(tmp_path / "cs.LG.xml")).kind == PATH


def test_presets_are_known_by_their_keys() -> None:
    assert source_of("cn-chat-arxiv:cs.LG").name == "cn-chat-arxiv cs.LG"
    assert source_of("daily-arxiv").kind == TEMPLATE
    assert "cs.AI" in problem_of("cn-chat-arxiv").reason


class TestIds:
    @pytest.mark.parametrize(
        ("kind", "place", "pattern", "slug"),
        [
            (ARXIV, "cs.LG", "", "cs.LG"),
            (ARXIV, "search:flow matching", "", "flow-matching"),
            (PATH, "/home/me/digests", "", "digests"),
            (PATH, "/home/me/digests", "**/cs.LG*.md", "cs.LG"),
            (PATH, "/home/me/论文", "", "me"),
            (PATH, "/", "", "path"),
            (URL, "https://me:secret@example.org/rss?token=secret", "", "example.org"),
            (URL, "https://example.org/cs.LG.xml", "", "cs.LG"),
            (URL, "https://example.org/" + "a" * 50, "", "a" * 24),
            (TEMPLATE, "https://example.org/daily/{date}.jsonl", "", "daily"),
            (GIT, "https://example.org/owner/digests.git", "", "digests"),
            (GIT, "/srv/..git", "", "srv"),
        ],
    )
    def test_they_can_be_told_apart_by_people(
        self, kind: str, place: str, pattern: str, slug: str
    ) -> None:
        assert new_id(kind, place, pattern)[:-7] == slug
        assert GOOD_ID.fullmatch(new_id(kind, place, pattern))

    def test_they_are_of_the_whole_source(self) -> None:
        one = new_id(PATH, "/digests", "*.md")
        assert one == new_id(PATH, "/digests", "*.md")
        others = {new_id(GIT, "/digests"), new_id(PATH, "/digests"), new_id(PATH, "/x", "*.md")}
        assert one not in others
        assert len(others) == 3

    def test_they_never_change(self) -> None:
        """Folders of what was fetched are called so: computed by b2sum(1) of ``arxiv NUL cs.LG NUL``."""
        assert new_id(ARXIV, "cs.LG") == "cs.LG-ce7629"


BEGINNINGS = st.sampled_from(
    ["", "~", "https://", "http://a.b/", "git+https://", "git+file://", "arxiv:", "arxiv:search:", "ssh://",
     "git@a.b:", "/", "~/", "*", "https://a.b/{date}", "cn-chat-arxiv:", "daily-arxiv:", "htps:/"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(BEGINNINGS, st.text(st.characters(), max_size=30))
def test_whatever_is_typed_is_a_source_that_can_be_kept_or_a_problem(
    beginning: str, rest: str
) -> None:
    found = look_at(beginning + rest)
    assert found.sources or found.problems
    for source in found.sources:
        assert read_item(written(source)) == source
        # What was added can be removed by the same words, or by what is shown of it.
        assert typed(source.shown_place).among([source]) == [source]
        # But for presets and patterns that mean all of a folder, and channels in other cases.
        is_all_of_a_folder = source.kind == PATH and not source.pattern and "*" in beginning + rest
        if not is_all_of_a_folder and not beginning.startswith(("cn-chat", "daily", "arxiv", "*")):
            assert typed(beginning + rest).among([source]) == [source]

from __future__ import annotations

import os
import socket
from datetime import datetime
from pathlib import Path

import pytest

from storage.errors import DocumentError
from storage.formats import NotADigestError
from storage.sources.files import SIZE_LIMIT, SourceFile, discover, read_digest, walk
from storage.sources.places import Place

EMPTY_DIGEST = "# 摘要\n\n# 详细\n"


def write(path: Path, text: str = EMPTY_DIGEST, modified: str = "2020-05-17T08:30") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    stamp = datetime.fromisoformat(modified).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def found(*paths: Path | str) -> list[str]:
    discovery = discover([str(path) for path in paths])
    assert discovery.problems == ()
    return [file.path for file in discovery.files]


def only(path: Path) -> SourceFile:
    (file,) = discover([str(path)]).files
    return file


class TestDiscover:
    def test_newest_first_by_name_else_by_time_then_by_path(self, tmp_path):
        names = ["b/2024-04-04.md", "a/2024-04-04.md", "2023-01-01.md", "2024-04-04T0909_x.md"]
        for name in names:
            write(tmp_path / name)
        write(tmp_path / "undated.md", modified="2023-06-01T00:00")
        order = [names[3], names[1], names[0], "undated.md", names[2]]
        assert found(tmp_path) == [str(tmp_path / name) for name in order]

    def test_folders_in_folders_but_nothing_hidden(self, tmp_path):
        deep = write(tmp_path / "a" / "b" / "c" / "x.md")
        write(tmp_path / ".git" / "x.md")
        write(tmp_path / "a" / ".x.md.swp")
        assert found(tmp_path) == [str(deep)]

    def test_a_named_hidden_file_is_found(self, tmp_path):
        hidden = write(tmp_path / ".x.md")
        assert found(hidden) == [str(hidden)]

    def test_links_in_a_circle_end(self, tmp_path):
        file = write(tmp_path / "a" / "x.md")
        (tmp_path / "a" / "up").symlink_to(tmp_path)
        (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
        assert [Path(path).name for path in found(tmp_path)] == [file.name]

    def test_a_file_named_twice_is_found_once(self, tmp_path):
        file = write(tmp_path / "x.md")
        (tmp_path / "link.md").symlink_to(file)
        assert found(file, tmp_path, file, tmp_path) == [str(file)]

    @pytest.mark.parametrize(
        "patterns",
        [
            {"": "*.md", "cs.LG": ""},
            {"cs.LG": "*.md", "": ""},
            {"": "2024*", "cs.LG": "x.*"},
        ],
    )
    def test_what_one_pattern_leaves_out_is_found_by_another_place(self, tmp_path, patterns):
        write(tmp_path / "2024-04-04.md")
        write(tmp_path / "cs.LG" / "x.md")
        write(tmp_path / "cs.LG" / "x.jsonl")
        places = [Place(str(tmp_path / name), pattern) for name, pattern in patterns.items()]
        files = [one.path for one in walk(places) if isinstance(one, SourceFile)]
        names = sorted(os.path.relpath(path, tmp_path) for path in files)
        assert names == ["2024-04-04.md", "cs.LG/x.jsonl", "cs.LG/x.md"]

    def test_files_know_whether_they_were_named(self, tmp_path):
        named, inside = write(tmp_path / "a.md"), write(tmp_path / "folder" / "b.md")
        files = discover([str(named), str(inside.parent)]).files
        assert {file.path: file.is_named for file in files} == {
            str(named): True,
            str(inside): False,
        }

    def test_size_and_time(self, tmp_path):
        file = only(write(tmp_path / "x.md", "four", "2021-02-03T04:05"))
        assert (file.size, file.modified) == (4, datetime(2021, 2, 3, 4, 5))

    def test_missing_paths_are_problems_and_the_rest_is_found(self, tmp_path):
        file = write(tmp_path / "x.md")
        discovery = discover([str(tmp_path / "gone.md"), str(file), "no\0path"])
        assert [item.path for item in discovery.files] == [str(file)]
        assert [str(problem) for problem in discovery.problems] == [
            f"{tmp_path}/gone.md: does not exist (any more); check the path",
            "no\0path: is no possible path",
        ]

    def test_a_link_that_leads_nowhere_is_a_problem(self, tmp_path):
        write(tmp_path / "x.md")
        (tmp_path / "y.md").symlink_to(tmp_path / "gone.md")
        discovery = discover([str(tmp_path)])
        assert len(discovery.files) == 1
        assert [str(problem) for problem in discovery.problems] == [
            f"{tmp_path}/y.md: is a link that leads nowhere"
        ]

    def test_a_folder_that_may_not_be_looked_into(self, tmp_path, monkeypatch):
        write(tmp_path / "open" / "x.md")
        (tmp_path / "locked").mkdir()
        scandir = os.scandir

        def guarded(path):
            if str(path).endswith("locked"):  # permissions do not bind root, who may run this
                raise PermissionError(13, "Permission denied", path)
            return scandir(path)

        monkeypatch.setattr(os, "scandir", guarded)
        discovery = discover([str(tmp_path)])
        assert [Path(file.path).name for file in discovery.files] == ["x.md"]
        assert [str(problem) for problem in discovery.problems] == [
            f"{tmp_path}/locked: the folder may not be read by you; its permissions forbid it"
        ]

    def test_pipes_and_sockets(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(tmp_path / "socket"))  # its path must be short
            assert found(tmp_path) == []
        (problem,) = discover([str(tmp_path / "pipe")]).problems
        assert "is no regular file but a pipe, socket or device" in str(problem)

    def test_nothing_is_opened(self, tmp_path, monkeypatch):
        for number in range(100):
            write(tmp_path / f"{number}.md")
        monkeypatch.setattr("builtins.open", None)
        monkeypatch.setattr(os, "open", None)
        assert len(found(tmp_path)) == 100


class TestReadDigest:
    def test_a_digest(self, tmp_path):
        path = write(tmp_path / "cs.LG" / "2024-04-04T0909_ab12cd.md")
        digest = read_digest(only(path))
        assert (digest.source, digest.channel) == (str(path), "cs.LG")
        assert digest.issued == datetime(2024, 4, 4, 9, 9)

    def test_channel_of_the_folder_one_is_in(self, tmp_path, monkeypatch):
        write(tmp_path / "cs.LG" / "x.md")
        monkeypatch.chdir(tmp_path / "cs.LG")
        for named in (".", "x.md"):
            (file,) = discover([named]).files
            assert read_digest(file).channel == "cs.LG"

    def test_time_of_the_file_where_nothing_is_dated(self, tmp_path):
        digest = read_digest(only(write(tmp_path / "x.md", modified="2021-02-03T04:05")))
        assert (digest.issued, digest.dated) == (datetime(2021, 2, 3, 4, 5), False)

    def test_a_name_that_is_no_utf8(self, tmp_path):
        name = os.fsencode(tmp_path) + b"/\xe9.md"
        write(Path(os.fsdecode(name)))
        digest = read_digest(only(tmp_path))
        assert digest.source == f"{tmp_path}/\\xe9.md"

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "is an empty file (0 bytes)"),
            (b"  \n", "is empty"),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 5000, "is binary, not text"),
            (b"# Read me\n", "is no digest: "),
        ],
    )
    def test_what_is_no_digest(self, tmp_path, content, sentence):
        path = tmp_path / "x.md"
        path.write_bytes(content)
        with pytest.raises(NotADigestError) as caught:
            read_digest(only(path))
        assert str(caught.value).startswith(f"{path}: {sentence}")
        assert caught.value.source == str(path)

    def test_a_file_too_large_says_how_large(self, tmp_path):
        path = tmp_path / "x.md"
        with path.open("wb") as stream:
            stream.write(b"# \xe6\x91\x98\xe8\xa6\x81\n")
            stream.truncate(100 * 1024 * 1024)
        with pytest.raises(DocumentError) as caught:
            read_digest(only(path))
        assert not isinstance(caught.value, NotADigestError)
        assert "is 100 MiB large and was not read" in str(caught.value)
        assert "64 MiB are the limit" in str(caught.value)
        assert SIZE_LIMIT == 64 * 1024 * 1024

    def test_a_file_that_vanished(self, tmp_path):
        file = only(write(tmp_path / "x.md"))
        (tmp_path / "x.md").unlink()
        with pytest.raises(DocumentError, match=r"x\.md: does not exist \(any more\)"):
            read_digest(file)

    def test_a_file_that_may_not_be_read(self, tmp_path, monkeypatch):
        file = only(write(tmp_path / "x.md"))

        def refuse(path, *_):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr(os, "open", refuse)  # permissions do not bind root
        with pytest.raises(DocumentError, match=r"x\.md: may not be read by you"):
            read_digest(file)

    def test_a_disk_that_fails(self, tmp_path, monkeypatch):
        file = only(write(tmp_path / "x.md"))

        def fail(*_):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(os, "open", fail)
        with pytest.raises(DocumentError, match=r"could not be read: Input/output error"):
            read_digest(file)

    def test_a_pipe_does_not_hang(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DocumentError, match="is no regular file but a pipe"):
            read_digest(SourceFile(str(tmp_path / "pipe"), 0, 0))

    def test_a_folder_in_a_files_place(self, tmp_path):
        with pytest.raises(DocumentError, match="is a folder"):
            read_digest(SourceFile(str(tmp_path), 0, 0))

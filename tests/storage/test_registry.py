"""The list of sources: what may be added, and what disks, hands and other processes do to its file."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from storage.json_file import JsonFileError
from storage.sources.registry import SourceList

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sources.json"


@pytest.fixture
def digests(tmp_path: Path) -> Path:
    folder = tmp_path / "digests"
    (folder / "cs.LG").mkdir(parents=True)
    (folder / "cs.LG" / "today.md").write_text("# cs.LG\n")
    (folder / ".hidden").mkdir()
    return folder


@pytest.fixture
def source_list(path: Path) -> SourceList:
    return SourceList(path, clock=lambda: MORNING)


def test_a_new_list_is_empty_and_makes_nothing(source_list: SourceList, path: Path) -> None:
    assert source_list.sources() == ()
    (problem,) = source_list.remove(["/nowhere/digests"])
    assert str(problem) == (
        "/nowhere/digests: is not among the sources; nothing was removed for it"
    )
    (problem,) = source_list.add(["/nowhere/digests"])
    assert str(problem) == "/nowhere/digests: does not exist; check the path"
    assert problem.is_loss
    assert not path.parent.exists()


def test_what_is_added_is_followed_in_its_order(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    file = digests / "cs.LG" / "today.md"
    assert source_list.add([str(file), str(digests)]) == ()
    assert source_list.sources() == (str(file), str(digests))
    assert SourceList(path).sources() == (str(file), str(digests))
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "sources": [{"path": str(file)}, {"path": str(digests)}],
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_paths_are_taken_from_the_working_folder(
    source_list: SourceList, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(digests / "cs.LG")
    assert source_list.add(["./today.md", "../"]) == ()
    assert source_list.sources() == (str(digests / "cs.LG" / "today.md"), str(digests))
    assert source_list.remove(["../cs.LG/today.md"]) == ()
    assert source_list.sources() == (str(digests),)


def test_links_are_kept_as_they_are_named(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(digests / "cs.LG")
    assert source_list.add([str(link)]) == ()
    assert source_list.sources() == (str(link),)
    # The folder above the link's target is the digests', not the one that holds the link.
    assert source_list.add([f"{link}/.."]) == ()
    assert source_list.sources() == (str(link), str(digests))


def test_what_is_followed_already_is_named_and_no_loss(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    neighbour = tmp_path / "digests-2025"
    neighbour.mkdir()
    problems = source_list.add(
        [str(digests), f"{digests}/", f"{digests}/cs.LG/today.md", str(neighbour)]
    )
    assert [str(problem) for problem in problems] == [
        f"{digests}/: is followed already",
        f"{digests}/cs.LG/today.md: lies under {digests}, which is followed already",
    ]
    assert not any(problem.is_loss for problem in problems)
    assert source_list.sources() == (str(digests), str(neighbour))


def test_hidden_folders_are_not_found_under_others_so_they_can_be_added(
    source_list: SourceList, digests: Path
) -> None:
    assert source_list.add([str(digests), str(digests / ".hidden")]) == ()
    assert source_list.sources() == (str(digests), str(digests / ".hidden"))


def test_everything_lies_under_the_root_folder(source_list: SourceList, tmp_path: Path) -> None:
    assert source_list.add(["/"]) == ()
    (problem,) = source_list.add([str(tmp_path)])
    assert problem.reason == "lies under /, which is followed already"


def test_what_cannot_be_a_source_is_refused_and_the_rest_added(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "lost").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    named = [tmp_path / "pipe", tmp_path / "lost", tmp_path / "loop", digests / "cs.LG/today.md/x"]
    named_texts = [*map(str, named), "", "a\0b", "\ud800"]
    problems = source_list.add([*named_texts, str(digests)])
    assert [problem.source for problem in problems] == [*named_texts[:-1], "\\ud800"]
    assert [problem.reason.split(";")[0] for problem in problems] == [
        "is no folder or file but a pipe, socket or device",
        "is a link that leads nowhere",
        "cannot be looked at (Too many levels of symbolic links)",
        "does not exist",
        "is no possible path",
        "is no possible path",
        "is no possible path",
    ]
    assert all(problem.is_loss for problem in problems)
    assert source_list.sources() == (str(digests),)


def test_removing_needs_no_folder_and_says_what_was_not_listed(
    source_list: SourceList, digests: Path
) -> None:
    source_list.add([str(digests)])
    shutil.rmtree(digests)
    problems = source_list.remove([f"{digests}/cs.LG", f"{digests}/", "", "a\0b"])
    assert [problem.reason.split(";")[0] for problem in problems] == [
        f"is no source itself but lies under {digests}, which is",
        "is not among the sources",
        "is not among the sources",
    ]
    assert source_list.sources() == ()


def test_in_a_folder_that_is_gone_only_whole_paths_mean_something(
    source_list: SourceList, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    (problem,) = source_list.add(["x", str(digests)])
    assert problem.source == "x"
    assert source_list.remove(["x"])[0].source == "x"
    assert source_list.remove([str(digests)]) == ()
    assert source_list.sources() == ()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are UTF-8")
def test_names_that_are_no_utf8_survive(
    source_list: SourceList, path: Path, tmp_path: Path
) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + "/论文-".encode() + b"\xff\xfe")
    os.mkdir(folder)  # noqa: PTH102 -- the text is what is tested
    assert source_list.add([folder]) == ()
    assert SourceList(path).sources() == (folder,)
    assert os.fsencode(SourceList(path).sources()[0]).endswith(b"-\xff\xfe")
    path.read_bytes().decode()
    (problem,) = source_list.add([folder])
    assert str(problem) == f"{tmp_path}/论文-\\xff\\xfe: is followed already"
    assert source_list.remove([folder]) == ()
    assert source_list.sources() == ()


def test_chinese_names_are_readable_in_the_file(
    source_list: SourceList, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "论文").mkdir()
    source_list.add([str(tmp_path / "论文")])
    assert "论文" in path.read_text("utf-8")


def test_what_a_later_version_added_is_kept(
    source_list: SourceList, path: Path, digests: Path, tmp_path: Path
) -> None:
    url = {"url": "https://example.org/feed", "kind": "feed"}
    folder = {"path": str(digests), "kind": "folder", "depth": 2}
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "order": "new", "sources": [url, folder, 3]}))
    assert source_list.sources() == (str(digests),)
    assert source_list.add([str(tmp_path)]) == ()
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "order": "new",
        "sources": [url, folder, 3, {"path": str(tmp_path)}],
    }
    source_list.remove([str(digests)])
    assert json.loads(path.read_text("utf-8"))["sources"] == [url, 3, {"path": str(tmp_path)}]


@pytest.mark.parametrize("entry", [{"path": "digests"}, {"path": "/a\0b"}, {"path": "/\ud800"}, 7])
def test_what_is_no_path_is_not_followed_and_told_once(
    source_list: SourceList, path: Path, entry: object
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "sources": [{"path": "/digests"}, entry]}))
    assert source_list.sources() == ("/digests",)
    assert source_list.sources() == ("/digests",)
    (notice,) = source_list.notices
    assert notice.startswith(f"{path}: this version does not understand 1 of its 2 sources")


def test_what_was_written_twice_by_hand_is_followed_once(
    source_list: SourceList, path: Path
) -> None:
    listed = ["/digests", "/papers/../more/", "/digests"]
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "sources": [{"path": each} for each in listed]}))
    assert source_list.sources() == ("/digests", "/papers/../more/")
    assert source_list.remove(["/digests"]) == ()
    assert source_list.sources() == ("/papers/../more/",)
    assert source_list.remove(["/papers/../more/"]) == ()
    assert source_list.sources() == ()


def test_what_is_so_already_is_not_written(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    source_list.add([str(digests)])
    written = path.stat()
    source_list.add([str(digests)])
    source_list.remove(["/nowhere"])
    assert path.stat().st_ino == written.st_ino
    assert path.stat().st_mtime_ns == written.st_mtime_ns


DAMAGED = {
    "empty": b"",
    "truncated": b'{"schema": 1, "sources": [{"path": "/ho',
    "not JSON": b"/home/reader/digests\n",
    "a list": b'["/home/reader/digests"]',
    "binary": bytes(range(256)) * 16,
    "zeros": b"\0" * 4096,
    "gb18030": '{"schema": 1, "sources": [{"path": "/论文"}]}'.encode("gb18030"),
    "no schema": b'{"sources": []}',
    "schema of text": b'{"schema": "1", "sources": []}',
    "schema of truth": b'{"schema": true, "sources": []}',
    "no list": b'{"schema": 1, "sources": {"path": "/home/reader/digests"}}',
    "too deep": b'{"schema": 1, "sources": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("found_by", ["reading", "adding"])
def test_a_damaged_file_is_set_aside_and_named(
    source_list: SourceList, path: Path, digests: Path, content: bytes, found_by: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    if found_by == "reading":
        assert source_list.sources() == ()
        assert not path.exists()
    assert source_list.add([str(digests)]) == ()
    assert SourceList(path).sources() == (str(digests),)
    aside = path.with_name("sources.json.damaged-20261120T093000")
    assert aside.read_bytes() == content
    (notice,) = source_list.notices
    assert str(path) in notice
    assert str(aside) in notice


def test_what_was_set_aside_is_never_overwritten(source_list: SourceList, path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first", b"second"):
        path.write_bytes(content)
        source_list.sources()
    kept = {file.read_bytes() for file in path.parent.glob("sources.json.damaged-*")}
    assert kept == {b"first", b"second"}
    assert len(source_list.notices) == 2


def test_whatever_can_be_read_can_be_written_again(path: Path, tmp_path: Path) -> None:
    """Brackets as deep as Python's reader bears: set aside or kept, never an error of Python's."""
    path.parent.mkdir()
    for depth in range(800, 1000):
        nested = "[" * depth + "]" * depth
        path.write_text(f'{{"schema": 1, "more": {nested}, "sources": []}}')
        source_list = SourceList(path)
        source_list.add([str(tmp_path)])
        assert source_list.sources() == (str(tmp_path),)
        assert bool(source_list.notices) != (path.read_text("utf-8").count("[") == depth + 1)


def test_a_byte_order_mark_is_no_damage(source_list: SourceList, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'\xef\xbb\xbf{"schema": 1, "sources": [{"path": "/digests"}]}')
    assert source_list.sources() == ("/digests",)
    assert source_list.notices == ()


def test_a_newer_schema_is_refused_and_left_alone(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    content = b'{"schema": 2, "followed": {}}'
    path.parent.mkdir()
    path.write_bytes(content)
    for attempt in (
        source_list.sources,
        lambda: source_list.add([str(digests)]),
        lambda: source_list.remove([str(digests)]),
    ):
        with pytest.raises(JsonFileError, match=r"newer digest-tui.*update digest-tui") as caught:
            attempt()
        assert str(path) in str(caught.value)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_link_to_the_file_is_followed(
    source_list: SourceList, path: Path, digests: Path, tmp_path: Path
) -> None:
    target = tmp_path / "synced" / "sources.json"
    path.parent.mkdir()
    path.symlink_to(target)
    source_list.add([str(digests)])
    assert path.is_symlink()
    assert SourceList(target).sources() == (str(digests),)
    target.write_bytes(b"torn")
    assert source_list.sources() == ()
    assert target.with_name("sources.json.damaged-20261120T093000").read_bytes() == b"torn"
    assert path.is_symlink()


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
def test_what_is_no_ordinary_file_is_refused(source_list: SourceList, path: Path, make) -> None:
    path.parent.mkdir()
    make(path)
    with pytest.raises(JsonFileError, match=r"sources\.json: it cannot be read .* try again\.$"):
        source_list.sources()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace", "open", "fchmod", "mkdir", "unlink"])
@pytest.mark.parametrize("fresh", [False, True], ids=["existing file", "new file"])
def test_a_full_disk_changes_nothing(
    path: Path, digests: Path, monkeypatch: pytest.MonkeyPatch, call: str, *, fresh: bool
) -> None:
    """Each call through which a file is written fails at its first, second … use."""
    source_list = SourceList(path)
    if not fresh:
        source_list.add([str(digests / ".hidden")])
    listed = source_list.sources()
    real = getattr(os, call)
    for failing in range(1, 20):
        before = path.read_bytes() if path.exists() else None
        uses = iter(range(1, 100))

        def refuse(*args: object, **kwargs: object) -> object:
            if next(uses) == failing:  # noqa: B023 -- called within this turn only
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, refuse)
            try:
                source_list.add([str(digests)])
            except JsonFileError as error:
                message = str(error)
            else:
                break
        assert message.startswith(f"{path}: ")
        assert "No space left on device" in message
        assert "free some space and try again" in message
        assert (path.read_bytes() if path.exists() else None) == before
        left = {file.name for file in path.parent.glob("*")}
        assert left <= {"sources.json", "sources.json.lock"}
        assert source_list.sources() == listed
    # A folder that is there already is not made again.
    assert failing > 1 or (call == "mkdir" and not fresh)
    assert SourceList(path).sources() == (*listed, str(digests))


def test_another_program_s_lock_is_waited_for_and_told(path: Path, digests: Path) -> None:
    path.parent.mkdir()
    source_list = SourceList(path, lock_timeout=0.05)
    with (
        FileLock(f"{path}.lock"),
        pytest.raises(JsonFileError, match=r"is not saved .*locked for 0\.05 seconds.*try again"),
    ):
        source_list.add([str(digests)])
    assert source_list.add([str(digests)]) == ()


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


NO_RIGHTS = """if True:
    import os, sys
    from pathlib import Path
    import filelock
    from storage.json_file import JsonFileError
    from storage.sources.registry import SourceList

    folder, path = Path(sys.argv[1]), Path(sys.argv[1], "sources.json")
    sources = SourceList(path)
    superuser = os.geteuid() == 0

    def refused(attempt, *words):
        if superuser:
            os.seteuid(65534)  # nobody: rights do not bind the superuser
        try:
            attempt()
        except JsonFileError as error:
            assert all(word in str(error) for word in (*words, str(path), "Permission")), error
        else:
            raise AssertionError("not refused")
        finally:
            if superuser:
                os.seteuid(0)

    folder.chmod(0o555)
    refused(lambda: sources.add(["/"]), "is not saved", "right to read and write")
    assert list(folder.iterdir()) == []
    folder.chmod(0o755)
    sources.add(["/"])
    path.chmod(0o644)

    before = path.read_bytes()
    folder.chmod(0o555)
    refused(lambda: sources.remove(["/"]), "is not saved", "right to read and write")
    assert path.read_bytes() == before
    folder.chmod(0o755)

    path.chmod(0o000)
    refused(sources.sources, "cannot be read", "right to read and write")
    path.chmod(0o644)

    path.write_bytes(b"torn")
    folder.chmod(0o555)
    refused(sources.sources, "damaged", "cannot be set aside")
    assert path.read_bytes() == b"torn"
    assert {file.name for file in folder.iterdir()} == {"sources.json", "sources.json.lock"}
    """


def test_missing_rights_are_told(public_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", NO_RIGHTS, public_folder], check=True)


FILE_SIZE_LIMIT = """if True:
    import resource, sys
    from pathlib import Path
    from storage.json_file import JsonFileError
    from storage.sources.registry import SourceList

    path = Path(sys.argv[1])
    sources = SourceList(path)
    sources.add(["/"])
    before = path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, resource.RLIM_INFINITY))
    try:
        sources.remove(["/"])
    except JsonFileError as error:
        assert "File too large" in str(error) and "free some space" in str(error), error
    else:
        raise AssertionError("not refused")
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {"sources.json", "sources.json.lock"}
    """


def test_a_file_size_limit_is_told(path: Path) -> None:
    subprocess.run([sys.executable, "-c", FILE_SIZE_LIMIT, path], check=True)


TOGETHER = """if True:
    import os, sys
    from pathlib import Path
    from storage.sources.registry import SourceList

    sources = SourceList(Path(sys.argv[1]), lock_timeout=20)
    for number in range(15):
        folder = Path(sys.argv[2], f"{sys.argv[3]}-{number}")
        folder.mkdir()
        assert sources.add([str(folder)]) == ()
        if number % 5 == 4:
            assert sources.remove([str(folder)]) == ()
    """


def test_two_processes_that_add_at_once_lose_nothing(path: Path, tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", TOGETHER, path, tmp_path, name]) for name in "ab"
    ]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    kept = [number for number in range(15) if number % 5 != 4]
    for name in "ab":
        mine = [source for source in SourceList(path).sources() if f"/{name}-" in source]
        assert mine == [str(tmp_path / f"{name}-{number}") for number in kept]
    assert {file.name for file in path.parent.iterdir()} == {"sources.json", "sources.json.lock"}


def test_another_process_s_sources_are_seen(path: Path, digests: Path) -> None:
    mine, other = SourceList(path), SourceList(path)
    assert mine.sources() == ()
    other.add([str(digests)])
    assert mine.sources() == (str(digests),)
    (problem,) = mine.add([str(digests)])
    assert problem.reason == "is followed already"


def test_reading_does_without_the_lock_s_library(path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from storage.sources.registry import SourceList
        SourceList(Path(sys.argv[1])).sources()
        sys.exit("filelock" in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 0

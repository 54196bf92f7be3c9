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
from storage.sources.ids import new_id
from storage.sources.registry import SourceList
from storage.sources.source import ARXIV, GIT, PATH, TEMPLATE, URL, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.sources.edits import Changes

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def at(path: str | Path, pattern: str = "") -> Source:
    """The source that a folder or file is, as looking at it returns it."""
    return Source(new_id(PATH, str(path), pattern), PATH, str(path), pattern=pattern)


def web(place: str, kind: str = URL) -> Source:
    return Source(new_id(kind, place), kind, place)


def places(source_list: SourceList) -> tuple[str, ...]:
    return tuple(source.place for source in source_list.sources())


def on_disk(path: Path) -> list[dict[str, object]]:
    items: list[dict[str, object]] = json.loads(path.read_text("utf-8"))["sources"]
    return items


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
    assert places(source_list) == ()
    (problem,) = source_list.remove(["/nowhere/digests"])
    assert str(problem) == (
        "/nowhere/digests: is not among the sources; nothing was removed for it"
    )
    assert problem.is_loss
    assert not path.parent.exists()


def test_what_is_added_is_followed_in_its_order(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    file = digests / "cs.LG" / "today.md"
    assert source_list.add([at(file), at(digests)]) == ()
    assert source_list.sources() == (at(file), at(digests))
    assert places(SourceList(path)) == (str(file), str(digests))
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "sources": [
            {"path": str(file), "id": at(file).id},
            {"path": str(digests), "id": at(digests).id},
        ],
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_removed_is_taken_from_the_working_folder(
    source_list: SourceList, digests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_list.add([at(digests / "cs.LG" / "today.md"), at(digests)])
    monkeypatch.chdir(digests)
    assert source_list.remove(["cs.LG/../cs.LG/today.md"]) == ()
    assert places(source_list) == (str(digests),)
    monkeypatch.setenv("HOME", str(digests.parent))
    assert source_list.remove(["~/digests/"]) == ()
    assert places(source_list) == ()


def test_links_are_kept_as_they_are_named(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(digests / "cs.LG")
    assert source_list.add([at(link), at(digests)]) == ()
    assert places(source_list) == (str(link), str(digests))
    # The folder above the link's target is the digests', not the one that holds the link.
    assert source_list.remove([f"{link}/.."]) == ()
    assert places(source_list) == (str(link),)


def test_what_is_followed_already_is_named_and_no_loss(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    neighbour = tmp_path / "digests-2025"
    neighbour.mkdir()
    problems = source_list.add(
        [at(digests), at(digests), at(digests / "cs.LG" / "today.md"), at(neighbour)]
    )
    assert [str(problem) for problem in problems] == [
        f"{digests}: is followed already",
        f"{digests}/cs.LG/today.md: lies under {digests}, which is followed already",
    ]
    assert not any(problem.is_loss for problem in problems)
    assert places(source_list) == (str(digests), str(neighbour))


def test_hidden_folders_are_not_found_under_others_so_they_can_be_added(
    source_list: SourceList, digests: Path
) -> None:
    assert source_list.add([at(digests), at(digests / ".hidden")]) == ()
    assert places(source_list) == (str(digests), str(digests / ".hidden"))


def test_everything_lies_under_the_root_folder(source_list: SourceList, tmp_path: Path) -> None:
    assert source_list.add([at("/")]) == ()
    (problem,) = source_list.add([at(tmp_path)])
    assert problem.reason == "lies under /, which is followed already"


def test_what_is_paused_or_has_a_pattern_covers_nothing(
    source_list: SourceList, digests: Path, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    source_list.add([at(digests)._replace(is_paused=True), at(papers, "*.json")])
    assert source_list.add([at(digests / "cs.LG"), at(papers / "a.md"), at(papers, "*.md")]) == ()
    (problem,) = source_list.add([at(digests)])
    assert str(problem) == f"{digests}: is followed already, but paused"
    assert not problem.is_loss


def test_a_pattern_in_a_folder_that_is_followed_whole_is_superfluous(
    source_list: SourceList, digests: Path
) -> None:
    (problem,) = source_list.add([at(digests), at(digests, "**/cs.LG*.md")])
    assert str(problem) == (
        f"{digests}/**/cs.LG*.md: lies under {digests}, which is followed already"
    )


@pytest.mark.parametrize(
    "impossible",
    [
        Source("id", PATH, "relative"),
        Source("id", PATH, "/a\0b"),
        Source("id", PATH, "/digests", pattern="\ud800"),
        Source("id", URL, "ftp://example.org/x"),
        Source("id", TEMPLATE, "https://example.org/no-day"),
        Source("id", TEMPLATE, "https://example.org/{date}", days=0),
        Source("id", ARXIV, ""),
        Source("../up", URL, "https://example.org/"),
        Source("", URL, "https://example.org/"),
        Source("id", "gopher", "gopher://example.org"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    source_list: SourceList, path: Path, digests: Path, impossible: Source
) -> None:
    (problem,) = source_list.add([impossible, at(digests)])
    assert problem.reason == "is no possible source; nothing was changed for it"
    assert problem.is_loss
    assert source_list.sources() == (at(digests),)
    assert source_list.restore(impossible, 0) is not None
    assert len(on_disk(path)) == 1


def test_removing_needs_no_folder_and_says_what_was_not_listed(
    source_list: SourceList, digests: Path
) -> None:
    source_list.add([at(digests)])
    shutil.rmtree(digests)
    problems = source_list.remove([f"{digests}/cs.LG", f"{digests}/", "", "a\0b"])
    assert [problem.reason.split(";")[0] for problem in problems] == [
        f"is no source itself but lies under {digests}, which is",
        "is not among the sources",
        "is not among the sources",
    ]
    assert places(source_list) == ()


def test_in_a_folder_that_is_gone_only_whole_paths_mean_something(
    source_list: SourceList, digests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    source_list.add([at(digests)])
    assert source_list.remove(["x"])[0].source == "x"
    assert source_list.remove([str(digests)]) == ()
    assert places(source_list) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names are UTF-8")
def test_names_that_are_no_utf8_survive(
    source_list: SourceList, path: Path, tmp_path: Path
) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + "/论文-".encode() + b"\xff\xfe")
    os.mkdir(folder)  # noqa: PTH102 -- the text is what is tested
    assert source_list.add([at(folder)]) == ()
    assert SourceList(path).sources() == (at(folder),)
    assert os.fsencode(places(SourceList(path))[0]).endswith(b"-\xff\xfe")
    path.read_bytes().decode()
    (problem,) = source_list.add([at(folder)])
    assert str(problem) == f"{tmp_path}/论文-\\xff\\xfe: is followed already"
    assert source_list.remove([folder]) == ()
    assert places(source_list) == ()


def test_chinese_names_are_readable_in_the_file(
    source_list: SourceList, path: Path, tmp_path: Path
) -> None:
    (tmp_path / "论文").mkdir()
    source_list.add([at(tmp_path / "论文")])
    assert "论文" in path.read_text("utf-8")


def test_what_a_later_version_added_is_kept(
    source_list: SourceList, path: Path, digests: Path, tmp_path: Path
) -> None:
    mail = {"mail": "digests@example.org"}
    folder = {"path": str(digests), "depth": 2, "id": "digests"}
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "order": "new", "sources": [mail, folder, 3]}))
    assert places(source_list) == (str(digests),)
    assert source_list.add([at(tmp_path)]) == ()
    added = {"path": str(tmp_path), "id": at(tmp_path).id}
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "order": "new",
        "sources": [mail, folder, 3, added],
    }
    assert source_list.change("digests", name="Mine", is_paused=True) is None
    changed = folder | {"name": "Mine", "paused": True}
    assert on_disk(path) == [mail, changed, 3, added]
    assert source_list.move("digests", 1) is None
    assert on_disk(path) == [mail, 3, added, changed]
    source_list.remove([str(digests)])
    assert on_disk(path) == [mail, 3, added]


@pytest.mark.parametrize(
    "entry",
    [
        {"path": "digests"},
        {"path": "/a\0b"},
        {"path": "/\ud800"},
        7,
        {},
        {"url": "ftp://example.org/"},
        {"url": "https://example.org/\n"},
        {"url": ["https://example.org/"]},
        {"template": "https://example.org/"},
        {"arxiv": ""},
        {"git": "git@example.org:digests"},
        {"path": "/papers", "url": "https://example.org/"},
        # Without the pattern, too many files would be followed.
        {"path": "/papers", "pattern": ["*.md"]},
    ],
)
def test_what_is_not_understood_is_not_followed_and_told_once(
    source_list: SourceList, path: Path, entry: object
) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "sources": [{"path": "/digests"}, entry]}))
    assert places(source_list) == ("/digests",)
    assert places(source_list) == ("/digests",)
    (notice,) = source_list.notices
    assert notice.startswith(f"{path}: this version does not understand 1 of its 2 sources")


def test_what_was_written_twice_by_hand_is_followed_once(
    source_list: SourceList, path: Path
) -> None:
    listed = ["/digests", "/papers/../more/", "/digests"]
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "sources": [{"path": each} for each in listed]}))
    assert places(source_list) == ("/digests", "/papers/../more/")
    assert source_list.remove(["/digests"]) == ()
    assert places(source_list) == ("/papers/../more/",)
    assert source_list.remove(["/papers/../more/"]) == ()
    assert places(source_list) == ()


def test_what_is_so_already_is_not_written(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    source_list.add([at(digests)])
    written = path.stat()
    source_list.add([at(digests)])
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
        assert places(source_list) == ()
        assert not path.exists()
    assert source_list.add([at(digests)]) == ()
    assert places(SourceList(path)) == (str(digests),)
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
        source_list.add([at(tmp_path)])
        assert places(source_list) == (str(tmp_path),)
        assert bool(source_list.notices) != (path.read_text("utf-8").count("[") == depth + 1)


def test_a_byte_order_mark_is_no_damage(source_list: SourceList, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'\xef\xbb\xbf{"schema": 1, "sources": [{"path": "/digests"}]}')
    assert places(source_list) == ("/digests",)
    assert source_list.notices == ()


def test_a_newer_schema_is_refused_and_left_alone(
    source_list: SourceList, path: Path, digests: Path
) -> None:
    content = b'{"schema": 2, "followed": {}}'
    path.parent.mkdir()
    path.write_bytes(content)
    for attempt in (
        source_list.sources,
        lambda: source_list.add([at(digests)]),
        lambda: source_list.remove([str(digests)]),
        lambda: source_list.restore(at(digests), 0),
        lambda: source_list.change("id", name="x"),
        lambda: source_list.move("id", 1),
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
    source_list.add([at(digests)])
    assert path.is_symlink()
    assert places(SourceList(target)) == (str(digests),)
    target.write_bytes(b"torn")
    assert places(source_list) == ()
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
        source_list.add([at(digests / ".hidden")])
    listed = places(source_list)
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
                source_list.add([at(digests)])
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
        assert places(source_list) == listed
    # A folder that is there already is not made again.
    assert failing > 1 or (call == "mkdir" and not fresh)
    assert places(SourceList(path)) == (*listed, str(digests))


def test_another_program_s_lock_is_waited_for_and_told(path: Path, digests: Path) -> None:
    path.parent.mkdir()
    source_list = SourceList(path, lock_timeout=0.05)
    with (
        FileLock(f"{path}.lock"),
        pytest.raises(JsonFileError, match=r"is not saved .*locked for 0\.05 seconds.*try again"),
    ):
        source_list.add([at(digests)])
    assert source_list.add([at(digests)]) == ()


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
    from storage.sources.source import Source

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
    refused(lambda: sources.add([Source("root", "path", "/")]), "is not saved", "right to read and write")
    assert list(folder.iterdir()) == []
    folder.chmod(0o755)
    sources.add([Source("root", "path", "/")])
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
    from storage.sources.source import Source

    path = Path(sys.argv[1])
    sources = SourceList(path)
    sources.add([Source("root", "path", "/")])
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
    from storage.sources.source import Source

    sources = SourceList(Path(sys.argv[1]), lock_timeout=20)
    for number in range(15):
        folder = Path(sys.argv[2], f"{sys.argv[3]}-{number}")
        folder.mkdir()
        assert sources.add([Source(folder.name, "path", str(folder))]) == ()
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
        mine = [place for place in places(SourceList(path)) if f"/{name}-" in place]
        assert mine == [str(tmp_path / f"{name}-{number}") for number in kept]
    assert {file.name for file in path.parent.iterdir()} == {"sources.json", "sources.json.lock"}


def test_another_process_s_sources_are_seen(path: Path, digests: Path) -> None:
    mine, other = SourceList(path), SourceList(path)
    assert places(mine) == ()
    other.add([at(digests)])
    assert places(mine) == (str(digests),)
    (problem,) = mine.add([at(digests)])
    assert problem.reason == "is followed already"


def test_reading_loads_no_more_than_it_needs(path: Path, digests: Path) -> None:
    SourceList(path).add([at(digests), web("https://example.org/feed"), web("cs.LG", ARXIV)])
    unwanted = {"filelock", "hashlib", "storage.sources.edits", "storage.sources.web"}
    code = f"""if True:
        import sys
        from pathlib import Path
        from storage.sources.registry import SourceList
        assert len(SourceList(Path(sys.argv[1])).sources()) == 3
        assert not {unwanted} & set(sys.modules)"""
    subprocess.run([sys.executable, "-c", code, path], check=True)


EVERY_KIND = (
    at("/digests", "**/cs.LG*.md")._replace(name="每日", is_paused=True),
    web("https://reader:secret@example.org/cs.LG.xml")._replace(name="Feed"),
    web("https://example.org/{date}.jsonl", TEMPLATE)._replace(days=14),
    web("https://example.org/{date}.md", TEMPLATE),
    web("cs.LG", ARXIV),
    web("search:diffusion models", ARXIV)._replace(is_paused=True),
    web("https://example.org/digests.git", GIT)._replace(with_history=True),
    web("/srv/digests.git", GIT),
)


def test_every_kind_is_written_so_that_people_can_read_it(
    source_list: SourceList, path: Path
) -> None:
    assert source_list.add(EVERY_KIND) == ()
    assert SourceList(path).sources() == EVERY_KIND
    assert [{k: v for k, v in item.items() if k != "id"} for item in on_disk(path)] == [
        {"path": "/digests", "pattern": "**/cs.LG*.md", "name": "每日", "paused": True},
        {"url": "https://reader:secret@example.org/cs.LG.xml", "name": "Feed"},
        {"template": "https://example.org/{date}.jsonl", "days": 14},
        {"template": "https://example.org/{date}.md"},
        {"arxiv": "cs.LG"},
        {"arxiv": "search:diffusion models", "paused": True},
        {"git": "https://example.org/digests.git", "history": True},
        {"git": "/srv/digests.git"},
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    problems = source_list.add(EVERY_KIND)
    assert len(problems) == len(EVERY_KIND)
    assert "secret" not in "".join(map(str, problems))


class TestIds:
    def test_what_the_first_version_wrote_has_one_that_stays(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_text('{"schema": 1, "sources": [{"path": "/digests"}, {"path": "/papers"}]}')
        first, second = SourceList(path).sources()
        path.write_text('{"schema": 1, "sources": [{"path": "/papers"}, {"path": "/digests"}]}')
        assert SourceList(path).sources() == (second, first)
        assert first.id != second.id
        # It is kept when the place, of which it was computed, is another.
        assert SourceList(path).change(first.id, place="/moved") is None
        assert SourceList(path).sources() == (second, first._replace(place="/moved"))

    @pytest.mark.parametrize("written", ["..", "a/b", "", ".hidden", 7, "x" * 101, "é"])
    def test_what_could_leave_its_folder_is_none(self, path: Path, written: object) -> None:
        path.parent.mkdir()
        item = {"url": "https://example.org/", "id": written}
        path.write_text(json.dumps({"schema": 1, "sources": [item]}))
        (source,) = SourceList(path).sources()
        assert source.id != written
        assert source.id.replace("-", "").isalnum()

    def test_no_two_sources_share_one(self, source_list: SourceList, path: Path) -> None:
        same = [web(f"https://example.org/{n}")._replace(id="feed") for n in range(3)]
        source_list.add(same)
        source_list.remove(["https://example.org/1"])
        assert source_list.restore(same[1], 0) is None
        assert [(one.place[-1], one.id) for one in source_list.sources()] == [
            ("1", "feed-2"), ("0", "feed"), ("2", "feed-3"),
        ]  # fmt: skip
        for item in (items := on_disk(path)):
            item["id"] = "same"
        path.write_text(json.dumps({"schema": 1, "sources": items}))
        assert [one.id for one in source_list.sources()] == ["same", "same-2", "same-3"]


class TestRemove:
    @pytest.mark.parametrize(
        ("named", "index"),
        [
            ("/digests/**/cs.LG*.md", 0),
            ("/digests", 0),
            ("每日", 0),
            ("https://reader:secret@example.org/cs.LG.xml", 1),
            ("HTTPS://Example.org:443/cs.LG.xml#top", 1),
            ("Feed", 1),
            ("https://example.org/{date}.jsonl", 2),
            ("https://example.org/%7Bdate%7D.jsonl", 2),
            ("arxiv:cs.LG", 4),
            ("cs.LG", 4),
            ("arxiv:search:diffusion  models", 5),
            ("git+https://example.org/digests.git/", 6),
            ("git+file:///srv/digests.git", 7),
            ("/srv/digests.git", 7),
            *((source.id, n) for n, source in enumerate(EVERY_KIND)),
        ],
    )
    def test_by_whatever_names_it(self, source_list: SourceList, named: str, index: int) -> None:
        source_list.add(EVERY_KIND)
        assert source_list.remove([named]) == ()
        assert source_list.sources() == (*EVERY_KIND[:index], *EVERY_KIND[index + 1 :])

    def test_what_may_be_several_is_asked_back(self, source_list: SourceList) -> None:
        one, two = (web(f"https://h.example/{n}")._replace(name="arXiv") for n in "ab")
        source_list.add([one, two])
        (problem,) = source_list.remove(["arXiv"])
        assert problem.reason == (
            "could be any of 2 sources, so none was removed;"
            f" name one by its id: {one.id}, {two.id}"
        )
        assert source_list.remove([two.id]) == ()
        assert source_list.remove(["arXiv"]) == ()
        assert source_list.sources() == ()

    def test_the_password_may_be_left_out_but_tells_two_apart(
        self, source_list: SourceList
    ) -> None:
        one, two = (web(f"https://{name}:secret@example.org/x") for name in ("one", "two"))
        source_list.add([one, two])
        (problem,) = source_list.remove(["https://example.org/x"])
        assert problem.reason.startswith("could be any of 2")
        assert source_list.remove([one.place]) == ()
        (problem,) = source_list.remove([one.place.replace("/x", "/y")])
        assert str(problem).startswith("https://example.org/y: is not among the sources")
        assert source_list.remove(["https://example.org/x"]) == ()

    def test_a_path_goes_before_a_name(self, source_list: SourceList) -> None:
        source_list.add([at("/papers"), at("/digests")._replace(name="/papers")])
        source_list.remove(["/papers"])
        assert places(source_list) == ("/digests",)
        source_list.remove([""])
        assert places(source_list) == ("/digests",)


class TestChange:
    @pytest.mark.parametrize(
        ("index", "fields"),
        [
            (0, {"name": "Today", "is_paused": False}),
            (0, {"pattern": "", "name": ""}),
            (1, {"place": "https://example.net/moved.xml"}),
            (2, {"days": 30}),
            (6, {"with_history": False}),
        ],
    )
    def test_one_field_leaves_the_others(
        self, source_list: SourceList, index: int, fields: Changes
    ) -> None:
        source_list.add(EVERY_KIND)
        before = EVERY_KIND[index]
        assert source_list.change(before.id, **fields) is None
        after = before._replace(**fields)
        assert source_list.sources() == (*EVERY_KIND[:index], after, *EVERY_KIND[index + 1 :])

    @pytest.mark.parametrize(
        ("index", "fields", "reason"),
        [
            (1, {"place": "https:"}, "is no possible source"),
            (1, {"days": 3}, "is no possible source"),
            (2, {"days": 0}, "is no possible source"),
            (2, {"place": "https://example.org/{date}.md"}, "is followed already"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, source_list: SourceList, path: Path, index: int, fields: Changes, reason: str
    ) -> None:
        source_list.add(EVERY_KIND)
        written = path.read_bytes()
        problem = source_list.change(EVERY_KIND[index].id, **fields)
        assert problem is not None
        assert problem.reason.startswith(reason)
        assert path.read_bytes() == written

    def test_what_another_process_removed_is_told(self, path: Path) -> None:
        mine, other = SourceList(path), SourceList(path)
        mine.add(EVERY_KIND)
        other.remove([EVERY_KIND[0].id])
        for problem in (mine.change(EVERY_KIND[0].id, name="x"), mine.move(EVERY_KIND[0].id, 1)):
            assert problem is not None
            assert problem.reason == "is not among the sources any more; nothing was changed"
        assert mine.sources() == EVERY_KIND[1:]

    def test_what_is_so_already_is_not_written(self, source_list: SourceList, path: Path) -> None:
        source_list.add(EVERY_KIND)
        written = path.stat()
        assert source_list.change(EVERY_KIND[1].id, name="Feed") is None
        assert source_list.move(EVERY_KIND[0].id, -1) is None
        assert path.stat().st_ino == written.st_ino


class TestOrder:
    @pytest.mark.parametrize(
        ("moved", "by", "order"),
        [
            ("a", 1, "bacd"), ("a", 2, "bcad"), ("d", -1, "abdc"), ("d", -9, "dabc"),
            ("b", 9, "acdb"), ("c", 0, "abcd"),
        ],
    )  # fmt: skip
    def test_a_source_moves_past_others(
        self, source_list: SourceList, path: Path, moved: str, by: int, order: str
    ) -> None:
        path.parent.mkdir()
        # What is not understood, or is listed twice, is not counted.
        items = [*({"path": f"/{name}", "id": name} for name in "abacd")]
        path.write_text(json.dumps({"schema": 1, "sources": [7, items[0], 8, *items[1:]]}))
        assert source_list.move(moved, by) is None
        assert "".join(source.id for source in source_list.sources()) == order

    @pytest.mark.parametrize("index", range(len(EVERY_KIND)))
    def test_what_was_removed_comes_back_to_its_place(
        self, source_list: SourceList, path: Path, index: int
    ) -> None:
        source_list.add(EVERY_KIND)
        source_list.remove([EVERY_KIND[index].id])
        assert source_list.restore(EVERY_KIND[index], index) is None
        assert source_list.sources() == EVERY_KIND
        problem = source_list.restore(EVERY_KIND[index], 0)
        assert problem is not None
        assert not problem.is_loss
        assert source_list.sources() == EVERY_KIND

    def test_a_place_that_is_no_more_is_the_end(self, source_list: SourceList) -> None:
        source_list.add(EVERY_KIND[:2])
        assert source_list.restore(EVERY_KIND[2], 7) is None
        assert source_list.restore(EVERY_KIND[3], -7) is None
        assert source_list.sources() == (EVERY_KIND[3], *EVERY_KIND[:3])


def test_two_thousand_feeds_are_added_at_once(source_list: SourceList) -> None:
    feeds = [web(f"https://example.org/{n}/feed.xml") for n in range(2000)]
    assert source_list.add(feeds) == ()
    assert source_list.sources()[-1].place == feeds[-1].place
    assert len({source.id for source in source_list.sources()}) == 2000

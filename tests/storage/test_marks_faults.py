"""What the disk can do to marks: damage, refusals at any system call, no space, no rights."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.errors import MarksError
from storage.marks.model import UNMARKED, MarkChange, MarkField
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LASP = PaperKey("2404.02882")
OTHER = PaperKey("2403.07471")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def star(key: PaperKey) -> MarkChange:
    return MarkChange(key, MarkField.STARRED, value=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "marks.json"


@pytest.fixture
def store(path: Path) -> TinyDBMarkStore:
    store = TinyDBMarkStore(path, clock=lambda: NOON)
    store.apply([star(LASP)])
    return store


def stamped(**stamp: object) -> bytes:
    meta = {"application": "digest-tui", "content": "marks", "schema": 1} | stamp
    return json.dumps({"meta": {"1": meta}, "papers": {}}).encode()


DAMAGED = {
    "empty": b"",
    "zeros": b"\0" * 4096,
    "torn": b'{"meta": {"1": {"application": "digest-tui", "content": "ma',
    "gb18030": '{"meta": {"1": {"note": "值得细读"}}}'.encode("gb18030"),
    "utf-16": stamped().decode().encode("utf-16"),
    "a list": b"[1, 2]",
    "no tables": b'{"meta": 3}',
    "no documents": b'{"meta": {"1": 3}}',
    "another TinyDB file": b'{"_default": {"1": {"task": "buy milk"}}}',
    "another application": stamped(application="todo"),
    "other content": stamped(content="settings"),
    "no schema": stamped(schema="1"),
    "ids that are no numbers": stamped()[:-2] + b'{"x": {"paper": "2404.02882"}}}',
    "ids that are one number": stamped()[:-2] + b'{"1": {}, "01": {}}}',
    "too deep": b'{"meta": {"1": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_set_aside_and_named(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    store = TinyDBMarkStore(path, clock=lambda: NOON)
    aside = path.with_name("marks.json.damaged-20260701T120000")
    assert aside.read_bytes() == content
    (notice,) = store.notices
    assert str(path) in notice
    assert str(aside) in notice
    assert dict(store.items()) == {}
    store.apply([star(LASP)])
    assert TinyDBMarkStore(path).get(LASP).starred
    assert aside.read_bytes() == content


def test_what_was_set_aside_is_never_overwritten(path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first", b"second", b"third"):
        path.write_bytes(content)
        TinyDBMarkStore(path, clock=lambda: NOON)
    kept = {file.read_bytes() for file in path.parent.glob("marks.json.damaged-*")}
    assert kept == {b"first", b"second", b"third"}


def test_a_linked_damaged_file_is_set_aside_where_it_lies(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "synced.json"
    target.write_bytes(b"torn")
    path.parent.mkdir()
    path.symlink_to(target)
    store = TinyDBMarkStore(path, clock=lambda: NOON)
    assert (tmp_path / "synced.json.damaged-20260701T120000").read_bytes() == b"torn"
    store.apply([star(LASP)])
    assert path.is_symlink()
    assert TinyDBMarkStore(target).get(LASP).starred


def test_a_byte_order_mark_is_no_damage(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbf" + stamped())
    assert TinyDBMarkStore(path).notices == ()


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damage_while_open_is_mended_from_memory(
    path: Path, store: TinyDBMarkStore, content: bytes
) -> None:
    path.write_bytes(content)
    assert store.refresh() == frozenset()
    assert TinyDBMarkStore(path).get(LASP).starred
    assert path.with_name("marks.json.damaged-20260701T120000").read_bytes() == content
    assert len(store.notices) == 1


def test_damage_found_by_a_change_is_mended_from_memory(path: Path, store: TinyDBMarkStore) -> None:
    path.write_bytes(b"torn")
    store.apply([star(OTHER)])
    again = TinyDBMarkStore(path)
    assert again.get(LASP).starred
    assert again.get(OTHER).starred


def test_a_newer_schema_is_refused_and_left_alone(path: Path, store: TinyDBMarkStore) -> None:
    content = stamped(schema=2)
    path.write_bytes(content)
    for attempt in (
        lambda: TinyDBMarkStore(path),
        store.refresh,
        lambda: store.apply([star(OTHER)]),
        lambda: store.apply([star(OTHER)]),
    ):
        with pytest.raises(MarksError, match=r"newer digest-tui.*update digest-tui"):
            attempt()
    assert path.read_bytes() == content
    assert dict(store.items()).keys() == {LASP}
    assert {file.name for file in path.parent.iterdir()} == {"marks.json", "marks.json.lock"}


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/null")


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [_folder, _pipe, _device, _loop])
def test_what_is_no_ordinary_file_is_refused(path: Path, make: Callable[[Path], None]) -> None:
    path.parent.mkdir()
    make(path)
    with pytest.raises(MarksError, match="cannot be read"):
        TinyDBMarkStore(path)
    assert list(path.parent.iterdir()) == [path]
    assert Path("/dev/null").is_char_device()


# The calls through which a file is written. Each is made to fail at its first, second … use,
# until a change gets through.
CALLS = ["fsync", "replace", "open", "fchmod", "mkdir", "unlink"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fresh", [False, True], ids=["existing file", "new file"])
def test_any_refusal_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, *, fresh: bool
) -> None:
    store = TinyDBMarkStore(path)
    if not fresh:
        store.apply([star(LASP)])
        store.warm_up()
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
                store.apply([star(OTHER)])
            except MarksError as error:
                message = str(error)
            else:
                break
        assert str(path) in message
        assert "No space left on device" in message
        assert "free some space and try again" in message
        assert store.get(OTHER) == UNMARKED
        assert (path.read_bytes() if path.exists() else None) == before
        left = {file.name for file in path.parent.glob("*")}
        assert left <= {"marks.json", "marks.json.lock"}
    assert failing < 19
    assert TinyDBMarkStore(path).get(OTHER).starred
    assert store.get(OTHER).starred


def test_refusals_were_met() -> None:
    """The test above would pass untried if the file were written through other calls."""
    code = """if True:
        import collections, os, sys
        from pathlib import Path
        import filelock
        from storage.marks.model import MarkChange, MarkField
        from storage.marks.tinydb_store import TinyDBMarkStore
        used = collections.Counter()
        def counted(name, real):
            def call(*args, **kwargs):
                used[name] += 1
                return real(*args, **kwargs)
            return call
        for name in sys.argv[2:]:
            setattr(os, name, counted(name, getattr(os, name)))
        store = TinyDBMarkStore(Path(sys.argv[1]))
        store.apply([MarkChange("2404.02882", MarkField.READ, True)])
        assert all(used[name] for name in sys.argv[2:]), used
        assert used["fsync"] >= 3, used"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "new", "marks.json")
        subprocess.run([sys.executable, "-c", code, path, *CALLS], check=True)


def test_a_filesystem_that_cannot_sync_folders_is_borne(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    TinyDBMarkStore(path).apply([star(LASP)])
    assert TinyDBMarkStore(path).get(LASP).starred


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
    from storage.errors import MarksError
    from storage.marks.model import MarkChange, MarkField
    from storage.marks.tinydb_store import TinyDBMarkStore

    folder, path = Path(sys.argv[1]), Path(sys.argv[1], "marks.json")
    star = lambda key: [MarkChange(key, MarkField.STARRED, True)]
    superuser = os.geteuid() == 0

    def refused(attempt, *words):
        if superuser:
            os.seteuid(65534)  # nobody: rights do not bind the superuser
        try:
            attempt()
        except MarksError as error:
            assert all(word in str(error) for word in (*words, str(path), "Permission")), error
        else:
            raise AssertionError("not refused")
        finally:
            if superuser:
                os.seteuid(0)

    store = TinyDBMarkStore(path)
    store.warm_up()
    store.apply(star("2404.02882"))
    path.chmod(0o644)
    before = path.read_bytes()

    folder.chmod(0o555)
    refused(lambda: store.apply(star("2403.07471")), "is not saved", "right to read and write")
    assert path.read_bytes() == before
    assert not store.get("2403.07471").starred
    folder.chmod(0o755)
    store.apply(star("2403.07471"))

    path.chmod(0o000)
    refused(lambda: TinyDBMarkStore(path), "cannot be read", "right to read and write")
    path.chmod(0o644)

    path.write_bytes(b"torn")
    folder.chmod(0o555)
    refused(lambda: TinyDBMarkStore(path), "damaged", "cannot be set aside")
    assert path.read_bytes() == b"torn"
    folder.chmod(0o755)
    assert {file.name for file in folder.iterdir()} == {"marks.json", "marks.json.lock"}
    """


def test_missing_rights_are_told(public_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", NO_RIGHTS, public_folder], check=True)


FILE_SIZE_LIMIT = """if True:
    import resource, sys
    from pathlib import Path
    from storage.errors import MarksError
    from storage.marks.model import MarkChange, MarkField
    from storage.marks.tinydb_store import TinyDBMarkStore

    path = Path(sys.argv[1])
    note = lambda text: [MarkChange("2404.02882", MarkField.NOTE, text)]
    store = TinyDBMarkStore(path)
    store.apply(note("short"))
    before = path.read_bytes()
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    try:
        store.apply(note("long " * 10_000))
    except MarksError as error:
        assert "File too large" in str(error) and "free some space" in str(error), error
    else:
        raise AssertionError("not refused")
    assert path.read_bytes() == before
    assert store.get("2404.02882").note == "short"
    assert {file.name for file in path.parent.iterdir()} == {"marks.json", "marks.json.lock"}
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.apply(note("long " * 10_000))
    assert TinyDBMarkStore(path).get("2404.02882").note == "long " * 10_000
    """


def test_a_file_size_limit_is_told(path: Path) -> None:
    subprocess.run([sys.executable, "-c", FILE_SIZE_LIMIT, path], check=True)

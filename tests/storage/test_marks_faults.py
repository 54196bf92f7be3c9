"""What the disk can do to this device's own files: they vanish, go back, are refused or full."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.errors import MarksError
from storage.marks.journaled import journal as framing
from storage.marks.model import UNMARKED
from storage.marks.opening import open_marks
from storage.marks.sharing.stamps import Stamp
from tests.marks import DEVICE, marks_on_disk, place_in, store_in
from tests.storage.marking import (
    LASP,
    NAMELESS,
    NOON,
    OLD,
    OTHER,
    compact,
    compacted,
    contents,
    journal,
    names,
    note,
    read,
    star,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.marks.tinydb_store import TinyDBMarkStore

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> TinyDBMarkStore:
    """A star in the compacted file, a note in the journal."""
    store = store_in(tmp_path)
    store.apply([star(LASP)])
    compact(tmp_path)
    store.apply([note(OLD, "值得细读")])
    return store


def check_all(store: TinyDBMarkStore, *more: str) -> None:
    assert store.keys() == {LASP, OLD, *more}
    assert store.get(LASP).starred
    assert store.get(OLD).note == "值得细读"


# Files and folders that vanish, or go back


@pytest.mark.parametrize("gone", [["json"], ["2.journal"], ["json", "2.journal"]], ids=" and ".join)
@pytest.mark.parametrize("is_noticed", [False, True])
def test_vanished_files_are_written_again_with_all_marks(
    tmp_path: Path, store: TinyDBMarkStore, gone: list[str], *, is_noticed: bool
) -> None:
    for name in gone:
        (tmp_path / "marks" / f"{DEVICE}.{name}").unlink()
    for _ in range(2 * is_noticed):
        assert store.refresh() == frozenset()
    check_all(store)
    store.apply([star(OTHER)])
    check_all(store, OTHER)
    check_all(store_in(tmp_path), OTHER)
    assert marks_on_disk(tmp_path / "marks").keys() == {LASP, OLD, OTHER}
    # From here on it goes as ever.
    before = compacted(tmp_path).stat()
    store.apply([star(NAMELESS)])
    assert compacted(tmp_path).stat() == before
    check_all(store_in(tmp_path), OTHER, NAMELESS)


def test_what_began_anew_meanwhile_is_joined(tmp_path: Path, store: TinyDBMarkStore) -> None:
    """One reader is open while the files go, another is opened after that."""
    for path in (tmp_path / "marks").iterdir():
        path.unlink()
    assert store.refresh() == frozenset()
    young = store_in(tmp_path)
    assert dict(young.items()) == {}
    young.apply([read(LASP), star(OTHER)])
    assert store.refresh() == {LASP, OTHER}
    store.apply([read(NAMELESS)])
    young.refresh()
    for each in (store, young, store_in(tmp_path)):
        check_all(each, OTHER, NAMELESS)
        assert each.get(LASP).read
    compact(tmp_path)
    check_all(store_in(tmp_path), OTHER, NAMELESS)


def test_a_vanished_folder_is_not_made_again(tmp_path: Path, store: TinyDBMarkStore) -> None:
    """A drive that was unmounted must not get a second, empty life underneath."""
    folder = tmp_path / "marks"
    before = contents(tmp_path)
    away = folder.rename(tmp_path / "away")
    for _ in range(2):
        assert store.refresh() == frozenset()
        with pytest.raises(MarksError, match=r"folder has vanished.*bring its folder back"):
            store.apply([star(OTHER)])
    assert not folder.exists()
    check_all(store)
    away.rename(folder)
    assert contents(tmp_path) == before
    store.apply([star(OTHER)])
    check_all(store_in(tmp_path), OTHER)
    # One change, one line: what was there did not need to be written again.
    assert contents(tmp_path)[f"{DEVICE}.json"] == before[f"{DEVICE}.json"]


def test_a_folder_that_vanishes_in_the_midst_of_a_change(
    tmp_path: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before, real = tmp_path / "marks", contents(tmp_path), os.write

    def write(descriptor: int, data: bytes) -> int:
        if folder.exists():
            folder.rename(tmp_path / "away")
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(MarksError, match=r"not saved.*bring its folder back"):
            store.apply([star(OTHER)])
    (tmp_path / "away").rename(folder)
    # Nothing that was refused comes back with the folder.
    assert contents(tmp_path) == before
    check_all(store)
    store.refresh()
    check_all(store)


def test_an_empty_folder_that_vanishes_is_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "marks").mkdir()
    store = store_in(tmp_path)
    (tmp_path / "marks").rmdir()
    with pytest.raises(MarksError, match="folder has vanished"):
        store.apply([star(LASP)])
    assert not (tmp_path / "marks").exists()


def test_an_older_version_that_comes_back_takes_nothing_away(
    tmp_path: Path, store: TinyDBMarkStore
) -> None:
    """As a program does that restores a file, or another machine that was behind."""
    old = contents(tmp_path)
    compact(tmp_path)
    store.apply([star(OLD), note(OTHER, "new")])
    compact(tmp_path)
    store.refresh()
    for name in names(tmp_path):
        (tmp_path / "marks" / name).unlink()
    for name, content in old.items():
        (tmp_path / "marks" / name).write_bytes(content)
    for _ in range(2):
        assert store.refresh() == frozenset()
        check_all(store, OTHER)
    store.apply([read(LASP)])
    for each in (store, store_in(tmp_path)):
        check_all(each, OTHER)
        assert each.get(OLD).starred
        assert each.get(OTHER).note == "new"
        assert each.get(LASP).read
    compact(tmp_path)
    assert marks_on_disk(tmp_path / "marks").keys() == {LASP, OLD, OTHER}


def test_an_older_compacted_file_beside_later_journals(
    tmp_path: Path, store: TinyDBMarkStore
) -> None:
    old = compacted(tmp_path).read_bytes()
    compact(tmp_path)
    store.apply([star(OTHER)])
    compacted(tmp_path).write_bytes(old)
    assert store.refresh() == frozenset()
    check_all(store, OTHER)
    store.apply([read(NAMELESS)])
    check_all(store_in(tmp_path), OTHER, NAMELESS)


def test_an_older_journal_that_comes_back_takes_nothing_away(
    tmp_path: Path, store: TinyDBMarkStore
) -> None:
    old = journal(tmp_path, 2).read_bytes()
    store.apply([star(OTHER)])
    journal(tmp_path, 2).write_bytes(old)
    store.refresh()
    check_all(store, OTHER)
    store.apply([read(NAMELESS)])
    check_all(store_in(tmp_path), OTHER, NAMELESS)


def test_journals_that_were_compacted_may_come_back(tmp_path: Path, store: TinyDBMarkStore) -> None:
    """Their fields would go back to what they were, if they were read again."""
    store.apply([star(OLD)])
    old = journal(tmp_path, 2).read_bytes()
    store.apply([star(OLD, value=False), note(LASP, "new")])
    compact(tmp_path)
    journal(tmp_path, 2).write_bytes(old)
    for each in (store, store_in(tmp_path)):
        each.refresh()
        assert not each.get(OLD).starred
        assert each.get(LASP).note == "new"
    compact(tmp_path)
    assert names(tmp_path) == {f"{DEVICE}.json", f"{DEVICE}.4.journal"}


# What is no file of this version


def newer(folder: Path, store: TinyDBMarkStore, name: str) -> None:
    """A later digest-tui writes the compacted file, or a journal."""
    about = {"application": "digest-tui", "content": "marks", "schema": 3, "device": DEVICE}
    if name == "json":
        compacted(folder).write_text(json.dumps({"meta": {"1": about}, "papers": {}}), "utf-8")
    else:
        journal(folder, 3).write_bytes(framing.encode(about) + framing.encode({"new": ["form"]}))


@pytest.mark.parametrize("name", ["json", "journal"])
def test_a_newer_schema_is_refused_and_left_alone(
    tmp_path: Path, store: TinyDBMarkStore, name: str
) -> None:
    newer(tmp_path, store, name)
    before = contents(tmp_path)
    for attempt in (
        lambda: store_in(tmp_path),
        store.refresh,
        lambda: store.apply([star(OTHER)]),
        lambda: store.apply([star(OTHER)]),
    ):
        with pytest.raises(MarksError, match=r"newer digest-tui.*update digest-tui"):
            attempt()
    assert contents(tmp_path) == before
    check_all(store)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/null")


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make", [_folder, _pipe, _device, _loop])
@pytest.mark.parametrize("place", [compacted, journal])
def test_what_is_no_ordinary_file_is_refused(
    tmp_path: Path, make: Callable[[Path], None], place: Callable[[Path], Path]
) -> None:
    path = place(tmp_path)
    path.parent.mkdir()
    make(path)
    with pytest.raises(MarksError, match="cannot be read"):
        store_in(tmp_path)
    assert list(path.parent.iterdir()) == [path]
    assert Path("/dev/null").is_char_device()


# Refusals

# The calls through which a change is written. Each is made to fail at its first, second … use,
# until a change gets through.
CALLS = ["write", "fsync", "open", "replace", "fchmod", "mkdir", "ftruncate"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fresh", [False, True], ids=["existing files", "new files"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT], ids=errno.errorcode.get)
def test_any_refusal_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, *, fresh: bool
) -> None:
    store = store_in(tmp_path)
    if not fresh:
        store.apply([star(LASP)])
        store.warm_up()
    real = getattr(os, call)
    for failing in count(1):
        before = contents(tmp_path) if (tmp_path / "marks").exists() else {}
        uses = count(1)

        def refuse(*args: Any, uses: Any = uses, failing: int = failing, **options: Any) -> Any:
            if next(uses) == failing:
                raise OSError(code, os.strerror(code))
            return real(*args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, refuse)
            try:
                store.apply([star(OTHER)])
            except MarksError as error:
                message = str(error)
            else:
                break
        assert str(tmp_path) in message
        assert os.strerror(code) in message
        assert ("see to the disk" if code == errno.EIO else "free some space") in message
        assert "and try again" in message
        store.refresh()
        assert store.get(OTHER) == UNMARKED
        after = contents(tmp_path) if (tmp_path / "marks").exists() else {}
        # A journal may have been begun; nothing is in it.
        empty = {name for name in after.keys() - before.keys() if after[name].count(b"\n") == 1}
        assert {name: after[name] for name in after.keys() - empty} == before
        assert store_in(tmp_path).get(OTHER) == UNMARKED
    assert failing < 19
    assert store_in(tmp_path).get(OTHER).starred
    assert store.get(OTHER).starred
    store.apply([read(OTHER)])
    assert store_in(tmp_path).get(OTHER).read
    assert store_in(tmp_path).notices == store.notices == ()


def test_refusals_were_met(tmp_path: Path) -> None:
    """The test above would pass untried if the files were written through other calls."""
    code = """if True:
        import collections, os, sys
        from pathlib import Path
        import filelock
        from tests.marks import store_in
        from tests.storage.marking import read
        used = collections.Counter()
        def counted(name, real):
            def call(*args, **kwargs):
                used[name] += 1
                return real(*args, **kwargs)
            return call
        for name in sys.argv[2:]:
            setattr(os, name, counted(name, getattr(os, name)))
        store = store_in(Path(sys.argv[1]))
        store.apply([read("2404.02882")])
        assert all(used[name] for name in sys.argv[2:] if name != "ftruncate"), used
        assert used["fsync"] >= 3, used
        def refuse(descriptor):
            raise OSError(5, "Input/output error")
        os.fsync = refuse
        try:
            store.apply([read("2404.02883")])
        except Exception as error:
            assert used["ftruncate"], (error, used)"""
    command = [sys.executable, "-c", code, str(tmp_path / "new"), *CALLS]
    subprocess.run(command, check=True, cwd=PROJECT)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_takes_half_a_line(
    tmp_path: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before, real, uses = contents(tmp_path), os.write, count()

    def write(descriptor: int, data: bytes) -> int:
        if next(uses):
            raise OSError(code, os.strerror(code))
        return real(descriptor, data[: len(data) // 2])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        with pytest.raises(MarksError):
            store.apply([star(OTHER)])
    assert contents(tmp_path) == before
    store.apply([star(NAMELESS)])
    check_all(store_in(tmp_path), NAMELESS)
    assert store_in(tmp_path).notices == ()


def test_what_was_refused_and_cannot_be_taken_back_is_not_shown(
    tmp_path: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        patch.setattr(os, "ftruncate", refuse)
        for _ in range(2):
            with pytest.raises(MarksError, match="Input/output error"):
                store.apply([star(OTHER)])
            assert store.refresh() == frozenset()
            check_all(store)
    store.apply([star(NAMELESS)])
    check_all(store, NAMELESS)
    check_all(store_in(tmp_path), NAMELESS)
    assert store_in(tmp_path).notices == ()


def test_a_disk_that_cannot_be_read_back_is_no_refusal(
    tmp_path: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on the disk is not to be told as refused."""
    real, uses = os.pread, count()

    def pread(*args: Any) -> bytes:
        if next(uses):
            return real(*args)
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", pread)
        store.apply([star(OTHER)])
    store.refresh()
    check_all(store, OTHER)
    check_all(store_in(tmp_path), OTHER)


def test_a_filesystem_that_cannot_sync_folders_is_borne(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    store_in(tmp_path).apply([star(LASP)])
    compact(tmp_path)
    assert store_in(tmp_path).get(LASP).starred


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(folder)


NO_RIGHTS = """if True:
    import os, sys
    from pathlib import Path
    from storage.errors import MarksError
    from storage.marks.opening import open_marks
    from storage.marks.tinydb_store import TinyDBMarkStore
    from tests.marks import place_in, store_in
    from tests.storage.marking import compact, compacted, contents, journal, names, star

    home = Path(sys.argv[1])
    folder = home / "marks"
    superuser = os.geteuid() == 0

    def without_rights(attempt):
        if superuser:
            os.seteuid(65534)  # nobody: rights do not bind the superuser
        try:
            return attempt()
        finally:
            if superuser:
                os.seteuid(0)

    def refused(attempt, *words):
        try:
            without_rights(attempt)
        except MarksError as error:
            words = (*words, str(home), "Permission", "right to read and write")
            assert all(word in str(error) for word in words), error
        else:
            raise AssertionError("not refused")

    def mode(path, bits):
        path.chmod(bits)

    store = store_in(home)
    store.warm_up()
    store.apply([star("2404.00001")])
    compact(home)
    for path in (home / "marks.lock", home / "marks.compacting.lock"):
        path.chmod(0o666)
    path = journal(home, 2)

    # The journal becomes read-only while it is open, and is opened so.
    path.chmod(0o644)
    compacted(home).chmod(0o644)
    folder.chmod(0o555)
    store.storage.close()
    without_rights(store.refresh)
    before = contents(home)
    refused(lambda: store.apply([star("2404.00002")]), "is not saved")
    assert contents(home) == before
    assert not store.get("2404.00002").starred
    young = without_rights(lambda: store_in(home))
    assert young.get("2404.00001").starred
    # As soon as it may be written again, it is.
    path.chmod(0o666)
    without_rights(lambda: store.apply([star("2404.00002")]))
    assert store_in(home).get("2404.00002").starred

    # A folder in which no file can be made keeps changes all the same, but is not compacted.
    store, tidying = open_marks(place_in(home))
    refused(tidying.run, "are not compacted")
    without_rights(lambda: store.apply([star("2404.00003")]))
    assert store_in(home).get("2404.00003").starred
    assert names(home) == {"laptop-test.json", "laptop-test.2.journal"}

    # A folder that cannot even be looked into: what is known stays on the screen.
    folder.chmod(0o000)
    for attempt in (store.refresh, lambda: store_in(home)):
        refused(attempt, "cannot be read")
    refused(lambda: store.apply([star("2404.00004")]), "is not saved")
    assert store.get("2404.00003").starred
    folder.chmod(0o777)
    store.apply([star("2404.00005")])
    assert store_in(home).keys() == {f"2404.0000{number}" for number in (1, 2, 3, 5)}

    # It is taken away in the midst of a change: what is refused does not come back with it.
    real = os.write
    def write(descriptor, data):
        if superuser:
            os.seteuid(0)
        folder.chmod(0o000)
        if superuser:
            os.seteuid(65534)
        return real(descriptor, data)
    os.write = write
    refused(lambda: store.apply([star("2404.00006")]), "is not saved")
    os.write = real
    folder.chmod(0o777)
    store.refresh()
    for each in (store, store_in(home)):
        assert each.keys() == {f"2404.0000{number}" for number in (1, 2, 3, 5)}

    # Damage that cannot be set aside.
    compacted(home).write_bytes(b"torn")
    folder.chmod(0o555)
    refused(lambda: store_in(home), "cannot be read")
    assert compacted(home).read_bytes() == b"torn"
    folder.chmod(0o755)
    """


def test_missing_rights_are_told(public_folder: Path) -> None:
    subprocess.run([sys.executable, "-c", NO_RIGHTS, public_folder], check=True, cwd=PROJECT)


FILE_SIZE_LIMIT = """if True:
    import resource, sys
    from pathlib import Path
    from storage.errors import MarksError
    from storage.marks.opening import open_marks
    from tests.marks import place_in, store_in
    from tests.storage.marking import contents, note

    home = Path(sys.argv[1])
    store, tidying = open_marks(place_in(home))
    change = lambda text: [note("2404.02882", text)]
    store.apply(change("short"))
    before = contents(home)

    def refused(attempt):
        try:
            attempt()
        except MarksError as error:
            assert "File too large" in str(error) and "free some space" in str(error), error
        else:
            raise AssertionError("not refused")

    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    refused(lambda: store.apply(change("long " * 10_000)))
    assert contents(home) == before
    assert store.get("2404.02882").note == "short"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.apply(change("long " * 10_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    refused(tidying.run)
    store.apply([note("2403.07471", "short")])
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tidying.run()
    again = store_in(home)
    assert again.get("2404.02882").note == "long " * 10_000
    assert again.get("2403.07471").note == "short"
    assert set(contents(home)) == {"laptop-test.json", "laptop-test.3.journal"}
    """


def test_a_file_size_limit_is_told(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FILE_SIZE_LIMIT, tmp_path], check=True, cwd=PROJECT)


# Clocks


def test_a_clock_that_is_set_back_by_a_year(tmp_path: Path) -> None:
    """What is changed later counts, whatever the wall says; also after a restart."""
    now = [NOON]
    store, tidying = open_marks(place_in(tmp_path), lambda: now[0])
    store.apply([star(LASP), note(LASP, "first")])
    now[0] -= timedelta(days=365)
    store.apply([star(LASP, value=False), note(LASP, "second")])
    for _ in range(2):
        store, tidying = open_marks(place_in(tmp_path), lambda: now[0])
        assert (store.get(LASP).starred, store.get(LASP).note) == (False, "second")
        tidying.run()
    store.apply([star(LASP), note(LASP, "third")])
    row = marks_on_disk(tmp_path / "marks")[LASP]
    assert Stamp.parse(row["starred_at"]) == Stamp(NOON, 2, DEVICE)
    # On another device, whose clock is right, it counts in the same order.
    other = open_marks(place_in(tmp_path, "server-test"), lambda: now[0])[0]
    assert (other.get(LASP).starred, other.get(LASP).note) == (True, "third")
    other.apply([star(LASP, value=False)])
    store.refresh()
    assert not store.get(LASP).starred

"""What disks, hands and other processes do to the catalogue: it is said, and nothing is lost.

The catalogue can be made again from the documents at any time; the marks cannot, so in each of these
tests a store of marks lies beside it and must stay as it is, byte by byte.
"""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tracemalloc
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.library import opening, schema
from storage.library.catalogue import open_catalogue
from storage.library.mirror import Mirror
from storage.library.opening import CatalogueError
from storage.library.schema import SCHEMA, connect
from storage.marks.model import MarkChange, MarkField
from storage.model import PaperKey
from storage.refresh import found, reading, refresh
from storage.refresh.run import run_refresh
from storage.sources.files import bytes_of, digest_from
from tests.benchmarks.generator import write_digests
from tests.marks import store_in
from tests.storage.catalogues import (
    digest_file,
    everything,
    from_scratch,
    key,
    keys_in,
    problems_of,
)
from tests.storage.refreshing import outcome_of, start, task_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.marks.tinydb_store import TinyDBMarkStore
    from storage.model import Digest
    from storage.refresh.outcome import Outcome
    from storage.sources.files import SourceFile

ROOT = Path(__file__).resolve().parents[2]
ONE = PaperKey(key(1))


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[TinyDBMarkStore]:
    """Lay marks beside the catalogue; whatever the test does they stay as they are."""
    folder = tmp_path / "marks"
    store = store_in(folder)
    store.apply([
        MarkChange(ONE, MarkField.STARRED, value=True),
        MarkChange(PaperKey(key(2)), MarkField.NOTE, "值得细读"),
    ])  # fmt: skip
    store.apply([MarkChange(PaperKey(key(3)), MarkField.READ, value=True)])
    before = {path.name: path.read_bytes() for path in (folder / "marks").iterdir()}
    assert before
    yield store
    assert {path.name: path.read_bytes() for path in (folder / "marks").iterdir()} == before
    assert store_in(folder).notices == ()


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "catalogue.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some digests, one paper in several of them."""
    made = tmp_path / "digests"
    for day in range(1, 9):
        digest_file(made / f"2024-04-{day:02}.md", day, day + 1, day + 30)
    return made


def is_sentence(text: str, *parts: object) -> bool:
    """Tell whether a text is one line that names these parts, and no traceback."""
    assert [part for part in parts if str(part) not in text] == []
    return text.isprintable() and text[-1] in ".)" and "Error" not in text


# --- damage -------------------------------------------------------------------------------------


def rubbish(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (dish, minutes)")
        connection.execute("INSERT INTO recipe VALUES ('dumplings', 40)")
        connection.commit()


def without(what: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"DROP TABLE {what}")

    return spoil


def truncated(length: int) -> Callable[[Path], None]:
    """Cut the file to a length, or by as much if it is negative."""

    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:length])

    return cut


def filled(content: bytes) -> Callable[[Path], None]:
    def fill(path: Path) -> None:
        path.write_bytes(content)

    return fill


def spoiled(first: int, last: int) -> Callable[[Path], None]:
    """Fill the file with rubbish between two pages."""

    def spoil(path: Path) -> None:
        data = path.read_bytes()
        begin, end = first * 4096, min(last * 4096, len(data))
        path.write_bytes(data[:begin] + rubbish(end - begin) + data[end:])

    return spoil


DAMAGE: dict[str, Callable[[Path], None]] = {
    **{f"cut to {n}": truncated(n) for n in (1, 16, 99, 100, 1024, 4095, 4096, 4097, 50_000)},
    "cut by a page": truncated(-4096),
    "cut by a page and a bit": truncated(-4097),
    "text": filled("一个普通的文本文件\n".encode()),
    "rubbish": filled(rubbish(200_000)),
    "zeros": filled(bytes(200_000)),
    "rubbish behind a header": spoiled(1, 1000),
    "a header of rubbish": spoiled(0, 1),
    "another database": another_database,
    "a table is missing": without("appearance"),
    "no index": without("search"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_catalogue_is_set_aside_and_built_anew(
    catalogue: Path, folder: Path, store: TinyDBMarkStore, damage: Callable[[Path], None]
) -> None:
    run_refresh(catalogue, [str(folder)])
    Mirror(catalogue, store.get).repair(store.items())
    whole = everything(catalogue)
    damage(catalogue)
    left = catalogue.read_bytes()
    digest_file(folder / "2024-04-08.md", 8, 9, 50)
    reader_says(catalogue)
    assert catalogue.read_bytes() == left

    outcome = run_refresh(catalogue, [str(folder)])
    aside = catalogue.with_name("catalogue.sqlite3.damaged")
    assert outcome.error == ""
    assert is_sentence(outcome.notice, catalogue, "damaged", "built anew", aside.name, "marks")
    assert aside.read_bytes() == left
    assert everything(catalogue) == from_scratch(folder)
    assert run_refresh(catalogue, [str(folder)]).notice == ""
    # What the marks say is read from them again.
    assert Mirror(catalogue, store.get).repair(store.items()) == 3
    assert everything(catalogue)["marks"] == whole["marks"]


def reader_says(catalogue: Path) -> str:
    """Read what can be read; return what cannot be, which must be said in a known way."""
    told = ""
    try:
        with closing(open_catalogue(catalogue)) as opened:
            for number in range(40):
                opened.head(number)
                opened.papers.paper(number)
            opened.problems()
    except CatalogueError as error:
        told = str(error)
    except (sqlite3.Error, ValueError) as error:
        return str(error)
    assert not told or is_sentence(told, catalogue, "no index of your digests that could be read")
    return told


@pytest.mark.parametrize("content", [b"", None], ids=["empty", "without tables"])
def test_a_catalogue_that_was_only_begun_is_made_without_a_word(
    catalogue: Path, folder: Path, content: bytes | None
) -> None:
    catalogue.parent.mkdir()
    if content is None:
        with closing(connect(catalogue, mode="rwc")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    else:
        catalogue.write_bytes(content)
    assert "no index of your digests" in reader_says(catalogue)
    assert run_refresh(catalogue, [str(folder)])[1:3] == ("", "")
    assert everything(catalogue) == from_scratch(folder)
    assert [path.name for path in catalogue.parent.glob("*damaged*")] == []


def test_whichever_page_is_damaged_a_refresh_ends_and_a_rebuild_mends_all(
    catalogue: Path, folder: Path
) -> None:
    run_refresh(catalogue, [str(folder)])
    data = catalogue.read_bytes()
    digest_file(folder / "2024-04-08.md", 8, 9, 50)
    whole = from_scratch(folder)
    noticed = 0
    for page in range(len(data) // 4096):
        catalogue.write_bytes(data)
        spoiled(page, page + 1)(catalogue)
        reader_says(catalogue)
        outcome = run_refresh(catalogue, [str(folder)])
        assert outcome.error == ""
        if outcome.notice:
            noticed += 1
            assert everything(catalogue) == whole
        else:
            # That page was not needed; whoever meets it later asks for a rebuild.
            assert run_refresh(catalogue, [str(folder)], rebuild=True).error == ""
            assert everything(catalogue) == whole
    assert noticed > page // 2


def test_flipped_bits_are_told_in_a_known_way(catalogue: Path, folder: Path) -> None:
    run_refresh(catalogue, [str(folder)])
    data, told = catalogue.read_bytes(), 0
    for seed in range(150):
        chance, spoilt = random.Random(seed), bytearray(data)
        for _ in range(20):
            spoilt[chance.randrange(4096, len(data))] ^= 1 << chance.randrange(8)
        catalogue.write_bytes(spoilt)
        told += reader_says(catalogue) != ""
    assert told > 25


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("d.issued", "NULL"),
        ("d.issued", str(2**62)),
        ("d.issued", "'x'"),
        ("a.type", "'unheard of'"),
        ("t.data", "7"),
        ("t.data", "NULL"),
        ("t.data", "x'00'"),
    ],
)
def test_a_value_of_another_kind_is_damage(
    catalogue: Path, folder: Path, column: str, value: str
) -> None:
    run_refresh(catalogue, [str(folder)])
    name, field = column.split(".")
    table = {"d": "document", "a": "appearance", "t": "text"}[name]
    with closing(connect(catalogue, mode="rw")) as connection:
        connection.execute("PRAGMA writable_schema = 1")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(replace(sql, 'NOT NULL', ''), 'INTEGER,', ',')"
            f" WHERE name = '{table}'"
        )
    with closing(connect(catalogue, mode="rw")) as connection:
        connection.execute(f"UPDATE {table} SET {field} = {value}")
    with closing(open_catalogue(catalogue)) as opened, pytest.raises(ValueError, match=r"."):
        opened.papers.paper(1)
    for day in range(1, 9):
        digest_file(folder / f"2024-04-{day:02}.md", day, day + 1, day + 60)
    outcome = run_refresh(catalogue, [str(folder)])
    assert outcome.error == ""
    assert "built anew" in outcome.notice
    assert everything(catalogue) == from_scratch(folder)


def test_a_folder_of_any_name_can_hold_the_catalogue(tmp_path: Path, folder: Path) -> None:
    for name in (b"caf\xe9 \xff", b"100%?#&", "缓存".encode()):
        path = tmp_path / os.fsdecode(name) / "catalogue.sqlite3"
        assert run_refresh(path, [str(folder)])[1:3] == ("", "")
        again = run_refresh(path, [str(folder)])
        assert (again.progress.changed, *again[1:3]) == (0, "", "")
        assert everything(path) == from_scratch(folder)
        assert len(list(path.parent.iterdir())) == 2  # the lock


# --- other versions -----------------------------------------------------------------------------


def set_schema(path: Path, version: int) -> None:
    with closing(connect(path, mode="rw")) as connection:
        connection.execute(f"PRAGMA user_version = {version}")


def test_a_catalogue_from_the_future_is_left_alone(
    catalogue: Path, folder: Path, store: TinyDBMarkStore
) -> None:
    run_refresh(catalogue, [str(folder)])
    set_schema(catalogue, SCHEMA + 1)
    with closing(connect(catalogue, mode="rw")) as connection:
        connection.execute("ALTER TABLE paper RENAME TO work")
    before = catalogue.read_bytes()
    with pytest.raises(CatalogueError) as caught:
        open_catalogue(catalogue)
    own = catalogue.with_name(f"catalogue.schema-{SCHEMA}.sqlite3")
    assert is_sentence(str(caught.value), own, "no index")

    for _ in range(2):
        outcome = run_refresh(catalogue, [str(folder)])
        assert outcome.error == ""
        assert is_sentence(outcome.notice, catalogue, "newer digest-tui", "left alone", "beside")
        assert everything(own) == from_scratch(folder)
        with closing(open_catalogue(catalogue)) as opened:
            assert (opened.path, opened.paper_count()) == (own, 17)
    assert Mirror(own, store.get).repair(store.items()) == 3
    assert run_refresh(catalogue, [str(folder)], rebuild=True).error == ""
    assert keys_in(own) == sorted(key(n) for n in (*range(1, 10), *range(31, 39)))
    assert catalogue.read_bytes() == before
    assert not catalogue.with_name("catalogue.sqlite3.damaged").exists()


@pytest.mark.parametrize("older", ["schema", "Unicode"])
def test_a_catalogue_of_an_older_kind_is_made_again(
    catalogue: Path, folder: Path, older: str
) -> None:
    run_refresh(catalogue, [str(folder)])
    if older == "schema":
        set_schema(catalogue, SCHEMA - 1)
    else:
        with closing(connect(catalogue, mode="rw")) as connection:
            connection.execute("UPDATE meta SET value = '2.0' WHERE name = 'unicode'")
    assert "of another version" in reader_says(catalogue)
    outcome = run_refresh(catalogue, [str(folder)])
    assert (outcome.progress.done, outcome.notice, outcome.error) == (8, "", "")
    assert everything(catalogue) == from_scratch(folder)
    assert len(list(catalogue.parent.iterdir())) == 2  # nothing is set aside


# --- no room, no right, no turn -----------------------------------------------------------------

CANNOT = ("the index of your digests cannot be written", "your marks are not touched")
MAKE_ROOM = "make room or give yourself the right to write there"


def leave_room(monkeypatch: pytest.MonkeyPatch, pages: int) -> None:
    """Let catalogues grow by no more than so many pages of 4,096 bytes."""

    def narrow(
        path: Path, *, mode: str = "ro", patience: float | None = None
    ) -> sqlite3.Connection:
        connection = connect(path, mode=mode, patience=patience)
        (used,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + pages}")
        return connection

    monkeypatch.setattr(opening, "connect", narrow)


@pytest.mark.parametrize("pages", [1, 10, 25])
def test_a_full_disk_is_told_and_a_new_catalogue_is_made_once_there_is_room(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    with monkeypatch.context() as patch:
        leave_room(patch, pages)
        outcome = run_refresh(catalogue, [str(folder)])
    assert is_sentence(outcome.error, catalogue, *CANNOT, "disk is full", MAKE_ROOM)
    assert run_refresh(catalogue, [str(folder)])[1:3] == ("", "")
    assert everything(catalogue) == from_scratch(folder)


def test_a_disk_that_fills_up_keeps_all_that_was_known(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_refresh(catalogue, [str(folder)])
    known, before = keys_in(catalogue), everything(catalogue)
    for day in range(1, 29):
        digest_file(folder / f"2024-05-{day:02}.md", *range(day, 300, 7))
    monkeypatch.setattr(refresh, "_FIRST_BATCH_SECONDS", 0)
    monkeypatch.setattr(refresh, "_BATCH_SECONDS", 0)
    for pages in (0, 15, 15):
        with monkeypatch.context() as patch:
            leave_room(patch, pages)
            outcome = run_refresh(catalogue, [str(folder)])
        assert is_sentence(outcome.error, catalogue, *CANNOT, "disk is full")
        if pages == 0:
            assert everything(catalogue) == before
        assert set(keys_in(catalogue)) >= set(known)
        known = keys_in(catalogue)
        assert everything(catalogue)["papers"]
    assert len(known) > len(before["rows"])  # type: ignore[arg-type]
    assert run_refresh(catalogue, [str(folder)])[1:3] == ("", "")
    assert everything(catalogue) == from_scratch(folder)
    assert [path.name for path in catalogue.parent.glob("*damaged*")] == []


def test_a_process_that_may_write_no_more_says_so(catalogue: Path, folder: Path) -> None:
    """The kernel refuses here, in the middle of a write."""
    for day in range(1, 9):
        digest_file(folder / f"2024-05-{day:02}.md", *range(day, 400, 3))
    for limit in (0, 3_000, 60_000, 300_000):
        process = start(
            task_of(catalogue, folder),
            cwd=ROOT,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),  # noqa: B023 -- run at once, no threads
        )
        out, complaint = process.communicate()
        assert (process.returncode, complaint) == (1, "")
        error = outcome_of(out.splitlines()).error
        assert is_sentence(error, catalogue, *CANNOT, MAKE_ROOM)
        if limit == 0:
            assert catalogue.stat().st_size == 0
    assert run_refresh(catalogue, [str(folder)])[1:3] == ("", "")
    assert everything(catalogue) == from_scratch(folder)


def test_marks_that_cannot_be_mirrored_are_mirrored_later(
    catalogue: Path, folder: Path, store: TinyDBMarkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_refresh(catalogue, [str(folder)])
    to = Mirror(catalogue, store.get)
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.01)
    to.note([ONE])
    with another_process(catalogue, "BEGIN IMMEDIATE"):
        attempts: list[Callable[[], object]] = [to.flush, lambda: to.repair(store.items())]
        for attempt in attempts:
            with pytest.raises(CatalogueError) as caught:
                attempt()
            assert is_sentence(
                str(caught.value),
                catalogue,
                "not up to date",
                "locked",
                "marks themselves are safe",
            )
    assert everything(catalogue)["marks"] == []
    to.flush()
    assert [row[0] for row in everything(catalogue)["marks"]] == [ONE]  # type: ignore[attr-defined]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    catalogue = tmp_path / "file" / "cache" / "catalogue.sqlite3"
    outcome = run_refresh(catalogue, [str(folder)])
    assert is_sentence(outcome.error, catalogue, *CANNOT, "Not a directory", MAKE_ROOM)
    assert "no index of your digests" in reader_says(catalogue)
    (tmp_path / "catalogue.sqlite3").mkdir()
    outcome = run_refresh(tmp_path / "catalogue.sqlite3", [str(folder)])
    assert is_sentence(outcome.error, tmp_path / "catalogue.sqlite3", *CANNOT)
    assert (tmp_path / "file").read_text() == "no folder"


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's are not."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o755)
    yield made
    for path in (made, *made.rglob("*/")):
        path.chmod(0o755)
    shutil.rmtree(made)


NO_RIGHTS = """if True:
    import json, os, sys
    from contextlib import closing
    from pathlib import Path
    from storage.refresh.outcome import Outcome
    from storage.library.catalogue import open_catalogue
    from storage.library.mirror import Mirror
    from storage.library.opening import CatalogueError
    from storage.marks import Marks
    from storage.refresh.run import run_refresh

    if os.geteuid() == 0:
        import parsy, storage.bilingual.checks.kinds, storage.refresh.refresh, storage.sources.files
        os.setuid(65534)  # nobody: rights do not bind the superuser
    catalogue, folder = Path(sys.argv[1]), sys.argv[2]
    told = {"refresh": run_refresh(catalogue, [folder]).error}
    told["rebuild"] = run_refresh(catalogue, [folder], rebuild=True).error
    to = Mirror(catalogue, lambda key: Marks(read=True))
    to.note(["2404.00001"])
    try:
        to.flush()
    except CatalogueError as error:
        told["mirror"] = str(error)
    with closing(open_catalogue(catalogue)) as opened:
        told["papers"] = [opened.papers.paper(number).title.en for number in (1, 2)]
    print(json.dumps(told))
    """


@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open elsewhere"])
def test_a_catalogue_on_a_disk_that_is_not_writable_is_read(
    public_folder: Path, *, is_open: bool
) -> None:
    folder, cache = public_folder / "digests", public_folder / "cache"
    digest_file(folder / "2024-04-01.md", 1, 2)
    catalogue = cache / "catalogue.sqlite3"
    run_refresh(catalogue, [str(folder)])
    elsewhere = open_catalogue(catalogue) if is_open else None
    for path in (catalogue, *cache.iterdir()):
        path.chmod(0o444)
    cache.chmod(0o555)
    before = catalogue.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", NO_RIGHTS, catalogue, folder],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    assert told.pop("papers") == ["Title 1", "Title 2"]
    assert is_sentence(told["refresh"], catalogue, *CANNOT, "Permission denied", MAKE_ROOM)
    assert told["rebuild"] == told["refresh"]
    assert is_sentence(told["mirror"], catalogue, "not up to date", "marks themselves are safe")
    assert catalogue.read_bytes() == before
    if elsewhere is not None:
        elsewhere.close()


# A process that has the catalogue for itself until its input ends.
HOLDING = """if True:
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    for statement in sys.argv[2:]:
        connection.execute(statement)
    print("held", flush=True)
    sys.stdin.read()
    """


@contextmanager
def another_process(catalogue: Path, *statements: str) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, catalogue, *statements],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.communicate("")


EVERYTHING = ("PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE", "DELETE FROM meta")


@pytest.mark.parametrize(
    ("statements", "is_readable"),
    [(("BEGIN EXCLUSIVE", "DELETE FROM paper"), True), (EVERYTHING, False)],
    ids=["for writing", "altogether"],
)
def test_a_locked_catalogue_is_told_of_and_used_once_it_is_free(
    catalogue: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    statements: tuple[str, ...],
    *,
    is_readable: bool,
) -> None:
    run_refresh(catalogue, [str(folder)])
    whole = everything(catalogue)
    digest_file(folder / "2024-04-09.md", 9, 70)
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.01)
    with another_process(catalogue, *statements):
        said_by_reader = reader_says(catalogue)
        assert ("locked" in said_by_reader) != is_readable
        if is_readable:
            assert len(keys_in(catalogue)) == 17
        outcome = run_refresh(catalogue, [str(folder)])
        assert is_sentence(outcome.error, catalogue, *CANNOT, "database is locked")
        assert outcome.notice == ""
    assert everything(catalogue) == whole
    assert run_refresh(catalogue, [str(folder)])[1:3] == ("", "")
    assert everything(catalogue) == from_scratch(folder)
    assert [path.name for path in catalogue.parent.glob("*damaged*")] == []


# --- folders of other things --------------------------------------------------------------------

KINDS = {
    "txt": "买菜、取信\n".encode(),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "html": b"<!doctype html><title>A recipe</title><p>Dumplings.",
    "json": b'{"dish": "dumplings", "minutes": 40}',
    "dat": b"",
}


def test_thousands_of_other_files_are_opened_once_and_told_of_by_folder(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 400
    for kind, content in KINDS.items():
        (folder / kind).mkdir()
        for number in range(count):
            (folder / kind / f"{number:04}.{kind}").write_bytes(content)
    opened: list[str] = []
    parsed: list[str] = []

    def opening_(file: SourceFile) -> bytes:
        opened.append(file.path)
        return bytes_of(file)

    def parsing(data: bytes, file: SourceFile) -> Digest:
        parsed.append(file.path)
        return digest_from(data, file)

    monkeypatch.setattr(found, "_AT_ONCE", 250)
    monkeypatch.setattr(reading, "bytes_of", opening_)
    monkeypatch.setattr(reading, "digest_from", parsing)
    outcome = run_refresh(catalogue, [str(folder)])
    assert outcome[1:3] == ("", "")
    assert outcome.progress[:3] == (5 * count + 8, 5 * count + 8, 17)
    assert len(opened) == len(set(opened)) == 5 * count + 8
    assert not [path for path in parsed if path.endswith(".png")]
    assert problems_of(catalogue) == [
        f"{folder}/{kind}: 400 files are no digests and left out:"
        f" 0000.{kind}, 0001.{kind}, 0002.{kind} …"
        for kind in sorted(KINDS)
    ]
    opened.clear()
    tracemalloc.start()
    assert run_refresh(catalogue, [str(folder)]).progress.changed == 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert opened == []
    assert peak < 200 * 5 * count  # bytes; each name alone would be as much


def test_links_in_a_circle_are_walked_once(catalogue: Path, folder: Path) -> None:
    (folder / "deep" / "deeper").mkdir(parents=True)
    digest_file(folder / "deep" / "deeper" / "2024-04-09.md", 9, 70)
    (folder / "deep" / "deeper" / "up").symlink_to(folder)
    (folder / "deep" / "again").symlink_to("../deep")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "self").symlink_to("self")
    outcome = run_refresh(catalogue, [str(folder), str(folder / "deep" / "deeper" / "up")])
    assert outcome[1:3] == ("", "")
    assert (outcome.progress.done, outcome.progress.papers) == (9, 18)
    assert problems_of(catalogue) == [
        f"{folder}/{name}: could not be read: Too many levels of symbolic links"
        for name in ("one", "self", "two")
    ]
    run_refresh(catalogue, [str(folder / "self")])
    (problem,) = problems_of(catalogue)
    assert problem == f"{folder}/self: could not be read: Too many levels of symbolic links"
    # Where one cannot look nothing is known to be gone, and elsewhere it is.
    assert keys_in(catalogue) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_folder_that_cannot_be_looked_into_keeps_its_papers(
    catalogue: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    digest_file(folder / "private" / "2024-04-09.md", 9, 70)
    digest_file(folder / "2024-04-10.md", 90)
    run_refresh(catalogue, [str(folder)])
    (folder / "2024-04-10.md").unlink()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path == f"{folder}/private":
            raise OSError(number, os.strerror(number), path)
        return scandir(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        outcome = run_refresh(catalogue, [str(folder)])
    assert (outcome.error, outcome.progress.changed) == ("", 1)
    assert key(70) in keys_in(catalogue)
    assert key(90) not in keys_in(catalogue)
    (problem,) = problems_of(catalogue)
    assert is_sentence(f"{problem}.", f"{folder}/private: the folder ")
    assert ("permissions" if number == errno.EACCES else os.strerror(number)) in problem
    run_refresh(catalogue, [str(folder)])
    assert problems_of(catalogue) == []
    assert everything(catalogue) == from_scratch(folder)


# --- processes ----------------------------------------------------------------------------------


def started(catalogue: Path, folder: Path, *, rebuild: bool = False) -> subprocess.Popen[str]:
    return start(task_of(catalogue, folder, rebuild=rebuild), cwd=ROOT)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "digests"
    folder.mkdir()
    write_digests(folder, 200)
    return folder


@pytest.fixture(scope="module")
def complete(library: Path) -> dict[str, object]:
    return from_scratch(library)


@pytest.mark.parametrize("seed", [1, 2, 4, 7])
def test_a_refresh_that_is_killed_loses_nothing_and_the_next_completes_it(
    catalogue: Path, library: Path, complete: dict[str, object], seed: int
) -> None:
    chance = random.Random(seed)
    known: list[str] = []
    if seed % 2:
        some = sorted(str(path) for path in library.iterdir())[::2]
        run_refresh(catalogue, some)
        known = keys_in(catalogue)
    process = started(catalogue, library)
    assert process.stdout is not None
    for _ in range(chance.randint(0, 3)):
        process.stdout.readline()
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.random() * 0.06)
    process.kill()
    process.wait()
    process.stdout.close()

    if catalogue.exists():
        # A reader sees whole papers, each as it was before or as it will be.
        assert reader_says(catalogue) in ("", NOT_YET.format(catalogue))
    if known:
        assert set(keys_in(catalogue)) >= set(known)
        assert everything(catalogue)["papers"]
    assert run_refresh(catalogue, [str(library)])[1:3] == ("", "")
    assert_same(everything(catalogue), complete)
    left = {path.name for path in catalogue.parent.iterdir()}
    assert left == {"catalogue.sqlite3", "catalogue.sqlite3.lock"}


NOT_YET = "{}: there is no index of your digests that could be read (it is of another version)"


def assert_same(one: dict[str, object], other: dict[str, object]) -> None:
    """Compare paper by paper, so that a failure names the first that differs."""
    papers, others = one["papers"], other["papers"]
    assert isinstance(papers, dict)
    assert isinstance(others, dict)
    assert papers.keys() == others.keys()
    for each, paper in papers.items():
        assert paper == others[each]
    assert one == other


def finished(process: subprocess.Popen[str]) -> Outcome:
    out, _ = process.communicate()
    assert process.returncode == 0
    return outcome_of(out.splitlines())


def test_two_refreshes_at_once_do_the_work_once(
    catalogue: Path, library: Path, complete: dict[str, object]
) -> None:
    told = [finished(process) for process in [started(catalogue, library) for _ in "ab"]]
    assert [outcome[1:3] for outcome in told] == [("", "")] * 2
    assert sorted(outcome.progress.done > 0 for outcome in told) == [False, True]
    assert_same(everything(catalogue), complete)


def test_a_refresh_takes_over_from_one_that_is_killed(
    catalogue: Path, library: Path, complete: dict[str, object]
) -> None:
    first = started(catalogue, library)
    assert first.stdout is not None
    first.stdout.readline()
    second = started(catalogue, library)
    first.kill()
    first.communicate()
    assert finished(second)[1:3] == ("", "")
    assert_same(everything(catalogue), complete)


def test_a_rebuild_and_a_refresh_at_once_end_with_all_there_is(
    catalogue: Path, library: Path, complete: dict[str, object]
) -> None:
    run_refresh(catalogue, [str(path) for path in sorted(library.iterdir())[:9]])
    with closing(open_catalogue(catalogue)) as reader:
        before = reader.paper_count()
        both = [started(catalogue, library, rebuild=True), started(catalogue, library)]
        told = [finished(process).notice for process in both]
        # Who has the old one open reads on in it and is told that there is another.
        assert reader.papers.paper(1) is not None
        assert reader.is_replaced()
        assert reader.paper_count() >= before
    (notice,) = filter(None, told)
    assert is_sentence(notice, catalogue, "built anew")
    assert_same(everything(catalogue), complete)

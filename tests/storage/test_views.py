"""Saved views and the ignore list: their names, and what disks and other processes do to the file."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from storage.json_file import JsonFileError
from storage.views import SavedView, ViewError, Views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "views.json"


@pytest.fixture
def views(path: Path) -> Views:
    return Views(path, clock=lambda: MORNING)


def test_at_first_there_is_nothing_and_nothing_is_made(views: Views, path: Path) -> None:
    assert views.views() == ()
    assert views.ignore == ""
    with pytest.raises(ViewError, match="no view named 'Transport'"):
        views.remove("Transport")
    views.set_ignore("")
    assert not path.parent.exists()


def test_views_are_kept_in_the_order_of_saving(views: Views, path: Path) -> None:
    views.save("Transport", "title:transport -is:read")
    views.save("线性注意力", '"线性注意力" OR "linear attention"')
    expected = (
        SavedView("Transport", "title:transport -is:read"),
        SavedView("线性注意力", '"线性注意力" OR "linear attention"'),
    )
    assert views.views() == expected
    assert Views(path).views() == expected
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "ignore": "",
        "views": [
            {"name": "Transport", "filter": "title:transport -is:read"},
            {"name": "线性注意力", "filter": '"线性注意力" OR "linear attention"'},
        ],
    }
    assert "线性注意力" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_name_is_replaced_where_it_stands_whatever_its_capitals(views: Views) -> None:
    for name in ("Transport", "Straße", "Stars"):
        views.save(name, "is:starred")
    views.save("  transport ", "title:transport")
    views.save("STRASSE", "title:road")
    assert views.views() == (
        SavedView("transport", "title:transport"),
        SavedView("STRASSE", "title:road"),
        SavedView("Stars", "is:starred"),
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is blank"),
        (" \t\u3000", "is blank"),
        ("值" * 201, "has 201 characters, 200 are the limit"),
        ("two\nlines", "is more than one line"),
        ("two\u2028lines", "is more than one line"),
        ("bell\a", "holds a control character"),
        ("\x1b[31mred", "holds a control character"),
        ("\x9b31mred", "holds a control character"),
    ],
)
def test_a_name_that_cannot_be_is_refused(views: Views, name: str, reason: str) -> None:
    views.save("Stars", "is:starred")
    with pytest.raises(ViewError, match=f"its name {reason}; choose another"):
        views.save(name, "is:read")
    with pytest.raises(ViewError, match=f"its name {reason}; choose another"):
        views.rename("Stars", name)
    assert views.views() == (SavedView("Stars", "is:starred"),)


def test_a_long_name_of_one_line_is_kept(views: Views) -> None:
    views.save("值\u3000" * 98 + "论👩‍🔬", "")
    assert views.views() == (SavedView("值\u3000" * 98 + "论👩‍🔬", ""),)


def test_a_view_is_removed_by_its_name_whatever_its_capitals(views: Views) -> None:
    views.save("Transport", "title:transport")
    views.save("Stars", "is:starred")
    views.remove("TRANSPORT ")
    assert views.views() == (SavedView("Stars", "is:starred"),)
    with pytest.raises(ViewError, match="no view named 'Transport'; nothing was changed"):
        views.remove("Transport")


def test_a_renamed_view_stays_where_it_stands(views: Views) -> None:
    views.save("Transport", "title:transport")
    views.save("Stars", "is:starred")
    views.rename("transport", "Optimal transport")
    views.rename("Stars", "STARS")
    expected = (SavedView("Optimal transport", "title:transport"), SavedView("STARS", "is:starred"))
    assert views.views() == expected
    with pytest.raises(ViewError, match="a view named 'stars' already"):
        views.rename("Optimal transport", "stars")
    with pytest.raises(ViewError, match="no view named 'Transport'"):
        views.rename("Transport", "Roads")
    assert views.views() == expected


def test_the_ignore_list_is_kept_beside_the_views(views: Views, path: Path) -> None:
    views.save("Stars", "is:starred")
    views.set_ignore("cat:q-fin.* OR title:综述")
    assert views.ignore == "cat:q-fin.* OR title:综述"
    assert Views(path).ignore == "cat:q-fin.* OR title:综述"
    assert views.views() == (SavedView("Stars", "is:starred"),)
    views.set_ignore("")
    assert views.ignore == ""


def test_what_a_later_version_added_is_kept(views: Views, path: Path) -> None:
    stars = {"name": "Stars", "filter": "is:starred", "icon": "★"}
    smart = {"name": "Smart", "model": "nearest"}
    path.parent.mkdir()
    path.write_text(json.dumps({"schema": 1, "theme": "dark", "views": [smart, stars, None]}))
    assert views.views() == (SavedView("Stars", "is:starred"),)
    (notice,) = views.notices
    assert notice.startswith(f"{path}: this version does not understand 2 of its 3 views")
    views.save("stars", "is:starred is:unread")
    views.rename("stars", "New stars")
    views.save("Notes", "has:note")
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        "ignore": "",
        "theme": "dark",
        "views": [
            smart,
            {"name": "New stars", "filter": "is:starred is:unread", "icon": "★"},
            None,
            {"name": "Notes", "filter": "has:note"},
        ],
    }


def test_of_one_name_written_twice_by_hand_the_first_counts(views: Views, path: Path) -> None:
    path.parent.mkdir()
    twice = [{"name": " Stars", "filter": "is:starred"}, {"name": "stars", "filter": "is:read"}]
    path.write_text(json.dumps({"schema": 1, "views": twice}))
    assert views.views() == (SavedView("Stars", "is:starred"),)
    views.remove("stars")
    assert views.views() == ()


DAMAGED = {
    "truncated": b'{"schema": 1, "ignore": "", "views": [{"name": "St',
    "not JSON": b"Stars = is:starred\n",
    "a list": b'[{"name": "Stars", "filter": "is:starred"}]',
    "binary": bytes(range(256)) * 16,
    "no schema": b'{"views": []}',
    "ignore of another type": b'{"schema": 1, "ignore": [], "views": []}',
    "views of another type": b'{"schema": 1, "ignore": "", "views": null}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("found_by", ["reading views", "reading ignore", "saving"])
def test_a_damaged_file_is_set_aside_and_named(
    views: Views, path: Path, content: bytes, found_by: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    if found_by == "reading views":
        assert views.views() == ()
    elif found_by == "reading ignore":
        assert views.ignore == ""
    views.save("Stars", "is:starred")
    assert Views(path).views() == (SavedView("Stars", "is:starred"),)
    aside = path.with_name("views.json.damaged-20261120T093000")
    assert aside.read_bytes() == content
    (notice,) = views.notices
    assert str(path) in notice
    assert str(aside) in notice


def test_a_newer_schema_is_refused_and_left_alone(views: Views, path: Path) -> None:
    content = b'{"schema": 2, "feeds": []}'
    path.parent.mkdir()
    path.write_bytes(content)
    attempts: list[Callable[[], object]] = [
        views.views,
        lambda: views.ignore,
        lambda: views.save("Stars", "is:starred"),
        lambda: views.rename("Stars", "New stars"),
        lambda: views.remove("Stars"),
        lambda: views.set_ignore("is:read"),
    ]
    for attempt in attempts:
        with pytest.raises(JsonFileError, match=r"views\.json: a newer digest-tui.*schema 2"):
            attempt()
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_full_disk_changes_nothing(
    views: Views, path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    views.save("Stars", "is:starred")
    views.set_ignore("is:cut")
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    attempts: list[Callable[[], None]] = [
        lambda: views.save("Notes", "has:note"),
        lambda: views.rename("Stars", "New stars"),
        lambda: views.remove("Stars"),
        lambda: views.set_ignore("is:read"),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        for attempt in attempts:
            with pytest.raises(JsonFileError, match=r"is not saved \(No space left on device\)"):
                attempt()
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {"views.json", "views.json.lock"}
    views.save("Notes", "has:note")
    assert [view.name for view in views.views()] == ["Stars", "Notes"]


def test_a_read_only_folder_is_told(
    views: Views, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views.save("Stars", "is:starred")
    real = os.open

    def refuse(name: str, flags: int, *rest: int, **more: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "Read-only file system")
        return real(name, flags, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(JsonFileError, match=r"Read-only file system.*make the disk writable"):
        views.save("Notes", "has:note")
    assert views.views() == (SavedView("Stars", "is:starred"),)


# One saves views, the other changes the ignore list and saves a view that both save.
TOGETHER = """if True:
    import sys
    from pathlib import Path
    from storage.views import Views

    views, name = Views(Path(sys.argv[1]), lock_timeout=20), sys.argv[2]
    for number in range(15):
        views.save(f"{name} {number}", f"id:2404.{number:05d}")
        views.save("Both", name)
        if name == "b":
            views.set_ignore(f"id:2403.{number:05d}")
    views.remove(f"{name} 0")
    """


def test_two_processes_that_save_at_once_lose_nothing(path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", TOGETHER, path, name]) for name in "ab"]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    views = Views(path)
    assert views.ignore == "id:2403.00014"
    names = [view.name for view in views.views()]
    expected = {f"{name} {number}" for name in "ab" for number in range(1, 15)} | {"Both"}
    assert set(names) == expected
    assert len(names) == len(expected)


def test_reading_does_without_the_lock_s_library(path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from storage.views import Views
        Views(Path(sys.argv[1])).views()
        sys.exit("filelock" in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 0

"""Where one left off: it comes back whole, or not at all, and never with an error."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from storage import language
from storage.library.filters import Kind, Node, Order
from storage.place import Place, load, save

TRANSPORT = Place(
    base_name="cs.LG 2024-04-04",
    base=Node(Kind.DIGEST, "cs.LG/2024-04-04.md"),
    query_text='(运输 OR "optimal transport") -is:read',
    filter=Node(
        Kind.ALL,
        parts=(
            Node(
                Kind.ANY,
                parts=(Node(Kind.TEXT, "运输"), Node(Kind.TEXT, "optimal transport", exact=True)),
            ),
            Node(Kind.NOT, parts=(Node(Kind.IS, "read"),)),
        ),
    ),
    order=Order.UNREAD,
    key="2403.07471",
    row=412,
    languages="interleaved",
    share=58,
    spaced=True,
    ambiguous_wide=True,
    zoomed=True,
    pane="detail",
    theme="nord",
    theme_before="auto",
    light=True,
)

# Written by hand, from the format's description.
FIELDS: dict[str, Any] = {
    "schema": 1,
    "base_name": "cs.LG 2024-04-04",
    "base": ["in", "cs.LG/2024-04-04.md", [], False],
    "query_text": '(运输 OR "optimal transport") -is:read',
    "filter": [
        "and",
        "",
        [
            [
                "or",
                "",
                [["text", "运输", [], False], ["text", "optimal transport", [], True]],
                False,
            ],
            ["not", "", [["is", "read", [], False]], False],
        ],
        False,
    ],
    "order": "unread first",
    "key": "2403.07471",
    "row": 412,
    "languages": "interleaved",
    "share": 58,
    "spaced": True,
    "ambiguous_wide": True,
    "zoomed": True,
    "pane": "detail",
    "theme": "nord",
    "theme_before": "auto",
    "light": True,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "place.json"


def test_a_place_comes_back(path: Path) -> None:
    assert save(path, TRANSPORT) is None
    assert json.loads(path.read_text("utf-8")) == FIELDS
    assert load(path) == TRANSPORT
    restored = load(path).filter
    assert restored is not None
    assert type(restored.kind) is Kind
    assert type(load(path).order) is Order
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_beginning_comes_back(path: Path) -> None:
    assert save(path, Place()) is None
    assert load(path) == Place()
    assert Place() == Place(
        "", None, "", None, Order.NEWEST, None, 0, "", 0, False, False, False, ""
    )


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_node_comes_back(path: Path, kind: Kind) -> None:
    leaf = {Kind.IS: "updated", Kind.HAS: "zh", Kind.TYPE: "replace-cross"}
    parts = {Kind.ALL: 3, Kind.ANY: 2, Kind.NOT: 1}.get(kind, 0)
    value = "" if parts else leaf.get(kind, "2404.028")
    node = Node(kind, value, (Node(Kind.TITLE, "运"),) * parts)
    save(path, Place(filter=node))
    assert load(path).filter == node


@pytest.mark.parametrize("order", Order)
def test_every_order_comes_back(path: Path, order: Order) -> None:
    save(path, Place(order=order))
    assert load(path).order is order


def test_asking_makes_nothing(path: Path) -> None:
    assert load(path) == Place()
    assert not path.parent.exists()


def test_the_last_one_to_save_wins_and_a_link_is_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "place.json"
    path.parent.mkdir()
    path.symlink_to(target)
    save(path, Place(row=3))
    save(path, TRANSPORT)
    assert path.is_symlink()
    assert load(target) == TRANSPORT


def test_what_a_killed_process_left_behind_is_no_hindrance(path: Path) -> None:
    path.parent.mkdir()
    path.with_name(f".place.json.{os.getpid()}.new").write_bytes(b'{"sch')
    assert save(path, TRANSPORT) is None
    assert load(path) == TRANSPORT
    assert list(path.parent.iterdir()) == [path]


BYTES = {
    "empty": b"",
    "truncated": json.dumps(FIELDS).encode()[:-20],
    "not JSON": b"row 412\n",
    "a list": b"[1, 2]",
    "a number": b"412",
    "binary": bytes(range(256)) * 16,
    "zeros": b"\0" * 4096,
    "gb18030": json.dumps(FIELDS, ensure_ascii=False).encode("gb18030"),
    "too deep for JSON": b'{"filter": ' + b"[" * 60_000,
    "a number too long": b'{"row": ' + b"9" * 5000 + b"}",
    "too large": json.dumps(FIELDS | {"query_text": "x" * 100_000}).encode(),
}


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_what_is_no_place_is_the_beginning(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert load(path) == Place()
    assert path.read_bytes() == content
    assert save(path, TRANSPORT) is None
    assert load(path) == TRANSPORT
    assert list(path.parent.iterdir()) == [path]


def nested(depth: int) -> list[object]:
    node: list[object] = ["is", "read", [], False]
    for _ in range(depth):
        node = ["not", "", [node], False]
    return node


WRONG = {
    "another schema": {"schema": 2},
    "row of text": {"row": "412"},
    "row of truth": {"row": True},
    "row of a fraction": {"row": 412.0},
    "row below 0": {"row": -1},
    "row beyond SQLite": {"row": 2**63},
    "unknown order": {"order": "by colour"},
    "order of a list": {"order": ["unread first"]},
    "key of a number": {"key": 2403.07471},
    "key with half a character": {"key": "\ud800"},
    "no name": {"base_name": None},
    "no languages": {"languages": None},
    "share of text": {"share": "58"},
    "share of all": {"share": 100},
    "spaced of a number": {"spaced": 1},
    "widths of text": {"ambiguous_wide": "yes"},
    "zoomed of a number": {"zoomed": 1},
    "pane of a number": {"pane": 2},
    "theme of a number": {"theme": 1},
    "no theme before": {"theme_before": None},
    "light of text": {"light": "yes"},
    "query of a list": {"query_text": []},
    "node of text": {"filter": "is:read"},
    "node of four letters": {"filter": "text"},
    "node of an object": {"filter": {"kind": "is", "value": "read", "parts": [], "exact": False}},
    "node too short": {"filter": ["is", "read", []]},
    "node too long": {"filter": ["is", "read", [], False, 0]},
    "unknown kind": {"filter": ["colour", "red", [], False]},
    "kind of a list": {"filter": [[], "read", [], False]},
    "value of a number": {"base": ["title", 3, [], False]},
    "value with half a character": {"base": ["title", "\udcff", [], False]},
    "exact of a number": {"base": ["title", "transport", [], 1]},
    "parts of text": {"base": ["title", "transport", "", False]},
    "part of a number": {"base": ["not", "", [1], False]},
    "leaf with parts": {"base": ["title", "x", [["is", "read", [], False]], False]},
    "unknown state": {"filter": ["is", "unraed", [], False]},
    "unknown part": {"filter": ["has", "pictures", [], False]},
    "unknown type": {"filter": ["type", "old", [], False]},
    "and of one": {"filter": ["and", "", [["is", "read", [], False]], False]},
    "or of none": {"filter": ["or", "", [], False]},
    "not of two": {"filter": ["not", "", [["is", "read", [], False]] * 2, False]},
    "too deep": {"filter": nested(51)},
    "far too deep": {"filter": nested(300)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_one_wrong_value_is_the_beginning(path: Path, wrong: dict[str, object]) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps(FIELDS | wrong))
    assert load(path) == Place()


# An earlier version did not write these yet.
LATER = ("share", "spaced", "ambiguous_wide", "theme", "theme_before", "light")


def test_what_an_earlier_version_saved_comes_back(path: Path) -> None:
    path.parent.mkdir()
    earlier = {name: value for name, value in FIELDS.items() if name not in LATER}
    path.write_text(json.dumps(earlier))
    assert load(path) == TRANSPORT._replace(
        share=0, spaced=False, ambiguous_wide=False, theme="", theme_before="", light=False
    )


@pytest.mark.parametrize("missing", [name for name in FIELDS if name not in LATER])
def test_one_missing_value_is_the_beginning(path: Path, missing: str) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({name: FIELDS[name] for name in FIELDS if name != missing}))
    assert load(path) == Place()


def test_a_filter_as_deep_as_anybody_types_comes_back(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps(FIELDS | {"filter": nested(40)}))
    assert load(path)._replace(filter=None) == TRANSPORT._replace(filter=None)
    assert load(path).filter is not None


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
def test_what_is_no_ordinary_file_is_the_beginning(path: Path, make) -> None:
    path.parent.mkdir()
    make(path)
    assert load(path) == Place()


def test_a_device_is_the_beginning(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("/dev/zero")
    assert load(path) == Place()


def test_an_impossible_path_is_the_beginning() -> None:
    assert load(Path("a\0b")) == Place()


@pytest.mark.parametrize("call", ["replace", "open", "fdopen", "mkdir"])
def test_a_full_disk_is_told_and_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if call != "mkdir":
        save(path, TRANSPORT)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        assert save(path, Place()) == (
            f"{path}: where you left off is not saved (No space left on device); "
            "the file is as it was before."
        )
    assert load(path) == (Place() if call == "mkdir" else TRANSPORT)
    assert [file.name for file in path.parent.glob("*")] in ([], ["place.json"])
    assert save(path, Place(row=3)) is None
    assert load(path) == Place(row=3)


def test_why_it_is_not_saved_is_said_in_the_language_in_use(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    language.use(language.CHINESE)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        said = str(save(path, Place()))
    assert "磁盘空间不足" in said
    assert "No space" not in said


def test_what_json_cannot_hold_is_told(path: Path) -> None:
    save(path, TRANSPORT)
    node = Node(Kind.IS, "read")
    for _ in range(100_000):
        node = Node(Kind.NOT, parts=(node,))
    for place in (Place(query_text="\ud800"), Place(filter=node)):
        assert str(save(path, place)).startswith(f"{path}: where you left off is not saved (")
    assert load(path) == TRANSPORT


FAULTS = """if True:
    import os, resource, sys
    from pathlib import Path
    from storage.place import Place, load, save
    import storage.marks.files

    path = Path(sys.argv[1], "place.json")
    superuser = os.geteuid() == 0
    assert save(path, Place(row=3)) is None
    path.chmod(0o644)

    resource.setrlimit(resource.RLIMIT_FSIZE, (20, resource.RLIM_INFINITY))
    assert "File too large" in save(path, Place(row=4))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    path.parent.chmod(0o555)
    if superuser:
        os.seteuid(65534)  # nobody: rights do not bind the superuser
    assert "Permission denied" in save(path, Place(row=5))
    if superuser:
        os.seteuid(0)
    assert load(path) == Place(row=3)
    path.chmod(0o000)
    if superuser:
        os.seteuid(65534)
    assert load(path) == Place()
    if superuser:
        os.seteuid(0)
    assert [file.name for file in path.parent.iterdir()] == ["place.json"]
    path.parent.chmod(0o755)
    """


def test_missing_space_and_rights_are_told() -> None:
    # Not pytest's folder: another user must be able to reach it.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        subprocess.run([sys.executable, "-c", FAULTS, folder], check=True)


TOGETHER = """if True:
    import sys
    from pathlib import Path
    from storage.place import Place, load, save

    path = Path(sys.argv[1])
    for row in range(1, 200):
        assert save(path, Place(query_text=sys.argv[2] * row, row=row)) is None
        place = load(path)
        assert place.row and place.query_text in ("a" * place.row, "b" * place.row), place
    """


def test_two_processes_that_save_at_once_never_mix(path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", TOGETHER, path, name]) for name in "ab"]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert load(path).row == 199
    assert list(path.parent.iterdir()) == [path]


def test_loading_imports_nothing_heavy(path: Path) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from storage import place
        place.load(Path(sys.argv[1]))
        heavy = {"filelock", "tinydb", "tempfile", "platformdirs", "sqlite3", "storage.json_file"}
        sys.exit(bool(heavy & set(sys.modules)))"""
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 0

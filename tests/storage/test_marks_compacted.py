"""The compacted file: its form, lookups without parsing it, files of others, and what damage costs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.marks.journaled.compacted import (
    Compacted,
    DamagedError,
    Rows,
    checksum,
    decode,
    encode,
    sorted_lines,
)
from tests.storage.random_documents import Document, json_of, proof, texts_or, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Tables = dict[str, dict[str, Document]]

ABOUT: Document = {"application": "digest-tui", "content": "marks", "schema": 2, "journal": 7}

_texts = texts_or('",', '"2": {"crc32": "', "}},\n")
_values = values_of(_texts)
_documents = st.dictionaries(_texts, _values, max_size=3)
_ids = st.integers(0, 1 << 62).map(str) | st.sampled_from(["1", "10", "11", "2"]) | _texts
_tables = st.dictionaries(
    _texts.filter(lambda name: name != "meta"),
    st.dictionaries(_ids, _documents, max_size=6),
    max_size=3,
)


def written(
    tables: Tables, about: Document | None = None, strays: Mapping[str, str] | None = None
) -> bytes:
    lines = {name: sorted_lines(table.items()) for name, table in tables.items()}
    return encode(lines, ABOUT if about is None else about, strays or {})


def documents_in(compacted: Compacted) -> Tables:
    return {name: dict(table.items()) for name, table in compacted.tables.items()}


# The form


def test_it_is_a_document_a_line_with_checksums_at_the_end() -> None:
    tables: Tables = {
        "papers": {"240402882": {"paper": "2404.02882", "note": "值得细读\n"}, "7": {"paper": "x"}},
        "queries": {},
    }
    data = written(tables, ABOUT, {"x": "7"})
    papers = '"240402882": {"paper": "2404.02882", "note": "值得细读\\n"},\n"7": {"paper": "x"}'
    before = (
        '{"papers": {\n' + papers + '\n},\n"queries": {\n\n},\n"meta": {\n'
        '"1": {"application": "digest-tui", "content": "marks", "schema": 2, "journal": 7},\n'
    ).encode()
    assert data.startswith(before)
    last = data[len(before) :].decode()
    size = len(papers.encode())
    where = f'{{"papers": [13, {size}], "queries": [{13 + size + 17}, 0]}}'
    rest = f'", "bytes": {len(before)}, "tables": {where}, "strays": {{"x": "7"}}}}\n}}}}\n'
    start = f'"2": {{"crc32": "{crc32(before):08x}", "own_crc32": "'
    own = crc32((start + rest).encode())
    assert last == f"{start}{own:08x}{rest}"


@given(_tables, _documents, st.dictionaries(_texts, _ids, max_size=2))
@proof
def test_what_is_written_is_read(tables: Tables, about: Document, strays: dict[str, str]) -> None:
    data = written(tables, about, strays)
    found = decode(data)
    assert json_of(documents_in(found)) == json_of(tables)
    assert json_of(found.about) == json_of(about)
    assert found.strays == strays
    assert (found.is_ours, found.damages, found.is_altered) == (True, (), False)
    assert found.crc == checksum(data) == checksum(data[-1000:])
    # And any program that reads JSON reads it too.
    plain = json.loads(data)
    assert json_of(plain.pop("meta")["1"]) == json_of(about)
    assert json_of(plain) == json_of(tables)


@given(_tables, _ids)
@proof
def test_rows_are_looked_up_like_a_dictionarys(tables: Tables, stranger: str) -> None:
    found = decode(written(tables))
    for name, table in tables.items():
        rows = found.tables[name]
        assert len(rows) == len(table)
        assert set(rows) == table.keys()
        for number in {*table, stranger, "1", "10", "", '"'}:
            assert (number in rows) == (number in table)
            assert json_of(rows.get(number)) == json_of(table.get(number))
            if number not in table:
                with pytest.raises(KeyError):
                    rows[number]
        # With the commas that lines have in a file, and without, the same file comes of it.
        lines = {name: sorted_lines(table.items())}
        assert encode({name: rows.lines}, ABOUT, {}) == encode(lines, ABOUT, {})


def test_a_row_is_parsed_for_each_caller_anew() -> None:
    rows = Rows(sorted_lines([("1", {"a": [1]})]))
    rows["1"]["a"].append(2)  # type: ignore[attr-defined]
    assert rows["1"] == {"a": [1]}


def test_a_checksum_changes_with_the_content() -> None:
    sums = {checksum(written({"papers": {"1": {"a": number}}})) for number in range(50)}
    assert len(sums) == 50
    assert checksum(b'{"papers": {}}') == ""


# Files of others


@pytest.mark.parametrize("options", [{}, {"indent": 4}, {"ensure_ascii": False, "sort_keys": True}])
def test_what_tinydb_writes_is_read(options: dict[str, Any]) -> None:
    tables: Tables = {
        "papers": {"10": {"note": "值得细读"}, "9": {}, "é": {"a": {"1": {}}}},
        "_default": {"1": {"task": "buy milk"}},
    }
    for mark in (b"", b"\xef\xbb\xbf"):
        text = json.dumps(tables | {"meta": {"1": ABOUT}}, **options)
        found = decode(mark + text.encode())
        assert json_of(documents_in(found)) == json_of(tables)
        assert found.about == ABOUT
        assert (found.is_ours, found.crc, found.damages, found.is_altered) == (False, "", (), False)


def test_what_tinydb_made_of_our_file_is_read() -> None:
    tables: Tables = {"papers": {"1": {"a": 1}, "2": {"a": 2}}}
    changed = json.loads(written(tables))
    changed["papers"]["3"] = {"a": 3}
    found = decode(json.dumps(changed).encode())
    assert documents_in(found) == {"papers": {"1": {"a": 1}, "2": {"a": 2}, "3": {"a": 3}}}
    assert found.about["journal"] == 7
    assert not found.is_ours


NOTHING = {
    "nothing": b"",
    "zeros": b"\0" * 4096,
    "a list": b"[1, 2]",
    "a number": b"3",
    "no tables": b'{"papers": 3}',
    "no documents": b'{"papers": {"1": 3}}',
    "no text": "值得细读".encode("gb18030"),
    "UTF-16": '{"papers": {"1": {}}}'.encode("utf-16"),
    "too deep": b'{"papers": {"1": ' + b"[" * 99_999,
    "a part": b'{"papers": {"1": {"a": 1',
    "the beginning": b'{"papers": {\n',
    "a journal": b"a3a6bf43 {}\n",
}


@pytest.mark.parametrize("data", NOTHING.values(), ids=NOTHING)
def test_what_holds_no_documents_is_refused(data: bytes) -> None:
    with pytest.raises(DamagedError, match=r"^it \w.*[^.]$"):
        decode(data)


# Damage

TABLES: Tables = {
    "films": {"1": {"name": "Ran"}},
    "papers": {
        str(number): {
            "paper": f"2404.{number:05d}",
            "note": "值得细读 " * (number % 2),
            "n": {"1": {}},
        }
        for number in range(10, 16)
    },
    "queries": {"1": {"query": "is:unread"}, "2": {}},
}
WHOLE = written(TABLES, strays={"2404.00010": "10"})
LINES = WHOLE.split(b"\n")


def line_at(byte: int) -> int:
    return WHOLE[:byte].count(b"\n")


def places() -> Iterator[tuple[int, str, Document]]:
    """The line of each document, its table, and the document."""
    for name, table in TABLES.items():
        for number, document in table.items():
            start = f'"{number}": {json.dumps(document, ensure_ascii=False)}'.encode()
            (line,) = (at for at, each in enumerate(LINES) if each.removesuffix(b",") == start)
            yield line, name, document


PLACES = list(places())


def check(data: bytes, touched: set[int]) -> Compacted:
    """All documents but those on the touched lines are there, and none that never was."""
    found = decode(data)
    documents = {
        name: [json_of(row) for row in rows.values()] for name, rows in found.tables.items()
    }
    untouched = 0
    for line, name, document in PLACES:
        if line not in touched:
            documents[name].remove(json_of(document))
            untouched += 1
    left = [document for rows in documents.values() for document in rows]
    assert len(left) <= len(PLACES) - untouched
    return found


def test_any_byte_that_changes_costs_its_line() -> None:
    for byte, value in enumerate(WHOLE):
        touched = {line_at(byte)}
        if value == 0x0A:
            touched.add(line_at(byte) + 1)
        for other in {value ^ 1, value ^ 0x20, value ^ 0xFF, 0, 0x0A, 0x22, 0x7B, 0x7D} - {value}:
            found = check(WHOLE[:byte] + bytes([other]) + WHOLE[byte + 1 :], touched)
            assert not found.is_ours
            # The number of the first journal tells which are to be left out: not where it may be
            # wrong. Without its last line's end it is as good as a file of plain TinyDB.
            is_alone = byte >= len(WHOLE) - 4
            assert found.damages or found.is_altered or is_alone
            assert found.about.get("journal", 7) == 7
            assert is_alone or found.damages or "journal" not in found.about


def test_damage_is_named_with_its_place() -> None:
    line = LINES.index(b'"queries": {') + 1
    byte = len(b"\n".join(LINES[:line])) + 1
    found = decode(WHOLE[: byte + 6] + b"\0" + WHOLE[byte + 7 :])
    assert [str(damage) for damage in found.damages] == [
        f"line {line + 1} (byte {byte}): it is not JSON"
    ]
    assert documents_in(found)["queries"] == {"2": {}}


def test_a_file_that_breaks_off_keeps_its_whole_lines() -> None:
    ends = {
        line: len(b"\n".join([*LINES[:line], LINES[line].removesuffix(b",")]))
        for line, _, _ in PLACES
    }
    for cut in range(len(WHOLE) - 1):
        gone = {line for line, end in ends.items() if end > cut}
        # Some programs make the whole file first, of zeros.
        for rest in (b"", b"\0" * (len(WHOLE) - cut)):
            if len(gone) == len(ends):
                with pytest.raises(DamagedError):
                    decode(WHOLE[:cut] + rest)
                continue
            found = check(WHOLE[:cut] + rest, gone)
            assert found.damages
            assert not found.is_ours


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=40))
@proof
def test_any_part_that_is_exchanged_costs_what_it_touches(
    one: int, other: int, junk: bytes
) -> None:
    start, end = sorted((one, other))
    touched = set(range(line_at(start) - 1, line_at(end) + 2))
    # A table whose beginning is gone has no name any more.
    for line, name, _ in PLACES:
        if any(
            LINES[at].endswith(f'"{name}": {{'.encode()) for at in touched if 0 <= at < len(LINES)
        ):
            touched.add(line)
    data = WHOLE[:start] + junk + WHOLE[end:]
    try:
        found = decode(data)
    except DamagedError:
        assert {line for line, _, _ in PLACES} <= touched
        return
    documents = [json_of(row) for rows in found.tables.values() for row in rows.values()]
    for line, _, document in PLACES:
        if line not in touched:
            documents.remove(json_of(document))


def test_two_documents_of_one_id_both_stay() -> None:
    byte = WHOLE.index(b'"11": ') + 2
    found = check(WHOLE[:byte] + b"0" + WHOLE[byte + 1 :], set())
    papers = documents_in(found)["papers"]
    assert papers["10"]["paper"] == "2404.00010"
    assert [row["paper"] for row in papers.values()].count("2404.00011") == 1


def test_lines_with_other_ends_are_read() -> None:
    found = check(WHOLE.replace(b"\n", b"\r\n"), set())
    assert documents_in(found) == TABLES
    assert not found.is_ours


def test_what_someone_wrote_into_it_by_hand_is_read() -> None:
    line = b'"16": {"paper": "2404.00016"},\n'
    place = WHOLE.index(b'"15": ')
    found = decode(WHOLE[:place] + line + WHOLE[place:])
    assert documents_in(found)["papers"] == TABLES["papers"] | {"16": {"paper": "2404.00016"}}
    spread = WHOLE.replace(b'"2": {}\n', b'"2": {\n  "query":\n    "cat:cs.LG"\n}\n')
    assert documents_in(decode(spread))["queries"]["2"] == {"query": "cat:cs.LG"}
    removed = b"\n".join(each for each in LINES if not each.startswith(b'"12": '))
    assert documents_in(decode(removed))["papers"].keys() == {"10", "11", "13", "14", "15"}


def test_a_file_of_a_later_version_still_says_so() -> None:
    about = ABOUT | {"schema": 3}
    content = written(TABLES, about).rsplit(b'"2": ', 1)[0]
    for last in (
        b'"2": {"crc64": "00"}',
        b'"2": {"crc32": "00000000", "own_crc32": "x", "new": 1}',
    ):
        found = decode(content + last + b"\n}}\n")
        assert found.about["schema"] == 3
        assert documents_in(found) == TABLES

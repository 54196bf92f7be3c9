"""Whole rows that come in by command: imported, restored, or taken over from a device that is gone.

Each of these writes one change, durably and all or none, into this device's own files. A store that
is open at the time, here or elsewhere, learns of it as of another process's change.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from storage.language import tr
from storage.marks.journaled.changes import TableChange, difference
from storage.marks.model import UNMARKED, MarkField
from storage.marks.opening import open_marks
from storage.marks.sharing.ids import PAPERS
from storage.marks.sharing.joining import JoinedRows
from storage.marks.sharing.notes import NOTE_FIELDS
from storage.marks.sharing.rows import changed, joined, key_of, marks_of, stamps_of
from storage.marks.sharing.stamps import HybridClock
from storage.model import PaperKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from storage.marks.journaled.json_text import Document
    from storage.marks.model import Marks, Value
    from storage.marks.opening import MarksPlace
    from storage.marks.sharing.stamps import Stamp
    from storage.marks.tinydb_store import TinyDBMarkStore

Rows = dict[PaperKey, "Document"]


class Outcome(NamedTuple):
    """How many papers changed for the reader.

    Attributes:
        papers: With any mark that is another one now.
        read, starred, noted: With this one.
    """

    papers: int = 0
    read: int = 0
    starred: int = 0
    noted: int = 0


def take_over(place: MarksPlace, rows: Iterable[Document]) -> Outcome:
    """Join ``rows`` into this device's own.

    Raises:
        MarksError: Nothing was changed.
        RowError: One is none.
    """
    news = _folded(rows)

    def revise(key: PaperKey, row: Document, _: Stamp) -> Document:
        return joined(row, news[key])

    return _write(place, tr("nothing was taken over"), lambda _: news, revise)


def merge(place: MarksPlace, rows: Iterable[Document]) -> Outcome:
    """Join ``rows``; of what has no time only add what is not marked yet.

    A note without a time goes beside the one there is, unless that has its text already.

    Raises:
        MarksError: Nothing was changed.
        RowError: One is none.
    """
    timed: Rows = {}
    plain: dict[PaperKey, list[Document]] = {}
    for row in rows:
        key, loose = key_of(row), _untimed(row)
        held = {name: value for name, value in row.items() if name not in loose}
        timed[key] = joined(timed[key], held) if key in timed else held
        if loose:
            plain.setdefault(key, []).append(loose)

    def revise(key: PaperKey, row: Document, at: Stamp) -> Document:
        row = joined(row, timed[key])
        for loose in plain.get(key, ()):
            row = changed(row, _missing(loose, marks_of(row)), at, seen=())
        return row

    return _write(place, tr("nothing was imported"), lambda _: timed, revise)


def restore(place: MarksPlace, rows: Iterable[Document]) -> Outcome:
    """Make all marks as they are in ``rows``; papers that are not in them become unmarked.

    What changes by it gets the time of now, so that it counts on all devices; what a row holds
    beyond the marks stays as well as what is there.

    Raises:
        MarksError: Nothing was changed.
        RowError: One is none.
    """
    wanted = _folded(rows)

    def revise(key: PaperKey, row: Document, at: Stamp) -> Document:
        marks = marks_of(wanted[key]) if key in wanted else UNMARKED
        both = joined(row, wanted[key]) if key in wanted else row
        return changed(both, {field: marks.value(field) for field in MarkField}, at)

    def every(store: TinyDBMarkStore) -> Rows:
        return {key: wanted.get(key, {}) for key in sorted(store.keys() | wanted.keys())}

    return _write(place, tr("nothing was restored"), every, revise)


def _folded(rows: Iterable[Document]) -> Rows:
    folded: Rows = {}
    for row in rows:
        key = key_of(row)
        folded[key] = joined(folded[key], row) if key in folded else row
    return folded


def _untimed(row: Document) -> Document:
    """Return the marks of a row that do not tell when they changed."""
    return {
        field.value: row[field.value]
        for field in MarkField
        if field.value in row
        and f"{field.value}_at" not in row
        and (field is not MarkField.NOTE or (NOTE_FIELDS - {"note"}).isdisjoint(row))
    }


def _missing(loose: Document, marks: Marks) -> dict[MarkField, Value]:
    values: dict[MarkField, Value] = {}
    note = str(loose.get("note", "")).strip()
    if note and note not in marks.note:
        values[MarkField.NOTE] = str(loose["note"])
    if loose.get("read") and not marks.read:
        values[MarkField.READ] = True
    if loose.get("starred") and not marks.starred:
        values[MarkField.STARRED] = True
    if isinstance(seen := loose.get("seen"), int) and seen and not marks.seen:
        values[MarkField.SEEN] = seen
    return values


def _write(
    place: MarksPlace,
    failed: str,
    news: Callable[[TinyDBMarkStore], Mapping[PaperKey, Document]],
    revise: Callable[[PaperKey, Document, Stamp], Document],
) -> Outcome:
    """Write what ``revise`` makes of papers' rows, as they are, into this device's own.

    Args:
        place: Where the marks are.
        failed: What could not be done if this fails, as a clause.
        news: Tells which papers, and of each a row whose stamps come before that of this change.
        revise: Makes of paper, row and the stamp of this change another row.
    """
    store, _ = open_marks(place)
    with closing(store.storage), store.telling(failed), store.storage.changing():
        every = news(store)
        known = {key: store.row(key) or {"paper": key} for key in every}
        at = _next_stamp(store, (*known.values(), *every.values()))
        rows = {key: revise(key, row, at) for key, row in known.items()}
        _commit(store, rows)
        return _outcome((marks_of(known[key]), marks_of(row)) for key, row in rows.items())


def _next_stamp(store: TinyDBMarkStore, rows: Iterable[Document]) -> Stamp:
    clock = HybridClock(store.files.device, store.wall_clock)
    clock.saw(store.latest)
    for row in rows:
        for stamp in stamps_of(row):
            clock.saw(stamp)
    return clock.tick()


def _commit(store: TinyDBMarkStore, rows: Rows) -> None:
    """Write what of ``rows`` this device's own do not hold."""
    table = store.storage.known.get(PAPERS)
    known = JoinedRows(store.storage, store.others.foreign)
    fields: dict[str, Document] = {}
    dropped: dict[str, tuple[str, ...]] = {}
    taken: set[int] = set()
    for key, row in rows.items():
        number = known.place(key, taken)
        is_set, gone = difference(table.get(str(number), {}), row)
        if not is_set and not gone:
            continue
        taken.add(number)
        # Other devices read no more of a change than this.
        names = {"paper", *is_set, *(NOTE_FIELDS if NOTE_FIELDS & {*is_set, *gone} else ())}
        fields[str(number)] = {name: value for name, value in row.items() if name in names}
        if gone:
            dropped[str(number)] = gone
    store.storage.commit(TableChange(PAPERS, fields, dropped))


def _outcome(pairs: Iterable[tuple[Marks, Marks]]) -> Outcome:
    papers = read = starred = noted = 0
    for before, after in pairs:
        by_field = [before.value(field) != after.value(field) for field in MarkField]
        papers += any(by_field)
        read += before.read != after.read
        starred += before.starred != after.starred
        noted += before.note != after.note
    return Outcome(papers, read, starred, noted)

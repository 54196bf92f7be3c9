"""Processes that are killed while they write: what they had confirmed is there, each file readable.

Before a change is made its number goes down a pipe, and again when it is confirmed; the pipe
outlives the process. What a change is follows from its number.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from storage.marks import tidying as tidying_module
from storage.marks.model import MarkChange, MarkField
from storage.marks.opening import open_marks
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.marks.writer import MarksWriter
from storage.model import PaperKey
from tests.marks import marks_on_disk, place_in, store_in
from tests.torture.processes import ended, killed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.errors import MarksError
    from storage.marks.model import Value
    from storage.marks.tidying import Tidying
    from tests.torture.processes import Report, Told
    from tests.torture.report import Counts, Options

_PAPERS: Final = 400
_BULK: Final = 150
"""How many papers a change of many changes."""

_LONGEST: Final = 0.06
"""Seconds after its first change until which a process is killed."""

_CROWD: Final = (MarkField.READ, MarkField.STARRED, MarkField.NOTE, MarkField.SEEN)
"""What each of four processes writes."""

_EACH: Final = 150
"""How many changes each of them makes."""

Place = tuple[PaperKey, MarkField]
Expected = dict[Place, set["Value"]]
"""What may be on disk: one value, or several where it is not known whether a change was made."""


def prove_one(options: Options) -> Counts:
    """Kill one process after the other, all on the same marks."""
    chance = Random(options.seed)
    counts: Counts = dict.fromkeys(
        (
            "processes killed",
            "changes confirmed",
            "changes under way, made",
            "changes under way, not made",
            "compactions done",
            "compactions cut off",
            "marks checked",
            "lines cut off, and told",
        ),
        0,
    )
    expected: Expected = {}
    number = 0
    cut_off: set[int] = set()
    with _home() as home:
        for run in range(options.kills):
            work = _by_itself if run % 2 else _by_the_writer
            told = killed([lambda tell, n=number, w=work: w(home, n, tell)], chance, _LONGEST)  # type: ignore[misc]
            number = max((number, *(1 + each for each in told.confirmed + told.begun)))
            _expect(expected, told, _change)
            made = _check(home, expected, told, _change)
            counts["processes killed"] += 1
            counts["changes confirmed"] += len(told.confirmed)
            counts["changes under way, made"] += made
            counts["changes under way, not made"] += len(told.begun) - made
            counts["compactions done"] += told.compactions
            counts["marks checked"] += len(expected)
            left = [path for path in (home / "marks").iterdir() if path.name.startswith(".")]
            assert len(left) <= 2, f"dead processes leave more and more: {left}"
            cut_off.update(path.stat().st_mtime_ns for path in left)
        counts["compactions cut off"] = len(cut_off)
        counts["lines cut off, and told"] = len(store_in(home).notices)
    return counts


def prove_four(options: Options) -> Counts:
    """Have four processes write different fields of the same papers; let them be, and kill them."""
    counts: Counts = {}
    with _home() as home:
        reader = store_in(home)
        told = ended([_member(home, field) for field in range(len(_CROWD))])
        assert len(told.confirmed) == len(_CROWD) * _EACH
        expected: Expected = {}
        _expect(expected, told, _crowd_change)
        _check(home, expected, told, _crowd_change)
        seen = reader.refresh()
        assert seen == {key for key, _ in expected}, "a reader was not told of all"
        counts["changes of four processes, confirmed and kept"] = len(told.confirmed)
        counts["compactions meanwhile"] = told.compactions
    chance = Random(options.seed)
    rounds = max(1, options.kills // 20)
    kept = 0
    for _ in range(rounds):
        with _home() as home:
            members = [_member(home, field) for field in range(len(_CROWD))]
            told = killed(members, chance, longest=0.5)
            expected = {}
            _expect(expected, told, _crowd_change)
            _check(home, expected, told, _crowd_change)
            kept += len(told.confirmed)
    counts["times all four were killed at once"] = rounds
    counts["changes confirmed before, and kept"] = kept
    return counts


@contextmanager
def _home() -> Iterator[Path]:
    TinyDBMarkStore.warm_up()
    with TemporaryDirectory(prefix="digest-tui-torture-") as folder:
        yield Path(folder)


# What is written


def _change(number: int) -> list[MarkChange]:
    chance = Random(number)
    if number % 40 == 7:
        papers = chance.sample(range(_PAPERS), _BULK)
        return [MarkChange(_key(paper), MarkField.SEEN, number) for paper in papers]
    key = _key(chance.randrange(_PAPERS))
    if number % 3:
        # Some so long that their line is written in several pieces.
        size = 60_000 if number % 100 == 1 else chance.randrange(300)
        return [MarkChange(key, MarkField.NOTE, f"{number} {'记' * size}")]
    field = chance.choice((MarkField.READ, MarkField.STARRED))
    return [MarkChange(key, field, chance.random() < 0.5)]


def _crowd_change(number: int) -> list[MarkChange]:
    field, turn = _CROWD[number // 1000], number % 1000
    value: dict[MarkField, Value] = {MarkField.NOTE: f"note {turn}", MarkField.SEEN: turn + 1}
    return [MarkChange(_key(turn), field, value.get(field, True))]


def _key(paper: int) -> PaperKey:
    return PaperKey(f"2404.{paper:05d}")


# Who writes


def _by_itself(home: Path, number: int, tell: Report) -> None:
    store, tidying = open_marks(place_in(home))
    Thread(target=_compact_for_ever, args=(tidying, tell), daemon=True).start()
    while True:
        tell(f"+{number}")
        store.apply(_change(number))
        tell(f"={number}")
        number += 1


def _by_the_writer(home: Path, number: int, tell: Report) -> None:
    tidying_module._MUCH = 40_000
    store, tidying = open_marks(place_in(home))
    writer = MarksWriter(store, tidying)

    def done(error: MarksError | None, number: int) -> None:
        assert error is None, error
        tell(f"={number}")

    while True:
        for _ in range(Random(number).randrange(1, 60)):
            tell(f"+{number}")
            writer.submit(_change(number), lambda error, n=number: done(error, n))  # type: ignore[misc]
            number += 1
        if Random(number).random() < 0.3:
            # As when the reader ends: all is written, and compacted.
            writer.close()
            tell("c")
            store, tidying = open_marks(place_in(home))
            writer = MarksWriter(store, tidying)
        else:
            writer.flush()


def _compact_for_ever(tidying: Tidying, tell: Report) -> None:
    while True:
        tidying.run()
        tell("c")


def _member(home: Path, field: int) -> Callable[[Report], None]:
    def work(tell: Report) -> None:
        store, tidying = open_marks(place_in(home))
        for turn in range(_EACH):
            number = field * 1000 + turn
            tell(f"+{number}")
            store.apply(_crowd_change(number))
            tell(f"={number}")
            if turn % 9 == field:
                store.refresh()
            if turn % 25 == field:
                tidying.run()
                tell("c")

    return work


# What is there afterwards


def _expect(expected: Expected, told: Told, change: Callable[[int], list[MarkChange]]) -> None:
    for number in told.confirmed:
        for each in change(number):
            expected[each.key, each.field] = {each.value}
    for number in told.begun:
        for each in change(number):
            unset: Value = {MarkField.NOTE: "", MarkField.SEEN: 0}.get(each.field, False)  # type: ignore[assignment]
            expected.setdefault((each.key, each.field), {unset}).add(each.value)


def _check(
    home: Path, expected: Expected, told: Told, change: Callable[[int], list[MarkChange]]
) -> int:
    """Hold what is there against what may be; return how many changes under way were made."""
    disk = marks_on_disk(home / "marks")
    store = store_in(home)
    for notice in store.notices:
        # A line without its end is what nobody was told of.
        assert "its checksum is wrong" in notice, notice
        assert ".journal, line" in notice, notice
    for (key, field), values in expected.items():
        found = store.get(key).value(field)
        assert found in values, f"{field} of {key} is {found!r:.80}, not {values!r:.200}"
        lies = disk.get(key, {}).get(field.value, found if _is_unset(found) else None)
        assert lies == found, f"{field} of {key} lies on disk as {lies!r:.80}, not {found!r:.80}"
        expected[key, field] = {found}
    bulks = [change(number) for number in told.begun if len(change(number)) > 1]
    # What an earlier one changed the last one may have changed again.
    made = {store.get(each.key).value(each.field) == each.value for each in (bulks or [[]])[-1]}
    assert len(made) < 2, "of a change of many papers a part is there"
    return sum(
        all(store.get(each.key).value(each.field) == each.value for each in change(number))
        for number in told.begun
    )


def _is_unset(value: Any) -> bool:
    return value in (False, 0, "")

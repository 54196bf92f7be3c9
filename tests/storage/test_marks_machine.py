"""Two readers on a laptop and one on a server over one folder, against plain dicts.

Through any sequence of changes, failures, compactions and restarts. The three clocks are a year
apart; whoever writes has looked at what the other device wrote, so that the last change counts.
"""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.errors import MarksError
from storage.marks.model import MarkChange, MarkField, Value
from storage.marks.opening import open_marks
from storage.model import PaperKey
from tests.marks import marks_on_disk, place_in

Values = dict[MarkField, Value]
Oracle = dict[PaperKey, Values]

KEYS = [PaperKey(key) for key in ("2404.02882", "2403.07471", "math/0211159", "text:00ff")]
DEFAULTS: Values = {
    MarkField.READ: False,
    MarkField.STARRED: False,
    MarkField.NOTE: "",
    MarkField.SEEN: 0,
}
DEVICES = ("laptop-test", "laptop-test", "server-test")
FULL = OSError(errno.ENOSPC, "No space left on device")

flags = st.builds(
    MarkChange,
    st.sampled_from(KEYS),
    st.sampled_from([MarkField.READ, MarkField.STARRED]),
    st.booleans(),
)
notes = st.builds(
    MarkChange,
    st.sampled_from(KEYS),
    st.just(MarkField.NOTE),
    st.sampled_from(["", "值得细读", "see §3"]) | st.text(max_size=5),
)
versions = st.builds(MarkChange, st.sampled_from(KEYS), st.just(MarkField.SEEN), st.integers(0, 3))
batches = st.lists(flags | notes | versions, max_size=4)
readers = st.sampled_from(range(len(DEVICES)))


def changed(oracle: Oracle, changes: list[MarkChange]) -> Oracle:
    after = {key: dict(values) for key, values in oracle.items()}
    for change in changes:
        value = change.value
        if isinstance(value, str) and value.isspace():
            value = ""
        after.setdefault(change.key, dict(DEFAULTS))[change.field] = value
    return after


def values_of(oracle: Oracle, key: PaperKey) -> Values:
    return oracle.get(key, DEFAULTS)


def stamp_of(text: str) -> tuple[str, int, str]:
    match = re.fullmatch(r"(.{26})Z(?:\+(\d+))? (.*)", text)
    assert match is not None
    return match[1], int(match[2] or 0), match[3]


class Readers(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.minutes = count()
        self.opened = [self.open(reader) for reader in range(len(DEVICES))]
        self.stored: Oracle = {}
        self.seen: list[Oracle] = [{} for _ in DEVICES]
        self.told: list[Oracle] = [{} for _ in DEVICES]
        self.behind = [False for _ in DEVICES]

    def open(self, reader: int):
        year = 2026 + reader

        def clock() -> datetime:
            return datetime(year, 7, 1, tzinfo=UTC) + timedelta(minutes=next(self.minutes))

        return open_marks(place_in(self.folder, DEVICES[reader]), clock)

    def saw(self, reader: int) -> None:
        self.seen[reader] = self.stored
        self.behind[reader] = False

    def look(self, reader: int) -> None:
        if self.behind[reader]:
            self.refresh(reader)

    @rule(reader=readers, changes=batches)
    def apply(self, reader: int, changes: list[MarkChange]) -> None:
        self.look(reader)
        with patch("os.fsync"):  # speed; durability is tested elsewhere
            self.opened[reader][0].apply(changes)
        self.stored = changed(self.stored, changes)
        self.saw(reader)
        self.told[reader] = changed(self.told[reader], changes)
        for other, device in enumerate(DEVICES):
            self.behind[other] |= device != DEVICES[reader]

    @rule(reader=readers, changes=batches)
    def fail(self, reader: int, changes: list[MarkChange]) -> None:
        self.look(reader)
        after = changed(self.stored, changes)
        self.saw(reader)
        store = self.opened[reader][0]
        with patch("os.fsync", side_effect=FULL):
            if all(values_of(after, key) == values_of(self.stored, key) for key in KEYS):
                store.apply(changes)
            else:
                with pytest.raises(MarksError):
                    store.apply(changes)

    @rule(reader=readers)
    def refresh(self, reader: int) -> None:
        told = self.told[reader]
        expected = {key for key in KEYS if values_of(told, key) != values_of(self.stored, key)}
        # A mark that another set and reset has new times: telling it is no fault.
        assert expected <= self.opened[reader][0].refresh()
        self.saw(reader)
        self.told[reader] = self.stored

    @rule(reader=readers)
    def compact(self, reader: int) -> None:
        with patch("os.fsync"):
            self.opened[reader][1].run()
        self.saw(reader)

    @rule(reader=readers, step=st.integers(1, 6))
    def fail_to_compact(self, reader: int, step: int) -> None:
        refusals = [None] * (step - 1) + [FULL] + [None] * 50
        with patch("os.fsync", side_effect=refusals):
            try:
                self.opened[reader][1].run()
            except MarksError:
                assert step < 6
        self.saw(reader)

    @rule(reader=readers)
    def reopen(self, reader: int) -> None:
        self.opened[reader] = self.open(reader)
        self.saw(reader)
        self.told[reader] = self.stored

    @invariant()
    def readers_show_what_they_saw(self) -> None:
        for (store, _), seen in zip(self.opened, self.seen, strict=True):
            assert store.notices == ()
            for key in KEYS:
                marks = store.get(key)
                assert {name: marks.value(name) for name in MarkField} == values_of(seen, key)
            assert {key for key, _ in store.items()} <= set(KEYS)

    @invariant()
    def what_was_stored_is_on_disk(self) -> None:
        marks = self.folder / "marks"
        rows = [marks_on_disk(marks, device) for device in sorted(set(DEVICES))]
        for key in KEYS:
            found = dict(DEFAULTS)
            for name in MarkField:
                held = [row[key] for row in rows if f"{name}_at" in row.get(key, {})]
                if held:
                    last = max(held, key=lambda row: stamp_of(row[f"{name}_at"]))
                    found[name] = last[name]
            assert found == values_of(self.stored, key)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


TestReaders = Readers.TestCase
TestReaders.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)

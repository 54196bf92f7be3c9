"""Two readers of one file against plain dicts, through any sequence of changes and failures."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tinydb import TinyDB

from storage.errors import MarksError
from storage.marks.model import MarkChange, MarkField, Value
from storage.marks.tinydb_store import TinyDBMarkStore
from storage.model import PaperKey

Values = dict[MarkField, Value]
Oracle = dict[PaperKey, Values]

KEYS = [PaperKey(key) for key in ("2404.02882", "2403.07471", "math/0211159", "text:00ff")]
DEFAULTS: Values = {
    MarkField.READ: False,
    MarkField.STARRED: False,
    MarkField.NOTE: "",
    MarkField.SEEN: 0,
}

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
readers = st.sampled_from([0, 1])


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


class TwoReaders(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "marks.json"
        self.stores = [TinyDBMarkStore(self.path) for _ in range(2)]
        self.stored: Oracle = {}
        self.seen: list[Oracle] = [{}, {}]
        self.told: list[Oracle] = [{}, {}]

    @rule(reader=readers, changes=batches)
    def apply(self, reader: int, changes: list[MarkChange]) -> None:
        with patch("os.fsync"):  # speed; durability is tested elsewhere
            self.stores[reader].apply(changes)
        self.stored = changed(self.stored, changes)
        self.seen[reader] = self.stored
        self.told[reader] = changed(self.told[reader], changes)

    @rule(reader=readers, changes=batches)
    def fail(self, reader: int, changes: list[MarkChange]) -> None:
        after = changed(self.stored, changes)
        full = OSError(errno.ENOSPC, "No space left on device")
        self.seen[reader] = self.stored
        with patch("os.fsync", side_effect=full):
            if all(values_of(after, key) == values_of(self.stored, key) for key in KEYS):
                self.stores[reader].apply(changes)
            else:
                with pytest.raises(MarksError):
                    self.stores[reader].apply(changes)

    @rule(reader=readers)
    def refresh(self, reader: int) -> None:
        expected = {
            key for key in KEYS if values_of(self.told[reader], key) != values_of(self.stored, key)
        }
        # A mark that another set and reset has new times: telling it is no fault.
        assert expected <= self.stores[reader].refresh()
        self.seen[reader] = self.told[reader] = self.stored

    @rule(reader=readers)
    def reopen(self, reader: int) -> None:
        self.stores[reader] = TinyDBMarkStore(self.path)
        self.seen[reader] = self.told[reader] = self.stored

    @invariant()
    def readers_show_what_they_saw(self) -> None:
        for store, seen in zip(self.stores, self.seen, strict=True):
            assert store.notices == ()
            for key in KEYS:
                marks = store.get(key)
                assert {name: marks.value(name) for name in MarkField} == values_of(seen, key)
            assert {key for key, _ in store.items()} <= set(KEYS)

    @invariant()
    def plain_tinydb_reads_what_was_stored(self) -> None:
        documents = {}
        if self.path.exists():
            with TinyDB(self.path, encoding="utf-8") as database:
                documents = {each["paper"]: each for each in database.table("papers")}
        for key in KEYS:
            document = documents.get(key, {})
            found = {name: document.get(name.value, DEFAULTS[name]) for name in MarkField}
            assert found == values_of(self.stored, key)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


TestTwoReaders = TwoReaders.TestCase
TestTwoReaders.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)

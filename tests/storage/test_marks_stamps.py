from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.marks.sharing.stamps import EARLIEST, HybridClock, Stamp

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)

_times = st.datetimes(timezones=st.just(UTC)) | st.sampled_from([EARLIEST.time, NOON, END])
# Device names come out of files: spaces and lone surrogates are no reason to lose a stamp.
_stamps = st.builds(
    Stamp, _times, st.integers(0, 3) | st.integers(0), st.text(st.characters(codec=None))
)


@pytest.mark.parametrize(
    ("stamp", "text"),
    [
        (Stamp(NOON, 0, "laptop-k3f9"), "2026-07-01T12:00:00.000000Z laptop-k3f9"),
        (Stamp(NOON, 2, "laptop-k3f9"), "2026-07-01T12:00:00.000000Z+2 laptop-k3f9"),
        (Stamp(NOON), "2026-07-01T12:00:00.000000Z"),
        (Stamp(NOON, 11), "2026-07-01T12:00:00.000000Z+11"),
        (Stamp(NOON.replace(microsecond=7), 0, "a b"), "2026-07-01T12:00:00.000007Z a b"),
        (EARLIEST, "0001-01-01T00:00:00.000000Z"),
        (Stamp(END, 1, "x"), "9999-12-31T23:59:59.999999Z+1 x"),
    ],
)
def test_the_text_form(stamp: Stamp, text: str) -> None:
    assert str(stamp) == text
    assert Stamp.parse(text) == stamp


@given(_stamps)
def test_every_stamp_comes_back_from_its_text(stamp: Stamp) -> None:
    back = Stamp.parse(str(stamp))
    assert back == stamp
    assert back.time.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01T12:00:00+00:00",
        "2026-07-01T12:00:00.000000+00:00",
        "2026-07-01T20:00:00+08:00",
        "2026-07-01T12:00:00Z",
        "2026-07-01T12:00:00",
        "2026-07-01 12:00:00",
    ],
)
def test_times_of_the_first_schema_are_stamps_without_a_device(text: str) -> None:
    stamp = Stamp.parse(text)
    assert stamp == Stamp(NOON, 0, "")
    assert stamp.time.tzinfo is UTC


@pytest.mark.parametrize("value", [None, 5, True, b"2026-07-01T12:00:00.000000Z", ["2026"]])
def test_what_is_no_text_is_no_stamp(value: object) -> None:
    with pytest.raises(TypeError):
        Stamp.parse(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01T12:00:00.000000Z laptop-k3f9",
        "2026-07-01T12:00:00.000000Zlaptop-k3f9",
        "2026-07-01T12:00:00.000000Z+ laptop-k3f9",
        "2026-07-01T12:00:00.000000Z+-1 laptop-k3f9",
        "2026-07-01T12:00:00.000000Z+1_0",
        "2026-07-01T12:00:00.000000Z+²",
        "2026-07-01T12:00:00.000000Z-1",
        "2026-07-01T12:00:00+00:00 laptop-k3f9",
        "0001-01-01T00:00:00+08:00",  # before the year 1
        "9999-12-31T23:00:00-08:00",
    ],
)
def test_nonsense_is_no_stamp(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Stamp.parse(text)


@given(st.text(st.characters(codec=None)) | st.from_regex(r"2026-11-20T10:00:00\.123456Z.*"))
def test_any_text_is_a_stamp_or_a_value_error(text: str) -> None:
    try:
        stamp = Stamp.parse(text)
    except ValueError:
        return
    assert Stamp.parse(str(stamp)) == stamp


def test_stamps_are_ordered_by_time_then_counter_then_device() -> None:
    later = NOON + timedelta(microseconds=1)
    ordered = [Stamp(NOON), Stamp(NOON, 0, "b"), Stamp(NOON, 1, "a"), Stamp(later, 0, "a")]
    assert all(one < other for one, other in pairwise(ordered))


@given(_stamps)
def test_nothing_is_before_the_earliest(stamp: Stamp) -> None:
    assert not stamp < EARLIEST


def test_stamps_without_a_device_are_of_as_many_writers() -> None:
    later = NOON + timedelta(seconds=1)
    assert Stamp(NOON, 0, "a").writer == Stamp(later, 3, "a").writer
    assert Stamp(NOON).writer != Stamp(later).writer


def test_a_place_is_legible() -> None:
    assert Stamp(NOON, 4, "laptop-k3f9").place == "laptop-k3f9, 2026-07-01 12:00"
    assert Stamp(NOON).place == "2026-07-01 12:00"
    assert EARLIEST.place == "0001-01-01 00:00"


def _clock(*walls: datetime) -> HybridClock:
    return HybridClock("laptop", iter(walls).__next__)


def test_a_clock_tells_the_wall_time_where_it_can() -> None:
    clock = _clock(NOON, NOON + timedelta(hours=1))
    assert clock.tick() == Stamp(NOON, 0, "laptop")
    assert clock.tick() == Stamp(NOON + timedelta(hours=1), 0, "laptop")


def test_a_clock_counts_on_while_the_wall_clock_stands_or_is_set_back_by_a_year() -> None:
    clock = _clock(NOON, NOON, NOON - timedelta(days=365), NOON + timedelta(seconds=1))
    assert [clock.tick() for _ in range(4)] == [
        Stamp(NOON, 0, "laptop"),
        Stamp(NOON, 1, "laptop"),
        Stamp(NOON, 2, "laptop"),
        Stamp(NOON + timedelta(seconds=1), 0, "laptop"),
    ]


@pytest.mark.parametrize("ahead", [NOON.replace(year=2031), END])
def test_another_device_whose_clock_is_years_ahead_is_followed(ahead: datetime) -> None:
    clock = _clock(NOON, NOON)
    clock.saw(Stamp(ahead, 3, "server"))
    assert clock.tick() == Stamp(ahead, 4, "laptop")
    clock.saw(Stamp(NOON, 9, "server"))
    assert clock.tick() == Stamp(ahead, 5, "laptop")


def test_a_wall_clock_of_another_zone_gives_stamps_in_utc() -> None:
    stamp = _clock(datetime.fromisoformat("2026-07-01T20:00:00+08:00")).tick()
    assert str(stamp) == "2026-07-01T12:00:00.000000Z laptop"


@given(st.lists(_times | _stamps, max_size=20))
@settings(max_examples=60)
def test_each_tick_is_later_than_all_before_it(happenings: list[datetime | Stamp]) -> None:
    clock = HybridClock("laptop", lambda: wall)
    known = [EARLIEST]
    for each in happenings:
        if isinstance(each, Stamp):
            clock.saw(each)
            known.append(each)
        else:
            wall = each
            stamp = clock.tick()
            assert all(stamp > earlier for earlier in known)
            known.append(stamp)
        assert clock.latest == max(known)

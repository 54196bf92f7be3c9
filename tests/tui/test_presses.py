"""What keys come to, key by key: counts, several in a row, and what gives them up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.keymap.building import build
from tui.keymap.keymap import Keymap, default_keymap
from tui.keymap.presets import PRESETS
from tui.keymap.presses import MOST, Presses

VIM, _ = build("vim", {})


def fed(keymap: Keymap, *keys: str) -> tuple[list[tuple[str, int]], str, bool]:
    """The commands that ``keys`` run with their counts, what is begun, and whether the last was taken."""
    presses = Presses(keymap)
    pressed = [presses.feed(key) for key in keys]
    run = [(one.action, one.times) for one in pressed if one.action]
    return run, presses.pending, pressed[-1].is_taken


def test_a_count_goes_before_a_key() -> None:
    assert fed(VIM, "5") == ([], "5", True)
    assert fed(VIM, "5", "j") == ([("move.down", 5)], "", True)
    assert fed(VIM, "1", "2", "0", "G") == ([("move.last", 120)], "", True)
    assert fed(VIM, "j") == ([("move.down", 0)], "", True)
    assert fed(VIM, "0", "j") == ([("move.down", 0)], "", True)


def test_a_digit_that_is_a_command_counts_only_behind_others() -> None:
    keymap = default_keymap()
    assert fed(keymap, "2") == ([("view.detail", 0)], "", True)
    assert fed(keymap, "4", "2", "j") == ([("move.down", 42)], "", True)
    assert fed(keymap, "0", "1", "2", "j") == ([("move.down", 12)], "", True)
    assert fed(keymap, "0", "0", "1") == ([], "1", True)


def test_keys_in_a_row() -> None:
    assert fed(VIM, "g") == ([], "g", True)
    assert fed(VIM, "g", "g") == ([("move.first", 0)], "", True)
    assert fed(VIM, "7", "g", "g") == ([("move.first", 7)], "", True)
    assert fed(VIM, "ctrl+w", "w") == ([("view.next_pane", 0)], "", True)
    assert fed(VIM, "3", "ctrl+w") == ([], "3Ctrl+W", True)


def test_escape_gives_up_what_is_begun_and_does_nothing_else_then() -> None:
    assert fed(VIM, "5", "escape") == ([], "", True)
    assert fed(VIM, "g", "escape", "j") == ([("move.down", 0)], "", True)
    assert fed(VIM, "escape") == ([("read.back", 0)], "", True)


def test_what_ends_keys_without_a_meaning_is_no_command() -> None:
    # x alone marks a paper read.
    assert fed(VIM, "d", "x") == ([], "", True)
    assert fed(VIM, "5", "g", "j") == ([], "", True)


def test_other_keys_are_for_others() -> None:
    assert fed(VIM, "f12") == ([], "", False)
    assert fed(VIM, "5", "f12") == ([], "", False)
    assert fed(VIM, "5", "f12", "j") == ([("move.down", 0)], "", True)


def test_a_count_has_an_end() -> None:
    assert fed(VIM, *"9" * 4000, "j") == ([("move.down", MOST)], "", True)


def test_keys_that_terminals_cannot_tell_apart_are_one() -> None:
    elfeed, _ = build("elfeed", {})
    assert fed(elfeed, "ctrl+@") == fed(elfeed, "ctrl+space") == ([("mark.range", 0)], "", True)
    assert fed(elfeed, "alt+shift+comma") == ([("move.first", 0)], "", True)


@given(
    preset=st.sampled_from(sorted(PRESETS)),
    keys=st.lists(st.sampled_from([*"0123459gdyZx", "ctrl+w", "escape", "f12"]), max_size=30),
)
def test_whatever_is_pressed_escape_leaves_nothing_begun(preset: str, keys: list[str]) -> None:
    presses = Presses(build(preset, {})[0])
    for key in keys:
        presses.feed(key)
        assert not presses.pending or presses.pending[0] in "0123456789gdyZC"
    presses.feed("escape")
    assert presses.pending == ""
    assert presses.feed("j").times == 0


@given(
    preset=st.sampled_from(sorted(PRESETS)),
    number=st.integers(1, MOST),
    data=st.data(),
)
def test_every_command_gets_the_count_that_is_typed(
    preset: str, number: int, data: st.DataObject
) -> None:
    keymap, _ = build(preset, {})
    action = data.draw(st.sampled_from([name for name, keys in keymap.keys.items() if keys]))
    keys = data.draw(st.sampled_from(keymap.keys[action]))
    if "escape" in keys or keys[0] in "0123456789":
        # The one gives the count up, the others are part of it.
        return
    typed = ["0", *str(number), *keys]
    assert fed(keymap, *typed) == ([(action, number)], "", True)

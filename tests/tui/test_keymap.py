"""Keymaps: names of keys, ready-made keymaps, own keys on top, and what is wrong in them."""

from __future__ import annotations

from itertools import pairwise
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from storage.settings import KEYMAPS, Settings
from tui.actions import ACTIONS, BY_ID
from tui.keymap.building import Complaint, build
from tui.keymap.keymap import Keymap, default_keymap, keymap_of
from tui.keymap.names import NAMED, SIGNS, Keys, name_of, same_everywhere, shown_keys
from tui.keymap.presets import PRESETS
from tui.keymap.spelling import Unreadable, keys_in
from tui.keymap.table import counting, key_table

CHARACTERS = [character for character in printable if character.isprintable()]


@pytest.mark.parametrize("character", [*CHARACTERS, *"éα中，。？！—×€"])
def test_characters_are_named_as_textual_names_them(character: str) -> None:
    assert name_of(character) == _character_to_key(character)


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("j", ("j",)),
        ("G", ("G",)),
        ("?", ("question_mark",)),
        ("<", ("less_than_sign",)),
        (" ", ("space",)),
        ("Space", ("space",)),
        ("SPC", ("space",)),
        ("PgDn", ("pagedown",)),
        ("f1", ("f1",)),
        ("RET", ("enter",)),
        ("<CR>", ("enter",)),
        ("Shift+Tab", ("shift+tab",)),
        ("Shift+j", ("J",)),
        ("Ctrl+Z", ("ctrl+z",)),
        ("ctrl-z", ("ctrl+z",)),
        ("C-z", ("ctrl+z",)),
        ("<C-z>", ("ctrl+z",)),
        ("ctrl+shift+z", ("ctrl+shift+z",)),
        ("Shift+Ctrl+Z", ("ctrl+shift+z",)),
        ("M-x", ("alt+x",)),
        ("Alt+<", ("alt+less_than_sign",)),
        ("Ctrl++", ("ctrl+plus",)),
        ("C--", ("ctrl+minus",)),
        ("Ctrl+PgDn", ("ctrl+pagedown",)),
        ("question_mark", ("question_mark",)),
        ("gg", ("g", "g")),
        ("g g", ("g", "g")),
        ("ZQ", ("Z", "Q")),
        ("ctrl+w w", ("ctrl+w", "w")),
        ("<C-w>w", ("ctrl+w", "w")),
        ("C-x C-c", ("ctrl+x", "ctrl+c")),
        ("<<", ("less_than_sign", "less_than_sign")),
        ("，", ("fullwidth_comma",)),
        # What terminals cannot tell apart is one key.
        ("Ctrl+I", ("tab",)),
        ("Ctrl+M", ("enter",)),
        ("Ctrl+[", ("escape",)),
        ("Ctrl+@", ("ctrl+space",)),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, keys: Keys) -> None:
    assert keys_in(written) == keys


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Entr", "no key is called 'Entr' (perhaps Enter)"),
        ("Ctrl+PgDown1", "no key is called 'Ctrl+PgDown1'"),
        ("wxyz", "no key is called 'wxyz' (keys in a row have spaces between them: g g)"),
        ("Shift+/", "no key is called 'Shift+/'"),
        # Other letters that are two in capitals, or in small ones.
        ("shift+ß", "no key is called 'shift+ß'"),
        ("C-İ", "no key is called 'C-İ'"),
        ("", "no key is written here"),
        ("  ", "no key is written here"),
        ("\x1b", "no key is called '\\x1b'"),
        ("g Esc", "Esc ends what is begun, so it cannot be one of several keys in a row"),
        ("a b c d e f g h i", "'a b c d e f g h i' are more than 8 keys in a row"),
    ],
)
def test_what_is_no_key_is_told(written: str, reason: str) -> None:
    read = keys_in(written)
    assert isinstance(read, Unreadable)
    assert read.reason.startswith(reason)


@given(st.text(max_size=30))
def test_any_text_is_keys_or_told(written: str) -> None:
    read = keys_in(written)
    assert isinstance(read, Unreadable) or (read and all(read))


KEYS = st.builds(
    lambda modifiers, key: same_everywhere("+".join([*sorted(modifiers), key])),
    st.sets(st.sampled_from(["alt", "ctrl"])),
    st.sampled_from([*NAMED, *SIGNS, *"abcfprsu1éß中"]),
)


@given(st.lists(KEYS, min_size=1, max_size=4).map(tuple))
def test_what_is_shown_is_read_again(keys: Keys) -> None:
    """Whatever help shows can be copied into the settings."""
    if len(keys) == 1 or "escape" not in keys:
        assert keys_in(shown_keys(keys)) == keys


@pytest.mark.parametrize("name", PRESETS)
def test_a_ready_made_keymap_has_no_clash_and_leaves_no_command_out(name: str) -> None:
    keymap, complaints = build(name, {})
    assert complaints == []
    everything = sorted(keys for many in keymap.keys.values() for keys in many)
    # Sorted, whatever begins another one stands right before one that it begins, or is the same.
    assert [one for one, other in pairwise(everything) if other[: len(one)] == one] == []
    assert set(keymap.keys) == set(BY_ID)
    assert [action for action, many in keymap.keys.items() if not many] == ["view.theme"]


def test_the_ready_made_keymaps_are_those_of_the_settings() -> None:
    assert tuple(PRESETS) == KEYMAPS


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        (
            "vim",
            {"move.first": "gg Home", "copy.link": "yy", "mark.undo": "u", "mark.redo": "Ctrl+R"},
        ),
        ("newsboat", {"find.reload": "R r", "mark.unread": "N", "open.abstract": "o O"}),
        ("elfeed", {"move.down": "n Ctrl+N ↓", "open.abstract": "b", "find.filter": "s S Ctrl+S"}),
    ],
)
def test_fingers_find_what_they_know(name: str, keys: dict[str, str]) -> None:
    keymap, _ = build(name, {})
    assert {action: keymap.all_shown(action) for action in keys} == keys


def complaints(
    own: dict[str, list[str]], preset: str = "default"
) -> tuple[Keymap, list[Complaint]]:
    return build(preset, own)


def test_own_keys_stand_in_the_place_of_the_usual_ones() -> None:
    keymap, wrong = build(
        "default", {"move.down": ["Ctrl+J", "Down"], "view.theme": ["gt"], "move.first": ["gg"]}
    )
    assert wrong == []
    assert keymap.all_shown("move.down") == "Ctrl+J ↓"
    assert keymap.command(("j",)) is None
    assert keymap.command(("g", "t")) == "view.theme"
    assert keymap.begins(("g",))
    assert keymap.command(("g",)) is None


def test_a_key_that_is_taken_from_a_command_s_last_is_told() -> None:
    keymap, wrong = build("default", {"mark.star": ["r", "s"], "move.page_down": ["G"]})
    assert keymap.command(("r",)) == "mark.star"
    assert keymap.keys["mark.read"] == ()
    # The last paper has another key left.
    assert keymap.all_shown("move.last") == "End"
    assert [complaint.key for complaint in wrong] == ["keys.mark.star"]
    assert (
        "r was the last key of “mark read and go on to the next paper” (mark.read)"
        in wrong[0].reason
    )


def test_the_first_of_two_own_keys_that_clash_wins() -> None:
    keymap, wrong = build(
        "default", {"mark.star": ["x"], "mark.read": ["x", "m"], "mark.unread": ["x"]}
    )
    assert keymap.command(("x",)) == "mark.star"
    assert keymap.all_shown("mark.read") == "m"
    # With nothing of its own left it keeps what it had.
    assert keymap.all_shown("mark.unread") == "u"
    assert wrong == [
        Complaint("keys.mark.read", "x is a key of mark.star already, which keeps it"),
        Complaint("keys.mark.unread", "x is a key of mark.star already, which keeps it"),
    ]


def test_no_key_waits_for_another_one() -> None:
    keymap, wrong = build("default", {"mark.star": ["m"], "mark.read": ["mm", "M"]})
    assert keymap.all_shown("mark.read") == "M"
    [one] = wrong
    assert one.key == "keys.mark.read"
    assert one.reason.startswith("mm and m of mark.star begin alike")
    # A ready-made key gives way silently where another one is left.
    keymap, wrong = build("vim", {"mark.star": ["g"]})
    assert keymap.all_shown("move.first") == "Home"
    assert not keymap.begins(("g",))
    assert {complaint.key for complaint in wrong} == {"keys.mark.star"}
    assert "view.languages" in "".join(complaint.reason for complaint in wrong)


def test_one_command_s_own_keys_may_clash_too() -> None:
    keymap, wrong = build("default", {"mark.star": ["s", "S", "s", "ss"]})
    assert keymap.all_shown("mark.star") == "s S"
    assert [complaint.key for complaint in wrong] == ["keys.mark.star", "keys.mark.star"]


def test_none_at_all_take_a_command_s_keys_away() -> None:
    keymap, wrong = build("default", {"mark.all_read": []})
    assert keymap.keys["mark.all_read"] == ()
    assert keymap.command(("A",)) is None
    assert wrong == []


@pytest.mark.parametrize(
    ("own", "action", "keys"),
    [
        ({"view.quit": []}, "view.quit", "q Ctrl+Q"),
        ({"view.help": []}, "view.help", "? F1"),
        ({"mark.star": ["q"], "view.quit": []}, "view.quit", "Ctrl+Q"),
        ({"mark.star": ["q", "Ctrl+Q", "s"]}, "view.quit", "q"),
        ({"mark.star": ["x"], "view.quit": ["x"]}, "view.quit", "q Ctrl+Q"),
    ],
)
def test_quit_and_help_keep_a_key(own: dict[str, list[str]], action: str, keys: str) -> None:
    keymap, wrong = build("default", own)
    assert keymap.all_shown(action) == keys
    assert keymap.command(keymap.keys[action][0]) == action
    assert wrong


def test_unknown_names_are_told_with_a_suggestion_and_the_rest_holds() -> None:
    own = {
        "mark.stra": ["x"],
        "nothing.like.it": ["z"],
        "mark.star": ["Entr", "x"],
        "mark.read": ["PgDwn"],
    }
    keymap, wrong = build("vi", own)
    assert [complaint.key for complaint in wrong] == [
        "keymap", "keys.mark.stra", "keys.nothing.like.it", "keys.mark.star", "keys.mark.read",
    ]  # fmt: skip
    assert "'vi' (perhaps vim)" in wrong[0].reason
    assert "(perhaps mark.star)" in wrong[1].reason
    assert "perhaps" not in wrong[2].reason
    assert "(perhaps Enter); it is left out" in wrong[3].reason
    assert "(perhaps PgDn)" in wrong[4].reason
    assert keymap.all_shown("mark.star") == "x"
    assert keymap.all_shown("mark.read") == "r"


@given(
    preset=st.sampled_from([*PRESETS, "vi"]),
    own=st.dictionaries(
        st.sampled_from([*BY_ID, "mark.stra"]),
        st.lists(
            st.sampled_from(
                ["g", "gg", "ggg", "q", "Ctrl+Q", "?", "F1", "x", "Esc", "1", "Ctrl+W", "Entr"]
            ),
            max_size=3,
        ),
        max_size=6,
    ),
)
def test_whatever_is_set_no_key_waits_and_one_can_always_quit(
    preset: str, own: dict[str, list[str]]
) -> None:
    keymap, _ = build(preset, own)
    everything = sorted(keys for many in keymap.keys.values() for keys in many)
    assert [one for one, other in pairwise(everything) if other[: len(one)] == one] == []
    assert keymap.keys["view.quit"]
    assert keymap.keys["view.help"]
    for action, many in keymap.keys.items():
        assert [keymap.command(keys) for keys in many] == [action] * len(many)


def test_the_settings_say_which_keymap() -> None:
    assert keymap_of(Settings()).keys == default_keymap().keys
    assert keymap_of(Settings(keymap="vim")).all_shown("move.first") == "gg Home"
    assert keymap_of(Settings(keys={"mark.star": ("x",)})).all_shown("mark.star") == "x"


def test_how_counts_are_typed_is_shown_by_a_key_that_there_is() -> None:
    assert counting(build("default", {})[0])[0].endswith(", as 5j.")
    assert counting(build("default", {"move.down": []})[0])[0].endswith(", as 5k.")
    keyless, _ = build("default", dict.fromkeys(BY_ID, ()))
    assert counting(keyless) == []
    assert not key_table(keyless).endswith("\n")


def test_the_table_of_keys_is_in_line_and_complete() -> None:
    keymap, _ = build("vim", {"mark.star": ["中", "，"]})
    lines = key_table(keymap).splitlines()
    for action in ACTIONS:
        [line] = [line for line in lines if f" {action.id} " in line]
        assert keymap.all_shown(action.id) in line
    starred, read = (
        next(line for line in lines if name in line) for name in ("mark.star", "mark.read ")
    )
    # Two Chinese characters take a cell more each.
    assert starred.index("mark.star") + 2 == read.index("mark.read")

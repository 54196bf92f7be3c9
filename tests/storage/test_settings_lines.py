"""Where keys are in a TOML text: by hand, and by what is gone when a line is."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.settings.lines import lines_of

TEXT = '''\
# a comment = 1
theme = "nord" # dark = 2
"quoted key" = 1
'literal' . dotted = 2
long = """
inside = 1
[not.a.table]
"""
list = [
  "a ] in it", 'b [',  # ]
  { x = 1 },
]
text = '\\'

[hooks] # a table
on_star = ["a"]
sub.on_read = [
  "b"]

[keys."mark.star"]
"\\u0061" = "s"

[[many]]
one = 1
[[many]]
two = 2
'''


def test_lines_by_hand() -> None:
    lines = lines_of(TEXT)
    for path, line in (
        (("theme",), 2),
        (("quoted key",), 3),
        (("literal", "dotted"), 4),
        (("literal",), 4),
        (("long",), 5),
        (("list",), 9),
        (("list", "x"), 9),
        (("text",), 13),
        (("hooks",), 15),
        (("hooks", "on_star"), 16),
        (("hooks", "sub", "on_read"), 17),
        (("hooks", "nowhere"), 15),
        (("keys", "mark.star"), 20),
        (("keys",), 20),
        (("keys", "mark.star", "a"), 21),
        (("many",), 23),
        (("many", "two"), 26),
        (("inside",), None),
        (("not",), None),
        (("dark",), None),
    ):
        assert lines.of(path) == line, path


def test_carriage_returns_are_no_lines() -> None:
    assert lines_of("a = 1\r\n\r\nb = 2\r\n").of(("b",)) == 3


NAMES = st.sampled_from(["a", "b-c", '"x.y"', "'z'", '"\\u00e9"', "d . e", "f.'g h'.i", "1"])
VALUES = st.sampled_from(
    ["1", '"# = ["', "'\\'", "[1, 2]", "{ a = 1, b = [2] }", "[\n1, # ]\n'x',\n]", '"""\nq = 1\n"""',
     "'''\n[t]\n'''", "[[1], [\n]]", "true", "1979-05-27", '"""x\\"""y"""', "''''quoted''''"]
)  # fmt: skip
STATEMENTS = st.one_of(
    st.tuples(NAMES, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    NAMES.map(lambda name: f"[{name}]"),
    st.sampled_from(["# x = 1", "", "  "]),
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.lists(STATEMENTS, max_size=8))
def test_a_key_is_gone_with_its_line(statements: list[str]) -> None:
    kept: list[str] = []
    for statement in statements:
        if _tables([*kept, statement]) is not None:
            kept.append(statement)
    lines = lines_of("\n".join(kept))
    firsts = [1 + sum(one.count("\n") + 1 for one in kept[:number]) for number in range(len(kept))]
    for path, line in lines.known.items():
        assert line in firsts
        without = _tables([one for number, one in enumerate(kept) if firsts[number] != line])
        if without is not None and not kept[firsts.index(line)].startswith("["):
            assert not _has(without, path)
    found = set(lines.known)
    assert all(any(key[: len(path)] == path for key in found) for path in _paths(_all(kept)))


def _tables(statements: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("\n".join(statements))
    except tomllib.TOMLDecodeError:
        return None


def _all(statements: list[str]) -> dict[str, Any]:
    return tomllib.loads("\n".join(statements))


def _has(table: object, path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True


def _paths(table: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(name,) for name in table]

"""Finds words in the code that are said to a person and bypass ``storage.language``.

``python -m tests.words [PATH…]`` lists them. What looks like words: a literal (or the fixed parts of
an f-string) with two words of letters and a space between them. Not taken for words: docstrings;
what is inside ``tr``, ``tr_n``, ``tr_in`` or ``to_tr``; SQL, CSS, regular expressions and log
messages, by what they are given to; and a line, or the one above it, with ``# tr: no -- reason``.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
TRANSLATING = frozenset({"tr", "tr_n", "tr_in", "to_tr"})
# What is given to these is not said: patterns, queries, logs, types.
_NOT_SAID = frozenset(
    {"compile", "execute", "executemany", "executescript", "debug", "info", "warning", "exception",
     "TypeVar", "cast", "NewType", "sub", "fullmatch", "search", "match", "split", "findall",
     "NotImplementedError", "AssertionError", "run_worker", "cached_property"}
)  # fmt: skip
_WORDS = re.compile(r"(?<![\w.<&/-])[A-Za-z][a-z’']+[,;:.!?…)]* \(?[A-Za-z][a-z’']*(?![\w=./-])")
_CODE = re.compile(
    r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|PRAGMA|WITH|BEGIN|ATTACH|WHERE|FROM|ORDER BY|AND|OR"
    r"|JOIN|LEFT JOIN|UNION|EXISTS|LIMIT|GROUP BY|ALTER|REINDEX|VACUUM|NOT EXISTS)\b"
)
_ALLOWED = re.compile(r"#\s*tr: no -- \w")


class Bypass(NamedTuple):
    """A literal that may be words; the line is counted from 1."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.text!r}"


def bypasses(path: Path) -> list[Bypass]:
    """Return what in one module looks like words that are said and not looked up."""
    source = path.read_text("utf-8")
    lines = source.splitlines()
    found = []
    for node, text in _literals(ast.parse(source)):
        around = lines[max(0, node.lineno - 2) : node.end_lineno]
        if _WORDS.search(text) and not _CODE.match(text) and not any(map(_ALLOWED.search, around)):
            found.append(Bypass(path, node.lineno, text))
    return found


def said_too_early(path: Path) -> list[Bypass]:
    """Return the calls that look words up while the module is imported."""
    found = []

    def look(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                early: list[ast.AST | None] = [*child.args.defaults, *child.args.kw_defaults]
                for default in filter(None, early):
                    look(ast.Expression(default))  # type: ignore[arg-type] # an expression it is
                continue
            if isinstance(child, ast.Call) and _name(child.func) in TRANSLATING - {"to_tr"}:
                found.append(Bypass(path, child.lineno, ast.unparse(child)))
            look(child)

    look(ast.parse(path.read_text("utf-8")))
    return found


def _literals(tree: ast.Module) -> Iterator[tuple[ast.Constant | ast.JoinedStr, str]]:
    statements = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    yield from _within(tree, {id(node) for node in statements if isinstance(node, ast.Constant)})


def _within(
    node: ast.AST, docstrings: set[int]
) -> Iterator[tuple[ast.Constant | ast.JoinedStr, str]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and id(node) not in docstrings:
            yield node, node.value
        return
    if isinstance(node, ast.JoinedStr):
        fixed = [part.value for part in node.values if isinstance(part, ast.Constant)]
        yield node, "\ufffc".join(map(str, fixed))
    for child in _parts(node):
        yield from _within(child, docstrings)


def _parts(node: ast.AST) -> Iterable[ast.AST]:
    """Return the parts of ``node`` that may hold words."""
    if isinstance(node, ast.Call) and (name := _name(node.func)) in TRANSLATING | _NOT_SAID:
        return [keyword.value for keyword in node.keywords] if name in TRANSLATING else ()
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").endswith("CSS"):
        return ()
    if isinstance(node, ast.AnnAssign):
        # Annotations are strings of types.
        return [node.value] if node.value else ()
    return ast.iter_child_nodes(node)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def modules(places: list[Path]) -> list[Path]:
    """Return the modules in files and folders, in order."""
    return sorted(
        path for place in places for path in (place.rglob("*.py") if place.is_dir() else [place])
    )


if __name__ == "__main__":
    named = [Path(one).resolve() for one in sys.argv[1:]] or [ROOT / "storage", ROOT / "tui"]
    for module in modules(named):
        for one in (*bypasses(module), *said_too_early(module)):
            print(one)

"""Collects what is to be translated and brings the catalogues up to date: ``make messages``.

That is every ``tr``, ``tr_n``, ``tr_in`` and ``to_tr`` in the code, and what Python's argparse says
to users in the name of ``digest-tui``. Translations whose English is gone or changed are dropped.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from storage.language import DOMAIN, FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REMARK = "i18n:"
"""Begins a comment, above what is said, that the translator is shown."""
ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "unrecognized arguments: %s",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "not allowed with argument %s",
    "ignored explicit argument %r",
    "expected one argument",
    "expected at least one argument",
    ("expected %s argument", "expected %s arguments"),
    "ambiguous option: %(option)s could match %(matches)s",
    "invalid %(type)s value: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)",
)
"""What users may hear from argparse, as in Python 3.11 to 3.13."""
_ROOT = Path(__file__).parents[2]


class _Said(NamedTuple):
    """A message as gettext knows it; ``message`` is both forms where there is a plural."""

    message: str | tuple[str, str]
    context: str | None
    remarks: tuple[str, ...]


def said() -> Catalog:
    """Return all that is said anywhere, each with the files that say it."""
    found = Catalog(project=DOMAIN, charset="utf-8", fuzzy=False)
    for path in sorted(
        path for half in ("storage", "tui") for path in (_ROOT / half).rglob("*.py")
    ):
        place = [(str(path.relative_to(_ROOT)), 0)]
        for one in _said_in(path.read_text("utf-8")):
            found.add(one.message, None, place, (), one.remarks, context=one.context)
    for said_by_argparse in ARGPARSE:
        found.add(said_by_argparse, None, [("argparse", 0)])
    return found


def _said_in(source: str) -> Iterator[_Said]:
    # Not Babel's own extractor: it misses what is said within another call or an f-string.
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            remarks = _remarks_above(lines, node.lineno)
            match node.func.id, texts:
                case "tr" | "to_tr", [str(message)]:
                    yield _Said(message, None, remarks)
                case "tr_in", [str(context), str(message)]:
                    yield _Said(message, context, remarks)
                case "tr_n", [str(one), str(many), *_]:
                    yield _Said((one, many), None, remarks)


def _remarks_above(lines: Sequence[str], line: int) -> tuple[str, ...]:
    """Return the remark in the comment that ends above ``line``, counted from 1."""
    comment: list[str] = []
    for above in reversed(lines[: line - 1]):
        if not above.lstrip().startswith("#"):
            break
        comment.insert(0, above.strip().lstrip("# "))
    text = " ".join(comment)
    return (text[text.index(_REMARK) :],) if _REMARK in text else ()


def bring_up_to_date(path: Path, messages: Catalog) -> Catalog:
    """Return the catalogue in ``path`` with exactly ``messages``, their translations kept."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    catalogue.update(messages, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    # Babel's own is an address that is nobody's.
    catalogue.msgid_bugs_address = ""
    return catalogue


def main() -> None:
    """Write all catalogues."""
    messages = said()
    for path in FOLDER.glob("*/LC_MESSAGES/*.po"):
        catalogue = bring_up_to_date(path, messages)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)
        missing = sum(not message.string for message in catalogue if message.id)
        print(f"{path.relative_to(_ROOT)}: {len(catalogue)} messages, {missing} untranslated")


if __name__ == "__main__":
    main()

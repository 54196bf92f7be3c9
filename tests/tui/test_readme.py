"""What the READMEs claim holds: filters, commands, settings, keys, formats, examples; both say the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from storage import language
from storage.export.formats import KINDS
from storage.export.paper_json import paper_to_json
from storage.language import tr, tr_in
from storage.library.filters import PARTS, SORT_WORDS, STATES, TYPES, Order
from storage.library.grammar import parse_query
from storage.marks.model import Marks
from storage.settings import KEYMAPS, load
from storage.settings.writing import settings_table_markdown
from tests.storage.exporting import titled
from tui.actions import ACTIONS
from tui.cli import COMMANDS
from tui.keymap.building import build
from tui.keymap.names import shown_keys
from tui.settings_mistakes import checked as checked_settings
from tui.shells.manual_words import environment
from tui.themes.checking import checked as checked_theme

ROOT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh-CN.md")
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in READMES)
SPEAKING = [(ENGLISH, language.ENGLISH), (CHINESE, language.CHINESE)]

in_both = pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=READMES)
in_both_languages = pytest.mark.parametrize(("text", "spoken"), SPEAKING, ids=READMES)


class Block(NamedTuple):
    """A block of code."""

    kind: str
    code: str


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", text)]


def only(text: str, kind: str, part: str) -> str:
    """The one block of a kind in which a text is."""
    (found,) = (block.code for block in blocks(text) if block.kind == kind and part in block.code)
    return found


def without_comments(code: str) -> list[str]:
    """What a shell and TOML heed; ``#`` in quotes stays."""
    lines = (re.sub(r"(?:^|\s)#\s.*", "", line).rstrip() for line in code.splitlines())
    return [line for line in lines if line]


def examples(text: str) -> list[str]:
    """The filters in the first column of the table of filters."""
    table = re.search(r"^\| `diffusion 扩散`.*?\n\n", text, re.MULTILINE | re.DOTALL)
    assert table is not None
    cells = [row.split(" | ")[0] for row in table[0].strip().splitlines()]
    return [code for cell in cells for code in re.findall(r"`([^`]+)`", cell) if "…" not in code]


@in_both
def test_each_filter_of_the_table_is_understood(text: str) -> None:
    found = examples(text)
    assert len(found) > 30
    for example in found:
        query = parse_query(example)
        assert query.filter is not None or query.order is not None, example


def test_both_name_the_same_filters_and_leave_none_out() -> None:
    english, chinese = map(examples, (ENGLISH, CHINESE))
    assert english == chinese
    assert {text[3:] for text in english if text.startswith("is:")} == set(STATES)
    assert {text[4:] for text in english if text.startswith("has:")} == set(PARTS)
    assert {text[5:] for text in english if text.startswith("type:")} < set(TYPES)
    named = {SORT_WORDS[text[5:]] for text in english if text.startswith("sort:")}
    assert named | {
        SORT_WORDS[word] for word in ("oldest", "chinese", "type", "unread", "starred")
    } == set(Order)


@in_both
def test_each_command_is_named(text: str) -> None:
    # For paths that are called as a command is; ``--help`` names it.
    named = set(COMMANDS) - {"read"}
    assert [one for one in sorted(named) if f"digest-tui {one}" not in text] == []


@in_both_languages
def test_the_settings_are_as_they_are_declared(text: str, spoken: str) -> None:
    language.use(spoken)
    assert settings_table_markdown() in text


@in_both_languages
def test_the_usual_keys_do_what_the_screen_says(text: str, spoken: str) -> None:
    language.use(spoken)
    for action in ACTIONS:
        keys = " ".join(f"`{shown_keys((key,))}`" for key in action.keys) or "—"
        assert f"| {keys} | {action.shown_help} |" in text, action.id


@in_both_languages
def test_keys_of_the_other_keymaps(text: str, spoken: str) -> None:
    language.use(spoken)
    head = f" | {' | '.join(KEYMAPS)} |\n"
    table = text[text.index(head) + len(head) :].partition("\n\n")[0].splitlines()[1:]
    keymaps = [build(name, {})[0] for name in KEYMAPS]
    # Of those with the same label the first is meant.
    ids = {action.shown_label: action.id for action in reversed(ACTIONS)}
    for row in table:
        label = row.split(" | ")[0].strip("| ")
        keys = " | ".join(f"`{keymap.shown(ids[label])}`" for keymap in keymaps)
        assert row == f"| {label} | {keys} |"
    assert len(table) > 20


@in_both
def test_examples_of_settings_have_no_mistakes(text: str, tmp_path: Path) -> None:
    settings = [code for kind, code in blocks(text) if kind == "toml" and "background" not in code]
    assert len(settings) == 5
    for code in settings:
        path = tmp_path / "settings.toml"
        path.write_text(code, "utf-8")
        assert not checked_settings(path).mistakes, code


@in_both
def test_the_example_of_own_keys_gives_them(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(only(text, "toml", "[keys]"), "utf-8")
    settings, _ = load(path)
    keymap, complaints = build(settings.keymap, settings.keys)
    assert complaints == []
    own = {one: keymap.all_shown(one) for one in settings.keys}
    assert own == {
        "mark.star": "*", "find.digests": "gd F3", "open.pdf": "Ctrl+X p", "view.zoom": "",
    }  # fmt: skip
    assert keymap.shown("mark.read") == "x"


@in_both
def test_the_example_of_a_theme_holds_as_it_is(text: str) -> None:
    theme, faults = checked_theme(tomllib.loads(only(text, "toml", "background")), "paper")
    assert faults == ()
    assert theme is not None
    assert (theme.name, theme.dark, theme.primary) == ("paper", False, "#2f6f6a")


@in_both_languages
def test_the_example_of_a_mistake(text: str, spoken: str, tmp_path: Path) -> None:
    language.use(spoken)
    path = tmp_path / "settings.toml"
    path.write_text('\n\nlayout = "row"\n', "utf-8")
    (mistake,) = checked_settings(path).mistakes
    shown = str(mistake).replace(str(path), "/home/me/.config/digest-tui/settings.toml")
    assert f"$ digest-tui settings --check\n{shown}\n" in text


@in_both_languages
def test_each_format_is_in_the_table(text: str, spoken: str) -> None:
    language.use(spoken)
    folder = "folder" if spoken == language.ENGLISH else "文件夹"
    for name, kind in KINDS.items():
        end = f"`{kind.suffix}`" if kind.suffix else folder
        assert f"| {tr(kind.words)} | `{name}` | {end} |" in text


@in_both
def test_each_variable_of_the_environment_is_named(text: str) -> None:
    names = [name for listed, _ in environment() for name in listed.split(", ")]
    assert [name for name in names if f"`{name}`" not in text] == []


@in_both
def test_the_example_of_a_hook(text: str, tmp_path: Path) -> None:
    papers = [titled("Seams", "缝隙"), titled("Knots")]
    lines = "".join(paper_to_json(paper, Marks(note="*")) + "\n" for paper in papers)
    script = tmp_path / "to-inbox"
    script.write_text(only(text, "python", "sys.stdin"), "utf-8")
    for _ in range(2):
        subprocess.run([sys.executable, script], cwd=tmp_path, input=lines, text=True, check=True)
    link = "https://arxiv.org/abs/2404.02882"
    assert (
        tmp_path.joinpath("inbox.md").read_text("utf-8")
        == f"- 缝隙 {link} *\n- Knots {link} *\n" * 2
    )


def test_completion_and_manual_page_come_where_the_readme_puts_them(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["sh", "-e"],
        input=only(ENGLISH, "sh", "completion bash"),
        text=True,
        env={"HOME": str(tmp_path), "PATH": path},
        check=True,
    )
    made = sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file())
    assert made == [
        ".config/fish/completions/digest-tui.fish",
        ".local/share/bash-completion/completions/digest-tui",
        ".local/share/man/man1/digest-tui.1",
        ".zfunc/_digest-tui",
    ]
    assert all((tmp_path / one).stat().st_size > 2000 for one in made)


def test_signs_and_words_of_sources() -> None:
    words = [re.findall(r"(?m)^\| `[✓·○◇▲✗⊘‖]` \| ([^|]+) \|", text) for text in (ENGLISH, CHINESE)]
    assert len(words[0]) == 8
    language.use(language.CHINESE)
    assert [tr_in("source", word) for word in words[0]] == words[1]


@in_both_languages
def test_messages_are_quoted_as_they_are_said(text: str, spoken: str) -> None:
    with next((ROOT / "storage/locale").glob("zh_CN/*/*.po")).open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    # Of a plural both forms are one after the other.
    said = [str(one.id if spoken == language.ENGLISH else one.string) for one in messages]
    all_said = "\n".join(said)
    table = text[text.index("| `digest-tui ", text.index("128 + n")) :].partition("\n\n")[0]
    cells = [row.split(" | ")[0] for row in table.splitlines() if "make" not in row.split(" | ")[0]]
    quoted = [code for cell in cells for code in re.findall(r"`([^`]+)`", cell)]
    parts = [part.strip() for code in quoted for part in code.split("…") if part.strip()]
    assert len(parts) > 10
    unsaid = [part for part in parts if part not in all_said]
    assert unsaid == ["settings.toml:3:", "on_star:"]


@in_both
def test_each_target_of_make_is_listed(text: str) -> None:
    declared = re.findall(r"(?m)^([a-z]+):.*## (.+)", (ROOT / "Makefile").read_text("utf-8"))
    listed = re.findall(r"(?m)^  make ([a-z]+) +(.+)", text)
    if text == ENGLISH:
        assert listed == declared
    assert [name for name, _ in listed] == [name for name, _ in declared]


@in_both
def test_every_link_inside_leads_to_a_heading(text: str) -> None:
    # As GitHub calls them: letters, digits, hyphens and underscores; spaces become hyphens.
    headings = re.findall(r"(?m)^#+ (.+)", re.sub(r"(?ms)^```.*?^```$", "", text))
    names = {re.sub(r"[^\w\- ]", "", one).lower().replace(" ", "-") for one in headings}
    assert len(names) == len(headings)
    assert [link for link in re.findall(r"\]\(#([^)]+)\)", text) if link not in names] == []


def test_both_have_the_same_headings_and_the_same_code() -> None:
    levels = [re.findall(r"(?m)^(#+) ", text) for text in (ENGLISH, CHINESE)]
    assert levels[0] == levels[1]
    for one, other in zip(blocks(ENGLISH), blocks(CHINESE), strict=True):
        assert one.kind == other.kind
        if one.kind in ("json", "ini", "xml", "python"):
            assert one.code == other.code
        elif one.kind in ("toml", "sh"):
            assert without_comments(one.code) == without_comments(other.code)
        elif one.kind == "console":
            commands = [
                [line for line in without_comments(code) if line.startswith("$ ")]
                for code in (one.code, other.code)
            ]
            assert commands[0] == commands[1]


@in_both
def test_json_is_json(text: str) -> None:
    whole = [code for kind, code in blocks(text) if kind == "json" and "…}" not in code]
    for code in whole:
        if "…" not in code:
            json.loads(code)
    assert len(whole) >= 3

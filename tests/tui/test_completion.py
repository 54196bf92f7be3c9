"""Completion, asked of the shells themselves: what they offer for a line that is being typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from storage import language
from tests.tui.terminal import Terminal
from tui.arguments import build_parser
from tui.completion_command import completion
from tui.shells import bash, fish, zsh
from tui.shells.declared import Command, declared

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable
    from pathlib import Path

FOLLOWED = ("cs.LG", "my notes (old)", "线性代数")
SCRIPTS: dict[str, Callable[[Command], str]] = {
    "bash": bash.script,
    "zsh": zsh.script,
    "fish": fish.script,
}
COMMANDS = [
    "add", "completion", "convert", "demo", "directories", "doctor", "export", "keys", "list", "man",
    "marks", "read", "refresh", "remove", "settings", "sources", "themes", "translate",
]  # fmt: skip


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with documents, a program that names the sources, and the shells' scripts."""
    programs = tmp_path / "programs"
    programs.mkdir()
    names = "".join(f"{name}\n" for name in FOLLOWED)
    (programs / "digest-tui").write_text(f"#!/bin/sh\ncat <<'END'\n{names}END\n", "utf-8")
    (programs / "digest-tui").chmod(0o755)
    here = tmp_path / "here"
    (here / "digests").mkdir(parents=True)
    (here / "an old one.md").write_bytes(b"")
    program = declared(build_parser(lambda _: None))
    for shell, script in SCRIPTS.items():
        (tmp_path / f"it.{shell}").write_text(script(program), "utf-8")
    return tmp_path


def environ(place: Path) -> dict[str, str]:
    return {
        "PATH": f"{place / 'programs'}:{os.environ['PATH']}",
        "HOME": str(place),
        "LANG": "C.UTF-8",
    }


def ran(place: Path, *argv: str) -> str:
    done = subprocess.run(
        argv,
        env=environ(place),
        cwd=place / "here",
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=20,
    )
    assert done.stderr == ""
    return done.stdout


def bash_words(line: str) -> list[str]:
    """Take a line apart as bash does, at spaces, colons and equals signs, quotes aside."""
    words = re.findall(r"\"[^\"]*\"?|'[^']*'?|(?:\\.|[^\s:=\"'\\])+|[:=]+", line)
    return [*words, ""] if line[-1:].isspace() else words


def in_bash(place: Path, *lines: str) -> list[list[str]]:
    """Return what bash is told to put in place of what it replaces, for each line."""
    steps = [f"source {place}/it.bash"]
    for line in lines:
        words = " ".join(f"$'{word}'" for word in (w.replace("'", r"\'") for w in bash_words(line)))
        steps += [
            f"COMP_WORDS=({words})",
            "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))",
            "COMP_LINE=" + "$'" + line.replace("\\", r"\\").replace("'", r"\'") + "'",
            "COMP_POINT=${#COMP_LINE}",
            "_digest_tui",
            "printf '%s\\n' \"${COMPREPLY[@]}\" END",
        ]
    told = ran(place, "bash", "--norc", "-c", "\n".join(steps))
    return [part.strip("\n").splitlines() for part in told.split("END\n")[:-1]]


def in_fish(place: Path, line: str) -> dict[str, str]:
    """Return what fish offers, with what it says of each."""
    words = f"source {place}/it.fish; complete -C {bash_quoted(line)}"
    told = ran(place, "fish", "--no-config", "-c", words)
    pairs = (row.partition("\t") for row in told.splitlines())
    return {word: said for word, _, said in pairs}


def bash_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_shell_finds_no_fault_in_it(place: Path, shell: str) -> None:
    needs(shell)
    assert ran(place, shell, "-n", str(place / f"it.{shell}")) == ""


class TestBash:
    def test_commands_and_what_stands_behind_them(self, place: Path) -> None:
        needs("bash")
        offered = in_bash(
            place,
            "digest-tui re",
            "digest-tui marks re",
            "digest-tui marks export --",
            "digest-tui refresh --",
            "digest-tui completion ",
            "digest-tui --lang ",
            "digest-tui --lang zh dem",
            "digest-tui marks retire ",
        )
        assert offered == [
            ["remove", "refresh", "read"],
            ["restore", "retire"],
            ["--help"],
            ["--help", "--quiet", "--due", "--offline"],
            ["bash", "zsh", "fish"],
            ["en", "zh"],
            ["demo"],
            [],
        ]

    def test_words_of_a_filter_of_which_bash_knows_only_the_end(self, place: Path) -> None:
        needs("bash")
        offered = in_bash(
            place,
            "digest-tui list is:un",
            "digest-tui list date:week is:s",
            "digest-tui list ha",
            "digest-tui list foo auth",
            "digest-tui export --format csv type:",
            "digest-tui list --sort ch",
            "digest-tui convert --to=m",
            "digest-tui export --format=cs",
        )
        assert offered == [
            ["unread", "untranslated"],
            ["starred", "suspect"],
            ["has:note", "has:tag", "has:tldr", "has:zh"],
            ["author:"],
            ["new", "cross", "replace", "replace-cross"],
            ["chinese"],
            ["markdown"],
            ["csl-json", "csv"],
        ]

    def test_ready_made_sources_files_and_those_that_are_followed(self, place: Path) -> None:
        needs("bash")
        offered = in_bash(
            place,
            "digest-tui add cn-chat-arxiv:cs.",
            "digest-tui add d",
            "digest-tui remove ",
            "digest-tui remove m",
            "digest-tui remove my\\ n",
            'digest-tui remove "my',
            "digest-tui remove 线",
        )
        assert offered == [
            ["cs.AI", "cs.CL", "cs.LG", "cs.IR", "cs.SE"],
            ["daily-arxiv:Chinese", "digests"],
            ["cs.LG", r"my\ notes\ \(old\)", "线性代数"],
            [r"my\ notes\ \(old\)"],
            [r"my\ notes\ \(old\)"],
            ["my notes (old)"],
            ["线性代数"],
        ]

    def test_at_the_keyboard(self, place: Path) -> None:
        needs("bash")
        (place / "rc").write_text(f"PS1='% '\nsource {place}/it.bash\n", "utf-8")
        argv = ["bash", "--noprofile", "--rcfile", str(place / "rc"), "-i"]
        with Terminal(argv, env=environ(place), cwd=place / "here") as terminal:
            terminal.wait_for("%")
            for typed, shown in (
                ("dir", "directories"),
                ("list is:unr", "list is:unread"),
                ("read an", r"read an\\ old\\ one\.md"),
                ("marks export -o dig", "marks export -o digests/"),
            ):
                terminal.send(f"digest-tui {typed}<tab>")
                terminal.wait_for(f"digest-tui {shown}")
                terminal.send("<c-u><c-l>")


class TestZsh:
    def test_at_the_keyboard(self, place: Path) -> None:
        needs("zsh")
        (place / ".zshrc").write_text(
            "autoload -Uz compinit; compinit -u -d $ZDOTDIR/dump\nPS1='%% '\n"
            f"unsetopt automenu\nsource {place}/it.zsh\n",
            "utf-8",
        )
        env = {**environ(place), "ZDOTDIR": str(place)}
        with Terminal(["zsh", "-i"], (100, 40), env=env, cwd=place / "here") as terminal:
            terminal.wait_for("%")
            for typed, shown in (
                ("dir", "digest-tui directories"),
                ("marks re", "restore +-- make all marks as they were in a backup"),
                ("list is:un", "is:untranslated +-- Chinese that is no Chinese"),
                ("list auth", "list author:"),
                ("export --format=cs", "csl-json +csv"),
                ("list --sort ", "chinese +-- by Chinese title"),
                ("refresh --due --", "--quiet +-- say only what failed"),
                ("add cn-chat-arxiv:e", "add cn-chat-arxiv:econ"),
                ("add dig", "add digests/"),
                ("remove m", r"remove my\\ notes\\ \\\(old\\\)"),
                ("remove 线", "remove 线性代数"),
                ("read an", r"read an\\ old\\ one\.md"),
            ):
                terminal.send(f"digest-tui {typed}<tab>")
                terminal.wait_for(shown)
                terminal.send("<c-u><c-l>")


class TestFish:
    def test_commands_with_what_they_do(self, place: Path) -> None:
        needs("fish")
        offered = in_fish(place, "digest-tui ")
        assert [word for word in offered if word in COMMANDS] == COMMANDS
        assert offered["man"] == "print the manual page"
        assert {"an old one.md", "digests/"} <= offered.keys()

    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("list is:un", {"is:unread": "not read yet", "is:untranslated": "Chinese that is no Chinese"}),
            ("list foo --li", {"--limit": "list at most N papers"}),
            ("list --sort ch", {"chinese": "by Chinese title"}),
            ("remove ", dict.fromkeys(FOLLOWED, "")),
            ("add cn-chat-arxiv:e", {"cn-chat-arxiv:econ": "cn-chat-arxiv, one channel"}),
            ("marks ret", {"retire": "take over the marks of a device that is gone, and its files away"}),
            ("marks retire ", {}),
            ("marks export -o d", {"digests/": ""}),
            ("digests a", {"an old one.md": ""}),
            ("--lang zh dem", {"demo": "open the built-in demo digest; touches nothing of yours"}),
        ],
    )  # fmt: skip
    def test_what_stands_behind_them(self, place: Path, line: str, offered: dict[str, str]) -> None:
        needs("fish")
        assert in_fish(place, f"digest-tui {line}") == offered


def test_texts_with_signs_of_the_shells_are_only_texts(tmp_path: Path) -> None:
    odd = 'it\'s `a` $HOME \\ [b]: "c" (d) {e}; 线'
    below = Command(("x",), odd, options=declared(build_parser(lambda _: None)).options)
    program = Command((), commands=(below,))
    for shell, script in SCRIPTS.items():
        if shutil.which(shell) is not None:
            path = tmp_path / f"it.{shell}"
            path.write_text(script(program), "utf-8")
            done = subprocess.run([shell, "-n", path], capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (0, b"")
    if shutil.which("fish") is not None:
        command = f"source {tmp_path}/it.fish; complete -C 'digest-tui x'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", command], capture_output=True, check=False
        )
        assert done.stdout.decode() == f"x\t{odd}\n"


def test_it_is_printed_in_the_interface_s_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Options:
        shell = "fish"

    class Catalogue:
        def gettext(self, message: str) -> str:
            return {"list all keys": "列出所有按键"}.get(message, message)

        def pgettext(self, _: str, message: str) -> str:
            return message

    monkeypatch.setattr(language, "_catalogue", Catalogue())
    options: Namespace = Options()  # type: ignore[assignment] # all that is asked of it
    assert completion(options, print) == 0
    printed = capsys.readouterr().out
    assert "-a 'keys' -d '列出所有按键'" in printed


def test_chinese_names_of_values_offer_the_same_words() -> None:
    def offers(command: Command) -> list[tuple[bool, bool, bool, list[str]]]:
        values = [
            value
            for one in command.all
            for value in (*one.values, *(option.value for option in one.options if option.value))
        ]
        return [
            (it.has_files, it.has_folders, it.has_sources, [word.text for word in it.words])
            for it in (value.offer for value in values)
        ]

    english = offers(declared(build_parser(lambda _: None)))
    language.use(language.CHINESE)
    program = declared(build_parser(lambda _: None))
    assert offers(program) == english
    listed = next(one for one in program.all if one.path == ("list",))
    assert [value.metavar for value in listed.values] == ["查询"]
    # Their names are Chinese, those of zsh's functions cannot be.
    functions = re.findall(r"^(\S+)\(\)", zsh.script(program), re.MULTILINE)
    assert len(set(functions)) == len(functions) > len(COMMANDS)
    assert all(name.isascii() for name in functions)

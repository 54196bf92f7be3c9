"""The settings as a user meets them: the command, the editor, the language, the library's folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from storage import language, locations
from storage.locations import settings_file
from storage.settings import Settings, load
from tests.e2e.digests import Written, write_digest
from tests.e2e.program import NO_DWELLING, PROGRAM, command, launch, read, run
from tests.tui.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def _usual_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locations, "_library", None)


@pytest.fixture
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few words of Chinese of our own, whatever the real catalogue says."""
    catalogue = Catalog(locale="zh_CN")
    for english, said in (
        ("usage: ", "用法： "),
        ("list all keys", "列出全部按键"),
        ("unrecognized arguments: {words}", "不认识的参数：{words}"),
        (
            "argument --lang: it must be en or zh, not {value!r}",
            "--lang 只能是 en 或 zh：{value!r}",
        ),
        ("expected one argument", "需要一个参数"),
        ("invalid choice: %(value)r (choose from %(choices)s)", "没有 %(value)r 这一项"),
        ("Language", "语言"),
        ("quit", "退出"),
        ("star", "星标"),
    ):
        catalogue.add(english, said)
    path = tmp_path / "locale" / "zh_CN" / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "FOLDER", tmp_path / "locale")
    monkeypatch.delenv("LANGUAGE")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path / "locale"


def speaking(folder: Path) -> str:
    """A change for ``launch``: the catalogues are in ``folder``."""
    return (
        f"import pathlib, storage.language as words\nwords.FOLDER = pathlib.Path({str(folder)!r})\n"
    )


def write(text: str) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(text, "utf-8")


def editor(folder: Path, body: str) -> str:
    """An editor with an argument and a blank in its path, which does ``body`` with the file ``$2``."""
    script = folder / "an editor"
    script.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    script.chmod(0o755)
    return f"'{script}' --wait"


class TestTheCommand:
    def test_it_writes_opens_and_checks_the_settings(self, tmp_path: Path) -> None:
        body = 'grep -c "^# [a-z]" "$2"; echo "notify = 3" >> "$2"'
        env = {"EDITOR": editor(tmp_path, body)}
        with Terminal([PROGRAM, "settings"], env=env, size=(160, 30)) as terminal:
            assert terminal.wait_exit() == 1
            shown = terminal.text()
        assert f"{settings_file()} is new; it explains all settings." in shown
        assert "notify: 3 is none of" in shown
        assert "1 mistake; all else holds." in shown
        before = settings_file().read_text("utf-8")
        env = {"VISUAL": editor(tmp_path, 'sed -i "s/^notify = 3/notify = \\"off\\"/" "$2"')}
        with Terminal([PROGRAM, "settings"], env=env, size=(160, 30)) as terminal:
            assert terminal.wait_exit() == 0
            assert "is as it should be." in terminal.text()
        assert settings_file().read_text("utf-8") == before.replace("notify = 3", 'notify = "off"')

    def test_an_editor_that_fails_is_told_of(self, tmp_path: Path) -> None:
        for env, told in (
            ({"EDITOR": editor(tmp_path, "exit 3")}, "an editor failed with code 3"),
            ({"EDITOR": str(tmp_path / "gone")}, "gone cannot be started"),
            ({"EDITOR": "'"}, "EDITOR is no command"),
        ):
            with Terminal([PROGRAM, "settings"], env=env, size=(160, 30)) as terminal:
                assert terminal.wait_exit() == 1
                assert told in terminal.text()
        assert load(settings_file()) == (Settings(), ())

    def test_away_from_a_terminal_it_says_where_they_are(self) -> None:
        result = command("settings")
        assert (result.returncode, result.stdout) == (1, "")
        assert f"Write in {settings_file()} with any editor" in result.stderr
        assert load(settings_file()) == (Settings(), ())

    def test_checking_names_each_mistake_and_writes_nothing(self) -> None:
        result = command("settings", "--check")
        assert result.returncode == 0
        assert not settings_file().exists()
        write('theme = "nrod"\nnotify = 1\n[keys]\n"mark.star" = "x"\n"note.edit" = "x"\n')
        result = command("settings", "--check")
        assert (result.returncode, result.stdout) == (1, "")
        lines = result.stderr.splitlines()
        assert [line.removeprefix(f"{settings_file()}:").split(" ")[:2] for line in lines[:3]] == [
            ["1:", "theme:"], ["2:", "notify:"], ["5:", "keys.note.edit:"]
        ]  # fmt: skip
        assert lines[-1] == "3 mistakes; all else holds."

    @pytest.mark.parametrize("data", [b"#" * (300 << 10), b"no toml\n\n" * 100, None])
    def test_where_nothing_holds_it_does_not_say_that_the_rest_does(
        self, data: bytes | None
    ) -> None:
        settings_file().parent.mkdir(parents=True)
        if data is None:
            settings_file().mkdir()
        else:
            settings_file().write_bytes(data)
        result = command("settings", "--check")
        assert result.returncode == 1
        (line,) = result.stderr.splitlines()
        assert line.endswith("it is as if nothing were set.")

    def test_the_path_and_the_explained_file_are_printed(self) -> None:
        assert command("settings", "--path").stdout == f"{settings_file()}\n"
        text = command("settings", "--default").stdout
        assert '\n# theme = "auto"\n' in text
        assert not settings_file().exists()

    def test_a_place_that_cannot_be_written_is_told(self) -> None:
        settings_file().parent.parent.mkdir(parents=True)
        settings_file().parent.touch()
        result = command("settings")
        assert result.returncode == 1
        assert "could not be written" in result.stderr

    def test_keys_are_listed_as_they_are_set(self) -> None:
        write('[keys]\n"mark.star" = "x"\n"mark.strar" = "z"\n')
        result = command("keys")
        assert "  x " in next(row for row in result.stdout.splitlines() if "mark.star" in row)
        assert result.stderr.startswith(f"{settings_file()}:3: keys.mark.strar: ")


class TestInTheReader:
    def test_they_are_edited_and_hold_when_the_editor_ends(
        self, digest: Path, tmp_path: Path
    ) -> None:
        body = 'echo "a terminal"; read line; echo "keys.\\"mark.star\\" = \\"x\\"" >> "$2"'
        env = {"EDITOR": editor(tmp_path, body)}
        with launch(NO_DWELLING, digest, env=env) as terminal:
            terminal.wait_for("1 of 4  4 unread")
            terminal.settle()
            modes = terminal.modes_left_on()
            terminal.send(",")
            terminal.wait_for("a terminal")
            assert "alternate screen" not in terminal.modes_left_on()
            terminal.send("<enter>")
            terminal.wait_for("your settings were read again")
            terminal.send("x")
            terminal.wait_for("★ 1")
            assert terminal.modes_left_on() == modes
            terminal.send("q")
            assert terminal.wait_exit() == 0

    def test_what_is_typed_right_behind_was_meant_for_the_editor(
        self, digest: Path, tmp_path: Path
    ) -> None:
        env = {"EDITOR": editor(tmp_path, "echo waiting; sleep 0.5")}
        with launch(NO_DWELLING, digest, env=env) as terminal:
            terminal.wait_for("1 of 4  4 unread")
            terminal.settle()
            terminal.send(",sj")
            terminal.wait_for("waiting")
            terminal.wait_for("1 of 4  4 unread")
            terminal.settle()
            assert "★" not in terminal.text()
            terminal.send("s")
            terminal.wait_for("★ 1")
            terminal.send("q")
            assert terminal.wait_exit() == 0

    def test_mistakes_are_told_on_the_screen(self, digest: Path) -> None:
        write('refresh_minutes = "often"\n')
        with launch(NO_DWELLING, digest, size=(160, 30)) as terminal:
            terminal.wait_for('settings.toml:1: refresh_minutes: "often" is no whole number')
            terminal.send("s")
            terminal.wait_for("★ 1")
            terminal.send("q")
            assert terminal.wait_exit() == 0


class TestLanguage:
    def test_it_is_asked_for_before_or_behind_a_command(self, chinese: Path) -> None:
        for arguments in (
            ["--lang", "zh", "--help"], ["--lang=zh", "--help"], ["--help", "--lang", "zh"],
        ):  # fmt: skip
            shown = command(*arguments).stdout
            assert shown.startswith("用法： ")
            assert "列出全部按键" in shown
        assert command("--help").stdout.startswith("usage: ")
        assert "# 语言 ---" in command("settings", "--default", "--lang", "zh").stdout

    def test_the_environment_and_the_settings_say_it_too(
        self, chinese: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("LC_ALL")
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
        assert command("--help").stdout.startswith("用法： ")
        assert command("--help", "--lang", "en").stdout.startswith("usage: ")
        write('language = "en"\n')
        assert command("--help").stdout.startswith("usage: ")
        monkeypatch.setenv("LANG", "C.UTF-8")
        write('language = "zh"\n')
        assert command("--help").stdout.startswith("用法： ")

    def test_the_reader_speaks_it(self, digest: Path, chinese: Path) -> None:
        for arguments, env in ((["--lang", "zh", digest], {}), ([digest], {"LANG": "zh_CN.UTF-8"})):
            with launch(speaking(chinese), *arguments, env=env) as terminal:
                terminal.wait_for("星标")
                terminal.send("q")
                assert terminal.wait_exit() == 0

    def test_a_language_that_is_not_spoken_is_wrong_usage(self, chinese: Path) -> None:
        for arguments in (["--lang", "fr"], ["list", "--lang=fr"], ["keys", "--lang"]):
            result = command(*arguments)
            assert (result.returncode, result.stdout) == (2, "")
            assert "--lang: it must be en or zh" in result.stderr
        result = command("list", "--lang", "zh", "--no-such-thing")
        assert result.returncode == 2
        assert "不认识的参数：--no-such-thing" in result.stderr

    def test_words_of_a_filter_stay_what_they_are(self, digest: Path) -> None:
        assert command("add", digest).returncode == 0
        assert command("refresh").returncode == 0
        assert command("list", "-attention", "--lang", "en").stdout.count("\n") == 3
        assert command("list", "--lang", "zh", "attention").stdout.count("\n") == 1
        assert command("read", "--", "--lang").returncode == 1

    def test_english_without_settings_loads_no_gettext(self) -> None:
        code = (
            "import sys, os; from tui.starting import start; start('', os.environ);"
            "sys.exit(bool({'gettext', 'tomllib', 'storage.settings.reading'} & set(sys.modules)))"
        )
        assert run_python(code) == 0


def run_python(code: str) -> int:
    import subprocess  # noqa: PLC0415 -- for one test

    return subprocess.run([sys.executable, "-c", code], check=False).returncode


class TestLibraryFolder:
    def test_the_library_is_where_the_settings_say(self, digest: Path, tmp_path: Path) -> None:
        write(f'library_dir = "{tmp_path}/library"\n')
        assert run("add", digest.parent).returncode == 0
        assert (tmp_path / "library" / "sources.json").exists()
        assert not (locations.data_dir() / "sources.json").exists()
        assert f"{tmp_path}/library/views.json" in run("directories").stdout
        # The reader's own refresh is another process, which must find it as well.
        with read() as terminal:
            terminal.wait_for("of 4")
            write_digest(
                digest.parent / "2024-04-05T0909_0a1b2c.md", [Written("2404.99999", "New", "新")]
            )
            terminal.wait_for("of 5", timeout=15)
            terminal.send("q")
            assert terminal.wait_exit() == 0
        assert run("list").stdout.count("\n") == 5
        settings_file().unlink()
        assert "library is empty" in run("list").stderr

    def test_what_cannot_be_a_library_is_told_and_nothing_else_is_done(
        self, digest: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "link").symlink_to(tmp_path / "gone")
        for name, reason in (("file", "it is no folder"), ("link", "it is a link to a folder")):
            write(f'library_dir = "{tmp_path}/{name}"\n')
            for arguments in (["add", digest], ["list"], ["refresh"], ["sources"], []):
                result = command(*arguments)
                assert (result.returncode, result.stdout) == (1, ""), arguments
                assert result.stderr.startswith(f"{tmp_path}/{name}: this cannot be the folder of")
                assert reason in result.stderr
                assert len(result.stderr.splitlines()) == 1
            for argument in ("keys", "directories", "themes"):
                assert command(argument).returncode == 0
        assert not (tmp_path / "gone").exists()

"""Settings that are saved while one reads: they hold at once, mistakes are told, reading goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from textual.geometry import Region

from storage import language
from storage.locations import settings_file
from storage.place import Place
from storage.settings import Settings, load
from tests.tui.papers import ATTENTION
from tests.tui.reader import Reader, reading
from tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.controllers.settings_following.WATCH", 0.02)
    monkeypatch.setattr("tui.controllers.settings_following.SOON", 0.01)
    settings_file().parent.mkdir(parents=True)


def write(text: str) -> None:
    """Save the settings as editors do: another file takes the place of the old one."""
    fresh = settings_file().with_name("fresh")
    fresh.write_text(text, "utf-8")
    fresh.replace(settings_file())


async def save(reader: Reader, text: str) -> None:
    """Save the settings and wait until the reader has read them."""
    before = reader.session.settings
    write(text)
    await reader.until(lambda: reader.session.settings is not before)
    await reader.settle()


async def test_what_is_saved_holds_at_once(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        assert ATTENTION in reader.rows[0]
        await save(
            reader,
            'theme = "nord"\ncolumns = ["title_zh"]\ndwell_seconds = 0\nkeys."mark.star" = "x"\n',
        )
        assert reader.hint == "your settings were read again"
        assert reader.app.theme == "nord"
        assert ATTENTION not in reader.rows[0]
        await reader.press("x")
        assert reader.on_disk(ATTENTION)["starred"] is True
        assert "x star" in " ".join(reader.app.query_one("#hints").render_line(0).text.split())
        settings_file().unlink()
        await reader.until(lambda: reader.session.settings == Settings())
        await reader.settle()
        assert reader.app.theme == "digest-dark"
        assert ATTENTION in reader.rows[0]


async def test_a_mistake_is_told_with_its_line_and_reading_goes_on(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await save(reader, 'compact = true\n\nnotify = "destop"\n[keys]\n"mark.strar" = "x"\n')
        assert reader.session.settings.compact
        assert reader.hint.startswith(f'{settings_file()}:3: notify: "destop" is none of ')
        await reader.press("s")
        assert reader.on_disk(ATTENTION)["starred"] is True
        await reader.press("!")
        shown = reader.app.screen.query_one(ChoiceList)
        text = "\n".join(shown.render_line(y).text for y in range(shown.size.height))
        assert "notify" in text
        assert "mark.strar" in text
        assert ":5:" in text
        await reader.press("escape")
        await save(reader, "compact = true\n")
        assert reader.session.mistakes == ()
        assert not any(one.source == "settings" for one in reader.session.problems())


async def test_what_was_wrong_at_the_start_is_told_once_each(tmp_path: Path) -> None:
    text = 'theme = "nrod"\n[keys]\n"view.qiut" = "x"\n'
    write(text)
    given = load(settings_file())[0]
    async with reading(tmp_path, settings=given) as reader:
        await reader.until(lambda: len(reader.session.mistakes) == 2)
        first, second = reader.session.mistakes
        assert first.startswith(f"{settings_file()}:1: theme: ")
        assert "nord" in first
        assert second.startswith(f"{settings_file()}:3: keys.view.qiut: ")
        assert reader.hint == first


async def test_a_file_that_is_broken_for_a_moment_changes_nothing_for_good(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await save(reader, "compact = true\n")
        settings_file().unlink()
        settings_file().mkdir()
        await reader.until(lambda: bool(reader.session.mistakes))
        assert "it is a folder" in reader.hint
        settings_file().rmdir()
        await save(reader, "compact = true\n")
        assert reader.session.mistakes == ()


@pytest.mark.parametrize("is_gone", [True, False])
async def test_a_file_in_the_middle_of_being_saved_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_gone: bool
) -> None:
    # Slow enough that the test says when there is a look.
    monkeypatch.setattr("tui.controllers.settings_following.WATCH", 999)
    monkeypatch.setattr("tui.controllers.settings_following.SOON", 999)
    write('theme = "nord"\n')
    given = load(settings_file())[0]
    place = Place(theme="dracula", theme_before="nord")
    async with reading(tmp_path, settings=given, place=place) as reader:
        assert reader.app.theme == "dracula"
        look = reader.app.screen.parts._following_settings.look  # type: ignore[attr-defined] # the reading one's
        if is_gone:
            settings_file().unlink()
        else:
            settings_file().write_text("")
        look()
        await reader.settle()
        # As some editors save: into the same file, a little at a time.
        write('theme = "nord"\ncompact = true\n')
        look()
        await reader.settle()
        assert not reader.session.settings.compact
        look()
        await reader.until(lambda: reader.session.settings.compact)
        await reader.settle()
        # Never was there another theme in between, which would have ended the choice.
        assert reader.app.theme == "dracula"


async def test_a_file_that_stays_away_is_believed(tmp_path: Path) -> None:
    write('theme = "nord"\n')
    given = load(settings_file())[0]
    async with reading(tmp_path, settings=given) as reader:
        settings_file().write_text("")
        await reader.until(lambda: reader.session.settings == Settings())
        await reader.settle()
        assert reader.app.theme == "digest-dark"


async def test_what_nobody_foresaw_does_not_end_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise ValueError("no idea")

    async with reading(tmp_path) as reader:
        with monkeypatch.context() as patch:
            patch.setattr("tui.settings_mistakes.checked", fail)
            write("compact = true\n")
            await reader.until(lambda: "could not be read again" in reader.hint)
        assert reader.hint == (
            "Your settings could not be read again (ValueError('no idea')); what held before holds."
        )
        assert reader.session.settings == Settings()
        # And it goes on looking.
        await save(reader, "ascii = true\n")
        assert reader.session.settings.ascii


async def test_folders_wait_for_the_next_start(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await save(reader, 'marks_dir = "elsewhere"\n')
        assert reader.hint == "marks_dir takes effect at the next start"


def _speak_chinese(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("star", "星标")
    catalogue.add("{row:,} of {listed:,}", "第 {row:,} 篇，共 {listed:,} 篇")
    path = folder / "zh_CN" / "LC_MESSAGES" / f"{language.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "FOLDER", folder)


async def test_the_language_changes_while_one_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _speak_chinese(tmp_path / "locale", monkeypatch)
    async with reading(tmp_path) as reader:
        assert "1 of 5" in reader.status
        await save(reader, 'language = "zh"\n')
        assert "第 1 篇" in reader.status
        assert "星标" in reader.app.query_one("#hints").render_line(0).text
        await save(reader, 'language = "en"\n')
        assert "1 of 5" in reader.status


def drawn(reader: Reader, name: str) -> str:
    """Return a line as the screen has it, which asks only for what is to be drawn anew."""
    widget = reader.app.query_one(f"#{name}")
    return widget.render_lines(Region(0, 0, widget.size.width, 1))[0].text


async def test_the_lines_are_drawn_in_another_language_before_a_key_is_pressed(
    tmp_path: Path,
) -> None:
    async with reading(tmp_path) as reader:
        assert "1 of 5" in drawn(reader, "status")
        await save(reader, 'language = "zh"\n')
        status = drawn(reader, "status")
        assert "未读 5" in status
        assert "全部文摘" in status
        assert "移动" in drawn(reader, "hints")


async def test_the_lines_are_drawn_in_ascii_before_a_key_is_pressed(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await reader.press("s")
        assert "★" in drawn(reader, "status")
        await save(reader, "ascii = true\n")
        assert drawn(reader, "status").isascii()
        assert drawn(reader, "hints").isascii()


async def test_a_mistake_is_told_in_the_language_that_is_set_with_it(tmp_path: Path) -> None:
    async with reading(tmp_path) as reader:
        await save(reader, 'language = "zh"\ntheme = "nrod"\n')
        assert "没有" in reader.hint
        assert "There is" not in reader.hint
        assert all("没有" in one for one in reader.session.mistakes)


async def test_what_the_command_line_asked_for_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _speak_chinese(tmp_path / "locale", monkeypatch)
    async with reading(tmp_path, language="en") as reader:
        await save(reader, 'language = "zh"\n')
        assert "1 of 5" in reader.status


async def test_without_a_terminal_to_lend_it_is_told_where_the_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with reading(tmp_path) as reader:
        await reader.press(",")
        assert "cannot be lent to an editor" in reader.hint
        assert load(settings_file()) == (Settings(), ())

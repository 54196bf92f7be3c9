"""The file of settings that is written first: it explains all of them and sets none."""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import language
from storage.settings import Hooks, Settings, load
from storage.settings.declarations import SETTINGS
from storage.settings.writing import default_text, settings_table_markdown, write_default

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = [language.ENGLISH, language.CHINESE]
SET = re.compile(r"^# (?=[a-z_.]+ = )", re.MULTILINE)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_it_sets_nothing(tmp_path: Path, spoken: str) -> None:
    language.use(spoken)
    file = tmp_path / "settings.toml"
    assert write_default(file)
    assert load(file) == (Settings(), ())
    assert all(line == "" or line.startswith("#") for line in file.read_text("utf-8").splitlines())


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_uncommented_it_sets_what_holds_anyway(tmp_path: Path, spoken: str) -> None:
    language.use(spoken)
    text, count = SET.subn("", default_text())
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    assert load(file) == (Settings(), ())
    named = {line.split(" = ")[0] for line in text.splitlines() if re.match(r"[a-z]", line)}
    assert named == set(SETTINGS)
    assert count == len(SETTINGS)


@pytest.mark.parametrize(
    "number",
    # Of the translation one alone says nothing: that an address is missing is told.
    [number for number, name in enumerate(SETTINGS) if not name.startswith("translation.")],
)
def test_each_line_can_be_uncommented_alone(tmp_path: Path, number: int) -> None:
    text = default_text()
    place = list(SET.finditer(text))[number]
    file = tmp_path / "settings.toml"
    file.write_text(text[: place.start()] + text[place.end() :], "utf-8")
    assert load(file) == (Settings(), ())


def test_what_holds_for_a_service_is_what_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    text = '[translation]\nbase_url = "https://host.example/v1"\nmodel = "m"\n'
    file.write_text(text, "utf-8")
    held = load(file)[0].translation
    assert held is not None
    told = {
        setting.name.removeprefix("translation."): setting.usual
        for setting in SETTINGS.values()
        if setting.name.startswith("translation.")
    }
    assert (told.pop("base_url"), told.pop("model")) == ("", "")
    assert told == {name: getattr(held, name) for name in told}
    assert told == {
        "key_env": "", "automatic": False, "requests_per_minute": 20, "tokens_per_day": 200_000,
        "at_once": 2, "timeout": 120,
    }  # fmt: skip


def test_everything_that_can_be_set_is_explained() -> None:
    every = [name for name in Settings._fields if name not in ("keys", "hooks", "translation")]
    every += [f"hooks.{name}" for name in Hooks._fields]
    assert set(every) <= set(SETTINGS)
    assert all(setting.doc for setting in SETTINGS.values())


def test_its_lines_fit_an_editor() -> None:
    assert max(map(len, default_text().splitlines())) <= 88


def test_it_is_written_for_its_owner_alone_and_never_over_anything(tmp_path: Path) -> None:
    file = tmp_path / "config" / "digest-tui" / "settings.toml"
    assert write_default(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.write_text("compact = true\n", "utf-8")
    assert not write_default(file)
    assert file.read_text("utf-8") == "compact = true\n"
    file.unlink()
    file.symlink_to(tmp_path / "nowhere")
    assert not write_default(file)
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_where_links_are_not_known_it_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    assert write_default(tmp_path / "settings.toml")
    assert load(tmp_path / "settings.toml") == (Settings(), ())
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EEXIST, errno.EIO])
def test_what_comes_while_it_is_written_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    file = tmp_path / "settings.toml"

    def come(*_: object) -> None:
        file.write_text("compact = true\n", "utf-8")
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.link", come)
    if number == errno.EIO:
        with pytest.raises(OSError, match="Input/output error"):
            write_default(file)
    else:
        assert not write_default(file)
    assert file.read_text("utf-8") == "compact = true\n"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("storage.marks.files.sync", fail)
    with pytest.raises(OSError, match="No space"):
        write_default(tmp_path / "settings.toml")
    assert list(tmp_path.iterdir()) == []


@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_slips_in_the_file_never_raise_and_are_told(tmp_path: Path, data: st.DataObject) -> None:
    text = SET.sub("", default_text())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 30))
        text = text[:start] + data.draw(st.text(max_size=5)) + text[start + length :]
    file = tmp_path / "slips.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found, mistakes = load(file)
    assert isinstance(found, Settings)
    lines = text.count("\n") + 1
    for mistake in mistakes:
        assert mistake.line is None or 1 <= mistake.line <= lines
        assert mistake.reason.endswith(".")
        assert str(mistake).isprintable()


def test_the_table_of_the_readme_has_them_all() -> None:
    rows = settings_table_markdown().splitlines()
    assert rows[0] == "| Setting | Usually | What it is for |"
    assert [row.split("`")[1] for row in rows[2:]] == list(SETTINGS)
    assert "| `refresh_minutes` | `60` | Minutes between two looks" in "\n".join(rows)

"""The table [translation] of the settings: nothing is sent unless it says so, mistakes are told."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING

import pytest

from storage.settings import load
from storage.translation.configuration import Configuration, configuration_in
from storage.translation.keys import key_for
from storage.translation.outcome import Failure
from storage.translation.setup import configured

if TYPE_CHECKING:
    from pathlib import Path

HOME = {"base_url": "https://host.example/v1", "model": "m"}


def test_address_and_model_are_enough() -> None:
    read = configuration_in(HOME)
    assert read.notices == ()
    assert read.configuration == Configuration("https://host.example/v1", "m")
    assert not read.configuration.automatic
    assert read.configuration.tokens_per_day == 200_000


def test_everything_can_be_set() -> None:
    table = {
        "base_url": "http://127.0.0.1:11434/v1/chat/completions/",
        "model": "qwen3:8b",
        "key_env": "MY_KEY",
        "automatic": True,
        "requests_per_minute": 5,
        "tokens_per_day": 1000,
        "at_once": 1,
        "timeout": 30,
    }
    assert configuration_in(table) == (
        Configuration(
            "http://127.0.0.1:11434/v1", "qwen3:8b", "MY_KEY", True, False, True, 5, 1000, 1, 30
        ),
        (),
    )


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"model": "m"}, "base_url: it is missing; write base_url = "),
        ({"base_url": "https://host.example/v1"}, "model: it is missing; write model = "),
        ({**HOME, "base_url": "ftp://host.example"}, "base_url: "),
        ({**HOME, "base_url": "https://me:pw@host.example/v1"}, "base_url: it holds a password"),
        ({**HOME, "model": ""}, "model: it is no text"),
        ({**HOME, "model": 3}, "model: it is no text"),
        ({**HOME, "key": "sk-123"}, 'key: it can only be "keyring"'),
        ({**HOME, "automatic": "yes"}, "automatic: it is neither true nor false"),
        ({**HOME, "requests_per_minute": 0}, "requests_per_minute: it is no whole number"),
        ({**HOME, "tokens_per_day": 1.5}, "tokens_per_day: it is no whole number"),
        ({**HOME, "tokens_per_day": True}, "tokens_per_day: it is no whole number"),
        ({**HOME, "at_once": -1}, "at_once: it is no whole number"),
        ({**HOME, "timeout": 0}, "timeout: it is no number of seconds"),
        ("yes", ": it is no table"),
    ],
)
def test_with_a_mistake_nothing_is_sent(table: object, said: str) -> None:
    read = configuration_in(table)
    assert read.configuration is None
    assert len(read.notices) == 1
    told = ": ".join(read.notices[0])
    assert said in told
    assert "nothing is translated" in told
    assert "pw" not in told
    assert "sk-123" not in told


def test_what_is_not_known_is_told_and_left_out() -> None:
    read = configuration_in({**HOME, "tokens_per_dya": 1})
    assert read.configuration is not None
    assert read.notices == (
        ("tokens_per_dya", "it is not known, and left out; perhaps tokens_per_day is meant."),
    )


def test_an_empty_address_is_no_mistake() -> None:
    unset = {"base_url": "", "model": "", "key_env": "", "automatic": False}
    assert configuration_in(unset) == (None, ())
    # Who takes the "#" from all lines of the file sets none of them to nothing.
    assert configuration_in({**HOME, "key_env": ""}) == configuration_in(HOME)


def test_a_key_without_encryption_is_warned_of() -> None:
    read = configuration_in({**HOME, "base_url": "http://host.example/v1"})
    assert read.configuration is not None
    assert "without encryption" in read.notices[0].reason
    assert configuration_in({**HOME, "base_url": "http://192.168.1.2:8000/v1"}).notices == ()


def test_the_settings_have_it_beside_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('marks_dir = "/m"\n[translation]\nbase_url = "https://h/v1"\nmodel = "m"\n')
    settings, notices = load(file)
    assert (str(settings.marks_dir), notices) == ("/m", ())
    assert settings.translation == Configuration("https://h/v1", "m")
    file.write_text('marks_dir = "/m"\n[translation]\nmodel = "m"\n')
    settings, notices = load(file)
    assert (str(settings.marks_dir), settings.translation) == ("/m", None)
    assert str(notices[0]).startswith(f"{file}:2: translation.base_url: it is missing")


def test_it_is_told_what_to_write_where(tmp_path: Path) -> None:
    said = configured(tmp_path / "settings.toml")
    assert isinstance(said, str)
    for word in (str(tmp_path / "settings.toml"), "[translation]", "base_url = ", "model = "):
        assert word in said


def test_the_key_is_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("MY_KEY", " k1 ")
    assert key_for(Configuration("https://h/v1", "m")) == ""
    assert key_for(Configuration("https://h/v1", "m", "MY_KEY", is_key_needed=True)) == "k1"
    missing = key_for(Configuration("https://h/v1", "m", "NO_KEY", is_key_needed=True))
    assert isinstance(missing, Failure)
    assert "NO_KEY, which is not set" in missing.reason


def test_the_key_of_one_service_is_not_sent_to_another(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"

    def named(address: str) -> str:
        file.write_text(f'[translation]\nbase_url = "{address}"\nmodel = "m"\n')
        found = configured(file)
        assert isinstance(found, Configuration)
        return found.key_env

    assert named("https://api.openai.com/v1") == "OPENAI_API_KEY"
    assert named("https://api.openai.com.example.org/v1") == ""
    assert named("http://localhost:11434/v1") == ""


def test_the_key_is_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = Configuration("https://host.example/v1", "m", from_keyring=True)
    monkeypatch.setitem(sys.modules, "keyring", None)
    missing = key_for(wanted)
    assert isinstance(missing, Failure)
    assert "pip install 'digest-tui[keyring]'" in missing.reason
    ring = types.ModuleType("keyring")
    ring.get_password = lambda *who: f"k2 of {who}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert key_for(wanted) == "k2 of ('digest-tui', 'host.example')"
    ring.get_password = lambda *_: None  # type: ignore[attr-defined]
    empty = key_for(wanted)
    assert isinstance(empty, Failure)
    assert "keyring set digest-tui host.example" in empty.reason

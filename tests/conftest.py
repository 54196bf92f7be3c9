"""What all tests share: the corpus where it lies beside the project, and a home of their own."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage import language

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each worker rewrites the tests' assertions and each program that a test starts compiles what is
# new: once, whatever this shell says of bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    return CORPUS


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    # Whoever runs the tests may speak Chinese.
    monkeypatch.setenv("LANGUAGE", "en")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    yield
    language.use(language.ENGLISH)


def pytest_xdist_auto_num_workers() -> int:
    """Tests of the screen and of processes wait more than they work."""
    return 5 * (os.cpu_count() or 1) // 2

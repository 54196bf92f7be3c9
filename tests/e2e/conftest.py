"""What the end-to-end tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.digests import write_digest
from tests.e2e.program import PROGRAM

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    if not PROGRAM.exists():
        pytest.fail(f"{PROGRAM} is missing: install the project (pip install --editable .)")


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    """A digest of four papers."""
    return write_digest(tmp_path / "cs.LG" / "2024-04-04T0909_0a1b2c.md")

"""Compiles the catalogues of the interface's languages when digest-tui is built or installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path(__file__).parent


def compile_all(folder: Path = FOLDER) -> None:
    """Write beside each ``.po`` below ``folder`` the ``.mo`` that gettext reads."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


class CompileCatalogues(BuildHookInterface[Any]):  # type: ignore[misc] # hatchling is there only when building
    """Hatch's hook: before each build, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- Hatch's signature
        """Compile."""
        compile_all(Path(self.root, "storage", "locale"))

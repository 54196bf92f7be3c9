"""What is declared of a setting, and of settings that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from storage.settings import Settings

if TYPE_CHECKING:
    from storage.settings.kinds import Kind

TRANSLATION: Final = "translation"
"""The table that another module checks."""


class Setting(NamedTuple):
    """One setting.

    Attributes:
        name: As it is written, ``hooks.on_star`` for one of a table.
        kind: What it can be; None where another module checks it.
        doc: What it is for, to be looked up with ``tr``.
    """

    name: str
    kind: Kind | None
    doc: str

    @property
    def usual(self) -> object:
        """What holds where nothing is set."""
        table, _, name = self.name.rpartition(".")
        if table == TRANSLATION:
            from storage.translation.configuration import Configuration  # noqa: PLC0415 -- rarely

            # What has no usual value there must be set for anything to be sent.
            return Configuration._field_defaults.get(name, "")
        return getattr(getattr(Settings(), table) if table else Settings(), name)


class Group(NamedTuple):
    """Settings that belong together.

    Attributes:
        title: To be looked up with ``tr``, as is ``doc``.
        settings: In the order in which they are explained.
        doc: What is to be said of all of them; empty: nothing.
        example: Lines that show more, as they are written.
    """

    title: str
    settings: tuple[Setting, ...]
    doc: str = ""
    example: tuple[str, ...] = ()

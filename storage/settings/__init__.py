"""The user's settings: one TOML file, which digest-tui reads and writes only where there is none.

Here is what everyone needs to know of them. How the file is read, checked and explained is in the
modules beside this one, which are loaded only where there is a file.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from storage.settings.mistakes import Mistake
    from storage.translation.configuration import Configuration

OFF, TERMINAL, DESKTOP = NOTIFY = ("off", "terminal", "desktop")
"""What tells of new papers that came by themselves."""
MINUTES, USUAL_MINUTES = range(1, 24 * 60 + 1), 60
"""What ``refresh_minutes`` may be, and is where nothing is set."""
AUTO = "auto"
"""As the value of a setting: digest-tui finds out."""
LAYOUTS = (AUTO, "one", "rows", "columns")
"""How panes stand: one at a time; the table above the rest; the table at the left of it."""
COLUMNS = ("marks", "id", "category", "elsewhere", "type", "title_en", "title_zh")
"""What the table of papers can show, in the usual order."""
KEYMAPS = ("default", "vim", "newsboat", "elfeed")
"""The sets of keys that are ready-made."""


class Hooks(NamedTuple):
    """Programs with their arguments that learn of what the reader does; empty: none.

    Attributes:
        on_star: When a paper is starred.
        on_read: When a paper becomes read.
        on_note: When a note was written.
        seconds: How long one may take, for all papers that were changed together.
    """

    on_star: tuple[str, ...] = ()
    on_read: tuple[str, ...] = ()
    on_note: tuple[str, ...] = ()
    seconds: float = 10.0


class Settings(NamedTuple):
    """What the user set.

    Attributes:
        library_dir: The folder of sources, views, what was fetched and translated; None: the usual one.
        marks_dir: The folder of the marks; None: the usual one.
        language: ``auto``, ``en`` or ``zh``.
        refresh_minutes: How often a source is fetched by itself.
        notify: One of ``NOTIFY``.
        dwell_seconds: How long one looks at a paper until it is read; 0: that alone makes none read.
        layout: One of ``LAYOUTS``.
        table_height: Percent of the height, where the table stands above.
        notes_width: Cells, where the table stands above.
        table_width: Percent of the width, where the table stands at the left.
        notes_height: Rows, where the table stands at the left.
        columns: Of ``COLUMNS``, in their order from the left.
        theme: A theme's name; ``auto``: one of the two that follow, by the terminal's background.
        dark_theme: For dark terminals.
        light_theme: For light terminals.
        high_contrast: Whether nothing is dim.
        compact: Whether the panes do without blank lines.
        ascii: Whether marks and lines are drawn by ASCII alone.
        browser: The program with arguments that opens links; ``{link}`` in them is replaced by the
            link, else it is added. Empty: the system's.
        pdf: The same for links to PDF files; ``{file}`` is replaced by the path of the file. Empty:
            as ``browser``.
        keymap: One of ``KEYMAPS``.
        keys: The user's own keys by the id of the command, as they were written, in their order.
        hooks: What is run when something is marked.
        translation: The service that translates; None where nothing is to be sent.
    """

    library_dir: Path | None = None
    marks_dir: Path | None = None
    language: str = AUTO
    refresh_minutes: int = USUAL_MINUTES
    notify: str = OFF
    dwell_seconds: float = 2.0
    layout: str = AUTO
    table_height: int = 40
    notes_width: int = 30
    table_width: int = 50
    notes_height: int = 9
    columns: tuple[str, ...] = COLUMNS
    theme: str = AUTO
    dark_theme: str = "digest-dark"
    light_theme: str = "digest-light"
    high_contrast: bool = False
    compact: bool = False
    ascii: bool = False
    browser: tuple[str, ...] = ()
    pdf: tuple[str, ...] = ()
    keymap: str = KEYMAPS[0]
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    hooks: Hooks = Hooks()
    translation: Configuration | None = None


def current() -> Settings:
    """Return what is set at this moment; whoever opens the reader tells what is wrong in the file."""
    from storage.locations import settings_file  # noqa: PLC0415 -- behind the screen

    return load(settings_file())[0]


def load(path: Path) -> tuple[Settings, tuple[Mistake, ...]]:
    """Read the settings; what is wrong in them is left out and told, all else holds."""
    try:
        # Whoever has none does not wait for TOML.
        path.lstat()
    except FileNotFoundError:
        return Settings(), ()
    except OSError:
        pass  # it is told below
    from storage.settings.reading import read  # noqa: PLC0415 -- only for those who set something

    return read(path)

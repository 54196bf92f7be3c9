"""A source: what the library follows, of whichever kind."""

from __future__ import annotations

from typing import NamedTuple

# Not an enumeration: this is loaded at the reader's start, and one takes 0.3 ms to make.
PATH, URL, TEMPLATE, ARXIV, GIT = "path", "url", "template", "arxiv", "git"
"""The kinds of sources, called as they are in the list of sources."""
KINDS = (PATH, URL, TEMPLATE, ARXIV, GIT)

DATE = "{date}"
"""What stands for the day in a dated address, written ``2026-06-30`` in its place."""
DAYS = 7
"""How many days a dated address is looked back, today included, where nothing else is said."""


class Source(NamedTuple):
    """One thing that digests come from.

    Attributes:
        id: What it is known by as long as it is listed, though its place may change: letters, digits,
            ``.``, ``_`` and ``-`` only, so that a folder can be called so.
        kind: One of ``KINDS``.
        place: ``PATH``: an absolute path. ``URL``: an address. ``TEMPLATE``: an address with
            ``{date}`` in it. ``ARXIV``: a category or archive (``cs.LG``), or ``search:`` and a query of
            arXiv's API. ``GIT``: the address or absolute path of a repository.
        name: What the reader calls it; empty: by its place.
        is_paused: Nothing new is looked for; what came stays.
        pattern: ``PATH``: which files in a folder are meant, as of ``fnmatch``; with a ``/`` in it the
            path below the folder is compared, else the file's name. Empty: all.
        days: ``TEMPLATE``: how many days are looked back, today included.
        with_history: ``GIT``: every past version of its digests is read, too.
    """

    id: str
    kind: str
    place: str
    name: str = ""
    is_paused: bool = False
    pattern: str = ""
    days: int = DAYS
    with_history: bool = False

    @property
    def is_remote(self) -> bool:
        """Whether it is fetched, rather than read where it lies."""
        return self.kind != PATH

    @property
    def label(self) -> str:
        """What it is called wherever it is shown; secrets in an address are left out."""
        return self.name or self.shown_place

    @property
    def shown_place(self) -> str:
        """Its place as the user would write it, without secrets; raw text from outside all the same."""
        if self.kind == PATH:
            return f"{self.place.rstrip('/')}/{self.pattern}" if self.pattern else self.place
        if self.kind == ARXIV:
            return f"arxiv:{self.place}"
        if self.place.startswith("/"):
            return self.place
        from storage.sources.web.addresses import shown  # noqa: PLC0415 -- not for paths

        return shown(self.place).replace("%7Bdate%7D", DATE)

"""Translations that were made here, kept for ever: a file for each paper and text that was sent.

They are paper files that also say ``translated_by``, ``translated_at`` and ``asked`` (the fields that
were sent for), and are read into the catalogue like any document, see ``storage.formats.translation``.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from storage.arxiv import abs_link
from storage.errors import reason_of
from storage.formats.content import Findings
from storage.formats.json_values import Values, parse_object
from storage.formats.translation import entry_of
from storage.language import tr
from storage.library.translated import FIELDS, fill, fits, lacking, text_of
from storage.marks.files import advice, make_folder, replace_file
from storage.model import Digest
from storage.translation.outcome import Failure, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from storage.model import Entry, Paper
    from storage.sources.reading import Item
    from storage.translation.prompt import Wish

_CHINESE = {"title": "translated_title", "tldr": "tldr", "abstract": "translated_abstract"}
_ENGLISH = {"title": "title", "tldr": "en_tldr", "abstract": "abstract"}


class Translations:
    """The folder of translations.

    Args:
        folder: Made with the first of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def wanted(self, paper: Paper) -> tuple[str, ...]:
        """Return the fields that lack Chinese, and whose English was never sent before."""
        missing = lacking(paper)
        for _, record, entry in self._of(paper) if missing else ():
            asked = record.get("asked")
            had = FIELDS if not isinstance(asked, list) else asked
            missing = tuple(
                field for field in missing if field not in had or not fits(field, entry, paper)
            )
        return missing

    def found(self, paper: Paper) -> Path | None:
        """Return a file that has Chinese which ``paper`` lacks; None if there is none."""
        missing = lacking(paper)
        for path, _, entry in self._of(paper) if missing else ():
            if any(text_of(field, entry).zh and fits(field, entry, paper) for field in missing):
                return path
        return None

    def filled(self, items: Iterable[Item]) -> Iterator[Item]:
        """Fill the Chinese that digests lack into their entries, where it was translated here."""
        for item in items:
            if isinstance(item, Digest):
                yield item._replace(entries=tuple(map(self._filled, item.entries)))
            else:
                yield item

    def _filled(self, entry: Entry) -> Entry:
        if not lacking(entry):
            return entry
        return fill(entry, [one for _, _, one in self._of(entry) if one.translated])

    def keep(
        self, paper: Paper, wish: Wish, texts: dict[str, str], *, by: str, at: datetime
    ) -> Path | Failure:
        """Keep what a service answered; it is on disk when this returns."""
        record: dict[str, object] = {_ENGLISH[field]: text for field, text in wish.english.items()}
        # The title tells what a paper without an identifier is known by.
        record.setdefault("title", paper.title.en or "")
        record.setdefault("abstract", "")
        link = abs_link(paper.arxiv_id, paper.version) if paper.arxiv_id else ""
        record |= {"link": link, "tldr": "", "translated_title": "", "translated_abstract": ""}
        record |= {_CHINESE[field]: text for field, text in texts.items()}
        record |= {
            "translated_by": by,
            "translated_at": at.isoformat(timespec="seconds"),
            "asked": wish.fields,
        }
        path = self._place(paper) / f"{_name(paper)}-{_hash(wish)}.json"
        data = json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace")
        try:
            make_folder(path.parent)
            replace_file(path, data + b"\n")
        except OSError as error:
            reason = tr(
                "{path}: the translation cannot be kept ({reason}); {advice}.",
                path=path,
                reason=reason_of(error),
                advice=advice(error),
            )
            return Failure(Kind.DISK, reason)
        return path

    def _place(self, paper: Paper | Entry) -> Path:
        # A folder a month: looking for a paper must not take longer from year to year.
        return self._folder / _name(paper)[:4]

    def _of(self, paper: Paper | Entry) -> Iterator[tuple[Path, dict[str, object], Entry]]:
        for path in sorted(self._place(paper).glob(f"{_name(paper)}-*.json")):
            try:
                record = parse_object(path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError):
                continue
            if not isinstance(record, str):
                entry = entry_of(Values(record, 1, Findings(str(path))))
                # Names are not all there is to a file: somebody may have renamed it.
                if entry.key == paper.key:
                    yield path, record, entry


def _name(paper: Paper | Entry) -> str:
    return "".join(c if c.isalnum() or c in ".-" else "_" for c in paper.key)


def _hash(wish: Wish) -> str:
    said = json.dumps([sorted(wish.english.items()), wish.fields], ensure_ascii=False)
    return blake2b(said.encode("utf-8", "replace"), digest_size=6).hexdigest()

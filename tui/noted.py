"""All notes there are: gathered, put in order, searched, their tags counted. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from storage.library.tokens import normalise
from storage.marks.tags import SIGNS, tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.marks import Marks
    from storage.model import PaperKey

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Noted(NamedTuple):
    """A paper's note.

    Attributes:
        key: The paper.
        text: The note, not blank.
        at: When it was last written (aware); None where that is not known.
        versions: How many were written apart from each other; they are all in the text.
    """

    key: PaperKey
    text: str
    at: datetime | None = None
    versions: int = 1

    @property
    def first_line(self) -> str:
        """Its first line that is not blank."""
        return self.text.lstrip().partition("\n")[0]


class NoteIndex:
    """What notes are found by.

    Args:
        notes: All there are.
    """

    def __init__(self, notes: Sequence[Noted]) -> None:
        self._notes = notes
        self._texts = [normalise(f"{note.key}\n{note.text}") for note in notes]
        self._tagged: dict[str, list[int]] = {}
        for at, note in enumerate(notes):
            for tag in tags_of(note.text):
                self._tagged.setdefault(tag, []).append(at)

    def tag_counts(self) -> list[tuple[str, int]]:
        """Return the tags and in how many notes each is, the most frequent first."""
        counts = ((tag, len(notes)) for tag, notes in self._tagged.items())
        return sorted(counts, key=lambda one: (-one[1], one[0]))

    def find(self, typed: str) -> list[Noted]:
        """Return the notes that have all words and tags, in their order.

        A tag stands for what is beneath it too, ``#proj`` for ``#proj/vision``. The last word, if
        no space follows, may be the beginning of a tag.
        """
        words = typed.split()
        growing = words[-1] if words and not typed[-1:].isspace() else ""
        found: Iterable[int] = range(len(self._notes))
        for word in words:
            if word[0] in SIGNS and word[1:]:
                tagged = self._with_tag(normalise(word[1:]), is_growing=word is growing)
                found = [at for at in found if at in tagged]
            elif wanted := normalise(word):
                found = [at for at in found if wanted in self._texts[at]]
        return [self._notes[at] for at in found]

    def _with_tag(self, tag: str, *, is_growing: bool) -> set[int]:
        beneath = tag if is_growing else f"{tag}/"
        fitting = (
            notes for one, notes in self._tagged.items() if one == tag or one.startswith(beneath)
        )
        return set(chain.from_iterable(fitting))


def gathered(items: Iterable[tuple[PaperKey, Marks]]) -> list[Noted]:
    """Return the notes among marks, those that were written last first."""
    notes = [
        Noted(key, marks.note, marks.note_at, max(1, len(marks.note_by)))
        for key, marks in items
        if marks.note
    ]
    return sorted(notes, key=lambda note: note.at or _EARLIEST, reverse=True)


def when(at: datetime | None, now: datetime) -> str:
    """Say when a note was written: today's by the hour, others by the day; empty if unknown.

    Args:
        at: Aware.
        now: Aware, in the time zone to be told in.
    """
    if at is None:
        return ""
    at = at.astimezone(now.tzinfo)
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d}"

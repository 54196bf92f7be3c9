"""The journals of one device that are not in its compacted file: read on, appended to, followed.

Their numbers rise. All but the last are of the past: nobody appends to them any more.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.marks.files import set_aside
from storage.marks.journaled import journal
from storage.marks.journaled.journal_file import JournalFile
from storage.marks.journaled.loading import about_marks, changes_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.marks.journaled.changes import TableChange
    from storage.marks.journaled.journal import FileDamage
    from storage.marks.journaled.loading import Loaded
    from storage.marks.sharing.folder import OwnFiles


class Journals:
    """What is known of the journals of one device. Not for several threads.

    Args:
        files: Where they are.

    Attributes:
        highest: The highest number that was met; none at or below it means anything new.
    """

    def __init__(self, files: OwnFiles) -> None:
        self.highest = 0
        self._files = files
        self._last: JournalFile | None = None
        self._number = 0
        """Of the last journal; without one, the next has the number behind this."""
        self._first = 1
        """The highest number that was met of the first journal not in a compacted file."""
        self._past: dict[int, int] = {}
        """Bytes of the other journals, by number."""

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(end for _, end in self._ends())

    def take(self, loaded: Loaded) -> None:
        """Go on from what was loaded."""
        self.close()
        self._past = {read.number: read.file.end for read in loaded.journals[:-1]}
        self._last = loaded.journals[-1].file if loaded.journals else None
        self._number = loaded.last
        self._first = max(self._first, loaded.first)
        self.highest = max(self.highest, self._number)

    def went_back(self, loaded: Loaded) -> bool:
        """Tell whether what was loaded is older than what is known, or less of it."""
        if loaded.first < self._first or loaded.last < self.highest:
            return True
        ends = {read.number: read.file.end for read in loaded.journals}
        return any(
            number >= loaded.first and ends.get(number, 0) < end for number, end in self._ends()
        )

    def are_others(self) -> bool:
        """Tell whether more happened than that the last one grew.

        Raises:
            OSError: They cannot be looked at.
        """
        if self._files.journal(self._number + 1).exists():
            return True
        return self._last is not None and self._last.is_other()

    def read_on(self) -> tuple[list[TableChange], list[FileDamage]]:
        """Return the changes that came to the last one since, and what could not be read.

        Raises:
            OSError: They cannot be read.
        """
        if self._last is None:
            return [], []
        return changes_in(self._last.read_on(), self._last.path)

    def append(self, change: TableChange) -> None:
        """Append a change durably; ``read_on`` gives it.

        Raises:
            OSError: It is not there, as far as that could be brought about.
            TypeError: It holds what JSON does not know.
        """
        line = journal.encode(change.record())
        if self._last is None:
            self.begin()
        assert self._last is not None  # noqa: S101 -- begun above
        self._last.append(line)

    def end_line(self) -> None:
        """End a line of the last one that was cut off, so that ``read_on`` tells of it.

        Raises:
            OSError: It could not be written.
        """
        if self._last is not None:
            self._last.end_line()

    def begin(self) -> int:
        """Make another one durably, which is the last from now on; return its number.

        Raises:
            OSError: It could not be made.
        """
        number = self._number + 1
        fresh = JournalFile.begin(self._files.journal(number), about_marks(self._files.device))
        if self._last is not None:
            self._past[self._number] = self._last.end
            self._last.close()
        self._last, self._number = fresh, number
        self.highest = max(self.highest, number)
        return number

    def restart(self, number: int) -> None:
        """Go on as if all were in the compacted file; the next journal has this number."""
        self.close()
        self._past, self._number, self._first = {}, number - 1, number
        self.highest = max(self.highest, self._number)

    def forget(self, before: int, damages: Sequence[FileDamage]) -> None:
        """Take away those before that of a number, but keep those that were damaged.

        Args:
            before: The number.
            damages: What could not be read, of these or other files.

        Raises:
            OSError: One could not be taken away.
        """
        for number in self._files.journals():
            if number >= before:
                continue
            path = self._files.journal(number)
            if any(damage.file == path.name for damage in damages):
                set_aside(path, datetime.now(UTC))
            else:
                path.unlink(missing_ok=True)
        self._past = {number: end for number, end in self._past.items() if number >= before}
        self._first = max(self._first, before)

    def close(self) -> None:
        """Close the last one."""
        if self._last is not None:
            self._last.close()
        self._last = None

    def _ends(self) -> Iterator[tuple[int, int]]:
        """Yield numbers and sizes in bytes of those that are known to be there."""
        # As it is now: another thread may begin one.
        yield from tuple(self._past.items())
        if self._last is not None:
            yield self._number, self._last.end

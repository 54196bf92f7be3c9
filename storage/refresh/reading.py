"""Reading one document for the catalogue, unless what is in it is known already."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING

from storage.errors import DocumentError
from storage.formats import NotADigestError
from storage.library.schema import transaction
from storage.library.writing import Document, State
from storage.model import Problem
from storage.sources.files import SourceFile, bytes_of, digest_from

if TYPE_CHECKING:
    import sqlite3


class DocumentReader:
    """Reads documents and compares them with what the catalogue behind ``connection`` holds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def read(self, file: SourceFile) -> Document | None:
        """Read a document; None if its content is known already.

        Raises:
            sqlite3.Error: The catalogue cannot be used.
        """
        path = os.fsencode(file.path)

        def document(
            content_hash: bytes | None, state: State, problem: Problem | None = None
        ) -> Document:
            problems = () if problem is None else (problem,)
            return Document(
                path, file.size, file.modified_ns, content_hash, state, file.source, None, problems
            )

        content_hash = None
        try:
            data = bytes_of(file)
            content_hash = blake2b(data, digest_size=16).digest()
            if self._is_known(path, content_hash):
                self._restamp(file)
                return None
            digest = digest_from(data, file)
        except NotADigestError as error:
            problem = Problem(error.source, None, error.reason) if file.is_named else None
            return document(content_hash, State.STRANGER, problem)
        except DocumentError as error:
            problem = Problem(error.source, None, error.reason)
            if content_hash is None and self._is_told(path, problem):
                self._restamp(file)
                return None
            return document(content_hash, State.UNREADABLE, problem)
        return document(content_hash, State.DIGEST)._replace(
            digest=digest, problems=digest.problems
        )

    def _is_known(self, path: bytes, content_hash: bytes) -> bool:
        found = self._connection.execute(
            "SELECT hash FROM document WHERE path = ?", (path,)
        ).fetchone()
        return found is not None and found[0] == content_hash

    def _is_told(self, path: bytes, problem: Problem) -> bool:
        found = self._connection.execute(
            "SELECT reason FROM problem WHERE document ="
            " (SELECT id FROM document WHERE path = ? AND state = ?)",
            (path, State.UNREADABLE),
        ).fetchone()
        return bool(found == (problem.reason,))

    def _restamp(self, file: SourceFile) -> None:
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE document SET size = ?, modified = ? WHERE path = ?",
                (file.size, file.modified_ns, os.fsencode(file.path)),
            )

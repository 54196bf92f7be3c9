"""What ``digest-tui doctor`` finds out about each source."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from storage.errors import DigestTuiError
from storage.findings import Finding, Severity
from storage.json_file import JsonFileError
from storage.language import tr
from storage.library.catalogue import open_catalogue
from storage.library.holdings import holding_of
from storage.locations import catalogue_file, fetch_record_file, sources_file
from storage.sources.fetching.records import Record, Records
from storage.sources.places import library_roots
from storage.sources.registry import SourceList
from storage.wording import said_of
from tui.source_documents import documents_of
from tui.source_words import result_words

if TYPE_CHECKING:
    from storage.library.catalogue import Catalogue
    from storage.sources.source import Source


def source_findings() -> list[Finding]:
    """Look at each source: whether it is there or was fetched, and what was read from it."""
    listed = SourceList(sources_file())
    try:
        sources = listed.sources()
    except JsonFileError as error:
        return [_broken(str(error))]
    found = [_broken(notice) for notice in listed.notices]
    if not sources:
        advice = tr("Add your digests: digest-tui add FOLDER or ADDRESS")
        # i18n: there are no sources yet
        found.append(Finding(tr("sources"), Severity.NOTE, tr("none yet"), advice))
    records = Records(fetch_record_file()).all()
    try:
        with closing(open_catalogue(catalogue_file())) as catalogue:
            return found + [_source(one, records.get(one.id), catalogue) for one in sources]
    except (DigestTuiError, sqlite3.Error):  # told by the catalogue's own findings
        return found + [_source(one, records.get(one.id), None) for one in sources]


def _source(source: Source, record: Record | None, catalogue: Catalogue | None) -> Finding:
    label, subject = source.label, tr("source")
    if source.is_paused:
        return Finding(subject, Severity.GOOD, tr("{source}, paused", source=label))
    if source.is_remote:
        if record is not None and record.kind:
            said = said_of(label, result_words(source, record))
            return Finding(subject, Severity.WARNING, said, tr("Try again: digest-tui refresh"))
    elif (fault := _fault_of_path(source.place)) is not None:
        return fault
    if catalogue is None:
        return Finding(subject, Severity.GOOD, label)
    documents = documents_of(library_roots(), source)
    digests, papers = holding_of(catalogue.connection, documents)
    if not digests:
        text = tr("{source}, of which no digest was read yet", source=label)
        return Finding(subject, Severity.NOTE, text, tr("Read it: digest-tui refresh"))
    text = tr(
        "{source}, digests: {digests:,}, papers: {papers:,}",
        source=label,
        digests=digests,
        papers=papers,
    )
    return Finding(subject, Severity.GOOD, text)


def _fault_of_path(path: str) -> Finding | None:
    if not os.path.exists(path):  # noqa: PTH110 -- text, as all paths of sources
        text = tr("{path} is not there (any more); what was read from it stays", path=path)
        advice = tr("Bring it back, such as by plugging its disk in; or: digest-tui remove PATH")
        return Finding(tr("source"), Severity.WARNING, text, advice)
    rights = os.R_OK | (os.X_OK if os.path.isdir(path) else 0)  # noqa: PTH112 -- the same
    if os.access(path, rights):
        return None
    advice = tr("Give yourself the right to read it.")
    text = tr("{path} cannot be looked into", path=path)
    return Finding(tr("source"), Severity.WARNING, text, advice)


def _broken(sentence: str) -> Finding:
    return Finding(tr("sources"), Severity.FAULT, sentence.rstrip(".。"))

"""What is fetched is looked at before it is kept: an excuse is no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.sources.fetching.addresses import not_a_digest

if TYPE_CHECKING:
    from pathlib import Path

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?search_query=all:x" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=all:x</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2026-11-20T00:00:00-05:00</updated>
  {entry}
</feed>
"""
REFUSAL = """<entry>
    <id>http://arxiv.org/api/errors#sortBy_must_be_in</id>
    <title>Error</title>
    <summary>sortBy must be one of three words</summary>
    <updated>2026-11-20T00:00:00-05:00</updated>
    <link href="http://arxiv.org/api/errors#sortBy_must_be_in" rel="alternate" type="text/html"/>
    <author><name>arXiv api core</name></author>
  </entry>"""


def test_a_refusal_of_arxiv_s_api_is_told_in_its_own_words_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "answer.xml"
    path.write_text(ANSWER.format(entry=REFUSAL), "utf-8")
    assert not_a_digest(path) == "arXiv answers with an error: sortBy must be one of three words"


def test_an_answer_without_papers_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "answer.xml"
    path.write_text(ANSWER.format(entry=""), "utf-8")
    assert not_a_digest(path) == ""


def test_a_page_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><html><body>Please log in.</body></html>", "utf-8")
    assert not_a_digest(path) != ""

"""Channel and date from content, folder and file name."""

from __future__ import annotations

from datetime import datetime

import pytest

from storage.formats import parse
from tests.storage.digest_text import feed

EMPTY = "# 摘要\n\n# 详细\n".encode()
MODIFIED = datetime(2020, 5, 17, 8, 30)


@pytest.mark.parametrize(
    ("name", "issued"),
    [
        ("cs.LG/2024-04-04T0909_ab12cd.md", datetime(2024, 4, 4, 9, 9)),
        ("2026-06-30_AI_enhanced_Chinese.jsonl", datetime(2026, 6, 30)),
        ("/a/2023-01-01/2024-02-29.md", datetime(2024, 2, 29)),
        ("cs.LG_2024-04-04.md", datetime(2024, 4, 4)),
    ],
)
def test_date_in_the_name(name, issued):
    digest = parse(EMPTY, name, MODIFIED)
    assert (digest.issued, digest.dated) == (issued, True)


@pytest.mark.parametrize(
    "name",
    ["digest.md", "2024-13-01.md", "2023-02-29.md", "2024-04-31T2561.md", "x12024-04-040.md",
     "2024-04-04/digest.md", "000_e838697a4637081e.txt"],
)  # fmt: skip
def test_else_the_time_of_the_file(name):
    digest = parse(EMPTY, name, MODIFIED)
    assert (digest.issued, digest.dated) == (MODIFIED, False)


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("digests/cs.LG/2024-04-04T0909_ab12cd.md", "cs.LG"),
        ("econ/x.md", "econ"),
        ("/home/me/q-fin.ST/2024-04-04.md", "q-fin.ST"),
        ("cs.CL_2024-04-04.md", "cs.CL"),
        ("stat.ML.md", "stat.ML"),
        ("digests/2026-06-30_AI_enhanced_Chinese.jsonl", None),
        ("papers/23/03/2303.05983.json", None),
        ("cs.LG/older/x.md", None),
    ],
)
def test_channel_in_the_path(name, channel):
    assert parse(EMPTY, name, MODIFIED).channel == channel


def test_a_feed_names_its_channel_itself():
    data = feed(channel="Chat Arxiv cs.AI").encode()
    assert parse(data, "cs.LG/x.xml", MODIFIED).channel == "cs.AI"

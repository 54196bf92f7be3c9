"""Reading what a model wrote: where its JSON is found, however much stands around it."""

from __future__ import annotations

import json

import pytest

from storage.translation.answer import AnswerError, texts_in
from storage.translation.prompt import Wish

WISH = Wish(("title",), {"title": "Seams"})
JSON = '{"title": "缝"}'


@pytest.mark.parametrize(
    "content",
    [
        f"```\n{JSON}\n```",
        f"```json  \n\n  {JSON}\n\n```\nIs {{that}} all?",
        f"Of {{seams}}:\n```JSON\r\n{JSON}```",
        f"````\n{JSON}\n````",
        f"```{JSON}```",
        f"```json\n{JSON}",
        f"Say ``` or {JSON}",
        f"```json\n{JSON}\n```\n```json\n{{}}\n```",
    ],
)
def test_the_json_is_found_within_a_fence(content: str) -> None:
    assert texts_in(content, WISH) == {"title": "缝"}


# From 10,000 characters on each took seconds, and a thousand times that for ten times as many.
@pytest.mark.parametrize(
    "flood",
    ["```\n" + "\n" * 300_000, "`" * 300_000, "```\n" * 100_000, "```" + " \n" * 100_000 + "``"],
    ids=["line feeds", "backticks", "fences", "spaces"],
)
def test_a_flood_of_fences_is_read_once_through(flood: str) -> None:
    with pytest.raises(AnswerError, match="not the JSON"):
        texts_in(flood, WISH)


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("One.\nTwo.", "一。", "its abstract has 1 paragraph, not 2"),
        ("One.", "一。\n二。", "its abstract has 2 paragraphs, not 1"),
    ],
)
def test_paragraphs_that_are_lost_or_made_are_counted(
    english: str, chinese: str, said: str
) -> None:
    answer = json.dumps({"abstract": chinese})
    with pytest.raises(AnswerError) as told:
        texts_in(answer, Wish(("abstract",), {"abstract": english}))
    assert str(told.value) == said

"""Sources that are ready to be chosen: where they really are, and that all of them can be listed."""

from __future__ import annotations

import pytest

from storage.arxiv import is_channel
from storage.formats.naming import channel_in
from storage.model import Problem
from storage.sources.items import read_item, written
from storage.sources.looking import look_at
from storage.sources.presets import CHANNELS, PRESETS, preset_for
from storage.sources.source import ARXIV, GIT, TEMPLATE, URL, Source
from storage.sources.web.addresses import parse
from storage.sources.web.naming import name_for

EVERY = [(preset, choice) for preset in PRESETS for choice in preset.choices or ("",)]


def made(text: str) -> Source:
    found = preset_for(text)
    assert found is not None
    preset, choice = found
    source = preset.make(choice)
    assert isinstance(source, Source)
    return source


def test_they_are_where_their_producers_publish() -> None:
    assert made("cn-chat-arxiv:cs.LG")[1:4] == (
        URL,
        "https://raw.githubusercontent.com/qhduan/cn-chat-arxiv/master/cs.LG.md",
        "cn-chat-arxiv cs.LG",
    )
    history = made("cn-chat-arxiv-history")
    assert history[1:3] == (GIT, "https://github.com/qhduan/cn-chat-arxiv.git")
    assert history.with_history
    data = "https://raw.githubusercontent.com/dw-dengwei/daily-arXiv-ai-enhanced/data/data"
    for text in ("daily-arxiv", "daily-arxiv:Chinese", "Daily-arXiv: chinese"):
        assert made(text)[1:3] == (TEMPLATE, f"{data}/{{date}}_AI_enhanced_Chinese.jsonl")
    assert made("arxiv:cs.LG")[1:3] == (ARXIV, "cs.LG")


def test_the_living_channels_are_offered() -> None:
    assert set(CHANNELS) == {
        "cs.AI", "cs.CL", "cs.IR", "cs.LG", "cs.SE", "econ", "q-fin", "stat.ML",
    }  # fmt: skip


def test_a_channel_is_known_by_the_name_that_its_document_gets() -> None:
    """A markdown digest does not say of which channel it is."""
    for channel in CHANNELS:
        place = made(f"cn-chat-arxiv:{channel}").place
        assert channel_in(f"fetched/{channel}-5f0c1e/{name_for(parse(place), '')}") == channel


@pytest.mark.parametrize(("preset", "choice"), EVERY)
def test_every_choice_is_a_source_that_can_be_listed(preset, choice: str) -> None:
    source = preset.make(choice)
    assert isinstance(source, Source)
    assert read_item(written(source)) == source
    text = f"{preset.key}:{choice}" if choice else preset.key
    assert look_at(text).sources == (source,)


def test_all_are_different_and_described() -> None:
    sources = [preset.make(choice) for preset, choice in EVERY]
    assert len({source.id for source in sources if isinstance(source, Source)}) == len(EVERY)
    assert len({preset.key for preset in PRESETS}) == len(PRESETS)
    for preset in PRESETS:
        assert preset.title
        assert preset.about
        assert len(preset.title) < 40
        assert "\n" not in preset.about
    assert all(is_channel(choice) for preset, choice in EVERY if preset.key == "arxiv")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cn-chat-arxiv", "cn-chat-arxiv publishes these: cs.AI, cs.CL, cs.LG, cs.IR, "),
        ("cn-chat-arxiv:cs.CV", "cn-chat-arxiv publishes these: cs.AI, cs.CL, cs.LG, cs.IR, "),
        ("cn-chat-arxiv:../x", "cn-chat-arxiv publishes these: cs.AI, cs.CL, cs.LG, cs.IR, "),
        ("cn-chat-arxiv-history:cs.LG", "cn-chat-arxiv-history has nothing to choose from"),
        ("daily-arxiv:French", "daily-arxiv publishes these: Chinese; write for example"),
        ("arxiv:astrology", "names no category or archive of arXiv"),
        ("arxiv", "names no category or archive of arXiv"),
    ],
)
def test_what_is_not_published_is_told(text: str, reason: str) -> None:
    found = preset_for(text)
    assert found is not None
    problem = found[0].make(found[1])
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize("text", ["", "cn-chat", "https://example.org/", "daily-arxiv-x:y"])
def test_other_text_names_none(text: str) -> None:
    assert preset_for(text) is None

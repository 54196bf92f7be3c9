"""Sources that can be chosen without knowing their address: the living producers of digests, and arXiv.

How they publish, as their repositories were in September 2026: cn-chat-arxiv writes each channel's
file at the top of its branch ``master`` anew, twice a day (its other files are of March 2023);
daily-arXiv-ai-enhanced adds a file a day to its branch ``data``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from storage.arxiv import is_channel
from storage.language import to_tr, tr
from storage.model import Problem
from storage.sources.ids import new_id
from storage.sources.source import ARXIV, GIT, TEMPLATE, URL, Source
from storage.sources.typed import told
from storage.wording import names_of

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNELS = ("cs.AI", "cs.CL", "cs.LG", "cs.IR", "cs.SE", "econ", "q-fin", "stat.ML")
"""The channels of which cn-chat-arxiv publishes digests."""
LANGUAGES = ("Chinese",)
"""The languages in which daily-arXiv-ai-enhanced publishes."""

_CN_CHAT = "https://raw.githubusercontent.com/qhduan/cn-chat-arxiv/master"
_CN_CHAT_GIT = "https://github.com/qhduan/cn-chat-arxiv.git"
_DAILY = "https://raw.githubusercontent.com/dw-dengwei/daily-arXiv-ai-enhanced/data/data"


class Preset(NamedTuple):
    """A source, or one of several alike, that is ready to be added.

    Attributes:
        key: What the user types: ``key`` or, with one of the choices, ``key:choice``.
        title: A few words for a list of presets, in English; said by ``tr``.
        about: One sentence: who publishes what, how often, in which languages; the same.
        choices: What can stand behind the key, the first is proposed; none: nothing can.
        make: Takes the choice and returns the source, or why there is none.
    """

    key: str
    title: str
    about: str
    choices: tuple[str, ...]
    make: Callable[[str], Source | Problem]


def preset_for(text: str) -> tuple[Preset, str] | None:
    """Return the preset that ``text`` names, and the choice behind its colon; None: it names none."""
    key, _, choice = text.partition(":")
    found = (preset for preset in PRESETS if preset.key == key.strip().lower())
    return next(((preset, choice.strip()) for preset in found), None)


def arxiv_channel(name: str) -> Source | Problem:
    """Return the source that is arXiv's own feed of a category or archive.

    Args:
        name: In any case: ``cs.LG``, ``math``.
    """
    archive, dot, subject = name.partition(".")
    # Subjects have two capital letters (cs.LG) or are words (cond-mat.soft).
    channel = archive.lower() + dot + (subject.upper() if len(subject) == 2 else subject.lower())
    if not is_channel(channel):
        reason = tr(
            "names no category or archive of arXiv such as arxiv:cs.LG or arxiv:math; a search is"
            " written arxiv:search:WORDS"
        )
        return Problem(told(f"arxiv:{name}"), None, reason)
    return Source(new_id(ARXIV, channel), ARXIV, channel)


def _cn_chat_channel(name: str) -> Source | Problem:
    channel = next((it for it in CHANNELS if it.lower() == name.lower()), None)
    if channel is None:
        return _no_choice("cn-chat-arxiv", name, CHANNELS)
    place = f"{_CN_CHAT}/{channel}.md"
    return Source(new_id(URL, place), URL, place, f"cn-chat-arxiv {channel}")


def _cn_chat_history(name: str) -> Source | Problem:
    if name:
        return _no_choice("cn-chat-arxiv-history", name, ())
    place = _CN_CHAT_GIT
    name = tr("cn-chat-arxiv history")
    return Source(new_id(GIT, place), GIT, place, name, with_history=True)


def _daily(name: str) -> Source | Problem:
    language = next((it for it in LANGUAGES if it.lower() == (name or LANGUAGES[0]).lower()), None)
    if language is None:
        return _no_choice("daily-arxiv", name, LANGUAGES)
    place = f"{_DAILY}/{{date}}_AI_enhanced_{language}.jsonl"
    return Source(new_id(TEMPLATE, place), TEMPLATE, place, "daily-arXiv-ai-enhanced")


def _no_choice(key: str, name: str, choices: tuple[str, ...]) -> Problem:
    if not choices:
        reason = tr("{key} has nothing to choose from; leave out what stands behind it", key=key)
    else:
        reason = tr(
            "{key} publishes these: {choices}; write for example {example}",
            key=key,
            choices=names_of(choices),
            example=f"{key}:{choices[0]}",
        )
    return Problem(told(f"{key}:{name}" if name else key), None, reason)


PRESETS = (
    Preset(
        "cn-chat-arxiv",
        to_tr("cn-chat-arxiv, one channel"),
        to_tr("English and Chinese titles, TL;DRs and abstracts of one arXiv channel, twice a day"),
        CHANNELS,
        _cn_chat_channel,
    ),
    Preset(
        "cn-chat-arxiv-history",
        to_tr("cn-chat-arxiv with its whole past"),
        to_tr("All its channels and every digest since March 2023; a large download through git"),
        (),
        _cn_chat_history,
    ),
    Preset(
        "daily-arxiv",
        "daily-arXiv-ai-enhanced",
        to_tr(
            "cs.AI, cs.CL, cs.CV and cs.GR, once a day: English abstracts, Chinese TL;DRs and"
            " analyses"
        ),
        LANGUAGES,
        _daily,
    ),
    Preset(
        "arxiv",
        to_tr("arXiv itself, one category"),
        to_tr("What arXiv announces in one category each working day, in English only"),
        ("cs.LG", "cs.AI", "cs.CL", "cs.CV", "cs.IR", "cs.SE", "stat.ML", "math", "econ", "q-fin"),
        arxiv_channel,
    ),
)

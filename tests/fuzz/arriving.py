"""What arrives besides digests: lists of feeds, answers of translation services, names in git."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from storage.errors import DocumentError
from storage.sources.git.versions import file_of, is_digest_path
from storage.sources.opml import is_opml, read_opml
from storage.translation.answer import AnswerError, texts_in
from storage.translation.events import BrokenError, completion_in
from storage.translation.prompt import Wish
from storage.translation.refusals import refusal_in
from tests.fuzz.invariants import has_control, refused

if TYPE_CHECKING:
    from tests.fuzz.mutants import Mutant

_WISH: Final = Wish(
    ("title", "tldr", "abstract"), {"title": "Seams", "tldr": "We sew.", "abstract": "We sew it."}
)
_KEY: Final = "sk-0123456789"
_MOST_NAMES: Final = 200


def attack_lists(mutant: Mutant) -> None:
    """Read it as a list of feeds."""
    is_opml(mutant.data[:4096])
    try:
        found = read_opml(mutant.data, "list.opml")
    except DocumentError as error:
        refused(error)
        return
    for feed in found.feeds:
        assert feed.address.startswith(("http://", "https://")), "another scheme"
        assert not has_control(feed.title + feed.address), "control in a feed"
        assert len(feed.title) <= 200, "a title too long"
    for problem in found.problems:
        assert not has_control(problem.reason + problem.raw), "control in a problem"


def attack_answers(mutant: Mutant) -> None:
    """Read it as the body of an answer, and as what a model wrote."""
    blocks = [mutant.data[start : start + 1000] for start in range(0, len(mutant.data), 1000)]
    written = [mutant.data.decode("utf-8", "replace")]
    for is_stream in (False, True):
        try:
            written.append(completion_in(blocks, is_stream=is_stream).content)
        except BrokenError:
            continue
    for content in written:
        try:
            texts = texts_in(content, _WISH)
        except AnswerError:
            continue
        assert texts.keys() <= set(_WISH.fields), "a text that was not asked for"
        assert not has_control("".join(texts.values())), "control in a translation"
    refusal = refusal_in(400, mutant.data[:2000] + _KEY.encode(), "", _KEY)
    assert _KEY not in refusal.shown, "the key is shown"
    assert not has_control(refusal.shown), "control in a refusal"


def attack_names(mutant: Mutant) -> None:
    """Take its lines for names in a repository: none leads out of the folder."""
    for line in mutant.data.split(b"\n")[:_MOST_NAMES]:
        for path in (line.strip(), line.strip()[:80] + b".md"):
            if b"\0" not in path and is_digest_path(path):
                name = PurePosixPath(file_of(path, "ab" * 20, len(line)))
                assert not {"..", "/"} & set(name.parts), "out of the folder"

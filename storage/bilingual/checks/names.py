"""Names written in Latin letters whatever the language, and whether a translation has them.

Most acronyms are rightly translated (``RL`` becomes 强化学习), and so are names made of words. As
lost count only names that cannot have been: the well-known ones of models and data sets, the one
that a paper gives its own method, and those that the Chinese misspells.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from storage.bilingual.patterns import compiled

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from storage.model import Bilingual

_NAME = r"(?<![A-Za-z0-9_$\\{^/.@&-])[A-Za-z](?=[A-Za-z0-9_.-]{0,60}[A-Z0-9])[A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*(?:\.\d+)*\+*(?![A-Za-z0-9_@/])"
_NOISE = r"[\s_‐‑–’'·-]+"
_SHORTEST = 4
_OWN = r"([A-Za-z][\w.+-]*):\s"
_INTRODUCED = (
    r"\b(?:call(?:ed)?|named?|dub(?:bed)?|term(?:ed)?|coin(?:ed)?|namely|proposed?|present|"
    r"introduced?|develop|release|releasing) (?:\\\w+\{|``|[\"“'`]|\*+)?$"
)
_INTRODUCING = r"(?:提出|介绍|引入|开发|提供|构建|发布|设计)了?(?:一[种个套类]|新|首个)"
_NAMING = "名为|称为|称作|叫做|命名|被称|即|“|——|《"
# fmt: off
# Names that stay in Latin letters in over 95 of 100 Chinese abstracts that translate them.
_STAYING = frozenset({
    "adagrad", "adamw", "alexnet", "alphago", "alphazero", "bart", "beir", "bleu", "bm25",
    "celeba", "chatgpt", "cifar", "clip", "coco", "codebert", "codet5", "cuda", "cyclegan",
    "ddpg", "deberta", "densenet", "detr", "distilbert", "dqn", "electra", "era5", "ffhq",
    "gpt", "gsm8k", "hotpotqa", "hubert", "iemocap", "imagenet", "iwslt", "jax", "kitti",
    "librispeech", "lightgbm", "llama", "llava", "mimic", "mnist", "mobilenet", "mujoco",
    "multiwoz", "nuscenes", "pubmed", "pytorch", "qlora", "qwen", "resnet", "roberta", "sbert",
    "scibert", "semeval", "simclr", "squad", "superglue", "svhn", "tensorflow", "umap", "vgg",
    "wavlm", "wmt", "word2vec", "xgboost", "xlm", "yolo",
})
# fmt: on
_TRANSLATED = {
    "chatgpt": ("gpt",),
    "gpt": ("预训练",),
    "imagenet": ("图像网", "图像net"),
    "llama": ("羊驼",),
    "resnet": ("残差",),
    "pubmed": ("公共医学",),
}
# Where a name of the Chinese holds one of these and the English does not, the author misspelt it.
_FAMOUS = (
    "gpt",
    "bert",
    "mimic",
    "vision",
    "cycle",
    "llama",
    "net",
    "transformer",
    "leibler",
    "maruyama",
)


class Names:
    """The names of an abstract, as they are looked up in its translation.

    A name that is anywhere in the Chinese is not lost: a sentence may well speak of "the method".
    """

    def __init__(self, title: Bilingual, abstract: Bilingual) -> None:
        self.title = title
        self.en, self.zh = abstract.en or "", abstract.zh or ""

    def lost(self, english: str, chinese: str) -> Iterator[tuple[str, str]]:
        """Yield the names of an English sentence that its Chinese one has lost.

        Args:
            english: A sentence of the abstract, or several.
            chinese: The translation.

        Yields:
            The name as written, and the one that stands in its place, empty where none does.
        """
        for match in compiled(_NAME).finditer(english):
            name = match[0]
            if name in self.zh or not _is_name(name) or _is_in(name, self._squeezed):
                continue
            if misspelt := self._misspelt(name, chinese):
                yield name, misspelt
            elif (
                self._is_own(name, chinese)
                or _is_lost_for_sure(name, self._squeezed, english)
                or _is_dropped(match, english, chinese)
            ):
                yield name, ""

    @cached_property
    def _squeezed(self) -> str:
        return _squeezed(self.zh)

    @cached_property
    def _strangers(self) -> list[str]:
        """The names of the Chinese that neither the English nor its title has."""
        both = _squeezed(f"{self.title.en} {self.en}")
        return [name for name in _names(self.zh) if _squeezed(name) not in both]

    @cached_property
    def _own(self) -> str:
        """The name that the title gives the paper's own method, where the Chinese title keeps it."""
        own = compiled(_OWN).match(self.title.en or "")
        kept = own is not None and own[1] in (self.title.zh or "")
        return own[1] if own is not None and kept and _is_all_names(own[1]) else ""

    def _is_own(self, name: str, chinese: str) -> bool:
        return name == self._own and not (name.endswith("Net") and "网络" in chinese)

    def _misspelt(self, name: str, chinese: str) -> str:
        """Return the stranger in a sentence that is all but the name; empty where there is none."""
        plain = _squeezed(name)
        for stranger in self._strangers:
            other = _squeezed(stranger)
            if (
                stranger in chinese
                and _is_slip(plain, other)
                and not any(famous in other and famous not in plain for famous in _FAMOUS)
            ):
                return stranger
        return ""


def _names(text: str) -> Iterator[str]:
    return filter(_is_name, compiled(_NAME).findall(text))


def _is_name(word: str) -> bool:
    """Whether a word is written as a name: ``GAN``, ``ImageNet``, ``T5``."""
    capitals = sum(map(str.isupper, word))
    return capitals > 1 or (capitals == 1 and any(map(str.isdigit, word)))


def _is_all_names(word: str) -> bool:
    return all(map(_is_name, word.split("-")))


def _squeezed(text: str) -> str:
    """Return ``text`` without what spellings of one name differ in: case, spaces, hyphens."""
    return compiled(_NOISE).sub("", text).lower()


def _is_in(name: str, text: str) -> bool:
    name = _squeezed(name)
    return name in text or name.rstrip("s+") in text


def _is_slip(one: str, two: str) -> bool:
    """Whether two words differ in one letter or in the order of two."""
    if min(len(one), len(two)) < _SHORTEST or abs(len(one) - len(two)) > 1:
        return False
    if one.rstrip("s") == two.rstrip("s"):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    left, right = one[start:], two[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] in (right[1:], right) or left == right[1:]


def _is_lost_for_sure(name: str, chinese: str, english: str) -> bool:
    """Whether the Chinese lacks the well-known part of a name: of ``BART-based`` the ``BART``."""
    if f"({name}" in english:  # the sentence says what it stands for, which may be translated
        return False
    for part in name.lower().split("-"):
        known = part if part in _STAYING else part.rstrip("0123456789sv")
        if known in _STAYING and known not in chinese:
            return not any(word in chinese for word in _TRANSLATED.get(known, ()))
    return False


def _is_dropped(match: re.Match[str], english: str, chinese: str) -> bool:
    """Whether the sentence introduces the name, and the Chinese one speaks of it without any."""
    name, following = match[0], english[match.end() : match.end() + 100]
    return (
        len(name) >= _SHORTEST
        and "(" not in following
        and f"({name}" not in english
        and _is_all_names(name)
        and compiled(_INTRODUCED).search(english, 0, match.start()) is not None
        and compiled(_INTRODUCING).search(chinese) is not None
        and compiled(_NAMING).search(chinese) is None
    )

"""What changed between two versions: nothing lost, nothing invented, and legible."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.changes import Change, changes, changes_of_cut, is_changed

Pieces = list[tuple[Change, str]]

_SIGNS = {
    Change.SAME: "{}",
    Change.REMOVED: "[-{}-]",
    Change.ADDED: "{{+{}+}}",
    Change.UNKNOWN: "<?{}?>",
}


def shown(pieces: Pieces) -> str:
    """Pieces as ``git diff --word-diff`` shows them; what is not known between ``<?`` and ``?>``."""
    return "".join(_SIGNS[kind].format(text) for kind, text in pieces)


def told(pieces: Pieces, *kinds: Change) -> str:
    return "".join(text for kind, text in pieces if kind in kinds)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("the big cat sat", "the small cat sat", "the [-big-]{+small+} cat sat"),
        ("a fast method", "a very fast method", "a {+very +}fast method"),
        ("a very fast method", "a fast method", "a [-very -]fast method"),
        # punctuation stands for itself
        ("We use a model.", "We use a model,", "We use a model[-.-]{+,+}"),
        ("a model for text", "a model, for text", "a model{+,+} for text"),
        ("It works (well).", "It works well.", "It works [-(well)-]{+well+}."),
        # parts of words, of compounds and of numbers are not shown alone
        ("pretrained on data", "pretraining on data", "[-pretrained-]{+pretraining+} on data"),
        ("a two-stage one", "a three-stage one", "a [-two-stage-]{+three-stage+} one"),
        ("gains of 1,234.5 in", "gains of 1,234.6 in", "gains of [-1,234.5-]{+1,234.6+} in"),
        ("they don't know", "they didn't know", "they [-don't-]{+didn't+} know"),
        ("an Erdo\u0301s graph", "an Erdos graph", "an [-Erdo\u0301s-]{+Erdos+} graph"),
        # formulas are units, money is none
        ("bound $O(n)$ holds", "bound $O(n^2)$ holds", "bound [-$O(n)$-]{+$O(n^2)$+} holds"),
        ("设 $ a + b $ 为", "设 $ a + c $ 为", "设 [-$ a + b $-]{+$ a + c $+} 为"),
        (r"for \(x + 1\) only", r"for \(x + 2\) only", r"for [-\(x + 1\)-]{+\(x + 2\)+} only"),
        (
            "at $5 for two or $9 all",
            "at $5 for ten or $9 all",
            "at $5 for [-two-]{+ten+} or $9 all",
        ),
        ("收$5元，设$x$为一。", "收$5元，设$y$为一。", "收$5元，设[-$x$-]{+$y$+}为一。"),
        # Chinese by characters, Latin words in it whole
        ("图神经网络", "图卷积网络", "图[-神经-]{+卷积+}网络"),
        ("用BERT微调", "用RoBERTa微调", "用[-BERT-]{+RoBERTa+}微调"),
        ("实验表明方法有效。", "实验表明该方法有效。", "实验表明{+该+}方法有效。"),
        # no word is taken twice, though what is the same would reach into its neighbour
        ("p a b c d x q", "s a b c d y c d x r", "[-p-]{+s+} a b c d [-x q-]{+y c d x r+}"),
        ("q x a b c d p", "r x a b y a b c d s", "[-q x-]{+r x a b y+} a b c d [-p-]{+s+}"),
        # at either end, and throughout
        ("The method works", "Our method works", "[-The-]{+Our+} method works"),
        ("It works.", "It works. Code is public.", "It works.{+ Code is public.+}"),
        ("", "值得细读", "{+值得细读+}"),
        ("值得细读", "", "[-值得细读-]"),
        ("one two", "三四", "[-one two-]{+三四+}"),
        ("unchanged", "unchanged", "unchanged"),
        ("", "", ""),
    ],
)
def test_what_changed(old: str, new: str, expected: str) -> None:
    assert shown(changes(old, new)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # one or two words between two changes go with them, three stay
        ("we train big models fast now", "we train small models slowly now",
         "we train [-big models fast-]{+small models slowly+} now"),
        ("a big one and the other cat", "a small one and the last cat",
         "a [-big-]{+small+} one and the [-other-]{+last+} cat"),
        # punctuation is no word
        ("see red, (green) cars", "see blue, (yellow) cars",
         "see [-red, (green-]{+blue, (yellow+}) cars"),
        # much changed around three words
        ("x a b c d e f same old words g h i j k l y", "x m n o p q r same old words s t u v w z y",
         "x [-a b c d e f same old words g h i j k l-]{+m n o p q r same old words s t u v w z+} y"),
        # nearly every second character: the clause is replaced whole, its neighbours are not
        ("在实验中，甲一乙二丙三丁四，效果很好。", "在实验中，甲五乙六丙七丁八，效果很好。",
         "在实验中，[-甲一乙二丙三丁四-]{+甲五乙六丙七丁八+}，效果很好。"),
        ("我们提出一种基于图的方法，很有效。", "我们设计一个使用树的算法，很有效。",
         "[-我们提出一种基于图的方法-]{+我们设计一个使用树的算法+}，很有效。"),
    ],
)  # fmt: skip
def test_the_result_is_no_patchwork(old: str, new: str, expected: str) -> None:
    assert shown(changes(old, new)) == expected


def test_an_edited_abstract_is_read_at_a_glance() -> None:
    old = (
        "Sorting is slow on small machines. We present Quill, a simple sorter that keeps its runs "
        "in memory. On three common benchmarks it is twice as fast as the best known one."
    )
    new = (
        "Sorting is slow on small machines. To remedy this, we present Quill, a simple sorter that "
        "keeps its runs in memory. On four common benchmarks it is twice as fast as the best known "
        "one. Our code is public."
    )
    assert shown(changes(old, new)) == (
        "Sorting is slow on small machines. [-We-]{+To remedy this, we+} present Quill, a simple "
        "sorter that keeps its runs in memory. On [-three-]{+four+} common benchmarks it is twice "
        "as fast as the best known one.{+ Our code is public.+}"
    )


def test_white_space_alone_is_no_change_to_the_reader() -> None:
    pieces = changes("First part.\nSecond part of it.", "First part. Second part of it.")
    assert shown(pieces) == "First part.[-\n-]{+ +}Second part of it."
    assert not is_changed(pieces)
    assert not is_changed(changes("the same", "the same"))
    assert not is_changed([(Change.SAME, "as it was"), (Change.UNKNOWN, " and more")])
    assert is_changed(changes("ends here.", "ends here,"))
    assert is_changed(changes("ends here.", "ends here"))


_SCRAPS = [
    "a",
    "the",
    "model",
    "model-based",
    "3.5",
    "$x$",
    "$",
    "\\(",
    "方",
    "法",
    "，",
    "。",
    "e\u0301",
]
_texts = st.lists(
    st.sampled_from([*_SCRAPS, ".", ",", " ", " ", " ", "\n", "\u3000"]), max_size=30
).map("".join) | st.text(max_size=30)


@st.composite
def _versions(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts that have much in common, or two of which nothing is known."""
    parts = draw(st.lists(_texts, min_size=1, max_size=4))
    return "".join(parts), "".join(draw(st.permutations(parts))[1:]) + draw(_texts)


def well_formed(pieces: Pieces) -> bool:
    kinds = [kind for kind, _ in pieces]
    return all(text for _, text in pieces) and all(
        one is not other and (one, other) != (Change.ADDED, Change.REMOVED)
        for one, other in pairwise(kinds)
    )


@given(_versions())
@settings(max_examples=120, deadline=None)
def test_both_versions_can_be_read_off(versions: tuple[str, str]) -> None:
    old, new = versions
    pieces = changes(old, new)
    assert told(pieces, Change.SAME, Change.REMOVED) == old
    assert told(pieces, Change.SAME, Change.ADDED) == new
    assert well_formed(pieces)
    assert shown(changes(new, new)) == new


_words = st.lists(st.sampled_from(["one", "two", "three", "four", "甲", "乙"]), max_size=40)


@given(_words, _words)
@settings(max_examples=100, deadline=None)
def test_no_short_island_is_left(old: list[str], new: list[str]) -> None:
    pieces = changes(" ".join(old), " ".join(new))
    for kind, text in pieces[1:-1]:
        assert kind is not Change.SAME or not text.strip() or len(re.findall(r"\w+", text)) >= 3


TEXT = (
    "We bound $\\mathcal{O}(n^2)$ state-of-the-art costs of 3.5 per item, e.g. in sorting; "
    "图神经网络的上界为 $ n + 1 $，效果很好。 The bound is tight for \\(n > 1\\) and $m$ items."
)


@pytest.mark.parametrize("cut", range(len(TEXT)))
def test_a_cut_is_no_change(cut: int) -> None:
    beginning = TEXT[:cut].rstrip()
    rest = TEXT[len(beginning) :]
    fuller = changes_of_cut(beginning, TEXT, True, False)
    assert fuller == [(Change.SAME, beginning)] * bool(cut) + [(Change.UNKNOWN, rest)]
    assert told(changes_of_cut(TEXT, beginning, False, True), *Change) == beginning
    for other in (cut // 2, cut - 1):
        shorter = TEXT[: max(other, 0)].rstrip()
        for old, new in ((beginning, shorter), (shorter, beginning)):
            pieces = changes_of_cut(old, new, True, True)
            assert {kind for kind, _ in pieces} <= {Change.SAME, Change.UNKNOWN}
            assert told(pieces, *Change) == new


@pytest.mark.parametrize(
    ("old", "new", "cuts", "expected"),
    [
        # the old one was cut: what lies behind that place is not known to be new
        ("one two three four fi", "one two three four five six", "old",
         "one two three four fi<?ve six?>"),
        ("one big three four five s", "one two three four five six seven", "old",
         "one [-big-]{+two+} three four five s<?ix seven?>"),
        ("one two three four", "one two three", "old", "one two three[- four-]"),
        # the new one was cut: what it had behind that place is not known to be gone
        ("one two three four five six", "one two three four fi", "new", "one two three four fi"),
        ("one two three four five six", "zero one two three four fi", "new",
         "{+zero +}one two three four fi"),
        ("one two three", "one two three four fi", "new", "one two three{+ four fi+}"),
        # both were: words put in push others behind the cut, words left out pull some before it
        ("one two three four five six", "zero zero one two three four", "both",
         "{+zero zero +}one two three four"),
        ("zero zero one two three four", "one two three four five six", "both",
         "[-zero zero -]one two three four<? five six?>"),
        # a change right before the cut is told as far as both go
        ("one two three four", "one two other words that go on", "old",
         "one two [-three four-]{+other words+}<? that go on?>"),
        ("one two three four that go on", "one two other words", "new",
         "one two [-three four-]{+other words+}"),
        # a torn formula looks like the next torn one
        (r"named ($\textbf{ab", r"named ($\textbf{abc}$) and ($\textbf{cd", "both",
         r"named ($\textbf{ab<?c}$) and ($\textbf{cd?>"),
        # nothing was cut
        ("one two three", "one two", "", "one two[- three-]"),
    ],
)  # fmt: skip
def test_changes_up_to_a_cut(old: str, new: str, cuts: str, expected: str) -> None:
    pieces = changes_of_cut(old, new, cuts in ("old", "both"), cuts in ("new", "both"))
    assert shown(pieces) == expected


@given(_versions(), st.booleans(), st.booleans())
@settings(max_examples=120, deadline=None)
def test_cut_versions_can_be_read_off(
    versions: tuple[str, str], old_cut: bool, new_cut: bool
) -> None:
    old, new = versions
    pieces = changes_of_cut(old, new, old_cut, new_cut)
    assert told(pieces, Change.SAME, Change.ADDED, Change.UNKNOWN) == new
    known = told(pieces, Change.SAME, Change.REMOVED)
    assert old.startswith(known) if new_cut else old == known
    assert old_cut or not told(pieces, Change.UNKNOWN)
    assert well_formed(pieces)


def test_long_texts_of_few_words_come_to_an_end() -> None:
    """Every word occurs everywhere: without a budget this compares for minutes."""
    old = " ".join("ab"[(number * number) % 7 % 2] for number in range(20_000))
    new = " ".join("ba"[(number * number) % 11 % 2] for number in range(20_000))
    pieces = changes(old, new)
    assert told(pieces, Change.SAME, Change.REMOVED) == old
    assert told(pieces, Change.SAME, Change.ADDED) == new

"""The filter language: what is understood, what is refused and where, what is offered."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library.completion import Completion, completions
from storage.library.filters import (
    PARTS,
    STATES,
    TYPES,
    Kind,
    Node,
    Order,
    Query,
)
from storage.library.grammar import QueryError, parse_query, to_text, words_of

if TYPE_CHECKING:
    from collections.abc import Callable


def word(value: str) -> Node:
    return Node(Kind.TEXT, value)


def phrase(value: str) -> Node:
    return Node(Kind.TEXT, value, exact=True)


def tag(value: str) -> Node:
    return Node(Kind.TAG, value, exact=True)


def all_of(*parts: Node) -> Node:
    return Node(Kind.ALL, parts=parts)


def any_of(*parts: Node) -> Node:
    return Node(Kind.ANY, parts=parts)


def no(part: Node) -> Node:
    return Node(Kind.NOT, parts=(part,))


A, B, C, D, X = (word(letter) for letter in "abcdx")
UNREAD = Node(Kind.IS, "unread")

UNDERSTOOD = [
    # words
    ("attention", word("attention")),
    ("注意力", word("注意力")),
    ("LoRA微调", word("LoRA微调")),
    ("state-of-the-art", word("state-of-the-art")),
    ("C++", word("C++")),
    ("2404.02882", word("2404.02882")),
    ("a|b", word("a|b")),
    ("O'Neill", word("O'Neill")),
    ("a b", all_of(A, B)),
    ("  a \t\n b  ", all_of(A, B)),
    ("a\u3000b", all_of(A, B)),
    ("a AND b", all_of(A, B)),
    ("a and b", all_of(A, word("and"), B)),
    ("a or b", all_of(A, word("or"), B)),
    ("Not a", all_of(word("Not"), A)),
    ("ORB ANDRE NOTHING notes", all_of(*map(word, ("ORB", "ANDRE", "NOTHING", "notes")))),
    ("x-OR", word("x-OR")),
    ("\\a", word("\\a")),
    # precedence and flatness
    ("a OR b", any_of(A, B)),
    ("a OR b c", any_of(A, all_of(B, C))),
    ("a b OR c d", any_of(all_of(A, B), all_of(C, D))),
    ("a AND b OR c", any_of(all_of(A, B), C)),
    ("(a OR b) c", all_of(any_of(A, B), C)),
    ("a (b c) d", all_of(A, B, C, D)),
    ("a OR (b OR c) OR d", any_of(A, B, C, D)),
    ("a (b OR c)", all_of(A, any_of(B, C))),
    ("((a))", A),
    ("(a)(b)", all_of(A, B)),
    ("f(x)", all_of(word("f"), X)),
    ("（a OR b） c", all_of(any_of(A, B), C)),
    ("（a)", A),
    ("(a OR b)OR(c)", any_of(A, B, C)),
    # not
    ("-a", no(A)),
    ("not a", no(A)),
    ("NOT a", no(A)),
    ("a -b", all_of(A, no(B))),
    ("not a b", all_of(no(A), B)),
    ("not a OR b", any_of(no(A), B)),
    ("a OR not b", any_of(A, no(B))),
    ("-(a b)", no(all_of(A, B))),
    ("not(a OR b)", no(any_of(A, B))),
    ('-"a b"', no(phrase("a b"))),
    ("-is:unread", no(UNREAD)),
    ("--a", A),
    ("---a", no(A)),
    ("not not a", A),
    ("not -a", A),
    ("-(-a)", A),
    ("-(not (-a))", no(A)),
    ("-", word("-")),
    ("a - b", all_of(A, word("-"), B)),
    ("(a -)", all_of(A, word("-"))),
    ("a -- b", all_of(A, word("--"), B)),
    ("not -", no(word("-"))),
    ("-5", no(word("5"))),
    # phrases
    ('"linear attention"', phrase("linear attention")),
    ('"a" b', all_of(phrase("a"), B)),
    ('"OR"', phrase("OR")),
    ('"not" "-x" "is:unread"', all_of(phrase("not"), phrase("-x"), phrase("is:unread"))),
    ("“线性 注意力”", phrase("线性 注意力")),
    ("”线性“", phrase("线性")),
    ("“线性”注意力", all_of(phrase("线性"), word("注意力"))),
    ('“a b"', phrase("a b")),
    ('"所谓“智能”体"', phrase("所谓“智能”体")),
    (r'"say \"hi\" \\ now"', phrase(r'say "hi" \ now')),
    (r"“a\”b”", phrase("a”b")),
    (r'"\a"', phrase("a")),
    ('"(a)"', phrase("(a)")),
    ('a"b"c', all_of(A, phrase("b"), C)),
    # fields
    ("is:unread", UNREAD),
    ("IS:UnRead", UNREAD),
    ("is：unread", UNREAD),
    ('is:"unread"', UNREAD),
    ("has:TLDR", Node(Kind.HAS, "tldr")),
    ("type:replace-cross", Node(Kind.TYPE, "replace-cross")),
    ("cat:cs.LG", Node(Kind.CATEGORY, "cs.LG")),
    ("cat:cs.*", Node(Kind.CATEGORY, "cs.*")),
    ("Cat:cs", Node(Kind.CATEGORY, "cs")),
    ("channel:math.*", Node(Kind.CHANNEL, "math.*")),
    ("in:2024-04-04.md", Node(Kind.DIGEST, "2024-04-04.md")),
    ('in:"my digest*"', Node(Kind.DIGEST, "my digest*")),
    ("author:Müller", Node(Kind.AUTHOR, "Müller")),
    ('author:"J Smith"', Node(Kind.AUTHOR, "J Smith", exact=True)),
    ("title：“注意力 机制”", Node(Kind.TITLE, "注意力 机制", exact=True)),
    ("title:OR", Node(Kind.TITLE, "OR")),
    ("title:-a", Node(Kind.TITLE, "-a")),
    ("note:#todo", Node(Kind.NOTE, "#todo")),
    ("tag:todo", tag("todo")),
    ("Tag：ToDo", tag("todo")),
    ("tag:#todo", tag("todo")),
    ('tag:"todo"', tag("todo")),
    ("title:a(b)", all_of(Node(Kind.TITLE, "a"), B)),
    ("id:2404", Node(Kind.IDENTIFIER, "2404")),
    ("id:2404.02882v2", Node(Kind.IDENTIFIER, "2404.02882v2")),
    ("id:math/0211159", Node(Kind.IDENTIFIER, "math/0211159")),
    ("id:arXiv:2404.02882", Node(Kind.IDENTIFIER, "arXiv:2404.02882")),
    ("date:Today", Node(Kind.DATE, "today")),
    ("date:2024-04..2024-06", Node(Kind.DATE, "2024-04..2024-06")),
    ("date:..2024", Node(Kind.DATE, "..2024")),
    ("date:2024..", Node(Kind.DATE, "2024..")),
    # tags
    ("#todo", tag("todo")),
    ("#待读", tag("待读")),
    ("#proj/Vision-2", tag("proj/vision-2")),
    ("#2024-04", tag("2024-04")),
    ("#proj/", tag("proj")),
    ("＃ＴＯＤＯ", tag("todo")),
    ("-#todo", no(tag("todo"))),
    ("not #todo a", all_of(no(tag("todo")), A)),
    ("(#a OR #b)#c", all_of(any_of(tag("a"), tag("b")), tag("c"))),
    ('"#todo"', phrase("#todo")),
    # what only looks like a tag
    ("#3", word("#3")),
    ("-#3", no(word("#3"))),
    ("# a", all_of(word("#"), A)),
    ("C#", word("C#")),
    ("x#a", word("x#a")),
    ("##a", word("##a")),
    ("#a.b", word("#a.b")),
    ("#-a", word("#-a")),
    # what only looks like a field
    ("http://example.org/x?a=b", word("http://example.org/x?a=b")),
    ("https://example.org", word("https://example.org")),
    ("10:30", word("10:30")),
    ("RLHF:", word("RLHF:")),
    ("arXiv:2404.02882", word("arXiv:2404.02882")),
    ("标题：方法", word("标题：方法")),
    ("foo:bar", word("foo:bar")),
    ("Data: a", all_of(word("Data:"), A)),
    ("Theory:", word("Theory:")),
    (":a", word(":a")),
    ("x1s:a", word("x1s:a")),
    ("ıs:a", word("ıs:a")),  # a dotless i
    # all at once
    (
        'attention -survey (cat:cs.LG OR cat:stat.ML) is:unread title:"linear attention"',
        all_of(
            word("attention"),
            no(word("survey")),
            any_of(Node(Kind.CATEGORY, "cs.LG"), Node(Kind.CATEGORY, "stat.ML")),
            UNREAD,
            Node(Kind.TITLE, "linear attention", exact=True),
        ),
    ),
]


@pytest.mark.parametrize(("text", "tree"), UNDERSTOOD)
def test_a_filter_is_read_as_a_tree(text: str, tree: Node) -> None:
    assert parse_query(text) == Query(tree)


@pytest.mark.parametrize("text", ["", " ", "\u3000\n"])
def test_nothing_restricts_nothing(text: str) -> None:
    assert parse_query(text) == parse_query(text, is_typing=True) == Query()


SORTED = [
    ("sort:title", Query(None, Order.TITLE)),
    ("SORT：Date", Query(None, Order.NEWEST)),
    ("sort:oldest a", Query(A, Order.OLDEST)),
    ("a sort:id b", Query(all_of(A, B), Order.ARXIV_ID)),
    ("a AND sort:category", Query(A, Order.CATEGORY)),
    ("sort:title a sort:unread", Query(A, Order.UNREAD)),
    ("a OR b sort:chinese", Query(any_of(A, B), Order.CHINESE)),
    ("sort:starred a OR b", Query(any_of(A, B), Order.STARRED)),
    ("(a) sort:type", Query(A, Order.TYPE)),
]


@pytest.mark.parametrize(("text", "query"), SORTED)
def test_sort_asks_for_an_order_and_restricts_nothing(text: str, query: Query) -> None:
    assert parse_query(text) == query


# Each with the piece of the text that the error points at, between ‹ and ›.
REFUSED = [
    ("is:‹unraed›", "There is no is:unraed; did you mean is:unread?"),
    ("a -is:‹Unraed› b", "There is no is:Unraed; did you mean is:unread?"),
    (
        "is:‹foo›",
        "There is no is:foo; there are unread, read, starred, updated, cut, untranslated and suspect.",
    ),
    ('is:‹"un read"› a', "There is no is:un read; did you mean is:unread?"),
    ("has:‹pdf›", "There is no has:pdf; there are note, tag, tldr and zh."),
    ("has:‹notes›", "There is no has:notes; did you mean has:note?"),
    (
        "tag:‹3› a",
        "There is no tag:3; a tag is letters, digits, _, - and /, and no mere number.",
    ),
    (
        'a tag:‹"b c"›',
        "There is no tag:b c; a tag is letters, digits, _, - and /, and no mere number.",
    ),
    (
        "tag:‹##a›",
        "There is no tag:##a; a tag is letters, digits, _, - and /, and no mere number.",
    ),
    ("tag:‹#›", "There is no tag:#; a tag is letters, digits, _, - and /, and no mere number."),
    ("-‹tag:› a", "tag: needs a value right behind the colon, such as tag:todo."),
    ("‹tags›:todo", "There is no tags:todo; did you mean tag:todo?"),
    ("type:‹replaced›", "There is no type:replaced; did you mean type:replace?"),
    ("type:‹old›", "There is no type:old; there are new, cross, replace and replace-cross."),
    ("sort:‹titel›", "There is no sort:titel; did you mean sort:title?"),  # codespell:ignore titel
    (
        "sort:‹size›",
        (
            "There is no sort:size; there are date, oldest, title, chinese, id, category, type, "
            "unread and starred."
        ),
    ),
    ("date:‹yesteday›", "There is no date:yesteday; did you mean date:yesterday?"),
    ("date:‹2024-13›", "There is no date:2024-13; a year has the months 1 to 12."),
    ("date:‹2024-02-30›", "There is no date:2024-02-30; 2024-02 has the days 1 to 29."),
    (
        "date:‹2024-06..2024-04› a",
        "There is no date:2024-06..2024-04; 2024-06 comes after 2024-04.",
    ),
    (
        "date:‹foo›",
        (
            "There is no date:foo; write 2024, 2024-04, 2024-04-04, a span such as "
            "2024-04..2024-06, or one of today, yesterday, week, month, year."
        ),
    ),
    (
        "‹auther›:smith",  # codespell:ignore auther
        "There is no auther:smith; did you mean author:smith?",  # codespell:ignore auther
    ),
    ("a ‹Titel›：x", "There is no Titel:x; did you mean title:x?"),  # codespell:ignore titel
    ("‹iſ›:unread", "There is no iſ:unread; did you mean is:unread?"),  # a long s
    ("-‹category›:cs.LG", "There is no category:cs.LG; did you mean cat:cs.LG?"),
    ("‹digest›:x", "There is no digest:x; did you mean in:x?"),
    ("‹is:›", "is: needs a value right behind the colon, such as is:unread."),
    ("a ‹cat:› cs.LG", "cat: needs a value right behind the colon, such as cat:cs.LG."),
    ("‹date:›", "date: needs a value right behind the colon, such as date:2024-04."),
    ('‹title:""›', "title: needs a value right behind the colon, such as title:attention."),
    ("‹title:›(a b)", "title: needs a value right behind the colon, such as title:attention."),
    ('a ‹""›', "There is nothing in these quotes."),
    ('a ‹" "› b', "There is nothing in these quotes."),
    ('a ‹"b c›', "This quote is never closed."),
    ("a ‹“b c›", "This quote is never closed."),
    (r'‹"a\"›', "This quote is never closed."),
    ('‹"a\\›', "This quote is never closed."),
    ('in:‹"a b›', "This quote is never closed."),
    ('sort:‹"title›', "This quote is never closed."),
    ("a ‹(›b", "This parenthesis is never closed."),
    ("(a) ‹（›b", "This parenthesis is never closed."),
    ("‹(›", "This parenthesis is never closed."),
    ("a‹)›", "There is no opening parenthesis for this closing one."),
    ("(a) ‹)› (b", "There is no opening parenthesis for this closing one."),
    ("a ‹()›", "There is nothing in these parentheses."),
    ("a ‹（ ）› b", "There is nothing in these parentheses."),
    ("‹OR› a", 'OR needs something before it; the word itself is written "OR".'),
    ("a ‹OR›", 'OR needs something behind it; the word itself is written "OR".'),
    ("a ‹OR› OR b", 'OR needs something behind it; the word itself is written "OR".'),
    ("a (b ‹OR›)", 'OR needs something behind it; the word itself is written "OR".'),
    ("(‹OR› b) a", 'OR needs something before it; the word itself is written "OR".'),
    ("a ‹AND›", 'AND needs something behind it; the word itself is written "AND".'),
    ("‹AND›", 'AND needs something before it; the word itself is written "AND".'),
    ("a ‹not›", 'not needs something behind it; the word itself is written "not".'),
    ("‹NOT› OR b", 'NOT needs something behind it; the word itself is written "NOT".'),
    ("(‹not›)", 'not needs something behind it; the word itself is written "not".'),
    ("‹-›OR b", '- needs something behind it; the word itself is written "-".'),
]
MISPLACED = ["(‹sort:title›)", "-‹sort:title›", "not ‹sort:title› a", "a OR ‹sort:title›"]
MISPLACED += ["‹sort:title› OR a", "a OR ‹sort:title› b", "a ((b ‹sort:title›) OR c)"]
REFUSED += [
    (
        text,
        "sort: is for the whole listing and cannot stand in parentheses, beside OR or behind a not.",
    )
    for text in MISPLACED
]


@pytest.mark.parametrize(("marked", "sentence"), REFUSED)
def test_an_error_is_one_sentence_and_points_at_its_place(marked: str, sentence: str) -> None:
    start, end = marked.index("‹"), marked.index("›") - 1
    with pytest.raises(QueryError) as raised:
        parse_query(marked.replace("‹", "").replace("›", ""))
    assert str(raised.value) == sentence
    assert (raised.value.start, raised.value.end) == (start, end)


def test_a_long_value_is_cut_in_the_sentence() -> None:
    with pytest.raises(QueryError) as raised:
        parse_query("is:" + "x" * 5000)
    assert "is:" + "x" * 39 + "…;" in str(raised.value)
    assert (raised.value.start, raised.value.end) == (3, 5003)


# The text so far, and a finished text of the same meaning.
TYPED = [
    ("is:", ""),
    ("is:unr", ""),
    ("is:un", ""),
    ("IS：Unr", ""),
    ("is:unread", "is:unread"),
    ("is:read", "is:read"),
    ("type:replace", "type:replace"),
    ("type:replace-", ""),
    ("has:t", ""),
    ("sort:", ""),
    ("sort:ti", ""),
    ("sort:title", "sort:title"),
    ("a sort:ti", "a"),
    ("date:", ""),
    ("date:2", ""),
    ("date:2024-", ""),
    ("date:2024-0", ""),
    ("date:2024", "date:2024"),
    ("date:2024.", ""),
    ("date:2024..", "date:2024.."),
    ("date:2024..2024-0", ""),
    ("date:to", ""),
    ("cat:", ""),
    ("cat:cs.LG", "cat:cs.LG"),
    ("title:", ""),
    ("tag:", ""),
    ("tag:#", ""),
    ("tag:2024-", ""),
    ("#", ""),
    ("＃", ""),
    ("-#", ""),
    ("a #2024-", "a"),
    ("#todo ", "#todo"),
    ("#todo a", "#todo a"),
    ("##", "##"),
    ("#a.", "#a."),
    ('title:"', ""),
    ('in:"my dig', 'in:"my dig"'),
    ('in:"my digest', 'in:"my digest"'),
    ("a -is:unr", "a"),
    ("-", ""),
    ("a -", "a"),
    ("a --", "a"),
    ("a - ", "a - "),
    ("not", ""),
    ("a not", "a"),
    ("a not ", "a"),
    ("a NOT", "a"),
    ("a OR", "a"),
    ("a OR ", "a"),
    ("a AND", "a"),
    ("a OR -", "a"),
    ("a OR not", "a"),
    ("a OR is:unr", "a"),
    ("a OR (", "a"),
    ("a OR (b", "a OR b"),
    ("a b OR c is:", "a b OR c"),
    ("(", ""),
    ("(a", "a"),
    ("a (b OR (c", "a (b OR c)"),
    ("(a OR", "a"),
    ("-(", ""),
    ("-(a", "-a"),
    ("(is:unr", ""),
    ("（a", "a"),
    ('"', ""),
    ('""', ""),
    ('" ', ""),
    ('a "', "a"),
    ("a “", "a"),
    ('-"', ""),
    ('a OR "', "a"),
    ("RLHF:", "RLHF:"),
    ("a b", "a b"),
]


@pytest.mark.parametrize(("text", "finished"), TYPED)
def test_what_is_unfinished_at_the_end_restricts_nothing_yet(text: str, finished: str) -> None:
    assert parse_query(text, is_typing=True) == parse_query(finished)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"linear att', Node(Kind.TEXT, "linear att")),
        ("“线性", Node(Kind.TEXT, "线性")),
        ('title:"linear att', Node(Kind.TITLE, "linear att")),
        ('a ("b c', all_of(A, Node(Kind.TEXT, "b c"))),
        ('"a\\', A),
    ],
)
def test_the_last_word_of_an_open_phrase_may_be_a_beginning(text: str, tree: Node) -> None:
    assert parse_query(text, is_typing=True) == Query(tree)
    assert not any(leaf.exact for leaf in words_of(parse_query(text, is_typing=True).filter))


@pytest.mark.parametrize("text", ["#to", "#To", "tag:to", "tag:#to/", 'tag:"to'])
def test_a_tag_that_is_being_typed_may_be_a_beginning(text: str) -> None:
    begun = Node(Kind.TAG, "to")
    assert parse_query(text, is_typing=True) == Query(begun)
    assert parse_query(f"a -({text}", is_typing=True) == Query(all_of(A, no(begun)))


REFUSED_WHILE_TYPING = [
    "is:‹unx›",  # codespell:ignore unx
    "is:‹unr› ",
    "is:‹unr› a",
    "(is:‹unr›)",
    "‹is:› ",
    "‹cat:› a",
    "date:‹2024-› a",
    "date:‹2024-13›",
    "date:‹tod› ",
    "tag:‹2024› ",
    "tag:‹a.›",
    "sort:‹x›",
    "sort:‹ti› ",
    "‹auther›:smith",  # codespell:ignore auther
    "a ‹OR› OR b",
    "a (b ‹OR›) c",
    "‹OR›  b",
    "‹()›",
    "a‹)›",
    '‹""› a',
    "a OR ‹sort:title›",
    "(a ‹sort:title›",
]


@pytest.mark.parametrize("marked", REFUSED_WHILE_TYPING)
def test_what_no_further_typing_mends_is_an_error_at_once(marked: str) -> None:
    start, end = marked.index("‹"), marked.index("›") - 1
    with pytest.raises(QueryError) as raised:
        parse_query(marked.replace("‹", "").replace("›", ""), is_typing=True)
    assert (raised.value.start, raised.value.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        'attention -survey (cat:cs.LG OR cat:stat.ML) is:unread title:"linear attention"',
        "not （has:note OR type:replace-cross） date:2024-04..2024-06 sort:category",
        'in:"my digest" AND id:math/0211159 NOT “线性 注意力” -is:untranslated date:yesterday',
        "#todo -#proj/vision OR tag:2024-04 #待读 ",
    ],
)
def test_typing_a_good_filter_never_shows_an_error(text: str) -> None:
    for length in range(len(text)):
        parse_query(text[:length], is_typing=True)
    assert parse_query(text, is_typing=True) == parse_query(text)


DEEPEST = "-(a OR b " * 100 + "c" + ")" * 100


def test_a_hundred_open_parentheses_are_read() -> None:
    query = parse_query(DEEPEST)
    assert parse_query(to_text(query)) == query
    assert json.dumps(query).count('"or"') == 100
    assert parse_query("(" * 100, is_typing=True) == Query()
    assert parse_query("(a) " * 500) == Query(all_of(*[A] * 500))


@pytest.mark.parametrize("is_typing", [False, True])
@pytest.mark.parametrize("count", [101, 10_000])
def test_more_open_parentheses_are_refused(count: int, is_typing: bool) -> None:
    with pytest.raises(QueryError, match="Only 100 parentheses can be open at once") as raised:
        parse_query("(" * count + "a" + ")" * count, is_typing=is_typing)
    assert (raised.value.start, raised.value.end) == (100, 101)


def test_many_hyphens_and_nots_are_read() -> None:
    assert parse_query("-" * 10_001 + "a") == Query(no(A))
    assert parse_query("not " * 2_001 + "a") == Query(no(A))


_signs = st.sampled_from(
    [
        *'()（）"“”\\:： -|',
        "OR ",
        "AND ",
        "not ",
        "is:",
        "date:",
        "sort:title ",
        "tag:",
        "#",
        "＃",
        "titel:",  # codespell:ignore titel
        "a",
        "力",
    ]
)
_anything = st.text(max_size=60) | st.lists(_signs, max_size=40).map("".join)


def _read(text: str, *, is_typing: bool) -> Query | QueryError:
    try:
        return parse_query(text, is_typing=is_typing)
    except QueryError as error:
        return error


@settings(max_examples=150)
@given(_anything, st.booleans())
def test_any_text_is_a_query_or_an_error_inside_it(text: str, is_typing: bool) -> None:
    read = _read(text, is_typing=is_typing)
    if isinstance(read, QueryError):
        assert 0 <= read.start < read.end <= len(text)
        assert str(read).endswith((".", "?"))
    else:
        assert read.filter is None or _is_normal(read.filter)


def _is_normal(node: Node) -> bool:
    if node.kind is Kind.NOT:
        return len(node.parts) == 1 and node.parts[0].kind is not Kind.NOT and _parts_normal(node)
    if node.kind in (Kind.ALL, Kind.ANY):
        flat = all(part.kind is not node.kind for part in node.parts)
        return len(node.parts) >= 2 and flat and _parts_normal(node)
    return bool(node.value.strip()) and not node.parts


def _parts_normal(node: Node) -> bool:
    return not node.value and not node.exact and all(map(_is_normal, node.parts))


_plain = st.sampled_from(
    [
        "a",
        "注意力",
        "LoRA微调",
        "state-of-the-art",
        "C++",
        "-",
        "or",
        "RLHF:",
        "10:30",
        "x|y",
        "\\",
        "#3",
    ]
)
_value = _plain | st.sampled_from(["OR", "not", "-a", "is:read", "a:b"])
_phrase = st.text(min_size=1, max_size=8).filter(str.strip) | st.sampled_from(
    ['"', "\\", "“a”", "("]
)
_words = st.sampled_from([Kind.TITLE, Kind.AUTHOR, Kind.NOTE])
_names = st.sampled_from([Kind.CATEGORY, Kind.CHANNEL, Kind.DIGEST, Kind.IDENTIFIER])
_fixed = [(Kind.IS, state) for state in STATES] + [(Kind.HAS, part) for part in PARTS]
_fixed += [(Kind.TYPE, name) for name in TYPES]
_fixed += [(Kind.DATE, span) for span in ("week", "2024", "2024-04..", "..2024")]
_tags = st.sampled_from(["todo", "待读", "proj/vision", "2024-04", "_a", "a//b"])
_leaves = st.one_of(
    _tags.map(tag),
    _plain.map(word),
    _phrase.map(phrase),
    st.tuples(_words, _value).map(lambda leaf: Node(*leaf)),
    st.tuples(_words, _phrase).map(lambda leaf: Node(*leaf, exact=True)),
    st.tuples(_names, _value | _phrase).map(lambda leaf: Node(*leaf)),
    st.sampled_from(_fixed).map(lambda leaf: Node(*leaf)),
)


def _grown(kind: Kind, parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    others = parts.filter(lambda part: part.kind is not kind)
    several = st.lists(others, min_size=1 if kind is Kind.NOT else 2, max_size=3)
    return several.map(
        lambda given: Node(kind, parts=tuple(given[:1] if kind is Kind.NOT else given))
    )


_trees = st.recursive(
    _leaves,
    lambda parts: st.one_of(*(_grown(kind, parts) for kind in (Kind.ALL, Kind.ANY, Kind.NOT))),
    max_leaves=12,
)


@settings(max_examples=120)
@given(st.none() | _trees, st.none() | st.sampled_from(Order))
def test_a_query_written_as_text_is_read_as_the_same(
    tree: Node | None, order: Order | None
) -> None:
    assert parse_query(to_text(Query(tree, order))) == Query(tree, order)


WRITTEN = [
    (Query(), ""),
    (Query(None, Order.NEWEST), "sort:date"),
    (Query(all_of(A, no(B)), Order.TITLE), "a -b sort:title"),
    (Query(any_of(A, all_of(B, C))), "a OR b c"),
    (Query(all_of(any_of(A, B), C)), "(a OR b) c"),
    (Query(no(all_of(A, B))), "-(a b)"),
    (Query(no(word("-"))), "not -"),
    (Query(phrase('say "hi" \\')), r'"say \"hi\" \\"'),
    (Query(Node(Kind.DIGEST, "my digest")), 'in:"my digest"'),
    (Query(Node(Kind.TITLE, "OR")), "title:OR"),
    (Query(no(tag("proj/vision"))), "-#proj/vision"),
    # what a bare word cannot say is quoted
    (Query(phrase("#todo")), '"#todo"'),
    (Query(word("OR")), '"OR"'),
    (Query(word("-a")), '"-a"'),
    (Query(word("is:read")), '"is:read"'),
    (Query(word("auther:a")), '"auther:a"'),  # codespell:ignore auther
    (Query(word("a b")), '"a b"'),
]


@pytest.mark.parametrize(("query", "text"), WRITTEN)
def test_a_query_is_written_with_no_more_signs_than_it_needs(query: Query, text: str) -> None:
    assert to_text(query) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("a b", (A, B)),
        ("a -b", (A,)),
        ("-(a -b)", (B,)),
        ("-(a -(b -c)) d", (B, D)),
        ("is:unread cat:cs.LG id:2404 in:x date:week #todo", ()),
        (
            '(author:x OR note:y) title:"a b" -title:c',
            (
                Node(Kind.AUTHOR, "x"),
                Node(Kind.NOTE, "y"),
                Node(Kind.TITLE, "a b", exact=True),
            ),
        ),
    ],
)
def test_words_to_highlight_are_those_that_a_paper_holds(
    text: str, words: tuple[Node, ...]
) -> None:
    assert words_of(parse_query(text).filter) == words


def test_a_double_not_of_a_restored_tree_is_positive() -> None:
    assert words_of(no(no(A))) == (A,)


NAMES = {
    Kind.CATEGORY: ["cs.LG", "stat.ML", "cs.CL", "eess.AS"],
    Kind.CHANNEL: ["cs.LG", "econ"],
    Kind.DIGEST: ["cs.LG 2024-04-04", "2024-04-04.md", 'odd "one"', "摘要 四月"],
    Kind.TAG: ["todo", "proj/tools", "待读"],
}
SORTS = ["date", "oldest", "title", "chinese", "id", "category", "type", "unread", "starred"]

# The text with the cursor as ‸, and what each offer makes of it, its cursor at its end.
OFFERED = [
    ("ti‸", ["title:‸"]),
    ("TI‸", ["title:‸"]),
    ("title‸", ["title:‸"]),
    ("a -ti‸ b", ["a -title:‸ b"]),
    ("(ca‸)", ["(cat:‸)"]),
    ("not no‸", ["not note:‸"]),
    ("in‸", ["in:‸"]),
    ("t‸", []),
    ("‸", []),
    ("a ‸", []),
    ("ti‸a", []),
    ("ti‸:a", []),
    ("at‸", []),
    ("OR‸", []),
    ("-‸", []),
    ('"ti‸', []),
    ('"ti‸"', []),
    ('"ti"‸', []),
    ("is:‸", [f"is:{state}‸" for state in STATES]),
    ("is:unr‸", ["is:unread‸"]),
    ("IS：U‸", ["IS：unread‸", "IS：updated‸", "IS：untranslated‸"]),
    ("is:un‸read a", ["is:untranslated‸ a"]),
    ("is:unread‸", []),
    ("is:x‸", []),
    ("is: ‸", []),
    ("is:unread ‸", []),
    ("has:‸", ["has:note‸", "has:tag‸", "has:tldr‸", "has:zh‸"]),
    ("type:replace‸", ["type:replace-cross‸"]),
    ("-type:c‸)", ["-type:cross‸)"]),
    ("sort:‸", [f"sort:{name}‸" for name in SORTS]),
    ("date:‸", [f"date:{name}‸" for name in ("today", "yesterday", "week", "month", "year")]),
    ("date:y‸", ["date:yesterday‸", "date:year‸"]),
    ("date:2024‸", []),
    ("cat:‸", ["cat:cs.LG‸", "cat:stat.ML‸", "cat:cs.CL‸", "cat:eess.AS‸"]),
    ("(cat:CS‸", ["(cat:cs.LG‸", "(cat:cs.CL‸"]),
    ("-cat:s‸", ["-cat:stat.ML‸", "-cat:cs.LG‸", "-cat:cs.CL‸", "-cat:eess.AS‸"]),
    ("channel:ec‸", ["channel:econ‸"]),
    ("in:04-04‸", ['in:"cs.LG 2024-04-04"‸', "in:2024-04-04.md‸"]),
    ('in:"cs.LG 20‸', ['in:"cs.LG 2024-04-04"‸']),
    ('in:"2024‸" a', ["in:2024-04-04.md‸ a", 'in:"cs.LG 2024-04-04"‸ a']),
    ('in:"cs‸ x" a', []),
    ('in:"cs"‸', []),
    ("in:“摘‸”", ['in:"摘要 四月"‸']),
    ("in:odd‸", [r'in:"odd \"one\""‸']),
    ("#‸", ["#todo‸", "#proj/tools‸", "#待读‸"]),
    ("a -#TO‸ b", ["a -#todo‸ b", "a -#proj/tools‸ b"]),
    ("#to‸ols a", ["#todo‸ a", "#proj/tools‸ a"]),
    ("#todo‸", []),
    ("#x‸", []),
    ("C#‸", []),
    ("＃待‸", ["＃待读‸"]),
    ("tag:‸", ["tag:todo‸", "tag:proj/tools‸", "tag:待读‸"]),
    ("tag:#pr‸", ["tag:#proj/tools‸"]),
    ('"#to‸', []),
    ("author:smi‸", []),
    ("id:24‸", []),
]


@pytest.mark.parametrize(("before", "after"), OFFERED)
def test_what_is_offered_at_the_cursor(before: str, after: list[str]) -> None:
    cursor = before.index("‸")
    text = before.replace("‸", "")
    offers = completions(text, cursor, NAMES.__getitem__)
    assert [text[: at.start] + at.text + "‸" + text[at.end :] for at in offers] == after
    assert all(offer.help for offer in offers)


def test_an_offer_says_what_it_stands_for() -> None:
    (offer,) = completions("a date:w", 8, NAMES.__getitem__)
    assert offer == Completion(7, 8, "week", "the last 7 days")
    (offer,) = completions("sort:ol", 7, NAMES.__getitem__)
    assert offer.help == "oldest first"


def test_every_field_is_offered_by_its_first_two_letters() -> None:
    fields = ["is", "has", "cat", "type", "channel", "in", "author", "title", "note", "id", "date"]
    for name in [*fields, "tag", "sort"]:
        offers = completions(name[:2], 2, NAMES.__getitem__)
        assert f"{name}:" in [offer.text for offer in offers]


def test_at_most_twenty_values_are_offered_and_those_that_begin_so_come_first() -> None:
    digests = [f"old {number}" for number in range(30)] + ["new", "newer old"]
    offers = completions("in:new", 6, lambda kind: digests if kind is Kind.DIGEST else [])
    assert [offer.text for offer in offers] == ['"newer old"']
    offers = completions("in:", 3, lambda kind: digests)
    assert [offer.text for offer in offers] == [f'"old {number}"' for number in range(20)]
    offers = completions("in:er", 5, lambda kind: ["newer", *digests, "era"])
    assert [offer.text for offer in offers] == ["era", "newer", '"newer old"']


@settings(max_examples=100)
@given(_anything, st.data())
def test_whatever_is_offered_stays_within_the_text(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    for offer in completions(text, cursor, NAMES.__getitem__):
        assert 0 <= offer.start <= cursor <= offer.end <= len(text)


@pytest.mark.parametrize("kind", [Kind.CATEGORY, Kind.CHANNEL, Kind.DIGEST])
@given(name=_phrase)
def test_an_accepted_value_is_read_as_that_value(kind: Kind, name: str) -> None:
    prefix = f"{kind}:"
    known: Callable[[Kind], list[str]] = {kind: [name]}.__getitem__
    (offer,) = completions(prefix, len(prefix), known)
    assert parse_query(prefix + offer.text) == Query(Node(kind, name))


def test_the_parser_library_is_loaded_with_the_first_filter_only() -> None:
    program = (
        "import sys\n"
        "from storage.library.grammar import parse_query\n"
        "import storage.library.completion\n"
        "parse_query('')\n"
        "print('parsy' in sys.modules)\n"
        "parse_query('a')\n"
        "print('parsy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"False", b"True"]


def test_a_filter_that_no_index_could_answer_is_refused_at_its_place() -> None:
    text = " ".join(f"w{number}" for number in range(500))
    assert len(words_of(parse_query(text).filter)) == 500
    with pytest.raises(QueryError) as caught:
        parse_query(f"{text} more")
    assert str(caught.value) == "A filter has at most 500 words."
    assert (caught.value.start, caught.value.end) == (len(text) + 1, len(text) + 5)

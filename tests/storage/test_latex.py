r"""LaTeX to Unicode: what is shown, what is left alone, and that no content is lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.latex import to_unicode
from tests.storage.tex_texts import TEXTS, contains_in_order, content

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMULAS = [
    (r"\alpha\beta", "αβ"),
    (r"\epsilon, \varepsilon, \phi, \varphi", "ϵ, ε, ϕ, φ"),
    (r"x \in \mathbb{R}^d", "x ∈ ℝᵈ"),
    (r"x\in\mathbb R", "x ∈ ℝ"),
    (r"\mathcal{O}(n\log n)", "𝒪(n log n)"),
    (r"{\cal L}", "ℒ"),
    (r"\mathfrak{g}", "𝔤"),
    (r"\mathbb{1}", "𝟙"),
    (r"\mathbf{x}^\top\mathbf{y}", "𝐱ᵀ𝐲"),
    (r"\mathbf{Faster}", "Faster"),
    (r"\gO(\vx^\top\mA), \bbR^n", "𝒪(𝐱ᵀ𝐀), ℝⁿ"),
    (r"\E_x\Var(\x)\leq\half\KL", "𝔼ₓ Var(𝐱) ≤ ½ KL"),
    (r"\mathrm{poly}(d)", "poly(d)"),
    (r"1\text{-}\mathsf{WL}", "1-WL"),
    (r"\text{if } x > 0", "if x > 0"),
    (r"\operatorname{tr}H", "tr H"),
    (r"\operatorname*{argmax}_a Q", "argmaxₐ Q"),
    # sub- and superscripts: small where Unicode has every character, readable otherwise
    (r"x_i^2", "xᵢ²"),
    (r"10^{-3}", "10⁻³"),
    (r"a_{i+1,j}", "a_{i+1,j}"),
    (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
    (r"x^{(k+1)}", "x⁽ᵏ⁺¹⁾"),
    (r"x_{max}", "x_max"),
    (r"x_{\rm eff}y", "x_{eff}y"),
    (r"L_{\infty}", "L_∞"),
    (r"\ell_2", "ℓ₂"),
    (r"T^{2/3}", "T^(2/3)"),
    (r"2^{\Omega(n)}", "2^{Ω(n)}"),
    (r"x^{2^n}", "x^(2ⁿ)"),
    (r"\mathbb{R}^{n \times d}", "ℝ^(n×d)"),
    (r"Q^{\pi}(s)", "Q^π(s)"),
    (r"N^{0.58}", "N^0.58"),
    (r"w=\max(a,b)", "w=max(a,b)"),
    (r"Q^*", "Q*"),
    (r"90^\circ", "90°"),
    (r"f'", "f′"),
    (r"k^{th}", "kᵗʰ"),
    # fractions and roots
    (r"\frac{a}{b}", "a/b"),
    (r"\frac12", "1/2"),
    (r"\frac{a+1}{2n}", "(a+1)/(2n)"),
    (r"\frac{1}{\epsilon^2}", "1/ϵ²"),
    (r"\frac{f(x)}{n(1-x)}", "f(x)/(n(1-x))"),
    (r"\log\frac{1}{\delta}", "log(1/δ)"),
    (r"\frac{n}{k}\log n", "(n/k) log n"),
    (r"2\frac{a}{b}", "2(a/b)"),
    (r"T^{\frac{-2}{3}}", "T^(-2/3)"),
    (r"\sqrt{n}", "√n"),
    (r"\sqrt{nT}", "√(nT)"),
    (r"\sqrt{\frac{K}{n}}", "√(K/n)"),
    (r"\sqrt{T}\log T", "√T log T"),
    (r"\sqrt{a}b", "√(a)b"),
    (r"\sqrt[3]{n}", "³√n"),
    # accents
    (r"\tilde{O}(n)", "Õ(n)"),
    (r"\widetilde O(n)", "Õ(n)"),
    (r"\hat{\theta}_n", "θ̂ₙ"),
    (r"\bar{x}", "x̄"),
    (r"\hat{y_i}", "ŷᵢ"),
    # relations, operators, arrows, brackets, spaces
    (r"a\leq b\neq c", "a ≤ b ≠ c"),
    (r"x \not\in A", "x ∉ A"),
    (r"x \notin A", "x ∉ A"),  # codespell:ignore notin
    (r"f:X\to Y", "f:X → Y"),
    (r"3\times 3", "3×3"),
    (r"3 \times 3", "3 × 3"),
    (r"\pm 0.5", "±0.5"),
    (r"\Delta t, \Delta = 1", "Δt, Δ = 1"),
    (r"p(y \mid x)", "p(y | x)"),
    (r"\|x\|_2", "‖x‖₂"),
    (r"\left( a \right)", "(a)"),
    (r"\left.x\right|_0", "x|₀"),
    (r"\bigl\{ a,\, b \bigr\}", "{a, b}"),
    (r"\lceil n/2 \rceil", "⌈n/2⌉"),
    (r"x_1,\ldots,x_n", "x₁,…,xₙ"),
    (r"a \bmod b", "a mod b"),
    (r"\binom{n}{k}", "(n choose k)"),
    (r"\sqrt{{n \choose k} T}", "√((n choose k) T)"),
    (r"{a \over b+1}x", "(a/(b+1))x"),
    (r"{\sim}1000", "∼1000"),
    (r"99.5\%", "99.5%"),
    (r"\unicode{x2014}", "—"),
]


@pytest.mark.parametrize(("source", "shown"), FORMULAS)
def test_formulas(source, shown):
    shown = unicodedata.normalize("NFC", shown)
    assert to_unicode(f"设 ${source}$ 为") == f"设 {shown} 为"
    assert to_unicode(rf"Let \({source}\) be") == f"Let {shown} be"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"a $k$-means, $\epsilon$-贪心, top-$k$", "a k-means, ϵ-贪心, top-k"),
        (r"$7$$\times$$7$ and 27$\pm$11", "7×7 and 27±11"),
        (r"covering $\sim$4km$^2$", "covering ∼4km²"),
        (r"form $$x = 1$$ and \[ y \] end", "form x = 1 and y end"),
        (r"当知道$ m $和$ \gamma $时", "当知道m和γ时"),
        (r"words$\unicode{x2014}$like these", "words—like these"),
        (r"\emph{via} \textbf{\underline{A}}uto, {\em so} {\bf x}", "via Auto, so x"),
        (r"\textit {认识}与\texttt{code\_x}", "认识与code_x"),
        (r"46\% of Q\&A \#1 \$5 a\_b \{c\}", "46% of Q&A #1 $5 a_b {c}"),
        (r"Schr\"odinger, Gr\"{o}bner, Na\"{\i}ve", "Schrödinger, Gröbner, Naïve"),
        (r"Erd\H{o}s, \v{C}ech, \c{S}ahin, It\^o, Ni\~no", "Erdős, Čech, Şahin, Itô, Niño"),
        (r"Fr\'echet, Mat\'{e}rn, Yor\`ub\'a, \'Oskar", "Fréchet, Matérn, Yorùbá, Óskar"),
        (
            r"\L ojasiewicz, {\L}ojasiewicz, {\O}rsted, stra\ss e",
            "Łojasiewicz, Łojasiewicz, Ørsted, straße",
        ),
        (r"\r{ho} and Real-\b{eta}", "ρ and Real-β"),
        (r"360{\deg}, 10\times, \alpha-stable, a\leq b", "360°, 10×, α-stable, a ≤ b"),
        (r"CO\textsubscript{2} at 11.8\,KB et al.\ say", "CO₂ at 11.8 KB et al. say"),
        (r"types (\eg, a; \ie b)", "types (e.g., a; i.e. b)"),
        (r"see \url{https://a.org/~u--v_w}", "see https://a.org/~u--v_w"),
        (r"\href{https://a.org}{here}", "here (https://a.org)"),
        (r"tool\footnote{See \emph{this}.}", "tool (See this.)"),
        (r"{\color{black} we} \textcolor{red}{\emph{x}}", "we x"),
        ("``one'' and `two' and ``three\"", "“one” and ‘two’ and “three”"),
        ("''one'' it", "“one” it"),
        ("`Why didn't you'", "‘Why didn't you’"),
        ("yes -- no---maybe, Gauss--Legendre, 50--51", "yes – no—maybe, Gauss–Legendre, 50–51"),
        ("优势--使后门", "优势——使后门"),
        (
            "Fig.~3, e.g.~this, learning~(RL), DALL-E~2",
            "Fig. 3, e.g. this, learning (RL), DALL-E 2",
        ),
        # keys of what a digest does not hold
        (r"最近~\cite{a_b--c}中", r"最近 [a_b--c]中"),
        (
            r"see \citet{a, b}, Sec.~\ref{sec:one} and Eq.~\eqref{eq:a}",
            "see [a, b], Sec. sec:one and Eq. (eq:a)",
        ),
        (r"an \ac{RL} agent, two \acp{CNN}, \gls{FPGA}s", "an RL agent, two CNNs, FPGAs"),
        # arguments that the digest cut
        (r"we call it \textit{Fast Sear", "we call it Fast Sear"),
        (r"the code.\footnote{See \url{https://git", "the code. (See https://git"),
        (r"{\bf Bold and cu", "Bold and cu"),
        # lines and displayed formulas
        (r"one.\\ Two\\with three \\ four", "one. Two with three four"),
        (
            r"that \begin{equation*} x \in A \end{equation*}，和\begin{align}a &= b \\ &\leq c\end{align}与",
            "that x ∈ A，和 a = b ≤ c 与",
        ),
        # feeds' and authors' own ways
        (r"H\''older, B\' ezier and H\''{o}lder", "Hölder, Bézier and Hölder"),
        (r"(\romannumeral1) and Part \uppercase\expandafter{\romannumeral2}", "(1) and Part 2"),
        (r"$\textsf{Scaled($\lambda$)}$ and $\text{R&D}$", "Scaled(λ) and R&D"),
        (r"\textsc{Foo} and \texttt{a\_b}", "Foo and a_b"),
        # one formula that cannot be converted does not keep the others from it
        (r"$\bPitrue x$ and $\pi$", r"$\bPitrue x$ and π"),
    ],
)
def test_running_text(text, shown):
    assert to_unicode(text) == unicodedata.normalize("NFC", shown)


@pytest.mark.parametrize(
    "text",
    [
        "Plain text, with 'quotes' and x_1^2 {braces} - and [cs.LG] <cls>.",
        "纯中文，没有公式。",
        "from $5 and $10 to $1.5 billion",
        "cost $5",
        "US$ and CA$ alike",
        "预算为$5美元和$10美元",
        "about ~40%, 14~32%, 350M~66B, 大于~25, 3~8倍",
        "https://a.org/~user/x--y",
        "pass --flag or <!-- note --> or a --> b or ----",
        "the second derivative f'' is",
        "it's 6'81'' long",
        "a `code` and a lone ` too",
        r"\method{} and \citep[p.~3]{a_b--c}",
        r"$\begin{cases} a \\ b \end{cases}$",
        r"$\underbrace{x}$",
        r"$}$ and ${$",
        r"$x^{}_$",
        r"cut \frac{1}{",
        r"forgotten \emph{brace" + " word" * 60,
        r"忘了\emph{括号）的句子。",
        r"paths a\\1 and '\\n'",
        r"\begin{align} \undefined \end{align}",
        "lone $",
        "$$",
        "\\",
    ],
)
def test_left_exactly_as_it_was(text):
    assert to_unicode(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"depth $h into the update of $k$ arms", "depth $h into the update of k arms"),
        (r"a rate of $O(1/n)$ and then $O(\fra", r"a rate of O(1/n) and then $O(\fra"),
        (r"在$O(n)$内，其中$", "在O(n)内，其中$"),
        (r"less than $200, for $n$ users", "less than $200, for n users"),
        (r"up to $5.87\times$, $5", "up to 5.87×, $5"),
    ],
)
def test_a_dollar_of_no_formula_swallows_nothing(text, shown):
    assert to_unicode(text) == shown


def test_text_without_latex_is_returned_at_once():
    text = "We study 深度学习 (and more)."
    assert to_unicode(text) is text


def test_hostile_nesting_is_left_alone():
    nested = r"\emph{" * 1000 + "x" + "}" * 1000
    assert to_unicode(nested).startswith(r"\emph{" * 900)
    assert to_unicode(r"{\em " * 1000 + "x").strip("{") == "x"
    hats = "$" + r"\hat" * 1000 + " x$"
    assert to_unicode(hats) == hats
    assert to_unicode(r"\(" * 1000) == r"\(" * 1000


def shown_content(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", to_unicode(text))))


@settings(max_examples=120, deadline=None)
@given(text=TEXTS)
def test_no_letter_or_digit_of_the_content_is_lost_or_moved(text):
    assert contains_in_order(shown_content(text), content(text))


@settings(max_examples=120, deadline=None)
@given(text=st.text(st.sampled_from(r"""ab1 \\\$$${}{}[]()^_&%~`'"-.,|中。""" + "\n"), max_size=40))
def test_any_damage_is_survived(text):
    kept = Counter(filter(str.isalnum, to_unicode(text)))
    assert kept["中"] == text.count("中")


def real_texts(corpus: Path, step: int) -> Iterator[str]:
    for digest in sorted((corpus / "cn-chat-arxiv" / "digests").glob("*/*.md"))[::step]:
        yield from re.findall(r"^ {4}(\S.*)$", digest.read_text("utf-8"), re.MULTILINE)


def test_real_texts_keep_their_letters_and_digits(corpus):
    found = 0
    for text in real_texts(corpus, 2):
        if "\\" in text or "$" in text:
            found += 1
            assert contains_in_order(shown_content(text), content(text)), text
    assert found > 300


def test_real_formulas_are_converted(corpus):
    formulas = left = 0
    for text in real_texts(corpus, 3):
        if "$" in text:
            formulas += len(re.findall(r"\$[^$]+\$", text))
            shown = to_unicode(text)
            left += len(re.findall(r"\$[^$]*\\[A-Za-z]+[^$]*\$", shown))
    assert formulas > 500
    assert left < 0.03 * formulas

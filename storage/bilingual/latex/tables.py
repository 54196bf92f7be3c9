r"""What LaTeX's commands mean in Unicode: compact tables, written by hand.

A table's text is read as pairs ``name character``, divided by white space. The names are LaTeX's
own and amsmath's/amssymb's (Comprehensive LaTeX Symbol List), counted on real arXiv abstracts;
``\R``, ``\ie`` and the like are no standard, but mean the same wherever they are met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.bilingual.display import EmphasisKind


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(table: str) -> frozenset[str]:
    return frozenset(table.split())


LETTERS = _pairs(
    """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
    kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ
    varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω upgamma γ upmu μ
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ aleph ℵ beth ℶ wp ℘ partial ∂ nabla ∇ infty ∞
    emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ intercal ⊺
    prime ′ degree ° sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ angle ∠ triangle △ square □ Box □
    Diamond ◇ diamond ⋄ lozenge ◊ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ checkmark ✓
    flat ♭ sharp ♯ natural ♮ ldots … dots … dotsc … dotsb ⋯ cdots ⋯ vdots ⋮ ddots ⋱ dag † ddag ‡
    copyright © pounds £ textregistered ® texttrademark ™ textdegree ° mho ℧
    """
) | {"oint": "∮"}  # codespell:ignore oint
"""Symbols that stand for a thing."""

BINARY = _pairs(
    """
    pm ± mp ∓ times × div ÷ cdot · ast * star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙
    oslash ⊘ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ bigcap ⋂ bigcup ⋃ biguplus ⨄ bigoplus ⨁ bigotimes ⨂
    wedge ∧ vee ∨ land ∧ lor ∨ bigwedge ⋀ bigvee ⋁ setminus ∖ smallsetminus ∖ dagger † ddagger ‡
    amalg ⨿ wr ≀ ltimes ⋉ rtimes ⋊ boxtimes ⊠ boxplus ⊞ slash / colon : textbackslash \\
    """
)
"""Operators between two things; the source's own spaces are kept around them."""

RELATIONS = _pairs(
    """
    leq ≤ le ≤ geq ≥ ge ≥ leqslant ≤ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ lessgtr ≶
    sim ∼ simeq ≃ approx ≈ cong ≅ equiv ≡ asymp ≍ propto ∝ doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔
    lt < gt > prec ≺ succ ≻ preceq ⪯ succeq ⪰ precsim ≾ succsim ≿ in ∈ ni ∋ subset ⊂
    supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒ mid | nmid ∤
    parallel ∥ perp ⊥ models ⊨ vdash ⊢ dashv ⊣ Vdash ⊩ to → rightarrow → leftarrow ← gets ←
    leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⇒ impliedby ⇐ iff ⇔
    longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼
    hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightleftharpoons ⇌ rightsquigarrow ⇝ leadsto ⇝
    uparrow ↑ downarrow ↓ updownarrow ↕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ twoheadrightarrow ↠
    upharpoonright ↾ restriction ↾ vartriangleright ⊳ trianglelefteq ⊴ lhd ⊲ rhd ⊳ bowtie ⋈ bmod mod
    """
) | {"notin": "∉"}  # codespell:ignore notin
"""Relations and arrows: a space is set on either side."""

BRACKETS = _pairs(
    """
    langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ rbrack ] lvert | rvert |
    lVert ‖ rVert ‖ vert | Vert ‖ llbracket ⟦ rrbracket ⟧ backslash \\ surd √
    """
)

FUNCTIONS = _names(
    """
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc det dim exp gcd hom inf injlim ker lg lim liminf
    limsup ln log max min Pr projlim rank sec sin sinh sup tan tanh tr Tr
    Cov diag KL OPT poly polylog prox sgn sign snr SNR softmax supp Var vol
    """
)
"""Names set upright, some of them authors' own: a space is set where a letter or digit would touch them."""

MACROS = _pairs("R ℝ RR ℝ reals ℝ N ℕ NN ℕ Z ℤ ZZ ℤ E 𝔼 EE 𝔼 bigO O eps ε half ½")
"""Macros that authors define alike."""

SPACES = {
    ",": " ",
    ":": " ",
    ";": " ",
    ">": " ",
    " ": " ",
    "!": "",
    "/": "",
    "-": "",
    "@": "",
} | dict.fromkeys(("quad", "qquad", "space", "thinspace", "enspace", "nobreakspace"), " ")

DROPPED = _names(
    """
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm displaystyle textstyle
    scriptstyle scriptscriptstyle limits nolimits em it bf rm sf sc tt sl itshape bfseries sffamily ttfamily scshape
    rmfamily upshape normalfont mit slshape tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge boldmath
    xspace relax protect nobreakdash noindent centering romannumeral expandafter uppercase
    """
)
"""Commands that only change size or shape of what follows."""

PLAIN = _names(
    """
    text textrm textup textmd textnormal textit textsl textbf textsf texttt textsc emph underline uline mbox hbox
    fbox mathrm mathit mathsf mathtt mathnormal mathrel mathbin mathord smash ensuremath
    """
)
"""Commands whose one argument is shown as it is."""

OPERATOR_NAMES = frozenset({"operatorname", "mathop"})
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"})

TEXT_SYMBOLS = _pairs(
    """
    L Ł l ł O Ø o ø AE Æ ae æ OE Œ oe œ AA Å aa å ss ß i ı j ȷ DH Ð dh ð TH Þ th þ DJ Đ dj đ NG Ŋ ng ŋ S § P ¶
    textquotedblleft “ textquotedblright ” textquoteleft ‘ textquoteright ’ textendash – textemdash —
    textellipsis … textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textbar | textless <
    textgreater > textperiodcentered · textbullet • texteuro € euro € deg ° guillemotleft « guillemotright »
    LaTeX LaTeX TeX TeX ie i.e. eg e.g. etc etc. cf cf. vs vs. wrt w.r.t. iid i.i.d. aka a.k.a.
    """
) | {"etal": "et al."}
"""Commands of running text; the macros of the CVPR style at the end are met in many fields."""

TEXT_COMMANDS = (
    dict.fromkeys(PLAIN, ("", ""))
    | dict.fromkeys(_names("ac acs acl acf acrshort acrlong acrfull gls Gls"), ("", ""))
    | dict.fromkeys(_names("acp acsp aclp acfp acrshortpl acrlongpl glspl Glspl"), ("", "s"))
    | {"enquote": ("“", "”"), "footnote": (" (", ")")}
)
"""What is written before and after a command's one argument in running text."""

VERBATIM_COMMANDS = (
    dict.fromkeys(_names("url path ref autoref cref Cref nameref citeauthor citeyear"), ("", ""))
    | dict.fromkeys(_names("cite citet citep citealt citealp textcite parencite"), ("[", "]"))
    | {"eqref": ("(", ")")}
)
"""The same for arguments that are no text: what a key stands for is not known."""

EMPHASIS: dict[str, EmphasisKind] = {
    **dict.fromkeys(("emph", "textit", "textsl", "em", "it", "sl", "itshape", "slshape"), "italic"),
    **dict.fromkeys(("textbf", "bf", "bfseries"), "bold"),
}
"""How commands of running text set off their argument, and declarations the rest of their group."""

ACCENTS = {
    "'": "\u0301",
    "''": "\u0308",
    "`": "\u0300",
    '"': "\u0308",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}
"""Accents of running text, as combining characters."""

MATH_ACCENTS = {
    **dict.fromkeys(("tilde", "widetilde", "Tilde", "wt"), "\u0303"),
    **dict.fromkeys(("hat", "widehat", "Hat", "wh"), "\u0302"),
    "bar": "\u0304",
    "overline": "\u0305",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}

SUPERSCRIPTS = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθϕχ*⋆†‡′∘⊤°",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ*⋆†‡′°ᵀ°",
)
SUBSCRIPTS = str.maketrans(
    "0123456789+-=()aehijklmnoprstuvxβγρϕχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)


def _alphabet(upper: int, lower: int, exceptions: str, digits: int | None = None) -> dict[int, str]:
    # Unicode left holes in its mathematical alphabets where a letter was already encoded.
    table = {ord("A") + i: chr(upper + i) for i in range(26)}
    table |= {ord("a") + i: chr(lower + i) for i in range(26)}
    if digits is not None:
        table |= {ord("0") + i: chr(digits + i) for i in range(10)}
    return table | {ord(letter): styled for letter, styled in _pairs(exceptions).items()}


_SCRIPT = _alphabet(0x1D49C, 0x1D4B6, "B ℬ E ℰ F ℱ H ℋ I ℐ L ℒ M ℳ R ℛ e ℯ g ℊ o ℴ")
_DOUBLE = _alphabet(0x1D538, 0x1D552, "C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ", 0x1D7D8)
_UPPER, _LAST = range(ord("A"), ord("Z") + 1), range(ord("u"), ord("z") + 1)
_FRAKTUR = _alphabet(0x1D504, 0x1D51E, "C ℭ H ℌ I ℑ R ℜ Z ℨ")
_BOLD = _alphabet(0x1D400, 0x1D41A, "", 0x1D7CE)

ALPHABETS = {
    "mathcal": _SCRIPT,
    "mathscr": _SCRIPT,
    "scr": _SCRIPT,
    "cal": _SCRIPT,
    "mathbb": _DOUBLE,
    "mathbbm": _DOUBLE,
    "mathds": _DOUBLE,
    "Bbb": _DOUBLE,
    "mathfrak": _FRAKTUR,
    "frak": _FRAKTUR,
    "mathbf": _BOLD,
    "boldsymbol": _BOLD,
    "bm": _BOLD,
    "pmb": _BOLD,
    "mathbold": _BOLD,
}
"""Commands that set the letters of their argument in a mathematical alphabet."""

STYLED_MACROS = {
    f"{prefix}{chr(letter)}": styled[letter]
    for prefixes, letters, styled in (
        (("c", "g"), _UPPER, _SCRIPT),
        (("b", "m"), _UPPER, _BOLD),
        (("bb", "mb"), _UPPER, _DOUBLE),
        (("b", "v"), _LAST, _BOLD),
        (("",), _LAST, _BOLD),
    )
    for prefix in prefixes
    for letter in letters
}
"""Macros for one letter of an alphabet that many authors define; only read so inside a formula."""

BOLD = frozenset({"mathbf", "boldsymbol", "bm", "pmb", "mathbold"})
"""Alphabets that mean something for a single letter (a vector), and are mere emphasis for a word."""

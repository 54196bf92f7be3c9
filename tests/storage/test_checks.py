"""What the translation checks find, and above all what they let pass."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.bilingual.checks import MOST_FLAGS, check, describe
from storage.bilingual.checks.kinds import Check
from storage.bilingual.pairs import Flag, Pair
from storage.model import Bilingual

NAMELESS = Bilingual("A study of rivers", "河流研究")


def checked(
    *sentences: tuple[str | None, str | None], title: Bilingual = NAMELESS, cut: bool = False
) -> tuple[Flag, ...]:
    """Check an abstract given as (English, Chinese) sentences; None where a side has none."""
    texts = ["", ""]
    pairs = []
    for sentence in sentences:
        spans: list[tuple[tuple[int, int], ...]] = []
        for side, text in enumerate(sentence):
            if text is None:
                spans.append(())
                continue
            start = len(texts[side]) + bool(texts[side])
            texts[side] += " " * bool(texts[side]) + text
            spans.append(((start, start + len(text)),))
        pairs.append(Pair(*spans))
    return check(title, Bilingual(texts[0] or None, texts[1] or None), tuple(pairs), cut=cut)


# What careful translators write; grouped by what makes the two sides differ.
FAITHFUL = [
    # digits
    ("We collect 300 letters.", "我们收集了300封信。"),
    ("We collect 300 letters.", "我们收集了３００封信。"),
    ("We collect 12,500 letters.", "我们收集了12500封信。"),
    ("We collect 12,500 letters.", "我们收集了12，500封信。"),
    ("We collect 12500 letters.", "我们收集了12 500封信。"),
    ("We collect 12,500 letters.", "我们收集了1.25万封信。"),
    ("We collect $12{,}500$ letters.", "我们收集了12,500封信。"),
    ("We collect $300$ letters.", "我们收集了300封信。"),
    ("It has $5$M weights.", "它有$5$M个权重。"),
    ("We read 180,064 reviews.", "我们阅读了18万零64条评论。"),
    ("The error is .25 mm.", "误差为0.25毫米。"),
    ("The error is 0.5 mm.", "误差为半毫米。"),
    # Chinese numerals
    ("There are 3 rivers.", "有三条河。"),
    ("There are three rivers.", "有三条河。"),
    ("There are three rivers.", "有3条河。"),
    ("There are two rivers.", "有两条河。"),
    ("There are 2 rivers.", "有兩条河。"),
    ("It needs 2 cameras.", "它需要双摄像头。"),
    ("There are twelve rivers.", "有十二条河。"),
    ("There are 25 rivers.", "有二十五条河。"),
    ("There are twenty-five rivers.", "有25条河。"),
    ("There are 105 rivers.", "有一百零五条河。"),
    ("There are two hundred and fifty rivers.", "有250条河。"),
    ("The year 2024 was warm.", "二零二四年很暖和。"),
    ("Three or four rivers were seen.", "看到了三四条河。"),
    # large numbers
    ("It has 3 million weights.", "它有300万个权重。"),
    ("It has three million weights.", "它有三百万个权重。"),
    ("It has 120 million weights.", "它有1.2亿个权重。"),
    ("It has 2 billion weights.", "它有20亿个权重。"),
    ("It has 2 Billion weights.", "它有二十亿个权重。"),
    ("It has 2.5 trillion weights.", "它有2.5万亿个权重。"),
    ("It has 300K weights.", "它有30万个权重。"),
    ("It has 7B weights.", "它有70亿个权重。"),
    ("It has 7B weights.", "它有7B个权重。"),
    ("It has 7B weights.", "它有7 billion个权重。"),
    ("It has 30,000 weights.", "它有3万个权重。"),
    ("It has 30,000 to 50,000 weights.", "它有3到5万个权重。"),
    ("It has 7 to 70 billion weights.", "它有70亿到700亿个权重。"),
    ("It costs fifty to eighty thousand dollars.", "它花费五到八万美元。"),
    ("They cost $0.6, $30, and $41 million.", "它们分别花费60万、3000万和4100万美元。"),
    ("Over 2 million people live there.", "200多万人住在那里。"),
    # small words are no numbers, and what is counted may be listed instead
    ("One of these rivers is long.", "其中有条河很长。"),
    ("The two rivers meet.", "河流交汇。"),
    ("All eight rivers meet there.", "各条河在那里交汇。"),
    ("It is 2.500 times as fast.", "它快2500倍。"),
    ("It lies between two rivers.", "它位于河流之间。"),
    ("It has three parts: a mouth, a bed and a spring.", "它包括河口、河床和泉源。"),
    # times, folds, fractions, dozens
    ("It is 3x faster.", "它快三倍。"),
    ("It is 3 times faster.", "速度是原来的3倍。"),
    ("It is $3\\times$ faster.", "它快3×。"),
    ("It is twofold.", "它是双重的。"),
    ("It is 2x larger.", "它翻了一倍。"),
    ("We use 5-fold validation.", "我们使用五折验证。"),
    ("Two-thirds of the rivers froze.", "三分之二的河流结了冰。"),
    ("It needs 1/8 of the water.", "它需要八分之一的水。"),
    ("A dozen rivers were seen.", "看到了十几条河。"),
    ("We saw 12 rivers.", "我们看到了一打河流。"),
    ("9 out of 10 rivers froze.", "九成河流结了冰。"),
    # dates, decades, centuries, ordinals, units
    ("It was seen in April 2020.", "它于2020年4月被观测到。"),
    ("It was common in the 1990s.", "它在20世纪90年代很常见。"),
    ("It was common in the 1800s.", "它在19世纪很常见。"),
    ("It was common in the 19th century.", "它在十九世纪很常见。"),
    ("Over the past two decades it grew.", "在过去的二十年里它增长了。"),
    ("Over the past five decades it grew.", "在过去的五十年里它增长了。"),
    ("The first river is long.", "第一条河很长。"),
    ("It is the 5th river.", "这是第五条河。"),
    ("It uses 50 kWh.", "它使用50千瓦时。"),
    ("It lies at the 98.2nd percentile.", "它位于第98.2百分位。"),
    ("It runs 24 hours.", "它运行一天。"),
    # digits that are parts of names, formulas, enumerations and citations
    ("We use ResNet-50 and C++11.", "我们使用ResNet-50和C++11。"),
    ("It measures CO2 and T1 in 3D.", "它在三维空间中测量二氧化碳和T1。"),
    ("A 2D map is drawn.", "绘制了二维地图。"),
    ("A 3-D map is drawn.", "绘制了三维地图。"),
    ("See Section 4 for rivers.", "河流见后文。"),
    ("It has 1) a bed, 2) a mouth.", "它有河床和河口。"),
    ("It has (1) a bed and (2) a mouth.", "它有河床和河口。"),
    ("It was shown by Li et al. 2022 for rivers.", "Li等人对河流证明了这一点。"),
    ("It was shown (Li and Wang, 2022; Ho, 2021b).", "这已得到证明。"),
    ("Ho (River Letters 4 (3) (1992) 448) showed it.", "Ho证明了这一点。"),
    ("It was shown by Li and Ho, 2008, for rivers.", "Li和Ho对河流证明了这一点。"),
    ("We propose Rivers (RLMT)1 here.", "我们在此提出了Rivers（RLMT）。"),
    ("Over 70M users read it.", "70多个百万用户读了它。"),
    ("It lost 1.5 Mio USD.", "它损失了150万美元。"),
    ("It serves 200m users.", "它为2亿用户服务。"),
    ("It needs 5x fewer pumps.", "它所需的泵只有五分之一。"),
    ("It grew thirty-twofold.", "它增长到三十二倍。"),
    ("It uses all three rivers.", "它使用所有河流。"),
    ("Rosen (2005, 2020) showed it.", "Rosen证明了这一点。"),
    ("It was shown before [12, 14].", "此前已有证明。"),
    ("The code is at https://example.org/a/2024.", "代码已公开。"),
    # percentages
    ("It reaches 75.8%.", "达到75.8%。"),
    ("It reaches 75.8%.", "达到75.8％。"),
    ("It reaches 75.8\\%.", "达到百分之七十五点八。"),
    ("It reaches $75.8\\%$.", "达到百分之75.8。"),
    ("It reaches 75.8 percent.", "达到75.8%。"),
    ("It grows by 3.5 percentage points.", "增长了3.5个百分点。"),
    ("It grows by 20-30%.", "增长了20%至30%。"),
    ("It loses 50%.", "它减少了一半。"),
    ("It loses 30%.", "它减少了三成。"),
    ("It loses 25%.", "它减少了四分之一。"),
    ("It grows by 200%.", "它增长了两倍。"),
    ("It is 100% safe.", "它完全安全。"),
    ("It loses 0.1%.", "它减少了千分之一。"),
    ("Scores are 75.8% and 80.2%.", "得分为75.8和80.2%。"),
    # formulas
    ("It takes $O(n^{2})$ time.", "它需要$O(n^2)$时间。"),
    ("It takes $\\mathcal{O}(n^{2})$ time.", "它需要O(n²)时间。"),
    ("It takes $O(n \\log n)$ time.", "它需要\\( O(n\\log n) \\)时间。"),
    ("It takes $O(\\sqrt{n}/\\epsilon)$ time.", "它需要O(sqrt(n)/epsilon)时间。"),
    ("Let $n$ be the length of $d$-dimensional lines.", "设n为d维线的长度。"),
    ("We use $k$-means.", "我们使用k均值。"),
    ("With $n = 300$ rivers.", "共有300条河。"),
    ("For $x \\le y$ it holds.", "当x小于等于y时成立。"),
    ("It falls below $10^{-5}$.", "它降到10的负5次方以下。"),
    ("It has $10^8$ drops.", "它有1亿滴水。"),
    ("It takes $\\log(n)$ steps.", "它需要对数步数。"),
    ("It costs $5 and $10 in all.", "总共花费5美元和10美元。"),
    ("We propose $\\textbf{R}$iver nets.", "我们提出了河流网络。"),
    # names
    ("AI and NLP need LLMs.", "人工智能和自然语言处理需要大语言模型。"),
    ("We train a CNN on a GPU.", "我们在图形处理器上训练卷积神经网络。"),
    ("Large Language Models (LLMs) are big.", "大语言模型很大。"),
    ("We use GPT-4 and LLaMA-2.", "我们使用GPT4和Llama 2。"),
    ("Many GANs were trained.", "训练了许多GAN。"),
    ("BERT-based models win.", "基于BERT的模型获胜。"),
    ("We use ResNet.", "我们使用残差网络。"),
    ("A general-purpose tool (GPT) is built.", "构建了一种通用工具。"),
    ("It uses GTP-2.", "它使用GPT-2。"),
]


@pytest.mark.parametrize(("english", "chinese"), FAITHFUL)
def test_a_faithful_translation_is_not_flagged(english, chinese):
    assert checked((english, chinese)) == ()


FAULTY = [
    ("We collect 300 letters.", "我们收集了信。", Check.NUMBER, "300", ""),
    ("We collect 300 letters.", "我们收集了3000封信。", Check.NUMBER, "300", "3000"),
    ("We collect 104.3 litres.", "我们收集了103.4升。", Check.NUMBER, "104.3", "103.4"),
    ("It has 12,500 weights.", "它有1.25亿个权重。", Check.NUMBER, "12,500", "1.25亿"),
    ("It has 2 billion weights.", "它有2亿个权重。", Check.NUMBER, "2 billion", "2亿"),
    ("It has 175B weights.", "它有175亿个权重。", Check.NUMBER, "175B", "175亿"),
    ("Seven rivers froze.", "河流结了冰。", Check.NUMBER, "Seven", ""),
    ("It is 3x faster.", "它更快。", Check.NUMBER, "3x", ""),
    ("It was seen in April 2020.", "它于四月被观测到。", Check.NUMBER, "2020", ""),
    ("It is $40\\times$ faster.", "它更快。", Check.NUMBER, "40x", ""),
    ("It reaches 75.8%.", "达到57.8%。", Check.PERCENTAGE, "75.8%", "57.8%"),
    ("It reaches 75.8\\%.", "达到了高分。", Check.PERCENTAGE, "75.8%", ""),
    ("It reaches 60 percent.", "达到了多数。", Check.PERCENTAGE, "60 percent", ""),
    ("It takes $O(n^2)$ time.", "需要一些时间。", Check.FORMULA, "$O(n^2)$", ""),
    (
        "It holds that $\\frac{1}{p} + \\frac{1}{q} = 1$.",
        "有$\\frac{1}{p}+\\frac{q}{q}=1$成立。",
        Check.FORMULA,
        "$\\frac{1}{p} + \\frac{1}{q} = 1$",
        "$\\frac{1}{p}+\\frac{q}{q}=1$",
    ),
    ("We train LASP here.", "我们在此训练LSAP。", Check.ACRONYM, "LASP", "LSAP"),
    ("We use the ADBench data.", "我们使用ADBenh数据。", Check.ACRONYM, "ADBench", "ADBenh"),
    ("We test on CIFAR-10.", "我们进行了测试。", Check.ACRONYM, "CIFAR-10", ""),
    (
        "We propose a net called RivLLM for rivers.",
        "我们提出了一种用于河流的网络。",
        Check.ACRONYM,
        "RivLLM",
        "",
    ),
]


@pytest.mark.parametrize(("english", "chinese", "kind", "found", "instead"), FAULTY)
def test_a_fault_is_named(english, chinese, kind, found, instead):
    assert checked((english, chinese)) == (Flag(kind, found, 0, instead),)


def test_what_a_neighbouring_sentence_says_is_not_lost():
    assert not checked(
        ("We read 300 letters in $O(n^2)$ time.", "我们很快读信。"),
        ("They are old.", "这300封信很旧，用了$O(n^2)$时间。"),
    )


def test_what_a_distant_sentence_says_is_lost():
    flags = checked(
        ("We read 300 letters.", "我们读信。"),
        ("They are old.", "它们很旧。"),
        ("They are long.", "这300封信很长。"),
    )
    assert flags == (Flag(Check.NUMBER, "300", 0),)


def test_a_name_that_is_anywhere_in_the_chinese_is_not_lost():
    assert not checked(
        ("We propose RivNet.", "我们提出了RivNet。"), ("RivNet is fast.", "该方法很快。")
    )


def test_the_papers_own_name_must_stay_where_the_chinese_title_has_it():
    title = Bilingual("RIVX: Nets for rivers", "RIVX：用于河流的网络")
    translated = Bilingual("RIVX: Nets for rivers", "河流网络")
    sentence = ("With RIVX it is easy.", "这样做很容易。")
    assert checked(sentence, title=title) == (Flag(Check.ACRONYM, "RIVX", 0),)
    assert not checked(sentence, title=translated)


LEFT = "This sentence was left as it is and nobody cared to read it in the end."
LONG = "We measure the depth of the river at every bridge and write it down."


def test_a_sentence_left_in_english_is_flagged():
    (flag,) = checked(("Rivers are long.", "河流很长。"), (LEFT, LEFT))
    assert (flag.check, flag.pair) == (Check.UNTRANSLATED, 1)
    assert LEFT.startswith(flag.found.removesuffix("…"))
    assert len(flag.found) <= 60


def test_a_passage_left_in_english_is_flagged():
    (flag,) = checked(
        (LONG, "我们 measure the depth of the river at every bridge and write it down。")
    )
    assert flag.check == Check.UNTRANSLATED
    assert flag.found.startswith("measure the depth")


@pytest.mark.parametrize(
    "chinese",
    [
        "代码见 https://example.org/the/code/of/this/and/that/is/here 。",
        "例如“the river and the bridge are in the town and at the sea”。",
        "我们研究Detection and Classification of Acoustic Scenes and Events。",
        "平台包括Jetson Nano、Intel Neural Stick、Google Coral USB Dongle。",
    ],
)
def test_addresses_quotations_and_names_may_stay_in_english(chinese):
    assert not checked((LONG, chinese))


def test_an_abstract_without_any_chinese_is_flagged_once():
    (flag,) = checked((LONG, LONG), (LEFT, LEFT))
    assert (flag.check, flag.pair) == (Check.UNTRANSLATED, 0)


def test_an_abstract_that_is_only_its_prefix_is_missing():
    (flag,) = checked((LONG, "arXiv:2402.00001v1"), (LEFT, None))
    assert (flag.check, flag.pair) == (Check.MISSING, 0)


DEPTH = (LONG, "我们在每座桥处测量河流的深度并将其记录下来。")
WIDTH = (
    "Then we compare it with the width of the river in winter.",
    "然后我们将其与冬季的河流宽度进行比较。",
)
GAUGES = "Old gauges are slow and fail in cold water after a few days."


def test_a_sentence_missing_in_the_middle_is_flagged():
    (flag,) = checked(DEPTH, (GAUGES, None), WIDTH)
    assert (flag.check, flag.pair) == (Check.MISSING, 1)
    assert GAUGES.startswith(flag.found.removesuffix("…"))


def test_a_sentence_whose_content_a_neighbour_has_room_for_is_not_missing():
    roomy = DEPTH[1] + "旧的测量仪很慢，在冷水中几天后就会失效。"
    assert not checked((DEPTH[0], roomy), (GAUGES, None), WIDTH)


def test_what_a_cut_abstract_breaks_off_is_not_missing():
    broken = "In the end we show that the water le"
    assert not checked(DEPTH, WIDTH, (GAUGES, None), (broken, None), cut=True)
    assert not checked(DEPTH, (broken + " 300", "最后我们展示了水位。"), cut=True)


def test_a_whole_abstract_may_not_end_early():
    (flag,) = checked(DEPTH, WIDTH, (GAUGES, None))
    assert (flag.check, flag.pair) == (Check.MISSING, 2)


def test_chinese_beyond_the_end_is_flagged_once():
    tail = "实验表明该方法优于所有其他方法。"
    (flag,) = checked(DEPTH, WIDTH, (None, tail), (None, tail), cut=True)
    assert flag == Flag(Check.BEYOND, tail, 2)


def test_a_broken_sentence_that_was_made_up_is_beyond():
    made_up = "我们展示了水位在冬季下降，并且该方法在所有河流上都优于其他方法。"
    (flag,) = checked(DEPTH, ("We sho", made_up), cut=True)
    assert flag == Flag(Check.BEYOND, made_up, 1)


@pytest.mark.parametrize(
    ("english", "chinese", "flagged"),
    [
        ("Deep rivers of the north", "Deep rivers of the north", True),
        ("Deep rivers of the north", "《Deep rivers of the north》", True),
        ("Deep rivers of the north", "北方的深河", False),
        ("GPT-4", "GPT-4", False),
        ("LoRA", "LoRA", False),
        ("Deep rivers", None, False),
        (None, "Deep rivers", False),
    ],
)
def test_a_title_is_translated_unless_it_is_a_name(english, chinese, flagged):
    flags = check(Bilingual(english, chinese), Bilingual(), (), cut=False)
    assert [flag.check for flag in flags] == [Check.TITLE] * flagged
    assert all(flag.pair is None for flag in flags)


@pytest.mark.parametrize(
    ("flag", "clause"),
    [
        (Flag(Check.PERCENTAGE, "75.8%", 3), "75.8% is not in the Chinese"),
        (
            Flag(Check.PERCENTAGE, "75.8%", 3, "57.8%"),
            "the Chinese says 57.8% where the English says 75.8%",
        ),
        (Flag(Check.MISSING, "Old gauges…", 1), "not in the Chinese: Old gauges…"),
        (Flag(Check.BEYOND, "实验表明", 1), "the Chinese goes on where the English ends: 实验表明"),
        (Flag(Check.UNTRANSLATED, "This was", 1), "not translated: This was"),
        (Flag(Check.TITLE, "Deep rivers", None), "the title is not translated"),
    ],
)
def test_a_flag_is_described_in_one_clause(flag, clause):
    assert describe(flag) == clause


def test_a_paper_full_of_faults_has_few_flags_in_reading_order():
    title = Bilingual("Deep rivers of the north", "Deep rivers of the north")
    sentences = [
        (f"We saw {n} rivers, {n + 1} lakes and {n + 2} seas.", "我们看到了水。")
        for n in range(300, 340, 4)
    ]
    flags = checked(*sentences, title=title)
    assert len(flags) == MOST_FLAGS
    places = [-1 if flag.pair is None else flag.pair for flag in flags]
    assert places == sorted(places)


HAN_DIGITS = "零一二三四五六七八九"


def in_han(number: int) -> str:
    """Write a number below ten thousand in Chinese numerals."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + HAN_DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text


def wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)


@st.composite
def quantities(draw):
    """A number or percentage in an English and a Chinese spelling."""
    number = draw(st.integers(11, 9999))
    return draw(
        st.sampled_from(
            [
                (f"{number}", f"{number}"),
                (f"{number:,}", wide(f"{number}")),
                (f"{number}", in_han(number)),
                (f"{number} million", f"{number * 100}万"),
                (f"{number} million", f"{number / 100:g}亿"),
                (f"{number}K", f"{number / 10:g}万"),
                (f"{number / 100:.2f}%", f"{number / 100:.2f}％"),
                (f"{number / 100:.2f}%", f"{number / 100:g}个百分点"),
                (f"${number}\\%$", f"百分之{in_han(number)}"),
                (f"{number % 90 + 10}-fold", f"{in_han(number % 90 + 10)}倍"),
            ]
        )
    )


NAMES = ["LASP", "GAN-CNN", "CIFAR-10", "RoBERTa", "XYZ-3.5", "k-NN", "T5", "U-Net"]


@st.composite
def translated(draw):
    """Sentences whose Chinese keeps every number, formula and name."""
    sentences = []
    for _ in range(draw(st.integers(1, 4))):
        english, chinese = "We saw", "我们看到"
        for _ in range(draw(st.integers(0, 3))):
            left, right = draw(
                st.one_of(
                    quantities(),
                    st.sampled_from(NAMES).map(lambda name: (name, name)),
                    st.sampled_from(["$O(n^2)$", "$x_i + 1$"]).map(lambda one: (one, one)),
                )
            )
            english += f" {left} rivers and"
            chinese += f"{right}条河和"
        sentences.append((english + " more.", chinese + "更多。"))
    return sentences


@settings(max_examples=120, deadline=None)
@given(sentences=translated())
def test_what_keeps_all_its_numbers_formulas_and_names_is_not_flagged(sentences):
    assert checked(*sentences) == ()


@settings(max_examples=50, deadline=None)
@given(number=st.integers(1001, 9999), other=st.integers(1001, 9999))
def test_another_number_is_flagged_by_what_the_english_says(number, other):
    flags = checked((f"We saw {number} rivers.", f"我们看到{other}条河。"))
    assert [flag.found for flag in flags] == ([] if number == other else [str(number)])


@pytest.mark.parametrize(
    "rubbish",
    [
        "1" * 200_000,
        "123," * 50_000,
        "1 234" * 40_000,
        "(A 2020 " * 25_000,
        "[" * 200_000,
        "$x_1" * 50_000,
        "\\(a" * 60_000,
        "A-" * 100_000,
        "Aa1@" * 50_000,
        "twenty-" * 30_000,
        "一百万亿零" * 40_000,
        "百分之" * 60_000,
        "a the of " * 20_000,
        "http://" * 30_000,
        "et al. 2020, " * 15_000,
        "(A" * 100_000,
        "111." * 50_000,
    ],
    ids=lambda rubbish: rubbish[:12],
)
def test_rubbish_is_read_to_its_end(rubbish):
    abstract = Bilingual(rubbish, f"好{rubbish}")
    pairs = (Pair(((0, len(rubbish)),), ((0, len(rubbish) + 1),)),)
    assert len(check(NAMELESS, abstract, pairs, cut=True)) <= MOST_FLAGS
    assert (
        len(check(NAMELESS, Bilingual(rubbish, "好"), (Pair(pairs[0].en, ((0, 1),)),), cut=False))
        <= MOST_FLAGS
    )

"""The words and sentences of the generated library: the author's own, in English and Chinese.

A template has slots, ``<topic>``, that one draw of words fills in both languages.
"""

from __future__ import annotations

import re

Pairs = tuple[tuple[str, str], ...]
"""The same in English and in Chinese."""


def _pairs(text: str) -> Pairs:
    """Read ``english=chinese; …``."""
    pairs = (item.strip().split("=") for item in text.replace("\n", ";").split(";") if item.strip())
    return tuple((en, zh) for en, zh in pairs)


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _templates(text: str) -> Pairs:
    """Read lines ``english|chinese`` with ``<slots>`` into templates for ``%``."""
    marked = re.sub(r"<(\w+)>", r"%(\1)s", text.replace("%", "%%"))
    return tuple((en, zh) for en, zh in (line.split("|") for line in marked.strip().split("\n")))


TOPICS = _pairs("""
image segmentation=图像分割; pose estimation=姿态估计; point cloud registration=点云配准; optical character recognition=光学字符识别
machine translation=机器翻译; speech recognition=语音识别; question answering=问答; text summarisation=文本摘要; code generation=代码生成
hate speech detection=仇恨言论检测; legal document retrieval=法律文书检索; sign language recognition=手语识别; music generation=音乐生成
federated learning=联邦学习; anomaly detection=异常检测; knowledge graph completion=知识图谱补全; recommender systems=推荐系统
fraud detection=欺诈检测; misinformation=虚假信息; autonomous driving=自动驾驶; robot grasping=机器人抓取; legged locomotion=足式机器人运动
traffic forecasting=交通预测; database query optimisation=数据库查询优化; compiler optimisation=编译器优化; software testing=软件测试
malware classification=恶意软件分类; congestion control=拥塞控制; cache replacement=缓存替换; distributed consensus=分布式共识
graph colouring=图着色; prime gaps=素数间隔; random walks=随机游走; knot invariants=纽结不变量; convex optimisation=凸优化
matrix completion=矩阵补全; optimal transport=最优传输; density estimation=密度估计; change point detection=变点检测; survey sampling=抽样调查
causal inference=因果推断; school choice=择校; minimum wages=最低工资; labour mobility=劳动力流动; auction design=拍卖设计
monetary policy=货币政策; electricity markets=电力市场; portfolio selection=投资组合选择; volatility forecasting=波动率预测
credit scoring=信用评分; house price prediction=房价预测; epidemic modelling=疫情建模; crop yield estimation=作物产量估计
medical image diagnosis=医学影像诊断; brain signal decoding=脑信号解码; single-cell analysis=单细胞分析; gene regulation=基因调控
protein structure prediction=蛋白质结构预测; drug discovery=药物发现; molecular dynamics=分子动力学; materials design=材料设计
battery ageing=电池老化; superconductivity=超导; topological insulators=拓扑绝缘体; quantum error correction=量子纠错
quantum state tomography=量子态层析; fluid turbulence=流体湍流; plasma confinement=等离子体约束; particle tracking=粒子径迹重建
dark matter searches=暗物质搜寻; gravitational lensing=引力透镜; galaxy classification=星系分类; exoplanet detection=系外行星探测
ocean circulation=海洋环流; weather prediction=天气预测; river flood forecasting=河流洪水预报; earthquake detection=地震检测; wildfire monitoring=野火监测
""")
METHODS = _pairs("""
large language models=大语言模型; graph neural networks=图神经网络; contrastive learning=对比学习; diffusion models=扩散模型
reinforcement learning=强化学习; self-attention=自注意力; Gaussian processes=高斯过程; variational inference=变分推断
low-rank adaptation=低秩适配; knowledge distillation=知识蒸馏; state space models=状态空间模型; Bayesian optimisation=贝叶斯优化
Monte Carlo tree search=蒙特卡洛树搜索; random forests=随机森林; gradient boosting=梯度提升; stochastic gradient descent=随机梯度下降
alternating minimisation=交替最小化; convex relaxation=凸松弛; spectral clustering=谱聚类; tensor decomposition=张量分解
compressed sensing=压缩感知; normalising flows=归一化流; neural operators=神经算子; physics-informed networks=物理信息网络
active learning=主动学习; curriculum learning=课程学习; meta-learning=元学习; transfer learning=迁移学习; prompt tuning=提示微调
retrieval augmentation=检索增强; mixtures of experts=混合专家; token pruning=词元剪枝; weight quantisation=权重量化
architecture search=架构搜索; data augmentation=数据增强; adversarial training=对抗训练; differential privacy=差分隐私
conformal prediction=保形预测; instrumental variables=工具变量; difference-in-differences=双重差分; synthetic controls=合成控制
propensity scores=倾向得分; hidden Markov models=隐马尔可夫模型; particle filters=粒子滤波; integer programming=整数规划
dynamic programming=动态规划; semidefinite programming=半定规划; evolutionary search=进化搜索; kernel methods=核方法
hyperbolic embeddings=双曲嵌入; wavelet transforms=小波变换; random projections=随机投影
""")
MANNERS = _pairs("""
robust=鲁棒; efficient=高效; sparse=稀疏; hierarchical=分层; scalable=可扩展; multimodal=多模态; adaptive=自适应; interpretable=可解释
unsupervised=无监督; weakly supervised=弱监督; cross-lingual=跨语言; privacy-preserving=隐私保护; uncertainty-aware=不确定性感知; few-shot=少样本
zero-shot=零样本; lightweight=轻量; end-to-end=端到端; multi-scale=多尺度; decentralised=去中心化; online=在线; asynchronous=异步; fair=公平
long-context=长上下文; energy-efficient=节能; equivariant=等变; probabilistic=概率; nonparametric=非参数; training-free=免训练; modular=模块化
""")
PLACES = _pairs("""
twelve public benchmarks=十二个公开基准; a decade of satellite images=十年的卫星图像; hospital records from three cities=三座城市的医院记录
street scenes recorded at night=夜间拍摄的街景; bilingual news articles=双语新闻文章; open-source repositories=开源代码仓库
court rulings since 1990=1990年以来的法院判决; tax returns of small firms=小企业的纳税申报; seismograms from two islands=两座岛屿的地震记录
recordings of forty speakers=四十位说话人的录音; simulated collisions=模拟的对撞事件; wind farms in the North Sea=北海的风电场
loan applications at one bank=一家银行的贷款申请; classroom essays=课堂作文; chess endgames=国际象棋残局; smartphone sensor traces=手机传感器数据
photographs of handwritten notes=手写笔记的照片; household surveys in nine countries=九个国家的住户调查; telescope images of the southern sky=南天的望远镜图像
bus timetables and ticket sales=公交时刻表与售票数据; warehouse robots=仓储机器人; recipes and cooking videos=食谱与烹饪视频; ancient maps=古地图
radio broadcasts in six dialects=六种方言的广播; river gauges along the Yangtze=长江沿岸的水文站; cargo ships in busy ports=繁忙港口的货船
greenhouse experiments=温室实验; online forums=网络论坛; small quantum processors=小型量子处理器; power grids under stress=负荷紧张的电网
drone flights over vineyards=葡萄园上空的无人机航拍; museum catalogues=博物馆藏品目录; emergency calls=急救电话; sleep recordings=睡眠记录
""")
GOALS = _pairs("""
reducing energy consumption=降低能耗; lowering the cost of labelling=降低标注成本; protecting private data=保护隐私数据; shortening training time=缩短训练时间
handling missing values=处理缺失值; explaining decisions to experts=向专家解释决策; detecting rare events early=及早发现罕见事件; keeping memory bounded=控制内存占用
avoiding spurious correlations=避免虚假相关; resisting deliberate attacks=抵御蓄意攻击; scaling to longer sequences=扩展到更长的序列; calibrating uncertainty=校准不确定性
removing hidden bias=消除隐藏偏差; sharing models between sites=在机构之间共享模型; recovering from failures=从故障中恢复; compressing large models=压缩大型模型
planning over long horizons=规划长期行动; generalising to unseen regions=泛化到未见地区; meeting strict deadlines=满足严格时限; combining text and images=融合文本与图像
""")
LIMITS = _pairs("""
labelled data are scarce=标注数据稀缺; measurements are noisy=测量含有噪声; conditions drift over time=条件随时间漂移; the classes are imbalanced=类别不平衡
sensors fail without warning=传感器毫无征兆地失效; users disagree about quality=用户对质量看法不一; the dimension exceeds the sample size=维数超过样本量
the objective is not smooth=目标函数不光滑; rewards are delayed=奖励存在延迟; inputs are far from the training data=输入远离训练数据; two scales interact=两个尺度相互作用
confounders are not observed=混杂因素无法观测; communication is expensive=通信代价高昂; the graph changes at every step=图结构每一步都在变化; records arrive out of order=记录到达次序错乱
answers need several steps of reasoning=回答需要多步推理; no simulator is available=没有可用的模拟器; the budget is fixed in advance=预算事先固定; boundaries are blurred=边界模糊
""")
SIGNS = tuple(re.findall(r"\$[^$]+\$", r"""
$\mathcal{O}(n \log n)$ $O(\sqrt{T})$ $\tilde{O}(d/\epsilon^2)$ $N^{-1/2}$ $\ell_1$ $\Theta(k^2)$ $L^2(\mathbb{R}^d)$ $p(x|z)$ $\beta < 1$
$\mathcal{O}(1/M)$ $n^{2/3}$ $\exp(-\lambda t)$ $\mathbb{E}[X^2]$ $\|w\|_2^2$ $\nabla f(x_t)$ $2^{-k}$ $\log_2 n$ $\alpha + \beta$ $W_2(\mu, \nu)$ $\sigma_{\max}$
$T_c$ $10^{-6}$ $\mathrm{KL}(p \,\|\, q)$ $\pi_\theta(a \mid s)$ $\chi^2$ $d \ll n$ $\Omega(\log T)$ $x^\top A x$ $\hat{\theta}_n$ $\sum_i w_i$
"""))  # fmt: skip
NAME_PARTS = _list(
    "Ka Ve Lu Tor Mi Sa Nex Ori Pal Quo Ri Sol Tan Uma Vi Wen Xi Yar Zu Bel Cor Dal El Fen Gra Hu Ivo Jun Kel Lor Mar Nim Os Pix Rho Syn Tel Ur Vox Zan"
)
NAME_ENDS = _list("Net Former Flow LM Diff Bench -2 GNN Prune RL Sketch -XL")
GIVEN = _list(
    "Wei Anna Li Jun Maria Min Yuki David Fatima Omar Elena Jie Priya Tomas Ling Sara Igor Chen Amara Luca Hana Peter Xin Noor Erik Mei Paulo Ingrid Hao Ruth Kofi Lena Tao Zoe Arjun"
)
FAMILY = _list(
    "Zhang Smith Wang Li Garcia Müller Chen Kim Okafor Tanaka Novak Liu Rossi Ivanova Singh Yang Silva Haddad Jensen Zhao Dubois Nguyen Kowalski Sato Huang Mensah Lindqvist Park O'Neill Sun Vermeer Rahman Castro Weiss Xu"
)
CHANNELS = _pairs("""
cs.LG=federated learning; cs.CV=image segmentation; cs.CL=machine translation; cs.AI=knowledge graph completion; stat.ML=density estimation; cs.RO=robot grasping
cs.CR=malware classification; cs.IR=recommender systems; cs.SD=music generation; cs.SE=software testing; cs.DB=database query optimisation; cs.DC=distributed consensus
cs.NI=congestion control; cs.DS=graph colouring; math.NT=prime gaps; math.PR=random walks; math.GT=knot invariants; math.OC=convex optimisation; stat.ME=survey sampling
econ=minimum wages; econ.EM=causal inference; q-fin.PM=portfolio selection; q-bio.GN=gene regulation; physics.chem-ph=molecular dynamics; cond-mat.supr-con=superconductivity
quant-ph=quantum error correction; physics.flu-dyn=fluid turbulence; hep-ex=particle tracking; astro-ph.GA=galaxy classification; physics.ao-ph=ocean circulation
""")
TITLES = _templates("""
<name>: <manner> <method> for <topic>|<name>：面向<topic>的<manner><method>
<manner> <topic> with <method> when <limit>|当<limit>时基于<method>的<manner><topic>
towards <manner> <topic>: <method> on <place>|迈向<manner>的<topic>：<place>上的<method>
<manner> <method> for <topic>: a study of <place>|用于<topic>的<manner><method>：对<place>的研究
what can <place> teach us about <topic> with <method>?|借助<method>，<place>能让我们对<topic>了解多少？
<goal> in <topic> by <manner> <method>|以<manner><method>在<topic>中<goal>
from <topic2> to <topic>: <manner> <method> at the rate <formula>|从<topic2>到<topic>：速率为<formula>的<manner><method>
rethinking <topic>: lessons in <goal> from <place>|重新思考<topic>：<place>对<goal>的启示
""")
TLDRS = _templates(r"""
<name> brings <manner> <method> to <topic> and improves results on <place> by <gain>\%.|提出<name>，将<manner><method>引入<topic>，在<place>上把结果提升了<gain>\%。
We show how to use <method> in <topic> when <limit>, at a cost of only <formula>.|展示了当<limit>时如何将<method>用于<topic>，代价仅为<formula>。
A study of <place> finds that <goal> in <topic> is possible with <method>.|对<place>的研究发现，借助<method>可以在<topic>中<goal>。
The bound <formula> for <topic> follows from <manner> <method>, even if <limit>.|即使<limit>，由<manner><method>也可得到<topic>的界<formula>。
Joining <method> with <method2>, <name> makes work on <topic> <x> times as fast.|<name>将<method>与<method2>结合，使<topic>提速到<x>倍。
""")
# The parts of an abstract in their order, one sentence of each.
PARTS = tuple(
    map(
        _templates,
        r"""
Progress in <topic> has long been held back by one obstacle: <limit>, and models that ignore this fail quietly once they leave the laboratory.|<topic>的进展长期受制于一个障碍：<limit>；忽视这一点的模型一旦离开实验室，便会悄然失效。
Over the past decade, research on <topic> has moved from rules made by hand to learned models, yet <goal> remains an open problem in practice.|过去十年间，<topic>的研究已从人工规则走向学习型模型，但<goal>在实践中仍是悬而未决的问题。
Work on <topic> matters to engineers, doctors and public authorities alike, but the usual tools assume conditions that real deployments seldom meet.|<topic>方面的工作对工程师、医生和公共机构都很重要，但常用工具所假设的条件在实际部署中很少成立。
We revisit <topic> from the point of view of <topic2> and ask which assumptions are really needed when <limit>.|我们从<topic2>的角度重新审视<topic>，追问当<limit>时，哪些假设真正不可或缺。
Most studies of <topic> rely on <method2>, whose cost grows like <formula2> and soon exceeds what a single machine can carry.|关于<topic>的多数研究依赖<method2>，其代价按<formula2>增长，很快便超出单台机器的承受能力。
How far can <method> take us in <topic> when <limit> and expert knowledge is expensive to obtain?|当<limit>且专家知识难以获得时，<method>能在<topic>上带我们走多远？

Existing approaches either trade accuracy for speed or need careful tuning for every new data set, which makes <goal> difficult.|现有方法要么以精度换取速度，要么需要针对每个新数据集精心调参，这使得<goal>十分困难。
Earlier work on <topic2> suggests a remedy, but it was never tested under the condition that <limit>.|此前关于<topic2>的工作提示了一种补救办法，但从未在<limit>的条件下得到检验。
In particular, the influence of the sample size $n$ is poorly understood, and published bounds are too loose to guide a design.|特别是，人们对样本量$n$的影响了解甚少，已发表的界过于宽松，无法指导设计。
Standard evaluation hides this weakness, because averages over easy cases mask the few that matter for <goal>.|标准评估掩盖了这一弱点，因为对简单情形取平均会遮蔽少数对<goal>至关重要的情形。
A unified treatment is missing: results for <topic> and for <topic2> use different definitions and cannot be compared.|目前缺少统一的处理：<topic>与<topic2>的结果采用不同的定义，无法相互比较。
Heuristics such as <method2> are popular here, yet nobody has explained why they work or when they break down.|诸如<method2>之类的启发式方法在此颇受欢迎，却没有人解释过它们为何有效、何时失效。
Practitioners therefore fall back on manual inspection, which takes <k> minutes a case and does not scale.|因此从业者只能退回到人工检查，每个案例需要<k>分钟，难以推广。

We propose <name>, a framework for <manner> <topic> that builds on <method> and needs no change to existing infrastructure.|我们提出<name>，一个以<method>为基础的<manner><topic>框架，无须改动现有基础设施。
This paper introduces <name>, which combines <manner> <method> with <method2> and makes <goal> a part of the training objective.|本文介绍<name>，它将<manner><method>与<method2>相结合，并把<goal>纳入训练目标。
Our key idea is to replace the usual pipeline by <manner> <method>, so that information flows in both directions between <k> stages.|我们的核心思想是以<manner><method>取代常规流水线，使信息在<k>个阶段之间双向流动。
To this end we develop <name>: it first learns a compact representation by <method> and then refines it with <method2>.|为此我们开发了<name>：它先通过<method>学习紧凑的表示，再用<method2>加以细化。
We cast the task as an optimisation problem over <formula> and solve it by <method>, which makes <goal> possible in a single pass.|我们将该任务表述为关于<formula>的优化问题，并用<method>求解，从而一次遍历便足以<goal>。
The proposed system, <name>, couples <method> to a small controller that decides at each step how much computation to spend.|所提出的系统<name>将<method>与一个小型控制器相连，由后者逐步决定投入多少计算量。

Its central component scores each candidate with <formula> and keeps only the <k> best, so that memory stays constant.|其核心组件用<formula>为每个候选打分，只保留最好的<k>个，因此内存保持不变。
A second module estimates the uncertainty of every prediction and passes doubtful cases on to a human expert.|第二个模块估计每个预测的不确定性，并把存疑的案例交给人类专家。
Training alternates between two phases: in one the parameters are fixed and <formula2> is updated, in the other the roles are exchanged.|训练在两个阶段之间交替：一个阶段固定参数并更新<formula2>，另一个阶段则互换角色。
Unlike previous methods it does not require paired examples, and it can start from any pretrained model.|与以往方法不同，它不需要成对样本，并可从任意预训练模型开始。
We further add a regulariser inspired by <method2>, which keeps the solution stable even if <limit>.|我们还加入了受<method2>启发的正则项，即使<limit>，也能使解保持稳定。
The design is deliberately simple: one loss, one hyperparameter and no schedule, which helps in <goal>.|设计刻意保持简单：一个损失、一个超参数、没有调度，从而有助于<goal>。

We prove that the estimator converges at the rate <formula> under mild conditions, and that this rate cannot be improved in general.|我们证明该估计量在温和条件下以<formula>的速率收敛，且这一速率一般无法改进。
Theoretical analysis shows that the excess risk is bounded by <formula>, independently of the ambient dimension.|理论分析表明，超额风险以<formula>为界，且与环境维数无关。
A matching lower bound of order <formula2> shows that the dependence on the horizon is tight up to logarithmic factors.|阶为<formula2>的匹配下界表明，对时域长度的依赖在对数因子之内是紧的。
Our main theorem describes the set of stationary points and explains why training by <method> escapes from saddle points.|我们的主要定理刻画了驻点集合，并解释了用<method>训练为何能够逃离鞍点。
The proof rests on a new inequality for sums of dependent variables, which may be of independent interest.|证明依赖于一个关于相依变量之和的新不等式，它本身或许也有独立的价值。

On <place>, <name> improves the best earlier result by <gain>\% while using <gain2>\% less memory.|在<place>上，<name>比此前最好的结果提高了<gain>\%，同时少用<gain2>\%的内存。
Experiments on <place> show that the method reaches an accuracy of <high>\%, against <low>\% for the strongest baseline.|在<place>上的实验表明，该方法的准确率达到<high>\%，而最强基线为<low>\%。
We evaluate on <place> with <n> examples and observe consistent gains of <gain> points across all settings.|我们在含<n>个样本的<place>上进行评估，在所有设置下都观察到<gain>个百分点的稳定提升。
Tests on <place> confirm the theory: doubling the sample size cuts the error by <gain>\%, just as predicted.|在<place>上的测试证实了理论：样本量加倍使误差降低<gain>\%，与预测一致。
Across <k> tasks drawn from <place>, it is <x> times as fast as <method2> and at least as accurate.|在取自<place>的<k>项任务上，其速度是<method2>的<x>倍，准确率至少与之相当。
Using <n> observations from <place>, we find an effect of <gain>\% that remains significant after all corrections.|利用来自<place>的<n>条观测，我们发现了<gain>\%的效应，经各种校正后依然显著。

Ablations reveal that most of the gain comes from <method>, whereas the use of <method2> mainly speeds up convergence.|消融实验显示，大部分提升来自<method>，而<method2>主要是加快收敛。
A closer look at the failures shows that they cluster in situations where <limit>.|仔细考察失败案例可以看到，它们集中在<limit>的情形。
Inspection by experts suggests that the learned features correspond to known mechanisms in <topic2>.|专家的检视表明，学到的特征对应于<topic2>中的已知机制。
The advantage grows with the difficulty of the task and is largest when <limit>.|任务越难，优势越明显；当<limit>时优势最大。
Robustness checks with other seeds, metrics and subsets of <place> leave these conclusions unchanged.|换用其他随机种子、指标和<place>的子集所作的稳健性检验并未改变这些结论。
Surprisingly, a model with only <k> layers suffices, which points to redundancy in much larger systems.|令人惊讶的是，仅有<k>层的模型就已足够，这说明大得多的系统中存在冗余。

Code, data and trained models are available to support further research on <topic>.|代码、数据和训练好的模型均已公开，以支持<topic>的后续研究。
These findings suggest that <goal> need not come at the price of accuracy and open a path towards applications in <topic2>.|这些发现表明，<goal>不必以牺牲精度为代价，并为<topic2>中的应用开辟了道路。
We close with a discussion of limits, among them the cost of <method2> and the ethical questions that work on <topic> raises.|最后我们讨论了局限性，包括<method2>的代价以及<topic>引发的伦理问题。
The same recipe should carry over to <topic2>, for which we report first encouraging results.|同样的做法应能推广到<topic2>，我们报告了初步的、令人鼓舞的结果。
Taken together, our results offer practical guidance on when the use of <method> is worth its cost.|总而言之，我们的结果为何时值得采用<method>提供了实用指导。
Policy makers and engineers can use the resulting tool today, as it runs on a laptop within <k> minutes.|政策制定者和工程师今天就能使用由此得到的工具，它在笔记本电脑上运行不超过<k>分钟。
""".strip().split("\n\n"),
    )
)

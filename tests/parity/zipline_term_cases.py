"""Terms of pipelines as texts, over the names of `zipline_terms`: fixed ones and random graphs.

P: US equity pricing. X: columns x (floats with gaps), ties (many equal), zero (0.0 is missing),
count (-1 is missing), flag, sector (None is missing), code ("" is missing), when and later (dates).
asset: an asset by its sid.
"""

from __future__ import annotations

import random

#: Every built-in term with a window, with settings that are refused.
WINDOWED = r"""
Returns(window_length=2)
Returns(window_length=10)
DailyReturns()
PercentChange(inputs=[X.x], window_length=4)
PercentChange(inputs=[P.close], window_length=4)
SimpleMovingAverage(inputs=[X.x], window_length=5)
SimpleMovingAverage(inputs=[X.zero], window_length=5)
SimpleMovingAverage(inputs=[X.count], window_length=5)
SimpleMovingAverage(inputs=[X.flag], window_length=5)
SimpleMovingAverage(inputs=[P.close], window_length=60)
SimpleMovingAverage(inputs=[P.volume], window_length=6, mask=P.volume.latest > 40000)
WeightedAverageValue(inputs=[X.x, X.ties], window_length=4)
VWAP(window_length=8)
MaxDrawdown(inputs=[P.close], window_length=20)
MaxDrawdown(inputs=[X.x], window_length=4)
AverageDollarVolume(window_length=9)
AverageDollarVolume(window_length=9, missing_value=-5.0, mask=P.close.latest > 35)
EWMA(inputs=[P.close], window_length=10, decay_rate=0.9)
EWMA.from_span([P.close], window_length=20, span=15)
EWMSTD.from_halflife([P.close], window_length=12, halflife=4)
EWMSTD.from_center_of_mass([X.x], window_length=3, center_of_mass=4)
EWMSTD(inputs=[P.high], window_length=40, decay_rate=0.8)
LinearWeightedMovingAverage(inputs=[P.open], window_length=7)
LinearWeightedMovingAverage(inputs=[X.x], window_length=7)
AnnualizedVolatility(window_length=30)
AnnualizedVolatility(window_length=10, annualization_factor=12.0)
PeerCount(inputs=[X.sector])
X.sector.latest.peer_count(mask=P.volume.latest > 40000)
X.count.latest.peer_count()
Clip(inputs=[P.close], min_bound=20.0, max_bound=30)
Returns(window_length=3).clip(-0.01, 0.02)
X.x.latest.clip(-1, 1)
BusinessDaysSincePreviousEvent(inputs=[X.when.latest])
BusinessDaysUntilNextEvent(inputs=[X.later.latest])
BusinessDaysUntilNextEvent(inputs=[X.when.latest], mask=P.close.latest > 30)
RSI()
RSI(window_length=5)
RSI(inputs=[X.x], window_length=4)
BollingerBands(window_length=10, k=2)
BollingerBands(window_length=10, k=2).lower
BollingerBands(window_length=10, k=1.5).middle
BollingerBands(window_length=10, k=1.5).upper
Aroon(window_length=10, mask=P.close.latest.notnull()).up
Aroon(window_length=10, mask=P.close.latest.notnull()).down
Aroon(window_length=1, mask=P.close.latest.notnull()).up
Aroon(window_length=10)
FastStochasticOscillator()
FastStochasticOscillator(window_length=3)
IchimokuKinkoHyo().tenkan_sen
IchimokuKinkoHyo().kijun_sen
IchimokuKinkoHyo().senkou_span_a
IchimokuKinkoHyo().senkou_span_b
IchimokuKinkoHyo().chikou_span
IchimokuKinkoHyo(window_length=20, tenkan_sen_length=3, kijun_sen_length=20, chikou_span_length=4)
IchimokuKinkoHyo(window_length=26)
IchimokuKinkoHyo(window_length=20)
RateOfChangePercentage(inputs=[P.close], window_length=5)
TrueRange()
TrueRange(window_length=3)
MACDSignal()
MACDSignal(fast_period=3, slow_period=8, signal_period=4)
MACDSignal(fast_period=8, slow_period=8)
SimpleBeta(target=asset(3), regression_length=20)
SimpleBeta(target=asset(3), regression_length=20, allowed_missing_percentage=0.0)
SimpleBeta(target=asset(22), regression_length=20, allowed_missing_percentage=0.5)
SimpleBeta(target=asset(20), regression_length=20)
SimpleBeta(target=asset(3), regression_length=2)
RollingPearsonOfReturns(target=asset(3), returns_length=2, correlation_length=15)
RollingPearsonOfReturns(target=asset(3), returns_length=5, correlation_length=40,
    mask=P.close.latest > 30)
RollingSpearmanOfReturns(target=asset(3), returns_length=2, correlation_length=15)
RollingSpearmanOfReturns(target=asset(20), returns_length=2, correlation_length=5)
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15)
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15).alpha
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15).beta
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15).r_value
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15).p_value
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=15).stderr
RollingLinearRegressionOfReturns(target=asset(3), returns_length=2, regression_length=2).p_value
RollingLinearRegressionOfReturns(target=asset(20), returns_length=2, regression_length=15).beta
RollingLinearRegressionOfReturns(target=asset(15), returns_length=2, regression_length=15).beta
Returns(window_length=2).linear_regression(
    target=SimpleMovingAverage(inputs=[P.volume], window_length=2).rank(),
    regression_length=9).r_value
Returns(window_length=2).pearsonr(target=X.x, correlation_length=10)
X.x.latest.pearsonr(target=X.ties, correlation_length=10)
Returns(window_length=2).pearsonr(target=Returns(window_length=5)[asset(2)], correlation_length=10)
Returns(window_length=2).spearmanr(target=Returns(window_length=5), correlation_length=10)
Returns(window_length=2).pearsonr(target=X.ties.latest.rank(), correlation_length=10)
Returns(window_length=2).rank().spearmanr(target=X.ties.latest.rank(), correlation_length=10)
Returns(window_length=2).spearmanr(target=P.close.latest.mean(), correlation_length=10)
Returns(window_length=2).pearsonr(target=Returns(window_length=2).mean(), correlation_length=10)
Returns(window_length=2).pearsonr(target=Returns(window_length=2), correlation_length=10)
SimpleMovingAverage(inputs=[Returns(window_length=2)], window_length=3)
SimpleMovingAverage(inputs=[P.close.latest], window_length=3)
SimpleMovingAverage(inputs=[P.close], window_length=0)
SimpleMovingAverage(inputs=[P.close, P.open], window_length=2)
VWAP(inputs=[P.close], window_length=2)
Returns(window_length=1)
All(inputs=[X.flag], window_length=3)
Any(inputs=[X.flag], window_length=3)
AtLeastN(inputs=[X.flag], window_length=5, N=3)
AtLeastN(inputs=[P.close.latest > 30], window_length=5, N=3)
All(inputs=[P.close.latest.isnull()], window_length=2)
AllPresent(inputs=[P.close], window_length=4)
AllPresent(inputs=[X.sector], window_length=2)
AllPresent(inputs=[X.when], window_length=2)
AllPresent(inputs=[X.count], window_length=2)
AllPresent(inputs=[X.flag.latest], window_length=2)
X.x.latest
X.ties.latest
X.zero.latest
X.count.latest
X.flag.latest
X.code.latest
X.when.latest
"""

#: Every method that compares assets, with gaps, ties, masks and groups; expressions; labels.
ROWS = r"""
X.x.latest.rank()
X.x.latest.rank(ascending=False)
X.x.latest.rank(mask=X.flag.latest)
X.ties.latest.rank()
X.ties.latest.rank(ascending=False)
X.ties.latest.rank("average")
X.ties.latest.rank("min", ascending=False)
X.ties.latest.rank("max")
X.ties.latest.rank("dense")
X.ties.latest.rank("dense", mask=X.flag.latest)
X.zero.latest.rank()
X.zero.latest.rank("average")
X.count.latest.rank()
X.when.latest.rank()
X.when.latest.rank(ascending=False)
X.when.latest.rank("min")
X.when.latest.rank(groupby=X.count.latest)
X.when.latest.rank(groupby=X.count.latest, ascending=False)
X.x.latest.rank("bogus")
X.x.latest.rank(groupby=X.count.latest)
X.ties.latest.rank(groupby=X.sector.latest)
X.ties.latest.rank("average", groupby=X.sector.latest, ascending=False)
X.ties.latest.rank("min", groupby=X.code.latest, mask=X.flag.latest)
X.ties.latest.rank("max", groupby=X.count.latest)
X.ties.latest.rank("dense", groupby=X.count.latest)
X.x.latest.demean()
X.x.latest.demean(mask=X.flag.latest)
X.x.latest.demean(groupby=X.sector.latest)
X.x.latest.demean(groupby=X.count.latest, mask=X.flag.latest)
X.x.latest.zscore()
X.ties.latest.zscore(mask=X.flag.latest)
X.ties.latest.zscore(groupby=X.sector.latest)
X.zero.latest.zscore(groupby=X.count.latest, mask=X.flag.latest)
X.zero.latest.demean(groupby=X.code.latest)
X.zero.latest.demean()
X.x.latest.winsorize(0.1, 0.8)
X.x.latest.winsorize(0, 0.5)
X.x.latest.winsorize(0.3, 1)
X.x.latest.winsorize(0.05, 0.95, mask=X.flag.latest)
X.ties.latest.winsorize(0.2, 0.7, groupby=X.sector.latest)
X.ties.latest.winsorize(0.4, 0.6, groupby=X.count.latest, mask=X.flag.latest)
X.x.latest.winsorize(0.5, 0.4)
X.x.latest.winsorize(5, 95)
X.x.latest.quantiles(3)
X.x.latest.quartiles()
X.x.latest.quintiles(mask=X.flag.latest)
X.x.latest.deciles()
X.ties.latest.quantiles(2)
X.ties.latest.deciles()
X.x.latest.quantiles(1)
X.when.latest.quartiles()
X.zero.latest.quartiles(mask=X.flag.latest)
P.volume.latest.quartiles()
P.volume.latest.deciles(mask=P.volume.latest > 0)
X.x.latest.top(1)
X.x.latest.top(3)
X.x.latest.top(5, mask=X.flag.latest)
X.x.latest.top(1, groupby=X.sector.latest)
X.x.latest.top(2, groupby=X.sector.latest)
X.ties.latest.top(1, groupby=X.count.latest, mask=X.flag.latest)
X.x.latest.bottom(1)
X.x.latest.bottom(4, mask=X.flag.latest)
X.x.latest.bottom(2, groupby=X.count.latest)
P.close.latest.top(1)
P.close.latest.top(1, groupby=X.code.latest)
X.when.latest.top(1)
X.when.latest.top(3)
(-P.close.latest).top(1)
X.x.latest.percentile_between(10, 60)
X.x.latest.percentile_between(0, 100)
X.x.latest.percentile_between(33.3, 50, mask=X.flag.latest)
X.ties.latest.percentile_between(25, 75)
X.x.latest.percentile_between(60, 10)
X.x.latest.percentile_between(0, 101)
X.when.latest.percentile_between(25, 75)
X.x.latest.isnan()
X.x.latest.notnan()
X.x.latest.isnull()
X.x.latest.notnull()
X.zero.latest.isnull()
X.zero.latest.notnull()
X.zero.latest.isnan()
X.count.latest.isnull()
X.sector.latest.isnull()
X.code.latest.notnull()
X.when.latest.isnull()
X.when.latest.notnan()
X.flag.latest.isnull()
(1 / X.zero.latest).isfinite()
(X.x.latest / X.zero.latest).isfinite()
X.x.latest.fillna(0.0)
X.x.latest.fillna(X.ties.latest)
X.zero.latest.fillna(5.0)
X.count.latest.fillna(7)
X.code.latest.fillna("none")
X.when.latest.fillna(np.datetime64("2015-01-01", "ns"))
X.x.latest.fillna("a")
X.x.latest.fillna(X.x)
X.flag.latest.fillna(True)
X.flag.latest.if_else(X.x.latest, X.ties.latest)
X.flag.latest.if_else(X.x.latest, X.zero.latest)
X.flag.latest.if_else(X.x.latest, X.count.latest)
X.flag.latest.if_else(X.count.latest, X.count.latest)
X.x.latest - X.x.latest.mean()
X.x.latest / X.x.latest.stddev()
X.x.latest - X.x.latest.max()
X.x.latest - X.x.latest.min()
X.x.latest - X.x.latest.median()
X.x.latest - X.x.latest.sum()
X.x.latest - X.x.latest.mean(mask=X.flag.latest)
X.zero.latest - X.zero.latest.mean()
X.x.latest * X.x.latest.notnull_count()
X.x.latest * X.x.latest.notnull_count(mask=X.flag.latest)
X.zero.latest * X.zero.latest.notnull_count()
X.x.latest.mean()
X.when.latest.mean()
X.ties.latest.zscore() - X.ties.latest.zscore().max()
X.x.latest[asset(2)]
X.x.latest - X.x.latest[asset(2)]
X.x.latest.demean(groupby=X.x.latest.quartiles())
X.count.latest.eq(3)
X.count.latest.eq(-1)
X.count.latest.eq("a")
X.count.latest != 3
X.count.latest != -1
X.count.latest < 3
X.sector.latest.eq("tech")
X.sector.latest.eq("unknown")
X.sector.latest != "tech"
X.sector.latest.eq(None)
X.code.latest.eq("A1")
X.code.latest.eq("")
X.code.latest != "A1"
X.code.latest.startswith("A")
X.code.latest.endswith("1")
X.code.latest.has_substring("2")
X.code.latest.matches("[AB]1$")
X.code.latest.startswith(1)
X.count.latest.startswith("A")
X.code.latest.element_of(["A1", "B20"])
X.sector.latest.element_of({"tech", "bank"})
X.sector.latest.element_of(["tech", None])
X.count.latest.element_of([1, 3])
X.count.latest.element_of([1, -1])
X.count.latest.element_of(["a"])
X.count.latest.element_of(3)
X.code.latest.relabel(lambda text: text[:1])
X.code.latest.relabel(lambda text: text[:1]).eq("A")
X.code.latest.relabel(lambda text: None)
X.sector.latest.relabel(lambda text: text.upper()).eq("TECH")
X.code.latest.relabel(lambda text: text[:1]).peer_count()
X.count.latest.relabel(lambda text: 1)
X.x.latest.rank(mask=X.code.latest.startswith("A"))
Everything()
Everything(mask=X.flag.latest)
StaticSids([1, 2, 14, 15])
StaticAssets([asset(1), asset(14)])
SingleAsset(asset(3))
SingleAsset(asset(14))
StaticSids([1]) | X.flag.latest
X.flag.latest & (X.x.latest > 0)
~X.flag.latest
~(X.x.latest > 0) | (X.count.latest != 3)
X.flag.latest & X.x.latest
X.flag.latest & X.flag.latest
(X.x.latest > 0) & (X.x.latest > 0)
X.x.latest > X.ties.latest
X.x.latest >= 0
X.x.latest < X.zero.latest
X.x.latest.eq(X.x.latest)
X.ties.latest.eq(0.1)
X.ties.latest != 0.1
X.x.latest > X.when.latest
X.when.latest > X.later.latest
X.when.latest.eq(X.later.latest)
X.x.latest + X.when.latest
X.when.latest + 1
X.x.latest + "a"
"a" + X.x.latest
X.x.latest > "a"
X.x.latest + X.flag.latest
X.x.latest + X.count.latest
X.x.latest + X.ties.latest * 2 - 1 / X.zero.latest
2 ** X.x.latest
-2 ** X.x.latest
(-2) ** X.x.latest
X.x.latest ** 2
X.x.latest ** 0.5
X.x.latest % 0.7
X.x.latest % -0.7
7 % X.x.latest
X.x.latest / 0
X.x.latest / 0.1
-X.x.latest
-(X.x.latest + 1)
-X.when.latest
X.x.latest.abs()
X.x.latest.abs().sqrt() + X.x.latest.sin() * X.x.latest.cos() - X.x.latest.tan()
X.x.latest.exp().log() + X.x.latest.expm1().log1p() + X.x.latest.abs().log10()
X.x.latest.arcsin() + X.x.latest.arccos() + X.x.latest.arctan()
X.x.latest.sinh() + X.x.latest.cosh() + X.x.latest.tanh()
X.x.latest.arcsinh() + X.x.latest.arccosh() + X.x.latest.arctanh()
X.x.latest.log()
X.x.latest + float("nan")
X.x.latest + float("inf")
X.x.latest * 1e-300
X.x.latest + 1e25
X.x.latest.downsample("week_start")
X.x.latest.rank().downsample("month_start")
SimpleMovingAverage(inputs=[P.close], window_length=5).downsample("week_start")
X.flag.latest.downsample("month_start")
X.x.latest.alias("a")
X.x.latest.alias("a").rank()
X.x.latest.pearsonr(5, 3)
X.x.latest.quantiles(2.5)
X.x.latest.quantiles("a")
X.x.latest.demean(mask=5)
X.x.latest.demean(groupby=X.x.latest)
X.when.latest.demean()
X.count.latest.latest
"""

#: Arguments at and beyond their limits, masks that let nobody pass, terms of terms.
SETTINGS = r"""
(X.x.latest > 0) & True
True | (X.x.latest > 0)
X.x.latest.top(0)
X.x.latest.top(-1)
X.x.latest.top(2.5)
X.x.latest.top("a")
X.x.latest.quantiles(0)
X.x.latest.quantiles(-1)
X.x.latest.rank(mask=5)
X.x.latest.rank(groupby=5)
X.x.latest.top(2, mask=P.close)
X.x.latest.winsorize("a", 1)
X.x.latest.winsorize(0.1, 0.9, mask=5)
X.x.latest.percentile_between("a", 1)
X.count.latest.demean()
X.x.latest.demean(groupby=X.flag.latest)
X.x.latest.peer_count()
BusinessDaysUntilNextEvent(inputs=[X.x.latest])
StaticSids(5)
StaticAssets([3])
SingleAsset(3)
SimpleBeta(target=3, regression_length=20)
SimpleBeta(target=asset(3), regression_length=20.0)
SimpleBeta(target=asset(3), regression_length=20, allowed_missing_percentage=2)
RollingPearsonOfReturns(target=asset(3), returns_length=2, correlation_length=1)
RollingPearson(base_factor=X.x.latest, target=X.flag.latest, correlation_length=5)
RollingPearson(base_factor=Returns(window_length=2, mask=X.flag.latest),
    target=Returns(window_length=2), correlation_length=5)
EWMA.from_span([P.close], window_length=5, span=1)
EWMA.from_span([P.close], window_length=5, span="a")
EWMA.from_halflife([P.close], window_length=5, halflife=0)
EWMA([P.close], window_length=5)
EWMA(inputs=[P.close], window_length=5)
EWMA(inputs=[P.close], window_length=5, decay_rate=[1])
EWMA(inputs=[P.close], window_length=5, decay_rate=0.0)
EWMA(inputs=[P.close], window_length=5, decay_rate=1.0)
EWMSTD(inputs=[P.close], window_length=1, decay_rate=0.5)
MACDSignal(fast_period=0)
BollingerBands(window_length=5)
BollingerBands(window_length=5, k=2, bogus=1)
BollingerBands(window_length=5, k=2).bogus
SimpleMovingAverage(inputs=[P.close])
SimpleMovingAverage(window_length=3)
SimpleMovingAverage(inputs=[P.close], window_length=3, dtype=bool)
SimpleMovingAverage(inputs=[P.close], window_length=3, dtype=np.int64, missing_value=-1)
SimpleMovingAverage(inputs=[P.close], window_length=3, dtype=object)
SimpleMovingAverage(inputs=[P.close], window_length=3, ndim=1)
SimpleMovingAverage(inputs=[5], window_length=3)
SimpleMovingAverage(inputs=[X.x.latest.mean()], window_length=3)
SimpleMovingAverage(inputs=[Returns(window_length=2)[asset(2)]], window_length=3)
SimpleMovingAverage(inputs=[P.volume], window_length=3, missing_value=-1.0, mask=X.flag.latest)
Returns(inputs=[X.x], window_length=3, mask=X.x.latest.top(5))
Returns(inputs=[P.open], window_length=3).rank().zscore()
list(BollingerBands(window_length=5, k=2))[1]
PeerCount(inputs=[X.code.latest], window_length=2)
PeerCount(inputs=[X.x.latest])
PeerCount(inputs=[X.code.latest], mask=X.flag.latest)
Clip(inputs=[X.x], min_bound=1, max_bound=-1)
X.count.latest * 2
X.code.latest + 1
X.sector.latest.zscore()
X.x.latest.zscore(groupby=X.code.latest.relabel(lambda t: t[0]))
X.x.latest.quartiles().eq(2)
X.x.latest.quartiles().isnull()
X.x.latest.quartiles() != 0
X.x.latest.quartiles().element_of([0, 3])
X.x.latest.rank().top(3)
X.x.latest.zscore().rank().demean()
X.x.latest.top(5, groupby=X.x.latest.quartiles())
AllPresent(inputs=[X.x, X.ties], window_length=2)
AtLeastN(inputs=[X.flag], window_length=2)
Any(inputs=[P.close.latest], window_length=2)
SimpleMovingAverage(inputs=[X.x], window_length=5, mask=StaticSids([3, 5]))
SimpleMovingAverage(inputs=[X.x], window_length=5, mask=StaticSids([99]))
X.x.latest.demean(mask=StaticSids([99]))
X.x.latest.rank("average", mask=StaticSids([3, 4, 5]))
X.x.latest.rank("average", mask=StaticSids([3, 4, 5]) & X.x.latest.notnull())
X.when.latest.rank(groupby=X.count.latest)
X.when.latest.rank("min", groupby=X.count.latest)
"""


def texts(cases: str) -> list[str]:
    """The cases: one a line, indented lines go on with the one before."""
    return [line for line in cases.replace("\n    ", " ").splitlines() if line]


class Graphs:
    """Random terms of terms."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"graphs {seed}")

    def term(self) -> str:
        """A factor, a filter or a classifier."""
        kind = self.rng.choice([self.factor, self.factor, self.filter, self.labels])
        return kind(self.rng.randint(1, 3))

    def _one_of(self, *choices):
        return self.rng.choice(choices)

    def _days(self) -> int:
        return self.rng.randint(2, 20)

    def safe_factor(self) -> str:
        """A factor that others may look back on."""
        days = self._days()
        return self._one_of(
            f"Returns(window_length={days})",
            f"PercentChange(inputs=[P.open], window_length={days})",
            f"RSI(window_length={days})",
            f"FastStochasticOscillator(window_length={days})",
            "X.x.latest.rank()",
            "P.volume.latest.zscore()",
            "X.ties.latest.zscore(groupby=X.sector.latest)",
            f"Returns(window_length={days}).rank(mask=X.flag.latest)",
        )

    def leaf(self) -> str:
        """A factor of columns."""
        days = self._days()
        column = self._one_of("P.close", "P.volume", "X.x", "X.ties", self.safe_factor())
        return self._one_of(
            "P.close.latest",
            "X.x.latest",
            "X.ties.latest",
            self.safe_factor(),
            f"SimpleMovingAverage(inputs=[{column}], window_length={days})",
            f"VWAP(window_length={days})",
            f"AverageDollarVolume(window_length={days})",
            f"EWMA(inputs=[{column}], window_length={days}, decay_rate=0.9)",
            f"LinearWeightedMovingAverage(inputs=[{column}], window_length={days})",
            f"MaxDrawdown(inputs=[P.close], window_length={days})",
            f"BollingerBands(window_length={days}, k=2).{self._one_of('lower', 'upper')}",
            f"AnnualizedVolatility(window_length={days})",
            f"SimpleBeta(target=asset(4), regression_length={days + 3})",
            "TrueRange()",
            f"X.{self._one_of('sector', 'count')}.latest.peer_count()",
        )

    def factor(self, depth: int) -> str:
        if depth <= 0:
            return self.leaf()
        one, number = self.factor(depth - 1), round(self.rng.uniform(-3, 3), 2)
        method = self.rng.randrange(12)
        if method == 0:
            return f"({one}) {self._one_of('+', '-', '*', '/')} ({self.factor(depth - 1)})"
        if method == 1:
            return f"({one}) {self._one_of('+', '-', '*')} {number}"
        if method == 2:
            return f"{number} {self._one_of('+', '-', '*', '/')} ({one})"
        if method == 3:
            return f"({one}).{self._one_of('abs', 'arctan', 'arcsinh')}()"
        if method == 4:
            return f"({one}).rank({self._ranking()}{self._mask()})"
        if method == 5:
            return f"({one}).{self._one_of('zscore', 'demean')}({self._groups()})"
        if method == 6:
            return f"({one}).winsorize(0.1, {self._one_of(0.7, 0.95)}, {self._groups()})"
        if method == 7:
            return f"({one}).clip({min(number, 0.0)}, {abs(number)})"
        if method == 8:
            return f"({one}).fillna({self._one_of(number, self.leaf())})"
        if method == 9:
            return f"({self.filter(depth - 1)}).if_else({one}, {self.factor(depth - 1)})"
        if method == 10:
            return f"({one}) - ({one}).{self._one_of('mean', 'median', 'max', 'sum')}()"
        return f"SimpleMovingAverage(inputs=[{self.safe_factor()}], window_length={self._days()})"

    def _ranking(self) -> str:
        method = self._one_of("ordinal", "ordinal", "average", "dense")
        return f"'{method}', ascending={self.rng.random() < 0.5}, "

    def _mask(self) -> str:
        return self._one_of("", "mask=X.flag.latest", "mask=P.close.latest.notnull()")

    def _groups(self) -> str:
        groups = self._one_of("", "groupby=X.sector.latest, ", "groupby=X.count.latest, ")
        return groups + self._mask()

    def filter(self, depth: int) -> str:
        if depth <= 0:
            return self._one_of("X.flag.latest", "X.x.latest > 0", "P.close.latest.notnull()")
        one, number = self.factor(depth - 1), round(self.rng.uniform(-1, 30), 1)
        other = self.filter(depth - 1)
        return self._one_of(
            f"({one}) {self._one_of('<', '<=', '>', '>=', '!=')} {number}",
            f"({one}) {self._one_of('<', '>=')} ({self.leaf()})",
            f"({one}).top({self.rng.randint(2, 9)}, {self._mask()})",
            f"({one}).bottom({self.rng.randint(1, 9)}, {self._groups()})",
            f"({one}).percentile_between(20, 70)",
            f"({one}).{self._one_of('isnull', 'notnull', 'isfinite')}()",
            f"({other}) {self._one_of('&', '|')} ({self.filter(depth - 1)})",
            f"~({other})",
            f"All(inputs=[{other}], window_length=3)",
            f"AtLeastN(inputs=[{other}], window_length=5, N=2)",
            f"({self.labels(depth - 1)}).isnull()",
        )

    def labels(self, depth: int) -> str:
        if depth <= 0:
            return self._one_of("X.code.latest", "X.count.latest")
        return self._one_of(
            f"X.x.latest.quantiles({self.rng.randint(2, 6)})",
            f"{self.safe_factor()}.rank().quantiles(3, mask=P.close.latest.notnull())",
            "X.code.latest.relabel(lambda text: text[:1])",
            f"({self.filter(depth - 1)}).if_else(X.count.latest, X.x.latest.quartiles())",
            "X.x.latest.quintiles().downsample('week_start')",
        )

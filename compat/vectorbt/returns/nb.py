"""Jitted functions of returns under VectorBT's names: for scripts that call them from their own.

`X_1d_nb` takes one series, `X_nb` a matrix (a number or a series per column), `rolling_X_nb` a
window besides. The formulas are those of `core.return_ratios`.
"""

from __future__ import annotations

import numpy as np

from ....core import return_ratios as ratios
from ....core.jit import njit
from ....core.metrics import simple_return

ratio, roll, grown = ratios.ratio, ratios.roll, ratios.grown
get_return_nb = simple_return
cum_returns_final_1d_nb = ratios.total


@njit
def total_return_apply_nb(idxs, col, returns):
    """For `.vbt.returns.resample_apply`: the return of a part."""
    return np.nanprod(returns + 1) - 1


annualized_return_1d_nb = ratios.annualized
annualized_volatility_1d_nb = ratios.volatility
max_drawdown_1d_nb = ratios.max_drawdown
calmar_ratio_1d_nb = ratios.calmar
ulcer_index_1d_nb = ratios.ulcer
martin_ratio_1d_nb = ratios.martin
omega_ratio_1d_nb = ratios.omega
sharpe_ratio_1d_nb = ratios.sharpe
downside_risk_1d_nb = ratios.downside
sortino_ratio_1d_nb = ratios.sortino
information_ratio_1d_nb = ratios.information
beta_1d_nb = ratios.beta
alpha_1d_nb = ratios.alpha
tail_ratio_1d_nb = ratios.tail
value_at_risk_1d_nb = ratios.value_at_risk
cond_value_at_risk_1d_nb = ratios.expected_shortfall
capture_1d_nb = ratios.capture
up_capture_1d_nb = ratios.up_capture
down_capture_1d_nb = ratios.down_capture


@njit
def returns_1d_nb(value, init_value):
    """Returns from one value to the next, the first from `init_value`."""
    out = np.empty(len(value))
    before = init_value
    for i in range(len(value)):
        out[i] = simple_return(before, value[i])
        before = value[i]
    return out


@njit
def returns_nb(value, init_value):
    """`returns_1d_nb` of each column; `init_value` by column."""
    out = np.empty(value.shape)
    for k in range(value.shape[1]):
        before = init_value[k]
        for i in range(value.shape[0]):
            out[i, k] = simple_return(before, value[i, k])
            before = value[i, k]
    return out


@njit
def cum_returns_1d_nb(returns, start_value):
    """What `start_value` grows to; with 0 the growth less one."""
    return grown(returns.reshape((-1, 1)), float(start_value))[:, 0]


@njit
def cum_returns_nb(returns, start_value):
    """`cum_returns_1d_nb` of each column."""
    return grown(returns, float(start_value))


@njit
def drawdown_1d_nb(returns):
    """How far the compounded returns are below their peak."""
    out = cum_returns_1d_nb(returns, 100.0)
    peak = np.nan
    for i in range(len(out)):
        if not out[i] <= peak:
            peak = out[i]
        out[i] = out[i] / peak - 1.0
    return out


@njit
def drawdown_nb(returns):
    """`drawdown_1d_nb` of each column."""
    out = np.empty(returns.shape)
    for k in range(returns.shape[1]):
        series = drawdown_1d_nb(returns[:, k])
        for i in range(len(series)):
            out[i, k] = series[i]
    return out


@njit
def _of_columns(number, returns, benchmark, factor, p, q):
    out = np.empty(returns.shape[1])
    for k in range(len(out)):
        out[k] = ratio(number, returns[:, k], benchmark[:, k], factor, p, q)
    return out


@njit
def _rolling(number, returns, window, minp, benchmark, factor, p, q):
    least = window if minp is None else minp
    out = np.empty(returns.shape[::-1])
    for k in range(returns.shape[1]):
        roll(number, returns[:, k], benchmark[:, k], window, least, factor, p, q, out[k])
    return out.T


@njit
def cum_returns_final_nb(returns, start_value=0.0):
    return _of_columns(ratios.TOTAL, returns, returns, 1.0, float(start_value), 0.0)


@njit
def rolling_cum_returns_final_nb(returns, window, minp, start_value=0.0):
    start = float(start_value)
    return _rolling(ratios.TOTAL, returns, window, minp, returns, 1.0, start, 0.0)


@njit
def annualized_return_nb(returns, ann_factor):
    return _of_columns(ratios.ANNUALIZED, returns, returns, float(ann_factor), 0.0, 0.0)


@njit
def rolling_annualized_return_nb(returns, window, minp, ann_factor):
    factor = float(ann_factor)
    return _rolling(ratios.ANNUALIZED, returns, window, minp, returns, factor, 0.0, 0.0)


@njit
def annualized_volatility_nb(returns, ann_factor, levy_alpha=2.0, ddof=1):
    factor, alpha = float(ann_factor), float(levy_alpha)
    return _of_columns(ratios.VOLATILITY, returns, returns, factor, alpha, float(ddof))


@njit
def rolling_annualized_volatility_nb(returns, window, minp, ann_factor, levy_alpha=2.0, ddof=1):
    factor, alpha = float(ann_factor), float(levy_alpha)
    return _rolling(ratios.VOLATILITY, returns, window, minp, returns, factor, alpha, float(ddof))


@njit
def max_drawdown_nb(returns):
    return _of_columns(ratios.MAX_DRAWDOWN, returns, returns, 1.0, 0.0, 0.0)


@njit
def rolling_max_drawdown_nb(returns, window, minp):
    return _rolling(ratios.MAX_DRAWDOWN, returns, window, minp, returns, 1.0, 0.0, 0.0)


@njit
def calmar_ratio_nb(returns, ann_factor):
    return _of_columns(ratios.CALMAR, returns, returns, float(ann_factor), 0.0, 0.0)


@njit
def rolling_calmar_ratio_nb(returns, window, minp, ann_factor):
    factor = float(ann_factor)
    return _rolling(ratios.CALMAR, returns, window, minp, returns, factor, 0.0, 0.0)


@njit
def ulcer_index_nb(returns):
    return _of_columns(ratios.ULCER, returns, returns, 1.0, 0.0, 0.0)


@njit
def rolling_ulcer_index_nb(returns, window, minp):
    return _rolling(ratios.ULCER, returns, window, minp, returns, 1.0, 0.0, 0.0)


@njit
def martin_ratio_nb(returns, ann_factor, risk_free=0.0):
    factor = float(ann_factor)
    return _of_columns(ratios.MARTIN, returns, returns, factor, float(risk_free), 0.0)


@njit
def rolling_martin_ratio_nb(returns, window, minp, ann_factor, risk_free=0.0):
    factor, free = float(ann_factor), float(risk_free)
    return _rolling(ratios.MARTIN, returns, window, minp, returns, factor, free, 0.0)


@njit
def omega_ratio_nb(returns, ann_factor, risk_free=0.0, required_return=0.0):
    factor, free = float(ann_factor), float(risk_free)
    return _of_columns(ratios.OMEGA, returns, returns, factor, free, float(required_return))


@njit
def rolling_omega_ratio_nb(returns, window, minp, ann_factor, risk_free=0.0, required_return=0.0):
    factor, free = float(ann_factor), float(risk_free)
    required = float(required_return)
    return _rolling(ratios.OMEGA, returns, window, minp, returns, factor, free, required)


@njit
def sharpe_ratio_nb(returns, ann_factor, risk_free=0.0, ddof=1):
    factor, free = float(ann_factor), float(risk_free)
    return _of_columns(ratios.SHARPE, returns, returns, factor, free, float(ddof))


@njit
def rolling_sharpe_ratio_nb(returns, window, minp, ann_factor, risk_free=0.0, ddof=1):
    factor, free = float(ann_factor), float(risk_free)
    return _rolling(ratios.SHARPE, returns, window, minp, returns, factor, free, float(ddof))


@njit
def downside_risk_nb(returns, ann_factor, required_return=0.0):
    factor = float(ann_factor)
    return _of_columns(ratios.DOWNSIDE, returns, returns, factor, float(required_return), 0.0)


@njit
def rolling_downside_risk_nb(returns, window, minp, ann_factor, required_return=0.0):
    factor, required = float(ann_factor), float(required_return)
    return _rolling(ratios.DOWNSIDE, returns, window, minp, returns, factor, required, 0.0)


@njit
def sortino_ratio_nb(returns, ann_factor, required_return=0.0):
    factor = float(ann_factor)
    return _of_columns(ratios.SORTINO, returns, returns, factor, float(required_return), 0.0)


@njit
def rolling_sortino_ratio_nb(returns, window, minp, ann_factor, required_return=0.0):
    factor, required = float(ann_factor), float(required_return)
    return _rolling(ratios.SORTINO, returns, window, minp, returns, factor, required, 0.0)


@njit
def information_ratio_nb(returns, benchmark_rets, ddof=1):
    return _of_columns(ratios.INFORMATION, returns, benchmark_rets, 1.0, 0.0, float(ddof))


@njit
def rolling_information_ratio_nb(returns, window, minp, benchmark_rets, ddof=1):
    return _rolling(
        ratios.INFORMATION, returns, window, minp, benchmark_rets, 1.0, 0.0, float(ddof)
    )


@njit
def beta_nb(returns, benchmark_rets):
    return _of_columns(ratios.BETA, returns, benchmark_rets, 1.0, 0.0, 0.0)


@njit
def rolling_beta_nb(returns, window, minp, benchmark_rets):
    return _rolling(ratios.BETA, returns, window, minp, benchmark_rets, 1.0, 0.0, 0.0)


@njit
def alpha_nb(returns, benchmark_rets, ann_factor, risk_free=0.0):
    factor = float(ann_factor)
    return _of_columns(ratios.ALPHA, returns, benchmark_rets, factor, float(risk_free), 0.0)


@njit
def rolling_alpha_nb(returns, window, minp, benchmark_rets, ann_factor, risk_free=0.0):
    factor, free = float(ann_factor), float(risk_free)
    return _rolling(ratios.ALPHA, returns, window, minp, benchmark_rets, factor, free, 0.0)


@njit
def tail_ratio_nb(returns):
    return _of_columns(ratios.TAIL, returns, returns, 1.0, 0.0, 0.0)


@njit
def rolling_tail_ratio_nb(returns, window, minp):
    return _rolling(ratios.TAIL, returns, window, minp, returns, 1.0, 0.0, 0.0)


@njit
def value_at_risk_nb(returns, cutoff=0.05):
    return _of_columns(ratios.VALUE_AT_RISK, returns, returns, 1.0, float(cutoff), 0.0)


@njit
def rolling_value_at_risk_nb(returns, window, minp, cutoff=0.05):
    return _rolling(ratios.VALUE_AT_RISK, returns, window, minp, returns, 1.0, float(cutoff), 0.0)


@njit
def cond_value_at_risk_nb(returns, cutoff=0.05):
    return _of_columns(ratios.EXPECTED_SHORTFALL, returns, returns, 1.0, float(cutoff), 0.0)


@njit
def rolling_cond_value_at_risk_nb(returns, window, minp, cutoff=0.05):
    return _rolling(
        ratios.EXPECTED_SHORTFALL, returns, window, minp, returns, 1.0, float(cutoff), 0.0
    )


@njit
def capture_nb(returns, benchmark_rets, ann_factor):
    return _of_columns(ratios.CAPTURE, returns, benchmark_rets, float(ann_factor), 0.0, 0.0)


@njit
def rolling_capture_nb(returns, window, minp, benchmark_rets, ann_factor):
    factor = float(ann_factor)
    return _rolling(ratios.CAPTURE, returns, window, minp, benchmark_rets, factor, 0.0, 0.0)


@njit
def up_capture_nb(returns, benchmark_rets, ann_factor):
    return _of_columns(ratios.UP_CAPTURE, returns, benchmark_rets, float(ann_factor), 0.0, 0.0)


@njit
def rolling_up_capture_nb(returns, window, minp, benchmark_rets, ann_factor):
    factor = float(ann_factor)
    return _rolling(ratios.UP_CAPTURE, returns, window, minp, benchmark_rets, factor, 0.0, 0.0)


@njit
def down_capture_nb(returns, benchmark_rets, ann_factor):
    factor = float(ann_factor)
    return _of_columns(ratios.DOWN_CAPTURE, returns, benchmark_rets, factor, 0.0, 0.0)


@njit
def rolling_down_capture_nb(returns, window, minp, benchmark_rets, ann_factor):
    factor = float(ann_factor)
    return _rolling(ratios.DOWN_CAPTURE, returns, window, minp, benchmark_rets, factor, 0.0, 0.0)

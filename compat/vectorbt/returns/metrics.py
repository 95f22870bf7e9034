"""The deflated Sharpe ratio from numbers that a script has computed itself."""

from __future__ import annotations

import numpy as np

from ....core.equity_statistics import expected_maximum_sharpe_ratio, normal_probability

__all__ = ["approx_exp_max_sharpe", "deflated_sharpe_ratio"]


def approx_exp_max_sharpe(mean_sharpe: float, var_sharpe: float, nb_trials: int) -> float:
    """The best Sharpe ratio to expect of so many trials without skill."""
    return np.float64(mean_sharpe + expected_maximum_sharpe_ratio(nb_trials, var_sharpe))


def deflated_sharpe_ratio(
    *, est_sharpe, var_sharpe: float, nb_trials: int, backtest_horizon, skew, kurtosis
):
    """The probability that a Sharpe ratio is better than the luckiest trial.

    All per bar; kurtosis: 3 for a normal distribution.
    """
    luck = approx_exp_max_sharpe(0.0, var_sharpe, nb_trials)
    spread = np.sqrt(1 - skew * est_sharpe + (kurtosis - 1) / 4 * est_sharpe**2)
    return normal_probability((est_sharpe - luck) * np.sqrt(backtest_horizon - 1) / spread)

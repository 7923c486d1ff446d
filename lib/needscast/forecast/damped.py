"""Contender 2: the recent pace, damped by one over the age, with the errors the other crises made.

Four terms for the middle, five for the width, a Laplace likelihood with a ridge; the shape of the errors is empirical.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from needscast.forecast.levels import weighted_quantiles
from needscast.forecast.regression import ages, by_row, level, pace, restlessness

RIDGE = 0.05
WIDTH_FROM = (-1.0, 0.7)  # log width and its slope in log age time, where the ridge starts from


@dataclass(frozen=True)
class Damped:
    """Coefficients of middle and log width, and the quantiles of the standardised errors at LEVELS."""

    middle: tuple[float, ...]
    width: tuple[float, ...]
    errors: tuple[float, ...]
    dated: bool

    def quantiles(self, cases: pd.DataFrame) -> np.ndarray:
        """Return log growth at LEVELS, one row for each case."""
        place, width = _design(cases, self.dated)
        return by_row(place, self.middle)[:, None] + _width(by_row(width, self.width))[:, None] * np.array(self.errors)


def fit(cases: pd.DataFrame, weights: np.ndarray, *, dated: bool) -> Damped:
    """Fit the coefficients to past cases."""
    from scipy.optimize import minimize

    place, width = _design(cases, dated)
    growth, share = cases["growth"].to_numpy(), weights / weights.sum()
    size = np.sqrt(share @ place**2) + 1e-9
    scaled, count = place / size, place.shape[1]
    start = np.concatenate([np.zeros(count), WIDTH_FROM, np.zeros(width.shape[1] - 2)])
    penalty = np.full(len(start), RIDGE)
    penalty[count] = 0.0

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        log_width = width @ theta[count:]
        error = growth - scaled @ theta[:count]
        distance, spread, off = np.sqrt(error**2 + 1e-6), _width(log_width), theta - start
        value = share @ (distance / spread + np.clip(log_width, -6.0, 2.0)) + penalty @ off**2
        by_middle = -(share * error / distance / spread) @ scaled
        by_width = (share * (1 - distance / spread)) @ width
        return float(value), np.concatenate([by_middle, by_width]) + 2 * penalty * off

    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    errors = (growth - scaled @ found[:count]) / _width(width @ found[count:])
    shape = weighted_quantiles(errors, share)
    return Damped(tuple(found[:count] / size), tuple(found[count:]), tuple(shape), dated)


def _width(logs: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(logs, -6.0, 2.0))


def _design(cases: pd.DataFrame, dated: bool) -> tuple[np.ndarray, np.ndarray]:
    horizon, first = cases["horizon"].to_numpy(), cases["first"].to_numpy()
    age = ages(cases, dated) + (1.0 if dated else 0.0)
    time = np.log1p(horizon / age)
    place = [
        time,
        time * level(cases),
        np.maximum(age, 2.0) * time * np.clip(pace(cases, 4), -0.5, 0.5) * (1 - first),
        4 * (1 - np.exp(-horizon / 4)) * pace(cases, 16),
    ]
    width = [np.ones(len(cases)), np.log(time), first, restlessness(cases), level(cases)]
    return np.column_stack(place), np.column_stack(width)

"""Contender 3: analogues. The growth that past crises showed from a like position, weighted by likeness.

Each past case counts by a Gaussian kernel in age, pace, horizon, level, measure and distance from the peak. Growth is
carried over in age time, so that a crisis of ten weeks can learn from one of five. Kept wide: with some twenty
crises, a narrow kernel finds one analogue and believes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from needscast.forecast.levels import LEVELS
from needscast.forecast.regression import LEVEL_FROM, ages, pace

AGE_TIME_POWER = 0.7  # growth is compared after division by age time to this power
PACE_UNIT = 0.05  # per week; below it paces differ linearly, above it by their ratio
HORIZON_WIDTH, FIRST_WIDTH, MEASURE_WIDTH, PEAK_WIDTH, LEVEL_WIDTH = 1.5, 0.5, 2.0, 1.0, 0.6
EVERYBODY = 1e-3  # every past case counts at least as much as a case this alike
CHUNK = 256  # cases at a time, to keep memory small


@dataclass(frozen=True)
class Analogues:
    """Past cases by their position, sorted by growth in age time, with their weights."""

    places: np.ndarray
    growth: np.ndarray
    weights: np.ndarray
    bandwidth: float
    dated: bool

    def quantiles(self, cases: pd.DataFrame) -> np.ndarray:
        """Return log growth at LEVELS, one row for each case."""
        places, time = _places(cases, self.dated, self.bandwidth)
        found = np.empty((len(cases), len(LEVELS)))
        for start in range(0, len(cases), CHUNK):
            part = slice(start, start + CHUNK)
            for row, likeness in enumerate(self._likeness(places[part]), start):
                mass = likeness * self.weights
                found[row] = np.interp(LEVELS, (np.cumsum(mass) - 0.5 * mass) / mass.sum(), self.growth)
        return found * time[:, None] ** AGE_TIME_POWER

    def _likeness(self, places: np.ndarray) -> np.ndarray:
        apart = sum((mine[:, None] - past) ** 2 for mine, past in zip(places.T, self.places.T, strict=True))
        return np.exp(-0.5 * np.asarray(apart)) + EVERYBODY


def fit(cases: pd.DataFrame, weights: np.ndarray, *, dated: bool, bandwidth: float) -> Analogues:
    """Keep the past cases in order of their growth.

    Parameters
    ----------
    bandwidth : of log age and of pace.
    """
    places, time = _places(cases, dated, bandwidth)
    growth = cases["growth"].to_numpy() / time**AGE_TIME_POWER
    order = np.argsort(growth, kind="stable")
    return Analogues(places[order], growth[order], weights[order] / weights.sum(), bandwidth, dated)


def _places(cases: pd.DataFrame, dated: bool, bandwidth: float) -> tuple[np.ndarray, np.ndarray]:
    age = ages(cases, dated) + (1.0 if dated else 0.0)
    horizon = cases["horizon"].to_numpy()
    size = np.clip(cases["log_value"].to_numpy() - np.log(LEVEL_FROM), -4.5, 2.5) / np.sqrt(cases["figures"].to_numpy())
    places = [
        np.log(age) / bandwidth,
        np.arcsinh(pace(cases, 4) / PACE_UNIT) / bandwidth,
        np.arcsinh(pace(cases, 16) / PACE_UNIT) / (1.5 * bandwidth),
        np.log(horizon) / HORIZON_WIDTH,
        cases["first"].to_numpy() / FIRST_WIDTH,
        cases["cumulative"].to_numpy() / MEASURE_WIDTH,
        np.maximum(cases["below_peak"].to_numpy(), -1.0) / PEAK_WIDTH,
        size / LEVEL_WIDTH,
    ]
    return np.column_stack(places), np.log1p(horizon / age)

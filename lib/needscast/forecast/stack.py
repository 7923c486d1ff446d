"""How the contenders are joined: weighted quantiles, widths set by past coverage, and a soft ceiling.

Everything here is chosen on crises that were left out of the fit: which variant of each contender, how much each
counts, and how much wider or narrower their joint ranges must be to hold what they promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from needscast.forecast.levels import LEVELS, MEDIAN

FAMILIES = ("regression", "damped", "analogues")
VARIANTS: Mapping[str, tuple[Mapping[str, object], ...]] = {
    "regression": ({"ridge": 0.0025}, {"ridge": 0.006}, {"ridge": 0.0025, "hedged": True}),
    "damped": ({},),
    "analogues": ({"bandwidth": 1.2}, {"bandwidth": 2.2}),
}
# No contender is dropped on the word of twenty crises: weights that were free to go down to 0.1 cost 4 % of the score
# of the crises left out, and even ones less than 1 %.
LEAST_WEIGHT, WEIGHT_STEP = 0.25, 0.05
GOALS = {0.5: 0.50, 0.8: 0.81, 0.95: 0.96}  # mass of a range -> how often it shall hold on crises left out
NARROWEST, WIDEST = 0.4, 1.6
CALM, RESTLESS = 0.02, 0.1  # size of past steps, log units per square root of a week; see Stack
CEILING = 2.5  # times the population at risk; the denominator is seldom a true total (Marawi reached 2.3)
QUIET, STILL = 0.05, 0.1  # a series whose past steps are below the one has, at the other's quantile or lower, no growth
LARGEST = 5e7  # people; no single crisis has displaced more
HEADROOM = 0.2  # log; even at the ceiling a coverage step can follow


UNCHANGED = (1.0,) * len(GOALS)


@dataclass(frozen=True)
class Stack:
    """Which variants, how much each contender counts, and factors on the widths of the 50, 80 and 95 % ranges.

    A register that moves by a hundredth a week needs other factors than a count that doubles: one set is for calm
    series, one for restless ones and for first rows, of which nothing is known; between CALM and RESTLESS they mix.
    """

    variants: tuple[int, ...]
    weights: tuple[float, ...]
    calm: tuple[float, ...] = UNCHANGED
    restless: tuple[float, ...] = UNCHANGED

    def join(self, members: Sequence[np.ndarray], cases: pd.DataFrame) -> np.ndarray:
        """Return log growth at LEVELS from that of the contenders: ordered, recalibrated, below the ceiling."""
        joint = sum(weight * np.sort(member, axis=1) for weight, member in zip(self.weights, members, strict=True))
        return below_ceiling(may_stand_still(self._widened(np.asarray(joint), unrest(cases)), cases), cases)

    def _widened(self, quantiles: np.ndarray, mix: np.ndarray) -> np.ndarray:
        """Move quantiles away from the median by factors known at the masses of GOALS, linear between."""
        calm, restless = (np.interp(np.abs(2 * LEVELS - 1), [*GOALS], widths) for widths in (self.calm, self.restless))
        factors = calm + mix[:, None] * (restless - calm)
        middle = quantiles[:, [MEDIAN]]
        return np.sort(middle + factors * (quantiles - middle), axis=1)


def unrest(cases: pd.DataFrame) -> np.ndarray:
    """Return 0 for a calm series, 1 for a restless one and for a first row, between them by the log of the steps."""
    steps = cases["restlessness"].fillna(RESTLESS).clip(CALM, RESTLESS).to_numpy()
    return np.asarray(np.log(steps / CALM) / np.log(RESTLESS / CALM))


def may_stand_still(growth: np.ndarray, cases: pd.DataFrame) -> np.ndarray:
    """Let a series that has hardly moved go on so: its lower quantiles are at most no growth at all."""
    quiet = (cases["restlessness"] < QUIET).to_numpy()[:, None]
    return np.where(quiet & (LEVELS <= STILL + 1e-9), np.minimum(growth, 0.0), growth)


def below_ceiling(growth: np.ndarray, cases: pd.DataFrame) -> np.ndarray:
    """Bend growth so that it levels off towards CEILING times the population at risk, where that is known."""
    room = np.log(LARGEST) - cases["log_value"].to_numpy()
    share = cases["log_share"].to_numpy()
    room = np.where(np.isnan(share), room, np.fmin(room, np.log(CEILING) - np.minimum(share, 0)))
    room = np.maximum(room, HEADROOM)[:, None]
    return np.where(growth > 0, room * -np.expm1(-np.maximum(growth, 0.0) / room), growth)


def scores(quantiles: np.ndarray, growth: np.ndarray) -> np.ndarray:
    """Return the weighted interval score of each case: twice the mean pinball loss over the 23 levels."""
    excess = growth[:, None] - quantiles
    return 2 * np.mean(np.maximum(LEVELS * excess, (LEVELS - 1) * excess), axis=1)


def choose(
    members: Mapping[str, Sequence[np.ndarray]], cases: pd.DataFrame, growth: np.ndarray, weights: np.ndarray
) -> Stack:
    """Choose variants, weights and widths on forecasts of crises that were left out of their fit.

    Parameters
    ----------
    members : by family, one array of quantiles for each variant.
    cases, growth, weights : what was forecast, what came, and how much it counts.
    """

    def score(quantiles: np.ndarray) -> float:
        return float(weights @ scores(quantiles, growth))

    variants = tuple(int(np.argmin([score(one) for one in members[family]])) for family in FAMILIES)
    chosen = [members[family][number] for family, number in zip(FAMILIES, variants, strict=True)]
    mixes = _mixes(len(FAMILIES))
    best = min(mixes, key=lambda mix: score(Stack(variants, mix).join(chosen, cases)))
    joint, mix = Stack(variants, best).join(chosen, cases), unrest(cases)
    calm, restless = (_widths(joint, growth, weights * share) for share in (1 - mix, mix))
    return Stack(variants, best, calm, restless)


def _mixes(count: int) -> list[tuple[float, ...]]:
    steps = round((1 - count * LEAST_WEIGHT) / WEIGHT_STEP)
    parts = [part for part in product(range(steps + 1), repeat=count) if sum(part) == steps]
    return [tuple(round(LEAST_WEIGHT + WEIGHT_STEP * one, 3) for one in part) for part in parts]


def _widths(joint: np.ndarray, growth: np.ndarray, weights: np.ndarray) -> tuple[float, ...]:
    """Return the factor at which each range holds as often as it shall: a quantile of distance over half-width."""
    middle, found = joint[:, MEDIAN], []
    for mass, goal in GOALS.items():
        low, high = np.searchsorted(LEVELS, [(1 - mass) / 2 - 1e-9, (1 + mass) / 2 - 1e-9])
        side = np.where(growth < middle, middle - joint[:, low], joint[:, high] - middle)
        needed = np.abs(growth - middle) / np.maximum(side, 1e-9)
        order = np.argsort(needed)
        reach = np.cumsum(weights[order]) / max(weights.sum(), 1e-9)
        place = min(int(np.searchsorted(reach, goal)), len(order) - 1)
        found.append(float(np.clip(needed[order][place], NARROWEST, WIDEST)))
    return tuple(found)

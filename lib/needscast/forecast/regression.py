"""Contender 1: a two-piece Student-t whose place and widths are linear in age, pace and level.

The growth of a reported series falls roughly as one over its age, so everything is written in "age time"
u = log(1 + horizon / (age + 1)). Left and right half have widths of their own: mass return on one side, a second wave
or a step in coverage on the other. Fitted by the weighted interval score itself, with a ridge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from needscast.forecast.levels import LEVELS

DEGREES_OF_FREEDOM = 2.0
UNDATED_AGE = 3.0  # weeks that a series has run before its first row, when no onset is known
LEVEL_FROM = 200_000  # people; a first figure far below it has mostly been an incomplete count
SHARE_FROM = 0.1  # of the population at risk; also what an unknown share is taken for
LEAST_STEP, MIDDLING_STEP, TRUSTED_STEPS = 0.01, 0.22, 2  # log units per square root of a week; a count
LOG_WIDTHS = (np.log(0.2), np.log(0.4))  # of left and right half, where the ridge starts from
LOCATION = ("level", "share", "age_time", "rising", "falling", "pace", "cumulative", "below_peak", "lower_bound")
WIDTH = ("one", "age_time", "horizon", "first", "restlessness")


@dataclass(frozen=True)
class Regression:
    """Coefficients of location, and of the logs of left and right width, by the names above."""

    location: tuple[float, ...]
    left: tuple[float, ...]
    right: tuple[float, ...]
    dated: bool

    def quantiles(self, cases: pd.DataFrame) -> np.ndarray:
        """Return log growth at LEVELS, one row for each case."""
        place, width = _design(cases, self.dated)
        return _spread(by_row(place, self.location), by_row(width, self.left), by_row(width, self.right))


def fit(cases: pd.DataFrame, weights: np.ndarray, *, dated: bool, ridge: float, hedged: bool = False) -> Regression:
    """Fit the coefficients to past cases.

    Parameters
    ----------
    weights : of the cases; dated : whether ages are used.
    ridge : weight of the squared coefficients, in units of the score.
    hedged : whether a newest figure that is a lower bound moves the location.
    """
    from scipy.optimize import minimize

    place, width = _design(cases, dated)
    place = place * np.array([hedged or name != "lower_bound" for name in LOCATION])
    share = weights / weights.sum()
    size = np.sqrt(share @ place**2) + 1e-9
    middle = (share @ width) * np.array([name != "one" for name in WIDTH])
    spread = np.sqrt(share @ (width - middle) ** 2) + 1e-9
    loss = _Loss(place / size, (width - middle) / spread, cases["growth"].to_numpy(), share, ridge)
    found = minimize(loss, loss.start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    location, left, right = loss.split(found)
    return Regression(tuple(location / size), _unscaled(left, middle, spread), _unscaled(right, middle, spread), dated)


def _unscaled(coefficients: np.ndarray, middle: np.ndarray, spread: np.ndarray) -> tuple[float, ...]:
    plain = coefficients / spread
    plain[0] -= plain @ middle
    return tuple(plain)


class _Loss:
    """Weighted interval score plus ridge, with its gradient; the slopes of both widths are drawn together."""

    def __init__(self, place: np.ndarray, width: np.ndarray, growth: np.ndarray, share: np.ndarray, ridge: float):
        self.place, self.width, self.growth, self.share, self.ridge = place, width, growth, share, ridge
        count, widths = place.shape[1], width.shape[1]
        self.cuts = (count, count + widths)
        self.start = np.zeros(count + 2 * widths)
        self.start[count], self.start[count + widths] = LOG_WIDTHS
        self.penalty = np.full(len(self.start), ridge)
        self.penalty[[count, count + widths]] = 0.0

    def split(self, theta: np.ndarray) -> list[np.ndarray]:
        return np.split(theta, self.cuts)

    def __call__(self, theta: np.ndarray) -> tuple[float, np.ndarray]:
        location, left, right = self.split(theta)
        log_left, log_right = self.width @ left, self.width @ right
        excess = self.growth[:, None] - _spread(self.place @ location, log_left, log_right)
        scores = np.maximum(LEVELS * excess, (LEVELS - 1) * excess).sum(1)
        slope = ((excess < 0) - LEVELS) * (2 / len(LEVELS) * self.share[:, None])
        by_left = (slope * np.minimum(_STUDENT, 0)).sum(1) * _widths(log_left)
        by_right = (slope * np.maximum(_STUDENT, 0)).sum(1) * _widths(log_right)
        gradient = np.concatenate([slope.sum(1) @ self.place, by_left @ self.width, by_right @ self.width])
        loss = 2 / len(LEVELS) * (scores @ self.share)
        off, apart = theta - self.start, left[1:] - right[1:]
        pull = 4 * self.ridge * apart
        gradient += 2 * self.penalty * off
        gradient[self.cuts[0] + 1 : self.cuts[1]] += pull
        gradient[self.cuts[1] + 1 :] -= pull
        return float(loss + self.penalty @ off**2 + 2 * self.ridge * apart @ apart), gradient


def _student(levels: np.ndarray) -> np.ndarray:
    """Quantiles of Student's t with two degrees of freedom, in closed form."""
    return (2 * levels - 1) / np.sqrt(2 * levels * (1 - levels))


_STUDENT = _student(LEVELS)


def _widths(logs: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(logs, -8.0, 3.0))


def _spread(middle: np.ndarray, log_left: np.ndarray, log_right: np.ndarray) -> np.ndarray:
    left, right = _widths(log_left)[:, None], _widths(log_right)[:, None]
    return middle[:, None] + np.where(_STUDENT < 0, left, right) * _STUDENT


def by_row(design: np.ndarray, coefficients: tuple[float, ...]) -> np.ndarray:
    """Return the linear predictor of each row, to the last bit the same whichever rows stand beside it.

    A matrix product is not: a forecast from one origin and the same one among a hundred would differ in rounding.
    """
    return (design * np.array(coefficients)).sum(axis=1)


def ages(cases: pd.DataFrame, dated: bool) -> np.ndarray:
    """Return weeks since the onset, or since a little before the first row where no onset is known."""
    return cases["age"].to_numpy() if dated else cases["record"].to_numpy() + UNDATED_AGE


def level(cases: pd.DataFrame) -> np.ndarray:
    """Return how far the newest figure is below LEVEL_FROM, fading with the number of figures; 0 or less."""
    below = np.clip(cases["log_value"].to_numpy() - np.log(LEVEL_FROM), -4.5, 0.0)
    return below / cases["figures"].to_numpy()


def pace(cases: pd.DataFrame, weeks: int) -> np.ndarray:
    """Return log growth per week over the last weeks, shrunk where it was seen over a short time."""
    return cases[f"growth_{weeks}"].to_numpy() / (cases[f"span_{weeks}"].to_numpy() + np.sqrt(weeks) / 2)


def restlessness(cases: pd.DataFrame) -> np.ndarray:
    """Return the log of the size of past steps over a middling one, the nearer to 0 the fewer steps there are."""
    steps = cases["figures"].to_numpy() - 1
    size = np.nan_to_num(np.log((cases["restlessness"].to_numpy() + LEAST_STEP) / MIDDLING_STEP))
    return size * steps / (steps + TRUSTED_STEPS)


def _design(cases: pd.DataFrame, dated: bool) -> tuple[np.ndarray, np.ndarray]:
    horizon, first = cases["horizon"].to_numpy(), cases["first"].to_numpy()
    age = ages(cases, dated) + 1.0
    time = np.log1p(horizon / age)
    seen = np.log(age / np.maximum(age - cases["span_4"].to_numpy(), 0.5)) + 0.05
    power = np.clip(cases["growth_4"].to_numpy() / seen, -4.0, 4.0) * (1 - first)
    share = np.log(np.clip(np.exp(cases["log_share"].fillna(np.log(SHARE_FROM)).to_numpy()), 0.01, 2.0) / SHARE_FROM)
    place = [
        time * level(cases),
        time * share,
        time,
        time * np.maximum(power, 0.0),
        time * np.minimum(power, 0.0),
        4 * (1 - np.exp(-horizon / 4)) * pace(cases, 4),
        time * cases["cumulative"].to_numpy(),
        time * np.maximum(cases["below_peak"].to_numpy(), -1.5),
        cases["lower_bound"].to_numpy(),
    ]
    width = [np.ones(len(cases)), np.log(time), np.log(horizon / 6), first, restlessness(cases)]
    return np.column_stack(place), np.column_stack(width)

"""Scores of forecasts against what was reported later.

Weighted interval score: Bracher, Ray, Gneiting and Reich (2021), PLoS Computational Biology 17(2), e1008618; over
equally weighted levels it is twice the mean pinball loss. The continuous ranked probability score is the same loss
integrated over the levels, so that the tails count by the probability they carry. Both in log units (0.1 is about
10 %) and in people. In the tables each crisis counts n / (n + 8) for its n forecasts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from needscast.forecast.levels import LEVELS, MEDIAN
from needscast.forecast.truth import crisis_weights

MASSES = (50, 80, 95)  # percent
MEASURES = ["wis_log", "crps_log", "wis_people", "crps_people", *(f"coverage_{mass}" for mass in MASSES)]
SUMMARY = ["model", "by", "name", "rows", "forecasts", "crises", *MEASURES, "share_above_median", "wis_ratio"]
_STEPS = np.diff(np.concatenate([[0.0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1.0]]))  # level mass each stands for


def pinball(quantiles: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the pinball loss by case and level."""
    excess = truth[:, None] - quantiles
    return np.maximum(LEVELS * excess, (LEVELS - 1) * excess)


def weighted_interval_score(quantiles: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the weighted interval score of each case, in the unit of the truth."""
    return 2 * pinball(quantiles, truth).mean(axis=1)


def ranked_probability_score(quantiles: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the continuous ranked probability score from quantiles, in the unit of the truth."""
    return 2 * pinball(quantiles, truth) @ _STEPS


def case_scores(people: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Return the scores of each case, and how much wider each range had to be to hold what came.

    Parameters
    ----------
    people : quantiles by case and level; truth : what was reported. [person]

    Returns
    -------
    The columns of MEASURES, share_above_median, and needed_50, needed_80, needed_95: distance of the truth from the
    median over the half of the range on its side, in logs; 1 lies on its end.
    """
    logs, log_truth = np.log(people), np.log(truth)
    made = {
        "wis_log": weighted_interval_score(logs, log_truth),
        "crps_log": ranked_probability_score(logs, log_truth),
        "wis_people": weighted_interval_score(people, truth),
        "crps_people": ranked_probability_score(people, truth),
    }
    for mass in MASSES:
        low, high = np.searchsorted(LEVELS, [(1 - mass / 100) / 2 - 1e-9, (1 + mass / 100) / 2 - 1e-9])
        near = 1e-9 * truth  # a value that stays to the person is inside, whatever the rounding
        made[f"coverage_{mass}"] = (truth >= people[:, low] - near) & (truth <= people[:, high] + near)
        made[f"needed_{mass}"] = _needed(logs[:, low], logs[:, MEDIAN], logs[:, high], log_truth)
    made["share_above_median"] = np.where(
        np.isclose(truth, people[:, MEDIAN], rtol=1e-9), 0.5, truth > people[:, MEDIAN]
    )
    return pd.DataFrame(made).astype(float)


def _needed(low: np.ndarray, middle: np.ndarray, high: np.ndarray, truth: np.ndarray) -> np.ndarray:
    half = np.where(truth < middle, middle - low, high - middle)
    return np.abs(truth - middle) / np.maximum(half, 1e-9)


def width_factors(scored: pd.DataFrame) -> pd.DataFrame:
    """Return how wide the ranges should have been: the factor at which each would have held as often as it says.

    Parameters
    ----------
    scored : case scores of one model, with columns group and horizon_weeks.

    Returns
    -------
    One row for each horizon and mass: horizon_weeks, mass [percent], held (share), factor. A factor of 1.2 means that
    both halves of the range, in logs, should have been 1.2 times as wide. Crises count n / (n + 8).
    """
    rows = []
    for weeks, part in scored.groupby("horizon_weeks"):
        weights = crisis_weights(part["group"])
        for mass in MASSES:
            needed = part[f"needed_{mass}"].to_numpy()
            order = np.argsort(needed, kind="stable")
            reach = np.cumsum(weights[order]) / weights.sum()
            place = min(int(np.searchsorted(reach, mass / 100)), len(order) - 1)
            held = np.average(part[f"coverage_{mass}"], weights=weights)
            rows.append(
                {"horizon_weeks": int(str(weeks)), "mass": mass, "held": held, "factor": float(needed[order[place]])}
            )
    return pd.DataFrame(rows, columns=["horizon_weeks", "mass", "held", "factor"])


def summary(scored: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores overall, by horizon, by crisis and by series, first rows apart from later ones.

    Parameters
    ----------
    scored : case scores with columns model, group, series, horizon_weeks, first.

    Returns
    -------
    One row for each model and slice; wis_ratio is wis_log over that of the better of persistence and drift.
    """
    made = [_means(part, by, name, rows) for by, name, rows, part in _slices(scored)]
    table = pd.concat(made, ignore_index=True)
    key = ["by", "name", "rows"]
    rivals = table[table["model"].isin(["persistence", "drift"])].groupby(key)["wis_log"].min()
    best = rivals.reindex(pd.MultiIndex.from_frame(table[key])).to_numpy()
    return table.assign(wis_ratio=table["wis_log"] / best)[SUMMARY]


def _slices(scored: pd.DataFrame) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    for rows in ("all", "first", "later"):
        part = scored if rows == "all" else scored[scored["first"] == (rows == "first")]
        if part.empty:
            continue
        yield "overall", "", rows, part
        for by, column in (("horizon", "horizon_weeks"), ("crisis", "group"), ("series", "series")):
            for name, slice_ in part.groupby(column):
                yield by, str(name), rows, slice_


def _means(part: pd.DataFrame, by: str, name: str, rows: str) -> pd.DataFrame:
    made = []
    for model, own in part.groupby("model", sort=False):
        weights = crisis_weights(own["group"])
        means = {column: np.average(own[column], weights=weights) for column in [*MEASURES, "share_above_median"]}
        made.append({"model": model, "forecasts": len(own), "crises": own["group"].nunique(), **means})
    return pd.DataFrame(made).assign(by=by, name=name, rows=rows)

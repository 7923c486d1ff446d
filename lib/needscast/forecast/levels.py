"""Quantile levels, quantiles of weighted samples, and the long table in which forecasts are exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

LEVELS = np.array([0.01, 0.025, *(round(0.05 * step, 2) for step in range(1, 20)), 0.975, 0.99])
MEDIAN = len(LEVELS) // 2
COLUMNS = ["series", "origin_date", "horizon_weeks", "target_date", "output_type", "output_type_id", "value"]


def weighted_quantiles(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the quantiles at LEVELS of weighted values, linear between them and flat beyond the outermost."""
    order = np.argsort(values, kind="stable")
    ranked, mass = values[order], weights[order]
    middle = (np.cumsum(mass) - 0.5 * mass) / mass.sum()
    return np.interp(LEVELS, middle, ranked)


def mean_of(quantiles: np.ndarray) -> np.ndarray:
    """Return the mean of values known by their quantiles.

    The outer 1 % on each side count at the outermost quantile: a power tail has no mean worth printing.

    Parameters
    ----------
    quantiles : values at LEVELS in the last dimension.
    """
    edges = np.concatenate([[0.0], LEVELS, [1.0]])
    ends = np.concatenate([quantiles[..., :1], quantiles, quantiles[..., -1:]], axis=-1)
    return np.sum((ends[..., 1:] + ends[..., :-1]) / 2 * np.diff(edges), axis=-1)


def long_table(series: str, origins: np.ndarray, horizons: Sequence[int], people: np.ndarray) -> pd.DataFrame:
    """Return quantiles and mean as the table other programs read.

    Parameters
    ----------
    origins : days since 1970-01-01; horizons : weeks.
    people : quantiles by origin, horizon and level. [person]
    """
    count, width = len(origins) * len(horizons), len(LEVELS) + 1
    day = np.repeat(np.asarray(origins, dtype=np.int64), len(horizons))
    week = np.tile(np.asarray(horizons, dtype=np.int64), len(origins))
    flat = people.reshape(count, len(LEVELS))
    values: Any = np.concatenate([flat, mean_of(flat)[:, None]], axis=1)
    return pd.DataFrame(
        {
            "series": series,
            "origin_date": np.repeat(day, width).astype("datetime64[D]").astype(str),
            "horizon_weeks": np.repeat(week, width),
            "target_date": np.repeat(day + 7 * week, width).astype("datetime64[D]").astype(str),
            "output_type": ([*["quantile"] * len(LEVELS), "mean"]) * count,
            "output_type_id": ([*(f"{level:g}" for level in LEVELS), ""]) * count,
            "value": values.ravel(),
        },
        columns=COLUMNS,
    )

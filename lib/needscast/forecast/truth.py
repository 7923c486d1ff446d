"""What was reported later: the figure a forecast is held against, and the past cases a model learns from.

A target date seldom is a day of reporting. Scores take the log-linear interpolation between the rows on both sides
of the target, if a row after the origin lies within a week or half the horizon of it; there is no extrapolation.
Learning takes the nearest later row itself, if it lies within four days or a quarter of the horizon: an interpolated
value moves less than a reported one, and a model that learns from it grows too sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from needscast.forecast.past import cases, origin_rows
from needscast.inputs.series import Series

LEARNING_HORIZONS = (1, 2, 3, 4, 6, 8, 12, 16, 20, 26)  # weeks
MOST_ORIGINS = 20  # of one series; a dense one is thinned evenly, its neighbours tell nothing new
SHRINKAGE = 8  # cases; a crisis with n cases counts n / (n + 8)


def interpolated(series: Series, row: int, target: float, *, limit: bool = True) -> float:
    """Return the log of the reported series at a target day, NaN where it cannot be known.

    Parameters
    ----------
    limit : whether a row must lie within a week or half the horizon of the target.
    """
    days = series.days
    later = days[row + 1 :]
    if not len(later) or target > later[-1]:
        return np.nan
    if limit and np.abs(later - target).min() > max(7.0, (target - days[row]) / 2):
        return np.nan
    return float(np.interp(target, days, np.log(series.values)))


def nearest(series: Series, row: int, target: float) -> float:
    """Return the log of the later figure nearest to a target day, NaN where none is near."""
    later = series.days[row + 1 :]
    if not len(later):
        return np.nan
    number = int(np.argmin(np.abs(later - target)))
    if abs(later[number] - target) > max(4.0, (target - series.days[row]) / 4):
        return np.nan
    return float(np.log(series.values[row + 1 + number]))


def crisis(series: Series) -> str:
    """Return the crisis a series belongs to; one without a group is a crisis of its own."""
    return series.group or series.name


def learning_cases(
    many: Iterable[Series], *, horizons: Sequence[float] = LEARNING_HORIZONS, thin: bool = True
) -> pd.DataFrame:
    """Return the past cases of many series whose outcome was reported, with columns group, series and growth."""
    tables = []
    for series in many:
        rows = origin_rows(series.days)
        if thin:
            rows = rows[:: max(1, len(rows) // MOST_ORIGINS)]
        table = cases(series, rows, horizons)
        targets = series.days[table["row"]] + 7 * table["horizon"].to_numpy()
        later = [nearest(series, int(row), day) for row, day in zip(table["row"], targets, strict=True)]
        tables.append(table.assign(group=crisis(series), series=series.name, growth=later - table["log_value"]))
    return pd.concat(tables).dropna(subset=["growth"]).reset_index(drop=True)


def crisis_weights(groups: pd.Series) -> np.ndarray:
    """Return weights that add up to n / (n + 8) over the n cases of each crisis."""
    size = groups.map(groups.value_counts()).to_numpy(dtype=float)
    return 1 / (size + SHRINKAGE)

"""What a series says at an origin: age, pace, level and turns, from rows up to that day and nothing later.

A case is one origin and one horizon. Its columns:

age : weeks from the onset to the newest row, NaN when no onset is known by then
record : weeks from the first to the newest row;  figures : number of rows;  first : 1.0 for the first row
cumulative : 1.0 for a count that adds up, 0.0 for a stock
lower_bound : 1.0 when the newest figure is hedged as "more than" or "at least"
growth_4, span_4, growth_16, span_16 : log growth over the last 4 and 16 weeks, and the weeks it was seen over
below_peak : log of newest over highest figure so far, 0 or less
restlessness : size of the steps between rows, per square root of a week, recent ones first; NaN for the first row
log_value : log of the newest figure;  log_share : log of its share of the population at risk, NaN if unknown
horizon : weeks from the newest row to the target
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from needscast.inputs.series import Series, adds_up

ORIGIN_GAP = 6  # days; a row closer to the origin before it is no origin
LOWER_BOUNDS = ("more than", "over", "at least", "no fewer than", "not less than", "exceeding", "upwards of")
EPOCH = date(1970, 1, 1).toordinal()
MEMORY_WEEKS = 12.0  # steps fade from the restlessness with this time


def day_number(day: date) -> int:
    """Return whole days since 1970-01-01."""
    return day.toordinal() - EPOCH


def origin_rows(days: np.ndarray) -> list[int]:
    """Return the rows that are origins: every row except one less than 6 days after the origin before it."""
    rows: list[int] = []
    for row, day in enumerate(days):
        if not rows or day - days[rows[-1]] >= ORIGIN_GAP:
            rows.append(row)
    return rows


def cases(series: Series, rows: Iterable[int], horizons: Sequence[float]) -> pd.DataFrame:
    """Return one case for each row and horizon, rows slow and horizons fast. [horizons in weeks]"""
    states = [_state(series, row) for row in rows]
    ahead = list(horizons)
    table = pd.DataFrame(states).loc[np.repeat(np.arange(len(states)), len(ahead))].reset_index(drop=True)
    table["horizon"] = np.tile(np.asarray(ahead, dtype=float), len(states))
    return table


def _state(series: Series, row: int) -> dict[str, float]:
    days, logs = series.days[: row + 1], np.log(series.values[: row + 1])
    newest = days[-1]
    onset = None if series.onset is None else day_number(series.onset)
    share = np.nan if series.population_at_risk is None else logs[-1] - np.log(series.population_at_risk)
    state = {
        "row": row,
        "age": np.nan if onset is None or onset > newest else (newest - onset) / 7,
        "record": (newest - days[0]) / 7,
        "figures": row + 1.0,
        "first": float(row == 0),
        "cumulative": float(adds_up(series.measures[row])),
        "lower_bound": float(series.hedges[row] in LOWER_BOUNDS),
        "below_peak": logs[-1] - logs.max(),
        "restlessness": _restlessness(days, logs),
        "log_value": logs[-1],
        "log_share": share,
    }
    for weeks in (4, 16):
        state[f"growth_{weeks}"], state[f"span_{weeks}"] = _growth(days, logs, 7 * weeks)
    return state


def _growth(days: np.ndarray, logs: np.ndarray, back: int) -> tuple[float, float]:
    """Return log growth over the last days, log-linear between rows, and the weeks actually seen."""
    start = max(days[0], days[-1] - back)
    return float(logs[-1] - np.interp(start, days, logs)), float(days[-1] - start) / 7


def _restlessness(days: np.ndarray, logs: np.ndarray) -> float:
    if len(days) < 2:
        return np.nan
    gaps, steps = np.diff(days) / 7, np.abs(np.diff(logs))
    fade = np.exp(-(days[-1] - days[1:]) / 7 / MEMORY_WEEKS)
    return float(np.sum(fade * steps) / np.sum(fade * np.sqrt(np.maximum(gaps, 0.3))))

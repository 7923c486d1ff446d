"""What a forecast must beat: the last figure, the usual growth, and the straight line.

All three take their spread from the errors that the same rule made on the other past crises, crisis by crisis.

persistence : the last figure stays; errors counted on both sides
climatology : the same, with errors on the side where they fell
drift : the pace of the last 16 weeks goes on; errors counted on both sides
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from needscast.forecast.levels import LEVELS, weighted_quantiles
from needscast.forecast.past import cases, origin_rows
from needscast.forecast.truth import crisis, crisis_weights, interpolated
from needscast.inputs.series import Series

BASELINES = ("persistence", "climatology", "drift")


def baseline_errors(many: Iterable[Series], horizons: Sequence[int]) -> pd.DataFrame:
    """Return past cases with what came: group, horizon, growth, drift."""
    tables = []
    for series in many:
        table = cases(series, origin_rows(series.days), horizons)
        targets = series.days[table["row"]] + 7 * table["horizon"].to_numpy()
        later = [interpolated(series, int(row), day) for row, day in zip(table["row"], targets, strict=True)]
        tables.append(table.assign(group=crisis(series), growth=later - table["log_value"], drift=drift(table)))
    return pd.concat(tables).dropna(subset=["growth"])[["group", "horizon", "growth", "drift"]]


def drift(table: pd.DataFrame) -> np.ndarray:
    """Return the log growth of a straight line through the last 16 weeks; 0 for a first row."""
    return (table["growth_16"] / np.maximum(table["span_16"], 1.0) * table["horizon"]).to_numpy()


def baseline_quantiles(errors: pd.DataFrame, table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return log growth at LEVELS by baseline, for cases of a crisis that is not among the errors."""
    found = {name: np.empty((len(table), len(LEVELS))) for name in BASELINES}
    line = drift(table)
    for week in table["horizon"].unique():
        mine = (table["horizon"] == week).to_numpy()
        past = errors[errors["horizon"] == week]
        growth, weights = past["growth"].to_numpy(), crisis_weights(past["group"])
        off = growth - past["drift"].to_numpy()
        twice = np.concatenate([weights, weights])
        found["persistence"][mine] = weighted_quantiles(np.concatenate([growth, -growth]), twice)
        found["climatology"][mine] = weighted_quantiles(growth, weights)
        spread = weighted_quantiles(np.concatenate([off, -off]), twice)
        found["drift"][mine] = line[mine][:, None] + spread
    return found

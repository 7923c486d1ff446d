"""Sources: what errors they share, and how large the error of one figure is, by grade and circumstance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError
from needscast.evidence.behaviour import Behaviour
from needscast.evidence.item import Item

WITHIN_WEEK_SD = 0.8  # how far a day's flow is from its week's mean (log): days that are reported are the worst
STOCK_DRIFT_SD = 0.08  # how far a stock moves in half a year beyond what the model follows (log)
RETURNS_SD = 0.8  # returns come in bursts after a lull; the model has one rate
HALF_YEAR_DAYS = 182.0
SERIES_SHARE = 0.5  # of the variance of a source's lasting error that goes with one series and not with the next
RATIO_SD = 0.06  # how far one long window's movements per person are off the curve of the model (log)
MOVED = ("movement", "arrival")

Series = tuple[str, str, str, str]


@dataclass(frozen=True)
class Sources:
    """The shared errors behind the figures.

    A source goes on adding to one count from a first day: such a series (source, what it counts, first day) has an
    error of its own, beside those of its source, its network and its type of source.

    Attributes
    ----------
    series : (source, kind, unit, first day) of each series, in the order first met; its column in the biases.
    factors : names of the independent standard normal errors: type/..., network/..., source/..., series/...
    loading : factors x series; log bias of a series = median + errors @ loading.
    median : log bias expected of each series.
    """

    series: tuple[Series, ...]
    factors: tuple[str, ...]
    loading: np.ndarray
    median: np.ndarray


def series_of(item: Item, origin: str) -> Series:
    """Return the series a figure belongs to; the source is the one whose error it carries."""
    what = item.counted
    return (origin, what.kind, what.unit, what.start.isoformat() if what.is_window else "")


def series_sd(own: float) -> float:
    """Return the standard deviation of a series' own error; ``own`` is that of the source's lasting error."""
    return float(own * np.sqrt(SERIES_SHARE))


def shared_errors(lengths: Mapping[Series, int], table: pd.DataFrame, behaviour: Behaviour) -> Sources:
    """Return how the errors of series hang together: by type of source, by network, by source, and each its own.

    ``lengths`` is the number of figures of each series; one alone carries its series' error in its noise.
    """
    series = list(lengths)
    rows = {row["source"]: row for row in table.to_dict("records")}
    unknown = [name for name, *_ in series if name not in rows]
    if unknown:
        raise NeedscastError(f"figures.csv: unknown source '{unknown[0]}'; add it to sources.csv")
    loads: dict[str, dict[int, float]] = {}
    median = np.zeros(len(series))
    for column, one in enumerate(series):
        row = rows[one[0]]
        kind, network, own = row["type"], _text(row["network"]), behaviour.grade("source_sd", row["reliability"])
        median[column] = np.log(behaviour.grade("type_bias_median", kind))
        loads.setdefault(f"type/{kind}", {})[column] = behaviour.grade("type_bias_sd", kind)
        if network:
            loads.setdefault(f"network/{network}", {})[column] = behaviour.grade("network_sd")
        loads.setdefault(f"source/{one[0]}", {})[column] = own * np.sqrt(1 - SERIES_SHARE)
        if lengths[one] > 1:
            loads[f"series/{'/'.join(one)}"] = {column: series_sd(own)}
    loading = np.zeros((len(loads), len(series)))
    for place, columns in enumerate(loads.values()):
        loading[place, list(columns)] = list(columns.values())
    return Sources(tuple(series), tuple(loads), loading, median)


def noise_scale(item: Item, lasting_sd: float, reference: date, behaviour: Behaviour) -> float:
    """Return the Student-t scale of a figure's fresh error (log); ``lasting_sd`` is of its series if it is alone."""
    grade = behaviour.grade("noise_sd", item.reliability)
    parts = [grade * behaviour.grade("noise_factor", item.credibility), item.steps.spread, lasting_sd]
    what = item.counted
    if what.is_window:
        days = (what.end - what.start).days + 1
        parts.append(WITHIN_WEEK_SD * np.sqrt(max(0.0, 1 - days / 7)))
        parts.append(RETURNS_SD if what.kind == "returns" else 0.0)
        parts.append(RATIO_SD * (1 - np.exp(-days / 45)) if what.unit in MOVED else 0.0)
    else:
        parts.append(STOCK_DRIFT_SD * (reference - what.end).days / HALF_YEAR_DAYS)
    return float(np.sqrt(np.square(parts).sum()))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

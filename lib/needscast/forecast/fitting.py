"""The fitting campaign: nested, so that the score of a crisis never saw its own figures, not even in a setting.

For each crisis left out, variants, weights and widths are chosen on forecasts of every other crisis made without
that one and the one left out; then the contenders are fitted to all but the one left out. Run it after a change of
the model or of the series; some minutes for thirty series on one core:

    python -m needscast.forecast.fitting data/hindcast [FOLDER ...]

writes data/hindcast/coefficients.json. The series of the first folder travel with it; those of the others lend their
experience to the coefficients and stay where they are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from needscast.errors import NeedscastError
from needscast.forecast.model import COEFFICIENTS, KINDS, Model, as_numbers, fit_family, fit_model
from needscast.forecast.past import cases, origin_rows
from needscast.forecast.stack import FAMILIES, VARIANTS, Stack, choose
from needscast.forecast.truth import crisis, crisis_weights, interpolated, learning_cases, nearest
from needscast.inputs.series import Series, read_folder

SCORED_HORIZONS = (2, 4, 8, 12)  # weeks
LEAST_CRISES = 4  # with a known onset: two are left out at a time, and one teaches nothing
MOST_SCORED = 25  # origins of one series in a choice; the scores themselves take all
Members = Mapping[str, list[np.ndarray]]
Progress = Callable[[str], None]


def scored_cases(many: Iterable[Series], *, thin: bool = True) -> pd.DataFrame:
    """Return the cases that choices are made on, held against both readings of what came: columns growth, reading."""
    tables = []
    for series in many:
        rows = origin_rows(series.days)
        table = cases(series, rows[:: max(1, len(rows) // MOST_SCORED)] if thin else rows, SCORED_HORIZONS)
        targets = series.days[table["row"]] + 7 * table["horizon"].to_numpy()
        about = {"group": crisis(series), "series": series.name}
        for reading, truth in (("nearest", nearest), ("interpolated", interpolated)):
            later = [truth(series, int(row), day) for row, day in zip(table["row"], targets, strict=True)]
            tables.append(table.assign(**about, reading=reading, growth=later - table["log_value"]))
    return pd.concat(tables).dropna(subset=["growth"]).reset_index(drop=True)


def forecasts_without(past: pd.DataFrame, held: pd.DataFrame, shipped: frozenset[str]) -> Members:
    """Return quantiles of the held cases by every variant, fitted to the past cases.

    A contender that carries rows of series along learns from the shipped series only, as it will when it is used.
    """
    known = held["age"].notna().to_numpy()
    made: dict[str, list[np.ndarray]] = {}
    for family in FAMILIES:
        own = past if family in KINDS else past[past["series"].isin(shipped)].reset_index(drop=True)
        made[family] = [np.empty((len(held), 23)) for _ in VARIANTS[family]]
        for number, quantiles in enumerate(made[family]):
            for dated, mask in ((True, known), (False, ~known)):
                if mask.any():
                    quantiles[mask] = fit_family(family, number, own, dated=dated).quantiles(held[mask])
    return made


def nested_models(
    shipped: Iterable[Series], others: Iterable[Series] = (), progress: Progress = lambda _: None
) -> dict[str, Model]:
    """Return the model without each crisis, by its group, and under "" the model of all.

    Parameters
    ----------
    shipped : series that travel with the coefficients, so that they can be analogues.
    others : series that lend their experience to the coefficients only.
    progress : told what was just finished.

    Raises
    ------
    NeedscastError : when too few crises have a known onset to leave two out and still learn from two.
    """
    kept = tuple(shipped)
    series, names = (*kept, *others), frozenset(one.name for one in kept)
    past, held = learning_cases(series), scored_cases(series)
    dated = past["group"][past["age"].notna()].nunique()
    if dated < LEAST_CRISES:
        raise NeedscastError(f"a nested fit needs {LEAST_CRISES} crises with a known onset; there are {dated}")
    groups = sorted({crisis(one) for one in series})
    inner: dict[frozenset[str], Members] = {}
    for number, first in enumerate(groups):
        for second in groups[number:]:
            pair = frozenset({first, second})
            inner[pair] = forecasts_without(_without(past, pair), held[held["group"].isin(pair)], names)
        progress(f"left out {first}")
    models = {}
    for left_out in ("", *groups):
        stack = _chosen(inner, held, groups, left_out)
        models[left_out] = fit_model(_without(past, {left_out}), stack)
    return models


def _without(table: pd.DataFrame, groups: Iterable[str]) -> pd.DataFrame:
    return table[~table["group"].isin(list(groups))].reset_index(drop=True)


def _chosen(inner: Mapping[frozenset[str], Members], held: pd.DataFrame, groups: list[str], left_out: str) -> Stack:
    """Choose on forecasts of each other crisis, made without it and without the one left out."""
    tables, parts = [], []
    for group in groups:
        if group == left_out:
            continue
        pair = frozenset({group, left_out or group})
        own = (held["group"][held["group"].isin(pair)] == group).to_numpy()
        parts.append({family: [one[own] for one in inner[pair][family]] for family in FAMILIES})
        tables.append(held[held["group"] == group])
    table = pd.concat(tables).reset_index(drop=True)
    members = {
        family: [np.concatenate(list(each)) for each in zip(*(part[family] for part in parts), strict=True)]
        for family in FAMILIES
    }
    weights = np.concatenate([crisis_weights(one["group"]) for one in tables])
    return choose(members, table, table["growth"].to_numpy(), weights / weights.sum())


def write_coefficients(models: Mapping[str, Model], path: str | Path) -> None:
    """Write what is shipped of the models, by the crisis left out."""
    content: dict[str, Any] = {"models": {group: as_numbers(models[group]) for group in sorted(models)}}
    Path(path).write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")


def main(folders: Sequence[str | Path], progress: Progress = lambda _: None) -> Path:
    """Fit to the series of all folders and write the coefficients into the first; return where they stand."""
    first, *others = map(Path, folders)
    lent = [series for folder in others for series in read_folder(folder)]
    target = first / COEFFICIENTS
    with threadpool_limits(1):  # thousands of small fits; threads would only wait for each other
        write_coefficients(nested_models(read_folder(first), lent, progress), target)
    return target


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main(sys.argv[1:] or ["data/hindcast"], _say)

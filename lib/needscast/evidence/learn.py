"""Learn how hedge words behave: from later, better figures of the same target, or from all other figures together.

Either table stands beside data/evidence/hedges.csv, which an analyst edits; nothing is changed by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from needscast.evidence.observe import TargetLog
from needscast.evidence.smoothing import smoothed_weights

if TYPE_CHECKING:
    from needscast.evidence.nowcast import Nowcast

LATER_DAYS = 10  # a better figure was printed at least so much later
SAME_DAYS = 1  # and has the same window and cut-off, but for a day
PRIOR_CASES = 8.0  # cases the shipped row counts for
COLUMNS = ("hedge", "cases", "share_above", "median", "lower", "upper", "shrunk_median", "seen_in")


def learn_hedges(figures: pd.DataFrame, *, typical: dict[str, float] | None = None) -> pd.DataFrame:
    """Return per hedge word how truth / printed turned out, from pairs of a figure and a later, better one.

    Parameters
    ----------
    figures : a register with the columns of figures.csv. A later figure is better when its reliability is as good or
        better, it is not a relay of the first, and measure, group, area, unit, window and cut-off are the same.
    typical : expected median of truth / printed by hedge (1 where not given); counts for eight cases.

    Returns
    -------
    ``hedge, cases, share_above`` (later figure above the printed one), ``median, lower, upper`` (quantiles 0.5, 0.1,
    0.9 of later / printed), ``shrunk_median`` (with the expected one mixed in, on the log scale), ``seen_in`` (ids).
    """
    return _by_hedge(_pairs(figures), typical or {})


def hedges_in_hindsight(now: Nowcast, *, typical: dict[str, float] | None = None) -> pd.DataFrame:
    """Return per hedge word what all the other figures now say about truth / printed; columns as of learn_hedges.

    Each used figure is compared with the nowcast without it (reweighted draws); its own error and that of its source
    are in the ratio. The others are read by the shipped table, so this checks the table and does not replace a recount.
    """
    rows, world = now._evidence.rows, now._evidence.posterior.world(now._z)
    heaviest = [max(group, key=lambda row: rows.weight[row]) for group in _rows_by_figure(rows.figure)]
    truth = TargetLog(now._evidence.model, tuple(rows.targets[rows.target[row]] for row in heaviest))(world).value
    by_figure = now._evidence.posterior.by_figure(now._z)
    items = {item.id: item for item in now._evidence.roots.kept}
    found = []
    for place, (figure, row) in enumerate(zip(rows.figures, heaviest, strict=True)):
        item = items[figure]
        if item.counted.part or rows.reference[row] >= 0 or isinstance(item.printed, str):
            continue  # only a part is counted, or nothing but words is printed
        weight, _ = smoothed_weights(-by_figure[:, place])
        order = np.argsort(truth[:, place])
        half = min(int(np.searchsorted(np.cumsum(weight[order]), 0.5)), len(order) - 1)
        ratio = float(np.exp(truth[order[half], place] - rows.scale[row]))
        found.append((item.hedge, ratio, figure))
    return _by_hedge(pd.DataFrame(found, columns=["hedge", "ratio", "pair"]), typical or {})


def _rows_by_figure(figure: np.ndarray) -> list[np.ndarray]:
    return np.split(np.arange(len(figure)), np.flatnonzero(np.diff(figure)) + 1)


def _by_hedge(pairs: pd.DataFrame, expected: dict[str, float]) -> pd.DataFrame:
    rows = []
    for hedge, members in pairs.groupby("hedge", sort=True):
        ratio = members["ratio"].to_numpy()
        middle = np.log(expected.get(str(hedge), 1.0))
        shrunk = (np.log(np.median(ratio)) * len(ratio) + middle * PRIOR_CASES) / (len(ratio) + PRIOR_CASES)
        lower, median, upper = np.quantile(ratio, (0.1, 0.5, 0.9))
        above, seen = float((ratio > 1).mean()), ";".join(members["pair"])
        rows.append((hedge, len(ratio), above, median, lower, upper, float(np.exp(shrunk)), seen))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _pairs(figures: pd.DataFrame) -> pd.DataFrame:
    known = figures[(figures["value"] > 0) & ~figures["coverage"].isin(["analogue", "forward"])]
    found = []
    for _, members in known.groupby(["measure", "group", "area", "unit"], sort=True):
        ordered = members.sort_values("published", kind="stable").to_dict("records")
        for n, first in enumerate(ordered):
            recounts = [later for later in ordered[n + 1 :] if _is_better(later, first)]
            if recounts:  # the nearest cut-off, and of those the first to be printed
                better = min(recounts, key=lambda later: abs((later["as_of"] - first["as_of"]).days))
                pair = f"{first['figure_id']}>{better['figure_id']}"
                found.append((first["hedge"], better["value"] / first["value"], pair))
    return pd.DataFrame(found, columns=["hedge", "ratio", "pair"])


def _is_better(later: dict, first: dict) -> bool:
    if (later["published"] - first["published"]).days < LATER_DAYS or later["upstream"] == first["figure_id"]:
        return False
    if later["source"] == first["source"] and later["value"] == first["value"]:
        return False  # a standing sentence, not a recount
    if later["reliability"] > first["reliability"] or abs((later["as_of"] - first["as_of"]).days) > SAME_DAYS:
        return False
    starts = [pd.isna(each["period_start"]) for each in (later, first)]
    return all(starts) or (not any(starts) and abs((later["period_start"] - first["period_start"]).days) <= SAME_DAYS)

"""Reach so far in full rations: people reached, each counted with the share of a full ration that they were given.

A parcel of 1,050 kcal a day is half a ration of 2,100. A share that nobody stated is not known, and never 1. Rows whose
windows overlap may count the same rations, so of those the one with most counts; rows after each other add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from needscast.demand.response import PEOPLE, cited_as, in_people, since_onset
from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, Item
from needscast.vocabulary import PERIOD_DAYS

FULL_RATION = "full_ration"  # what one person is given for one period of the item


def full_rations(
    sector: str, item: Item, weekly: Estimate, crisis: Crisis, inputs: Inputs, draws: Draws
) -> Mapping[str, Estimate]:
    """Return what was given of one item since the onset, nothing where no row states how full the rations were.

    Parameters
    ----------
    weekly : what is due, by week from 1. [unit of the item]

    Returns
    -------
    ``full_rations``: given, for one person and one period of the item each [full_ration]; and for an item that is due
    every period ``ration_coverage``: that over what is due at the pace of the first week in as many days [share].
    """
    reached = since_onset(crisis, sector, "reached")
    stated = [row for row in reached if row.item == item.id and not pd.isna(row.full_ration_share)]
    rows = list(_apart(stated, inputs, draws))
    if not rows:
        return {}
    given = reduce(Estimate.plus, (rations for _, rations in rows)).called(f"full rations given, {item.id}")
    found = {"full_rations": given}
    days = sum((row.as_of - row.period_start).days + 1 for row, _ in rows if not pd.isna(row.period_start))
    if PERIOD_DAYS[item.period] and days:
        due = weekly.select(week=weekly.labels("week")[0])
        over = np.full(draws.count, days / 7)
        weeks = Estimate.of(over, {}, "share", "weeks counted", sources=["period of the rows"])
        found["ration_coverage"] = given.apply(
            _part_of, due, weeks, dims=(), unit_text="share", name=f"part of what is due, {item.id}"
        )
    return found


def _apart(rows: Sequence[Any], inputs: Inputs, draws: Draws) -> Iterator[tuple[Any, Estimate]]:
    """The rows with their rations, most first, without those that overlap one with more."""
    made = [(row, _rations(row, inputs, draws)) for row in rows if row.unit in PEOPLE]
    taken: list[Any] = []
    for row, rations in sorted(made, key=lambda pair: -float(np.median(pair[1].array))):
        if all(_starts(row) > other.as_of or _starts(other) > row.as_of for other in taken):
            taken.append(row)
            yield row, rations


def _rations(row: Any, inputs: Inputs, draws: Draws) -> Estimate:
    share = Estimate.constant(
        row.full_ration_share, f"{FULL_RATION} / person", "share of a full ration", draws.count, cited_as(row)
    )
    return in_people(row, inputs, draws).times(share)


def _starts(row: Any) -> pd.Timestamp:
    return pd.Timestamp.min if pd.isna(row.period_start) else row.period_start


def _part_of(given: np.ndarray, weekly: np.ndarray, weeks: np.ndarray) -> np.ndarray:
    due = weekly * weeks
    return np.divide(given, due, out=np.zeros_like(due), where=due > 0)

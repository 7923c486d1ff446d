"""The purchase plan with its dates: when to act on each line, and what of it passes the crossings in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from needscast.demand.logistics import Crossings
from needscast.demand.passage import Load, Passage, passage_of, totals
from needscast.demand.timing import Timing, timing
from needscast.draws import Draws
from needscast.inputs import Crisis, each_row

LINES = ["sector", "item", "needed", "in_time", "late", "never", "tonnes", "tonnes_never"]
CROSSING = ["quantity", "unit", "lower", "median", "upper", "mean", "mass"]


def purchase_plan(
    orders: pd.DataFrame, loads: Sequence[Load], crisis: Crisis, draws: Draws, mass: float
) -> dict[str, pd.DataFrame]:
    """Return the tables of a purchase plan.

    Parameters
    ----------
    orders : a line each, as :class:`Order`, with sector and item.
    loads : what the lines bring to the crossings.

    Returns
    -------
    ``orders``: with ``when``, ``late_days`` and ``earliest`` of :class:`Timing`, and ``order_by`` early enough that the
    goods pass in time. ``passage``: trucks of each line that pass in time, late and never within the horizon, where all
    goods of a week share its days alike, and the tonnes. ``crossing``: trucks over all lines in worlds: ``needed``,
    ``capacity`` of the crossings over the horizon, and what ``never`` passes in it. The last two are empty where no
    crossing is listed.
    """
    passed = passage_of(loads, crisis)
    summed = [each.summary(mass).assign(quantity=name) for name, each in totals(loads, crisis, draws).items()]
    return {
        "orders": _timed(orders, passed, crisis),
        "passage": _by_line(passed, orders) if passed else pd.DataFrame(columns=LINES),
        "crossing": pd.concat(summed, ignore_index=True)[CROSSING] if summed else pd.DataFrame(columns=CROSSING),
    }


def _timed(orders: pd.DataFrame, passed: Passage | None, crisis: Crisis) -> pd.DataFrame:
    crossings, nowhere = Crossings(crisis.crossings), Crossings(crisis.crossings.iloc[:0])
    crosses = set(passed.keys) if passed else set()
    made = [
        _timing(row, passed, crossings if (row.sector, row.item) in crosses else nowhere, crisis.reference_date)
        for row in each_row(orders)
    ]
    dates = {
        name: np.array([getattr(each, name) for each in made], dtype=object)
        for name in ("order_by", "when", "earliest")
    }
    return orders.assign(**dates, late_days=[each.late_days for each in made])


def _timing(row: Any, passed: Passage | None, entered: Crossings, reference: date) -> Timing:
    known = (None if pd.isna(each) else each for each in (row.needed_from, row.order_by, row.lead_time_days))
    needed_from, order_by, lead = known
    across = passed.across_by.get((row.sector, row.item)) if passed else None
    return timing(needed_from, order_by, across, lead, entered, reference)


def _by_line(passed: Passage, orders: pd.DataFrame) -> pd.DataFrame:
    weights = orders.set_index(["sector", "item"])["tonnes"].loc[list(passed.keys)].to_numpy(dtype=float)
    table = pd.DataFrame(list(passed.keys), columns=["sector", "item"])
    trucks = {name: getattr(passed, name) for name in ("needed", "in_time", "late", "never")}
    return table.assign(**trucks, tonnes=weights, tonnes_never=weights * passed.never / passed.needed)[LINES]

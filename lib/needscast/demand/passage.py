"""What crossings let through in time: the load of a purchase plan by week of need against trucks a week.

Goods that are needed in a week must be across on its first day. The schedule runs backward from the end of the horizon
and gives each day to the goods needed last, so that everything crosses as late as it may; the first day on which goods
of a week cross is then the last day on which they can be across in time. What finds no day from the reference date on
is late, and takes the capacity that is left; what finds none cannot pass within the horizon, or the legal life of the
crossings, at all. All goods of one week share its days alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from needscast.demand.logistics import Crossings
from needscast.demand.response import what_remains
from needscast.demand.sector import ItemDemand
from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Crisis

NOTHING = 1e-9  # of a truck
Key = tuple[str, str]  # sector and item


@dataclass(frozen=True)
class Load:
    """What one line of the purchase plan brings to the crossings, by week from 1. [truck]"""

    key: Key
    trucks: np.ndarray


@dataclass(frozen=True)
class Passage:
    """What passes when.

    Attributes
    ----------
    needed, in_time, late, never : trucks by line of the plan; the last three add up to the first.
    across_by : line -> the last day on which its first goods can cross in time, in days from the reference date; the
        first open day where others take all of them. A line for which none is open before the need is not in it.
    """

    keys: tuple[Key, ...]
    needed: np.ndarray
    in_time: np.ndarray
    late: np.ndarray
    never: np.ndarray
    across_by: dict[Key, int]


def passage_of(loads: Sequence[Load], crisis: Crisis) -> Passage | None:
    """Return what of the loads passes over the crossings of a crisis, None where none is listed or nothing crosses."""
    crossings = Crossings(crisis.crossings)
    if not crossings.known or not loads:
        return None
    return passage(loads, daily_trucks(crossings, crisis.reference_date, 7 * crisis.settings.horizon_weeks))


def totals(loads: Sequence[Load], crisis: Crisis, draws: Draws) -> dict[str, Estimate]:
    """Return ``needed``, ``capacity`` over the horizon and what ``never`` passes in it, in worlds. [truck]

    Nothing where no crossing is listed, or none that is open has a known capacity.
    """
    weeks = list(range(1, crisis.settings.horizon_weeks + 1))
    weekly = Crossings(crisis.crossings).weekly_trucks(crisis.reference_date, weeks, draws)
    if weekly is None or not loads:
        return {}
    whole = float(sum(load.trucks.sum() for load in loads))
    needed = Estimate.constant(whole, "truck", "trucks of the purchase plan", draws.count, "planned quantities")
    sources = dict.fromkeys(f"crossing: {source}" for source in crisis.crossings["source"])
    capacity = Estimate.of(weekly.sum(axis=0), {}, "truck", "trucks that may cross", sources=sources)
    never = needed.apply(what_remains, capacity, dims=(), unit_text="truck", name="trucks that cannot pass")
    return {"needed": needed, "capacity": capacity, "never": never}


def load_of(line: ItemDemand, sector: str, crossings: Crossings) -> Load | None:
    """Return the load of one line: its planned quantity, spread over the weeks as its mean demand is.

    None where nothing crosses: a substitute that is not added, goods bought inside, no weight and volume, or not known.
    """
    weight = line.item.specification
    if not line.item.in_cost_total or line.item.bought_inside or weight is None or line.order.m3 is None:
        return None
    tonnes, m3 = crossings.payload
    whole = max((line.order.tonnes or 0.0) / tonnes, line.order.m3 / m3)
    weekly = line.uncovered.array.mean(axis=-1)
    return Load((sector, line.item.id), whole * weekly / weekly.sum()) if whole and weekly.sum() else None


def daily_trucks(crossings: Crossings, reference: date, days: int) -> np.ndarray:
    """Return the trucks that may cross on each day from the reference date on; infinite where no limit is known."""
    found = np.zeros(days)
    for opens, closes, weekly in crossings.limits():
        for place in range(days):
            if opens <= reference + timedelta(days=place) <= closes:
                found[place] += weekly / 7
    return found


def passage(loads: Sequence[Load], daily: np.ndarray) -> Passage:
    """Return what of the loads passes in time, late and not at all.

    Parameters
    ----------
    daily : trucks that may cross on each day from the reference date on.
    """
    by_week = np.stack([load.trucks for load in loads], axis=1)  # shape (week, line)
    in_time, first_day = _scheduled(by_week.sum(axis=1), daily)
    left = daily.sum() - in_time.sum()
    late = _in_turn(by_week.sum(axis=1) - in_time, left)
    shares = np.divide(by_week, by_week.sum(axis=1, keepdims=True), out=np.zeros_like(by_week), where=by_week > 0)
    keys = tuple(load.key for load in loads)
    starts = {key: int(np.argmax(trucks > NOTHING)) for key, trucks in zip(keys, by_week.T, strict=True)}
    needed, timely, lately = by_week.sum(axis=0), in_time @ shares, late @ shares
    return Passage(
        keys,
        needed,
        timely,
        lately,
        np.maximum(needed - timely - lately, 0),
        {key: first_day[week] for key, week in starts.items() if week in first_day},
    )


def _scheduled(needed: np.ndarray, daily: np.ndarray) -> tuple[np.ndarray, dict[int, int]]:
    """Trucks of each week that cross in time, and the first day on which goods of a week do."""
    rest, first_day = needed.copy(), {}
    for day in range(len(daily) - 1, -1, -1):
        free = daily[day]
        for week in range(len(needed) - 1, -1, -1):
            if 7 * week < day or free <= 0:
                break  # weeks before this one are needed before this day
            crossing = min(free, rest[week])
            if crossing > NOTHING:
                rest[week] -= crossing
                free -= crossing
                first_day[week] = day
    if daily.any():  # goods that find no day because others take them all would have had the first open one
        opens = int(np.argmax(daily > 0))
        first_day = {
            week: opens for week in range(len(needed)) if opens <= 7 * week and rest[week] > NOTHING
        } | first_day
    return needed - rest, first_day


def _in_turn(waiting: np.ndarray, left: float) -> np.ndarray:
    """What of the goods that are late still passes, those needed first before the others."""
    before = np.concatenate([[0.0], np.cumsum(waiting)[:-1]])
    return np.clip(left - before, 0, waiting)

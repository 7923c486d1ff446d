"""When a known stock runs out: the day in each world, how likely within the horizon and before a new order is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from needscast.demand.supply import Gap
from needscast.estimate import Estimate


@dataclass(frozen=True)
class StockOut:
    """The day on which what is held and what arrives no longer covers what is due.

    Attributes
    ----------
    day : days from the reference date; where it does not run out within the horizon, the length of the horizon. [day]
    runs_out : for each world, whether it runs out within the horizon.
    before_arrival : share of the worlds in which it runs out before an order placed on the reference date is there;
        None where the lead time is not known.
    """

    day: Estimate
    runs_out: np.ndarray
    before_arrival: float | None

    @property
    def within(self) -> float:
        """Share of the worlds in which it runs out within the horizon."""
        return float(self.runs_out.mean())

    def by_week(self, weeks: int) -> np.ndarray:
        """Return the share of the worlds in which it runs out in each week from 1 on; the rest lasts longer."""
        found = (self.day.array[self.runs_out] // 7).astype(int)
        return np.bincount(found, minlength=weeks)[:weeks] / len(self.runs_out)

    def date_at(self, level: float, reference: date) -> date | None:
        """Return the day by which it has run out in that share of the worlds; None beyond the horizon."""
        day = float(np.quantile(np.where(self.runs_out, self.day.array, np.inf), level, method="inverted_cdf"))
        return reference + timedelta(days=int(day)) if np.isfinite(day) else None


def stock_out(demand: Estimate, found: Gap, lead_time_days: np.ndarray | None) -> StockOut:
    """Return when the supply of one item runs out.

    Parameters
    ----------
    demand : what is due, by week from 1; it falls evenly on the days of a week. [unit of the item]
    lead_time_days : of an order placed on the reference date, by draw; None where not known.
    """
    day = demand.apply(_first_day_short, found.supplied, dims=(), unit_text="day", name="days until it runs out")
    runs_out = day.array < 7 * demand.array.shape[0]
    early = None if lead_time_days is None else float((runs_out & (day.array < lead_time_days)).mean())
    return StockOut(day, runs_out, early)


def _first_day_short(demand: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """Days until demand is first not covered: whole weeks before, and the covered part of that week."""
    weeks = demand.shape[0]
    short = demand - covered > 1e-9 * np.maximum(demand, 1)
    first = np.where(short.any(axis=0), short.argmax(axis=0), weeks)
    inside = np.minimum(first, weeks - 1)[None]
    due, had = (np.take_along_axis(each, inside, axis=0)[0] for each in (demand, covered))
    part = np.divide(had, due, out=np.zeros_like(due), where=due > 0)
    return 7 * np.where(first < weeks, first + part, float(weeks))

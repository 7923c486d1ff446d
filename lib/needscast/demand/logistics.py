"""Logistics: trucks, warehouse floor, and what crossings allow: until when, and how much a week.

Goods that come from outside must be across before the crossing closes, so an order's last day can lie well before the
day of need less the lead time. Where no crossing is listed nothing is limited; where one is listed, days without an
open crossing are closed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from needscast.demand.calendar import week_start
from needscast.draws import Draws, Range

# CARE Emergency Toolkit 6.2, storage volume and space needed (read 2026): goods are stacked 2 m high, and 70 % of the
# floor holds goods, the rest is for access; the page has no date.
STACK_METRES = 2.0
USABLE_FLOOR = 0.7


def trucks(tonnes: float, m3: float, payload_tonnes: float, payload_m3: float) -> int:
    """Return whole trucks for a load: what is full first counts, weight or volume."""
    return math.ceil(max(tonnes / payload_tonnes, m3 / payload_m3) - 1e-9)


def warehouse_floor(m3: float) -> float:
    """Return the floor that a volume of goods needs in store. [square metre]"""
    return m3 / (STACK_METRES * USABLE_FLOOR)


@dataclass(frozen=True)
class Crossings:
    """Where goods may enter, from when to when, and how much: the table of the crisis folder.

    Attributes
    ----------
    table : crossing, opens, closes (missing: no end is known), trucks_low, trucks, trucks_high, payload_tonnes, ...
    """

    table: pd.DataFrame

    @cached_property
    def known(self) -> bool:
        """Whether any crossing is listed; without one nothing is limited."""
        return not self.table.empty

    def is_open(self, day: date) -> bool:
        """Whether goods may cross on a day."""
        return not self.known or any(opens <= day <= closes for opens, closes in self._windows)

    def last_open_day(self, day: date, not_before: date) -> date | None:
        """Return the last day up to ``day`` on which goods may cross, None when there is none from ``not_before``."""
        if not self.known:
            return day
        ends = [min(closes, day) for opens, closes in self._windows if opens <= day and closes >= not_before]
        return max(ends, default=None)

    def weekly_trucks(self, reference: date, weeks: list[int], draws: Draws) -> np.ndarray | None:
        """Return trucks that may cross by week, shape (week, draw); None where no open crossing has a capacity.

        A crossing that is open on part of a week lets through that part.
        """
        found = np.zeros((len(weeks), draws.count))
        listed: Iterator[Any] = zip(self.table.itertuples(), self._windows, strict=True)
        rows = [(row, window) for row, window in listed if not math.isnan(row.trucks)]
        for row, (opens, closes) in rows:
            spread = Range(row.trucks_low, row.trucks, row.trucks_high, row.mass, "truck")
            capacity = draws.sample(f"crossing/{row.crossing}/trucks", spread)
            for place, week in enumerate(weeks):
                days = [week_start(reference, week) + timedelta(days=day) for day in range(7)]
                found[place] += capacity * np.mean([opens <= day <= closes for day in days])
        return found if rows else None

    def limits(self) -> Iterator[tuple[date, date, float]]:
        """Walk through first day, last day and median trucks a week of each row; infinite where no limit is known."""
        for weekly, (opens, closes) in zip(self.table["trucks"], self._windows, strict=True):
            yield opens, closes, math.inf if math.isnan(weekly) else float(weekly)

    def next_open_day(self, day: date) -> date | None:
        """Return the first day from ``day`` on which goods may cross, None when there is none."""
        if not self.known:
            return day
        return min((max(opens, day) for opens, closes in self._windows if closes >= day), default=None)

    @cached_property
    def payload(self) -> tuple[float, float]:
        """What a truck carries on average over the crossings. [tonne, cubic metre]"""
        return float(self.table["payload_tonnes"].mean()), float(self.table["payload_m3"].mean())

    @cached_property
    def _windows(self) -> tuple[tuple[date, date], ...]:
        """The first and the last open day of each row."""
        pairs = zip(self.table["opens"], self.table["closes"], strict=True)
        return tuple((opens.date(), date.max if pd.isna(closes) else closes.date()) for opens, closes in pairs)


def order_by(needed_from: date, lead_time_days: float, crossings: Crossings, reference: date) -> date:
    """Return the last day to order so that goods are across, and there, on the day they are needed.

    Goods needed while every crossing is closed must come in on the last open day before. Where no crossing is open
    between the reference date and the day of need, the day of need less the lead time stands; nothing can be there by
    then, and the page of crossings says so.
    """
    there = crossings.last_open_day(needed_from, reference) or needed_from
    return there - timedelta(days=math.ceil(lead_time_days))

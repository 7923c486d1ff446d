"""Supply and gap: what is held and on its way, only where it is known. Absent means unknown, never zero.

A gap needs a stock row: without it nobody knows what is held, and an arrival alone would make every other tent in
the country count as missing. A source that says the shelves are empty gives a stock of zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import Crisis, each_row


@dataclass(frozen=True)
class Gap:
    """Demand, supply and what is missing of one item.

    Attributes
    ----------
    supplied : what stocks and arrivals cover, by week. [unit of the item]
    missing : demand not covered, by week. [unit of the item]
    """

    supplied: Estimate
    missing: Estimate


@dataclass(frozen=True)
class Arrival:
    """A delivery on its way, by draw: how much, and how many days after the reference date."""

    name: str
    quantity: np.ndarray
    day: np.ndarray
    source: str


def arrivals(item: str, unit: str, crisis: Crisis, draws: Draws) -> Iterator[Arrival]:
    """Draw the deliveries of an item that are on their way."""
    for number, row in enumerate(each_row(crisis.pipeline[crisis.pipeline["item"] == item])):
        name = f"pipeline/{item}/{number}"
        amount = Range(row.quantity_low, row.quantity, row.quantity_high, row.mass, unit)
        early, middle, last = (
            _days(when, crisis.reference_date) for when in (row.arrival_early, row.arrival, row.arrival_late)
        )
        days = Range(early, middle, last, row.mass, "day")
        quantity, day = draws.sample(f"{name}/quantity", amount), draws.sample(f"{name}/arrival", days)
        yield Arrival(name, quantity, day, row.source)


def known_supply(item: str, unit: str, weeks: list[int], crisis: Crisis, draws: Draws) -> Estimate | None:
    """Return what becomes available by week, or None when no row says what is held.

    A stock is available in the first week; an arrival in the week its drawn date falls in.
    """
    if item not in set(crisis.stocks["item"]):
        return None
    stocks = crisis.stocks[crisis.stocks["item"] == item]
    available = np.zeros((len(weeks), draws.count))
    available[0] += stocks["quantity"].sum()
    sources = [f"stock: {row.source}" for row in each_row(stocks)]
    for each in arrivals(item, unit, crisis, draws):
        week = np.floor(each.day / 7).astype(int)
        inside = (week >= 0) & (week < len(weeks))
        available[np.clip(week, 0, len(weeks) - 1)[inside], np.flatnonzero(inside)] += each.quantity[inside]
        sources.append(f"pipeline: {each.source}")
    return Estimate.of(available, {"week": weeks}, unit, f"{item} available", sources=sources)


def gap(demand: Estimate, supply: Estimate) -> Gap:
    """Cover each week's demand from what is left and what arrives; what is not used is carried on.

    Parameters
    ----------
    demand, supply : by week, in the same unit.
    """
    unit = str(demand.unit)
    covered = demand.apply(_covered, supply, dims=("week",), unit_text=unit, name="covered")
    return Gap(covered, demand.minus(covered, name="gap"))


def _covered(demand: np.ndarray, supply: np.ndarray) -> np.ndarray:
    left = np.zeros(demand.shape[-1])
    covered = np.empty_like(demand)
    for week in range(demand.shape[0]):
        held = left + supply[week]
        covered[week] = np.minimum(held, demand[week])
        left = held - covered[week]
    return covered


def _days(when: pd.Timestamp, reference: date) -> float:
    return float((pd.Timestamp(when) - pd.Timestamp(reference)).days)

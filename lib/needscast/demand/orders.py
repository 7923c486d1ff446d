"""What to order: quantity at the planning level in packs, its weight, volume and price, and the day to order by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from needscast.demand.calendar import week_start
from needscast.demand.logistics import Crossings, order_by
from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, Item, Sector
from needscast.quantiles import quantiles
from needscast.vocabulary import PERIOD_DAYS


@dataclass(frozen=True)
class Order:
    """One line of a purchase plan over the horizon.

    Attributes
    ----------
    quantity : at the planning level, in whole packs. [unit of the item]
    p50, p80, p95 : quantiles of the whole horizon's uncovered demand. [unit of the item]
    packs : whole packs of the item.
    unit_cost_usd : median delivered price, or None where no price was public.
    tonnes, m3, cost_usd : of the quantity, or None where weight, volume or price is not known.
    lead_time_days : median days from order to hand-over, or None where not known.
    needed_from : first day on which demand is not covered by known supply, or None when it is covered throughout.
    order_by : last day to order so that goods ordered arrive by ``needed_from``, over a crossing that is still open;
        already past when it lies before the reference date. None where the lead time is not known.
    needed_before_arrival : median demand that falls due before an order placed on the reference date arrives.
    people_waiting : people whom that would serve, or None where the lead time or the people of a unit are not known.
    """

    quantity: float
    p50: float
    p80: float
    p95: float
    packs: int
    tonnes: float | None
    m3: float | None
    unit_cost_usd: float | None
    cost_usd: float | None
    lead_time_days: float | None
    needed_from: date | None
    order_by: date | None
    needed_before_arrival: float | None
    people_waiting: float | None


def order(item: Item, sector: Sector, uncovered: Estimate, crisis: Crisis, inputs: Inputs, draws: Draws) -> Order:
    """Plan the order of one item.

    Parameters
    ----------
    uncovered : demand that known supply does not cover, by week. [unit of the item]
    """
    per_week = uncovered.array
    horizon = per_week.sum(axis=0)
    planned, p50, p80, p95 = quantiles(horizon, (crisis.settings.planning_level, 0.5, 0.8, 0.95))[:, 0].tolist()
    packs = math.ceil(planned / item.pack - 1e-9)
    quantity = packs * item.pack
    weight = item.specification
    price = f"{sector.code}/{item.id}/price"
    paid = inputs.find(price).range.best if inputs.has(price) else None
    lead = f"{sector.code}/{item.id}/lead_time_days"
    needed_from = _first_uncovered(uncovered, crisis)
    days = inputs.draw(lead, draws).array if inputs.has(lead) else None
    median_days = float(np.median(days)) if days is not None else None
    early = _before_arrival(per_week, days) if days is not None else None
    each = people_per_unit(item, crisis, median_days) if median_days is not None else None
    local = (
        item.bought_inside or weight is not None and weight.mass_kg == weight.volume_m3 == 0
    )  # cash, trucked water: no border
    entered = Crossings(crisis.crossings.iloc[:0] if local else crisis.crossings)
    return Order(
        quantity,
        p50,
        p80,
        p95,
        packs,
        tonnes=quantity * weight.mass_kg / 1000 if weight and weight.mass_kg is not None else None,
        m3=quantity * weight.volume_m3 if weight and weight.volume_m3 is not None else None,
        unit_cost_usd=paid,
        cost_usd=quantity * paid if paid is not None else None,
        lead_time_days=median_days,
        needed_from=needed_from,
        order_by=order_by(needed_from, median_days, entered, crisis.reference_date)
        if needed_from and median_days is not None
        else None,
        needed_before_arrival=early,
        people_waiting=early * each if early is not None and each is not None else None,
    )


def people_per_unit(item: Item, crisis: Crisis, days: float) -> float | None:
    """Return how many people one unit serves over some days at the chosen norm; None without a norm. [person / unit]

    A tent serves a household, a month's ration a third of a person's quarter, a latrine the people who share it, a kit
    for 10,000 people all of them for as long as it lasts. At most the days of the horizon count.
    """
    norm = item.norm(crisis.settings.phase)
    if norm is None or norm.quantity == 0:
        return None
    if item.trigger == "facility":
        return norm.quantity
    size = crisis.settings.household_size
    if item.basis == "household" and size is None:
        return None
    base = size.range.best if item.basis == "household" and size is not None else 1.0
    lasts, horizon = PERIOD_DAYS[item.period], crisis.settings.horizon_weeks * 7
    periods = min(days, horizon) / lasts if lasts else 1.0
    return base * item.per / (norm.quantity * periods) if periods else None


def _first_uncovered(uncovered: Estimate, crisis: Crisis) -> date | None:
    """The first week in which more than half of the worlds lack something."""
    lacking = np.count_nonzero(uncovered.array > 0, axis=-1) > uncovered.draws / 2
    if not lacking.any():
        return None
    return week_start(crisis.reference_date, uncovered.labels("week")[int(np.argmax(lacking))])


def _before_arrival(per_week: np.ndarray, lead_time_days: np.ndarray) -> float:
    """Demand of the weeks that begin before the goods are there, the last one in part."""
    share = lead_time_days / 7 - np.arange(len(per_week))[:, None]
    np.clip(share, 0, 1, out=share)
    share *= per_week
    return float(np.median(share.sum(axis=0)))

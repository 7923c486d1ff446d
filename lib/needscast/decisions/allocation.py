"""Too little for everybody: whole units to zones by need times stated weights, and what stays unserved where.

A zone's claim is what is due there until a new order can be there. Units go out in proportion to claim times weight; no
zone gets more than its claim, and what that frees goes on to the others. Whole units are left over by largest
remainder. The weights are criteria of the crisis folder, which people set and everybody can read; criteria multiply.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from needscast.decisions.plan import people_per_unit
from needscast.demand import ItemDemand
from needscast.estimate import Estimate
from needscast.inputs import Crisis, each_row

ALLOCATION = [
    *("sector", "item", "unit", "area", "weight", "claim", "given", "left", "people_left"),
    *("available", "illustration", "until", "chosen_by"),
]


def share_out(available: int, claims: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return whole units by zone: they add up to what is available or to all claims, whichever is less.

    Parameters
    ----------
    claims : whole units that each zone could use, shape (zone,).
    weights : how much a zone's claim counts, at least 0; a zone of weight 0 comes after all others.
    """
    given = np.zeros(len(claims), dtype=int)
    for turn in (weights > 0, weights <= 0):
        pressure = np.where(turn, np.where(weights > 0, weights, 1.0) * claims, 0.0)
        left = int(available - given.sum())
        given = given + whole(_filled(left, np.where(turn, claims, 0), pressure), claims)
    return given


def whole(parts: np.ndarray, ceilings: np.ndarray | None = None) -> np.ndarray:
    """Round parts to whole units that add up to their rounded total, by largest remainder, none above its ceiling."""
    floors = np.floor(parts + 1e-9).astype(int)
    rest = int(np.floor(parts.sum() + 0.5 + 1e-9)) - int(floors.sum())
    room = np.ones(len(parts), dtype=bool) if ceilings is None else floors < ceilings
    order = np.argsort(-np.where(room, parts - floors, -1.0), kind="stable")
    floors[order[: max(rest, 0)]] += 1
    return floors


def allocation(line: ItemDemand, sector: str, requiring: Estimate, crisis: Crisis) -> pd.DataFrame:
    """Share out what is in hand of an item, if a decision says how much that is.

    Returns
    -------
    One row a zone with a claim: weight, claim (mean demand until a new order arrives, in whole units), given, left,
    people_left, and on every row what there was, whether it is made up, until when, and who set the weights.
    """
    rows: list[tuple[Any, ...]] = []
    for named in each_row(crisis.decisions[crisis.decisions["item"] == line.item.id]):
        if math.isnan(named.to_share_out):
            continue
        due, until = _until_arrival(line, crisis)
        claims = whole(due.total("week").array.mean(axis=-1))
        zones = due.labels("area")
        then = requiring.select(week=due.labels("week")[-1])  # who will be there when the goods are
        told = list(each_row(criteria(line.item.id, crisis)))
        weights = np.array([_weight(zone, line, then, told) for zone in zones])
        given = share_out(int(named.to_share_out), claims, weights)
        people = people_per_unit(line.item, crisis)
        by = "; ".join(dict.fromkeys(crisis.priorities["chosen_by"])) if len(crisis.priorities) else ""
        for zone, weight, claim, units in zip(zones, weights, claims, given, strict=True):
            if claim:
                left = int(claim - units)
                served = (float(weight), int(claim), int(units), left, left * people if people else np.nan)
                common = (int(named.to_share_out), named.illustration == "yes", until, by)
                rows.append((sector, line.item.id, line.item.unit, zone, *served, *common))
    table = pd.DataFrame(rows, columns=ALLOCATION).astype({"until": object})
    return table.sort_values(["weight", "claim"], ascending=False, kind="stable", ignore_index=True)


def criteria(item: str, crisis: Crisis) -> pd.DataFrame:
    """Return the criteria that count for an item, as they stand in the crisis folder."""
    named = crisis.priorities["item"]
    return crisis.priorities[(named == "") | (named == item)]


def _filled(available: int, claims: np.ndarray, pressure: np.ndarray) -> np.ndarray:
    """Pour units into claims in proportion to pressure; a full claim passes the rest on."""
    shares, active, left = np.zeros(len(claims)), (pressure > 0) & (claims > 0), float(available)
    while left > 1e-9 and active.any():
        pressing = np.where(active, pressure, 0.0)
        poured = left * (pressing / pressing.sum())
        full = active & (poured >= claims - 1e-9)
        if not full.any():
            return shares + poured
        shares[full] = claims[full]
        left -= float(claims[full].sum())
        active &= ~full
    return shares


def _until_arrival(line: ItemDemand, crisis: Crisis) -> tuple[Estimate, Any]:
    """Demand of the weeks that begin before an order placed on the reference date is there, and the day it is."""
    weeks, days = line.due.labels("week"), line.order.lead_time_days
    if days is None:
        return line.due, crisis.reference_date + timedelta(weeks=crisis.settings.horizon_weeks)
    early = [week for week in weeks if (week - 1) * 7 < days] or weeks[:1]
    return line.due.select(week=early), crisis.reference_date + timedelta(days=math.ceil(days))


def _weight(zone: str, line: ItemDemand, requiring: Estimate, told: list[Any]) -> float:
    """Multiply the criteria of a zone; one about a group counts with that group's share of those who require it."""
    groups = [each for each in requiring.labels("group") if not line.item.groups or each in line.item.groups]
    people = np.median(requiring.select(area=zone, group=groups).array, axis=-1)
    shares = dict(zip(groups, people / people.sum() if people.sum() else people, strict=True))
    weight = 1.0
    for row in told:
        if row.area in ("", zone):
            share = shares.get(row.group, 0.0) if row.group else 1.0
            weight *= 1 + share * (row.weight - 1)
    return weight

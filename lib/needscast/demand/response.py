"""What has been done and paid for: people targeted and reached, money known to be funded, and the ask that remains.

Only rows that end since the onset count. Figures of reach are pooled and never summed, because one person stands in
several of them: the largest row counts, a lower bound given those rows. Money adds up within a source, where two rows
that begin on one day with different cut-offs are a running count, of which the younger stands for both; two sources may
speak of the same money, so the one that names more counts. Absent means unknown, never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import pandas as pd

from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, each_row

MONEY = "USD"  # of the prices; money in another currency is not compared with them
PEOPLE = ("person", "household")


def response(
    sector: str,
    now: Estimate,
    end: Estimate,
    cost: Estimate | None,
    crisis: Crisis,
    inputs: Inputs,
    draws: Draws,
) -> dict[str, Estimate]:
    """Return what is known of the response to one sector beside what is required.

    Parameters
    ----------
    now, end : people requiring the sector on the reference date and when the horizon ends. [person]
    cost : of everything due over the horizon, or None where no item has a price. [USD]

    Returns
    -------
    By name, each only where it is known: ``requiring`` now, ``targeted``, ``reached``, ``not_reached`` [person];
    ``need`` [USD]; ``per_person``: the need for each person who requires the sector now or at the end, whichever are
    more [USD / person]; ``target_cost``: the targeted at that cost, ``funded``, and ``remaining``, which is need less
    funded and never below zero in a world [USD]; ``funded_per_targeted`` and ``funded_per_reached``: as
    :func:`money_for_each` [USD / person].
    """
    found = {"requiring": now}
    for kind in ("targeted", "reached"):
        people = people_of(sector, kind, crisis, inputs, draws)
        if people is not None:
            found[kind] = people
        paid = money_for_each(sector, kind, crisis, inputs, draws)
        if paid is not None:
            found[f"funded_per_{kind}"] = paid
    if "reached" in found:
        found["not_reached"] = now.apply(
            what_remains, found["reached"], dims=(), unit_text="person", name="not reached"
        )
    if cost is None:
        return found
    most = now.apply(np.maximum, end, dims=(), unit_text="person", name="most people requiring it")
    each = most.apply(_for_each, cost, dims=(), unit_text=f"{MONEY} / person", name=f"cost for each person, {sector}")
    found |= {"need": cost, "per_person": each}
    if "targeted" in found:
        found["target_cost"] = found["targeted"].times(each, name=f"cost of the target, {sector}")
    funded = money_of(sector, crisis, draws)
    if funded is not None:
        remaining = cost.apply(what_remains, funded, dims=(), unit_text=MONEY, name=f"still to be funded, {sector}")
        found |= {"funded": funded, "remaining": remaining}
    return found


def all_sectors(asked: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Estimate]:
    """Return ``need``, ``funded`` and ``remaining`` over all sectors; nothing where no funding is known. [USD]

    A sector whose funding is not known counts with its whole need, so what remains is at most that.
    """
    costed = [one for one in asked.values() if "need" in one]
    if not any("funded" in one for one in costed):
        return {}
    parts = {
        "need": [one["need"] for one in costed],
        "funded": [one["funded"] for one in costed if "funded" in one],
        "remaining": [one.get("remaining", one["need"]) for one in costed],
    }
    return {name: reduce(Estimate.plus, each).called(f"{name}, all sectors") for name, each in parts.items()}


def people_of(sector: str, kind: str, crisis: Crisis, inputs: Inputs, draws: Draws) -> Estimate | None:
    """Return the people targeted or reached by a sector: the largest row since the onset, None without any. [person]"""
    rows = since_onset(crisis, sector, kind)
    known = [in_people(row, inputs, draws) for row in rows if row.unit in PEOPLE]
    return max(known, key=lambda one: float(np.median(one.array)), default=None)


def money_of(sector: str, crisis: Crisis, draws: Draws) -> Estimate | None:
    """Return the money known to be funded since the onset, None where no row says so. [USD]"""
    rows = [row for row in since_onset(crisis, sector, "funded") if row.unit == MONEY]
    if not rows:
        return None
    youngest: dict[tuple[Any, ...], Any] = defaultdict(lambda: pd.Timestamp.min)
    for row in rows:
        youngest[_count(row)] = max(youngest[_count(row)], row.as_of)
    by_source: dict[str, list[Any]] = {row.source: [] for row in sorted(rows, key=lambda row: str(row.source))}
    for row in rows:
        if row.as_of == youngest[_count(row)]:
            by_source[row.source].append(row)
    standing = max(by_source.values(), key=_money)
    cited = "; ".join(dict.fromkeys(map(cited_as, standing)))
    return Estimate.constant(_money(standing), MONEY, f"funded, {sector}", draws.count, cited)


def money_for_each(sector: str, kind: str, crisis: Crisis, inputs: Inputs, draws: Draws) -> Estimate | None:
    """Return the money funded for each person targeted or reached, None where no two rows can be compared.

    Those that :func:`money_and_people` finds are. [USD / person]
    """
    pair = money_and_people(sector, kind, crisis)
    if pair is None:
        return None
    paid, served = pair
    money = Estimate.constant(paid.quantity, MONEY, f"funded for {paid.item}", draws.count, cited_as(paid))
    unit, name = f"{MONEY} / person", f"funded for each person {kind}, {sector}"
    return in_people(served, inputs, draws).apply(_for_each, money, dims=(), unit_text=unit, name=name)


def money_and_people(sector: str, kind: str, crisis: Crisis) -> tuple[Any, Any] | None:
    """Return the rows of money and of people that are compared for each person, None where no two can be.

    Money is the cost of people only where both rows name the same item and the same days: what was paid for blankets
    to come is no cost of those who were given tents. Of several pairs the one with most money counts.
    """
    people = {_goods(row): row for row in since_onset(crisis, sector, kind) if row.unit in PEOPLE}
    paid = [
        row for row in since_onset(crisis, sector, "funded") if row.unit == MONEY and row.item and _goods(row) in people
    ]
    if not paid:
        return None
    most = max(paid, key=lambda row: float(row.quantity))
    return most, people[_goods(most)]


def _goods(row: Any) -> tuple[Any, ...]:
    """What a row is about: the item and its days; a row whose first day is not known is like no other."""
    return row.item, row.period_start if row.period_start == row.period_start else object(), row.as_of


def _count(row: Any) -> tuple[Any, ...]:
    """What a running count of money is known by: its source, its item and its first day."""
    return row.source, row.item, None if pd.isna(row.period_start) else row.period_start


def _money(rows: Sequence[Any]) -> float:
    return float(sum(row.quantity for row in rows))


def since_onset(crisis: Crisis, sector: str, kind: str) -> Sequence[Any]:
    """Return the rows of the response of one sector and kind that end on the onset or later."""
    return _since_onset(crisis).get((sector, kind), ())


@lru_cache(maxsize=4)
def _since_onset(crisis: Crisis) -> Mapping[tuple[str, str], Sequence[Any]]:
    """The same of every sector and kind, found once: each item of each scenario asks."""
    onset, found = pd.Timestamp(crisis.settings.onset), defaultdict(list)
    for row in each_row(crisis.response):
        if row.as_of >= onset:
            found[row.sector, row.kind].append(row)
    return found


def in_people(row: Any, inputs: Inputs, draws: Draws) -> Estimate:
    """Return the people that a row of the response counts; households by the uncertain household size. [person]"""
    counted = Estimate.constant(row.quantity, row.unit, f"{row.kind} by {row.as_of.date()}", draws.count, cited_as(row))
    return counted if row.unit == "person" else counted.times(inputs.draw("household_size", draws))


def cited_as(row: Any) -> str:
    """Return how a row of the response is cited."""
    published: date | None = None if pd.isna(row.published) else row.published.date()
    return f"response: {row.source} ({published or 'undated'})"


def what_remains(whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return what is left of a whole in each world, never below zero."""
    return np.maximum(whole - part, 0)


def _for_each(people: np.ndarray, cost: np.ndarray) -> np.ndarray:
    return np.divide(cost, people, out=np.zeros_like(cost), where=people > 0)

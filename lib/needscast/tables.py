"""The tidy tables of a scenario, one function each: labels, unit, lower, median, upper, mean, mass, sources.

A row says what it is in every column: ``all`` is the total over a label, week 0 is the reference date, and week 1 its
first seven days. These are the tables of ``needscast estimate``, and the report's blocks read them too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from needscast.decisions import levels
from needscast.decisions.allocation import ALLOCATION
from needscast.decisions.dates import DATE_DRIVERS
from needscast.decisions.plan import DECISION, INFORMATION, LEVELS
from needscast.demand import Gap, ItemDemand, Order, all_sectors
from needscast.demand.calendar import week_start
from needscast.derivation import cited
from needscast.displacement import Displacement
from needscast.estimate import ALL, Estimate
from needscast.inputs import Crisis, Item
from needscast.needs.flags import COLUMNS as FLAGS
from needscast.vocabulary import DISPLACED_AGAIN, DISPLACED_LONG, NEWLY_DISPLACED

HORIZON = "horizon"  # the week label of a total over the horizon
RANGE = ["unit", "lower", "median", "upper", "mean", "mass", "sources"]

STOCK_OUT = ["within_horizon", "before_arrival", "lead_time_days"]
ITEM = ["pack_name", "in_cost_total", "lack", "shared", "supply_known"]
NORM = ["norm", "norm_source", "second_hand", "confidence"]

# The columns of each table that sectors and items add rows to.
COLUMNS = {
    "people": ["sector", "group", "area", "week", "week_start", *RANGE],
    "demand": ["sector", "item", "area", "week", "week_start", *RANGE],
    "costs": ["sector", "item", *RANGE],
    "gap": ["sector", "item", "quantity", "week", "week_start", *RANGE],
    "response": ["sector", "quantity", *RANGE],
    "reach": ["sector", "item", "quantity", *RANGE],
    "stock_out": ["sector", "item", "early", "middle", "late", *STOCK_OUT, "mass", "sources"],
    "stock_out_weeks": ["sector", "item", "week", "week_start", "share"],
    "date_drivers": DATE_DRIVERS,
    "planning": ["sector", "item", "unit", *LEVELS],
    "orders": ["sector", "item", "unit", *Order.__dataclass_fields__, *ITEM, *NORM, "sources"],
    "special": ["special_group", "week", "week_start", *RANGE],
    "displacement": ["quantity", "group", "area", "week", "week_start", *RANGE],
    "decisions": DECISION,
    "information": INFORMATION,
    "allocation": ALLOCATION,
    "across": ["area", "largest_sector", "independent", "cap"],
    "flags": FLAGS,
}

Rows = Mapping[str, Any]  # rows of a table as columns: arrays of one length, and what is the same in every row


def joined(name: str, parts: Sequence[Rows]) -> pd.DataFrame:
    """Return one table of many parts; a crisis with nothing to put in it has an empty one with its columns."""
    if not parts:
        return pd.DataFrame(columns=COLUMNS[name])
    lengths = [max((len(each) for each in part.values() if isinstance(each, np.ndarray)), default=1) for part in parts]
    return pd.DataFrame({column: _column(column, parts, lengths) for column in COLUMNS[name]})


def _column(column: str, parts: Sequence[Rows], lengths: Sequence[int]) -> np.ndarray:
    """A column of all parts: numbers as numbers, everything else (words, dates, weeks beside "horizon") as it is."""
    spread = []
    for part, count in zip(parts, lengths, strict=True):
        cells = part.get(column, ALL)
        spread.append(cells if isinstance(cells, np.ndarray) else _same(cells, count))
    return np.concatenate(spread)


def _same(cell: Any, count: int) -> np.ndarray:
    column = np.empty(count, dtype=float if isinstance(cell, float) else object)
    column[:] = cell
    return column


def tidy(estimate: Estimate, mass: float, reference: date, totals: Sequence[str] = (), **labels: Any) -> dict[str, Any]:
    """Return the rows of an estimate: its summary, sources, the first day of its weeks and further fixed labels.

    Along each dimension of ``totals`` the total is one more label.
    """
    rows = estimate.columns(mass, totals) | {"sources": cited(estimate.sources)} | labels
    rows |= {dim: rows[dim].astype(object) for dim in estimate.dims}
    if "week" in estimate.dims:
        starts = {week: week_start(reference, week) for week in estimate.labels("week")}
        rows["week_start"] = np.array([starts[week] for week in rows["week"]], dtype=object)
    return rows


def displaced_since_onset(moved: Displacement, departed: Estimate) -> Estimate:
    """Return people displaced since the onset by week, from the reference date (week 0) on. [person]"""
    flow = moved.displaced_people.total("area")
    return flow.cumulated("week", departed.total("area"), 0, name="displaced since the onset")


def displaced_present(people: Estimate) -> Estimate:
    """Return displaced people present, of all waves, by area and week from 0. [person]"""
    groups = [DISPLACED_LONG, NEWLY_DISPLACED, DISPLACED_AGAIN]
    return people.select(group=groups).total("group", name="displaced people present")


def displaced_by_shelter(moved: Displacement) -> dict[str, Estimate]:
    """Return people displaced since the onset by week from 0, one estimate a shelter; none where no share is given."""
    if moved.shelter is None:
        return {}
    return {f"displaced_in_{each}": moved.shelter.select(shelter=each) for each in moved.shelter.labels("shelter")}


def displacement(moved: Displacement, departed: Estimate, reference: date, mass: float) -> pd.DataFrame:
    """Return quantity, group, area, week, week_start and the range of :func:`displacement_parts`."""
    parts = displacement_parts(moved, departed)
    rows = [
        tidy(each, mass, reference, [dim for dim in ("group", "area") if dim in each.dims], quantity=name)
        for name, each in parts.items()
    ]
    return joined("displacement", rows)


def displacement_parts(moved: Displacement, departed: Estimate) -> dict[str, Estimate]:
    """Return who is where and who moves, by quantity.

    Quantities: people_present and displaced_present (stocks, from week 0); displaced_people, departures, arrivals,
    returns, crossings (flows of the week); displaced_since_onset (running total, from week 0); displaced_in_<shelter>
    (stocks, from week 0): people displaced since the onset by where they sleep, if the crisis gives shares.
    """
    return {
        "people_present": moved.people,
        "displaced_present": displaced_present(moved.people),
        "displaced_since_onset": displaced_since_onset(moved, departed),
        "displaced_people": moved.displaced_people,
        "departures": moved.departures,
        "arrivals": moved.arrivals.total("group"),
        "returns": moved.returns,
        "crossings": moved.crossings,
        **displaced_by_shelter(moved),
    }


def people(requiring: Estimate, sector: str, reference: date, mass: float) -> list[Rows]:
    """Return sector, group, area, week, week_start and the range of people requiring assistance."""
    return [tidy(requiring, mass, reference, ("group", "area"), sector=sector)]


def demand(due: Estimate, sector: str, item: Item, reference: date, mass: float) -> list[Rows]:
    """Return the demand of an item by week for all areas, and by area over the horizon where it may be shown so."""
    names = {"sector": sector, "item": item.id}
    horizon: dict[str, Any] = {"week": HORIZON, "week_start": reference, **names}
    by_area = (
        tidy(due.total("week"), mass, reference, ["area"], **horizon)
        if item.by_area
        else tidy(due.total(["area", "week"]), mass, reference, area=ALL, **horizon)
    )
    return [tidy(due.total("area"), mass, reference, area=ALL, **names), by_area]


def special(groups: Mapping[str, Estimate], reference: date, mass: float) -> pd.DataFrame:
    """Return special_group, week, week_start and the range of displaced people present; groups overlap."""
    rows = [tidy(each, mass, reference, special_group=name) for name, each in groups.items()]
    return joined("special", rows)


def cost(amount: Estimate, sector: str, item: str, reference: date, mass: float) -> list[Rows]:
    """Return the cost of an item or a total over the horizon, at delivered prices of their stated dates."""
    return [tidy(amount, mass, reference, sector=sector, item=item)]


def response(asked: Mapping[str, Mapping[str, Estimate]], reference: date, mass: float) -> pd.DataFrame:
    """Return people and money by sector: required, targeted, reached, funded and what remains, where it is known."""
    every = {**asked, ALL: all_sectors(asked)}
    rows = [
        tidy(each, mass, reference, sector=code, quantity=name)
        for code, found in every.items()
        for name, each in found.items()
    ]
    return joined("response", rows)


def gap(demanded: Estimate, found: Gap, sector: str, item: str, reference: date, mass: float) -> list[Rows]:
    """Return demand, what is covered and what is missing, by week and over the horizon, where supply is known."""
    rows: list[Rows] = []
    for quantity, each in {"demand": demanded, "covered": found.supplied, "gap": found.missing}.items():
        names = {"sector": sector, "item": item, "quantity": quantity}
        rows.append(tidy(each, mass, reference, **names))
        rows.append(tidy(each.total("week"), mass, reference, week=HORIZON, week_start=reference, **names))
    return rows


def stock_out(line: ItemDemand, sector: str, reference: date, mass: float) -> list[Rows]:
    """Return when a known stock runs out: an early, a middle and a late day of that mass, missing beyond the horizon.

    ``within_horizon``: share of the worlds in which it does; ``before_arrival``: share in which it does before an order
    placed on the reference date is there.
    """
    found = line.stock_out
    if found is None:
        return []
    tail = (1 - mass) / 2
    days = {"early": tail, "middle": 0.5, "late": 1 - tail}
    row = {
        "sector": sector,
        "item": line.item.id,
        **{name: found.date_at(level, reference) for name, level in days.items()},
        "within_horizon": found.within,
        "before_arrival": found.before_arrival,
        "lead_time_days": line.order.lead_time_days,
        "mass": mass,
        "sources": cited(found.day.sources),
    }
    return [row]


def stock_out_weeks(line: ItemDemand, sector: str, reference: date) -> list[Rows]:
    """Return the share of the worlds in which a known stock runs out, by week; what is missing to 1 lasts longer."""
    if line.stock_out is None:
        return []
    weeks = line.due.labels("week")
    starts = np.array([week_start(reference, week) for week in weeks], dtype=object)
    shares = line.stock_out.by_week(len(weeks))
    return [{"sector": sector, "item": line.item.id, "week": np.array(weeks), "week_start": starts, "share": shares}]


def reach(line: ItemDemand, sector: str, reference: date, mass: float) -> list[Rows]:
    """Return what was given of an item since the onset: full rations, and what part of what is due they are."""
    names = {"sector": sector, "item": line.item.id}
    return [tidy(each, mass, reference, quantity=name, **names) for name, each in line.reach.items()]


def order(line: Order, sector: str, item: Item, supply_known: bool, phase: str, sources: tuple[str, ...]) -> list[Rows]:
    """Return one line of the purchase plan; what is not known is missing, never zero."""
    norm = item.norm(phase)
    known = {
        "norm": norm.quantity if norm else None,
        "norm_source": f"{norm.source} ({norm.published or 'undated'})" if norm else "",
        "second_hand": bool(norm and norm.second_hand),
        "confidence": norm.confidence if norm else "",
    }
    row = {
        "sector": sector,
        "item": item.id,
        "unit": item.unit,
        **vars(line),
        "pack_name": item.pack_name,
        "in_cost_total": item.in_cost_total,
        "lack": item.lack,
        "shared": item.is_shared,
        "supply_known": supply_known,
        **known,
        "sources": cited(sources),
    }
    return [row]


def planning(line: ItemDemand, sector: str, crisis: Crisis) -> list[Rows]:
    """Return what planning at P50, P80, P95 and at stated costs leaves unserved and over, and each step's price."""
    return [levels(line, crisis) | {"sector": sector, "item": line.item.id, "unit": line.item.unit}]


def stacked(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return frames of one table below each other; an empty one with these columns when no frame has a row."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def median_by_unit(people: Estimate, week: int, **labels: str) -> pd.DataFrame:
    """Return group, area and median people in a week: the settled figure the agencies' rule works on."""
    cells = people.select(week=week).columns()
    named = {"group": cells["group"], "area": cells["area"], "people": np.maximum(cells["median"], 0)}
    return pd.DataFrame(named | labels)

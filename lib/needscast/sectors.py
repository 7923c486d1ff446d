"""One sector of a scenario: who requires assistance, what is due of each item, and what is to be decided about it.

A sector needs nothing of another, and is reduced to table rows and headline draws before the next begins. So sectors
can be worked in processes of their own and put together in their order, and the results are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from needscast import tables
from needscast.decisions import Knowable, allocation, date_drivers, decision, information
from needscast.demand import Caseload, Crossings, Displaced, Load, SectorDemand, load_of, response, sector_demand
from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.headlines import sector_headlines
from needscast.inputs import Crisis, Inputs, Sector
from needscast.needs import requiring_assistance, requiring_shares

MASS = 0.8
DECIDED = ("decisions", "information", "allocation", "date_drivers")  # tables of the orders that the crisis names
BY_SECTOR = (
    "people",
    "demand",
    "costs",
    "gap",
    "orders",
    "planning",
    "reach",
    "stock_out",
    "stock_out_weeks",
)  # tables that grow sector by sector


@dataclass(frozen=True)
class Worked:
    """What a sector leaves of its arrays.

    Attributes
    ----------
    headlines : people requiring it now and at the end, its cost and its weight, by name.
    asked : what is required, targeted, reached and funded, by quantity.
    settled : median people requiring it now by group and area; None of a sector that is no need of its own.
    to_buy : SECTOR/item -> what is due over the horizon and not covered by known supply. [unit of the item]
    loads : what each line of its purchase plan brings to the crossings.
    rows : its rows of the tables in ``BY_SECTOR``.
    decided : its parts of the tables in ``DECIDED``.
    missing : what could not be computed, and why.
    """

    code: str
    headlines: Mapping[str, Estimate]
    asked: Mapping[str, Estimate]
    settled: pd.DataFrame | None
    to_buy: Mapping[str, Estimate]
    loads: tuple[Load, ...]
    rows: Mapping[str, list[tables.Rows]]
    decided: Mapping[str, list[pd.DataFrame]]
    missing: tuple[tuple[str, str], ...]


def worked(
    sector: Sector,
    people: Estimate,
    displaced: Displaced,
    knowable: Knowable,
    crisis: Crisis,
    inputs: Inputs,
    worlds: Draws,
) -> Worked:
    """Work a sector and reduce it; see :func:`run_sector`."""
    requiring, demanded = run_sector(sector, people, displaced, crisis, inputs, worlds)
    headlines, code, entered = sector_headlines(sector, requiring, demanded), sector.code, Crossings(crisis.crossings)
    now_and_end = headlines[f"requiring/{code}"], headlines[f"requiring_end/{code}"]
    return Worked(
        code,
        headlines,
        response(code, *now_and_end, headlines.get(f"cost/{code}"), crisis, inputs, worlds),
        tables.median_by_unit(requiring, 0, sector=code) if sector.is_need else None,
        {f"{code}/{line.item.id}": line.to_buy for line in demanded.items},
        tuple(load for line in demanded.items if (load := load_of(line, code, entered))),
        _rows(requiring, demanded, crisis),
        _decided(requiring, demanded, knowable, crisis, worlds),
        demanded.missing,
    )


def run_sector(
    sector: Sector,
    people: Estimate,
    displaced: Displaced,
    crisis: Crisis,
    inputs: Inputs,
    worlds: Draws,
) -> tuple[Estimate, SectorDemand]:
    """Return the people requiring one sector by group, area and week, and the demand for its items.

    Parameters
    ----------
    people : everybody, by group, area, week from 0. [person]
    displaced : those of them who are displaced, the same for all sectors.
    """
    shares = requiring_shares(sector, inputs, worlds, crisis.zones)
    requiring = requiring_assistance(people, shares, name=f"requiring assistance, {sector.code}")
    caseload = Caseload.of(requiring, shares, displaced)
    return requiring, sector_demand(sector, caseload, crisis, inputs, worlds)


def _rows(requiring: Estimate, demanded: SectorDemand, crisis: Crisis) -> dict[str, list[tables.Rows]]:
    code, reference, phase = demanded.sector.code, crisis.reference_date, crisis.settings.phase
    rows: dict[str, list[tables.Rows]] = {name: [] for name in BY_SECTOR}
    rows["people"] += tables.people(requiring, code, reference, MASS)
    for line in demanded.items:
        rows["demand"] += tables.demand(line.due, code, line.item, reference, MASS)
        rows["orders"] += tables.order(line.order, code, line.item, line.gap is not None, phase, line.due.sources)
        rows["planning"] += tables.planning(line, code, crisis)
        rows["reach"] += tables.reach(line, code, reference, MASS)
        rows["stock_out"] += tables.stock_out(line, code, reference, MASS)
        rows["stock_out_weeks"] += tables.stock_out_weeks(line, code, reference)
        if line.cost is not None:
            rows["costs"] += tables.cost(line.cost, code, line.item.id, reference, MASS)
        if line.gap is not None:
            rows["gap"] += tables.gap(line.due.total("area"), line.gap, code, line.item.id, reference, MASS)
    total = demanded.total("cost", f"cost, {code}")
    if total is not None:
        rows["costs"] += tables.cost(total, code, tables.ALL, reference, MASS)
    return rows


def _decided(
    requiring: Estimate, demanded: SectorDemand, knowable: Knowable, crisis: Crisis, worlds: Draws
) -> dict[str, list[pd.DataFrame]]:
    """The tables of the orders of a sector that are to be decided, and of what moves the day a stock runs out."""
    named, code = set(crisis.decisions["item"]), demanded.sector.code
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in DECIDED}
    for line in demanded.items:
        if line.stock_out is not None:
            found["date_drivers"].append(date_drivers(line, code, knowable, crisis, worlds))
        if line.item.id in named:
            found["decisions"].append(decision(line, code, crisis))
            found["information"].append(information(line, code, knowable, crisis, worlds))
            found["allocation"].append(allocation(line, code, requiring, crisis))
    return found

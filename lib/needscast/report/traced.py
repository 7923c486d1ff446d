"""What the name of a number means: its value and its derivation, for every number that a report shows.

A headline by its name (``cost``, ``requiring/CODE``); of an item what is due, or another thing about it
(``cost/CODE/item``, ``order_by/item``, ``allocation/item/AREA``); people by sector, area and week
(``people/CODE/AREA/WEEK``). A run keeps the tables of its items and not their draws, so what is asked about an item is
computed again, in the same worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar

from needscast.decisions.allocation import allocation, criteria
from needscast.derivation import Derivation
from needscast.draws import Draws
from needscast.errors import NeedscastError, one_of
from needscast.report.values import Amount, Day, Range
from needscast.tables import ALL

if TYPE_CHECKING:
    import pandas as pd

    from needscast.chain import Results
    from needscast.demand import ItemDemand, SectorDemand
    from needscast.estimate import Estimate
    from needscast.inputs import Sector

Thing = TypeVar("Thing")
PEOPLE, DUE = "people", "demand"
NEAR = 3  # names that are proposed in place of one that is not known


@dataclass(frozen=True)
class Traced:
    """A number with where it comes from.

    Attributes
    ----------
    value : a range; an amount or a day for what is decided from ranges.
    derivation : down to figure ids, standards and named assumptions.
    """

    value: Range | Amount | Day
    derivation: Derivation


@dataclass(frozen=True)
class _Asked:
    """An item of a run that was computed again, and what else was asked: an area, or nothing."""

    results: Results
    sector: Sector
    line: ItemDemand
    requiring: Estimate
    rest: tuple[str, ...]

    @property
    def thing(self) -> str:
        return self.line.item.id.replace("_", " ")


def traced(results: Results, name: str) -> Traced:
    """Return the number that a name means.

    Raises
    ------
    NeedscastError : for a name that the run does not have, with the nearest ones and what a name can be.
    """
    if name in results.headlines:
        return _ranged(results, results.headlines[name])
    kind, _, rest = name.partition("/")
    if kind == PEOPLE and rest:
        return _ranged(results, _people(results, rest))
    if kind not in KINDS:
        kind, rest = DUE, name
    sector, item, further = _item(results, name, rest)
    requiring, demanded = _run(results, sector)
    return KINDS[kind](_Asked(results, sector, _line(demanded, item), requiring, further))


def known_names(results: Results) -> Iterator[str]:
    """Return every name that can be asked about, without areas and weeks."""
    yield from results.headlines
    for sector in results.crisis.sectors:
        yield f"{PEOPLE}/{sector.code}"
        for item in sector.items:
            yield from (item.id, f"{sector.code}/{item.id}", *(f"{kind}/{sector.code}/{item.id}" for kind in KINDS))


# --- people and items of a run ----------------------------------------------------------------------------------------


def _people(results: Results, asked: str) -> Estimate:
    """People requiring a sector, ``CODE/AREA/WEEK``; everywhere and now where area and week are left out."""
    code, area, week, *_ = *asked.split("/"), "", ""
    by_code = {each.code: each for each in results.crisis.sectors}
    if code not in by_code:
        raise NeedscastError(one_of("sector", code, by_code))
    requiring = _run(results, by_code[code])[0].total("group")
    weeks, zones = {str(each): each for each in requiring.labels("week")}, requiring.labels("area")
    if week not in ("", *weeks):
        raise NeedscastError(one_of("week", week, weeks))
    if area not in ("", ALL, *zones):
        raise NeedscastError(one_of("area", area, [ALL, *zones]))
    found = requiring.select(week=weeks[week or "0"])
    called = f"people requiring {code}, {area or ALL}, week {week or 0}"
    return found.total("area", name=called) if area in ("", ALL) else found.select(area=area).called(called)


def _item(results: Results, name: str, rest: str) -> tuple[Sector, str, tuple[str, ...]]:
    """The sector and the item that a name begins with, and what follows."""
    for sector in results.crisis.sectors:
        for item in sector.items:
            for written in (f"{sector.code}/{item.id}", item.id):
                if rest == written or rest.startswith(f"{written}/"):
                    return sector, item.id, tuple(part for part in rest[len(written) :].split("/") if part)
    near = get_close_matches(name, list(known_names(results)), n=NEAR)
    hint = f"did you mean {' or '.join(map(repr, near))}? Name" if near else "name"
    raise NeedscastError(
        f"unknown quantity '{name}'; {hint} a headline ({', '.join(list(results.headlines)[:8])} ...), an item as "
        f"SECTOR/item, one of {', '.join(KINDS)} before it, or {PEOPLE}/SECTOR/AREA/WEEK"
    )


def _run(results: Results, sector: Sector) -> tuple[Estimate, SectorDemand]:
    """One sector of the run again, in the same worlds."""
    from needscast.chain import run_sector
    from needscast.displacement import simulate

    worlds = Draws(results.draws, results.seed)
    moved = simulate(results.crisis, results.inputs, results.nowcast.estimates, worlds, results.scenario.hostilities)
    return run_sector(sector, moved, results.crisis, results.inputs, worlds)


def _line(demanded: SectorDemand, item: str) -> ItemDemand:
    found = {line.item.id: line for line in demanded.items}
    if item not in found:
        key = f"{demanded.sector.code}/{item}"
        raise NeedscastError(f"{key} was not computed: {dict(demanded.missing).get(key, 'no reason given')}")
    return found[item]


# --- what can be asked about an item ----------------------------------------------------------------------------------


def _due(asked: _Asked) -> Traced:
    return _ranged(asked.results, asked.line.due.total(["area", "week"], name=f"{asked.thing} due over the horizon"))


def _cost(asked: _Asked) -> Traced:
    return _ranged(asked.results, _known(asked, asked.line.cost, "cost: no price was public"))


def _tonnes(asked: _Asked) -> Traced:
    return _ranged(asked.results, _known(asked, asked.line.tonnes, "weight: none was public"))


def _gap(asked: _Asked) -> Traced:
    gap = _known(asked, asked.line.gap, "gap: its supply is not known")
    return _ranged(asked.results, gap.missing.total("week", name=f"{asked.thing} missing over the horizon"))


def _order(asked: _Asked) -> Traced:
    item, settings = asked.line.item, asked.results.crisis.settings
    level = _leaf(f"enough in {settings.planning_level:.0%}", f"crisis.toml: {settings.planning_level_chosen_by}")
    name = f"{asked.thing} to order, in whole packs of {item.pack:g}"
    parts = (_uncovered(asked), level)
    return Traced(Amount(asked.line.order.quantity, item.unit), Derivation(name, "quantile, rounded up", parts))


def _order_by(asked: _Asked) -> Traced:
    line, crisis = asked.line.order, asked.results.crisis
    day = _known(asked, line.order_by, "order-by date: covered throughout, or its lead time is not known")
    lead = f"{asked.sector.code}/{asked.line.item.id}/lead_time_days"
    time = asked.results.inputs.draw(lead, Draws(asked.results.draws, asked.results.seed)).derivation
    cargo = line.tonnes != 0 or line.m3 != 0  # money and local services cross no border
    crossed = [
        _leaf(row["name"], f"crossings.csv: {row['legal_basis']}, open until {str(row['closes'])[:10]}")
        for row in (_records(crisis.crossings) if cargo else [])
    ]
    how = f"needed from {line.needed_from}, less {line.lead_time_days:.0f} days{', across an open crossing' * cargo}"
    return Traced(Day.of(day), Derivation(f"{asked.thing}: order by", how, (_uncovered(asked), time, *crossed)))


def _allocation(asked: _Asked) -> Traced:
    crisis, item = asked.results.crisis, asked.line.item
    shares = {row["area"]: row for row in _records(allocation(asked.line, asked.sector.code, asked.requiring, crisis))}
    if not shares:
        raise NeedscastError(f"nothing is shared out of {item.id}; decisions.csv names no number to share out")
    area = asked.rest[0] if asked.rest else ""
    if area not in shares:
        raise NeedscastError(one_of("area of an allocation", area, shares))
    row, decided = shares[area], _records(crisis.decisions[crisis.decisions["item"] == item.id])[0]
    parts = [
        asked.line.due.select(area=area).total("week", name=f"{asked.thing} due in {area}").derivation,
        _leaf(f"{row['available']:,} in hand", f"decisions.csv: {decided['source']}; {decided['reason']}"),
        *(
            _leaf(f"{each['criterion']}: weight {each['weight']:g}", f"priorities.csv: {each['reason']}")
            for each in _records(criteria(item.id, crisis))
            if each["area"] in ("", area)
        ),
    ]
    how = f"{row['claim']:,} due until {row['until']}, times weight {row['weight']:.3g}, in whole units"
    return Traced(Amount(float(row["given"]), item.unit), Derivation(f"{asked.thing} to {area}", how, tuple(parts)))


KINDS: dict[str, Callable[[_Asked], Traced]] = {
    DUE: _due,
    "cost": _cost,
    "tonnes": _tonnes,
    "gap": _gap,
    "order": _order,
    "order_by": _order_by,
    "allocation": _allocation,
}


def _uncovered(asked: _Asked) -> Derivation:
    return asked.line.uncovered.called(f"{asked.thing} due and not covered by known supply").derivation


def _known(asked: _Asked, found: Thing | None, lack: str) -> Thing:
    if found is None:
        raise NeedscastError(f"{asked.sector.code}/{asked.line.item.id} has no {lack}")
    return found


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _leaf(name: str, source: str) -> Derivation:
    return Derivation(name, sources=(source,))


def _ranged(results: Results, made: Estimate) -> Traced:
    row = made.summary(results.mass).iloc[0]
    spread = Range(row["lower"], row["median"], row["upper"], results.mass, row["unit"])
    return Traced(spread, made.derivation)

"""The demand of one sector, item by item: due, covered by known supply, missing, cost and what to order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from needscast.demand.orders import Order, order
from needscast.demand.quantity import Caseload, quantity
from needscast.demand.rations import full_rations
from needscast.demand.stockout import StockOut, stock_out
from needscast.demand.supply import Gap, gap, known_supply
from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, Item, Sector

NOT_PUBLIC = "no value was public on the reference date"


@dataclass(frozen=True)
class ItemDemand:
    """One item over the horizon.

    Attributes
    ----------
    due : by area and week from 1. [unit of the item]
    uncovered : due and not covered by known supply, by week. [unit of the item]
    gap : what known supply covers and what is missing by week, or None where supply is not known.
    stock_out : when known supply runs out, or None where supply is not known.
    reach : full rations given so far and what part of what is due they are, each only where it is known.
    cost : of everything due, at delivered prices, or None where no price was public. [USD]
    tonnes : weight of everything due, or None where the weight is not known. [tonne]
    order : the line of the purchase plan.
    """

    item: Item
    due: Estimate
    uncovered: Estimate
    gap: Gap | None
    stock_out: StockOut | None
    reach: Mapping[str, Estimate]
    cost: Estimate | None
    tonnes: Estimate | None
    order: Order

    @property
    def to_buy(self) -> Estimate:
        """What is due over the horizon and not covered by known supply. [unit of the item]"""
        return self.uncovered.total("week", name=f"{self.item.id} to buy")


@dataclass(frozen=True)
class SectorDemand:
    """Every item of a sector that could be computed, and what could not with the reason."""

    sector: Sector
    items: tuple[ItemDemand, ...]
    missing: tuple[tuple[str, str], ...]

    def total(self, what: str, name: str) -> Estimate | None:
        """Return the sum of ``cost`` or ``tonnes`` over the items that count towards totals, None when none has it."""
        parts = [found for line in self.items if line.item.in_cost_total and (found := getattr(line, what)) is not None]
        if not parts:
            return None
        total = parts[0]
        for part in parts[1:]:
            total = total.plus(part, name=name)
        return total.called(name)


def sector_demand(sector: Sector, caseload: Caseload, crisis: Crisis, inputs: Inputs, draws: Draws) -> SectorDemand:
    """Compute every item of a sector that its inputs allow; the others are listed with what they lack."""
    items, missing = [], []
    for item in sector.items:
        try:
            line = item_demand(item, sector, caseload, crisis, inputs, draws)
        except NeedscastError as lack:
            missing.append((f"{sector.code}/{item.id}", str(lack)))
            continue
        items.append(line)
        for what in ("cost", "tonnes"):
            if getattr(line, what) is None:
                missing.append((f"{sector.code}/{item.id}/{what}", NOT_PUBLIC))
    return SectorDemand(sector, tuple(items), tuple(missing))


def item_demand(
    item: Item, sector: Sector, caseload: Caseload, crisis: Crisis, inputs: Inputs, draws: Draws
) -> ItemDemand:
    """Compute one item from its caseload to its order."""
    due = quantity(item, sector, caseload, crisis, inputs, draws)
    by_week = due.total("area")
    supply = known_supply(item.id, item.unit, by_week.labels("week"), crisis, draws)
    found = gap(by_week, supply) if supply is not None else None
    horizon = due.total(["area", "week"])
    price = f"{sector.code}/{item.id}/price"
    cost = None
    if inputs.has(price):
        per_unit = Estimate.constant(1, f"share / {item.unit}", "price is per unit", draws.count)
        cost = horizon.times(inputs.draw(price, draws).times(per_unit), name=f"cost of {item.id}")
    known = item.specification
    weight = known.mass_kg if known else None
    tonnes = None
    if known and weight is not None:
        source = f"{known.source} ({known.published or 'undated'})"
        each = Estimate.constant(
            weight / 1000, f"tonne / {item.unit}", f"weight of one {item.unit}", draws.count, source
        )
        tonnes = horizon.times(each, name=f"weight of {item.id}")
    uncovered = found.missing if found else by_week
    lead = f"{sector.code}/{item.id}/lead_time_days"
    days = inputs.draw(lead, draws).array if inputs.has(lead) else None
    out = stock_out(by_week, found, days) if found else None
    reach = full_rations(sector.code, item, by_week, crisis, inputs, draws)
    line = order(item, sector, uncovered, crisis, inputs, draws)
    return ItemDemand(item, due, uncovered, found, out, reach, cost, tonnes, line)

"""Numbers about an item: what is due and missing, what to order by when, its weight, trucks and price."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from needscast.demand import Crossings, load_of
from needscast.derivation import Derivation
from needscast.errors import NeedscastError
from needscast.report.edition import PUBLIC
from needscast.report.traced.asked import AskedItem, Form, Traced, leaf, ranged, records, worlds
from needscast.report.values import Amount, Day

DUE = "demand"
NO_PLACE = "date: it is covered throughout, or its lead time is not known"


def _due(asked: AskedItem) -> Traced:
    return ranged(asked.results, asked.line.due.total(["area", "week"], name=f"{asked.thing} due over the horizon"))


def _cost(asked: AskedItem) -> Traced:
    return ranged(asked.results, asked.known(asked.line.cost, "cost: no price was public"))


def _tonnes(asked: AskedItem) -> Traced:
    return ranged(asked.results, asked.known(asked.line.tonnes, "weight: none was public"))


def _gap(asked: AskedItem) -> Traced:
    gap = asked.known(asked.line.gap, "gap: its supply is not known")
    return ranged(asked.results, gap.missing.total("week", name=f"{asked.thing} missing over the horizon"))


def _given(quantity: str) -> Callable[[AskedItem], Traced]:
    def find(asked: AskedItem) -> Traced:
        lack = "rations given: no row of response.csv says what share of a full ration people were given"
        return ranged(asked.results, asked.known(asked.line.reach.get(quantity), lack))

    return find


# --- the line of the purchase plan ------------------------------------------------------------------------------------


def ordered(asked: AskedItem) -> Derivation:
    """Return where the planned quantity comes from."""
    item, settings = asked.line.item, asked.results.crisis.settings
    level = leaf(f"enough in {settings.planning_level:.0%}", f"crisis.toml: {settings.planning_level_chosen_by}")
    name = f"{asked.thing} to order, in whole packs of {item.pack:g}"
    return Derivation(name, "quantile, rounded up", (asked.uncovered, level))


def _order(asked: AskedItem) -> Traced:
    return Traced(Amount(asked.line.order.quantity, asked.line.item.unit), ordered(asked))


def _order_by(asked: AskedItem) -> Traced:
    line, plan = asked.line.order, asked.plan
    day = asked.known(plan.order_by, f"order-by {NO_PLACE}")
    how = f"needed from {line.needed_from}, less {_lead_time(asked)} days"
    how += ", across an open crossing" * _crosses(asked)
    if day != line.order_by:
        how += f", and sooner than {line.order_by}, so that all that is planned passes the crossings in time"
    name = f"{asked.thing}: order by"
    return Traced(Day.of(day), Derivation(name, how, (asked.uncovered, asked.lead_time, *_crossings(asked))))


def _earliest(asked: AskedItem) -> Traced:
    day = asked.known(asked.plan.earliest, f"earliest {NO_PLACE}, or no crossing opens again")
    how = f"{asked.results.crisis.reference_date} and {_lead_time(asked)} days"
    how += ", then the next day on which a crossing is open" * _crosses(asked)
    name = f"{asked.thing}: there at the earliest"
    return Traced(Day.of(day), Derivation(name, how, (asked.lead_time, *_crossings(asked))))


def _lead_time(asked: AskedItem) -> int:
    """The lead time in the whole days that dates count."""
    return math.ceil(float(asked.known(asked.line.order.lead_time_days, f"lead-time {NO_PLACE}")))


def _waiting(asked: AskedItem) -> Traced:
    line, crisis = asked.line.order, asked.results.crisis
    people = asked.known(line.people_waiting, "people waiting: its lead time or the people of a unit are not known")
    due = f"{line.needed_before_arrival:,.0f} due before an order of {crisis.reference_date} is there"
    how = f"{due}, times the people that one serves"
    parts = (asked.uncovered, asked.lead_time, asked.norm)
    return Traced(Amount(people, "person", 3), Derivation(f"people waiting for {asked.thing}", how, parts))


def _of_order(what: str, unit: str, lack: str) -> Callable[[AskedItem], Traced]:
    def find(asked: AskedItem) -> Traced:
        value = asked.known(getattr(asked.line.order, what), lack)
        each = _price(asked) if unit == "USD" else _specification(asked)
        name = f"{what.split('_')[0]} of the {asked.thing} to order"
        return Traced(Amount(value, unit, 3), Derivation(name, "times", (ordered(asked), each)))

    return find


def trucks(asked: AskedItem) -> Derivation:
    """Return where the trucks of a planned quantity come from."""
    tonnes, m3 = Crossings(asked.results.crisis.crossings).payload
    full = leaf(f"a truck holds {tonnes:g} tonnes or {m3:g} cubic metres", "crossings.csv: payload_tonnes, payload_m3")
    parts = (ordered(asked), _specification(asked), full)
    return Derivation(f"trucks of {asked.thing}", "weight or volume, what fills a truck first", parts)


def _trucks(asked: AskedItem) -> Traced:
    crossings = Crossings(asked.results.crisis.crossings)
    if not crossings.known:
        raise NeedscastError("no crossing is listed, so nobody says what a truck holds; fill in crossings.csv")
    load = load_of(asked.line, asked.sector.code, crossings)
    found = asked.known(
        load, "trucks: it crosses nowhere, counts in another line, or its weight and volume are unknown"
    )
    return Traced(Amount(float(found.trucks.sum()), "truck", 3), trucks(asked))


def _crosses(asked: AskedItem) -> bool:
    """Whether it comes over a border at all: money and local services do not."""
    line = asked.line.order
    return not asked.line.item.bought_inside and (line.tonnes != 0 or line.m3 != 0) and bool(_crossings(asked))


def _crossings(asked: AskedItem) -> list[Derivation]:
    line, results = asked.line.order, asked.results
    if asked.line.item.bought_inside or line.tonnes == line.m3 == 0:
        return []
    table = results.crisis.crossings
    shown = table[table["sensitivity"] == PUBLIC] if results.readership == PUBLIC and len(table) else table
    return [
        leaf(row["name"], f"crossings.csv: {row['legal_basis']}, open until {_end(row['closes'])}")
        for row in records(shown)
    ]


def _end(closes: Any) -> str:
    return "no known day" if pd.isna(closes) else str(closes)[:10]


def _price(asked: AskedItem) -> Derivation:
    return asked.results.inputs.draw(f"{asked.key}/price", worlds(asked.results)).derivation


def _specification(asked: AskedItem) -> Derivation:
    known = asked.line.item.specification
    source = f"{known.source} ({known.published or 'undated'})" if known else "none"
    return leaf(f"weight and volume of one {asked.line.item.unit}", source)


_NO_WEIGHT = "weight and volume that were public"
ITEMS: dict[str, Form] = {
    DUE: Form("ITEM", "what is due over the horizon; ITEM alone means the same", _due),
    "cost": Form("ITEM", "the price of all that is due", _cost),
    "tonnes": Form("ITEM", "the weight of all that is due", _tonnes),
    "gap": Form("ITEM", "what known supply leaves missing over the horizon", _gap),
    "order": Form("ITEM", "the planned quantity", _order),
    "order_by": Form("ITEM", "the last day to order it", _order_by),
    "earliest": Form("ITEM", "the day on which an order placed now can be there", _earliest),
    "waiting": Form("ITEM", "people who wait until then", _waiting),
    "order_cost": Form("ITEM", "the price of the planned quantity", _of_order("cost_usd", "USD", "price")),
    "order_tonnes": Form("ITEM", "its weight", _of_order("tonnes", "tonne", _NO_WEIGHT)),
    "order_m3": Form("ITEM", "its volume", _of_order("m3", "m3", _NO_WEIGHT)),
    "trucks": Form("ITEM", "the trucks that it fills at a crossing", _trucks),
    "full_rations": Form("ITEM", "full rations given since the onset", _given("full_rations")),
    "ration_coverage": Form("ITEM", "what part of what is due they are", _given("ration_coverage")),
}

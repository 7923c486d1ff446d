"""What to buy under each scenario: the deciding items side by side, and how surely one scenario takes more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Column, Group, Heading, Note, Table
from needscast.report.content import orders, pick
from needscast.report.numbers import round_range
from needscast.report.values import Amount, Text

if TYPE_CHECKING:
    from needscast.comparison import Comparison

MOST_WITH_MIDDLES = 3  # scenarios, the first among them; beside more a page has room for the ends of the ranges only
MOST_ITEMS = 9  # what a screen holds twice


def buy(comparison: Comparison) -> Group:
    """Return the deciding items by scenario and their differences from the first; that nothing is due when it is so."""
    heading, items = Heading(Text("buy.heading")), deciding(comparison)
    if all(each.tables["orders"].empty for each in comparison.results):
        return Group((heading, Note("missing", Text("orders.none"))))
    if not items:
        return Group((heading, Note("missing", Text("buy.nothing"))))
    made = [quantities(comparison, items)]
    if len(comparison.results) > 1:
        made.append(differences(comparison, items))
    return Group((heading, *made))


def deciding(comparison: Comparison) -> list[tuple[str, str]]:
    """Return sector and item of the orders that the crisis names, then of the goods that people can least do without.

    What lacking them threatens comes first, then what they cost under any scenario, in which order all of them stand.
    Substitutes and what weighs nothing (services, water) are left out.
    """
    plans = pd.concat([orders.goods(orders.by_when(each)) for each in comparison.results])
    dearest = plans.groupby(["sector", "item"], sort=False).agg({"serious": "first", "usd": "max"})
    dearest = dearest.sort_values(["serious", "usd"], ascending=[True, False], kind="stable")
    decided = comparison.results[0].tables["decisions"]
    named = set(zip(decided["sector"], decided["item"], strict=True))
    chosen = sorted(dearest.index, key=lambda key: key not in named)[:MOST_ITEMS]
    return [key for key in dearest.index if key in chosen]


def quantities(comparison: Comparison, items: list[tuple[str, str]]) -> Table:
    """Tabulate what to buy of each item under each scenario, and what is needed whatever happens."""
    first, found = comparison.results[0], _cells(comparison.to_buy)
    ids = [each.scenario.id for each in comparison.results]
    rows = []
    for sector, item in items:
        ranges = [found.get((f"{sector}/{item}", each)) for each in ids]
        least = min((round_range(each)[0] for each in ranges if each), default=None)  # an order, as it is printed
        unit = pick.noun("unit_name", pick.item_card(first.crisis, sector, item).unit)
        rows.append((pick.item_name(first.crisis, sector, item), unit, *ranges, least))
    columns = (
        Column("item", Text("table.item")),
        Column("unit", Text("table.unit")),
        *(
            Column(each.scenario.id, Text("table.titled", {"title": pick.title_of(each.scenario)}), "ends")
            for each in comparison.results
        ),
        Column("at_least", Text("table.at_least"), "number"),
    )
    caption = Text("buy.table", {"end": pick.end_day(first), "mass": pick.mass(first)})
    note = Text("buy.note", {"share": Amount((1 + first.mass) / 2, "share")})
    return Table("buy", caption, columns, tuple(rows), note=note)


def differences(comparison: Comparison, items: list[tuple[str, str]]) -> Table:
    """Tabulate how much more each scenario takes than the first, world by world, and in how many worlds it does."""
    first, later = comparison.results[0], comparison.results[1:]
    table = comparison.more_to_buy
    found = _cells(table)
    more = dict(zip(zip(table["item"], table["scenario"], strict=True), table["probability_greater"], strict=True))
    rows = []
    for sector, item in items:
        keys = [(f"{sector}/{item}", each.scenario.id) for each in later]
        cells = [cell for key in keys for cell in (found.get(key), more.get(key))]
        rows.append((pick.item_name(first.crisis, sector, item), *cells))
    kind = "range" if len(later) < MOST_WITH_MIDDLES else "ends"
    columns = [Column("item", Text("table.item"))]
    for each in later:
        title = {"title": pick.title_of(each.scenario)}
        columns.append(Column(each.scenario.id, Text("table.titled", title), kind))
        columns.append(Column(f"{each.scenario.id}_more", Text("table.takes_more"), "probability"))
    against = {"first": pick.title_of(first.scenario), "draws": pick.count(first.draws)}
    said = Text("buy.reading", against)
    note = said if kind == "range" else Text("compare.ends_only", {"mass": pick.mass(first), "said": said})
    return Table(
        "buy_differences",
        Text("buy.differences", against),
        tuple(columns),
        tuple(rows),
        note=note,
    )


def _cells(table: pd.DataFrame) -> dict[tuple[str, str], Any]:
    """The ranges of a table by item and scenario."""
    return {(row.item, row.scenario): pick.range_of(row) for row in pick.each(table)}

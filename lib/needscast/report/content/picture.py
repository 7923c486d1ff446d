"""The second page: the answer as pictures and the first orders, and where the annexes begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needscast.report.blocks import Column, Group, Heading, Sentence, Table
from needscast.report.content import decide, needs, orders, pick, where
from needscast.report.values import Amount, Text

if TYPE_CHECKING:
    from needscast.chain import Results

MOST_ORDERS = 8
MOST_SECTORS = 5


def picture(results: Results) -> Group:
    """Return the course and the sectors side by side, the map, and what to order first."""
    pair = Group((where.course(results), needs.chart(results, most=MOST_SECTORS)), "pair")
    shown = (pair, where.place_map(results), first_orders(results))
    return Group((Heading(Text("picture.heading")), *(each for each in shown if each)))


def first_orders(results: Results) -> Table | None:
    """Tabulate the goods that people can least do without; None where none is. The annexes have the whole plan."""
    ranked = orders.by_when(results)
    if ranked.empty:
        return None
    shown = orders.least_dispensable(ranked, MOST_ORDERS)
    rows = tuple(
        (
            pick.item_name(results.crisis, row.sector, row.item),
            pick.number(row.quantity),
            pick.noun("unit_name", row.unit),
            pick.day(row.earliest) or (Text("orders.never") if row.when == "late" else None),
            pick.number(row.people_waiting),
            orders.lacking(row),
            pick.number(row.cost_usd),
        )
        for row in pick.each(shown)
    )
    columns = (
        Column("item", Text("table.item")),
        Column("quantity", Text("table.quantity"), "count"),
        Column("unit", Text("table.unit")),
        Column("earliest", Text("table.earliest"), "date"),
        Column("people", Text("table.wait"), "people", "person"),
        Column("lack", Text("table.lack")),
        Column("cost_usd", Text("table.cost"), "money", "USD"),
    )
    values = {
        "most": pick.count(len(rows)),
        "goods": pick.count(len(orders.goods(ranked))),
        "level": Amount(results.crisis.settings.planning_level, "share"),
    }
    note = Text("picture.orders_note", {"waiting": Text("orders.waiting")})
    note = decide.less_now(results, pick.each(shown), note)
    return Table("first_orders", Text("picture.orders", values), columns, rows, note=note)


def annexes(results: Results) -> Group:
    """Return what parts the two pages of answer from the numbers behind it."""
    return Group((Heading(Text("annexes.heading")), Sentence(Text("annexes.what"))))

"""The second page: the answer as pictures and the first orders, and where the annexes begin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from needscast.report.blocks import Group, Heading, Sentence, Table
from needscast.report.content import needs, orders, pick, where
from needscast.report.values import Text

if TYPE_CHECKING:
    from needscast.chain import Results

MOST_ORDERS = 6
MOST_OF_A_SECTOR = 2
MOST_SECTORS = 5
ORDER_COLUMNS = ("item", "unit", "quantity", "order_by", "cost_usd")


def picture(results: Results) -> Group:
    """Return the course and the sectors side by side, the map, and what to order first."""
    pair = Group((where.course(results), needs.chart(results, most=MOST_SECTORS)), "pair")
    return Group((Heading(Text("picture.heading")), pair, where.place_map(results), first_orders(results)))


def first_orders(results: Results) -> Table:
    """Tabulate the lines of the purchase plan that most depends on, with the columns that an order needs.

    Where nearly everything is late, the date alone would put kits of a few boxes before tents. So these are the
    costliest lines, without substitutes, and no sector has more than two of them.
    """
    plan = results.tables["orders"]
    counted = plan[plan["in_cost_total"].astype(bool)].assign(usd=lambda t: pd.to_numeric(t["cost_usd"]).fillna(0))
    ranked = counted.sort_values("usd", ascending=False, kind="stable")
    table = orders.order_table(results, ranked.groupby("sector", sort=False).head(MOST_OF_A_SECTOR).head(MOST_ORDERS))
    chosen = [at for at, column in enumerate(table.columns) if column.key in ORDER_COLUMNS]
    rows = tuple(tuple(row[at] for at in chosen) for row in table.rows)
    values = {"most": pick.count(len(rows)), "items": pick.count(len(plan)), "date": pick.today(results)}
    return replace(
        table,
        name="first_orders",
        caption=Text("picture.orders", values),
        columns=tuple(table.columns[at] for at in chosen),
        rows=rows,
        note=None,
    )


def annexes(results: Results) -> Group:
    """Return what parts the two pages of answer from the numbers behind it."""
    return Group((Heading(Text("annexes.heading")), Sentence(Text("annexes.what"))))

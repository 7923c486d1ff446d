"""What it takes: demand by item over the horizon, and what to order by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Column, Group, Heading, Sentence, Table
from needscast.report.content import pick, transport
from needscast.report.values import Amount, Text

if TYPE_CHECKING:
    from needscast.chain import Results


def demand(results: Results) -> Group:
    """Return demand by item over the horizon, with the standard each quantity rests on."""
    return Group((Heading(Text("demand.heading")), Sentence(Text("demand.level", _phase(results))), by_item(results)))


def by_item(results: Results) -> Table:
    """Tabulate demand by item over the horizon, as a range, beside its standard."""
    table = pick.rows(results.tables["demand"], area=pick.ALL, week=pick.HORIZON).set_index(["sector", "item"])
    rows = []
    for row in pick.each(results.tables["orders"]):
        ranged = pick.range_of(table.loc[(row.sector, row.item)]) if (row.sector, row.item) in table.index else None
        standard = Text("demand.second_hand" if row.second_hand else "demand.standard", {"source": row.norm_source})
        item = pick.item_card(results.crisis, row.sector, row.item)
        rows.append(
            (
                pick.sector_name(results.crisis, row.sector),
                pick.item_name(results.crisis, row.sector, row.item),
                ranged,
                norm(item, row.norm),
                standard,
            )
        )
    columns = (
        Column("sector", Text("table.sector")),
        Column("item", Text("table.item")),
        Column("demand", Text("table.demand"), "range"),
        Column("norm", Text("table.norm")),
        Column("standard", Text("table.standard"), "remark"),
    )
    return Table(
        "demand_by_item",
        Text("demand.by_item", {"weeks": pick.count(results.crisis.settings.horizon_weeks, "week")}),
        columns,
        tuple(rows),
        grouped=True,
    )


def norm(item: Any, quantity: float) -> Text:
    """Return the level of a standard in words: 12 kilogram a person a month, one latrine for 20 people."""
    values = {
        "quantity": Amount(float(quantity)),
        "unit": pick.plain(item.unit),
        "basis": pick.plain(item.basis),
        "members": Amount(float(item.per)),
    }
    if item.trigger == "facility":
        return Text("demand.norm_shared", values)
    period = item.trigger if item.trigger == "episode" else item.period
    return Text(f"demand.norm_{'many_' if item.per != 1 else ''}{period}", values)


def orders(results: Results) -> Group:
    """Return what to order by when, at the planning level of the crisis."""
    settings = results.crisis.settings
    level = Text(
        "orders.level",
        {"level": Amount(settings.planning_level, "share"), "by": settings.planning_level_chosen_by},
    )
    return Group(
        (Heading(Text("orders.heading")), Sentence(level), order_table(results), *transport.transport(results))
    )


def order_table(results: Results, orders: pd.DataFrame | None = None) -> Table:
    """Tabulate the purchase plan, or some of its lines; an order date in the past is an order that is late.

    Without ``orders`` it is the whole plan, the earliest order first.
    """
    table = orders
    if table is None:
        plan = results.tables["orders"]
        table = plan.assign(when=pd.to_datetime(plan["order_by"])).sort_values("when", kind="stable")
    rows = tuple(
        (
            pick.item_name(results.crisis, row.sector, row.item),
            row.unit.replace("_", " "),
            pick.number(row.p50),
            pick.number(row.quantity),
            pick.number(row.p95),
            pick.day(row.order_by),
            pick.number(row.lead_time_days),
            pick.number(row.tonnes),
            pick.number(row.cost_usd),
            Text("orders.supply_known" if row.supply_known else "orders.supply_unknown"),
        )
        for row in pick.each(table)
    )
    columns = (
        Column("item", Text("table.item")),
        Column("unit", Text("table.unit")),
        Column("p50", Text("table.p50"), "number"),
        Column(
            "quantity",
            Text("table.planned", {"level": Amount(results.crisis.settings.planning_level, "share")}),
            "count",
        ),
        Column("p95", Text("table.p95"), "number"),
        Column("order_by", Text("table.order_by"), "date"),
        Column("lead_time_days", Text("table.lead_time"), "number", "day"),
        Column("tonnes", Text("table.tonnes"), "number", "tonne"),
        Column("cost_usd", Text("table.cost"), "money", "USD"),
        Column("supply", Text("table.supply")),
    )
    return Table("orders", Text("orders.table", {"date": pick.today(results)}), columns, rows, note=Text("orders.note"))


def _phase(results: Results) -> dict[str, object]:
    settings = results.crisis.settings
    return {"phase": Text(f"phase.{settings.phase}"), "by": settings.phase_chosen_by}

"""What to order by when: each line of the purchase plan by when to act, how late it is, and what is there sooner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import decide, pick, transport
from needscast.report.edition import translated
from needscast.report.values import Amount, Day, Many, Text
from needscast.vocabulary import LACKS

if TYPE_CHECKING:
    from needscast.chain import Results

MOST_NAMES = 3
MOST_LINES = 15  # of the purchase plan with its levels that pages print, the dearest
SOON = {"late_week": 7, "late_month": 30}  # days within which a late line can still be there
CRITERIA = ("serious", "shared", "people", "usd")  # who comes first within a group
GROUPS = (*SOON, "late_later", "week", "month", "later", "unknown")  # in the order in which to act


def orders(results: Results) -> Group:
    """Return what to order by when, at the planning level of the crisis, and how it gets there."""
    heading, settings = Heading(Text("orders.heading")), results.crisis.settings
    if results.tables["orders"].empty:
        return Group((heading, Note("missing", Text("orders.none")), *transport.transport(results)))
    chosen = {
        "level": Amount(settings.planning_level, "share"),
        "by": translated(results.crisis, settings.planning_level_chosen_by),
    }
    plan = (counts(results), *summary(results), action_table(results), *order_tables(results))
    return Group((heading, Sentence(Text("orders.level", chosen)), *plan, *transport.transport(results)))


def counts(results: Results) -> Sentence:
    """Say how many items there are, how many of them count and make the cost, and how many are to be ordered."""
    table, ordered = results.tables["orders"], by_when(results)
    counted = table["in_cost_total"].astype(bool)
    values = {
        "items": pick.count(len(table)),
        "counted": pick.count(counted.sum()),
        "others": pick.count((~counted).sum()),
        "level": Amount(results.crisis.settings.planning_level, "share"),
        "name": Text("key.cost"),
        "cost": Amount(float(pd.to_numeric(table.loc[counted, "cost_usd"]).sum()), "USD", 3),
        "ordered": pick.count(len(ordered)),
        "goods": pick.count(len(goods(ordered))),
        "services": pick.count(len(ordered) - len(goods(ordered))),
        "idle": pick.count(counted.sum() - len(ordered)),
    }
    told = {"first": Text("orders.counted", values), "second": Text("orders.to_order", values)}
    return Sentence(Text("headline.then", told))


def summary(results: Results) -> Group:
    """Say of each group of lines how many there are and which matter to most people."""
    table, told = by_when(results), []
    for group in GROUPS:
        mine = table[table["act"] == group]
        if len(mine):
            names = (pick.item_name(results.crisis, row.sector, row.item) for row in pick.each(mine.head(MOST_NAMES)))
            values = {
                "count": pick.count(len(mine)),
                "names": Many(tuple(names), apart=True),
                "when": Text(f"orders.{group}"),
            }
            told.append(Sentence(Text("orders.told" if len(mine) <= MOST_NAMES else "orders.told_first", values)))
    return Group(tuple(told))


def action_table(results: Results) -> Table:
    """Tabulate the lines by when to act, in each group what people can least do without first, then most people."""
    plan = results.tables["orders"]
    earliest = dict(zip(zip(plan["sector"], plan["item"], strict=True), plan["earliest"], strict=True))
    rows = tuple(
        (
            Text(f"orders.{row.act}"),
            pick.item_name(results.crisis, row.sector, row.item),
            pick.number(row.quantity),
            pick.noun("unit_name", row.unit),
            lacking(row),
            pick.day(row.order_by),
            pick.day(row.earliest) or (Text("orders.never") if row.when == "late" else None),
            pick.number(row.people_waiting),
            pick.number(row.cost_usd),
            instead(results, row, earliest),
        )
        for row in pick.each(by_when(results))
    )
    columns = (
        Column("when", Text("table.act")),
        Column("item", Text("table.item")),
        Column("quantity", Text("table.quantity"), "count"),
        Column("unit", Text("table.unit")),
        Column("lack", Text("table.lack")),
        Column("order_by", Text("table.order_by"), "date"),
        Column("earliest", Text("table.earliest"), "date"),
        Column("people", Text("table.waiting"), "people", "person"),
        Column("cost_usd", Text("table.cost"), "money", "USD"),
        Column("instead", Text("table.instead"), "remark"),
    )
    values = {"date": pick.today(results), "waiting": Text("orders.waiting")}
    note = decide.less_now(results, pick.each(plan), Text("orders.dates_note", values))
    return Table("order_dates", Text("orders.dates", values), columns, rows, note=note, grouped=True)


def by_when(results: Results) -> pd.DataFrame:
    """Return the lines that are to be ordered with the group to act in, ``act``, the most urgent first.

    Within a group the criteria are, in this order: what lacking the item threatens (life, then health and safety, then
    dignity, as the sector cards say), what each person or family is given before what many share (everybody near waits
    for a kit for 10,000 people, and few of them will need it), how many people wait, what it costs. Columns
    ``serious``, ``shared``, ``people`` and ``usd``.
    """
    table = results.tables["orders"]
    table = table[table["in_cost_total"].astype(bool) & (table["when"] != "covered")]
    today = results.crisis.reference_date
    acts = pd.Categorical([_act(row, today) for row in pick.each(table)], categories=GROUPS, ordered=True)
    serious = pd.Categorical(table["lack"], categories=(*LACKS, ""), ordered=True)  # what nobody has classed: last
    counted = {name: pd.to_numeric(table[name]).fillna(0) for name in ("people_waiting", "cost_usd")}
    ranked = table.assign(act=acts, serious=serious, people=counted["people_waiting"], usd=counted["cost_usd"])
    return ranked.sort_values(["act", *CRITERIA], ascending=[True, True, True, False, False], kind="stable")


def lacking(row: Any) -> Text | None:
    """Say what lacking an item threatens first; None where its card does not say."""
    return Text(f"orders.lack_{row.lack}") if row.lack in LACKS else None


def goods(plan: pd.DataFrame) -> pd.DataFrame:
    """Return the lines that have a weight, known or not: services and water from a well have none."""
    return plan[pd.to_numeric(plan["tonnes"]) != 0]


def least_dispensable(plan: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the goods that people can least do without: of those that threaten life first, the costliest.

    Cost alone would put classrooms before blankets, and people alone kits of a few boxes before tents. Substitutes
    and what weighs nothing (services, water from a well) are not among them. Most people waiting come first.
    """
    first = goods(plan).sort_values(["serious", "usd"], ascending=[True, False], kind="stable").head(most)
    return first.sort_values(list(CRITERIA), ascending=[True, True, False, False], kind="stable")


def instead(results: Results, row: Any, known: Mapping[tuple[str, str], Any]) -> Any:
    """Name what the cards say can stand in for an item and can be there sooner; blank where nothing can.

    ``known`` are the earliest days of the plan by sector and item.
    """
    found = [
        (known[key], Text("orders.instead", {"item": pick.item_name(results.crisis, *key), "date": Day.of(known[key])}))
        for key in _substitutes(results, row.sector, row.item)
        if key in known and pick.day(known[key]) and (not pick.day(row.earliest) or known[key] < row.earliest)
    ]
    ordered = [told for _, told in sorted(found, key=lambda pair: pair[0])]
    return Many(tuple(ordered), apart=True) if ordered else ""


def order_tables(results: Results) -> Group:
    """Tabulate how far the quantities of the purchase plan may be off, and apart from them what stands in for a line.

    Pages print the dearest lines alone: what to order of each line, by when and at what cost, the table before it says.
    """
    table = results.tables["orders"]
    counted = table["in_cost_total"].astype(bool)
    real = order_table(results, "orders", table[counted], Text("orders.table", {"date": pick.today(results)}))
    if counted.all():
        return Group((real,))
    return Group((real, order_table(results, "orders_instead", table[~counted], Text("orders.apart"))))


def order_table(results: Results, name: str, plan: pd.DataFrame, caption: Text) -> Table:
    """Tabulate lines of the purchase plan, the dearest first; a date in the past is an order that is late."""
    table = plan.assign(usd=pd.to_numeric(plan["cost_usd"])).sort_values("usd", ascending=False, kind="stable")
    some_known = bool(results.tables["orders"]["supply_known"].any())
    rows = tuple(
        (
            pick.item_name(results.crisis, row.sector, row.item),
            pick.noun("unit_name", row.unit),
            pick.in_packs(results.crisis, row.sector, row.item, row.p50),
            pick.number(row.quantity),
            pick.in_packs(results.crisis, row.sector, row.item, row.p95),
            pick.day(row.order_by),
            pick.lead_time(row.lead_time_days),
            Text("orders.none_crosses") if row.tonnes == 0 else pick.number(row.tonnes),
            pick.number(row.cost_usd),
            *([Text("orders.supply_known" if row.supply_known else "orders.supply_unknown")] if some_known else []),
        )
        for row in pick.each(table)
    )
    columns = (
        Column("item", Text("table.item")),
        Column("unit", Text("table.unit")),
        Column("p50", Text("table.p50"), "count"),
        Column(
            "quantity",
            Text("table.planned", {"level": Amount(results.crisis.settings.planning_level, "share")}),
            "count",
        ),
        Column("p95", Text("table.p95"), "count"),
        Column("order_by", Text("table.order_by"), "date"),
        Column("lead_time_days", Text("table.lead_time"), "number", "day"),
        Column("tonnes", Text("table.tonnes"), "number", "tonne", grain=transport.TONNES),
        Column("cost_usd", Text("table.cost"), "money", "USD"),
        *([Column("supply", Text("table.supply"))] if some_known else []),
    )
    note = Text("orders.note") if name == "orders" else None
    return Table(name, caption, columns, rows, note=note, shown=MOST_LINES)


def _act(row: Any, today: Any) -> str:
    if row.when != "late":
        return str(row.when)
    if not pick.day(row.earliest):
        return "late_later"
    return next((name for name, days in SOON.items() if row.earliest <= today + timedelta(days=days)), "late_later")


def _substitutes(results: Results, sector: str, item: str) -> Iterator[tuple[str, str]]:
    for card in results.crisis.sectors:
        for each in card.items:
            named = {name if "/" in name else f"{card.code}/{name}" for name in each.instead_of}
            if f"{sector}/{item}" in named:
                yield card.code, each.id

"""What it takes: demand by item over the horizon, beside the standard that each quantity rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from needscast.report.blocks import Column, Group, Heading, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import translated
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
        item = pick.item_card(results.crisis, row.sector, row.item)
        rows.append(
            (
                pick.sector_name(results.crisis, row.sector),
                pick.item_name(results.crisis, row.sector, row.item),
                ranged,
                norm(item, row.norm),
                standard(results, item),
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


def standard(results: Results, item: Any) -> Text | None:
    """Return where the level of an item comes from and when, and whether it was only seen quoted."""
    chosen = item.norm(results.crisis.settings.phase)
    if chosen is None:
        return None
    source = pick.dated(translated(results.crisis, chosen.source), chosen.published)
    return Text("demand.second_hand" if chosen.second_hand else "demand.standard", {"source": source})


def norm(item: Any, quantity: float) -> Text:
    """Return the level of a standard in words: 12 kilogram a person a month, one latrine for 20 people."""
    values = {
        "quantity": Amount(float(quantity)),
        "unit": pick.noun("unit_name", item.unit),
        "basis": pick.noun("basis", item.basis),
        "bases": pick.noun("bases", item.basis),
        "members": Amount(float(item.per)),
    }
    if item.trigger == "facility":
        return Text("demand.norm_shared", {**values, "people": Amount(float(quantity), "person")})
    period = item.trigger if item.trigger == "episode" else item.period
    return Text(f"demand.norm_{'many_' if item.per != 1 else ''}{period}", values)


def _phase(results: Results) -> dict[str, object]:
    settings = results.crisis.settings
    return {"phase": Text(f"phase.{settings.phase}"), "by": translated(results.crisis, settings.phase_chosen_by)}

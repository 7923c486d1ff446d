"""Getting it there: trucks, warehouse floor and the crossings that all of it has to come through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.demand.logistics import Crossings, trucks, warehouse_floor
from needscast.report.blocks import Block, Column, Group, Heading, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import shown_text
from needscast.report.values import Amount, Day, Text

if TYPE_CHECKING:
    from needscast.chain import Results


def transport(results: Results) -> Group:
    """Return the trucks and the floor that the purchase plan needs, beside what the crossings let through."""
    if results.crisis.crossings.empty:
        return Group(())
    crossings, load = Crossings(results.crisis.crossings), _load(results)
    needed = trucks(load["tonnes"], load["m3"], *crossings.payload)
    values: dict[str, Any] = {
        "tonnes": Amount(load["tonnes"], "tonne", 2),
        "m3": Amount(load["m3"], "", 2),
        "trucks": Amount(needed, "", 2),
        "floor": Amount(warehouse_floor(load["m3"]), "", 2),
        "unknown": pick.count(load["unknown"]),
    }
    blocks: list[Block] = [Heading(Text("transport.heading"), 3), Sentence(Text("transport.load", values))]
    weekly = results.crisis.crossings["trucks"].sum(min_count=1)
    if not pd.isna(weekly):
        weeks = {"weekly": Amount(float(weekly)), "weeks": Amount(needed / float(weekly), "", 2)}
        horizon = pick.count(results.crisis.settings.horizon_weeks)
        blocks.append(Sentence(Text("transport.weeks", {**weeks, "horizon": horizon})))
    closes = results.crisis.crossings["closes"].dropna()
    if len(closes):
        blocks.append(Sentence(Text("transport.closes", {"date": Day.of(closes.max())})))
    return Group((*blocks, crossing_table(results)))


def crossing_table(results: Results) -> Table:
    """Tabulate the crossings: from when to when, on what ground, how much a week, and where that comes from."""
    rows = tuple(
        (
            row.name,
            pick.day(row.opens),
            pick.day(row.closes),
            row.legal_basis,
            pick.number(row.trucks_low),
            pick.number(row.trucks_high),
            f"{row.source} ({pick.day(row.published)})",
            shown_text(results.crisis, row.reason, results.readership),
        )
        for row in pick.each(_public(results))
    )
    columns = (
        Column("crossing", Text("table.crossing")),
        Column("opens", Text("table.opens"), "date"),
        Column("closes", Text("table.closes"), "date"),
        Column("basis", Text("table.legal_basis")),
        Column("low", Text("table.trucks_low"), "number"),
        Column("high", Text("table.trucks_high"), "number"),
        Column("source", Text("table.source")),
        Column("reason", Text("table.reason"), "remark"),
    )
    return Table("crossings", Text("transport.crossings"), columns, rows)


def _load(results: Results) -> dict[str, float]:
    """Weight and volume of the purchase plan without substitutes, and how many lines have no volume."""
    lines = results.tables["orders"]
    lines = lines[lines["in_cost_total"].astype(bool)]
    tonnes, m3 = (pd.to_numeric(lines[column]) for column in ("tonnes", "m3"))
    return {"tonnes": float(tonnes.sum()), "m3": float(m3.sum()), "unknown": float((m3.isna() | tonnes.isna()).sum())}


def _public(results: Results) -> pd.DataFrame:
    table = results.crisis.crossings
    return table if results.readership != "public" else table[table["sensitivity"] == "public"]

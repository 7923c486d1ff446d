"""Getting it there: trucks, warehouse floor and the crossings that all of it has to come through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.demand.logistics import warehouse_floor
from needscast.report.blocks import Block, Column, Group, Heading, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import shown_text, translated
from needscast.report.numbers import round_to, shared_out, step_of_number
from needscast.report.values import Amount, Day, Text

if TYPE_CHECKING:
    from needscast.chain import Results


DIGITS = 3  # of numbers of trucks and goods in sentences
TONNES = 1.0  # the grain in which tables name the weight of the same goods: finer than any truck
LEAST_LOAD = 0.01  # of all trucks; the items below are counted together


def transport(results: Results) -> Group:
    """Return what of the purchase plan has to cross, what the crossings let through, and what cannot pass."""
    if results.crisis.crossings.empty:
        return Group(())
    lines, plan = results.tables["passage"], results.tables["orders"]
    counted = plan[plan["in_cost_total"].astype(bool)]
    crossing = counted.set_index(["sector", "item"]).index.isin(list(zip(lines["sector"], lines["item"], strict=True)))
    m3 = float(pd.to_numeric(counted.loc[crossing, "m3"]).sum())
    goods = counted[(pd.to_numeric(counted["tonnes"]) != 0) & (counted["quantity"] > 0)]
    unknown = int((pd.to_numeric(goods["m3"]).isna() | pd.to_numeric(goods["tonnes"]).isna()).sum())
    values: dict[str, Any] = {
        "tonnes": Amount(float(lines["tonnes"].sum()), "tonne", 3),
        "m3": Amount(m3, "", 3),
        "trucks": Amount(float(lines["needed"].sum()), "", DIGITS),
        "floor": Amount(warehouse_floor(m3), "", 3),
        "goods": pick.count(len(goods)),
        "crossing": pick.count(len(lines)),
        "inside": pick.count(len(goods) - len(lines) - unknown),
        "unknown": pick.count(unknown),
    }
    blocks: list[Block] = [Heading(Text("transport.heading"), 3)]
    blocks += [Sentence(Text("transport.load", values))] if len(plan) else []
    blocks += _what_passes(results, lines)
    closes = results.crisis.crossings["closes"].dropna()
    if len(closes):
        blocks.append(Sentence(Text("transport.closes", {"date": Day.of(closes.max())})))
    return Group((*blocks, *([load_table(results)] if len(lines) else []), crossing_table(results)))


def load_table(results: Results) -> Table:
    """Tabulate what has to cross by item, the largest load first; the trucks add up before they are rounded."""
    lines, weekly = results.tables["passage"], _weekly(results)
    whole, step = _printed(float(lines["needed"].sum()))
    rows: list[tuple[Any, ...]] = []
    named = [(_name(results, held), held) for held in _parts(lines)]
    for name, held in (*named, (Text("table.total"), lines)):
        trucks = float(held["needed"].sum())
        weeks = None if weekly is None else trucks / weekly
        rows.append((name, float(held["tonnes"].sum()), trucks, weeks))
    columns = (
        Column("item", Text("table.item")),
        Column("tonnes", Text("table.tonnes"), "number", "tonne", adds_up=True, grain=TONNES),
        Column("trucks", Text("table.trucks"), "number", adds_up=True, grain=step, whole=whole),
        Column("weeks", Text("table.weeks_of_all"), "number", adds_up=weekly is not None),
    )
    note = Text("transport.note") if weekly is None else Text("transport.note_weeks", {"weekly": Amount(weekly, "", 2)})
    return Table("crossing_load", Text("transport.loads"), columns, tuple(rows), total=True, note=note)


def _weekly(results: Results) -> float | None:
    """Trucks that cross in an average week of the horizon: of the capacity that the text names, in the middle."""
    capacity = pick.range_at(results.tables["crossing"], quantity="capacity")
    return capacity.median / results.crisis.settings.horizon_weeks if capacity and capacity.median else None


def _parts(lines: pd.DataFrame) -> list[pd.DataFrame]:
    """The lines one by one, the largest load first, and small ones together: what trucks are shared out among."""
    ordered = lines.sort_values("needed", ascending=False, kind="stable")
    small = ordered["needed"] < LEAST_LOAD * ordered["needed"].sum()
    small &= small.sum() > 1  # one alone is named
    named = [ordered.loc[[at]] for at in ordered.index[~small]]
    return [*named, ordered[small]] if small.any() else named


def _name(results: Results, held: pd.DataFrame) -> Any:
    """What a part of the loads is called: an item, or several together."""
    if len(held) > 1:
        return Text("transport.further", {"items": pick.count(len(held)), "least": Amount(LEAST_LOAD, "share")})
    row = next(pick.each(held))
    return pick.item_name(results.crisis, row.sector, row.item)


def _printed(trucks: float) -> tuple[float, float]:
    """All trucks as text and table print them, and the step on which they do."""
    step = step_of_number(trucks, DIGITS)
    return round_to(trucks, step), step


def _what_passes(results: Results, lines: pd.DataFrame) -> list[Block]:
    """Say whether everything passes, and what to decide when it does not."""
    totals = results.tables["crossing"]
    if totals.empty:
        return []
    never = pick.range_at(totals, quantity="never")
    values: dict[str, Any] = {
        "capacity": pick.range_at(totals, quantity="capacity"),
        "horizon": pick.count(results.crisis.settings.horizon_weeks, "week"),
        "never": never,
    }
    if never is None or never.median == 0:
        values["timely"] = Amount(float(lines["in_time"].sum()), "", DIGITS)
        values["trucks"] = Amount(float(lines["needed"].sum()), "", DIGITS)
        return [Sentence(Text("transport.passes", values))]
    largest, load, rest = largest_load(lines)
    values |= {
        "tonnes": Amount(float(lines["tonnes_never"].sum()), "tonne", 2),
        "item": pick.item_name(results.crisis, largest.sector, largest.item),
        "load": Amount(load, "", DIGITS),
        "rest": Amount(rest, "", DIGITS),
    }
    return [Sentence(Text("transport.never", values)), Sentence(Text("transport.first", values))]


def largest_load(lines: pd.DataFrame) -> tuple[Any, float, float]:
    """Return the line that needs most trucks, its trucks and those of all others, shared out as the table does."""
    parts, (whole, step) = _parts(lines), _printed(float(lines["needed"].sum()))
    load = shared_out([float(held["needed"].sum()) for held in parts], whole, step)[0]
    return next(pick.each(parts[0])), load, round_to(whole - load, step)


def crossing_table(results: Results) -> Table:
    """Tabulate the crossings: from when to when, on what ground, how much a week, and where that comes from."""
    rows = tuple(
        (
            translated(results.crisis, row.name),
            pick.day(row.opens),
            pick.day(row.closes),
            translated(results.crisis, row.legal_basis),
            pick.number(row.trucks_low),
            pick.number(row.trucks_high),
            pick.cited(results, row),
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


def _public(results: Results) -> pd.DataFrame:
    table = results.crisis.crossings
    return table if results.readership != "public" else table[table["sensitivity"] == "public"]

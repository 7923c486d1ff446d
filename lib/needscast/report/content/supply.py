"""What is held and how long it lasts: the gap, the day a stock runs out and what moves it, what was given so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.inputs.planned import NOW
from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import advised
from needscast.report.values import Amount, Day, Many, Text

if TYPE_CHECKING:
    from needscast.chain import Results

GAP_CHARTS = 3
MOST_DRIVERS = 5  # of one day
LEAST_SHARE = 0.02  # of the doubt about a day; less is not told from chance


def gap(results: Results) -> Group:
    """Return the gap of the items whose stock is known, when it runs out, and what was given so far."""
    table, lines = results.tables["gap"], results.tables["orders"]
    unknown = int((~lines["supply_known"].astype(bool)).sum())
    blocks: list[Block] = [Heading(Text("gap.heading"))]
    if unknown:
        values = {"unknown": pick.count(unknown), "items": pick.count(len(lines))}
        blocks.append(Note("missing", advised(Text("gap.unknown", values), "stocks", results.readership)))
        blocks += [Sentence(text) for text in [allotted(results)] if text]
    if not table.empty:
        charts = (gap_chart(results, *key) for key in _known_items(table)[:GAP_CHARTS])
        blocks += [gap_table(results), *stock_outs(results), *charts]
    return Group((*blocks, *reach(results)))


def allotted(results: Results) -> Text | None:
    """Name the items of which no stock is known but a number to share out is; None where there is none."""
    table, lines = results.tables["allocation"], results.tables["orders"]
    unknown = lines.loc[~lines["supply_known"].astype(bool), ["sector", "item"]]
    real = table[~table["illustration"].astype(bool)].drop_duplicates(["sector", "item"])
    told = tuple(
        Text(
            "gap.allotted_item",
            {
                "item": pick.item_name(results.crisis, row.sector, row.item),
                "available": pick.count(row.available, pick.item_card(results.crisis, row.sector, row.item).unit),
            },
        )
        for row in pick.each(real.merge(unknown))
    )
    return Text("gap.allotted", {"items": Many(told)}) if told else None


def stock_outs(results: Results) -> Group:
    """Return when each known stock runs out, in words and as a table, and what moves the day."""
    table = results.tables["stock_out"]
    if table.empty:
        return Group(())
    told = tuple(_told(results, row) for row in pick.each(table))
    charts = (stock_out_chart(results, row) for row in list(pick.each(table))[:GAP_CHARTS])
    return Group((*told, stock_out_table(results), *charts, *date_driver_tables(results)))


def stock_out_chart(results: Results, row: Any) -> Chart:
    """Draw in which week a stock runs out over the possible worlds, beside the day an order placed now is there."""
    table = pick.rows(results.tables["stock_out_weeks"], sector=row.sector, item=row.item)
    points = [{"date": pick.day(each.week_start), "share": float(each.share)} for each in pick.each(table)]
    days = pick.lead_time(row.lead_time_days)
    data = {
        "points": points,
        "after": 1 - float(row.within_horizon),
        "arrival": None if days is None else pick.after_days(results, days).iso,
    }
    title = Text("stock_out.chart", {"item": pick.item_name(results.crisis, row.sector, row.item)})
    caption = Text("stock_out.caption", {"date": pick.today(results)})
    return Chart("weeks", f"stock_out_{row.item}", title, data, "share", caption)


def stock_out_table(results: Results) -> Table:
    """Tabulate the day a stock runs out as a range, and how likely that is in time to matter."""
    rows = tuple(
        (
            pick.item_name(results.crisis, row.sector, row.item),
            *(pick.day(day) or Text("stock_out.beyond") for day in (row.early, row.middle, row.late)),
            float(row.within_horizon),
            pick.lead_time(row.lead_time_days),
            pick.number(row.before_arrival),
        )
        for row in pick.each(results.tables["stock_out"])
    )
    tail = (1 - results.mass) / 2
    columns = (
        Column("item", Text("table.item")),
        Column("early", Text("table.out_early", {"share": Amount(tail, "share")}), "date"),
        Column("middle", Text("table.out_middle"), "date"),
        Column("late", Text("table.out_late", {"share": Amount(1 - tail, "share")}), "date"),
        Column("within", Text("table.out_within"), "probability"),
        Column("lead_time_days", Text("table.lead_time"), "number", "day"),
        Column("before_arrival", Text("table.out_before"), "probability"),
    )
    note = Text("stock_out.note", {"end": pick.end_day(results), "date": pick.today(results)})
    return Table("stock_out", Text("stock_out.table"), columns, rows, note=note)


def date_driver_tables(results: Results) -> Group:
    """Tabulate for each known stock the inputs that move the day it runs out."""
    table = results.tables["date_drivers"]
    made = []
    for row in pick.each(results.tables["stock_out"]):
        mine = pick.rows(table, sector=row.sector, item=row.item)
        top = mine[mine["share_of_variance"] >= LEAST_SHARE].head(MOST_DRIVERS)
        if len(top):
            made.append(_date_drivers(results, row, top))
    return Group(tuple(made))


def reach(results: Results) -> Group:
    """Return what was given so far in full rations, and of which rations nobody said how full they were."""
    table, response = results.tables["reach"], results.crisis.response
    onset = pd.Timestamp(results.crisis.settings.onset)
    blocks: list[Block] = []
    for row in pick.each(table[table["quantity"] == "full_rations"]):
        covered = pick.range_at(table, sector=row.sector, item=row.item, quantity="ration_coverage")
        values = {
            "item": pick.item_name(results.crisis, row.sector, row.item),
            "rations": pick.range_of(row),
            "onset": pick.onset(results),
            "covered": covered,
        }
        blocks.append(Sentence(Text("reach.covered" if covered else "reach.given", values)))
    if len(response):
        given = response[(response["kind"] == "reached") & (response["item"] != "") & (response["as_of"] >= onset)]
        given = given[given["sector"].isin(response.loc[response["full_ration_share"].notna(), "sector"])]
        stated = set(zip(table["sector"], table["item"], strict=True))
        known = {(sector.code, item.id) for sector in results.crisis.sectors for item in sector.items} - stated
        silent = dict.fromkeys(key for key in zip(given["sector"], given["item"], strict=True) if key in known)
        if silent:
            names = Many(tuple(pick.item_name(results.crisis, *key) for key in silent))
            silence = advised(Text("reach.silent", {"items": names}), "rations", results.readership)
            blocks.append(Note("missing", silence))
    return Group((Heading(Text("reach.heading"), 3), *blocks) if blocks else ())


def gap_table(results: Results) -> Table:
    """Tabulate demand, what is covered and what is missing over the horizon, by item."""
    table = pick.rows(results.tables["gap"], week=pick.HORIZON)
    rows = tuple(
        (
            pick.item_name(results.crisis, *key),
            *(
                pick.range_at(table, sector=key[0], item=key[1], quantity=quantity)
                for quantity in ("demand", "covered", "gap")
            ),
        )
        for key in _known_items(table)
    )
    columns = (
        Column("item", Text("table.item")),
        *(Column(name, Text(f"table.{name}"), "range") for name in ("demand", "covered", "gap")),
    )
    return Table("gap_by_item", Text("gap.table"), columns, rows)


def gap_chart(results: Results, sector: str, item: str) -> Chart:
    """Draw what is missing of one item by week."""
    table = pick.rows(results.tables["gap"], sector=sector, item=item, quantity="gap")
    table = table[table["week"] != pick.HORIZON]
    points = [{"date": pick.day(row.week_start), "value": pick.range_of(row)} for row in pick.each(table)]
    return Chart(
        "fan",
        f"gap_{item}",
        Text("gap.chart", {"item": pick.item_name(results.crisis, sector, item)}),
        {"points": points},
        str(table["unit"].iloc[0]),
        pick.model_caption(results),
    )


def _told(results: Results, row: Any) -> Sentence:
    """Say when a stock runs out; beyond the horizon it is not known when, only that it lasts so long."""
    days = {name: pick.day(getattr(row, name)) for name in ("early", "middle", "late")}
    values = {
        "item": pick.item_name(results.crisis, row.sector, row.item),
        "within": Amount(row.within_horizon, "share", 2),
        "before": Amount(row.before_arrival, "share", 2) if pick.number(row.before_arrival) is not None else None,
        "end": pick.end_day(results),
        "mass": pick.mass(results),
        **{name: Text("stock_out.beyond") if day is None else Day(day) for name, day in days.items()},
    }
    key = "lasts" if days["middle"] is None else "runs_out"
    return Sentence(Text(f"stock_out.{key}", values))


def _date_drivers(results: Results, row: Any, top: pd.DataFrame) -> Table:
    rows = tuple(
        (
            _input(results, row.item, each.input),
            float(each.share_of_variance),
            *(pick.after_days(results, days).iso for days in (each.if_low, each.if_high)),
        )
        for each in pick.each(top)
    )
    columns = (
        Column("input", Text("table.input")),
        Column("share", Text("table.share"), "percent"),
        Column("if_low", Text("table.if_low"), "date"),
        Column("if_high", Text("table.if_high"), "date"),
    )
    item = pick.item_name(results.crisis, row.sector, row.item)
    caption = Text("stock_out.drivers", {"item": item})
    return Table(f"moves_{row.item}", caption, columns, rows, note=Text("stock_out.drivers_note"))


def _input(results: Results, item: str, name: str) -> Any:
    if name == NOW:
        return Text("input.nowcast")
    kind, _, rest = name.partition("/")
    if kind == "pipeline" and rest.startswith(f"{item}/"):
        _, number, what = rest.split("/")
        return Text(f"input.delivery_{what}", {"number": str(int(number) + 1)})
    return pick.input_name(results.crisis, name)


def _known_items(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(dict.fromkeys(zip(table["sector"], table["item"], strict=True)))

"""What they need: people requiring assistance by sector, by group and by zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import shown_figures, source_name
from needscast.report.values import Amount, Day, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results


def needs(results: Results) -> Group:
    """Return people requiring assistance by sector, group and zone, apart from the agreed figures of others."""
    blocks = [
        Heading(Text("needs.heading")),
        Note("caveat", Text("needs.not_in_need")),
        by_sector(results),
        *across(results),
        by_group(results),
        by_zone(results),
        *agreed(results),
    ]
    return Group(tuple(blocks))


def chart(results: Results) -> Chart:
    """Draw the sectors, each with its range at the end of the horizon."""
    ends = _totals(results, pick.last_week(results.tables["people"]))
    bars = [
        {"label": pick.sector_name(results.crisis, row.sector), "value": pick.range_of(row)} for row in pick.each(ends)
    ]
    return Chart(
        "bars",
        "people_by_sector_chart",
        Text("needs.chart", {"end": pick.end_day(results)}),
        {"bars": bars},
        "person",
        pick.model_caption(results),
    )


def by_sector(results: Results) -> Table:
    """Tabulate people requiring assistance by sector, now and at the end of the horizon."""
    now = _totals(results, 0).set_index("sector")
    ends = _totals(results, pick.last_week(results.tables["people"])).set_index("sector")
    rows = tuple(
        (pick.sector_name(results.crisis, code), pick.range_of(now.loc[code]), pick.range_of(ends.loc[code]))
        for code in ends.index
    )
    columns = (
        Column("sector", Text("table.sector")),
        pick.range_column("now", "table.on_day", "person", date=pick.today(results)),
        pick.range_column("end", "table.on_day", "person", date=pick.end_day(results)),
    )
    return Table("people_by_sector", Text("needs.by_sector"), columns, rows, note=Text("needs.not_added"))


def by_group(results: Results) -> Table:
    """Tabulate people requiring assistance by group at the end of the horizon, a column a sector."""
    return _crossed(results, "group", "needs.by_group", lambda group: pick.group_name(group), area=pick.ALL)


def by_zone(results: Results) -> Table:
    """Tabulate people requiring assistance by zone at the end of the horizon, a column a sector."""
    return _crossed(results, "area", "needs.by_zone", lambda area: pick.area_name(results.crisis, area), group=pick.ALL)


def across(results: Results) -> list[Sentence]:
    """Say how many people require assistance in one sector or more, by the agencies' rule."""
    table = results.tables.get("across", pd.DataFrame())
    total = table[table["area"] == pick.ALL] if len(table) else table
    if total.empty:
        return []
    row = total.iloc[0]
    values = {
        name: Amount(float(row[column]), "person", 2)
        for name, column in (("least", "largest_sector"), ("apart", "independent"))
    }
    return [Sentence(Text("needs.across", {**values, "date": pick.today(results)}))]


def agreed(results: Results) -> list[Sentence]:
    """Quote agreed planning figures of people in need, with who agreed them; they are not ours and not compared."""
    figures = shown_figures(results.crisis, results.readership)
    figures = figures[
        (figures["measure"] == "people_in_need") & (figures["coverage"] == "complete") & figures["value"].notna()
    ]
    return [
        Sentence(
            Text(
                "needs.agreed",
                {
                    "people": Amount(float(row.value), "person"),
                    "area": row.area_printed,
                    "source": source_name(results.crisis, row.source, results.readership),
                    "date": Day.of(row.published),
                },
            )
        )
        for row in pick.each(figures.sort_values("published").tail(2))
    ]


def _totals(results: Results, week: int) -> pd.DataFrame:
    table = pick.rows(results.tables["people"], group=pick.ALL, area=pick.ALL, week=week)
    return table.sort_values("median", ascending=False, kind="stable")


def _crossed(results: Results, label: str, caption: str, name: Callable[[str], Any], **fixed: str) -> Table:
    people = results.tables["people"]
    table = pick.rows(people, week=pick.last_week(people), **fixed)
    table = table[table[label] != pick.ALL]
    sectors = [each.code for each in results.crisis.sectors if each.code in set(table["sector"])]
    order = table.groupby(label, sort=False)["median"].max().sort_values(ascending=False, kind="stable").index
    cells: dict[tuple[str, str], Range] = {
        (getattr(row, label), row.sector): pick.range_of(row) for row in pick.each(table)
    }
    rows = tuple((name(each), *(cells.get((each, code)) for code in sectors)) for each in order)
    columns = (
        Column(label, Text(f"table.{label}")),
        *(
            Column(
                code.lower(),
                Text("table.people_of", {"sector": pick.sector_name(results.crisis, code)}),
                "range",
                "person",
            )
            for code in sectors
        ),
    )
    return Table(f"people_by_{label}", Text(caption, {"end": pick.end_day(results)}), columns, rows)

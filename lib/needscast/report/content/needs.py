"""What they need: people requiring assistance by sector, by group and by zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.needs.flags import OUT_OF_LINE
from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.content.figures import printed
from needscast.report.content.stated import stated
from needscast.report.edition import shown_figures, source_name, translated
from needscast.report.numbers import round_amount
from needscast.report.values import Amount, Day, Many, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results

AGREED = "people_in_need_agreed"  # the definition of a figure that covers all sectors together
AGREED_SHOWN = 6
FLAGS = 8  # the furthest out of line are shown; all of them are in the tables of the run
SECTORS_A_TABLE = 4  # columns of ends of ranges that a page holds at its full size


def needs(results: Results) -> Group:
    """Return people requiring assistance by sector, group and zone, apart from the agreed figures of others."""
    blocks = [
        Heading(Text("needs.heading")),
        Note("caveat", Text("needs.not_in_need")),
        by_sector(results),
        *stated(results),
        *across(results),
        *agreed(results),
        *flags(results),
        by_group(results),
        by_zone(results),
        *special(results),
    ]
    return Group(tuple(blocks))


def chart(results: Results, *, most: int | None = None) -> Chart:
    """Draw the sectors, each with its range at the end of the horizon; all, or the ``most`` with most people."""
    ends = _totals(results, pick.last_week(results.tables["people"]))
    if most:  # a way of giving stands last and is no sector among those with most people
        ends = ends[~ends["sector"].isin(_ways(results))]
    shown = ends.head(most or len(ends))
    bars = [
        {"label": pick.sector_name(results.crisis, row.sector), "value": pick.range_of(row)} for row in pick.each(shown)
    ]
    values = {"end": pick.end_day(results), "most": pick.count(len(shown)), "sectors": pick.count(len(ends))}
    return Chart(
        "bars",
        "people_by_sector_chart",
        Text("needs.chart" if len(shown) == len(ends) else "needs.chart_most", values),
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
    return Table("people_by_sector", Text("needs.by_sector"), columns, rows, note=_adding(results, list(ends.index)))


def by_group(results: Results) -> Group:
    """Tabulate people requiring assistance by group at the end of the horizon, a column a sector, the largest first."""
    return _crossed(results, "group", "needs.by_group", lambda group: pick.group_name(group), area=pick.ALL)


def by_zone(results: Results) -> Group:
    """Tabulate people requiring assistance by zone at the end of the horizon, a column a sector, the largest first."""
    return _crossed(results, "area", "needs.by_zone", lambda area: pick.area_name(results.crisis, area), group=pick.ALL)


def across(results: Results) -> list[Sentence]:
    """Say how many people require assistance in one sector or more, by the agencies' rule."""
    row = _across_all(results)
    return [] if row is None else [Sentence(Text(_key("across", row), {**_bounds(row), "date": pick.today(results)}))]


def _across_all(results: Results) -> Any:
    """The row of sectors combined over all areas, or None where no sector was estimated."""
    table = results.tables.get("across", pd.DataFrame())
    total = table[table["area"] == pick.ALL] if len(table) else table
    return None if total.empty else total.iloc[0]


def _bounds(row: Any) -> dict[str, Amount]:
    names = (("least", "largest_sector"), ("apart", "independent"), ("most", "cap"))
    return {name: Amount(float(row[column]), "person", 2) for name, column in names}


def _key(name: str, row: Any) -> str:
    """Return the phrase for the bounds: two numbers that print alike are said once."""
    bounds = _bounds(row)
    alike = round_amount(bounds["apart"]) == round_amount(bounds["most"])
    return f"needs.{name}_two" if alike else f"needs.{name}"


def agreed(results: Results) -> list[Block]:
    """Quote agreed planning figures of people in need, with who agreed them, beside our own; they are not compared."""
    table = shown_figures(results.crisis, results.readership)
    table = table[(table["measure"] == "people_in_need") & (table["coverage"] == "complete") & table["value"].notna()]
    if table.empty:
        return []
    whole = set(results.crisis.areas.loc[results.crisis.areas["level"] == "crisis", "area"])
    ranked = table.assign(own=table["area"].isin(whole), overall=table["definition"] == AGREED).sort_values(
        ["own", "overall", "published"], ascending=False, kind="stable"
    )
    return [_agreed_beside(results, next(pick.each(ranked))), agreed_table(results, ranked.head(AGREED_SHOWN))]


def agreed_table(results: Results, ranked: pd.DataFrame) -> Table:
    """Tabulate agreed figures as they were printed: for which area, what they count, and who agreed them when."""
    rows = tuple(
        (
            translated(results.crisis, row.area_printed),
            printed(row),
            translated(results.crisis, pick.plain(row.definition)),
            source_name(results.crisis, row.source, results.readership),
            pick.day(row.published),
        )
        for row in pick.each(ranked)
    )
    columns = (
        Column("area", Text("table.area")),
        Column("printed", Text("table.printed")),
        Column("counts", Text("table.counts")),
        Column("agreed_by", Text("table.agreed_by")),
        Column("published", Text("table.published"), "date"),
    )
    return Table("agreed_figures", Text("needs.agreed_table"), columns, rows, note=Text("needs.agreed_note"))


def _agreed_beside(results: Results, row: Any) -> Sentence:
    values: dict[str, Any] = {
        "people": Amount(float(row.value), "person"),
        "area": translated(results.crisis, row.area_printed),
        "source": source_name(results.crisis, row.source, results.readership),
        "date": Day.of(row.published),
    }
    ours = _across_all(results)
    if not row.own or ours is None:
        return Sentence(Text("needs.agreed", values))
    return Sentence(Text(_key("agreed_beside", ours), {**values, **_bounds(ours), "today": pick.today(results)}))


def flags(results: Results) -> list[Block]:
    """Name the sectors that are out of line with the others in a zone: somebody should look; no number changes."""
    table = results.tables.get("flags", pd.DataFrame())
    if table.empty:
        return [Sentence(Text("needs.no_flags"))] if "flags" in results.tables else []
    rows = tuple(
        (
            pick.area_name(results.crisis, row.area),
            pick.sector_name(results.crisis, row.sector),
            Text("needs.flag_high" if row.ratio > 1 else "needs.flag_low"),
            float(row.share),
            float(row.level),
            float(row.others),
        )
        for row in pick.each(table.head(FLAGS))
    )
    columns = (
        Column("area", Text("table.area")),
        Column("sector", Text("table.sector")),
        Column("flag", Text("table.flag")),
        Column("share", Text("table.share_present"), "percent"),
        Column("level", Text("table.level"), "percent"),
        Column("others", Text("table.level_others"), "percent"),
    )
    said = {"flags": pick.count(len(table)), "factor": Amount(OUT_OF_LINE)}
    return [Sentence(Text("needs.flags", said)), Table("flags", Text("needs.flag_table"), columns, rows)]


def special(results: Results) -> list[Block]:
    """Tabulate the special groups among the displaced, which size supplies; they overlap and do not add up."""
    table = results.tables.get("special", pd.DataFrame())
    if table.empty:
        return []
    last = pick.last_week(table)
    rows = tuple(
        (
            Text(f"special.{group}"),
            pick.range_at(table, special_group=group, week=0),
            pick.range_at(table, special_group=group, week=last),
        )
        for group in dict.fromkeys(table["special_group"])
    )
    columns = (
        Column("special_group", Text("table.special_group")),
        pick.range_column("now", "table.on_day", "person", date=pick.today(results)),
        pick.range_column("end", "table.on_day", "person", date=pick.end_day(results)),
    )
    return [Table("special_groups", Text("needs.special"), columns, rows, note=Text("needs.special_note"))]


def _adding(results: Results, shown: list[str]) -> Text:
    """Say that sectors are never added up, and which row is a way of giving and no sector."""
    note, ways = Text("needs.not_added"), [code for code in _ways(results) if code in shown]
    if not ways:
        return note
    named = Many(tuple(pick.sector_name(results.crisis, code) for code in ways))
    values = {"not_added": note, "ways": named, "sectors": pick.count(len(shown) - len(ways))}
    return Text("needs.not_added_ways", values)


def _totals(results: Results, week: int) -> pd.DataFrame:
    table = pick.rows(results.tables["people"], group=pick.ALL, area=pick.ALL, week=week)
    ranked = table.sort_values("median", ascending=False, kind="stable")
    return ranked.sort_values("sector", key=lambda codes: codes.isin(_ways(results)), kind="stable")


def _ways(results: Results) -> list[str]:
    """Return ways of giving, which have no needs of their own and are told last."""
    return [each.code for each in results.crisis.sectors if not each.is_need]


def _crossed(results: Results, label: str, caption: str, name: Callable[[str], Any], **fixed: str) -> Group:
    people = results.tables["people"]
    table = pick.rows(people, week=pick.last_week(people), **fixed)
    table = table[table[label] != pick.ALL]
    known = set(table["sector"])
    sectors = [code for code in _totals(results, pick.last_week(people))["sector"] if code in known]
    order = table.groupby(label, sort=False)["median"].max().sort_values(ascending=False, kind="stable").index
    cells: dict[tuple[str, str], Range] = {
        (getattr(row, label), row.sector): pick.range_of(row) for row in pick.each(table)
    }
    blocks = []
    for first in range(0, len(sectors), SECTORS_A_TABLE):
        shown = sectors[first : first + SECTORS_A_TABLE]
        rows = tuple((name(each), *(cells.get((each, code)) for code in shown)) for each in order)
        columns = (Column(label, Text(f"table.{label}")), *(_people_column(results, code) for code in shown))
        title = Text(caption, {"end": pick.end_day(results), "mass": pick.mass(results)})
        more = f"_{first // SECTORS_A_TABLE + 1}" if first else ""
        said = Text("needs.continued", {"title": title}) if first else title
        notes = [Text("needs.not_counted")] if any(None in row for row in rows) else []
        notes += [] if first else [Text("table.ranges_apart")]  # said once, of all the sectors
        note = Text("headline.then", {"first": notes[0], "second": notes[1]}) if notes[1:] else None
        blocks.append(Table(f"people_by_{label}{more}", said, columns, rows, note=note or next(iter(notes), None)))
    return Group(tuple(blocks))


def _people_column(results: Results, code: str) -> Column:
    said = Text("table.people_of", {"sector": pick.sector_name(results.crisis, code)})
    return Column(code.lower(), said, "ends", "person")

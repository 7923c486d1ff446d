"""Scenarios side by side: the same worlds under each, so that a difference is signal and not chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needscast.report.blocks import Block, Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import pick
from needscast.report.content.headline import illustration, narrative
from needscast.report.edition import translated
from needscast.report.values import Named, Text

if TYPE_CHECKING:
    from needscast.comparison import Comparison

MOST_WITH_MIDDLES = 3  # scenarios; beside more of them a page has room for the ends of the ranges only
COMPARED = ("displaced_next", "idp_stock_end", "cost", "tonnes")


def headline(comparison: Comparison) -> Group:
    """Return the answer: what each scenario means for people and cost, in one chart a number."""
    results = comparison.results[0]
    blocks: list[Block] = [
        Note("caveat", Text("note.preliminary", {"mass": pick.mass(results)})),
        *illustration(results),
        Heading(Text("compare.heading")),
        Sentence(Text("compare.same_worlds", {"most": pick.probability(1.0)})),
        *extremes(comparison),
    ]
    return Group((*blocks, *(chart(comparison, name) for name in compared(comparison)[:2])))


def scenarios(comparison: Comparison) -> Group:
    """Return the story of each scenario and how likely it is judged, in words."""
    results = comparison.results[0]
    rows = tuple(
        (
            pick.title_of(each.scenario),
            narrative(each),
            pick.likelihood(each.scenario.weight),
            translated(results.crisis, each.scenario.weight_by) if each.scenario.weight is not None else None,
        )
        for each in comparison.results
    )
    columns = (
        Column("scenario", Text("table.scenario")),
        Column("story", Text("table.story"), "remark"),
        Column("weight", Text("compare.judged")),
        Column("weight_by", Text("table.judged_by")),
    )
    return Group((Heading(Text("compare.stories")), Table("scenarios", Text("compare.stories_table"), columns, rows)))


def side_by_side(comparison: Comparison) -> Group:
    """Return headlines, a row a scenario, then people and cost by sector, a row a sector and a column a scenario."""
    made = (
        _side_table(comparison, "headlines", compared(comparison)),
        _sector_table(comparison, "people", "requiring_end"),
        _sector_table(comparison, "costs", "cost"),
    )
    return Group((Heading(Text("compare.side_by_side")), *(table for table in made if len(table.rows))))


def _sector_table(comparison: Comparison, part: str, quantity: str) -> Table:
    """Lay out one headline of every sector, a row a sector and a column a scenario."""
    first = comparison.results[0]
    cells = {
        (row.headline, row.scenario): pick.range_of(row)
        for row in pick.each(comparison.headlines)
        if row.headline.startswith(f"{quantity}/")
    }
    unit = next((each.unit for each in cells.values()), "")
    kind = "range" if len(comparison.results) <= MOST_WITH_MIDDLES else "ends"
    columns = [Column("sector", Text("table.sector"))] + [
        Column(each.scenario.id, Text("table.titled", {"title": pick.title_of(each.scenario)}), kind, unit)
        for each in comparison.results
    ]
    rows = tuple(
        (
            pick.sector_name(first.crisis, sector.code),
            *(cells.get((f"{quantity}/{sector.code}", each.scenario.id)) for each in comparison.results),
        )
        for sector in first.crisis.sectors
        if any(headline == f"{quantity}/{sector.code}" for headline, _ in cells)
    )
    said = Text("table.ranges_apart") if quantity == "cost" else Text("needs.not_added")
    note = said if kind == "range" else Text("compare.ends_only", {"mass": pick.mass(first), "said": said})
    caption = Text(f"compare.{part}", {"end": pick.end_day(first)})
    return Table(f"scenarios_{part}", caption, tuple(columns), rows, note=note)


def _side_table(comparison: Comparison, part: str, names: list[str]) -> Table:
    """Lay out some headlines, a row a scenario and a column a headline."""
    columns, ranges = [Column("scenario", Text("table.scenario"))], []
    for name in names:
        found = pick.rows(comparison.headlines, headline=name)
        if len(found):
            label = pick.head_name(comparison.results[0].crisis, name)
            columns.append(
                Column(pick.key_of(name), Text("table.titled", {"title": label}), "range", str(found["unit"].iloc[0]))
            )
            ranges.append({row.scenario: pick.range_of(row) for row in pick.each(found)})
    rows = tuple(
        (pick.title_of(each.scenario), *(found.get(each.scenario.id) for found in ranges))
        for each in comparison.results
    )
    return Table(
        f"scenarios_{part}", Text(f"compare.{part}", {"end": pick.end_day(comparison.results[0])}), tuple(columns), rows
    )


def differences(comparison: Comparison) -> Group:
    """Return paired differences, a table a headline, with the probability that one scenario exceeds the other."""
    reading = Sentence(Text("compare.reading", {"draws": pick.count(comparison.results[0].draws)}))
    tables = [_difference_table(comparison, name) for name in compared(comparison)]
    return Group((Heading(Text("compare.differences")), reading, *tables))


def _difference_table(comparison: Comparison, name: str) -> Table:
    titles = {each.scenario.id: pick.title_of(each.scenario) for each in comparison.results}
    found = pick.rows(comparison.differences, headline=name)
    rows = tuple(
        (titles[row.scenario], titles[row.against], pick.range_of(row), float(row.probability_greater))
        for row in pick.each(found)
    )
    unit = str(found["unit"].iloc[0]) if len(found) else ""
    columns = (
        Column("scenario", Text("table.scenario")),
        Column("against", Text("table.against")),
        Column("difference", Text("table.difference"), "range", unit),
        Column("probability", Text("table.probability"), "probability"),
    )
    caption = Text("compare.differences_table", {"headline": pick.head_name(comparison.results[0].crisis, name)})
    return Table(f"differences_{pick.key_of(name)}", caption, columns, rows)


def extremes(comparison: Comparison) -> list[Sentence]:
    """Say which scenarios displace the fewest and the most people, and how surely they differ."""
    table = pick.rows(comparison.headlines, headline="displaced_next").sort_values("median", kind="stable")
    if len(table) < 2:
        return []
    titles = {each.scenario.id: pick.title_of(each.scenario) for each in comparison.results}
    low, high = next(pick.each(table)), list(pick.each(table))[-1]
    values = {
        "low": titles[low.scenario],
        "few": pick.range_of(low),
        "high": titles[high.scenario],
        "many": pick.range_of(high),
        "share": pick.probability(_greater(comparison, high.scenario, low.scenario), said=True),
        "draws": pick.count(comparison.results[0].draws),
        "weeks": pick.count(comparison.results[0].crisis.settings.horizon_weeks, "week"),
    }
    return [Sentence(Text("compare.extremes", values))]


def chart(comparison: Comparison, name: str) -> Chart:
    """Draw one headline under every scenario."""
    table = pick.rows(comparison.headlines, headline=name)
    titles: dict[str, Named] = {each.scenario.id: pick.title_of(each.scenario) for each in comparison.results}
    bars = [{"label": titles[row.scenario], "value": pick.range_of(row)} for row in pick.each(table)]
    return Chart(
        "bars",
        f"compare_{pick.key_of(name)}",
        Text("compare.chart", {"headline": pick.head_name(comparison.results[0].crisis, name)}),
        {"bars": bars},
        str(table["unit"].iloc[0]),
        pick.model_caption(comparison.results[0]),
    )


def compared(comparison: Comparison) -> list[str]:
    """Return the headlines that every scenario has, in the order of the report."""
    return [name for name in COMPARED if name in set(comparison.headlines["headline"])]


def head_name(comparison: Comparison, name: str) -> Text:
    """Return what a headline is called; those of a sector carry its name."""
    return pick.head_name(comparison.results[0].crisis, name)


def _greater(comparison: Comparison, scenario: str, against: str) -> float:
    """Return the share of the worlds in which one scenario displaces more people than another."""
    found = pick.rows(comparison.differences, headline="displaced_next", scenario=scenario, against=against)
    if len(found):
        return float(found["probability_greater"].iloc[0])
    turned = pick.rows(comparison.differences, headline="displaced_next", scenario=against, against=scenario)
    return 1 - float(turned["probability_greater"].iloc[0])

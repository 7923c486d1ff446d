"""What the estimate hangs on: anchor, sources left out, earlier dates, trees of relays, conflicts told, hedge words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd

from needscast.report.blocks import Block, Column, Group, Sentence, Table
from needscast.report.content import figures, pick
from needscast.report.edition import shown_text, source_name
from needscast.report.values import Amount, Day, Range, Text
from needscast.vocabulary import STOCKS

EARLIER_WEEKS = (4, 3, 2, 1)  # before the reference date
FEWEST_CASES = 3  # of a hedge word; fewer prove nothing
BRANCH = "\N{BOX DRAWINGS LIGHT UP AND RIGHT} "


def anchor(results: Any) -> Group:
    """Say which source the level hangs on, what doubling its errors does, and what the figures said about movements."""
    said, mass = results.nowcast.diagnostics, results.mass
    ends = [said[f"anchor_doubled_{name}"] for name in ("p10", "p50", "p90") if f"anchor_doubled_{name}" in said]
    values = {
        "anchor": source_name(results.crisis, str(said["anchor"]), results.readership),
        "figures": pick.count(int(said["anchor_figures"])),
    }
    told: list[Block] = [Sentence(Text("evidence.anchor_none", values))]
    if ends:
        low, middle, high = (float(end) for end in ends)
        told = [Sentence(Text("evidence.anchor", {**values, "doubled": Range(low, middle, high, mass, "person")}))]
    narrowed = Amount(max(float(said["contraction/movement_ratio"]), 0.0), "share", 2)
    return Group((*told, Sentence(Text("evidence.ratio", {"narrowed": narrowed}))))


def left_out(results: Any) -> Table:
    """Tabulate the headline without each of the weightiest sources, and without everything that goes back to it."""
    from needscast.evidence import without_sources

    rows = tuple(
        (
            source_name(results.crisis, row.source, results.readership),
            int(row.figures),
            float(row.weight),
            _range(row, "lower", "median", "upper"),
        )
        for row in pick.each(without_sources(results.nowcast))
    )
    columns = (
        Column("source", Text("table.source")),
        Column("figures", Text("table.used_figures"), "number"),
        Column("weight", Text("table.weight"), "percent"),
        Column("without", Text("table.without"), "range", "person"),
    )
    return Table("sources_left_out", Text("evidence.left_out"), columns, rows, note=Text("evidence.left_out_note"))


def earlier(results: Any) -> Group:
    """Tabulate the headline as it was on earlier dates, beside what is now said about the same days."""
    from needscast.evidence import earlier as on_earlier_dates

    today = results.crisis.reference_date
    dates = [today - timedelta(weeks=weeks) for weeks in EARLIER_WEEKS]
    found = on_earlier_dates(results.where, results.nowcast, dates, seed=results.seed)
    rows = tuple(
        (
            pick.day(row.as_of),
            int(row.figures),
            _range(row, "lower", "median", "upper"),
            _range(row, "now_lower", "now_median", "now_upper"),
        )
        for row in pick.each(found)
    )
    columns = (
        Column("as_of", Text("table.on_date"), "date"),
        Column("figures", Text("table.figures"), "number"),
        Column("then", Text("table.said_then"), "range", "person"),
        Column("now", Text("table.said_now"), "range", "person"),
    )
    if not rows:
        return Group((Sentence(Text("evidence.earlier_none", {"onset": Day.of(results.crisis.settings.onset)})),))
    held = int(((found["lower"] <= found["now_median"]) & (found["now_median"] <= found["upper"])).sum())
    told = Sentence(Text("evidence.earlier_held", {"held": pick.count(held), "dates": pick.count(len(found))}))
    return Group((told, Table("earlier", Text("evidence.earlier"), columns, rows)))


def tree(results: Any) -> Table:
    """Tabulate every report that was printed more than once, with its relays under it in the order of printing."""
    table = figures.register(results)
    table = table[table["root"].fillna("") != ""]
    rows: list[tuple[Any, ...]] = []
    for root, group in sorted(table.groupby("root", sort=False), key=lambda pair: (-len(pair[1]), pair[0])):
        if len(group) > 1 and root in set(group["figure_id"]):
            first = group["figure_id"] == root
            relays = group[~first].sort_values(["published", "figure_id"], kind="stable")
            rows += [_node(results, row, "") for row in pick.each(group[first])]
            rows += [_node(results, row, BRANCH) for row in pick.each(relays)]
    columns = (
        Column("figure", Text("table.figure")),
        Column("source", Text("table.source")),
        Column("printed", Text("table.printed")),
        Column("as_of", Text("table.cut_off"), "date"),
        Column("published", Text("table.published"), "date"),
        Column("reason", Text("table.reason")),
    )
    return Table("relay_tree", Text("evidence.tree"), columns, tuple(rows))


def told_conflicts(results: Any) -> Group:
    """Explain each pair of figures that contradict each other in a sentence."""
    table = figures.register(results)
    by_id = {row.figure_id: row for row in pick.each(table[table["used"]])}
    return Group(tuple(_conflict(results, a, b) for a, b in _pairs(by_id)))


def hedges(results: Any) -> Table:
    """Tabulate what hedge words turned out to mean, by what all the other figures now say."""
    from needscast.evidence import hedges_in_hindsight

    found = hedges_in_hindsight(results.nowcast).sort_values("cases", ascending=False, kind="stable")
    found = found[found["cases"] >= FEWEST_CASES]
    rows = tuple(
        (row.hedge or Text("evidence.no_hedge"), int(row.cases), float(row.share_above), float(row.median))
        for row in pick.each(found)
    )
    columns = (
        Column("hedge", Text("table.hedge")),
        Column("cases", Text("table.figures"), "number"),
        Column("above", Text("table.truth_above"), "percent"),
        Column("middle", Text("table.truth_to_printed"), "percent"),
    )
    return Table("hedges", Text("evidence.hedges"), columns, rows, note=Text("evidence.hedges_note"))


def _pairs(by_id: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for row in by_id.values():
        for other in str(row.conflicts or "").split(";"):
            if other in by_id and other > row.figure_id:  # a pair is told once
                yield row, by_id[other]


def _conflict(results: Any, a: Any, b: Any) -> Sentence:
    values: dict[str, Any] = {"first": _said(results, a), "second": _said(results, b)}
    numbers = [value for value in (a.value, b.value) if pd.notna(value) and value > 0]
    if len(numbers) < 2 or a.unit != b.unit:
        return Sentence(Text("evidence.conflict_plain", values))
    return Sentence(Text("evidence.conflict", values | {"factor": Amount(max(numbers) / min(numbers), "", 2)}))


def _said(results: Any, row: Any) -> Text:
    values = {
        "figure": row.figure_id,
        "source": source_name(results.crisis, row.source, results.readership),
        "printed": figures.printed(row),
        "end": Day.of(row.as_of),
    }
    if row.measure in STOCKS or pd.isna(row.period_start):
        return Text("evidence.said_stock", values)
    return Text("evidence.said", values | {"start": Day.of(row.period_start)})


def _node(results: Any, row: Any, before: str) -> tuple[Any, ...]:
    return (
        before + row.figure_id,
        source_name(results.crisis, row.source, results.readership),
        figures.printed(row),
        pick.day(row.as_of),
        pick.day(row.published),
        shown_text(results.crisis, str(row.reason), results.readership),
    )


def _range(row: Any, lower: str, median: str, upper: str) -> Range:
    low, middle, high = (float(getattr(row, name)) for name in (lower, median, upper))
    return Range(low, middle, high, float(row.mass), "person")

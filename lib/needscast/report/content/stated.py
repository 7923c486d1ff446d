"""What displaced people themselves say they need first, who was asked, when and how many; or that none is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from needscast.report.blocks import Block, Column, Sentence, Table
from needscast.report.content import pick
from needscast.report.edition import PUBLIC, shown_text, source_name, translated
from needscast.report.values import Amount, Day, Many, Text

if TYPE_CHECKING:
    from needscast.chain import Results

TABLE = "stated_priorities"
TOP = 3  # on the first page


def stated(results: Results) -> list[Block]:
    """Return the table of stated priorities, or the sentence that no source is known by the reference date."""
    rows = _shown(results)
    if rows.empty:
        hidden = results.crisis.hidden
        later = int((hidden["table"].map(str).str.removesuffix(".csv") == TABLE).sum())
        values = {"date": pick.today(results), "rows": pick.count(later)}
        return [Sentence(Text("stated.later", values) if later else Text("stated.none", values))]
    cells = tuple(_row(results, row) for row in pick.each(rows))
    columns = (
        Column("priority", Text("table.put_first")),
        Column("rank", Text("table.rank"), "number"),
        Column("share", Text("table.share_of_asked"), "percent", "share"),
        Column("area", Text("table.area")),
        Column("asked", Text("table.asked")),
        Column("as_of", Text("table.cut_off"), "date"),
        Column("source", Text("table.source")),
    )
    return [Table(TABLE, Text("stated.table"), columns, cells, note=Text("stated.note"))]


def first(results: Results) -> Sentence | None:
    """Say what people put first in the youngest count that an edition may show; None where there is none."""
    rows = _shown(results)
    if rows.empty:
        return None
    latest = rows[(rows["as_of"] == rows["as_of"].max()) & (rows["source"] == rows["source"].iloc[0])].head(TOP)
    row = latest.iloc[0]
    values = {
        "asked": _asked(results, row),
        "date": Day.of(row["as_of"]),
        "priorities": Many(tuple(_printed(results, each) for each in latest["priority"])),
    }
    return Sentence(Text("stated.first", values), Text("question.stated"))


def _shown(results: Results) -> pd.DataFrame:
    """Return the rows that an edition may show, the youngest count first, and in it what most people put first."""
    rows = results.crisis.stated_priorities
    if results.readership == PUBLIC and len(rows):
        rows = rows[rows["sensitivity"] == PUBLIC]
    keys, ascending = ["as_of", "source", "rank", "share"], [False, True, True, False]
    return rows.sort_values(keys, ascending=ascending, kind="stable") if len(rows) else rows


def _row(results: Results, row: Any) -> tuple[Any, ...]:
    crisis = results.crisis
    return (
        _printed(results, row.priority),
        pick.number(row.rank),
        pick.number(row.share),
        pick.area_name(crisis, row.area or crisis.crisis_area),
        _asked(results, row),
        pick.day(row.as_of),
        source_name(crisis, row.source, results.readership),
    )


def _printed(results: Results, priority: str) -> Any:
    return shown_text(results.crisis, priority, results.readership)


def _asked(results: Results, row: Any) -> Any:
    """Return who was asked, and how many where the source says it."""
    who, count = translated(results.crisis, row.asked), pick.number(row.asked_count)
    if count is None:
        return who
    return Text(
        "stated.asked", {"who": who, "count": Amount(count), "unit": translated(results.crisis, row.asked_unit)}
    )

"""What was reported: figures as they were printed, what each one counts, and what became of it in the estimate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from needscast.report.blocks import Chart, Column, Group, Heading, Note, Sentence, Table
from needscast.report.content import figures, pick
from needscast.report.content.reasons import ANOTHER, reason
from needscast.report.edition import shown_figures, shown_text, source_name, translated
from needscast.report.values import Day, Text

DISPLACED = "displaced_cumulative"
MOST = 12  # rows of a list that pages of a report print; the first notebook shows every figure that carries weight
MOST_DEATHS = 8  # youngest counts of the killed, and as many of the injured
WIDE = ("crisis", "union", "ambiguous")  # a figure for one zone or town is not compared with the whole
WINDOW_DAYS = 7  # a figure whose count starts this near to the onset can be compared with the headline


@dataclass(frozen=True)
class Reported:
    """What was reported and what the nowcast makes of it, without any scenario.

    Attributes
    ----------
    where : name or path of the crisis, to look back to earlier dates.
    headlines : people displaced since the onset, from the nowcast alone.
    """

    crisis: Any
    nowcast: Any
    readership: str
    draws: int
    seed: int
    where: Any = ""
    mass: float = 0.8

    @property
    def headlines(self) -> Mapping[str, Any]:
        """The one headline that the figures alone give."""
        return {
            "displaced_since_onset": self.nowcast.estimates["departed"].total("area", name="displaced since the onset")
        }


def evidence(results: Any) -> Group:
    """Return the evidence of a report: the timeline, what carries weight, relays, conflicts and what was left out."""
    return Group(
        (
            Heading(Text("evidence.heading")),
            summary(results),
            *withheld(results),
            counting(results, most=MOST),
            timeline(results),
            figures.used(results, most=MOST),
            relays(results, most=MOST),
            conflicts(results),
            excluded_by_reason(results),
            figures.deaths(results, most=MOST_DEATHS),
        )
    )


def summary(results: Any) -> Sentence:
    """Say how many figures there are, how many carry the estimate, and how many independent reports that is."""
    standing = results.nowcast.standing
    used, relays = int(standing["used"].sum()), relayed(standing)
    values = {
        "figures": pick.count(len(standing)),
        "sources": pick.count(results.crisis.figures["source"].nunique()),
        "used": pick.count(used),
        "relays": pick.count(relays),
        "others": pick.count(len(standing) - used - relays),
    }
    return Sentence(Text("evidence.summary", values))


def relayed(standing: pd.DataFrame) -> int:
    """Count the figures that carry no weight of their own because they repeat another one."""
    repeats = (standing["root"] != "") & (standing["root"] != standing["figure_id"])
    return int((repeats & ~standing["used"].astype(bool)).sum())


def withheld(results: Any) -> list[Note]:
    """Say how many figures a public edition leaves out; they may still carry the estimate."""
    hidden = len(results.crisis.figures) - len(shown_figures(results.crisis, results.readership))
    return [Note("caveat", Text("evidence.withheld", {"hidden": pick.count(hidden)}))] if hidden else []


def timeline(results: Any) -> Chart:
    """Draw the figures on displacement since the onset by cut-off date: who counts people, who counts movements."""
    table = figures.register(results)
    onset = pd.Timestamp(results.crisis.settings.onset)
    near = (pd.to_datetime(table["period_start"]) - onset).abs() <= pd.Timedelta(days=WINDOW_DAYS)
    levels = table["area"].map(results.crisis.areas.set_index("area")["level"])
    table = table[
        (table["measure"] == DISPLACED)
        & levels.isin(WIDE)
        & near
        & table["value"].notna()
        & table["coverage"].isin(["complete", "partial"])
    ]
    points = [
        {
            "date": pick.day(row.as_of),
            "value": float(row.value),
            "counts": row.unit,
            "hedge": str(row.hedge),
            "bound": _bound(str(row.hedge)),
            "used": bool(row.used),
        }
        for row in pick.each(table.sort_values("as_of"))
    ]
    now = pick.headline(results, "displaced_since_onset")
    data = {"points": points, "now": {"date": pick.today(results).iso, "value": now} if now else None}
    return Chart(
        "timeline",
        "reported_figures",
        Text("evidence.timeline", {"onset": Day.of(onset)}),
        data,
        "person",
        Text("evidence.timeline_caption", {"onset": Day.of(onset), "days": pick.count(WINDOW_DAYS, "day")}),
    )


def _bound(word: str) -> str:
    """Return "below" when the hedge makes the printed number a lower bound, "above" for an upper one, else ""."""
    from needscast.evidence.behaviour import shipped

    hedge = shipped().hedges.get(" ".join(word.lower().split()))
    return hedge.kind if hedge is not None and hedge.kind in ("below", "above") else ""


def counting(results: Any, *, most: int = 0) -> Table:
    """Tabulate who counts what, with the latest figure of each: people, movements and households stay apart.

    Pages print the ``most`` youngest, 0 for all.
    """
    table = figures.register(results)
    table = table[(table["measure"] == DISPLACED) & table["used"] & table["value"].notna()].sort_values("as_of")
    latest = table.drop_duplicates(["source", "unit"], keep="last").iloc[::-1]
    rows = tuple(
        (
            source_name(results.crisis, row.source, results.readership),
            Text(f"counts.{row.unit}"),
            translated(results.crisis, pick.plain(row.definition)),
            shown_text(results.crisis, str(row.area_printed), results.readership),
            figures.printed(row),
            pick.day(row.period_start),
            pick.day(row.as_of),
        )
        for row in pick.each(latest)
    )
    columns = (
        Column("source", Text("table.source")),
        Column("counts", Text("table.counts")),
        Column("definition", Text("table.definition")),
        Column("area", Text("table.area")),  # what a definition such as "people displaced from" ends with
        Column("printed", Text("table.printed")),
        Column("from", Text("table.from"), "date"),
        Column("as_of", Text("table.cut_off"), "date"),
    )
    return Table("who_counts_what", Text("evidence.counting"), columns, rows, shown=most)


def relays(results: Any, *, most: int = 0) -> Table:
    """Tabulate reports that were printed more than once; each counts once. Pages print ``most`` of them, 0 for all."""
    table = figures.register(results)
    table = table[table["root"].notna() & (table["root"] != "")]
    shown, rows = set(table["figure_id"]), []
    for root, group in table[table["root"].duplicated(keep=False)].groupby("root", sort=False):
        if root in shown:
            first = group[group["figure_id"] == root].iloc[0] if (group["figure_id"] == root).any() else group.iloc[0]
            rows.append(
                (
                    root,
                    source_name(results.crisis, first["source"], results.readership),
                    figures.printed(first),
                    pick.day(first["as_of"]),
                    len(group) - 1,
                    pick.day(group["published"].max()),
                )
            )
    rows.sort(key=lambda row: (-row[4], row[0]))
    columns = (
        Column("root", Text("table.figure")),
        Column("source", Text("table.source")),
        Column("printed", Text("table.printed")),
        Column("as_of", Text("table.cut_off"), "date"),
        Column("relays", Text("table.relays"), "number"),
        Column("last", Text("table.last_relay"), "date"),
    )
    return Table("relays", Text("evidence.relays"), columns, tuple(rows), shown=most)


def conflicts(results: Any) -> Group:
    """Tabulate the pairs of figures that contradict each other; both stay in and stay visible."""
    table = figures.register(results)
    by_id = {row.figure_id: row for row in pick.each(table[table["used"]])}
    pairs = [
        (row, by_id[other])
        for row in by_id.values()
        for other in _several(row.conflicts)
        if other in by_id and other > row.figure_id  # a pair is told once
    ]
    rows = tuple(tuple(cell for row in pair for cell in _side(results, row)) for pair in pairs)
    columns = (
        Column("figure", Text("table.figure")),
        Column("source", Text("table.source")),
        Column("printed", Text("table.printed")),
        Column("against", Text("table.against")),
        Column("against_source", Text("table.source")),
        Column("against_printed", Text("table.printed")),
    )
    told = Sentence(Text("evidence.conflicts", {"pairs": pick.count(len(pairs))}))
    return Group((told, *([Table("conflicts", Text("evidence.conflicts_table"), columns, rows)] if pairs else [])))


def _side(results: Any, row: Any) -> tuple[Any, ...]:
    return row.figure_id, source_name(results.crisis, row.source, results.readership), figures.printed(row)


def excluded_by_reason(results: Any) -> Table:
    """Tabulate how many figures were left out of the estimate, by reason, whichever figure the reason names."""
    table = results.nowcast.standing
    ids = "|".join(re.escape(each) for each in sorted(table["figure_id"], key=len, reverse=True))
    reasons = table.loc[~table["used"].astype(bool), "reason"].astype(str)
    counted = reasons.str.replace(rf"\b({ids})\b", ANOTHER, regex=True).value_counts()
    rows = tuple(
        (shown_text(results.crisis, said, results.readership, reason), int(number))
        for said, number in sorted(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))
    )
    columns = (Column("reason", Text("table.reason")), Column("figures", Text("table.figures"), "number"))
    return Table("excluded_by_reason", Text("evidence.excluded_by_reason"), columns, rows)


def _several(conflicts_of_row: Any) -> list[str]:
    if isinstance(conflicts_of_row, str):
        return [each.strip() for each in conflicts_of_row.split(";") if each.strip()]
    return [str(each) for each in conflicts_of_row] if isinstance(conflicts_of_row, tuple | list) else []

"""Reported figures as tables, one a row: as printed, where, over which window, from whom, and what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from needscast.report.blocks import Column, Group, Sentence, Table
from needscast.report.content import pick
from needscast.report.content.reasons import reason
from needscast.report.edition import PUBLIC, shown_figures, shown_text, source_name
from needscast.report.values import Amount, Text
from needscast.vocabulary import CASUALTIES, STOCKS

# What a table of figures can show: key -> (label, kind of column); the cells are made by _rows.
_COLUMNS = {
    "figure_id": ("table.figure", "text"),
    "printed": ("table.printed", "text"),
    "measure": ("table.what", "text"),
    "area": ("table.area", "text"),
    "from": ("table.from", "date"),
    "as_of": ("table.cut_off", "date"),
    "source": ("table.source", "text"),
    "grade": ("table.grade", "text"),
    "used": ("table.used", "text"),
    "weight": ("table.weight", "percent"),
    "without": ("table.without", "change"),
    "reason": ("table.reason", "remark"),
}
_WHAT = ("figure_id", "printed", "measure", "area", "from", "as_of", "source", "grade")


def register(results: Any) -> pd.DataFrame:
    """Return the figures that the edition may show, joined with their standing."""
    figures = shown_figures(results.crisis, results.readership)
    standing = results.nowcast.standing
    kept = standing[["figure_id", *(each for each in standing.columns if each not in figures.columns)]]
    joined = figures.merge(kept, on="figure_id", how="left")
    return joined.assign(used=joined["used"].fillna(False).astype(bool))


def used(results: Any, *, most: int = 0) -> Table:
    """Tabulate the figures that carry the estimate, the weightiest first; pages print the first ``most``, 0 for all."""
    table = register(results)
    table = table[table["used"]].sort_values("weight", ascending=False, kind="stable")
    note = Text("evidence.used_note")
    made = laid_out(results, table, "figures_used", Text("evidence.used"), ("weight", "without"), note)
    return replace(made, shown=most)


def excluded(results: Any) -> Table:
    """Tabulate every figure that was left out, with its reason."""
    table = register(results)
    chosen = table[~table["used"]].sort_values("as_of", kind="stable")
    return laid_out(results, chosen, "figures_excluded", Text("evidence.excluded"), ("reason",))


def of_source(results: Any, *, url_starts: str, name: str) -> Group:
    """Tabulate the figures of one publication: each is used, or the reason why not stands beside it."""
    everything = results.crisis.figures
    all_of_it = everything[everything["url"].astype(str).str.startswith(url_starts)]
    table = register(results)
    chosen = table[table["figure_id"].isin(all_of_it["figure_id"])]
    values = {
        "figures": len(all_of_it),
        "used": int(chosen["used"].sum()),
        "out": int((~chosen["used"]).sum()),
        "hidden": len(all_of_it) - len(chosen),
    }
    told = Sentence(Text("evidence.article_sum", {key: pick.count(value) for key, value in values.items()}))
    return Group((told, laid_out(results, chosen, name, Text("evidence.of_article"), ("used", "reason"))))


def deaths(results: Any, *, most: int = 0) -> Group:
    """Tabulate documented deaths and injuries by source and cut-off, with what the check of parts and totals found.

    Pages print the ``most`` youngest counts of each, 0 for all.
    """
    table = register(results)
    table = table[
        table["measure"].isin(CASUALTIES)
        & (table["group"] == "all")
        & table["value"].notna()
        & (table["coverage"] != "analogue")
    ]
    chosen = table.sort_values(["measure", "as_of"], ascending=[True, False], kind="stable")
    wanted = ("measure", "source", "printed", "area", "from", "as_of")
    rows = _rows(results, chosen, wanted)
    shown = Table(
        "documented_deaths",
        Text("evidence.deaths"),
        _columns(wanted),
        rows,
        note=Text("evidence.deaths_note"),
        grouped=True,
        shown=most,
    )
    return Group((shown, *_parts(results, set(chosen["figure_id"]))))


def measured(row: Any) -> Text:
    """Return what a figure measures; one that counts movements says so, for they are not people."""
    moves = row.measure == "displaced_cumulative" and row.unit == "movement"
    return Text("measure.movements" if moves else f"measure.{row.measure}")


def printed(row: Any) -> Text | str:
    """Return a figure as its source printed it: hedge and number, two numbers, or the words alone."""
    hedge, unit = pick.noun("hedge", str(row.hedge)), str(row.unit)
    if pd.notna(row.value):
        amount = _amount(row.value, unit)
        return (
            Text("evidence.printed", {"hedge": hedge, "value": amount})
            if hedge
            else Text("evidence.plain", {"value": amount})
        )
    if pd.notna(row.value_low) and pd.notna(row.value_high):
        return Text("evidence.between", {"low": _amount(row.value_low, ""), "high": _amount(row.value_high, unit)})
    return hedge


def laid_out(
    results: Any, table: pd.DataFrame, name: str, caption: Text, further: tuple[str, ...], note: Text | None = None
) -> Table:
    """Return a table of figures, one a row, as printed; grades of sources are shown in an internal edition only."""
    wanted = tuple(key for key in (*_WHAT, *further) if key != "grade" or results.readership != PUBLIC)
    rows = _rows(results, table, wanted)
    return Table(name, caption, _columns(wanted), rows, note=note)


def _columns(wanted: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(key, Text(_COLUMNS[key][0]), _COLUMNS[key][1]) for key in wanted)


def _rows(results: Any, table: pd.DataFrame, wanted: tuple[str, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return the wanted cells of each figure; a source is looked up once, however many figures it has."""
    crisis, edition = results.crisis, results.readership
    names = {each: source_name(crisis, each, edition) for each in table["source"].unique()}
    cells: dict[str, Callable[[Any], Any]] = {
        "figure_id": lambda row: row.figure_id,
        "printed": printed,
        "measure": measured,
        "area": lambda row: shown_text(crisis, str(row.area_printed), edition),
        "from": lambda row: Text("table.no_window") if row.measure in STOCKS else pick.day(row.period_start),
        "as_of": lambda row: pick.day(row.as_of),
        "source": lambda row: names[row.source],
        "grade": lambda row: f"{row.reliability}{row.credibility}",
        "used": lambda row: Text("table.yes" if row.used else "table.no"),
        "weight": lambda row: pick.number(row.weight),
        "without": lambda row: pick.number(row.leave_one_out),
        "reason": lambda row: shown_text(crisis, str(row.reason), edition, reason),
    }
    return tuple(tuple(cells[key](row) for key in wanted) for row in pick.each(table))


def _parts(results: Any, shown: set[str]) -> list[Sentence]:
    """Say of each documented total whether the parts that its source printed add up to it."""
    from needscast.evidence import check_parts

    found = check_parts(results.crisis)
    chosen = found[found["measure"].isin(CASUALTIES) & found["figure_id"].isin(shown)]
    keys = {"adds up": "evidence.parts_add_up", "parts exceed the total": "evidence.parts_exceed"}
    names = {each: source_name(results.crisis, each, results.readership) for each in chosen["source"].unique()}
    return [
        Sentence(
            Text(
                keys.get(row.finding, "evidence.parts_short"),
                {
                    "source": names[row.source],
                    "total": _amount(row.total, ""),
                    "parts": _amount(row.parts, ""),
                    "count": pick.count(len(row.part_ids.split(";"))),
                },
            )
        )
        for row in pick.each(chosen)
    ]


def _amount(value: float, unit: str) -> Amount:
    return Amount(float(value) / 100, "share") if unit == "percent" else Amount(float(value), unit)

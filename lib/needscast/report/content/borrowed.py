"""What was made for another country: how much of it is in use, and what to replace first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from needscast.decisions import pulls
from needscast.draws import Draws
from needscast.report import locales
from needscast.report.blocks import Column, Table
from needscast.report.catalogues import catalogue, languages
from needscast.report.content import pick
from needscast.report.values import Amount, Many, Named, Range, Text

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs import Crisis

FIRST = 3  # named on the first page
LISTED = 20  # rows of the table; a check names as many as fit a line
NOTED = 6
LEAD_TIME = "lead_time_days"


def borrowed(results: Results) -> pd.DataFrame:
    """Return ``input, made_for, share_of_cost`` of the inputs in use that were made for another country.

    The first is the one of which a tenth more moves the cost most; what moves no cost comes last. Lead times move
    dates and are not among them.
    """
    here = results.crisis.settings.country
    rows = [(row.name, row.made_for) for row in results.used_inputs if row.is_borrowed_in(here)]
    found = pd.DataFrame(rows, columns=["input", "made_for"])
    if found.empty:
        return found.assign(share_of_cost=0.0)
    known = pulls(results.headlines, list(results.inputs), Draws(results.draws, results.seed))
    table = found.merge(known, on="input", how="left").fillna({"share_of_cost": 0.0})
    return table.sort_values("share_of_cost", key=abs, ascending=False, kind="stable", ignore_index=True)


def sure(results: Results) -> Text | None:
    """Say how many inputs were made for another country and which to replace first; None where there are none."""
    table = borrowed(results)
    if table.empty:
        return None
    names = [pick.input_name(results.crisis, name) for name in table["input"].head(FIRST)]
    values = {
        "borrowed": pick.count(len(table)),
        "inputs": pick.count(len(results.used_inputs)),
        "countries": Many(tuple(country(code) for code in sorted(set(table["made_for"])))),
        "first": Many(tuple(names)),
    }
    return Text("borrowed.sure", values)


def replace_first(results: Results) -> Table | None:
    """Tabulate what to replace first, under the name that a row of rates.csv gives it; None where there is nothing."""
    found = borrowed(results)
    if found.empty:
        return None
    ranges = {row.name: row.range for row in results.used_inputs}
    rows = []
    for row in pick.each(found.head(LISTED)):
        now = ranges[row.input]
        rows.append(
            (
                pick.input_name(results.crisis, row.input),
                Range(now.low, now.best, now.high, now.mass, now.unit),
                country(row.made_for),
                Amount(float(row.share_of_cost), "share", 2),
                row.input,
            )
        )
    columns = (
        Column("input", Text("table.input")),
        Column("range", Text("table.range"), "range"),
        Column("made_for", Text("table.made_for")),
        Column("pull", Text("table.a_tenth_more")),
        Column("rate", Text("table.rate")),
    )
    more = {"shown": pick.count(len(rows)), "borrowed": pick.count(len(found))}
    return Table("borrowed", Text("borrowed.table"), columns, tuple(rows), note=Text("borrowed.note", more))


def country(code: str) -> Named:
    """Return the name of a country in every language of the catalogue."""
    return Named({each: locales.country(code, catalogue(each)["format.locale"]) for each in languages()})


def remarks(results: Results) -> Iterator[str]:
    """Yield what a check says of inputs that were made for another country: what to replace first, and where."""
    table, here = borrowed(results), results.crisis.settings.country
    if len(table):
        first = [f"{row.input} ({row.share_of_cost:.1%})" for row in pick.each(table.head(NOTED))]
        yield (
            f"{len(table)} of the {len(results.used_inputs)} shares and prices in use were made for "
            f"{_codes(table['made_for'])}, not for {here}: replace first, by rows of rates.csv (or the sheet "
            f"rates), those of which a tenth more moves the cost most: {', '.join(first)}"
        )
    yield from _lead_times(results)
    yield from _levels(results.crisis)


def _lead_times(results: Results) -> Iterator[str]:
    inputs, orders = results.inputs.by_name, results.tables["orders"]
    orders = orders[orders["in_cost_total"].astype(bool)]
    costly = orders.assign(cost=pd.to_numeric(orders["cost_usd"])).sort_values("cost", ascending=False, kind="stable")
    names = [f"{row.sector}/{row.item}/{LEAD_TIME}" for row in pick.each(costly)]
    far = [
        inputs[name]
        for name in names
        if name in inputs and inputs[name].is_borrowed_in(results.crisis.settings.country)
    ]
    if far:
        yield (
            f"{len(far)} lead times were made for {_codes(row.made_for for row in far)}; order-by dates hang on them, "
            f"of the costliest orders on {', '.join(row.name for row in far[:NOTED])}"
        )


def _levels(crisis: Crisis) -> Iterator[str]:
    here, phase = crisis.settings.country, crisis.settings.phase
    chosen = {
        f"{sector.code}/{item.id}": norm.made_for
        for sector in crisis.sectors
        for item in sector.items
        if (norm := item.norm(phase)) and norm.made_for not in ("", here)
    }
    if chosen:
        yield (
            f"{len(chosen)} levels follow what is usual in {_codes(chosen.values())}: {', '.join(chosen)}; "
            "another level needs a card of your own, sectors/CODE.toml: needscast new NAME --cards CODE has one to edit"
        )


def _codes(countries: object) -> str:
    return ", ".join(sorted(set(countries)))  # type: ignore[call-overload]

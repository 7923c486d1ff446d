"""A small crisis to write figures for: three zones, six sources, 900,000 people, onset 20 January 2031."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
from simulated_register import COLUMNS, HOUSEHOLD, ONSET, POPULATION_RANGE, REFERENCE, SOURCES

ZONES = (("north", "destination", 300_000), ("middle", "both", 350_000), ("south", "origin", 250_000))


def figure(figure_id, value, **other):
    """People displaced in the region since the onset, a plain number published on its cut-off; change what you like."""
    row = {
        "figure_id": figure_id, "measure": "displaced_cumulative", "group": "all", "area": "region",
        "period_start": "2031-01-20", "as_of": "2031-03-05", "hedge": "", "value": value, "unit": "person",
        "definition": "people_displaced", "coverage": "complete", "source": "agency", "upstream": "",
        "reliability": "B", "credibility": "3",
    }  # fmt: skip
    row |= other
    return {"published": row["as_of"], **row}


def crisis(*figures, population=POPULATION_RANGE, areas=None):
    """A crisis with these figures."""
    frame = pd.DataFrame(list(figures), columns=list(COLUMNS))
    for column in ("period_start", "as_of", "published"):
        frame[column] = pd.to_datetime(frame[column])
    for column in ("value_low", "value", "value_high"):
        frame[column] = pd.to_numeric(frame[column])
    return SimpleNamespace(
        id="toy",
        reference_date=REFERENCE,
        figures=frame,
        areas=area_table() if areas is None else areas,
        sources=pd.DataFrame(SOURCES, columns=["source", "type", "reliability", "network"]),
        settings=SimpleNamespace(
            onset=ONSET,
            anchor_source="agency",
            population=None if population is None else SimpleNamespace(range=population),
            household_size=SimpleNamespace(range=HOUSEHOLD),
        ),
    )


def area_table():
    """The region, its zones, a town inside one, a union, an ambiguous name and a place outside."""
    rows = [{"area": "region", "level": "crisis", "parent": "", "covers": "", "role": ""}]
    for zone, role, people in ZONES:
        rows.append(
            {
                "area": zone,
                "level": "zone",
                "parent": "region",
                "covers": "",
                "role": role,
                "population_low": 0.8 * people,
                "population": people,
                "population_high": 1.25 * people,
            }  # fmt: skip
        )
    rows += [
        {"area": "town", "level": "subdistrict", "parent": "south", "covers": "", "role": ""},
        {"area": "lowlands", "level": "union", "parent": "", "covers": "middle;south", "role": ""},
        {"area": "printed", "level": "ambiguous", "parent": "", "covers": "region:0.75;south:0.25", "role": ""},
        {"area": "abroad", "level": "outside", "parent": "", "covers": "", "role": ""},
    ]
    return pd.DataFrame(rows)


def five_figures():
    """Five independent counts of about 100,000."""
    sources = (("agency", "B"), ("cluster", "B"), ("charity", "C"), ("responder", "C"), ("watch", "D"))
    return [
        figure(f"F{k}", 98_700 + 1_130 * k, source=source, reliability=grade)
        for k, (source, grade) in enumerate(sources)
    ]


def headline(now, level="0.5"):
    """A quantile of people displaced since the onset in the region."""
    table = now.quantities()
    row = table[
        (table["measure"] == "displaced_cumulative") & (table["area"] == "region") & (table["unit"] == "person")
        & (table["period_start"] == "2031-01-20") & (table["output_type_id"] == level)
    ]  # fmt: skip
    return row["value"].item()

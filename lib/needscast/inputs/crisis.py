"""A crisis, read and checked: the one value the rest of the program gets from the input files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from needscast.errors import NeedscastError
from needscast.inputs.boundaries import Shapes
from needscast.inputs.cells import Column
from needscast.inputs.checks import Checked, checked
from needscast.inputs.corrections import EXCLUDED
from needscast.inputs.folder import open_crisis
from needscast.inputs.located import locate
from needscast.inputs.names import by_language, joined
from needscast.inputs.problems import Problems
from needscast.inputs.rows import Row, Rows, frame
from needscast.inputs.scenarios import Scenario
from needscast.inputs.sectors import Sector
from needscast.inputs.settings import Settings
from needscast.inputs.supply import SECTOR
from needscast.inputs.uncertain import Inputs

SECTOR_COLUMN = Column(SECTOR, "id")
SUPPLY = ("stocks", "pipeline", "response")
WITH_SECTOR = ("stocks", "pipeline", "decisions", "priorities")  # of these the item's card is looked up
NAMED_BY = {  # the column that names a row where it is hidden
    **dict.fromkeys(SUPPLY, "item"),
    "crossings": "crossing",
    "decisions": "item",
    "priorities": "criterion",
    "checks": "check",
    "stated_priorities": "asked",
}


@dataclass(frozen=True, eq=False)
class Crisis:
    """Everything a run reads, as it was public on the reference date.

    Attributes
    ----------
    id : name of the folder.
    settings : crisis.toml.
    reference_date : of this run: that of the settings, or an earlier date asked for.
    figures : the register with corrections applied; ``excluded`` is the reason why a row is not used, or "".
        The reliability and credibility of every row are filled in.
    sources, areas, stocks, pipeline, response, crossings, decisions, priorities, checks, stated_priorities : the
        tables; dates are datetime64, missing text is "", missing numbers are NaN. ``sector`` says whose card the item
        of a stock, delivery, decision or priority is on.
    names : a text of the folder or of a sector card in English -> language -> the same in that language.
    boundaries : rings of longitude and latitude by area, where the folder has them.
    inputs : every uncertain input by name: sector cards, settings, populations of zones, rates.csv.
    scenarios, sectors : cards in their order.
    unsized : cards of sectors left out, for who requires their help was not public yet.
    hidden : what was not public yet: table, row, name, published.
    admitted : name and reason of what is used although it is younger than the reference date, or undated.
    digests : file -> SHA-256 of its content.
    illustration : whether a visible row of stocks, pipeline or response is made up; every page then says so. A
        made-up quantity to share out marks the page of the allocation alone.
    """

    id: str
    settings: Settings
    reference_date: date
    figures: pd.DataFrame
    sources: pd.DataFrame
    areas: pd.DataFrame
    stocks: pd.DataFrame
    pipeline: pd.DataFrame
    response: pd.DataFrame
    crossings: pd.DataFrame
    decisions: pd.DataFrame
    priorities: pd.DataFrame
    checks: pd.DataFrame
    stated_priorities: pd.DataFrame
    names: Mapping[str, Mapping[str, str]]
    boundaries: Shapes
    inputs: Inputs
    scenarios: tuple[Scenario, ...]
    sectors: tuple[Sector, ...]
    unsized: tuple[Sector, ...]
    hidden: pd.DataFrame
    admitted: tuple[tuple[str, str], ...]
    digests: Mapping[str, str]
    illustration: bool

    @property
    def zones(self) -> list[str]:
        """The ids of the zones, in the order of areas.csv."""
        return self.areas.loc[self.areas["level"] == "zone", "area"].tolist()

    @property
    def crisis_area(self) -> str:
        """The id of the whole modelled area."""
        return str(self.areas.loc[self.areas["level"] == "crisis", "area"].item())

    @property
    def cards(self) -> tuple[Sector, ...]:
        """Every sector, whether its people can be sized or not: for its names."""
        return (*self.sectors, *self.unsized)

    def __repr__(self) -> str:
        return (
            f"{self.settings.name} ({self.id}) as known on {self.reference_date}: "
            f"{len(self.figures)} figures, {len(self.zones)} zones, {len(self.sectors)} sectors, "
            f"{len(self.scenarios)} scenarios, {len(self.hidden)} hidden"
        )


def read_crisis(where: str | Path, *, as_of: date | None = None, before_onset: bool = False) -> Crisis:
    """Read a crisis folder or workbook as it was known on a date.

    Parameters
    ----------
    where : a name under ``data/crises``, or the path of a folder or workbook.
    as_of : hide what was published later; never later than the reference date of the settings.
    before_onset : allow a date before the onset, where a nowcast can still say how many are displaced and live there.

    Raises
    ------
    InputError : with every problem of the folder.
    NeedscastError : when there is no such crisis, or ``as_of`` is before its onset and that is not allowed.
    """
    problems = Problems()
    folder = open_crisis(locate(where), problems)
    found = checked(folder, problems)
    problems.raise_if_any()
    assert found is not None  # its absence is a problem, and has been raised
    settings = found.settings
    reference = min(settings.reference_date, as_of or settings.reference_date)
    if reference < settings.onset and not before_onset:
        raise NeedscastError(
            f"{folder.id} as of {reference}: the displacement it counts began on {settings.onset}; "
            f"give an as-of date from {settings.onset} to {settings.reference_date}"
        )
    return _seen_from(reference, folder.id, found)


def _seen_from(reference: date, name: str, found: Checked) -> Crisis:
    settings, gate = found.settings, found.gate(reference)
    visible = gate.inputs(found.inputs)
    inputs = Inputs.of(one.value for one in visible)
    known, bases = set(inputs.by_name), {one.base for one in visible}
    tables = found.tables
    visible_rows = {kind: gate.rows(tables[kind], name) for kind, name in NAMED_BY.items()}
    figures = frame(
        (*tables["figures"].table.columns, Column(EXCLUDED, "text")),
        _graded(gate.rows(tables["figures"], "figure_id"), tables["sources"]),
    )
    plans = {
        kind: frame(
            (*tables[kind].table.columns, *([SECTOR_COLUMN] if kind in WITH_SECTOR else [])),
            (row.cells for row in rows),
        )
        for kind, rows in visible_rows.items()
    }
    seen = [(card.sector, gate.sector(card, known, settings.phase)) for card in found.cards]
    scenarios = tuple(gate.scenario(card, inputs, bases) for card in found.scenarios)
    return Crisis(
        id=name,
        reference_date=reference,
        figures=figures,
        inputs=inputs,
        scenarios=scenarios,
        **plans,
        settings=replace(
            settings,
            population=inputs.by_name.get("population"),
            household_size=inputs.by_name.get("household_size"),
        ),
        sources=frame(tables["sources"].table.columns, (row.cells for row in tables["sources"])),
        areas=_areas(tables["areas"], known),
        names=joined(found.told_of_cards, by_language(tables["names"])),
        boundaries=found.boundaries,
        sectors=tuple(sector for _, sector in seen if sector is not None),
        unsized=tuple(card for card, sector in seen if sector is None),
        hidden=gate.hidden_table(),
        admitted=tuple(gate.admitted.items()),
        digests=found.digests,
        illustration=any(row["illustration"] == "yes" for kind in SUPPLY for row in visible_rows[kind]),
    )


def _graded(figures: Iterable[Row], sources: Rows) -> list[dict]:
    """A figure without a grade of its own has that of its source."""
    grades = {row["source"]: row["reliability"] for row in sources}
    return [{**row.cells, "reliability": row["reliability"] or grades[row["source"]]} for row in figures]


def _areas(areas: Rows, known: set[str]) -> pd.DataFrame:
    """The areas; a population that was not public yet is missing."""
    hidden = dict.fromkeys(("population_low", "population", "population_high"))
    return frame(
        areas.table.columns,
        (row.cells if f"population/{row['area']}" in known else {**row.cells, **hidden} for row in areas),
    )

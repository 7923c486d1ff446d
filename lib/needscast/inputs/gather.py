"""Every uncertain input of a crisis in one list: sector cards, settings, populations, rates.csv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from needscast.draws import Range
from needscast.errors import one_of
from needscast.inputs.asof import DatedInput
from needscast.inputs.cards import CARD_UNITS, SectorCard
from needscast.inputs.documents import Document
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import published_on, uncertain_input
from needscast.inputs.rows import Rows, noter
from needscast.inputs.settings import NAMED_RANGES, Settings
from needscast.inputs.uncertain import UncertainInput, input_name
from needscast.vocabulary import INPUTS, SPECIAL_GROUPS

POPULATION_MASS = 0.8  # mass of the ranges of areas.csv


def card_inputs(cards: Iterable[SectorCard]) -> list[DatedInput]:
    """Return the inputs of the sector cards under their full names."""
    return [
        DatedInput(value, value.name, *card.document.place(card.places[value.name]))
        for card in cards
        for value in card.inputs
    ]


def settings_inputs(settings: Settings, document: Document) -> list[DatedInput]:
    """Return the population and the household size of crisis.toml."""
    return [DatedInput(getattr(settings, name), name, *document.place((name,))) for name in NAMED_RANGES]


def population_inputs(areas: Rows) -> list[DatedInput]:
    """Return the population of every area that has one, as ``population/<area>``; 80 % ranges."""
    made = []
    for row in areas:
        low, best, high = row["population_low"], row["population"], row["population_high"]
        if None in (low, best, high, row["date"]) or not low <= best <= high:
            continue  # no population, or one that has been noted as a problem
        spread = Range(low, best, high, POPULATION_MASS, "person")
        value = UncertainInput(
            input_name("population", row["area"]),
            spread,
            row["source"],
            published_on(row["date"]),
            reason=row["notes"],
        )
        made.append(DatedInput(value, "population", areas.file, row.number))
    return made


def rate_inputs(
    rates: Rows,
    zones: Iterable[str],
    bases: set[str],
    shares: set[str],
    codes: Mapping[str, bool],
    problems: Problems,
) -> list[DatedInput]:
    """Return the rows of rates.csv, the younger of two with one name last.

    Parameters
    ----------
    zones : areas of the model; a rate for any other area would never be read.
    bases : names an input of a card may have; a name with '/' must be one of them.
    shares : shares of the population that the bases of items ask for.
    codes : codes of the sector cards, and whether each could be read; an unreadable one is not judged.
    """
    made = []
    for row in rates:
        note = noter(rates, row, problems)
        if row["area"] and row["area"] not in set(zones):
            note("area", one_of("zone", row["area"], zones), "name a zone, or leave it blank for all of them")
        name, code = row["input"], row["input"].partition("/")[0]
        if "/" in name and name not in bases and codes.get(code, True):
            note(
                "input",
                one_of("input of a sector card", name, bases),
                "mend the name, or add the input to the card",
            )
        if "/" not in name and name not in (*INPUTS, *shares) and all(codes.values()):
            note(
                "input",
                f"{one_of('input', name, (*INPUTS, *shares))}: nothing reads it",
                "mend the name, or remove the row",
            )
        unit = CARD_UNITS.get(name.rpartition("/")[2]) if "/" in name else None
        if unit and row["unit"] not in ("", unit):
            note("unit", f"{shown(row['unit'])} is not the unit of {name}", f"write '{unit}'")
        value = (
            uncertain_input(input_name(name, row["area"], row["group"]), row.cells, note) if not row.broken else None
        )
        if value is not None:
            made.append(DatedInput(value, name, rates.file, row.number))
    return sorted(made, key=lambda one: one.value.published or date.min)


def check_units(dated: Iterable[DatedInput], problems: Problems) -> None:
    """All rows of one input must have one unit, whichever file they stand in."""
    first: dict[str, DatedInput] = {}
    for one in dated:
        known = first.setdefault(one.base, one)
        if one.value.range.unit != known.value.range.unit:
            problems.add(
                one.file,
                one.row,
                "unit",
                f"{shown(one.value.range.unit)} but {one.base} is in "
                f"{shown(known.value.range.unit)} in {known.file} row {known.row}",
                "give all rows of an input one unit",
            )


def base_shares(cards: Iterable[SectorCard]) -> set[str]:
    """Return the shares of the population that items counted by women, children or the like ask for."""
    asked = {name for card in cards for item in card.sector.items for name in card.sector.names_of(item)}
    return {name for name in asked if name.startswith("share_")} | {f"share_{group}" for group in SPECIAL_GROUPS}


def card_names(cards: Iterable[SectorCard]) -> set[str]:
    """Return every name an input of these cards may have; any item may be given a price or lead time."""
    return {
        name
        for card in cards
        for name in (
            *(value.name for value in card.inputs),
            *(f"{card.sector.code}/{item.id}/{key}" for item in card.sector.items for key in CARD_UNITS),
        )
    }

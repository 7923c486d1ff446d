"""Crises between an earlier and a later one: some causes of change have acted, the others have not yet.

A cause is a group of inputs that belong together, so that every crisis in between can be run: a norm comes with the
shares and prices of its sector, a population with its area.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields, replace

import pandas as pd

from needscast.errors import NeedscastError
from needscast.inputs import Crisis, Inputs, Scenario, UncertainInput
from needscast.inputs.settings import Settings
from needscast.inputs.uncertain import split_name

TIME = "time"  # the reference date moves on, and the horizon with it; nothing new is known
CHOICES = "choices"  # settings of crisis.toml: phase, horizon, planning level, onset
NEW_FIGURES = "new_figures"  # reported figures that were not there before
CORRECTIONS = "corrections"  # figures and sources that were there and read otherwise now, or are gone
POPULATION = "population"  # areas, their populations, household size
MOVEMENT = "movement"  # rates of flight, return, birth, loss
STANDARDS = "standards"  # sector cards: norms, shares requiring assistance, prices, lead times
SUPPLY = "supply"  # stocks, deliveries, response, crossings
SCENARIO = "scenario"  # what the scenario assumes
CAUSES = (TIME, CHOICES, NEW_FIGURES, CORRECTIONS, POPULATION, MOVEMENT, STANDARDS, SUPPLY, SCENARIO)

COUNTED = ("population", "household_size")  # what the nowcast counts people with; every headline rests on it
_SUPPLIES = ("stocks", "pipeline", "response", "crossings")
_BROUGHT = ("reference_date", "population", "household_size", "sectors", "admit")  # settings that other causes bring
_NAMES = ("name", "country", "languages", "readership", "time_zone", "draws", "seed")  # ... that move no number here
_NO_CHOICE = (*_BROUGHT, *_NAMES)


def mixture(before: Crisis, after: Crisis, acted: Set[str]) -> Crisis:
    """Return the earlier crisis once some causes have acted; all of them make the later crisis.

    Raises
    ------
    NeedscastError : when the two have other zones: then no crisis stands between them.
    """
    if before.zones != after.zones:
        raise NeedscastError(
            f"the zones are {', '.join(before.zones)} before and {', '.join(after.zones)} after; a change can be "
            "shared out among its causes only on the same zones, so redraw them in the earlier version first"
        )
    inputs = _inputs(before, after, acted)
    later = {name: after if name in acted else before for name in CAUSES}
    settings = replace(
        later[CHOICES].settings,
        reference_date=later[TIME].settings.reference_date,
        population=inputs.by_name.get("population"),
        household_size=inputs.by_name.get("household_size"),
    )
    return replace(
        after,
        settings=settings,
        reference_date=later[TIME].reference_date,
        figures=_figures(before, after, acted),
        sources=_with_missing(later[CORRECTIONS].sources, [before.sources, after.sources], "source"),
        areas=_with_missing(later[POPULATION].areas, [before.areas, after.areas], "area"),
        inputs=inputs,
        sectors=later[STANDARDS].sectors,
        **{name: getattr(later[SUPPLY], name) for name in _SUPPLIES},
    )


def mixed_scenario(before: Scenario, after: Scenario, crisis: Crisis, acted: Set[str]) -> Scenario:
    """Return the scenario of a crisis in between, without overrides of inputs that it does not have yet."""
    chosen, inputs = (after if SCENARIO in acted else before), crisis.inputs
    kept = [row for row in chosen.overrides if _replaces(row, inputs)]
    return replace(chosen, overrides=tuple(kept))


def causes_between(before: Crisis, after: Crisis, scenarios: tuple[Scenario, Scenario]) -> list[str]:
    """Return what differs between two crises under a scenario, in the order of :data:`CAUSES`."""
    changed = {changed_cause(name, before, after) for name in changed_inputs(before.inputs, after.inputs)}
    kinds = set(changed_figures(before, after)["change"])
    differs = {
        TIME: before.reference_date != after.reference_date,
        CHOICES: _choices(before.settings) != _choices(after.settings),
        NEW_FIGURES: "new" in kinds,
        CORRECTIONS: bool(kinds - {"new"}) or not _same(before.sources, after.sources),
        POPULATION: POPULATION in changed or not _same(before.areas, after.areas),
        MOVEMENT: MOVEMENT in changed,
        STANDARDS: STANDARDS in changed or before.sectors != after.sectors,
        SUPPLY: not all(_same(getattr(before, name), getattr(after, name)) for name in _SUPPLIES),
        SCENARIO: scenarios[0].overrides != scenarios[1].overrides,
    }
    return [cause for cause in CAUSES if differs[cause]]


def changed_figures(before: Crisis, after: Crisis) -> pd.DataFrame:
    """Return ``figure_id, change`` of every figure that is new, corrected (reads otherwise now) or withdrawn."""
    old, new = ({str(row["figure_id"]): _cells(row) for _, row in each.figures.iterrows()} for each in (before, after))
    found = [(key, "new") for key in new if key not in old]
    found += [(key, "corrected") for key in new if key in old and new[key] != old[key]]
    found += [(key, "withdrawn") for key in old if key not in new]
    return pd.DataFrame(found, columns=["figure_id", "change"])


def changed_inputs(before: Inputs, after: Inputs) -> list[str]:
    """Return the names of the uncertain inputs whose number is new, other or gone; a new source alone moves nothing."""
    names = dict.fromkeys([*after.by_name, *before.by_name])
    return [name for name in names if _number(before.by_name.get(name)) != _number(after.by_name.get(name))]


def changed_cause(name: str, before: Crisis, after: Crisis) -> str:
    """Return the cause that an uncertain input belongs to."""
    base = name.split("/")[0]
    if base in COUNTED:
        return POPULATION
    codes = {sector.code for crisis in (before, after) for sector in crisis.sectors}
    return STANDARDS if base in codes else MOVEMENT


def _inputs(before: Crisis, after: Crisis, acted: Set[str]) -> Inputs:
    names = dict.fromkeys([*after.inputs.by_name, *before.inputs.by_name])
    rows = [
        (after if changed_cause(name, before, after) in acted else before).inputs.by_name.get(name) for name in names
    ]
    return Inputs.of(row for row in rows if row is not None)


def _figures(before: Crisis, after: Crisis, acted: Set[str]) -> pd.DataFrame:
    """Choose the figures, in the order of the later register; those that are gone from it stand last."""
    change = changed_figures(before, after).set_index("figure_id")["change"]
    new = set(change.index[change == "new"])
    known = after.figures[~after.figures["figure_id"].isin(new)] if CORRECTIONS in acted else before.figures
    added = after.figures[after.figures["figure_id"].isin(new)] if NEW_FIGURES in acted else after.figures.iloc[:0]
    places = {key: at for at, key in enumerate([*after.figures["figure_id"], *before.figures["figure_id"]][::-1])}
    table = pd.concat([each for each in (known, added) if len(each)] or [known])
    return table.sort_values("figure_id", key=lambda ids: -ids.map(places), kind="stable").reset_index(drop=True)


def _with_missing(chosen: pd.DataFrame, tables: list[pd.DataFrame], key: str) -> pd.DataFrame:
    """Add the rows that only the other version has, so that every figure finds its area and its source."""
    parts, held = [chosen], set(chosen[key])
    for table in tables:
        parts.append(table[~table[key].isin(held)])
        held |= set(table[key])
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if len(found) > 1 else chosen


def _choices(settings: Settings) -> dict[str, object]:
    """Return the settings that move numbers by themselves: not what other causes bring."""
    return {each.name: getattr(settings, each.name) for each in fields(settings) if each.name not in _NO_CHOICE}


def _replaces(row: UncertainInput, inputs: Inputs) -> bool:
    name, area, group = split_name(row.name, inputs.by_name)
    specific = any(known.startswith(f"{name}/") for known in inputs.by_name)
    return inputs.has(name, area, group) or (specific and not area and not group)


def _number(row: UncertainInput | None) -> object:
    return row.range if row else None


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.reset_index(drop=True).equals(other.reset_index(drop=True))


def _cells(row: pd.Series) -> tuple[str, ...]:
    return tuple(f"{name}={value}" for name, value in sorted(row.items()))

"""What a run would ask for by name and not find, told before it runs."""

from __future__ import annotations

from collections.abc import Iterator

from needscast.errors import NeedscastError, Problem
from needscast.inputs import Crisis, Inputs, UncertainInput
from needscast.vocabulary import AREA_INPUTS, OVERALL_INPUTS

SERVING = ("goods_lost_share", "backlog_unserved_share")  # whom to serve, asked for by every sector
HOUSEHOLD = "household"


def lacking(crisis: Crisis, file: str) -> tuple[Problem, ...]:
    """Return every input that displacement or demand needs and some scenario does not have, as a problem each.

    Parameters
    ----------
    crisis : as it was known on its reference date; what is younger is hidden, and the remedy says so.
    file : how the table of rates is named in messages.
    """
    scenarios: dict[tuple[str, str], list[str]] = {}
    for scenario in crisis.scenarios:
        rows = [row for row in scenario.overrides if _replaces(crisis.inputs, row)]
        for missing in _missing(crisis, crisis.inputs.overridden(rows)):
            scenarios.setdefault(missing, []).append(scenario.id)
    return tuple(_problem(crisis, file, *missing, names) for missing, names in scenarios.items())


def _replaces(inputs: Inputs, row: UncertainInput) -> bool:
    """Whether there is something to override; what is not there is told as missing, and needs no second word."""
    try:
        inputs.overridden([row])
    except NeedscastError:
        return False
    return True


def _missing(crisis: Crisis, inputs: Inputs) -> Iterator[tuple[str, str]]:
    """Yield name and zone of each input that is not there; no zone where one number would serve all."""
    for name in AREA_INPUTS:
        zones = [zone for zone in crisis.zones if not inputs.has(name, zone)]
        yield from [(name, "")] if zones == crisis.zones else [(name, zone) for zone in zones]
    by_household = any(item.basis == HOUSEHOLD for sector in crisis.sectors for item in sector.items)
    serving = (*SERVING, *(["household_size"] if by_household else [])) if crisis.sectors else ()
    yield from ((name, "") for name in (*OVERALL_INPUTS, *serving) if not inputs.has(name))


def _problem(crisis: Crisis, file: str, name: str, zone: str, scenarios: list[str]) -> Problem:
    every = len(scenarios) == len(crisis.scenarios)
    where = f" for the zone '{zone}'" if zone else ""
    when = "" if every else f" in the scenario{'s' if len(scenarios) > 1 else ''} {', '.join(scenarios)}"
    hidden = crisis.hidden[crisis.hidden["name"].isin([name, f"{name}/{zone}"])]
    remedy = "add a row of it with low, best, high, unit, source, date and reason"
    if len(hidden):
        row = hidden.iloc[0]
        remedy = (
            f"{row['table']} row {row['row']} gives it, but is undated or younger than {crisis.reference_date}: "
            "give what was known by then, or admit it by name in crisis.toml"
        )
    return Problem(file, 0, "input", f"'{name}' is missing{where}{when}, and no report can be made without it", remedy)

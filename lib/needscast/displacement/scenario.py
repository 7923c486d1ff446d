"""A scenario as numbers: hazards of flight by zone and week from named inputs, and the people they move.

The weekly share that flees a zone joins two regimes. The present pace, taken from the nowcast, goes on multiplied
by ``pace_multiplier`` and fades by ``pace_decay`` a week. An offensive adds ``offensive_hazard`` from
``offensive_start_week`` for ``offensive_weeks``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from needscast.displacement.flows import WeekHazards, split_whole, step, whole
from needscast.draws import Draws
from needscast.estimate import Estimate, derive
from needscast.inputs import Crisis, Inputs
from needscast.vocabulary import (
    AREA_INPUTS,
    DISPLACED_LONG,
    GROUPS,
    HOST,
    NEWLY_DISPLACED,
    OVERALL_INPUTS,
    STAYING,
)

WEEKS_PER_YEAR = 365.25 / 7

FROM_NOWCAST = ("population", "idp_stock", "newly_displaced", "departed", "weekly_outflow")

# Results of a simulation: name -> (dimensions, unit). Flows are counted in the week that ends the step.
_RESULTS = {
    "people": (("group", "area", "week"), "person"),
    "arrivals": (("group", "area", "step"), "arrival"),
    "fled": (("group", "area", "step"), "arrival"),
    "displaced_people": (("area", "step"), "person"),
    "departures": (("area", "step"), "movement"),
    "returns": (("area", "step"), "movement"),
    "crossings": (("step",), "person"),
    "births": (("step",), "person"),
    "deaths": (("step",), "person"),
}


@dataclass(frozen=True)
class Displacement:
    """People by group, zone and week under one scenario, and the flows that moved them.

    Attributes
    ----------
    people : by group, area, week (0 is the reference date). [person]
    arrivals : displacements by group after the move, area of arrival, week. [arrival]
    fled : the arrivals of people who fled, not those who moved on unforced; not rounded. [arrival]
    displaced_people : people displaced for the first time since the onset, by area of origin, week. [person]
    departures : displacements by area of origin, week. [movement]
    returns : spontaneous return movements, voluntariness unknown, by area of origin, week. [movement]
    crossings, births, deaths : by week. [person]
    """

    people: Estimate
    arrivals: Estimate
    fled: Estimate
    displaced_people: Estimate
    departures: Estimate
    returns: Estimate
    crossings: Estimate
    births: Estimate
    deaths: Estimate


def simulate(crisis: Crisis, inputs: Inputs, nowcast: Mapping[str, Estimate], draws: Draws) -> Displacement:
    """Move people through the weeks of the horizon, whole people conserved in every draw.

    Parameters
    ----------
    crisis : zones, roles and horizon.
    inputs : the inputs of the scenario, overrides applied.
    nowcast : population, idp_stock, newly_displaced, departed and weekly_outflow by area, one block of draws.

    Raises
    ------
    NeedscastError : when an input the simulation needs is missing.
    """
    zones, horizon = crisis.zones, crisis.settings.horizon_weeks
    operands = {name: nowcast[name] for name in FROM_NOWCAST}
    operands |= {name: inputs.draw(name, draws, zones) for name in AREA_INPUTS}
    operands |= {name: inputs.draw(name, draws) for name in OVERALL_INPUTS}
    labels: dict[str, list] = {
        "group": list(GROUPS),
        "area": zones,
        "week": list(range(horizon + 1)),
        "step": list(range(1, horizon + 1)),
    }
    results = {
        name: ({("week" if dim == "step" else dim): labels[dim] for dim in dims}, unit)
        for name, (dims, unit) in _RESULTS.items()
    }
    roles = crisis.areas.set_index("area").loc[zones, "role"]
    run = partial(_simulation, hosts=(roles == "destination").to_numpy(), horizon=horizon)
    run.__name__ = "simulation"  # type: ignore[attr-defined]  # the word that `explain` prints
    return Displacement(**derive(run, operands, results))


def starting_people(
    population: np.ndarray, idp_stock: np.ndarray, newly_displaced: np.ndarray, hosts: np.ndarray
) -> np.ndarray:
    """Return whole people by group and zone at the reference date from the nowcast's stocks (zones by draws)."""
    total = whole(population)
    displaced = np.minimum(whole(idp_stock), total)
    new = np.minimum(whole(newly_displaced), displaced)
    people = np.zeros((len(GROUPS), *total.shape))
    people[GROUPS.index(NEWLY_DISPLACED)] = new
    people[GROUPS.index(DISPLACED_LONG)] = displaced - new
    people[GROUPS.index(HOST)] = (total - displaced) * hosts[:, None]
    people[GROUPS.index(STAYING)] = (total - displaced) * ~hosts[:, None]
    return people


def week_hazards(
    week: int, people_at_start: np.ndarray, weekly_outflow: np.ndarray, inputs: Mapping[str, np.ndarray]
) -> WeekHazards:
    """Return the hazards of one week (1 is the first) from the drawn inputs; shares stay between 0 and 1."""
    pace = np.divide(weekly_outflow, people_at_start, out=np.zeros_like(weekly_outflow), where=people_at_start > 0)
    pace = np.clip(pace * inputs["pace_multiplier"] * inputs["pace_decay"] ** (week - 1), 0, 1)
    start = inputs["offensive_start_week"]
    overlap = np.clip(np.minimum(week, start + inputs["offensive_weeks"]) - np.maximum(week - 1, start), 0, 1)
    returned = np.clip(week - inputs["return_start_week"], 0, 1)
    return WeekHazards(
        flight=pace + (1 - pace) * inputs["offensive_hazard"] * overlap,
        onward=inputs["onward_hazard"],
        returning=inputs["return_hazard"] * returned,
        attraction=inputs["destination_weight"],
        crossing=inputs["crossing_share"],
        births=inputs["birth_rate"] / WEEKS_PER_YEAR,
        deaths=inputs["death_rate"] / WEEKS_PER_YEAR,
    )


def _simulation(
    *,
    population: np.ndarray,
    idp_stock: np.ndarray,
    newly_displaced: np.ndarray,
    departed: np.ndarray,
    weekly_outflow: np.ndarray,
    hosts: np.ndarray,
    horizon: int,
    **inputs: np.ndarray,
) -> dict[str, np.ndarray]:
    people = starting_people(population, idp_stock, newly_displaced, hosts)
    # Those away now are the newly displaced present; where each zone's share of them left from is the nowcast's word.
    away = split_whole(people[GROUPS.index(NEWLY_DISPLACED)].sum(axis=0), departed, axis=0)
    at_start, history = people.sum(axis=0), [people]
    flows: dict[str, list[np.ndarray]] = {name: [] for name in _RESULTS if name != "people"}
    for week in range(1, horizon + 1):
        result = step(people, away, week_hazards(week, at_start, weekly_outflow, inputs))
        people, away = result["people"], result["away"]
        history.append(people)
        for name, kept in flows.items():
            kept.append(result[name])
    stacked: Callable[[list[np.ndarray]], np.ndarray] = partial(np.stack, axis=-2)
    return {"people": stacked(history), **{name: stacked(kept) for name, kept in flows.items()}}

"""A scenario as numbers: people by group, zone and week under its regimes of hostilities and its returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from needscast.displacement.flows import ARRIVING, split_whole, step, whole
from needscast.displacement.hostilities import Arrays, present_pace, spells, week_hazards
from needscast.displacement.shelter import displaced_and_crowded, sheltered
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
    PRESSURE,
    SHELTER_INPUTS,
    SHELTERS,
    STAYING,
)

FROM_NOWCAST = ("population", "idp_stock", "newly_displaced", "departed", "weekly_outflow")
AT_ONCE = 512  # draws stepped together, so that the state of one week stays in the processor's cache

# Results of a simulation: name -> (dimensions, unit). Flows are counted in the week that ends the step.
RESULTS = {
    "people": (("group", "area", "week"), "person"),
    "arrivals": (("arriving", "area", "step"), "arrival"),
    "fled_share": (("arriving", "step"), "share"),
    "displaced_people": (("area", "step"), "person"),
    "departures": (("area", "step"), "movement"),
    "returns": (("area", "step"), "movement"),
    "crossings": (("step",), "person"),
    "births": (("step",), "person"),
    "deaths": (("step",), "person"),
    "pull": (("area", "step"), "share"),  # weight of an area as a destination; only proportions count
    "displaced": (("week",), "person"),
    "crowded": (("week",), "person"),
}
_NAMES = {"arriving": "group", "step": "week"}


@dataclass(frozen=True)
class Displacement:
    """People by group, zone and week under one scenario, and the flows that moved them.

    Attributes
    ----------
    people : by group, area, week (0 is the reference date). [person]
    arrivals : displacements by group after the move (displaced newly or again), area of arrival, week. [arrival]
    fled_share : share of the week's arrivals who fled, and did not move on unforced, by group after the move. [share]
    displaced_people : people displaced for the first time since the onset, by area of origin, week. [person]
    departures : displacements by area of origin, week. [movement]
    returns : spontaneous return movements, voluntariness unknown, by area of origin, week. [movement]
    crossings, births, deaths : by week. [person]
    displaced : people present who were displaced since the onset, by week from 0. [person]
    crowded : those of them who are in a zone beyond its capacity, by week from 0. [person]
    shelter : the displaced by shelter and week from 0; None where no input says how they are sheltered. [person]
    """

    people: Estimate
    arrivals: Estimate
    fled_share: Estimate
    displaced_people: Estimate
    departures: Estimate
    returns: Estimate
    crossings: Estimate
    births: Estimate
    deaths: Estimate
    displaced: Estimate
    crowded: Estimate
    shelter: Estimate | None


def simulate(
    crisis: Crisis,
    inputs: Inputs,
    nowcast: Mapping[str, Estimate],
    draws: Draws,
    regimes: Sequence[str] = (PRESSURE,),
) -> Displacement:
    """Move people through the weeks of the horizon, whole people conserved in every draw.

    Parameters
    ----------
    crisis : zones, roles and horizon.
    inputs : the inputs of the scenario, overrides applied.
    nowcast : population, idp_stock, newly_displaced, departed and weekly_outflow by area, one block of draws.
    regimes : regimes of hostilities in their order; see :mod:`needscast.displacement.hostilities`.

    Raises
    ------
    NeedscastError : when an input the simulation needs is missing.
    """
    found = stepped(crisis, inputs, nowcast, draws, regimes, [name for name in RESULTS if name != "pull"])
    return Displacement(**found, shelter=_shelter(found, inputs, draws))


def stepped(
    crisis: Crisis,
    inputs: Inputs,
    nowcast: Mapping[str, Estimate],
    draws: Draws,
    regimes: Sequence[str],
    wanted: Sequence[str],
) -> dict[str, Estimate]:
    """Return some of the ``RESULTS`` of :func:`simulate`; the others, which are large, are not kept."""
    zones, horizon = crisis.zones, crisis.settings.horizon_weeks
    operands = {name: nowcast[name] for name in FROM_NOWCAST}
    operands |= {name: inputs.draw(name, draws, zones) for name in AREA_INPUTS}
    operands |= {name: inputs.draw(name, draws) for name in OVERALL_INPUTS}
    labels: dict[str, list] = {
        "group": list(GROUPS),
        "arriving": list(ARRIVING),
        "area": zones,
        "week": list(range(horizon + 1)),
        "step": list(range(1, horizon + 1)),
    }
    results = {
        name: ({_NAMES.get(dim, dim): labels[dim] for dim in dims}, unit)
        for name, (dims, unit) in RESULTS.items()
        if name in wanted
    }
    roles = crisis.areas.set_index("area").loc[zones, "role"]
    hosts = (roles == "destination").to_numpy()
    run = partial(_simulation, hosts=hosts, horizon=horizon, regimes=tuple(regimes), wanted=tuple(results))
    run.__name__ = "simulation"  # type: ignore[attr-defined]  # the word that `explain` prints
    return derive(run, operands, results)


def _shelter(found: Mapping[str, Estimate], inputs: Inputs, draws: Draws) -> Estimate | None:
    """Split the displaced over the shelters, or return None where the crisis gives no shares."""
    if not all(inputs.has(name) for name in SHELTER_INPUTS):
        return None
    operands = {name: found[name] for name in ("displaced", "crowded")}
    operands |= {name: inputs.draw(name, draws) for name in SHELTER_INPUTS}
    labels = {"shelter": list(SHELTERS), "week": found["displaced"].labels("week")}
    return derive(_sheltering, operands, {"shelter": (labels, "person")})["shelter"]


def _sheltering(*, displaced: np.ndarray, crowded: np.ndarray, **shares: np.ndarray) -> dict[str, np.ndarray]:
    return {"shelter": sheltered(displaced, crowded, np.stack([shares[name] for name in SHELTER_INPUTS]))}


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


def _simulation(
    *, hosts: np.ndarray, horizon: int, regimes: Sequence[str], wanted: Sequence[str], **given: np.ndarray
) -> dict[str, np.ndarray]:
    """Step all draws through the weeks, a few at a time; every array has its zones first, if any, and draws last."""
    zones, draws = given["population"].shape
    sizes = {"group": len(GROUPS), "arriving": len(ARRIVING), "area": zones, "week": horizon + 1, "step": horizon}
    results = {name: np.empty((*(sizes[dim] for dim in RESULTS[name][0]), draws)) for name in wanted}
    for first in range(0, draws, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        block = {name: np.ascontiguousarray(array[..., part]) for name, array in given.items()}
        _walk(block, hosts, horizon, regimes, {name: array[..., part] for name, array in results.items()})
    return results


def _walk(given: Arrays, hosts: np.ndarray, horizon: int, regimes: Sequence[str], results: Arrays) -> None:
    """Walk some draws from week to week and write each week into its place in the results."""
    people = starting_people(given["population"], given["idp_stock"], given["newly_displaced"], hosts)
    # Those away now are the newly displaced present; where each zone's share of them left from is the nowcast's word.
    away = split_whole(people[GROUPS.index(NEWLY_DISPLACED)].sum(axis=0), given["departed"], axis=0)
    present = people.sum(axis=0)
    pace = present_pace(present, given["weekly_outflow"]) * given["pace_multiplier"]
    capacity = np.maximum(present, 1) * given["destination_capacity"]
    course = spells(regimes, given, present.shape[-1])

    _write(results, 0, people, capacity, {})
    for week in range(1, horizon + 1):
        flows = step(people, away, week_hazards(week, pace, capacity, course, given))
        people, away = flows.pop("people"), flows.pop("away")
        _write(results, week, people, capacity, flows)


def _write(results: Arrays, week: int, people: np.ndarray, capacity: np.ndarray, flows: Arrays) -> None:
    """Write the stocks of a week and the flows that led to it into their places, as far as they are wanted."""
    displaced, crowded = displaced_and_crowded(people, capacity)
    stocks = {"people": people, "displaced": displaced, "crowded": crowded}
    for at, made in ((week, stocks), (week - 1, flows)):
        for name in results.keys() & made.keys():
            results[name][..., at, :] = made[name]

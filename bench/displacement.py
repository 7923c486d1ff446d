"""Displacement: thirty areas, twenty-six weeks, 4,096 draws, against a bare loop of numpy over the same arrays.

The floor moves the same groups between the same areas in fractions of people and writes the same stocks and flows: no
rounding to whole people, no capacity, no crossings, no births and deaths, no shelter, no labels.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from needscast.displacement import simulate
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import Inputs, UncertainInput
from needscast.vocabulary import AREA_INPUTS, GROUPS, OVERALL_INPUTS, SHELTER_INPUTS

AREAS, WEEKS, DRAWS = 30, 26, 4096
REPEATS = 3
REGIMES = ("pressure", "offensive", "truce")
RATIOS = ("pace_multiplier", "destination_capacity", "crowding")


def run() -> list[dict[str, Any]]:
    """Measure one simulation and its floor; the best of three runs each."""
    crisis, inputs, now, worlds = made_up()
    ours = best(lambda: simulate(crisis, inputs, now, worlds, REGIMES))  # type: ignore[arg-type]
    floor = best(lambda: bare(now["population"].values.values))
    what = f"{AREAS} areas, {WEEKS} weeks, {DRAWS:,} draws"
    return [
        {"what": f"displacement under one scenario: {what}", "measured": ours, "unit": "s", "target": 1.0},
        {"what": f"bare numpy in fractions of people: {what}", "measured": floor, "unit": "s", "target": None},
        {"what": "displacement against the bare loop", "measured": ours / floor, "unit": "times", "target": 8.0},
    ]


def best(work: Callable[[], object]) -> float:
    """Return the shortest of a few runs. [s]"""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def made_up() -> tuple[SimpleNamespace, Inputs, dict[str, Estimate], Draws]:
    """Return a made-up crisis of thirty areas, its inputs, its nowcast and its worlds."""
    zones = [f"zone-{number}" for number in range(AREAS)]
    roles = [("origin", "both", "destination")[number % 3] for number in range(AREAS)]
    crisis = SimpleNamespace(
        zones=zones,
        settings=SimpleNamespace(horizon_weeks=WEEKS),
        areas=pd.DataFrame({"area": zones, "role": roles}),
    )
    worlds = Draws(DRAWS, 0)
    rows = [UncertainInput(name, _range(name), "made up") for name in (*AREA_INPUTS, *OVERALL_INPUTS, *SHELTER_INPUTS)]
    sizes = {"population": 150_000, "idp_stock": 40_000, "newly_displaced": 15_000, "departed": 15_000}
    sizes["weekly_outflow"] = 2_000
    now = {
        name: Estimate.of(
            np.stack(
                [worlds.sample(f"{name}/{zone}", Range(size / 2, size, size * 2, 0.8, "person")) for zone in zones]
            ),
            {"area": zones},
            "person",
            name,
        )
        for name, size in sizes.items()
    }
    return crisis, Inputs.of(rows), now, worlds


def _range(name: str) -> Range:
    if name.endswith("_weeks") or name.endswith("_week"):
        return Range(1, 3, 6, 0.8, "week")
    if name in RATIOS:
        return Range(1.05, 1.2, 1.5, 0.8, "ratio")
    return Range(0.01, 0.05, 0.1)


def bare(population: np.ndarray) -> dict[str, np.ndarray]:
    """Move fractions of people between areas week by week with nothing around it."""
    people = np.zeros((len(GROUPS), *population.shape))
    people[0] = population
    stocks = np.empty((len(GROUPS), AREAS, WEEKS + 1, DRAWS))
    arrived, left = np.empty((2, AREAS, WEEKS, DRAWS)), np.empty((AREAS, WEEKS, DRAWS))
    stocks[:, :, 0] = people
    for week in range(WEEKS):
        leaving = people * 0.05
        going = leaving.sum(axis=0)
        total = going.sum(axis=0)
        arrivals = (total - going) / (AREAS - 1)
        people = people - leaving
        people[3] += arrivals
        stocks[:, :, week + 1], arrived[:, :, week], left[:, week] = people, arrivals, going
    return {"people": stocks, "arrivals": arrived, "departures": left}

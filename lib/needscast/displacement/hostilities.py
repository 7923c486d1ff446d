"""Regimes of hostilities: which one rules in which week of each draw, and the hazards that follow from it.

A scenario names its regimes in order, such as pressure, offensive, truce; each lasts as many weeks as its own input
``<regime>_weeks`` says, the last one until the end. Under all of them the present pace of flight, taken from the
nowcast, goes on and fades; a truce leaves a share of it, an offensive adds its own hazard zone by zone, the towns in
its path first. Nobody goes back to a zone while an offensive is on there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from needscast.displacement.flows import WeekHazards
from needscast.vocabulary import OFFENSIVE, TRUCE

WEEKS_PER_YEAR = 365.25 / 7

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Spell:
    """One regime and when it rules, draw by draw. [weeks from the reference date]"""

    regime: str
    start: np.ndarray
    end: np.ndarray


def spells(regimes: Sequence[str], inputs: Arrays, draws: int) -> tuple[Spell, ...]:
    """Lay the regimes end to end, each as long as its input says and the last one without an end."""
    start, laid = np.zeros(draws), []
    for regime in regimes[:-1]:
        end = start + inputs[f"{regime}_weeks"]
        laid.append(Spell(regime, start, end))
        start = end
    return (*laid, Spell(regimes[-1], start, np.full(draws, np.inf)))


def ruling(course: Sequence[Spell], regime: str, week: int, delay: float | np.ndarray = 0.0) -> np.ndarray:
    """Return the share of a week (1 is the first) in which a regime rules, where it arrives with a delay in weeks.

    A delay shortens the regime: a front that arrives late still ends with the others.
    """
    shares = [
        np.clip(np.minimum(week, each.end) - np.maximum(week - 1, each.start + delay), 0, 1)
        for each in course
        if each.regime == regime
    ]
    return np.asarray(sum(shares[1:], shares[0]) if shares else np.zeros(np.shape(course[0].start)))


def truce_begins(course: Sequence[Spell]) -> np.ndarray:
    """Return when the first truce begins; the reference date where the story has none. [weeks]"""
    return next((each.start for each in course if each.regime == TRUCE), np.zeros_like(course[0].start))


def present_pace(people: np.ndarray, weekly_outflow: np.ndarray) -> np.ndarray:
    """Return the share of a zone's people who leave it in a week now; no people, no pace."""
    pace = np.divide(weekly_outflow, people, out=np.zeros_like(weekly_outflow), where=people > 0)
    return np.clip(pace, 0, 1)


def week_hazards(
    week: int, pace: np.ndarray, capacity: np.ndarray, course: Sequence[Spell], inputs: Arrays
) -> WeekHazards:
    """Return the hazards of one week (1 is the first) from the drawn inputs; shares stay between 0 and 1.

    Parameters
    ----------
    pace : present weekly share that leaves, times its multiplier, by zone.
    capacity : people each zone holds before it counts as full. [person]
    """
    calm = ruling(course, TRUCE, week)
    attacked = ruling(course, OFFENSIVE, week, inputs["offensive_delay_weeks"])
    kept = inputs["pace_decay"] ** (week - 1) * (1 - calm * (1 - inputs["truce_pace_share"]))
    fading = np.clip(pace * kept, 0, 1)
    since = np.clip(week - truce_begins(course) - inputs["return_start_week"], 0, 1)
    return WeekHazards(
        flight=fading + (1 - fading) * inputs["offensive_hazard"] * attacked,
        onward=inputs["onward_hazard"],
        returning=inputs["return_hazard"] * since * (1 - attacked),
        attraction=inputs["destination_weight"],
        capacity=capacity,
        crowding=inputs["crowding"],
        crossing=inputs["crossing_share"],
        births=inputs["birth_rate"] / WEEKS_PER_YEAR,
        deaths=inputs["death_rate"] / WEEKS_PER_YEAR,
    )

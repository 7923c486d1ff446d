"""One crisis stepped week by week in whole people, every draw at once: a pure array function.

Axes: g groups (in the order of ``vocabulary.GROUPS``), a zones, j draws. Nobody appears or vanishes: in every
draw, people at the end = people at the start + births - deaths - crossings, to the last person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from needscast.vocabulary import DISPLACED_AGAIN, DISPLACED_LONG, GROUPS, HOST, NEWLY_DISPLACED, RETURNEE, STAYING

_HOST, _STAYING, _LONG, _NEW, _AGAIN, _RETURNEE = (
    GROUPS.index(group) for group in (HOST, STAYING, DISPLACED_LONG, NEWLY_DISPLACED, DISPLACED_AGAIN, RETURNEE)
)
_AWAY = [_NEW, _AGAIN]  # away from a home they left since the onset
_FIRST_TIME = [_HOST, _STAYING, _LONG]  # whoever has not moved since the onset

NOBODY = 1e-12  # a zone whose weight as a destination is smaller than this takes nobody in

# Where people of a group are counted after they have had to leave.
_BECOMES = {_HOST: _NEW, _STAYING: _NEW, _LONG: _AGAIN, _NEW: _AGAIN, _AGAIN: _AGAIN, _RETURNEE: _AGAIN}


@dataclass(frozen=True)
class WeekHazards:
    """Weekly shares of one week, zones by draws (one row of draws for those without zones).

    Attributes
    ----------
    flight : share of everybody in a zone who flees it.
    onward : share of those displaced since the onset who move on although nobody flees the zone.
    returning : share of those away from a zone who go back to it.
    attraction : weight of each zone as a destination.
    crossing : share of those who leave who leave the modelled area.
    births, deaths : share of people a week.
    """

    flight: np.ndarray
    onward: np.ndarray
    returning: np.ndarray
    attraction: np.ndarray
    crossing: np.ndarray
    births: np.ndarray
    deaths: np.ndarray


def whole(people: np.ndarray) -> np.ndarray:
    """Round to whole people, halves upward, so that adding a whole number commutes with rounding."""
    return np.floor(people + 0.5)


def split_whole(total: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Split whole totals by weights along an axis into whole parts that add up to the total.

    Cumulative shares are rounded, so each part is within one person of its exact share and no part exceeds its
    weight when the weights are whole people and the total is at most their sum.
    """
    running = np.cumsum(weights, axis=axis)
    last = np.take(running, [-1], axis=axis)
    share = np.divide(running, last, out=np.zeros_like(running), where=last > 0)
    bounds = whole(np.expand_dims(total, axis) * share)
    return np.diff(bounds, axis=axis, prepend=0.0)


def depart(people: np.ndarray, hazards: WeekHazards) -> tuple[np.ndarray, np.ndarray]:
    """Return who leaves each zone this week by group, and how many of them flee; the others move on unforced.

    Everybody may flee; only those away since the onset move on.
    """
    fleeing = whole(people * hazards.flight)
    leaving = fleeing.copy()
    leaving[_AWAY] += whole((people[_AWAY] - fleeing[_AWAY]) * hazards.onward)
    return leaving, fleeing


def arrive(leaving: np.ndarray, hazards: WeekHazards) -> tuple[np.ndarray, np.ndarray]:
    """Return arrivals by new group and zone, and crossings out of the area.

    Whoever leaves chooses among the other zones by attraction; zones that people flee from attract less. Where no
    other zone attracts anybody, people leave the area.
    """
    weight = hazards.attraction * (1 - hazards.flight)
    others = weight.sum(axis=0) - weight
    inside = leaving * (1 - hazards.crossing) * (others > NOBODY)
    arrivals = np.zeros_like(leaving)
    crossed = np.zeros_like(leaving[0])
    per_weight = np.divide(inside, others, out=np.zeros_like(inside), where=others > NOBODY)
    for group, after in _BECOMES.items():
        expected = np.maximum(weight * (per_weight[group].sum(axis=0) - per_weight[group]), 0)
        placed = np.minimum(whole(expected.sum(axis=0)), leaving[group].sum(axis=0))
        arrivals[after] += split_whole(placed, expected, axis=0)
        crossed[0] += leaving[group].sum(axis=0) - placed
    return arrivals, crossed[0]


def fled_share(leaving: np.ndarray, fleeing: np.ndarray) -> np.ndarray:
    """Return the share of the week's arrivals who fled, by group after the move: they may have lost their goods.

    Those who flee and those who move on choose their destinations alike, so one share holds for every zone.
    """
    moved, fled = np.zeros_like(leaving), np.zeros_like(leaving)
    for group, after in _BECOMES.items():
        moved[after] += leaving[group]
        fled[after] += fleeing[group]
    moved, fled = moved.sum(axis=1, keepdims=True), fled.sum(axis=1, keepdims=True)
    return np.divide(fled, moved, out=np.zeros_like(fled), where=moved > 0)


def come_back(people: np.ndarray, away: np.ndarray, hazards: WeekHazards) -> tuple[np.ndarray, np.ndarray]:
    """Return who leaves where they stayed, by group and zone, and who is back, by zone of origin.

    Parameters
    ----------
    away : people away from each zone of origin since the onset.
    """
    back = np.minimum(whole(away * hazards.returning), away)
    stock = people[_AWAY].reshape(-1, people.shape[-1])
    total = np.minimum(back.sum(axis=0), stock.sum(axis=0))
    back = split_whole(total, back, axis=0)
    taken = np.zeros_like(people)
    taken[_AWAY] = split_whole(total, stock, axis=0).reshape(len(_AWAY), *people.shape[1:])
    return taken, back


def step(people: np.ndarray, away: np.ndarray, hazards: WeekHazards) -> dict[str, np.ndarray]:
    """Take one week and return the new state with the week's flows, all in whole people."""
    leaving, fleeing = depart(people, hazards)
    arrivals, crossed = arrive(leaving, hazards)
    people = people - leaving + arrivals
    first_time = leaving[_FIRST_TIME].sum(axis=0)
    away = away + leaving[[_HOST, _STAYING, _LONG, _RETURNEE]].sum(axis=0)
    # Some of those who crossed were away from a zone; the zones share them in proportion.
    away = np.maximum(away - split_whole(np.minimum(crossed, away.sum(axis=0)), away, axis=0), 0)
    taken, back = come_back(people, away, hazards)
    people = people - taken
    people[_RETURNEE] += back
    born, died = whole(people * hazards.births), whole(people * hazards.deaths)
    died = np.minimum(died, people + born)
    return {
        "people": people + born - died,
        "away": away - back,
        "displaced_people": first_time,
        "departures": leaving.sum(axis=0),
        "arrivals": arrivals,
        "fled": arrivals * fled_share(leaving, fleeing),
        "returns": back,
        "crossings": crossed,
        "births": born.sum(axis=(0, 1)),
        "deaths": died.sum(axis=(0, 1)),
    }

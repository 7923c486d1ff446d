"""One crisis stepped by one week in whole people, every draw at once: pure array functions.

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
AWAY = slice(_NEW, _AGAIN + 1)  # away from a home they left since the onset; the two stand side by side

NOBODY = 1e-12  # a zone whose weight as a destination is smaller than this takes nobody in

# Where people are counted after they have had to leave: those at home for the first time, everybody else again.
ARRIVING = (NEWLY_DISPLACED, DISPLACED_AGAIN)


@dataclass(frozen=True)
class WeekHazards:
    """Weekly shares of one week, zones by draws (one row of draws for those without zones).

    Attributes
    ----------
    flight : share of everybody in a zone who flees it.
    onward : share of those displaced since the onset who move on although nobody flees the zone.
    returning : share of those away from a zone who go back to it.
    attraction : weight of each zone as a destination while it has room.
    capacity : people a zone holds before it counts as full. [person]
    crowding : how fast attraction falls past the capacity: a tenth over it leaves exp(-crowding / 10) of it.
    crossing : share of those who leave who leave the modelled area.
    births, deaths : share of people a week.
    """

    flight: np.ndarray
    onward: np.ndarray
    returning: np.ndarray
    attraction: np.ndarray
    capacity: np.ndarray
    crowding: np.ndarray
    crossing: np.ndarray
    births: np.ndarray
    deaths: np.ndarray


def whole(people: np.ndarray) -> np.ndarray:
    """Round to whole people, halves upward, so that adding a whole number commutes with rounding."""
    raised = people + 0.5
    return np.floor(raised, out=raised)


def split_whole(total: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Split whole totals by weights along an axis into whole parts that add up to the total.

    Cumulative shares are rounded, so each part is within one person of its exact share and no part exceeds its
    weight when the weights are whole people and the total is at most their sum. Weights of nothing get nobody.
    """
    bounds = weights.swapaxes(0, axis).copy()
    for row in range(1, len(bounds)):  # numpy's cumulative sum along a leading axis is five times slower
        bounds[row] += bounds[row - 1]
    last = bounds[-1]
    bounds *= np.divide(total, last, out=np.zeros_like(last), where=last > 0)
    bounds += 0.5
    np.floor(bounds, out=bounds)
    parts = np.empty_like(bounds)
    parts[0] = bounds[0]
    np.subtract(bounds[1:], bounds[:-1], out=parts[1:])
    return parts.swapaxes(0, axis)


def depart(people: np.ndarray, hazards: WeekHazards) -> tuple[np.ndarray, np.ndarray]:
    """Return who leaves each zone this week by group, and how many of those away since the onset move on unforced.

    Everybody may flee; only those away since the onset move on.
    """
    leaving = people * hazards.flight
    leaving += 0.5
    np.floor(leaving, out=leaving)
    onward = whole((people[AWAY] - leaving[AWAY]) * hazards.onward)
    leaving[AWAY] += onward
    return leaving, onward


def by_arrival(leaving: np.ndarray) -> np.ndarray:
    """Return those who leave by the group they arrive as (``ARRIVING``)."""
    again = leaving[_LONG] + leaving[_RETURNEE]
    again += leaving[_NEW]
    again += leaving[_AGAIN]
    return np.stack([leaving[_HOST] + leaving[_STAYING], again])


def pull(present: np.ndarray, hazards: WeekHazards) -> np.ndarray:
    """Return the weight of each zone as a destination: one people flee from, or one that is full, attracts less."""
    over = present / hazards.capacity
    over -= 1
    np.maximum(over, 0, out=over)
    over *= -hazards.crowding
    np.exp(over, out=over)
    over *= hazards.attraction
    over *= 1 - hazards.flight
    return over


def arrive(leaving: np.ndarray, weight: np.ndarray, crossing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return arrivals by new group and zone, and crossings out of the area.

    Whoever leaves chooses among the other zones by weight. Where no other zone attracts anybody, people leave the
    area.

    Parameters
    ----------
    leaving : by group of arrival (``ARRIVING``), zone left and draw.
    """
    others = weight.sum(axis=0) - weight
    staying_inside = np.divide(1 - crossing, others, out=np.zeros_like(others), where=others > NOBODY)
    per_weight = leaving * staying_inside
    expected = per_weight.sum(axis=1, keepdims=True) - per_weight
    expected *= weight
    np.maximum(expected, 0, out=expected)
    total = leaving.sum(axis=1)
    placed = np.minimum(whole(expected.sum(axis=1)), total)
    return split_whole(placed, expected, axis=1), (total - placed).sum(axis=0)


def fled_share(leaving: np.ndarray, onward: np.ndarray) -> np.ndarray:
    """Return the share of the week's arrivals who fled, by group of arrival: they may have lost their goods.

    Those who flee and those who move on choose their destinations alike, so one share holds for every zone.

    Parameters
    ----------
    leaving : by group of arrival, zone and draw. onward : those of them who moved on unforced, all arriving again.
    """
    moved = leaving.sum(axis=1)
    fled = moved.copy()
    fled[ARRIVING.index(DISPLACED_AGAIN)] -= onward.sum(axis=(0, 1))
    return np.divide(fled, moved, out=np.zeros_like(fled), where=moved > 0)


def come_back(people: np.ndarray, away: np.ndarray, returning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return who leaves where they stayed, by group (new, again) and zone, and who is back, by zone of origin.

    Parameters
    ----------
    away : people away from each zone of origin since the onset.
    """
    stock = people[AWAY]
    back = whole(away * returning)
    total = np.minimum(back.sum(axis=0), stock.sum(axis=(0, 1)))
    taken = split_whole(total, stock.reshape(-1, stock.shape[-1]), axis=0)
    return taken.reshape(stock.shape), split_whole(total, back, axis=0)


def step(people: np.ndarray, away: np.ndarray, hazards: WeekHazards) -> dict[str, np.ndarray]:
    """Take one week and return the new state with the week's flows, in whole people, and the share of them who fled."""
    leaving, onward = depart(people, hazards)
    weight = pull(people.sum(axis=0), hazards)
    moving = by_arrival(leaving)
    arrivals, crossed = arrive(moving, weight, hazards.crossing)
    people = people - leaving
    people[AWAY] += arrivals
    away = away + moving[0] + leaving[_LONG] + leaving[_RETURNEE]
    # Some of those who crossed were away from a zone; the zones share them in proportion.
    away -= split_whole(np.minimum(crossed, away.sum(axis=0)), away, axis=0)
    taken, back = come_back(people, away, hazards.returning)
    people[AWAY] -= taken
    people[_RETURNEE] += back
    born, died = whole(people * hazards.births), whole(people * hazards.deaths)
    people += born
    people -= died
    return {
        "people": people,
        "away": away - back,
        "displaced_people": moving[0] + leaving[_LONG],
        "departures": moving.sum(axis=0),
        "arrivals": arrivals,
        "fled_share": fled_share(moving, onward),
        "returns": back,
        "crossings": crossed,
        "births": born.sum(axis=(0, 1)),
        "deaths": died.sum(axis=(0, 1)),
        "pull": weight,
    }

"""People in whole numbers: nobody appears, vanishes or is counted in halves, in any draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from needscast.displacement.flows import WeekHazards, arrive, come_back, split_whole, step, whole
from needscast.vocabulary import GROUPS

HOST, STAYING, LONG, NEW, AGAIN, RETURNEE = range(len(GROUPS))


def hazards(zones=2, draws=1, **changed):
    each = {"flight": 0.0, "onward": 0.0, "returning": 0.0, "attraction": 1.0}
    alone = {"crossing": 0.0, "births": 0.0, "deaths": 0.0}
    values = {name: np.full((zones, draws), value) for name, value in each.items()}
    values |= {name: np.full(draws, value) for name, value in alone.items()}
    values |= {name: np.asarray(value, dtype=float).reshape(values[name].shape) for name, value in changed.items()}
    return WeekHazards(**values)


def two_zones(**people):
    state = np.zeros((len(GROUPS), 2, 1))
    for group, counts in people.items():
        state[GROUPS.index(group), :, 0] = counts
    return state


def test_halves_round_upward():
    assert whole(np.array([0.5, 1.5, 2.4])).tolist() == [1, 2, 2]


def test_ten_people_split_by_three_equal_weights_are_three_four_three():
    assert split_whole(np.array([10.0]), np.ones((3, 1)), axis=0).ravel().tolist() == [3, 4, 3]


def test_a_quarter_of_a_thousand_residents_flee_to_the_other_zone():
    result = step(two_zones(staying=[1000, 0]), np.zeros((2, 1)), hazards(flight=[0.25, 0]))
    assert result["people"][STAYING].ravel().tolist() == [750, 0]
    assert result["people"][NEW].ravel().tolist() == [0, 250]
    assert result["away"].ravel().tolist() == [250, 0]
    assert result["displaced_people"].ravel().tolist() == [250, 0]


def test_moving_again_adds_a_movement_and_no_displaced_person():
    result = step(two_zones(newly_displaced=[400, 0]), np.array([[400.0], [0.0]]), hazards(flight=[0.5, 0]))
    assert result["departures"].ravel().tolist() == [200, 0]
    assert result["displaced_people"].ravel().tolist() == [0, 0]
    assert result["people"][AGAIN].ravel().tolist() == [0, 200]


def test_one_in_ten_of_those_who_leave_cross_out_of_the_area():
    result = step(two_zones(staying=[1000, 0]), np.zeros((2, 1)), hazards(flight=[0.5, 0], crossing=0.1))
    assert result["crossings"].tolist() == [50]
    assert result["people"].sum() == 950


def test_where_no_other_zone_takes_people_in_they_leave_the_area():
    arrivals, crossed = arrive(two_zones(staying=[100, 0]), hazards(attraction=[1, 0]))
    assert arrivals.sum() == 0
    assert crossed.tolist() == [100]


def test_half_of_those_away_return_to_their_zone_of_origin():
    taken, back = come_back(
        two_zones(newly_displaced=[0, 60], displaced_again=[0, 40]),
        np.array([[100.0], [0.0]]),
        hazards(returning=[0.5, 0.5]),
    )
    assert back.ravel().tolist() == [50, 0]
    assert taken[NEW].ravel().tolist() == [0, 30]
    assert taken[AGAIN].ravel().tolist() == [0, 20]


def test_a_week_without_hazards_changes_nothing():
    start = two_zones(staying=[10, 0], host=[0, 20], displaced_long=[3, 4])
    assert np.array_equal(step(start, np.zeros((2, 1)), hazards())["people"], start)


counts = hnp.arrays(float, (len(GROUPS), 3, 4), elements=st.integers(0, 10**6).map(float))
shares = hnp.arrays(float, (3, 4), elements=st.floats(0, 1))
few = hnp.arrays(float, (4,), elements=st.floats(0, 1))
small = hnp.arrays(float, (4,), elements=st.floats(0, 0.01))


@settings(max_examples=60, deadline=None)
@given(counts, shares, shares, shares, shares, few, small, small)
def test_whole_people_are_conserved_in_every_draw(
    people, flight, onward, returning, attraction, crossing, births, deaths
):
    week = WeekHazards(flight, onward, returning, attraction, crossing, births, deaths)
    away = split_whole(people[[NEW, AGAIN]].sum(axis=(0, 1)), np.ones((3, 4)), axis=0)
    result = step(people, away, week)
    after = result["people"].sum(axis=(0, 1))
    assert np.array_equal(after, people.sum(axis=(0, 1)) + result["births"] - result["deaths"] - result["crossings"])
    assert np.array_equal(result["people"], np.floor(result["people"]))
    assert result["people"].min() >= 0
    assert result["away"].min() >= 0


@pytest.mark.parametrize("name", ["arrivals", "departures", "returns", "crossings"])
def test_flows_are_whole_people(name):
    start = two_zones(staying=[997, 0], host=[0, 501], newly_displaced=[11, 333])
    result = step(
        start, np.array([[200.0], [144.0]]), hazards(flight=[0.31, 0.07], returning=[0.1, 0.2], crossing=0.013)
    )
    assert np.array_equal(result[name], np.floor(result[name]))

"""People in whole numbers: nobody appears, vanishes or is counted in halves, in any draw."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from needscast.displacement.flows import WeekHazards, arrive, come_back, pull, split_whole, step, whole
from needscast.vocabulary import GROUPS

HOST, STAYING, LONG, NEW, AGAIN, RETURNEE = range(len(GROUPS))
ROOMY = 1e9  # a zone that is never full


def hazards(zones=2, draws=1, **changed):
    each = {"flight": 0.0, "onward": 0.0, "returning": 0.0, "attraction": 1.0, "capacity": ROOMY}
    alone = {"crowding": 5.0, "crossing": 0.0, "births": 0.0, "deaths": 0.0}
    values = {name: np.full((zones, draws), value) for name, value in each.items()}
    values |= {name: np.full(draws, value) for name, value in alone.items()}
    values |= {name: np.asarray(value, dtype=float).reshape(values[name].shape) for name, value in changed.items()}
    return WeekHazards(**values)


def state(zones=2, **people):
    made = np.zeros((len(GROUPS), zones, 1))
    for group, counts in people.items():
        made[GROUPS.index(group), :, 0] = counts
    return made


def test_halves_round_upward():
    assert whole(np.array([0.5, 1.5, 2.4])).tolist() == [1, 2, 2]


def test_ten_people_split_by_three_equal_weights_are_three_four_three():
    assert split_whole(np.array([10.0]), np.ones((3, 1)), axis=0).ravel().tolist() == [3, 4, 3]


def test_a_quarter_of_a_thousand_residents_flee_to_the_other_zone():
    result = step(state(staying=[1000, 0]), np.zeros((2, 1)), hazards(flight=[0.25, 0]))
    assert result["people"][STAYING].ravel().tolist() == [750, 0]
    assert result["people"][NEW].ravel().tolist() == [0, 250]
    assert result["away"].ravel().tolist() == [250, 0]
    assert result["displaced_people"].ravel().tolist() == [250, 0]


def test_moving_again_adds_a_movement_and_no_displaced_person():
    result = step(state(newly_displaced=[400, 0]), np.array([[400.0], [0.0]]), hazards(flight=[0.5, 0]))
    assert result["departures"].ravel().tolist() == [200, 0]
    assert result["displaced_people"].ravel().tolist() == [0, 0]
    assert result["people"][AGAIN].ravel().tolist() == [0, 200]


def test_only_those_who_flee_count_as_having_fled_and_not_those_who_move_on():
    # 100 of 400 flee; a tenth of the other 300 move on: 130 arrive, of whom 100 fled.
    start = state(newly_displaced=[400, 0])
    result = step(start, np.array([[400.0], [0.0]]), hazards(flight=[0.25, 0], onward=[0.1, 0]))
    assert result["arrivals"].sum() == 130
    assert (result["arrivals"] * result["fled_share"][:, None]).sum() == pytest.approx(100, rel=1e-12)


def test_one_in_ten_of_those_who_leave_cross_out_of_the_area():
    result = step(state(staying=[1000, 0]), np.zeros((2, 1)), hazards(flight=[0.5, 0], crossing=0.1))
    assert result["crossings"].tolist() == [50]
    assert result["people"].sum() == 950


def test_where_no_other_zone_takes_people_in_they_leave_the_area():
    leaving = np.zeros((2, 2, 1))
    leaving[0, 0] = 100
    arrivals, crossed = arrive(leaving, np.array([[1.0], [0.0]]), np.zeros(1))
    assert arrivals.sum() == 0
    assert crossed.tolist() == [100]


def test_a_zone_a_tenth_over_its_capacity_keeps_three_fifths_of_its_pull():
    # exp(-5 / 10) = 0.6065; a zone below its capacity keeps all of it.
    weight = pull(np.array([[1100.0], [900.0]]), hazards(capacity=[1000, 1000]))
    assert weight.ravel() == pytest.approx([0.6065, 1.0], abs=5e-5)


def test_people_turn_from_a_full_zone_to_one_with_room():
    # Two equal destinations share 1,000 people; when the second is a fifth over, it draws exp(-1) against 1.
    start, away = state(3, staying=[1000, 0, 0], host=[0, 600, 600]), np.zeros((3, 1))
    flight = [1.0, 0, 0]
    roomy = step(start, away, hazards(3, flight=flight))
    crowded = step(start, away, hazards(3, flight=flight, capacity=[ROOMY, ROOMY, 500]))
    assert roomy["arrivals"][0].ravel().tolist() == [0, 500, 500]
    assert crowded["arrivals"][0].ravel().tolist() == [0, 731, 269]


def test_half_of_those_away_return_to_their_zone_of_origin():
    taken, back = come_back(
        state(newly_displaced=[0, 60], displaced_again=[0, 40]), np.array([[100.0], [0.0]]), np.full((2, 1), 0.5)
    )
    assert back.ravel().tolist() == [50, 0]
    assert taken[0].ravel().tolist() == [0, 30]
    assert taken[1].ravel().tolist() == [0, 20]


def test_a_week_without_hazards_changes_nothing():
    start = state(staying=[10, 0], host=[0, 20], displaced_long=[3, 4])
    assert np.array_equal(step(start, np.zeros((2, 1)), hazards())["people"], start)


counts = hnp.arrays(float, (len(GROUPS), 3, 4), elements=st.integers(0, 10**6).map(float))
shares = hnp.arrays(float, (3, 4), elements=st.floats(0, 1))
rooms = hnp.arrays(float, (3, 4), elements=st.floats(1, 10**7))
few = hnp.arrays(float, (4,), elements=st.floats(0, 1))
small = hnp.arrays(float, (4,), elements=st.floats(0, 0.01))
steep = hnp.arrays(float, (4,), elements=st.floats(0, 50))


@settings(max_examples=60)
@given(counts, shares, shares, shares, shares, rooms, steep, few, small, small)
def test_whole_people_are_conserved_in_every_draw(
    people, flight, onward, returning, attraction, capacity, crowding, crossing, births, deaths
):
    week = WeekHazards(flight, onward, returning, attraction, capacity, crowding, crossing, births, deaths)
    away = split_whole(people[[NEW, AGAIN]].sum(axis=(0, 1)), np.ones((3, 4)), axis=0)
    result = step(people, away, week)
    after = result["people"].sum(axis=(0, 1))
    assert np.array_equal(after, people.sum(axis=(0, 1)) + result["births"] - result["deaths"] - result["crossings"])
    assert np.array_equal(result["people"], np.floor(result["people"]))
    assert result["people"].min() >= 0
    assert result["away"].min() >= 0
    assert np.array_equal(
        result["departures"].sum(axis=0), result["arrivals"].sum(axis=(0, 1)) + result["crossings"]
    ), "whoever leaves a zone reaches another one or crosses"


@pytest.mark.parametrize("name", ["arrivals", "departures", "returns", "crossings"])
def test_flows_are_whole_people(name):
    start = state(staying=[997, 0], host=[0, 501], newly_displaced=[11, 333])
    result = step(
        start, np.array([[200.0], [144.0]]), hazards(flight=[0.31, 0.07], returning=[0.1, 0.2], crossing=0.013)
    )
    assert np.array_equal(result[name], np.floor(result[name]))

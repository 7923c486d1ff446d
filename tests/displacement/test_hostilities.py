"""Regimes of hostilities: which rules when, and what it does to flight and return."""

import numpy as np
import pytest

from needscast.displacement.hostilities import present_pace, ruling, spells, week_hazards
from needscast.vocabulary import OFFENSIVE, PRESSURE, TRUCE

INPUTS = {
    "pressure_weeks": 1.5,
    "offensive_weeks": 2.0,
    "truce_weeks": 8.0,
    "pace_decay": 0.5,
    "truce_pace_share": 0.25,
    "offensive_hazard": 0.4,
    "offensive_delay_weeks": 0.0,
    "onward_hazard": 0.0,
    "return_hazard": 0.2,
    "return_start_week": 1.0,
    "destination_weight": 1.0,
    "crowding": 5.0,
    "crossing_share": 0.0,
    "birth_rate": 0.0,
    "death_rate": 0.0,
}
BY_ZONE = ("truce_pace_share", "offensive_hazard", "offensive_delay_weeks", "return_hazard")


def inputs(**changed):
    return {
        name: np.full((1, 1) if name in BY_ZONE else 1, value, dtype=float)
        for name, value in (INPUTS | changed).items()
    }


def flight(regimes, week, pace=0.08, **changed):
    given = inputs(**changed)
    hazards = week_hazards(week, np.full((1, 1), pace), np.full((1, 1), 1e9), spells(regimes, given, 1), given)
    return hazards.flight.item(), hazards.returning.item()


def course(*regimes):
    return spells(regimes, inputs(), 1)


@pytest.mark.parametrize(("week", "share"), [(1, 0.0), (2, 0.5), (3, 1.0), (4, 0.5), (5, 0.0)])
def test_an_offensive_from_one_and_a_half_weeks_on_rules_two_weeks(week, share):
    assert ruling(course(PRESSURE, OFFENSIVE, PRESSURE), OFFENSIVE, week).item() == pytest.approx(share, abs=1e-12)


def test_the_last_regime_rules_until_the_end():
    assert ruling(course(PRESSURE, TRUCE), TRUCE, 500).item() == 1


@pytest.mark.parametrize("week", range(1, 15))
def test_the_regimes_of_a_week_add_up_to_the_week(week):
    laid = course(PRESSURE, OFFENSIVE, TRUCE)
    assert sum(ruling(laid, each, week).item() for each in (PRESSURE, OFFENSIVE, TRUCE)) == pytest.approx(1, abs=1e-12)


def test_a_zone_that_the_front_reaches_later_has_a_shorter_offensive():
    laid = course(PRESSURE, OFFENSIVE, PRESSURE)  # from 1.5 to 3.5 weeks, there from 2.5 on
    shares = [ruling(laid, OFFENSIVE, week, delay=np.full((1, 1), 1.0)).item() for week in range(1, 6)]
    assert shares == pytest.approx([0, 0, 0.5, 0.5, 0], abs=1e-12)


def test_the_pace_halves_every_week_and_a_truce_leaves_a_quarter_of_it():
    assert [flight([PRESSURE], week)[0] for week in (1, 2, 3)] == pytest.approx([0.08, 0.04, 0.02], rel=1e-12)
    assert flight([TRUCE], 1)[0] == pytest.approx(0.02, rel=1e-12)
    # A truce from the middle of the second week on: half a week at 0.04 and half a week at a quarter of it.
    assert flight([PRESSURE, TRUCE], 2)[0] == pytest.approx(0.025, rel=1e-12)


def test_an_offensive_takes_its_share_of_those_whom_the_pace_has_left():
    assert flight([OFFENSIVE, PRESSURE], 1)[0] == pytest.approx(0.08 + 0.92 * 0.4, rel=1e-12)


def test_nobody_goes_back_before_the_truce_is_a_week_old():
    back = [flight([PRESSURE, OFFENSIVE, TRUCE], week)[1] for week in (1, 2, 3, 4, 5, 6)]
    assert back == pytest.approx([0, 0, 0, 0, 0.1, 0.2], abs=1e-12)  # it begins at 3.5 weeks


def test_nobody_goes_back_into_an_offensive():
    assert flight([TRUCE, OFFENSIVE], 10, truce_weeks=8.0)[1] == 0


def test_no_people_have_no_pace():
    assert present_pace(np.array([[0.0, 10.0]]), np.array([[5.0, 50.0]])).tolist() == [[0.0, 1.0]]

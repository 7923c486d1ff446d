"""Quantities of items that can be worked out on the back of an envelope."""

from datetime import date

import numpy as np
import pytest

from needscast.demand.calendar import week_start, winter_share
from needscast.demand.quantity import _facilities_due
from needscast.demand.supply import gap
from needscast.estimate import Estimate


def weekly(values, unit="tent", name="due"):
    return Estimate.of(
        np.array(values, dtype=float).reshape(len(values), 1), {"week": list(range(1, len(values) + 1))}, unit, name
    )


def test_week_one_starts_on_the_reference_date_and_week_two_seven_days_later():
    assert week_start(date(2020, 1, 21), 0) == date(2020, 1, 21)
    assert week_start(date(2020, 1, 21), 1) == date(2020, 1, 21)
    assert week_start(date(2020, 1, 21), 2) == date(2020, 1, 28)


def test_a_week_across_the_end_of_march_is_partly_winter():
    # 28 March to 3 April 2020: four days of March, three of April.
    assert winter_share(date(2020, 3, 28), [1], [11, 12, 1, 2, 3]).tolist() == [pytest.approx(4 / 7)]


def test_latrines_for_1001_people_at_fifty_each_are_twenty_one_and_only_new_ones_are_due_later():
    people = np.array([[1001.0], [1040.0], [900.0], [1051.0]])
    assert _facilities_due(people, people_per_facility=50).ravel().tolist() == [21, 0, 0, 1]


def test_unused_supply_is_carried_on_and_the_gap_is_what_it_does_not_reach():
    found = gap(weekly([10, 30, 30]), weekly([25, 0, 20], name="supply"))
    assert found.supplied.values.values.ravel().tolist() == [10, 15, 20]
    assert found.missing.values.values.ravel().tolist() == [0, 15, 10]


def test_more_supply_never_widens_the_gap():
    demand = weekly([10, 30, 30])
    less = gap(demand, weekly([5, 5, 5], name="supply")).missing.total("week")
    more = gap(demand, weekly([5, 9, 5], name="supply")).missing.total("week")
    assert float(more.values.values[0]) == float(less.values.values[0]) - 4

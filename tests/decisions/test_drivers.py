"""Drivers: shares of variance that can be worked out by hand."""

import numpy as np
import pytest
from scipy.special import ndtri

from needscast.decisions import drivers, planning_levels
from needscast.decisions.drivers import first_order
from needscast.decisions.planning import newsvendor_level
from needscast.draws import Draws

WORLDS = Draws(8192, 0)


def share(drawn, outcome):
    return float(first_order(drawn[None], outcome[None])[0])


def normal(name):
    return ndtri(WORLDS.probabilities(name))


def test_a_sum_of_three_and_four_sigma_inputs_splits_nine_to_sixteen():
    a, b = 3 * normal("a"), 4 * normal("b")
    assert share(a, a + b) == pytest.approx(9 / 25, abs=0.02)
    assert share(b, a + b) == pytest.approx(16 / 25, abs=0.02)


def test_an_input_that_plays_no_part_explains_nothing():
    assert share(normal("idle"), normal("a")) < 0.01


def test_the_ishigami_function_has_its_published_first_order_effects():
    # Ishigami and Homma 1990 with a = 7, b = 0.1: 0.3139, 0.4424 and 0.
    x, y, z = (np.pi * (2 * WORLDS.probabilities(name) - 1) for name in "xyz")
    outcome = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
    assert share(x, outcome) == pytest.approx(0.3139, abs=0.03)
    assert share(y, outcome) == pytest.approx(0.4424, abs=0.03)
    assert share(z, outcome) == pytest.approx(0.0, abs=0.02)


def test_a_group_known_together_explains_the_sum_of_its_members():
    a, b, c = normal("a"), normal("b"), normal("c")
    table = drivers({"total": a + b + c}, {"pair": np.stack([a, b]), "single": c}).set_index("input")
    assert table.loc["pair", "share_of_variance"] == pytest.approx(2 / 3, abs=0.02)
    assert table.loc["single", "direction"] == "up"


def test_constant_inputs_and_headlines_are_left_out():
    assert drivers({"open": normal("a")}, {"known": np.ones(8192), "a": normal("a")})["input"].tolist() == ["a"]
    assert drivers({"fixed": np.ones(8192)}, {"a": normal("a")}).empty


def test_planning_at_the_median_of_a_uniform_demand_leaves_an_eighth_unserved_and_an_eighth_over():
    demand = WORLDS.probabilities("demand")
    row = planning_levels(demand, unit_cost=2.0).iloc[0]
    assert row["quantity"] == pytest.approx(0.5, abs=1e-3)
    assert row["unserved"] == pytest.approx(1 / 8, abs=1e-3)
    assert row["surplus"] == pytest.approx(1 / 8, abs=1e-3)
    assert row["step_cost_usd"] == pytest.approx(1.0, abs=2e-3)


def test_a_tent_missed_at_nine_times_the_price_of_one_too_many_is_planned_at_ninety_percent():
    assert newsvendor_level(9, 1) == 0.9

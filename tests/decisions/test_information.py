"""What finding out is worth: the normal newsvendor in closed form, and the order of the values in every world."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import norm

from needscast.decisions.information import FieldCheck, Loss, worth_knowing
from needscast.draws import Draws
from needscast.errors import NeedscastError

WORLDS = Draws(8192, 0)
FEW = Draws(512, 0)
LOSS = Loss(unmet=4.0, surplus=1.0)
# Newsvendor with normal demand: the least mean loss is (Cu + Co) phi(z) sigma, z the quantile of Cu / (Cu + Co).
A_SIGMA = 5.0 * norm.pdf(norm.ppf(0.8))


def normal(name, worlds=WORLDS):
    return ndtri(worlds.probabilities(name))


def values(demand, loss, known, checks, worlds=WORLDS):
    table = worth_knowing(demand, loss, known, checks, worlds)
    return table.set_index(["kind", "name"])["value"]


def test_the_costs_imply_the_level():
    assert Loss(9, 1).level == 0.9
    assert Loss(0, 1).level == 0.0


def test_too_few_and_too_many_are_paid_by_the_unit():
    assert Loss(400, 100).of(np.array(10.0), np.array([7.0, 10.0, 12.0])).tolist() == [300, 0, 800]


def test_a_normal_demand_of_three_and_four_sigma_has_its_closed_form():
    three, four, idle = 3 * normal("a"), 4 * normal("b"), normal("idle")
    check = FieldCheck("count", {"b": four}, error=3.0, relative=False)
    found = values(100 + three + four, LOSS, {"a": three, "b": four, "idle": idle}, {"count": check})
    # sigma falls from 5 to 4 once a is known, to 3 once b is; a figure of b with error 3 leaves 9 + 16 x 9 / 25.
    known = {
        ("everything", "everything"): 5,
        ("input", "a"): 5 - 4,
        ("input", "b"): 5 - 3,
        ("check", "count"): 5 - math.sqrt(9 + 16 * 9 / 25),
    }
    for name, saved in known.items():
        assert found[name] == pytest.approx(saved * A_SIGMA, abs=0.03 * 5 * A_SIGMA), name  # 4 sd of 8,192 draws
    assert found[("input", "idle")] < 0.01 * found[("everything", "everything")]


def test_inputs_learned_together_are_worth_more_than_their_sum_when_they_make_up_the_demand():
    three, four = 3 * normal("a"), 4 * normal("b")
    found = values(100 + three + four, LOSS, {"a": three, "b": four, "both": np.stack([three, four])}, {})
    assert found[("input", "both")] > 0.85 * found[("everything", "everything")]
    assert found[("input", "both")] > found[("input", "a")] + found[("input", "b")]


def test_a_relative_error_means_the_same_for_a_number_a_thousand_times_as_large():
    truth = np.exp(0.3 * normal("count"))
    small = FieldCheck("count", {"n": truth}, 0.1, relative=True)
    large = FieldCheck("count", {"n": 1000 * truth}, 0.1, relative=True)
    worth = [values(100 * truth, LOSS, {}, {"count": each})[("check", "count")] for each in (small, large)]
    assert worth[0] == pytest.approx(worth[1], rel=1e-9)


def test_a_decision_without_doubt_learns_nothing():
    assert values(np.full(512, 70.0), LOSS, {"a": normal("a", FEW)}, {}, FEW).tolist() == [0, 0]


def test_twice_the_costs_are_twice_the_worth():
    drawn = 3 * normal("a")
    once = values(50 + drawn + normal("b"), LOSS, {"a": drawn}, {})
    twice = values(50 + drawn + normal("b"), Loss(8.0, 2.0), {"a": drawn}, {})
    assert twice.tolist() == pytest.approx((2 * once).tolist(), rel=1e-9)


@settings(max_examples=25)
@given(
    st.floats(0.05, 20.0),
    st.floats(0.0, 5.0),
    st.floats(0.01, 10.0),
    st.booleans(),
    st.integers(0, 10_000),
)
def test_a_check_is_worth_no_more_than_the_number_and_the_number_no_more_than_everything(
    unmet, weight, error, relative, seed
):
    worlds = Draws(512, seed)
    one, other = (np.exp(0.5 * normal(name, worlds)) for name in ("one", "other"))
    checks = {"c": FieldCheck("c", {"one": one, "other": other}, error, relative)}
    found = values(10 * one + weight * other**2, Loss(unmet, 1.0), {"one": one}, checks, worlds)
    everything, exact, sampled = (
        found[key] for key in (("everything", "everything"), ("all_of_check", "c"), ("check", "c"))
    )
    assert 0 <= sampled <= exact <= everything
    assert 0 <= found[("input", "one")] <= everything


def test_costs_that_decide_nothing_are_refused():
    with pytest.raises(NeedscastError, match="decide nothing"):
        Loss(0, 0)
    with pytest.raises(NeedscastError, match="decide nothing"):
        Loss(-1, 2)

"""Shapley effects that are known: Ishigami, the g-function, correlated normals; and shares that add up."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from needscast.decisions.causes import cause_of
from needscast.decisions.shapley import shapley_effects
from needscast.draws import Draws
from needscast.errors import NeedscastError

WORLDS = Draws(8192, 0)


def normal(name, worlds=WORLDS):
    return ndtri(worlds.probabilities(name))


def effects(outcome, groups):
    return shapley_effects({"y": outcome}, groups).set_index("group")["share_of_variance"]


def test_the_ishigami_function_splits_the_interplay_of_its_first_and_third_input_in_half():
    # First order 0.3139, 0.4424, 0; interplay of x and z 0.2437 (Ishigami and Homma 1990, a = 7, b = 0.1).
    x, y, z = (np.pi * (2 * WORLDS.probabilities(name) - 1) for name in "xyz")
    found = effects(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x), {"x": x, "y": y, "z": z})
    assert found["x"] == pytest.approx(0.3139 + 0.2437 / 2, abs=0.02)
    assert found["y"] == pytest.approx(0.4424, abs=0.02)
    assert found["z"] == pytest.approx(0.2437 / 2, abs=0.02)


def test_the_g_function_shares_every_interplay_evenly():
    # Saltelli and Sobol' 1995: V_i = 1 / (3 (1 + a_i)^2), the variance of a set is the product of its V_i.
    weights = {"a": 0.0, "b": 1.0, "c": 4.5, "d": 9.0}
    drawn = {name: WORLDS.probabilities(name) for name in weights}
    outcome = np.prod([(np.abs(4 * drawn[name] - 2) + a) / (1 + a) for name, a in weights.items()], axis=0)
    parts = {name: 1 / (3 * (1 + a) ** 2) for name, a in weights.items()}
    whole = np.prod([1 + part for part in parts.values()]) - 1
    known = dict.fromkeys(weights, 0.0)
    for size in range(1, 5):
        for members in combinations(weights, size):
            for name in members:
                known[name] += np.prod([parts[each] for each in members]) / size / whole
    found = effects(outcome, drawn)
    for name, share in known.items():
        assert found[name] == pytest.approx(share, abs=0.02), name


@pytest.mark.parametrize("correlation", [-0.8, 0.0, 0.6, 0.95])
def test_two_correlated_normals_have_the_shares_of_the_closed_form(correlation):
    # Owen and Prieur 2017, Iooss and Prieur 2019: s1^2 (1 - r^2 / 2) + r s1 s2 + s2^2 r^2 / 2, over the variance.
    one = normal("one")
    two = 2 * (correlation * one + np.sqrt(1 - correlation**2) * normal("two"))
    variance = 1 + 4 + 4 * correlation
    first = (1 - correlation**2 / 2 + 2 * correlation + 4 * correlation**2 / 2) / variance
    found = effects(one + two, {"one": one, "two": two})
    assert found["one"] == pytest.approx(first, abs=0.015)
    assert found["two"] == pytest.approx(1 - first, abs=0.015)


def test_a_copy_of_an_input_takes_half_of_its_share():
    one, two = normal("one"), normal("two")
    found = effects(one + two, {"one": one, "copy": one, "two": two})
    assert found["one"] == pytest.approx(0.25, abs=0.01)
    assert found["copy"] == pytest.approx(0.25, abs=0.01)


def test_a_group_of_inputs_has_the_shares_of_its_members_together():
    drawn = {name: normal(name) for name in "abcd"}
    found = effects(sum(drawn.values()), {"abc": np.stack([drawn[name] for name in "abc"]), "d": drawn["d"]})
    assert found["abc"] == pytest.approx(0.75, abs=0.01)


@settings(max_examples=15)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=5), st.floats(-0.9, 0.9), st.integers(0, 1000))
def test_shares_are_not_negative_and_add_up_to_what_is_explained(slopes, mix, seed):
    worlds = Draws(1024, seed)
    shared = normal("shared", worlds)
    drawn = {str(at): mix * shared + normal(str(at), worlds) for at in range(len(slopes))}
    outcome = sum(slope * drawn[str(at)] for at, slope in enumerate(slopes)) + 0.1 * normal("rest", worlds)
    found = effects(outcome, drawn)
    assert (found > -0.02).all()
    assert found.sum() <= 1 + 1e-9


def test_too_many_groups_are_refused_with_what_to_do():
    with pytest.raises(NeedscastError, match="put them together into 9"):
        effects(normal("a"), {str(at): normal(str(at)) for at in range(10)})


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("offensive_hazard/south", "events"),
        ("pace_decay", "events"),
        ("destination_weight/north", "places"),
        ("FOO/tent/price", "prices"),
        ("FOO/tent/lead_time_days", "lead_times"),
        ("FOO/requires_host", "needs"),
        ("household_size", "people"),
    ],
)
def test_every_input_belongs_to_one_cause(name, cause):
    assert cause_of(name, {"FOO"}) == cause

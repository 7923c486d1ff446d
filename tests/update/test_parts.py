"""The parts of a change add up to it, whatever the causes do together."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needscast.update import decompose

CAUSES = ("time", "figures", "rates", "supply")
SETS = [frozenset(each) for size in range(5) for each in combinations(CAUSES, size)]
quick = settings(max_examples=40)
fractions = st.fractions(-1000, 1000, max_denominator=64)


@quick
@given(st.lists(fractions, min_size=16, max_size=16), st.sampled_from([(), ("time",), ("time", "figures")]))
def test_the_parts_add_up_to_the_whole_change_exactly(values, first):
    measured = dict(zip(SETS, values, strict=True))
    parts = decompose(lambda acted: {"people": measured[acted]}, CAUSES, first)["people"]
    assert set(parts) == set(CAUSES)
    assert sum(parts.values()) == measured[frozenset(CAUSES)] - measured[frozenset()]


@quick
@given(st.lists(fractions, min_size=4, max_size=4))
def test_a_cause_that_acts_alone_has_its_own_effect(effects):
    alone = dict(zip(CAUSES, effects, strict=True))
    parts = decompose(lambda acted: {"people": sum((alone[each] for each in acted), Fraction(0))}, CAUSES)
    assert parts["people"] == alone


@quick
@given(fractions)
def test_what_two_causes_do_together_is_halved_between_them(together):
    parts = decompose(lambda acted: {"people": together if {"figures", "supply"} <= acted else Fraction(0)}, CAUSES)
    assert parts["people"] == {"time": 0, "figures": together / 2, "rates": 0, "supply": together / 2}


def test_the_shapley_values_of_the_glove_game_are_not_reached_where_three_act_together():
    """One left glove, two right ones: Shapley gives 4/6, 1/6, 1/6; one order and its reverse give half and half."""
    worth = lambda acted: {"pairs": Fraction("left" in acted and len(acted) > 1)}  # noqa: E731
    parts = decompose(worth, ["left", "right one", "right two"])["pairs"]
    assert parts == {"left": Fraction(1, 2), "right one": Fraction(1, 2), "right two": 0}


def test_time_passes_before_anything_new_is_known():
    """Together 10, either alone nothing: with time first, all of it falls to the figures."""
    parts = decompose(lambda acted: {"n": 10 if len(acted) == 2 else 0}, ["figures", "time"], first=["time"])
    assert parts["n"] == {"time": 0, "figures": 10}


def test_each_set_of_causes_is_measured_once():
    asked = []
    decompose(lambda acted: asked.append(acted) or {"n": len(acted)}, CAUSES)
    assert len(asked) == len(set(asked)) == 2 * len(CAUSES)


def test_a_number_that_some_state_lacks_is_left_out():
    assert decompose(lambda acted: {"n": 1} if "rates" not in acted else {"n": 1, "m": 2}, CAUSES).keys() == {"n"}


@pytest.mark.parametrize("causes", [(), ("time",)])
def test_no_cause_and_one_cause_are_fine(causes):
    assert decompose(lambda acted: {"n": len(acted)}, causes)["n"] == dict.fromkeys(causes, 1)

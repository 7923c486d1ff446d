"""Sharing out too little: whole units, by claim times weight, none wasted, none above a claim."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.decisions.allocation import share_out, whole

CASES = [
    # available, claims, weights, given: by hand
    (100, [300, 100], [1, 1], [75, 25]),
    (100, [300, 100], [1, 3], [50, 50]),
    (100, [300, 10], [1, 3], [91, 9]),  # 100 x 30/330 = 9.09 and 90.9; the last unit to the larger remainder
    (100, [300, 5], [1, 100], [95, 5]),  # the small claim is full, what it frees goes on
    (10, [4, 4, 4], [1, 1, 1], [4, 3, 3]),
    (20, [4, 4, 4], [1, 1, 1], [4, 4, 4]),  # enough for everybody: nothing is pressed on anybody
    (6, [4, 4], [1, 0], [4, 2]),  # weight 0 comes after all others
    (0, [4, 4], [1, 1], [0, 0]),
]


@pytest.mark.parametrize(("available", "claims", "weights", "given"), CASES)
def test_units_go_out_in_proportion_to_claim_times_weight(available, claims, weights, given):
    assert share_out(available, np.array(claims), np.array(weights, dtype=float)).tolist() == given


@given(
    st.integers(0, 5000),
    st.lists(st.tuples(st.integers(0, 900), st.floats(0, 10)), min_size=1, max_size=9),
)
def test_all_units_go_out_whole_and_nobody_gets_more_than_the_claim(available, zones):
    claims, weights = (np.array(each) for each in zip(*zones, strict=True))
    given = share_out(available, claims, weights.astype(float))
    assert given.sum() == min(available, claims.sum())
    assert (given >= 0).all() and (given <= claims).all()


@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=12))
def test_whole_parts_add_up_to_the_rounded_total_and_stay_next_to_their_numbers(parts):
    made = whole(np.array(parts))
    assert abs(made.sum() - sum(parts)) <= 0.5 + 1e-6
    assert (np.abs(made - np.array(parts)) < 1 + 1e-6).all()

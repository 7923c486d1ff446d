"""Named streams: reproducible, stratified, independent of each other, honest about zero width."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.draws import Draws, Range
from needscast.errors import NeedscastError

NAMES = [f"input/{number}" for number in range(30)]


def test_the_same_name_and_seed_give_the_same_draws():
    assert np.array_equal(Draws(256, 7).probabilities("share"), Draws(256, 7).probabilities("share"))


def test_seed_zero_is_a_seed_like_any_other():
    assert np.array_equal(Draws(256, 0).probabilities("share"), Draws(256, 0).probabilities("share"))
    assert not np.array_equal(Draws(256, 0).probabilities("share"), Draws(256, 1).probabilities("share"))


def test_each_of_n_strata_holds_exactly_one_draw():
    strata = np.floor(Draws(1000, 3).probabilities("share") * 1000).astype(int)
    assert sorted(strata.tolist()) == list(range(1000))


def test_any_two_named_streams_are_uncorrelated():
    streams = {name: Draws(4096, 20200121).probabilities(name) for name in NAMES}
    worst = max(abs(np.corrcoef(streams[a], streams[b])[0, 1]) for a, b in combinations(NAMES, 2))
    assert worst < 0.06


def test_an_eighty_percent_range_holds_eighty_percent_of_the_draws():
    drawn = Draws(10_000, 0).sample("people", Range(100, 150, 400, unit="person"))
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([100, 150, 400], rel=0.01)


def test_zero_width_in_is_zero_width_out():
    drawn = Draws(100, 0).sample("known", Range(5.3, 5.3, 5.3, unit="person / household"))
    assert set(drawn.tolist()) == {5.3}


def test_a_range_out_of_order_names_the_rule():
    with pytest.raises(NeedscastError, match="low <= best <= high"):
        Range(3, 2, 4)


def test_a_share_in_percent_is_refused():
    with pytest.raises(NeedscastError, match="fractions, not percent"):
        Range(20, 30, 40)


def test_a_mass_of_one_is_refused():
    with pytest.raises(NeedscastError, match="80 % range"):
        Range(0.1, 0.2, 0.3, mass=1.0)


def test_no_draws_are_refused():
    with pytest.raises(NeedscastError, match="at least 1"):
        Draws(0, 1)


ordered_shares = st.tuples(*[st.floats(0, 1)] * 3).map(sorted)


@given(ordered_shares, st.floats(0.05, 0.99))
def test_a_share_never_leaves_zero_to_one(levels, mass):
    drawn = Draws(64, 0).sample("share", Range(*levels, mass=mass))
    assert drawn.min() >= 0
    assert drawn.max() <= 1


counts = st.floats(0.1, 1e7) | st.just(0.0)


@given(st.tuples(counts, counts, counts).map(sorted))
def test_a_count_is_never_negative(levels):
    assert Draws(64, 0).sample("count", Range(*levels, unit="person")).min() >= 0


def test_a_range_wider_than_a_billionfold_is_refused():
    with pytest.raises(NeedscastError, match="narrow it"):
        Range(1e-6, 1, 1e6, unit="person")


def test_a_run_worked_in_parts_has_the_same_worlds_as_the_whole():
    whole = Draws(100, 5)
    parts = [whole.part(first, 25).probabilities("share") for first in (0, 25, 50, 75)]
    assert np.array_equal(np.concatenate(parts), whole.probabilities("share"))


def test_a_part_beyond_the_run_is_refused():
    with pytest.raises(NeedscastError, match="not among the 100"):
        Draws(100, 5).part(80, 30)

"""Two stories in draws: told where they part into two groups, never where they are merely wide or skewed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.evidence.diagnostics import stories_told, warnings
from needscast.evidence.stories import two_stories

QUIET = {"converged": "yes", "check_p": 0.5, "newest_far": "", "headline_p10": 1.0, "headline_p90": 2.0}
QUIET |= {"anchor": "agency", "anchor_figures": 3.0}


def around(people, count, spread=0.15, seed=1):
    return people * np.exp(np.random.default_rng(seed).normal(0, spread, count))


def test_a_third_of_the_draws_at_a_hundred_thousand_and_the_others_at_a_million_are_two_stories():
    told = two_stories(np.concatenate([around(100_000, 1_000), around(1_000_000, 2_000)]))
    assert told.low_share == pytest.approx(1 / 3, abs=0.001)
    assert (told.low_p10, told.low_p90) == pytest.approx((82_500, 121_000), rel=0.03)
    assert (told.high_p10, told.high_p90) == pytest.approx((825_000, 1_210_000), rel=0.03)


@given(st.floats(0.01, 2.0), st.integers(0, 1_000))
def test_one_range_however_wide_is_one_story(spread, seed):
    assert two_stories(around(300_000, 2_000, spread, seed)) is None


@pytest.mark.parametrize("drawn", [np.full(100, 5.0), np.zeros(100), np.array([1.0, 9.0]), around(10, 3)])
def test_draws_that_are_all_alike_or_hardly_any_are_one_story(drawn):
    assert two_stories(drawn) is None


def test_a_few_draws_far_away_are_a_tail_and_no_story():
    assert two_stories(np.concatenate([around(100_000, 2_000), around(1_000_000, 60)])) is None


def test_a_warning_names_both_stories_and_their_share():
    told = two_stories(np.concatenate([around(100_000, 1_000), around(1_000_000, 3_000)]))
    said = QUIET | {f"idp_stock/{key}": value for key, value in vars(told).items()}
    assert stories_told(said, "idp_stock") == told
    (warning,) = warnings(said)
    assert "two stories of displaced people" in warning and "(in 25% of the worlds)" in warning
    assert warnings(QUIET) == ()

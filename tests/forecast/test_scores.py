"""Scores by hand: a forecast whose 23 quantiles are known, a truth, and what pencil and paper make of them."""

import numpy as np
import pandas as pd
import pytest

from needscast.forecast.levels import LEVELS, mean_of, weighted_quantiles
from needscast.forecast.scores import (
    case_scores,
    ranked_probability_score,
    summary,
    weighted_interval_score,
    width_factors,
)
from needscast.forecast.truth import crisis_weights

SURE = np.full((1, 23), 100.0)  # all levels at 100


def test_a_sure_forecast_scores_its_distance_from_the_truth():
    # every pinball loss is level * 40; the levels average one half, so twice the mean is 40
    assert weighted_interval_score(SURE, np.array([140.0])) == pytest.approx(40.0)
    assert ranked_probability_score(SURE, np.array([140.0])) == pytest.approx(40.0)
    assert weighted_interval_score(SURE, np.array([100.0])) == pytest.approx(0.0)


def test_the_interval_score_of_a_forecast_with_two_values_is_as_by_hand():
    # eleven levels at 90 and twelve at 110; the truth is 110. Loss of the eleven: level * 20, levels 0.01, 0.025,
    # 0.05, 0.1 ... 0.45, which add up to 2.285; so 2 * 20 * 2.285 / 23 = 3.974
    two = np.where(np.arange(23) < 11, 90.0, 110.0)[None]
    assert weighted_interval_score(two, np.array([110.0])) == pytest.approx(3.9739, abs=1e-4)


def test_the_probability_score_of_levels_read_off_a_uniform_distribution_is_near_its_closed_form():
    # for a uniform on 0..1 and a truth of one half the score is 1/12; 23 levels are a coarse integral
    assert ranked_probability_score(LEVELS[None], np.array([0.5])) == pytest.approx(1 / 12, abs=0.002)


def test_both_scores_are_lower_for_a_better_forecast_and_scale_with_people():
    near, far = LEVELS[None] * 20 + 90, LEVELS[None] * 20 + 190
    for score in (weighted_interval_score, ranked_probability_score):
        assert score(near, np.array([100.0])) < score(far, np.array([100.0]))
        assert score(near * 1000, np.array([1e5])) == pytest.approx(1000 * score(near, np.array([100.0])))


def test_coverage_counts_the_ends_of_a_range_as_inside():
    people = np.array([np.linspace(77.0, 99.0, 23)])  # level number j stands at 77 + j
    inside = case_scores(people, np.array([80.0]))  # the level 0.1 stands at 80, the lower end of the 80 % range
    outside = case_scores(people, np.array([79.9]))
    assert (inside["coverage_80"].item(), outside["coverage_80"].item()) == (1.0, 0.0)
    assert (inside["coverage_50"].item(), inside["coverage_95"].item()) == (0.0, 1.0)


def test_a_truth_on_the_median_counts_half_above_it():
    people = np.array([np.linspace(77.0, 99.0, 23)])
    above = [case_scores(people, np.array([truth]))["share_above_median"].item() for truth in (87.0, 88.0, 89.0)]
    assert above == [0.0, 0.5, 1.0]


def test_scores_on_the_log_scale_do_not_change_when_everything_is_doubled():
    people, truth = np.array([np.linspace(77.0, 99.0, 23)]), np.array([120.0])
    once, twice = case_scores(people, truth), case_scores(2 * people, 2 * truth)
    assert twice["wis_log"].item() == pytest.approx(once["wis_log"].item())
    assert twice["crps_people"].item() == pytest.approx(2 * once["crps_people"].item())


def test_a_crisis_of_n_forecasts_counts_n_over_n_plus_8():
    groups = pd.Series(["a"] * 2 + ["b"] * 24)
    weights = crisis_weights(groups)
    assert weights[:2].sum() == pytest.approx(2 / 10)
    assert weights[2:].sum() == pytest.approx(24 / 32)


def test_a_summary_keeps_first_rows_apart_and_relates_to_the_better_simple_rule():
    made = []
    for model, first, later in (("needscast", 0.4, 0.1), ("persistence", 0.8, 0.5), ("drift", 1.0, 0.2)):
        for is_first, score in ((True, first), (False, later)):
            row = dict.fromkeys(("crps_log", "wis_people", "crps_people", "share_above_median"), 0.5)
            held = {f"coverage_{mass}": 1.0 for mass in (50, 80, 95)}
            about = {"model": model, "group": "a", "series": "a-1", "horizon_weeks": 4, "first": is_first}
            made.append({**about, **row, **held, "wis_log": score})
    table = summary(pd.DataFrame(made)).set_index(["model", "by", "rows"])["wis_ratio"]
    assert table["needscast", "overall", "first"] == pytest.approx(0.4 / 0.8)
    assert table["needscast", "overall", "later"] == pytest.approx(0.1 / 0.2)
    assert table["needscast", "overall", "all"] == pytest.approx(0.25 / 0.6)
    assert table["drift", "crisis", "all"] == pytest.approx(0.6 / 0.6)


def test_the_mean_of_known_quantiles_is_as_by_hand():
    assert mean_of(SURE).item() == pytest.approx(100.0)
    # quantiles equal to their level: the trapezia are exact, but for the outer 1 % held at 0.01 and 0.99
    assert mean_of(LEVELS[None]).item() == pytest.approx(0.5)


def test_quantiles_of_weighted_values_follow_the_weights():
    values = np.array([3.0, 1.0, 2.0])
    even = weighted_quantiles(values, np.ones(3))
    assert even[11] == pytest.approx(2.0)
    assert (even[0], even[-1]) == (1.0, 3.0)
    heavy = weighted_quantiles(values, np.array([1.0, 1.0, 98.0]))
    assert heavy[11] == pytest.approx(2.0, abs=0.02)


def test_what_a_range_needed_is_the_distance_from_the_median_over_the_half_on_that_side():
    people = np.exp(np.array([np.r_[np.linspace(-2.2, 0.0, 12), np.linspace(0.1, 1.1, 11)]]))  # median at 1
    found = case_scores(people, np.exp(np.array([0.4])))
    # the 80 % range goes from level 0.1 (-1.6) to level 0.9 (0.8); the truth at 0.4 lies halfway up
    assert found["needed_80"].item() == pytest.approx(0.5)
    assert case_scores(people, np.exp(np.array([-3.2])))["needed_80"].item() == pytest.approx(2.0)


def test_ranges_that_held_too_seldom_should_have_been_wider_by_the_factor_that_would_have_held():
    needed = [0.1, 0.3, 0.5, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4, 2.0]  # of one crisis: four in five lie within 1.3
    columns = {f"needed_{mass}": needed for mass in (50, 80, 95)}
    held = {f"coverage_{mass}": [float(one <= 1) for one in needed] for mass in (50, 80, 95)}
    table = width_factors(pd.DataFrame({"group": "a", "horizon_weeks": 4, **columns, **held}))
    assert table.set_index("mass")["factor"].to_dict() == {50: 0.9, 80: 1.3, 95: 2.0}
    assert set(table["held"]) == {0.5}

"""What a series says at an origin, worked out by hand on a few rows."""

import numpy as np
import pytest
from made_up_series import day

from needscast.forecast.baselines import drift
from needscast.forecast.past import cases, origin_rows
from needscast.forecast.truth import interpolated, learning_cases, nearest
from needscast.inputs.series import read_series

# doubling every two weeks for four weeks, then a fall by half over four
FIGURES = [(0, 100_000), (14, 200_000), (28, 400_000), (56, 200_000)]
LOG2 = float(np.log(2))


@pytest.fixture
def series(folder):
    path = folder.series("made-up", FIGURES, hedge="at least")
    return read_series(path, onset=day(-14), population_at_risk=800_000)


def state(series, row):
    return cases(series, [row], [4.0]).iloc[0]


def test_age_counts_from_the_onset_and_the_record_from_the_first_row(series):
    assert (state(series, 2)["age"], state(series, 2)["record"]) == (6.0, 4.0)


def test_growth_is_seen_over_the_last_weeks_or_as_far_back_as_there_are_figures(series):
    found = state(series, 1)
    assert (found["growth_4"], found["span_4"]) == (pytest.approx(LOG2), 2.0)
    found = state(series, 2)
    assert (found["growth_4"], found["span_4"]) == (pytest.approx(2 * LOG2), 4.0)


def test_the_place_below_the_peak_and_the_share_at_risk_are_logs(series):
    found = state(series, 3)
    assert found["below_peak"] == pytest.approx(-LOG2)
    assert found["log_share"] == pytest.approx(-2 * LOG2)


def test_a_first_row_has_no_pace_and_no_steps(series):
    found = state(series, 0)
    assert (found["first"], found["growth_4"], found["span_16"]) == (1.0, 0.0, 0.0)
    assert np.isnan(found["restlessness"])


def test_the_hedge_of_the_newest_row_tells_a_lower_bound(series):
    assert state(series, 3)["lower_bound"] == 1.0


def test_drift_goes_on_at_the_pace_of_the_last_16_weeks(series):
    assert drift(cases(series, [3], [8.0])).item() == pytest.approx(LOG2 / 8 * 8)


def test_an_origin_less_than_six_days_after_the_one_before_is_none():
    assert origin_rows(np.array([0, 5, 6, 11, 12])) == [0, 2, 4]


def test_the_truth_between_two_reports_lies_on_the_log_line_between_them(series):
    start = series.days[0]
    assert np.exp(interpolated(series, 0, start + 7)) == pytest.approx(100_000 * np.sqrt(2))
    assert np.exp(interpolated(series, 2, start + 49)) == pytest.approx(400_000 * 2**-0.75)


def test_there_is_no_truth_after_the_last_report_nor_far_from_any(series):
    start = series.days[0]
    assert np.isnan(interpolated(series, 3, start + 60))
    assert np.isnan(interpolated(series, 0, start + 57))
    assert np.isnan(interpolated(series, 2, start + 28 + 12))  # 12 days ahead, the next report 16 days further


def test_learning_takes_a_report_near_the_target_as_it_was_printed(series):
    start = series.days[0]
    assert np.exp(nearest(series, 0, start + 18)) == pytest.approx(200_000)
    assert np.isnan(nearest(series, 2, start + 42))


def test_past_cases_name_their_crisis_and_have_an_outcome_each(series):
    table = learning_cases([series], horizons=(2, 4))
    assert set(table["group"]) == {"made-up"}
    assert table["growth"].notna().all()
    first = table[(table["row"] == 0) & (table["horizon"] == 4)]
    assert first["growth"].item() == pytest.approx(2 * LOG2)

"""What other programs may rely on: columns, levels, origins, and that nothing comes from the future."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_series import Folder, day

from needscast.forecast import forecast, hindcast
from needscast.forecast.model import model_without, shipped_series
from needscast.inputs.series import read_series

COLUMNS = ["series", "origin_date", "horizon_weeks", "target_date", "output_type", "output_type_id", "value"]
LEVELS = "0.01 0.025 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5 0.55 0.6 0.65 0.7 0.75 0.8 0.85 0.9 0.95 0.975 0.99"
EVERY_WEEK = range(1, 27)

gaps_and_steps = st.lists(
    st.tuples(st.integers(1, 120), st.floats(-3.0, 3.0, allow_nan=False)), min_size=0, max_size=12
)
quiet = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def figures_from(start, steps):
    """Turn gaps in days and steps in logs into (day, value) pairs."""
    days = np.cumsum([0, *(gap for gap, _ in steps)])
    values = np.exp(np.log(start) + np.cumsum([0.0, *(step for _, step in steps)]))
    return [(int(number), max(round(float(value)), 1)) for number, value in zip(days, values, strict=True)]


def quantiles(table):
    return table[table["output_type"] == "quantile"]["value"].to_numpy().reshape(-1, 23)


# --- the table ------------------------------------------------------------------------------------------------------


def test_a_forecast_has_23_quantiles_and_a_mean_for_each_horizon_and_the_columns_of_the_contract(folder, rising):
    table = forecast(folder.series("made-up", rising), as_of=day(30), horizons=(2, 8)).table
    assert list(table.columns) == COLUMNS
    assert len(table) == 2 * 24
    first = table[table["horizon_weeks"] == 2]
    assert list(first["output_type"]) == ["quantile"] * 23 + ["mean"]
    assert list(first["output_type_id"]) == [*LEVELS.split(), ""]
    assert set(table["series"]) == {"made-up"}
    assert set(table["origin_date"]) == {"2031-03-31"}


def test_a_target_date_is_the_origin_plus_the_horizon(folder, rising):
    table = forecast(folder.series("made-up", rising), as_of="2031-04-05", horizons=(1, 26)).table
    assert set(zip(table["horizon_weeks"], table["target_date"], strict=True)) == {
        (1, "2031-04-12"),
        (26, "2031-10-04"),
    }


def test_the_mean_lies_inside_the_outermost_quantiles(folder, rising):
    table = forecast(folder.series("made-up", rising), as_of=day(61), horizons=EVERY_WEEK).table
    means = table[table["output_type"] == "mean"]["value"].to_numpy()
    assert np.all(means > quantiles(table)[:, 0])
    assert np.all(means < quantiles(table)[:, -1])


@given(
    start=st.integers(1, 9_000_000),
    steps=gaps_and_steps,
    dated=st.booleans(),
    measure=st.sampled_from(["idp_stock", "displaced_cumulative", ""]),
)
@quiet
def test_quantiles_never_cross_and_none_is_negative_or_missing_at_any_horizon(
    tmp_path_factory, start, steps, dated, measure
):
    folder = Folder(tmp_path_factory.mktemp("any"))
    figures = figures_from(start, steps)
    onset = day(-10) if dated else None
    path = folder.series("any", figures, measure=measure)
    table = forecast(path, as_of=day(figures[-1][0]), horizons=EVERY_WEEK, onset=onset).table
    values = table["value"].to_numpy()
    assert np.all(np.isfinite(values))
    assert np.all(values > 0)
    assert np.all(np.diff(quantiles(table), axis=1) >= 0)


def test_ranges_widen_with_the_horizon(folder, rising):
    people = quantiles(forecast(folder.series("made-up", rising), as_of=day(61), horizons=(1, 4, 12, 26)).table)
    assert np.all(np.diff(np.log(people[:, 21] / people[:, 1])) > 0)


# --- origins --------------------------------------------------------------------------------------------------------


def test_every_row_is_an_origin_except_one_less_than_six_days_after_the_origin_before_it(folder):
    folder.series("made-up", [(0, 100), (5, 110), (6, 120), (11, 130), (12, 140), (17, 150), (19, 160), (60, 170)])
    table = hindcast(folder.path, horizons=(2,), workers=1).forecasts
    assert list(dict.fromkeys(table["origin_date"])) == [str(day(number)) for number in (0, 6, 12, 19, 60)]


def test_every_horizon_is_forecast_whether_or_not_a_later_figure_exists(folder, rising):
    folder.series("made-up", rising)
    table = hindcast(folder.path, horizons=(2, 26), workers=1).forecasts
    assert table.groupby("origin_date")["horizon_weeks"].agg(lambda weeks: sorted(set(weeks))).tolist() == [[2, 26]] * 6


# --- nothing from the future ----------------------------------------------------------------------------------------


def test_hindcast_and_forecast_agree_to_the_last_digit(folder, rising):
    path = folder.index(("made-up", {"onset_date": str(day(-4)), "group": "made-up"})).series("made-up", rising)
    whole = hindcast(folder.path, horizons=(2, 12), workers=1).forecasts
    for number in (0, 7, 16, 61, 100):
        own = whole[whole["origin_date"] == str(day(number))].reset_index(drop=True)
        pd.testing.assert_frame_equal(forecast(path, as_of=day(number), horizons=(2, 12)).table, own, check_exact=True)


@given(start=st.integers(500, 2_000_000), steps=gaps_and_steps.filter(lambda steps: len(steps) > 1), data=st.data())
@quiet
def test_a_file_cut_at_the_origin_gives_the_same_numbers(tmp_path_factory, start, steps, data):
    folder = Folder(tmp_path_factory.mktemp("cut"))
    figures = figures_from(start, steps)
    cut = data.draw(st.integers(1, len(figures) - 1))
    origin = day(figures[cut - 1][0])
    whole = forecast(folder.series("made-up", figures), as_of=origin, horizons=(1, 5, 26)).table
    known = forecast(folder.series("made-up", figures[:cut]), as_of=origin, horizons=(1, 5, 26)).table
    pd.testing.assert_frame_equal(whole, known, check_exact=True)


def test_a_measure_or_a_hedge_that_a_later_row_names_was_not_known_before(folder):
    early = [(0, 4_000), (9, 9_000), (20, 16_000)]
    known = forecast(folder.series("made-up", early, measure=""), as_of=day(20)).table
    path = folder.series("made-up", early, measure="")
    path.write_text(path.read_text() + f"{day(30)},30000,displaced_cumulative,more than,a source,,\n")
    pd.testing.assert_frame_equal(forecast(path, as_of=day(20)).table, known)


def test_columns_of_the_index_that_know_the_future_are_not_read(folder, rising):
    path = folder.index(("made-up", {"onset_date": str(day(-4))})).series("made-up", rising)
    known = forecast(path, as_of=day(16)).table
    future = {"peak": "210000", "last": str(day(100)), "n_points": "7", "first": str(day(0)), "notes": "turned in June"}
    folder.index(("made-up", {"onset_date": str(day(-4)), "quality": "C", "cause": "flood", "country": "X", **future}))
    pd.testing.assert_frame_equal(forecast(path, as_of=day(16)).table, known)


def test_an_onset_after_the_origin_is_not_used_and_that_is_said(folder, rising):
    path = folder.series("made-up", rising)
    later = forecast(path, as_of=day(16), onset=day(20))
    pd.testing.assert_frame_equal(later.table, forecast(path, as_of=day(16)).table)
    assert any("onset" in note and "not used" in note for note in later.notes)


@pytest.mark.parametrize("blank", ["onset_date", "population_at_risk", "group", "measure"])
def test_any_column_of_the_index_may_be_blank(folder, rising, blank):
    known = {"onset_date": str(day(-4)), "population_at_risk": "900000", "group": "made-up", "measure": "idp_stock"}
    folder.index(("made-up", {**known, blank: ""}))
    table = forecast(folder.series("made-up", rising), as_of=day(16)).table
    assert np.all(table["value"] > 0)


def test_an_index_with_fewer_columns_or_none_at_all_will_do(folder, rising):
    path = folder.series("made-up", rising)
    without = forecast(path, as_of=day(16)).table
    folder.index(("made-up", {}), header="slug,crisis")
    pd.testing.assert_frame_equal(forecast(path, as_of=day(16)).table, without)
    folder.index(("another", {"onset_date": "2030-01-01"}))
    pd.testing.assert_frame_equal(forecast(path, as_of=day(16)).table, without)


def test_options_go_before_what_the_index_says(folder, rising):
    path = folder.index(("made-up", {"onset_date": str(day(-400)), "population_at_risk": "70000000"})).series(
        "made-up", rising
    )
    told = forecast(path, as_of=day(16), onset=day(-4), population_at_risk=900_000).table
    folder.index(("made-up", {"onset_date": str(day(-4)), "population_at_risk": "900000"}))
    pd.testing.assert_frame_equal(forecast(path, as_of=day(16)).table, told)


# --- nothing from its own crisis ------------------------------------------------------------------------------------


def test_a_forecast_learns_nothing_from_the_series_of_its_own_crisis(folder, rising):
    own = shipped_series()[0].group
    path = folder.index(("made-up", {"group": own})).series("made-up", rising)
    by_group = forecast(path, as_of=day(16)).table
    folder.index(("made-up", {}))
    everything = forecast(path, as_of=day(16)).table
    left_out = forecast(path, as_of=day(16), exclude_groups=[own]).table
    pd.testing.assert_frame_equal(by_group, left_out)
    assert not np.allclose(by_group["value"], everything["value"])


def test_a_shipped_series_is_known_by_its_name_when_no_index_says_its_group(folder):
    series = next(one for one in shipped_series() if one.name == "palu-2018")
    figures = [
        (int(number) - int(series.days[0]), value) for number, value in zip(series.days, series.values, strict=True)
    ]
    named = forecast(folder.series("palu-2018", figures), as_of=day(30)).table["value"]
    other = forecast(folder.series("made-up", figures), as_of=day(30)).table["value"]
    told = forecast(folder.path / "made-up.csv", as_of=day(30), exclude_groups=["palu"]).table["value"]
    assert np.array_equal(named, told)
    assert not np.allclose(named, other)


def test_a_group_nobody_has_learned_from_changes_nothing():
    assert model_without(["a crisis of tomorrow", ""]) is model_without()


# --- order and names ------------------------------------------------------------------------------------------------


def test_the_order_of_rows_and_the_name_of_the_file_do_not_matter(folder, rising):
    one = forecast(folder.series("made-up", rising), as_of=day(100)).table
    other = forecast(folder.series("turned", reversed(rising)), as_of=day(100)).table
    pd.testing.assert_frame_equal(one.drop(columns="series"), other.drop(columns="series"))


def test_the_calendar_does_not_matter_only_how_long_ago(folder, rising):
    here = read_series(folder.series("made-up", rising), onset=day(-9))
    moved = [(number + 3_000, value) for number, value in rising]
    there = read_series(folder.series("moved", moved), onset=day(2_991))
    one, other = forecast(here, as_of=day(61)).table, forecast(there, as_of=day(3_061)).table
    assert np.array_equal(one["value"], other["value"])


def test_a_figure_ten_times_as_large_gives_about_ten_times_the_people_once_the_count_is_established(folder):
    slow = [(30 * step, 600_000 + 9_000 * step) for step in range(12)]
    small = quantiles(forecast(folder.series("small", slow), as_of=day(330)).table)
    large = quantiles(forecast(folder.series("large", [(d, 10 * v) for d, v in slow]), as_of=day(330)).table)
    assert np.all(np.abs(np.log(large[:, 11] / small[:, 11] / 10)) < 0.1)


def test_the_origin_may_be_a_date_or_its_text(folder, rising):
    path = folder.series("made-up", rising)
    pd.testing.assert_frame_equal(
        forecast(path, as_of="2031-03-31").table, forecast(path, as_of=date(2031, 3, 31)).table
    )
    assert day(30) - timedelta(days=30) == date(2031, 3, 1)

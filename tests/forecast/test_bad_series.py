"""Series as they really come: one point, gaps, zeros, dates twice or out of order, a slip of digits, nothing at all."""

import numpy as np
import pytest
from made_up_series import HEADER, day

from needscast.errors import InputError, NeedscastError
from needscast.forecast import forecast, hindcast

FIGURES = [(0, 12_000), (7, 35_000), (16, 90_000), (30, 150_000)]


def values(made):
    return made.table["value"].to_numpy()


def said(made, *words):
    return [note for note in made.notes if all(word in note for word in words)]


def test_one_figure_is_forecast_and_its_ranges_are_said_to_be_those_of_other_crises(folder):
    made = forecast(folder.series("one", FIGURES[:1]), as_of=day(0), horizons=(1, 26))
    assert np.all(values(made) > 0)
    assert said(made, "one figure only")


def test_a_gap_of_months_is_bridged(folder):
    made = forecast(folder.series("gap", [*FIGURES, (330, 160_000)]), as_of=day(330))
    assert np.all(np.isfinite(values(made)))


def test_a_newest_figure_that_is_old_widens_the_ranges_and_is_said(folder):
    path = folder.series("stale", FIGURES)
    fresh, stale = forecast(path, as_of=day(30), horizons=(4,)), forecast(path, as_of=day(80), horizons=(4,))
    width = [np.log(values(made)[21] / values(made)[1]) for made in (fresh, stale)]
    assert width[1] > width[0]
    assert said(stale, "50 days older")


def test_an_old_crisis_that_flares_up_is_asked_for_the_first_day_of_its_new_phase(folder):
    path = folder.series("flare", [*FIGURES, (210, 160_000), (238, 240_000)])
    old, new = (forecast(path, as_of=day(238), horizons=(4,), onset=day(first)) for first in (0, 230))
    assert said(old, "rose by 50% in 4 weeks, 34 weeks after the onset", "first day as the onset")
    assert not said(new, "first day as the onset")
    width = [np.log(values(made)[21] / values(made)[1]) for made in (old, new)]
    assert width[1] > 1.5 * width[0]


def test_a_newest_figure_of_more_than_a_year_ago_is_no_starting_point(folder):
    with pytest.raises(NeedscastError, match="366 days old; a forecast needs one of the last year"):
        forecast(folder.series("old", FIGURES), as_of=day(30 + 366))


def test_falling_values_are_forecast_to_end_below_where_they_started(folder):
    falling = [(0, 900_000), (20, 700_000), (40, 500_000), (60, 380_000)]
    table = forecast(folder.series("falling", falling), as_of=day(60), horizons=(8,)).table
    assert float(table[table["output_type_id"] == "0.5"]["value"].iloc[0]) < 380_000


def test_a_date_twice_is_one_figure_between_both_whatever_their_order(folder):
    once = forecast(folder.series("once", [*FIGURES[:2], (16, 90_000)]), as_of=day(16))
    rows = [(16, 100_000), *FIGURES[:2], (16, 81_000)]
    twice = forecast(folder.series("twice", rows), as_of=day(16))
    assert np.allclose(values(once), values(twice))
    assert said(twice, "2031-03-17", "81,000", "100,000", "taken as one of 90,000")


def test_zeros_and_blanks_are_left_out_and_said_for_nothing_grows_from_zero(folder):
    plain = forecast(folder.series("plain", FIGURES), as_of=day(30))
    holes = forecast(folder.series("holes", [*FIGURES[:2], (10, 0), (12, ""), *FIGURES[2:]]), as_of=day(30))
    assert np.array_equal(values(plain), values(holes))
    assert said(holes, "2031-03-11", "zero")
    assert said(holes, "2031-03-13", "no value")


def test_a_jump_of_a_hundred_times_is_kept_and_said(folder):
    made = forecast(folder.series("jump", [*FIGURES, (37, 15_000_000)]), as_of=day(37), horizons=range(1, 27))
    assert np.all(np.isfinite(values(made)))
    assert said(made, "150,000 is followed by 15,000,000", "slip of digits")


def test_dates_out_of_order_are_sorted_and_said(folder):
    made = forecast(folder.series("shuffled", [FIGURES[2], FIGURES[0], FIGURES[3], FIGURES[1]]), as_of=day(30))
    assert np.array_equal(values(made), values(forecast(folder.series("sorted", FIGURES), as_of=day(30))))
    assert said(made, "order of their dates")


def test_points_after_the_origin_are_counted_and_not_used(folder):
    made = forecast(folder.series("later", FIGURES), as_of=day(10))
    assert said(made, "2 row(s) after 2031-03-11 are not used")


def test_what_was_mended_after_the_origin_is_not_told(folder):
    made = forecast(folder.series("later", [*FIGURES, (44, 0)]), as_of=day(30))
    assert not said(made, "zero")


def test_no_onset_is_said_and_does_not_stop_the_forecast(folder):
    made = forecast(folder.series("undated", FIGURES), as_of=day(30))
    assert said(made, "no onset")
    assert np.all(values(made) > 0)


def test_a_measure_we_do_not_know_is_said_with_how_it_is_taken(folder):
    made = forecast(folder.series("word", FIGURES, measure="families_moved"), as_of=day(30))
    assert said(made, "families_moved", "idp_stock", "can fall")


def test_figures_of_another_measure_are_left_out_and_said(folder):
    path = folder.series("mixed", FIGURES)
    path.write_text(path.read_text() + f"{day(20)},999000,displaced_cumulative,,a source,,\n")
    made = forecast(path, as_of=day(30))
    assert np.array_equal(values(made), values(forecast(folder.series("plain", FIGURES), as_of=day(30))))
    assert said(made, "displaced_cumulative among figures of idp_stock")


def test_more_people_than_were_at_risk_is_said_and_the_ceiling_is_soft(folder):
    made = forecast(folder.series("share", FIGURES), as_of=day(30), population_at_risk=100_000)
    assert said(made, "more people are reported than were at risk")
    assert values(made).max() > 150_000


def test_a_share_of_the_population_keeps_the_upper_range_below_a_soft_ceiling(folder):
    path = folder.series("ceiling", FIGURES)
    held = values(forecast(path, as_of=day(16), horizons=(26,), population_at_risk=120_000))
    assert held.max() < 2.5 * 120_000


@pytest.mark.parametrize("value", [1, 7, 300])
def test_a_handful_of_people_can_be_forecast(folder, value):
    made = forecast(folder.series("few", [(0, value), (9, value + 1)]), as_of=day(9), horizons=(1, 26))
    assert np.all(np.isfinite(values(made)))


def test_figures_over_many_years_can_be_forecast(folder):
    years = [(30 * month, 500_000 + 1_000 * month) for month in range(300)]
    made = forecast(folder.series("years", years), as_of=day(30 * 299), horizons=range(1, 27), onset=day(-900))
    assert np.all(np.isfinite(values(made)))


def test_a_file_as_offices_send_it_is_read(folder):
    plain = forecast(folder.series("plain", FIGURES), as_of=day(30))
    sent = folder.path / "sent.csv"
    rows = [f"{day(number)};{value:,};idp_stock".replace(",", " ") for number, value in FIGURES]
    sent.write_bytes("\r\n".join(["as_of;value;measure", *rows, ""]).encode("utf-8-sig"))
    assert np.array_equal(values(plain), values(forecast(sent, as_of=day(30))))


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ("2031-02-30,100,idp_stock,,,,", "made-up.csv:2:as_of"),
        ("03/04/2031,100,idp_stock,,,,", "made-up.csv:2:as_of"),
        ("2031-03-01,-5,idp_stock,,,,", "made-up.csv:2:value"),
        ("2031-03-01,about a million,idp_stock,,,,", "made-up.csv:2:value"),
        ("2031-03-01,1.234,idp_stock,,,,", "made-up.csv:2:value"),
        ("2031-03-01,0,idp_stock,,,,", "made-up.csv:0:value"),
        ("", "made-up.csv:0:value"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_refused_with_file_row_and_column(folder, rows, where):
    path = folder.path / "made-up.csv"
    path.write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    with pytest.raises(InputError, match=where):
        forecast(path, as_of=day(0))


def test_a_series_without_a_column_of_values_is_refused(folder):
    path = folder.path / "made-up.csv"
    path.write_text("as_of,people\n2031-03-01,100\n", encoding="utf-8")
    with pytest.raises(InputError, match="value: the column is missing"):
        forecast(path, as_of=day(0))


def test_every_problem_of_every_file_of_a_folder_is_told_at_once(folder):
    (folder.path / "one.csv").write_text(f"{HEADER}\n2031-13-01,100,,,,,\n", encoding="utf-8")
    (folder.path / "two.csv").write_text(f"{HEADER}\n2031-03-01,minus,,,,,\n", encoding="utf-8")
    with pytest.raises(InputError) as found:
        hindcast(folder.path)
    assert [problem.file for problem in found.value.problems] == ["one.csv", "two.csv"]


@pytest.mark.parametrize("horizons", [(0,), (27,), (-2,), (2.5,), (True,), (4, 4), ()])
def test_horizons_other_than_whole_weeks_from_1_to_26_each_once_are_refused(folder, horizons):
    with pytest.raises(NeedscastError, match="horizon"):
        forecast(folder.series("made-up", FIGURES), as_of=day(30), horizons=horizons)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"as_of": "2031-02-30"}, "is not a date"),
        ({"as_of": "2031-02-28"}, "the first is of 2031-03-01"),
        ({"population_at_risk": 0.0}, "population at risk"),
        ({"population_at_risk": float("nan")}, "population at risk"),
    ],
)
def test_a_wrong_origin_or_population_is_refused_with_what_to_do(folder, wrong, words):
    with pytest.raises(NeedscastError, match=words):
        forecast(folder.series("made-up", FIGURES), **{"as_of": day(30), **wrong})


def test_a_folder_that_is_none_or_holds_no_series_is_refused(folder):
    with pytest.raises(NeedscastError, match="not a folder"):
        hindcast(folder.path / "nowhere")
    with pytest.raises(NeedscastError, match="holds no series"):
        hindcast(folder.index(("made-up", {})).path)


def test_the_index_itself_is_no_series(folder):
    folder.index(("made-up", {}))
    with pytest.raises(NeedscastError, match="describes series and is none"):
        forecast(folder.path / "INDEX.csv", as_of=day(0))

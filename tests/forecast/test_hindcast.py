"""The hindcast: continued where it stopped, the same however many work at it, scored beside simple rules."""

import sys

import numpy as np
import pandas as pd
import pytest

from needscast.forecast import hindcast, write_hindcast
from needscast.forecast.baselines import BASELINES
from needscast.forecast.hindcast import PARTS

room = sys.modules["needscast.forecast.hindcast"]  # the name in the package is that of the function


@pytest.fixture
def two(folder, rising):
    """A folder with two series of one crisis and one of another."""
    folder.index(("first", {"group": "a"}), ("second", {"group": "a"}), ("third", {}))
    folder.series("first", rising)
    folder.series("second", [(number, value // 2) for number, value in rising], measure="refugee_stock")
    folder.series("third", [(number * 2, value * 3) for number, value in rising[1:]])
    return folder


@pytest.fixture
def counted(monkeypatch):
    """The names of the series that were forecast, in order of being done."""
    done, plain = [], room._forecasts

    def forecasts(series, horizons):
        done.append(series.name)
        return plain(series, horizons)

    monkeypatch.setattr(room, "_forecasts", forecasts)
    return done


def test_the_scores_stand_beside_those_of_three_simple_rules(two):
    scores = hindcast(two.path, workers=1).scores
    assert set(scores["model"]) == {"needscast", *BASELINES}
    assert set(scores["by"]) == {"overall", "horizon", "crisis", "series"}
    assert set(scores["rows"]) == {"all", "first", "later"}
    for column in ("wis_log", "crps_log", "wis_people", "crps_people", "coverage_50", "coverage_80", "coverage_95"):
        assert scores[column].notna().all()


def test_a_crisis_of_several_series_counts_once(two):
    scores = hindcast(two.path, workers=1).scores
    overall = scores[(scores["by"] == "overall") & (scores["rows"] == "all")]
    assert set(overall["crises"]) == {2}
    assert set(scores[scores["by"] == "crisis"]["name"]) == {"a", "third"}


def test_a_hindcast_is_the_same_however_many_series_are_done_at_a_time(two):
    one, several = hindcast(two.path, workers=1), hindcast(two.path, workers=3)
    pd.testing.assert_frame_equal(one.forecasts, several.forecasts, check_exact=True)
    pd.testing.assert_frame_equal(one.scores, several.scores, check_exact=True)


def test_progress_is_told_after_each_series(two):
    told = []
    hindcast(two.path, workers=1, progress=lambda *what: told.append(what))
    assert told == [(1, 3, "first"), (2, 3, "second"), (3, 3, "third")]


def test_running_again_forecasts_nothing_twice_and_writes_the_same_bytes(two, tmp_path, counted):
    write_hindcast(two.path, tmp_path / "out", workers=1)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}
    write_hindcast(two.path, tmp_path / "out", workers=1)
    assert counted == ["first", "second", "third"]
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.csv")}
    assert set(before) == {"forecasts.csv", "scores.csv", "cases.csv", "notes.csv"}


def test_a_run_that_broke_goes_on_with_the_series_it_had_not_done(two, tmp_path, counted, monkeypatch):
    plain = room._forecasts

    def breaks(series, horizons):
        if series.name == "third":
            raise MemoryError("the machine is full")
        return plain(series, horizons)

    with monkeypatch.context() as broken, pytest.raises(MemoryError):
        broken.setattr(room, "_forecasts", breaks)
        write_hindcast(two.path, tmp_path / "out", workers=1)
    assert not (tmp_path / "out" / "scores.csv").exists()
    write_hindcast(two.path, tmp_path / "out", workers=1)
    assert counted == ["first", "second", "third"]


def test_a_changed_file_is_done_again_and_the_others_are_not(two, tmp_path, counted, rising):
    write_hindcast(two.path, tmp_path / "out", workers=1)
    two.series("second", [(number, value // 3) for number, value in rising])
    write_hindcast(two.path, tmp_path / "out", workers=1)
    assert counted == ["first", "second", "third", "second"]


def test_a_kept_part_that_was_cut_off_is_done_again(two, tmp_path, counted):
    write_hindcast(two.path, tmp_path / "out", workers=1)
    whole = (tmp_path / "out" / "forecasts.csv").read_bytes()
    part = next((tmp_path / "out" / PARTS).glob("second-*"))
    part.write_bytes(part.read_bytes()[:2_000])
    write_hindcast(two.path, tmp_path / "out", workers=1)
    assert (tmp_path / "out" / "forecasts.csv").read_bytes() == whole


def test_a_series_that_cannot_be_scored_is_forecast_all_the_same(folder):
    folder.series("one", [(0, 5_000)])
    made = hindcast(folder.path, workers=1)
    assert len(made.forecasts) == 4 * 24
    assert made.scores.empty


def test_a_hindcast_says_of_which_series_something_was_mended(folder):
    folder.series("made-up", [(0, 5_000), (10, 0), (20, 9_000)])
    assert hindcast(folder.path, workers=1).notes == (
        "made-up: 2031-03-11: zero people; left out, nothing grows from zero",
    )


def test_scores_hold_for_a_truth_known_by_hand(folder):
    folder.series("still", [(14 * number, 50_000) for number in range(6)])
    cases = hindcast(folder.path, horizons=(2,), workers=1).cases
    assert np.allclose(cases["truth"], 50_000)
    stays = cases[cases["model"] == "persistence"]
    assert np.allclose(stays["median"], 50_000)
    assert np.allclose(stays["coverage_50"], 1.0)

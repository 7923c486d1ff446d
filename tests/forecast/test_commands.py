"""`needscast forecast` and `needscast hindcast`: tables to standard output or files, words to standard error."""

import io
import re

import pandas as pd
from made_up_series import day

from needscast.cli import main
from needscast.forecast import Hindcast, forecast


def run(*arguments):
    return main([str(each) for each in arguments])


def test_the_table_goes_to_standard_output_and_the_notes_to_standard_error(folder, rising, capsys):
    path = folder.series("made-up", rising)
    assert run("forecast", path, "--as-of", day(16), "--horizons", "2,26") == 0
    said = capsys.readouterr()
    table = pd.read_csv(io.StringIO(said.out), dtype={"output_type_id": str}, keep_default_na=False)
    expected = forecast(path, as_of=day(16), horizons=(2, 26)).table
    pd.testing.assert_frame_equal(table, expected, check_dtype=False, rtol=1e-12)
    assert "no onset is given" in said.err


def test_onset_and_population_at_risk_may_be_given(folder, rising, tmp_path, capsys):
    path, out = folder.series("made-up", rising), tmp_path / "made.csv"
    options = ["--as-of", day(16), "--onset", day(-4), "--population-at-risk", 900_000, "--out", out]
    assert run("forecast", path, *options) == 0
    expected = forecast(path, as_of=day(16), onset=day(-4), population_at_risk=900_000).table
    assert pd.read_csv(out)["value"].tolist() == expected["value"].tolist()
    assert capsys.readouterr().out == ""


def test_what_cannot_be_forecast_ends_with_1_a_sentence_and_no_traceback(folder, rising, capsys):
    assert run("forecast", folder.series("made-up", rising), "--as-of", day(-1)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "no figure by" in said.err
    assert "Traceback" not in said.err


def test_a_horizon_beyond_half_a_year_ends_with_1(folder, rising, capsys):
    assert run("forecast", folder.series("made-up", rising), "--as-of", day(16), "--horizons", "27") == 1
    assert "from 1 to 26" in capsys.readouterr().err


def test_a_hindcast_writes_forecasts_and_scores_and_is_quiet_in_a_pipe(folder, rising, tmp_path, capsys):
    folder.series("made-up", rising)
    assert run("hindcast", folder.path, "--horizons", "2,4", "--out", tmp_path / "out") == 0
    said = capsys.readouterr()
    assert said.out == ""
    written, scored = said.err.splitlines()
    assert written == f"forecasts.csv, scores.csv and cases.csv in {tmp_path / 'out'}"
    assert re.fullmatch(
        r"\d+ forecasts of 1 crisis: error [\d.]+ times .*; what came was held by 50 % ranges in .*", scored
    )
    assert (tmp_path / "out" / "notes.csv").read_text() == "series,note\n"
    assert {"forecasts.csv", "scores.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}


def test_a_hindcast_says_in_a_sentence_how_good_it_was():
    row = {"model": "needscast", "by": "overall", "rows": "all", "forecasts": 489, "crises": 17, "wis_ratio": 0.591}
    scores = pd.DataFrame([row | {"coverage_50": 0.497, "coverage_80": 0.822, "coverage_95": 0.92}])
    assert str(Hindcast(pd.DataFrame(), pd.DataFrame(), scores)) == (
        "489 forecasts of 17 crises: error 0.59 times that of the better simple rule; "
        "what came was held by 50 % ranges in 50 %, 80 % ranges in 82 %, 95 % ranges in 92 %"
    )
    nothing = Hindcast(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    assert str(nothing) == "no forecast has a later figure to be held against"


def test_what_a_hindcast_mended_is_written_beside_its_scores(folder, rising, tmp_path, capsys):
    folder.series("made-up", [*rising, (107, 0)])
    assert run("hindcast", folder.path, "--out", tmp_path / "out") == 0
    assert "1 note on what was mended in notes.csv" in capsys.readouterr().err
    assert 'made-up,"2031-06-16: zero people' in (tmp_path / "out" / "notes.csv").read_text()

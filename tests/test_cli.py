"""The commands: their contracts, their exit statuses, and examples in --help that work."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from needscast import chain, cli, usage

ROOT = Path(__file__).parents[1]
TOY = ROOT / "tests" / "crises" / "toy"
SIX = ("displacement", "people", "demand", "costs", "gap", "drivers")
LEVELS = ["0.01", "0.025", *(f"{5 * step / 100:g}" for step in range(1, 20)), "0.975", "0.99"]


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def command(*arguments):
        status = cli.main([str(each) for each in arguments])
        return status, *capsys.readouterr()

    return command


def table(path):
    return pd.read_csv(path, dtype={"output_type_id": str}, keep_default_na=False)


def test_a_good_crisis_checks_without_a_problem(run):
    status, out, err = run("check", TOY)
    assert (status, out) == (0, "")
    assert "no problems" in err


def test_every_problem_is_printed_with_its_place_and_the_status_is_one(run, tmp_path):
    made = tmp_path / "mine"
    run("new", made)
    figures = made / "figures.csv"
    figures.write_text(figures.read_text().replace("2", "x"))
    status, out, err = run("check", made)
    assert status == 1
    assert re.match(r"figures\.csv:\d+:\w+: ", out.splitlines()[0])
    assert f"{len(out.splitlines())} problems" in err


def test_the_nowcast_is_written_as_twenty_three_quantiles_and_a_mean(run, tmp_path):
    status, _, _ = run("nowcast", TOY, "--draws", "256", "--out", "now.csv")
    made = table(tmp_path / "now.csv")
    assert status == 0
    assert made.columns.tolist() == [
        "measure", "group", "area", "period_start", "as_of", "unit", "output_type", "output_type_id", "value",
    ]  # fmt: skip
    one = made[made["measure"].eq("population_stock") & made["area"].eq("toyland")]
    assert one["output_type_id"].tolist() == [*LEVELS, ""]
    assert one["output_type"].tolist() == ["quantile"] * 23 + ["mean"]
    assert one["value"].iloc[:23].is_monotonic_increasing


def test_a_forecast_goes_to_standard_output_and_words_to_standard_error(run, tmp_path):
    (tmp_path / "mine.csv").write_text("as_of,value\n2020-01-01,1000\n2020-01-08,2000\n2020-01-15,2500\n")
    status, out, err = run("forecast", "mine.csv", "--as-of", "2020-01-10", "--horizons", "2,4")
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == "series,origin_date,horizon_weeks,target_date,output_type,output_type_id,value"
    assert len(lines) == 1 + 2 * 24
    assert lines[1].startswith("mine,2020-01-10,2,2020-01-24,quantile,0.01,")
    assert "1 row(s) after 2020-01-10 are not used" in err


def test_a_hindcast_agrees_with_the_forecast_from_the_same_day(run, tmp_path):
    folder = tmp_path / "series"
    folder.mkdir()
    (folder / "mine.csv").write_text("as_of,value\n2020-01-01,1000\n2020-01-08,2000\n2020-01-15,2500\n")
    assert run("hindcast", folder, "--horizons", "2", "--out", "made")[0] == 0
    made = table(tmp_path / "made" / "forecasts.csv")
    run("forecast", folder / "mine.csv", "--as-of", "2020-01-08", "--horizons", "2", "--out", "one.csv")
    same = made[made["origin_date"] == "2020-01-08"].reset_index(drop=True)
    assert made["origin_date"].unique().tolist() == ["2020-01-01", "2020-01-08", "2020-01-15"]
    pd.testing.assert_frame_equal(same, table(tmp_path / "one.csv"))
    assert (tmp_path / "made" / "scores.csv").exists()


def test_estimate_writes_every_table_of_every_scenario_and_says_what_each_is(run, tmp_path):
    assert run("estimate", TOY, "--draws", "64", "--out", "tables")[0] == 0
    for scenario in ("as-now", "offensive"):
        files = {path.name for path in (tmp_path / "tables" / scenario).iterdir()}
        assert files == {f"{name}.csv" for name in chain.estimate(TOY, scenario, draws=64).tables}
        assert files == {f"{name}.csv" for name in usage.TABLES}
    assert tuple(usage.TABLES)[:6] == chain.TABLES == (*SIX,)
    told = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for name in usage.TABLES:
        columns = table(tmp_path / "tables" / "as-now" / f"{name}.csv").columns
        assert f"`{name}.csv`" in told and [each for each in columns if f"`{each}`" not in told] == [], name
    people = pd.read_csv(tmp_path / "tables" / "as-now" / "people.csv")
    labels = ["sector", "group", "area", "week", "week_start"]
    assert people.columns.tolist() == [*labels, "unit", "lower", "median", "upper", "mean", "mass", "sources"]


def test_a_made_up_crisis_area_scenario_sector_and_item_appear_in_a_report_without_any_code(run, tmp_path):
    assert run("render", TOY, "--scenario", "offensive", "--draws", "64", "--to", "html", "--out", "made")[0] == 0
    (page,) = (tmp_path / "made" / "runs").glob("*/offensive.html")
    text = page.read_text(encoding="utf-8")
    for name in ("Toyland", "Safe side", "An offensive of one week", "Toy sector", "Blanket"):
        assert name in text


def test_explain_walks_from_a_headline_to_figures_and_standards(run):
    status, out, _ = run("explain", TOY, "cost", "--scenario", "offensive", "--draws", "64")
    assert status == 0
    assert out.startswith("cost = ")
    assert "norm of blanket" in out and "Sources" in out


def test_a_wrong_headline_names_the_known_ones_without_a_traceback(run):
    status, out, err = run("explain", TOY, "costt", "--draws", "64")
    assert (status, out) == (1, "")
    assert "did you mean 'cost'" in err and "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["estimate", "x"],
        ["render", "--workers", "0"],
        ["nowcast", "x", "--as-of", "21/01/2020"],
        ["frobnicate"],
        [],
    ],
)
def test_wrong_usage_has_status_two(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert "usage: needscast" in capsys.readouterr().err


def spoilt(made, file, pattern, new):
    """Change the one line of a file that matches."""
    path = made / file
    text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")


def without(made, *starts):
    """Delete the rows of rates.csv that begin so."""
    rates = made / "rates.csv"
    lines = rates.read_text(encoding="utf-8").splitlines(keepends=True)
    rates.write_text("".join(line for line in lines if not line.startswith(starts)), encoding="utf-8")


def test_check_counts_the_cells_that_are_still_to_fill_in_and_says_where_the_first_are(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "crisis.toml", r'^country = "\w+"', 'country = "SYR"')
    status, out, err = run("check", tmp_path / "mine")
    assert (status, out) == (0, "")
    assert re.search(r"note: \d+ cells still begin with 'TO FILL IN': crisis\.toml:1:name, .* and \d+ more", err)


def test_check_finds_every_input_that_a_run_would_not_find(run, tmp_path):
    run("new", tmp_path / "mine")
    without(tmp_path / "mine", "return_hazard,", "destination_weight,zone-safe", "birth_rate", "goods_lost_share")
    status, out, err = run("check", tmp_path / "mine")
    assert status == 1 and "4 problems" in err
    assert all(line.startswith("rates.csv:0:input: ") and "; add a row of it" in line for line in out.splitlines())
    for words in ("'return_hazard' is", "'destination_weight' is missing for the zone 'zone-safe',", "'birth_rate' is"):
        assert words in out


def test_check_says_that_an_input_is_missing_because_it_is_younger_than_the_reference_date(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "rates.csv", r"^(birth_rate,.*),2026-01-31,", r"\1,2026-02-20,")
    status, out, _ = run("check", tmp_path / "mine")
    assert status == 1
    assert re.search(r"'birth_rate' is missing, .*; rates\.csv row 27 gives it, but is undated or younger than", out)


def test_check_finds_a_language_that_no_report_can_be_written_in(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "crisis.toml", r"^languages = \[", 'languages = ["es", ')
    status, out, _ = run("check", tmp_path / "mine")
    assert status == 1
    assert re.match(r"crisis\.toml:0:languages: .*'es'.*\ben\b.*; leave it out, or translate", out)


def test_a_crisis_from_before_its_sector_cards_is_reported_and_says_that_nothing_of_them_is_estimated(run, tmp_path):
    shutil.copytree(TOY, tmp_path / "mine")
    card = tmp_path / "mine" / "sectors" / "TOY.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("2020-01-28", "2020-02-28"), encoding="utf-8")
    status, _, err = run("check", tmp_path / "mine")
    assert status == 0
    assert "not estimated, because who requires their help is undated or younger than 2020-01-28: TOY; give" in err
    assert run("render", tmp_path / "mine", "--draws", "64", "--to", "html", "--out", "made")[0] == 0
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (tmp_path / "made" / "runs").glob("*/*.html")}
    assert {"as-now", "offensive", "comparison"} <= pages.keys()
    assert "requiring it was public by 28\N{NO-BREAK SPACE}January 2020: Toy sector" in pages["as-now"]
    for page in ("as-now", "comparison"):
        assert "No demand could be estimated, so no order is planned: it is unknown, not zero." in pages[page]


def test_check_asks_about_a_figure_of_tomorrow_and_names_the_figures_that_are_not_used(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "crisis.toml", r'^country = "\w+"', 'country = "SYR"')
    spoilt(tmp_path / "mine", "figures.csv", r"^(F007,.*),2026-01-30,", r"\1,2099-01-31,")
    status, _, err = run("check", tmp_path / "mine")
    assert status == 0
    assert "note: figures.csv:8:published: F007 is of 2099-01-31, later than today: a slip?" in err
    assert "note: 1 figure is younger than 2026-01-31 and not used: F007" in err


def test_check_says_what_was_made_for_another_country_and_what_to_replace_first(run, tmp_path):
    shutil.copytree(TOY, tmp_path / "mine")
    spoilt(tmp_path / "mine", "sectors/TOY.toml", "^order = 1", 'order = 1\nmade_for = "XXB"')
    status, _, err = run("check", tmp_path / "mine")
    assert status == 0
    assert re.search(
        r"note: \d+ of the \d+ shares and prices in use were made for XXB, not for XXA: replace first", err
    )
    assert re.search(r"note: \d+ lead times? .* made for XXB", err)


def test_an_unknown_crisis_is_one_sentence(run):
    status, _, err = run("check", "atlantis")
    assert status == 1
    assert "atlantis" in err and len(err.strip().splitlines()) <= 3


EXAMPLES = {name: example for name, (_, example, _) in usage.COMMANDS.items()}


SLOW = ("render", "hindcast", "schedule")


WHOLE = ("estimate", "explain", "nowcast")  # they work through the shipped crisis
RUN = [
    pytest.param(name, marks=[pytest.mark.prove] if name in WHOLE else [])
    for name in EXAMPLES
    if name.split()[0] not in SLOW
]


@pytest.mark.parametrize("command", RUN)
def test_the_example_in_the_help_of_a_command_works(command, run, monkeypatch):
    from needscast.inputs.shipped import data_path

    series = data_path("hindcast", "syria-offensive-2024.csv")
    example = EXAMPLES[command].replace("data/hindcast/syria-offensive-2024.csv", str(series))
    assert run(command, *shlex.split(example))[0] == 0


def test_help_needs_no_big_library():
    asked = "print('numpy' in sys.modules, 'pandas' in sys.modules)"
    code = f"import sys; from needscast import cli; cli._parser(); {asked}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_field_check_of_a_zone_that_is_not_there_names_the_nearest(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "checks.csv", "now/newly_displaced/zone-safe", "now/newly_displaced/zone-save")
    status, out, _ = run("check", tmp_path / "mine")
    assert status == 1
    assert out.startswith("checks.csv:3:measures: unknown zone 'zone-save'; did you mean 'zone-safe'?")


def test_a_missing_file_is_told_first_and_a_line_without_a_column_ends_in_one_colon(run, tmp_path):
    run("new", tmp_path / "mine")
    spoilt(tmp_path / "mine", "crisis.toml", r'^time_zone = "UTC"', "time_zone = UTC")
    (tmp_path / "mine" / "sources.csv").unlink()
    _, out, _ = run("check", tmp_path / "mine")
    first, second, *_ = out.splitlines()
    assert first.startswith("sources.csv: is missing; add it with the columns source, name")
    assert second.startswith("crisis.toml:3: is not TOML")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--language", "es"], "unknown language 'es' (known: ar, en, fr"),
        (["--to", "html,pdff"], "unknown format 'pdff'; did you mean 'pdf'? (known: csv, docx, html"),
    ],
)
def test_an_unknown_language_or_format_is_wrong_usage_that_names_the_known_ones(option, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["render", *option])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_a_crisis_with_a_slip_in_its_name_is_found_in_the_current_folder(run):
    run("new", "my-crisis")
    status, _, err = run("check", "my-crysis")
    assert status == 1
    assert "unknown crisis 'my-crysis'; did you mean 'my-crisis'?" in err


def test_a_quantity_like_no_other_is_told_what_can_be_asked(run):
    status, _, err = run("explain", TOY, "zzz", "--draws", "64")
    assert status == 1
    assert "unknown quantity 'zzz'; name a headline (" in err

"""Beside the official count, where the displaced sleep, and the routes that a public edition keeps back."""

from made_up_report import growing, made_up_results
from reading import WORDS, said

from needscast import report
from needscast.draws import Draws
from needscast.report.alt import alt
from needscast.report.blocks import Chart, Table, flat


def test_a_scenario_stands_beside_the_forecast_of_the_official_count():
    shown = report.page(made_up_results()).show("outlook")
    assert "the last official count, 350,000 people on 14 January 2020" in said(shown)
    assert "From today on the middle rises by" in said(shown)
    chart = next(block for block in flat([shown]) if isinstance(block, Chart))
    assert [point["value"] for point in chart.data["reported"]] == [300_000, 350_000]
    assert len(chart.data["points"]) == len(chart.data["expected"]) + 1
    assert "The forecast beside it on 21 April 2020" in alt(chart, WORDS).replace("\u00a0", " ")


def test_without_an_official_series_the_page_says_so():
    results = made_up_results()
    results.crisis.settings.anchor_source = "monitor"
    assert "cannot be set beside the official count" in said(report.page(results).show("outlook"))


def test_an_estimate_below_the_official_count_is_said_to_be_below_it():
    results = made_up_results()
    low = growing(Draws(results.draws, results.seed), 1.0)
    results.since_onset = low.apply(lambda people: people / 2, dims=low.dims, unit_text="person", name=low.name)
    assert "below the last official count" in said(report.page(results).show("outlook"))


def test_a_public_edition_keeps_flows_between_zones_back():
    shown = report.page(made_up_results()).show("routes")
    assert not [block for block in flat([shown]) if isinstance(block, Table | Chart)]
    assert "kept out of public editions" in said(shown)


def test_where_no_shares_are_given_the_page_says_that_shelter_was_not_estimated():
    assert "not estimated" in said(report.page(made_up_results()).show("shelter"))


def test_figures_behind_the_ranges_are_those_the_reasons_cite():
    results = made_up_results()
    results.inputs[0].__dict__.update(name="pace_decay", reason="the wave before kept its pace (F1), not F77")
    shown = report.page(results).show("analogues")
    table = next(block for block in flat([shown]) if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["F1"]

"""What is held, when it runs out and what was given so far, as the report says it."""

import pandas as pd
import pytest
from made_up_report import made_up_results
from reading import WORDS, said, tables

from needscast import report
from needscast.report.alt import alt
from needscast.report.blocks import Chart, flat
from needscast.report.values import Text


def test_the_day_a_stock_runs_out_is_told_as_a_range_that_may_end_beyond_the_horizon(results):
    group = report.page(results).show("gap")
    assert "runs out around 18 February 2020 (80 % range: 10 February 2020 to after the horizon)" in said(group)
    assert "before an order placed now is there in 70 %" in said(group)
    (row,) = tables(group)["stock_out"].rows
    assert row[1:] == ("2020-02-10", "2020-02-18", Text("stock_out.beyond"), 0.85, 60.0, 0.7)


def test_the_week_a_stock_runs_out_is_drawn_beside_the_day_a_new_order_is_there(results):
    group = report.page(results).show("gap")
    (chart,) = [one for one in flat([group]) if isinstance(one, Chart) and one.kind == "weeks"]
    assert chart.data["arrival"] == "2020-03-21" and chart.data["after"] == pytest.approx(0.15)
    told = alt(chart, WORDS).replace("\u00a0", " ")
    assert "most often in that of 11 February 2020, 50 % of the worlds; in 15 % it comes later" in told


def test_what_moves_the_day_is_told_in_days_of_the_calendar(results):
    (row,) = tables(report.page(results).show("gap"))["moves_tent"].rows
    assert WORDS.say(row[0]) == "arrival of delivery 1"
    assert row[1:] == (0.5, "2020-02-10", "2020-03-31"), "a cause of 1 % of the doubt is left out"


def test_what_was_given_is_told_in_full_rations(results):
    assert "40,000–65,000 full rations given since 1 December 2019" in said(report.page(results).show("gap"))


def test_rations_of_a_size_that_nobody_stated_are_named_and_kits_of_another_sector_are_not():
    results = made_up_results()
    rows = [("FOO", "ration", 0.5), ("FOO", "flour", None), ("SHE", "tent", None)]
    table = pd.DataFrame(rows, columns=["sector", "item", "full_ration_share"])
    results.crisis.response = table.assign(kind="reached", as_of=pd.Timestamp("2020-01-10"))
    (note,) = [one for one in flat([report.page(results).show("gap")]) if "reach.silent" in str(one)]
    assert WORDS.say(note.text).startswith("What share of a full ration this is was never published: Wheat flour.")


def test_a_stock_that_nobody_published_is_said_to_be_not_known():
    results = made_up_results()
    for name in ("gap", "stock_out", "date_drivers", "reach"):
        results.tables[name] = results.tables[name].iloc[:0]
    results.tables["orders"]["supply_known"] = False
    group = report.page(results).show("gap")
    assert said(group).startswith("Stocks not known for 4 of 4 items")
    assert tables(group) == {}


def test_a_number_to_share_out_is_said_to_be_no_stock_and_a_made_up_one_is_not_told():
    results = made_up_results()
    for name in ("gap", "stock_out", "date_drivers", "reach"):
        results.tables[name] = results.tables[name].iloc[:0]
    results.tables["orders"]["supply_known"] = False
    rows = [("FOO", "ration", 6000, False), ("FOO", "flour", 3000, True)]
    results.tables["allocation"] = pd.DataFrame(rows, columns=["sector", "item", "available", "illustration"])
    told = said(report.page(results).show("gap"))
    assert "an allocation to be shared out: Food ration (6,000 rations)" in told and "flour" not in told
    results.tables["orders"]["supply_known"] = True
    assert "to share out" not in said(report.page(results).show("gap"))

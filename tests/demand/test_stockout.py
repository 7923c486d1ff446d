"""The day a stock runs out, and what was given in full rations: by hand, and a law that any supply must keep."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from told import Told

from needscast.decisions import Knowable, date_drivers
from needscast.demand import gap, known_supply, stock_out
from needscast.demand.rations import full_rations
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs.uncertain import Inputs, UncertainInput

REFERENCE = date(2020, 1, 21)
HOUSEHOLD = UncertainInput("household_size", Range(5, 5, 5, 0.8, "person / household"), "census", date(2019, 6, 30))


def weekly(by_week, unit="tent", name="due"):
    """Shape (week, draw)."""
    values = np.array(by_week, dtype=float)
    return Estimate.of(values, {"week": list(range(1, len(values) + 1))}, unit, name)


def out(demand, supply, lead=None):
    due = weekly(demand)
    return stock_out(due, gap(due, weekly(supply, name="supply")), lead)


def test_a_week_and_a_half_of_tents_last_ten_days_and_a_half():
    # 70 a week and 105 held: 7 days, then 35 of 70 are half of the next week.
    found = out([[70.0]] * 4, [[105.0], [0], [0], [0]], np.array([14.0]))
    assert found.day.array.tolist() == [10.5]
    assert (found.within, found.before_arrival) == (1.0, 1.0)
    assert found.date_at(0.5, REFERENCE) == date(2020, 1, 31)


def test_an_arrival_too_late_does_not_move_the_first_day_without():
    assert out([[70.0]] * 4, [[105.0], [0], [500], [0]]).day.array.tolist() == [10.5]


def test_what_lasts_beyond_the_horizon_has_no_date_and_counts_as_one_that_does_not_run_out():
    found = out([[70.0, 70.0]] * 4, [[1000.0, 35.0], [0, 0], [0, 0], [0, 0]], np.array([3.0, 3.0]))
    assert found.day.array.tolist() == [28, 3.5]
    assert (found.within, found.before_arrival) == (0.5, 0.0)
    assert found.date_at(0.5, REFERENCE) == date(2020, 1, 24)
    assert found.date_at(0.9, REFERENCE) is None
    assert found.by_week(4).tolist() == [0.5, 0, 0, 0], "3.5 days are in the first week; the other world has no week"


def test_nothing_held_runs_out_on_the_first_day_that_something_is_due():
    assert out([[0.0], [70.0]], [[0.0], [0.0]]).day.array.tolist() == [7]


def test_without_a_lead_time_nobody_knows_whether_an_order_comes_in_time():
    assert out([[70.0]], [[7.0]]).before_arrival is None


@given(arrays(float, (5, 3), elements=st.floats(0, 1e6)), arrays(float, (5, 3), elements=st.floats(0, 1e6)))
def test_more_supply_never_brings_the_day_forward(demand, supply):
    day, later = (out(demand, made).day.array for made in (supply, supply + 10))
    assert (later >= day - 1e-9).all()


def test_the_arrival_of_the_delivery_is_what_moves_a_day_that_hangs_on_it():
    # 10 a day, 70 held, a delivery of 300 between day 0 and day 14: in time it lasts to day 37, too late to day 7.
    worlds = Draws(2048, 0)
    pipeline = {"item": ["tent"], "quantity_low": [299.0], "quantity": [300.0], "quantity_high": [301.0]}
    days = {f"arrival{end}": [pd.Timestamp(day)] for end, day in (("_early", "2020-01-21"), ("", "2020-01-28"))}
    days["arrival_late"] = [pd.Timestamp("2020-02-04")]
    crisis = SimpleNamespace(
        stocks=pd.DataFrame({"item": ["tent"], "quantity": [70.0], "source": ["agency"]}),
        pipeline=pd.DataFrame(pipeline | days).assign(mass=0.8, source="agency"),
        reference_date=REFERENCE,
    )
    due = weekly(np.full((6, worlds.count), 70.0))
    found = gap(due, known_supply("tent", "tent", due.labels("week"), crisis, worlds))
    line = SimpleNamespace(stock_out=stock_out(due, found, None), item=SimpleNamespace(id="tent", unit="tent"))
    table = date_drivers(line, "SHE", Knowable({}, {}), crisis, worlds).set_index("input")
    assert table.index[0] == "pipeline/tent/0/arrival"
    arrival = table.loc["pipeline/tent/0/arrival"]
    assert (arrival["share_of_variance"] > 0.9, arrival["direction"]) == (True, "down")
    assert [arrival["if_low"], arrival["if_high"]] == pytest.approx([37, 7], abs=0.1)
    assert table.loc["pipeline/tent/0/quantity", "share_of_variance"] < 0.02


def rations(*rows, period="month", due=7000.0):
    columns = ["quantity", "unit", "period_start", "as_of", "full_ration_share"]
    table = pd.DataFrame(rows, columns=columns).assign(
        sector="FOO", item="ration", kind="reached", published="2020-01-20", source="agency"
    )
    for column in ("period_start", "as_of", "published"):
        table[column] = pd.to_datetime(table[column])
    crisis = Told(response=table, settings=SimpleNamespace(onset=date(2019, 12, 1)))
    item = SimpleNamespace(id="ration", period=period)
    found = full_rations("FOO", item, weekly([[due], [due]], "ration"), crisis, Inputs.of([HOUSEHOLD]), Draws(1, 0))
    return {name: each.array.item() for name, each in found.items()}


def test_half_a_ration_for_a_thousand_people_is_five_hundred_full_rations():
    found = rations((1000, "person", "2019-12-01", "2019-12-28", 0.5))
    # Four weeks at 7,000 a week are 28,000 due.
    assert found == {"full_rations": 500, "ration_coverage": pytest.approx(500 / 28_000)}


def test_months_after_each_other_add_up_and_a_count_inside_another_counts_once():
    found = rations(
        (1000, "person", "2019-12-01", "2019-12-31", 1.0),
        (900, "person", "2019-12-01", "2019-12-15", 1.0),
        (300, "household", "2020-01-01", "2020-01-18", 0.8),
    )
    assert found["full_rations"] == 1000 + 300 * 5 * 0.8
    assert found["ration_coverage"] == pytest.approx(2200 / (7000 * (31 + 18) / 7))


def test_a_share_that_nobody_stated_is_not_one():
    assert rations((1000, "person", "2019-12-01", "2019-12-31", None)) == {}


def test_what_is_given_once_has_no_pace_to_compare_with():
    assert set(rations((10, "person", "2019-12-01", "2019-12-31", 1.0), period="one_off")) == {"full_rations"}

"""What passes the crossings in time, late and never, and when to act: cases worked by hand, and laws."""

import csv
import math
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.demand.logistics import Crossings
from needscast.demand.orders import people_per_unit
from needscast.demand.passage import Load, daily_trucks, passage
from needscast.demand.timing import timing

REFERENCE = date(2020, 1, 21)
CASES = list(csv.DictReader((Path(__file__).parents[1] / "cases" / "crossing.csv").open(encoding="utf-8")))
TENT = ("SHE", "tent")


def crossings(weekly, closes=None, opens="2020-01-10"):
    table = pd.DataFrame({"crossing": ["gate"], "opens": [opens], "closes": [closes or None], "trucks": [weekly]})
    return Crossings(table.assign(opens=pd.to_datetime(table["opens"]), closes=pd.to_datetime(table["closes"])))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_load_crosses_as_late_as_it_may_and_its_order_date_follows(case):
    trucks = [float(each) for each in case["trucks_by_week"].split(";")]
    trucks += [0.0] * (6 - len(trucks))  # a horizon of six weeks
    gate = crossings(float(case["trucks_a_week"] or math.nan), case["closes"])
    passed = passage([Load(TENT, np.array(trucks))], daily_trucks(gate, REFERENCE, 42))
    assert [float(case[name]) for name in ("in_time", "late", "never")] == pytest.approx(
        [passed.in_time[0], passed.late[0], passed.never[0]]
    )
    lead = float(case["lead_days"])
    needed = REFERENCE + timedelta(weeks=int(np.argmax(np.array(trucks) > 0)))
    plain = needed - timedelta(days=lead)
    made = timing(needed, plain, passed.across_by.get(TENT), lead, gate, REFERENCE)
    assert made.order_by == date.fromisoformat(case["order_by"])


def test_goods_of_one_week_share_its_days_alike():
    loads = [Load(TENT, np.array([30.0])), Load(("SHE", "stove"), np.array([10.0]))]
    passed = passage(loads, np.full(1, 20.0))
    assert (passed.in_time.tolist(), passed.never.tolist()) == ([15, 5], [15, 5])


weekly_loads = st.lists(st.floats(0, 500), min_size=4, max_size=4).filter(lambda trucks: sum(trucks) > 1)


@given(weekly_loads, weekly_loads, st.floats(0, 60))
def test_parts_add_up_and_no_more_passes_than_the_crossing_lets_through(first, second, daily):
    passed = passage([Load(TENT, np.array(first)), Load(("SHE", "stove"), np.array(second))], np.full(28, daily))
    assert passed.in_time + passed.late + passed.never == pytest.approx(passed.needed)
    assert (passed.in_time + passed.late).sum() <= 28 * daily + 1e-6
    if passed.needed.sum() <= 28 * daily:
        assert passed.never.sum() == pytest.approx(0, abs=1e-6)


@given(weekly_loads, st.floats(1, 60), st.floats(0, 60))
def test_a_wider_crossing_never_asks_for_an_earlier_order(trucks, daily, more):
    narrow, wide = (passage([Load(TENT, np.array(trucks))], np.full(28, each)) for each in (daily, daily + more))
    assert wide.in_time.sum() >= narrow.in_time.sum() - 1e-6
    assert wide.across_by[TENT] >= narrow.across_by[TENT]


def when(days_ahead, lead=10.0, gate=None):
    last = REFERENCE + timedelta(days=days_ahead)
    return timing(last + timedelta(days=lead), last, None, lead, gate or crossings(math.nan), REFERENCE)


@pytest.mark.parametrize(
    ("ahead", "word", "late"),
    [(-12, "late", 12), (0, "week", 0), (6, "week", 0), (7, "month", 0), (29, "month", 0), (30, "later", 0)],
)
def test_a_line_is_late_or_due_this_week_this_month_or_later(ahead, word, late):
    assert (when(ahead).when, when(ahead).late_days) == (word, late)


def test_the_earliest_day_is_the_lead_time_and_the_next_open_day():
    assert when(0).earliest == date(2020, 1, 31)
    assert when(0, gate=crossings(70.0, opens="2020-02-14")).earliest == date(2020, 2, 14)
    assert when(0, gate=crossings(70.0, closes="2020-01-30")).earliest is None


def test_without_a_lead_time_or_a_need_there_is_nothing_to_time():
    gate = crossings(math.nan)
    assert timing(REFERENCE, None, None, None, gate, REFERENCE).when == "unknown"
    assert timing(None, None, None, 10.0, gate, REFERENCE).when == "covered"


@pytest.mark.parametrize(
    ("basis", "trigger", "period", "per", "norm", "days", "people"),
    [
        ("household", "displacement", "one_off", 1, 1, 60, 5),  # a tent for a household of five
        ("person", "presence", "month", 1, 1, 60, 0.5),  # a month's ration is half of what a person needs in two months
        ("person", "presence", "month", 1, 1, 900, 30 / 91),  # no more than the horizon of 13 weeks counts
        ("person", "presence", "quarter", 10_000, 1, 91, 10_000),  # a kit for 10,000 people and three months
        ("person", "facility", "one_off", 1, 50, 20, 50),  # a latrine that fifty share
        ("person", "presence", "day", 1, 15, 6, 1 / 90),  # a litre of water, at 15 a day
    ],
)
def test_a_unit_serves_so_many_people_over_some_days(basis, trigger, period, per, norm, days, people):
    item = SimpleNamespace(
        basis=basis, trigger=trigger, period=period, per=per, norm=lambda phase: SimpleNamespace(quantity=norm)
    )
    size = SimpleNamespace(range=SimpleNamespace(best=5.0))
    settings = SimpleNamespace(phase="acute", household_size=size, horizon_weeks=13)
    assert people_per_unit(item, SimpleNamespace(settings=settings), days) == pytest.approx(people)

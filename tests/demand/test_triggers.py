"""When an item is due: at flights, for episodes of an illness, for births, worn out and due again."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from needscast.demand.quantity import Caseload, quantity
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import Inputs, Item, Norm, Sector, UncertainInput

DRAWS = Draws(1, 0)
WEEKS = range(53)
NORM = Norm("any", 1.0, "made up", "", None, "low", False)
ITEM = Item(
    id="thing",
    name={"en": "Thing"},
    unit="thing",
    basis="person",
    per=1.0,
    trigger="presence",
    period="month",
    season="all",
    groups=(),
    factors=(),
    episode="",
    replace_days=None,
    instead_of=(),
    in_cost_total=True,
    by_area=True,
    pack=1.0,
    pack_name="piece",
    norms=(NORM,),
    specification=None,
    has_price=False,
    has_lead_time=False,
)
CRISIS = SimpleNamespace(settings=SimpleNamespace(phase="acute"))


def fixed(name, value, unit="share"):
    return UncertainInput(name, Range(value, value, value, 0.8, unit), "made up")


def people(values, weeks, unit="person"):
    array = np.array(values, dtype=float).reshape(1, 1, len(values), 1)
    return Estimate.of(array, {"group": ["host"], "area": ["zone"], "week": list(weeks)}, unit, "people")


def due(item, requiring, *given, fleeing=None, own=()):
    """Return what is due by week in a zone where so many people require the sector in each week from 0."""
    weeks = range(len(requiring))
    flights = people(fleeing or [0.0] * (len(requiring) - 1), weeks[1:])
    caseload = Caseload(people(requiring, weeks), flights, flights)
    sector = Sector("X", {"en": "X"}, 1, True, (), (item,), own)
    return quantity(item, sector, caseload, CRISIS, Inputs.of(given), DRAWS).values.values.ravel()


@pytest.mark.parametrize(
    ("months", "factor"), [(3, 1.4), (6, 1.8), (12, 2.6)], ids=["a quarter", "half a year", "a year"]
)
def test_cases_over_a_time_are_those_found_now_and_those_who_fall_ill(months, factor):
    # 10,000 children, 2 percent ill, an untreated episode of 7.5 months (taken as 30 days each): K = 1 + t / 7.5.
    weeks = months * 30 / 7
    item = replace(ITEM, trigger="episode", episode="length", basis="child", factors=("prevalence",))
    given = [fixed("X/child", 0.1), fixed("X/prevalence", 0.02), fixed("X/length", 7.5 * 30, "day")]
    cases = due(item, [100_000.0] * 54, *given, own=("child", "prevalence", "length"))
    whole, part = int(weeks), weeks % 1
    found = cases[:whole].sum() + part * cases[whole]
    assert found == pytest.approx(10_000 * 0.02 * factor, rel=1e-12)


def test_people_who_come_to_be_counted_bring_the_cases_they_have():
    item = replace(ITEM, trigger="episode", episode="length", factors=("ill",))
    cases = due(
        item, [0, 1_000, 1_000, 3_000], fixed("X/ill", 0.1), fixed("X/length", 70, "day"), own=("ill", "length")
    )
    # 1,000 x 0.1 = 100 ill, a tenth of them new each week; then 2,000 more people with 200 cases.
    assert cases.tolist() == pytest.approx([110, 10, 230])


def test_births_of_a_year_are_spread_over_its_weeks():
    # 28 births a year for 1,000 people: 100,000 people have 2,800 x 7 / 365 a week, of which 5 percent by operation.
    item = replace(ITEM, basis="birth", period="year", factors=("operation",))
    births = due(item, [0, 100_000], fixed("birth_rate", 0.028), fixed("X/operation", 0.05), own=("operation",))
    assert births.tolist() == [pytest.approx(2_800 * 7 / 365 * 0.05)]


def test_a_kit_for_ten_thousand_people_and_a_quarter_lasts_thirteen_weeks():
    item = replace(ITEM, per=10_000.0, period="quarter")
    assert due(item, [20_000.0] * 14).sum() == pytest.approx(2)


def test_transport_is_due_at_every_flight_whether_goods_were_lost_or_not():
    item = replace(ITEM, trigger="flight", period="one_off", per=50.0)
    assert due(item, [0, 0, 0, 0], fleeing=[500, 0, 125]).tolist() == [10, 0, 2.5]


def test_what_is_worn_out_is_due_again():
    item = replace(ITEM, period="season", replace_days=14)
    assert due(item, [0, 10, 10, 10, 40, 40]).tolist() == [10, 0, 10, 30, 10]


def test_an_area_may_have_a_factor_of_its_own():
    item = replace(ITEM, period="week", factors=("market_open",))
    given = [fixed("X/market_open", 0.9), fixed("X/market_open/zone", 0.25)]
    assert due(item, [0, 100], *given, own=("market_open",)).tolist() == [25]

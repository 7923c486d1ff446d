"""Who was targeted and reached, what is funded, what remains: by hand, and laws that any figures must keep."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from told import Told

from needscast.demand.response import all_sectors, money_and_people, money_for_each, response, what_remains
from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs.uncertain import Inputs, UncertainInput

COLUMNS = ["sector", "item", "kind", "quantity", "unit", "period_start", "as_of", "published", "source"]
HOUSEHOLD = UncertainInput("household_size", Range(5, 5, 5, 0.8, "person / household"), "census", date(2019, 6, 30))
WORLDS = Draws(3, 0)


def crisis(*rows):
    table = pd.DataFrame(rows, columns=COLUMNS[:-2]).assign(published="2020-01-20", source="agency")
    for column in ("period_start", "as_of", "published"):
        table[column] = pd.to_datetime(table[column])
    return Told(response=table, settings=SimpleNamespace(onset=date(2020, 1, 1)))


def of(values, unit="person"):
    return Estimate.of(np.array(values, dtype=float), {}, unit, "made up")


def asked(crisis, now=(100, 200, 300), end=(200, 200, 200), cost=(1000, 4000, 9000)):
    money = of(cost, "USD") if cost is not None else None
    return response("TOY", of(now), of(end), money, crisis, Inputs.of([HOUSEHOLD]), WORLDS)


def worlds(found, name):
    return found[name].array.tolist()


def test_the_cost_for_each_person_is_over_the_most_people_of_each_world():
    assert worlds(asked(crisis()), "per_person") == [1000 / 200, 4000 / 200, 9000 / 300]
    assert str(asked(crisis())["per_person"].unit) == "USD / person"


def test_without_a_row_nothing_is_said_of_the_response():
    assert set(asked(crisis())) == {"requiring", "need", "per_person"}
    assert set(asked(crisis(), cost=None)) == {"requiring"}
    assert all_sectors({"TOY": asked(crisis())}) == {}


def test_money_is_the_cost_of_people_only_for_the_same_item_over_the_same_days():
    # USD 800 of stoves for 20 households of 5; the blankets were of other days, the kits have no people.
    rows = (
        ("TOY", "stove", "funded", 800, "USD", "2020-01-01", "2020-01-20"),
        ("TOY", "stove", "reached", 20, "household", "2020-01-01", "2020-01-20"),
        ("TOY", "blanket", "funded", 9000, "USD", "2020-01-01", "2020-01-20"),
        ("TOY", "blanket", "reached", 500, "person", "2020-01-02", "2020-01-20"),
        ("TOY", "kit", "funded", 7000, "USD", "2020-01-01", "2020-01-20"),
        ("TOY", "", "funded", 6000, "USD", "2020-01-01", "2020-01-20"),
        ("TOY", "", "reached", 600, "person", "2020-01-01", "2020-01-20"),
    )
    found = asked(crisis(*rows))
    assert worlds(found, "funded_per_reached") == [8, 8, 8]
    assert "funded_per_targeted" not in found
    assert "funded_per_reached" not in asked(crisis(*rows[1:]))
    paid, served = money_and_people("TOY", "reached", crisis(*rows))
    assert (paid.item, paid.quantity, served.quantity, served.unit) == ("stove", 800, 20, "household")


def test_a_day_that_is_not_known_is_no_same_day():
    rows = (("TOY", "stove", "funded", 800, "USD", None, "2020-01-20"),)
    rows += (("TOY", "stove", "reached", 100, "person", None, "2020-01-20"),)
    assert money_for_each("TOY", "reached", crisis(*rows), Inputs.of([HOUSEHOLD]), WORLDS) is None


def test_people_stand_in_several_rows_so_the_largest_counts_and_no_sum():
    # 30 households of 5 are 150 people, more than 120; 40 is a part of them or others.
    found = asked(
        crisis(
            ("TOY", "blanket", "reached", 120, "person", "2020-01-01", "2020-01-20"),
            ("TOY", "", "reached", 30, "household", "2020-01-01", "2020-01-20"),
            ("TOY", "", "reached", 40, "person", "2020-01-10", "2020-01-20"),
            ("OTH", "", "reached", 900, "person", "2020-01-01", "2020-01-20"),
        )
    )
    assert worlds(found, "reached") == [150] * 3
    assert worlds(found, "not_reached") == [0, 50, 150]
    assert any("household_size" in source for source in found["reached"].sources)


def test_what_ended_before_the_onset_says_nothing_of_this_displacement():
    old = crisis(("TOY", "", "funded", 500, "USD", "2019-11-01", "2019-12-31"))
    assert "funded" not in asked(old)


def test_money_adds_up_but_a_running_count_stands_for_itself():
    # Two allotments of one day add up (500); the count of 15 January goes on in that of 20 January (200, not 300).
    found = asked(
        crisis(
            ("TOY", "", "funded", 300, "USD", "2020-01-01", "2020-01-10"),
            ("TOY", "", "funded", 200, "USD", "2020-01-01", "2020-01-10"),
            ("TOY", "blanket", "funded", 100, "USD", "2020-01-05", "2020-01-15"),
            ("TOY", "blanket", "funded", 200, "USD", "2020-01-05", "2020-01-20"),
        )
    )
    assert worlds(found, "funded") == [700] * 3
    assert worlds(found, "remaining") == [300, 3300, 8300]


def test_two_sources_may_name_the_same_money_so_the_larger_counts():
    table = crisis(
        ("TOY", "", "funded", 300, "USD", "2020-01-01", "2020-01-10"),
        ("TOY", "", "funded", 500, "USD", "2020-01-01", "2020-01-10"),
    )
    table.response["source"] = ["agency", "donor"]
    assert worlds(asked(table), "funded") == [500] * 3


def test_money_in_another_currency_is_not_compared():
    assert "funded" not in asked(crisis(("TOY", "", "funded", 300, "EUR", "2020-01-01", "2020-01-10")))


def test_the_target_costs_its_people_times_the_cost_of_each():
    found = asked(crisis(("TOY", "", "targeted", 10, "person", "2020-01-01", "2020-02-20")))
    assert worlds(found, "target_cost") == [50, 200, 300]


def test_over_sectors_one_without_known_funding_counts_with_its_whole_need():
    funded = asked(crisis(("TOY", "", "funded", 2000, "USD", "2020-01-01", "2020-01-10")))
    total = all_sectors({"TOY": funded, "OTH": asked(crisis()), "CHEAP": asked(crisis(), cost=None)})
    assert worlds(total, "need") == [2000, 8000, 18_000]
    assert worlds(total, "remaining") == [1000, 2000 + 4000, 7000 + 9000]


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.lists(st.floats(0, 1e7), min_size=3, max_size=3))
def test_what_remains_is_never_negative_and_more_money_never_raises_it(first, more, cost):
    before, after = (what_remains(np.array(cost), np.full(3, money)) for money in (first, first + more))
    assert (after >= 0).all()
    assert (after <= before).all()

"""What has to cross, by item: large loads by name, small ones together, parts that add up."""

import pandas as pd
import pytest
from made_up_report import made_up_results

from needscast.demand.schedule import CROSSING, LINES
from needscast.report.content.transport import largest_load, load_table
from needscast.report.formats import _cells
from needscast.report.values import Text
from needscast.report.words import Words


def loads(*trucks):
    """The table of a crisis in which items need so many trucks; 100 a week can cross."""
    results = made_up_results()
    lines = [
        (sector, item, float(n), 0.0, 0.0, 0.0, 20.0 * n, 0.0) for (sector, item), n in zip(ITEMS, trucks, strict=False)
    ]
    results.tables["passage"] = pd.DataFrame(lines, columns=LINES)
    weeks = results.crisis.settings.horizon_weeks
    middle = 100.0 * weeks  # of the capacity over the horizon
    capacity = ("capacity", "truck", middle, middle, middle, middle, 0.8)
    results.tables["crossing"] = pd.DataFrame([capacity], columns=CROSSING)
    return load_table(results)


ITEMS = (("FOO", "ration"), ("FOO", "flour"), ("SHE", "tent"), ("WAT", "soap"))


def test_loads_below_a_hundredth_of_all_trucks_stand_in_one_line():
    table = loads(900, 3, 90, 7)
    names = [row[0].key if isinstance(row[0], Text) else row[0].texts["en"] for row in table.rows]
    assert names[0] == "Food ration" and names[2:] == ["transport.further", "table.total"]
    assert table.rows[2][1:] == (200.0, 10.0, pytest.approx(0.1))
    assert [sum(row[at] for row in table.rows[:-1]) for at in (1, 2)] == list(table.rows[-1][1:3])


def test_one_small_load_alone_keeps_its_name():
    assert [row[2] for row in loads(900, 90, 5).rows] == [900.0, 90.0, 5.0, 995.0]


def test_a_weight_is_printed_as_in_the_plan_and_the_total_is_that_of_the_weights_as_printed():
    # 100.6 tonnes each, 301.8 together: shared out from 302, one of them would be 100 here and 101 in the plan
    assert _cells.added_up(loads(5.03, 5.03, 5.03), 1, Words("en")) == ["101", "101", "101", "303"]


def test_weeks_are_printed_to_one_digit_and_add_up():
    assert _cells.added_up(loads(900, 90, 30), 3, Words("en")) == ["9", "0.9", "0.3", "10.2"]


def test_text_and_table_print_the_largest_load_alike():
    # 6,904.6 of 9,610 trucks: shared out among two it would be 6,900, among the rows of the table 6,910
    trucks = (6_904.6, 1_803.4, 901.4, 0.6)
    table = loads(*trucks)
    lines = pd.DataFrame({"item": ["ration", "flour", "tent", "soap"], "needed": trucks})
    largest, load, rest = largest_load(lines)
    assert _cells.added_up(table, 2, Words("en")) == ["6,910", "1,800", "900", "<10", "9,610"]
    assert (largest.item, load, rest) == ("ration", 6_910, 2_700)

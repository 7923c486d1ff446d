"""What to order by when, as the report says it."""

from datetime import date

import pandas as pd
from made_up_report import made_up_results
from reading import WORDS, sentences

from needscast import report
from needscast.demand.logistics import Crossings
from needscast.demand.timing import timing
from needscast.report.blocks import Table, flat
from needscast.report.content import headline, orders, pick
from needscast.report.formats import _cells
from needscast.report.values import Amount, Day, Many, Named, Text


def dates(results):
    group = report.page(results).show("orders")
    return next(block for block in flat([group]) if isinstance(block, Table) and block.name == "order_dates")


def test_lines_stand_by_when_to_act_and_late_ones_first(results):
    rows = dates(results).rows
    assert [row[0].key for row in rows] == ["orders.late_later", *["orders.month"] * 3]
    assert rows[0][5:9] == ("2020-01-10", "2020-03-21", 20_000.0, 11_000_000.0)


def test_within_a_group_what_threatens_life_comes_before_what_most_people_wait_for():
    results = made_up_results()
    plan = results.tables["orders"]
    plan.loc[plan["item"] == "soap", "people_waiting"] = 9e5
    rows = [row for row in dates(results).rows if row[0].key == "orders.month"]
    assert [WORDS.say(row[4]) for row in rows] == ["life", "dignity", "not known"]
    assert [row[7] for row in rows] == [10_000.0, 900_000.0, 10_000.0]


def test_what_many_share_comes_after_what_each_family_is_given():
    results = made_up_results()
    plan = results.tables["orders"]
    plan.loc[plan["item"] == "soap", ["lack", "shared", "people_waiting"]] = ["life", True, 9e5]
    rows = [row for row in dates(results).rows if row[0].key == "orders.month"]
    assert [row[7] for row in rows] == [10_000.0, 900_000.0, 10_000.0]


def test_a_late_line_names_what_can_be_there_sooner(results):
    flour = Text("orders.instead", {"item": WORDS_OF["flour"], "date": Day("2020-02-05")})
    assert dates(results).rows[0][-1] == Many((flour,), apart=True)
    assert [row[-1] for row in dates(results).rows[1:]] == [""] * 3


def test_a_substitute_that_comes_later_is_no_help():
    results = made_up_results()
    results.tables["orders"].loc[results.tables["orders"]["item"] == "flour", "earliest"] = date(2020, 4, 1)
    assert dates(results).rows[0][-1] == ""


def test_what_can_still_be_there_within_a_week_stands_first():
    results = made_up_results()
    soap = results.tables["orders"]["item"] == "soap"
    results.tables["orders"].loc[soap, ["when", "late_days", "earliest"]] = ["late", 5, date(2020, 1, 26)]
    assert [row[0].key for row in dates(results).rows][:2] == ["orders.late_week", "orders.late_later"]
    assert "Late; ordered today, there within a week: Soap" in sentences(report.page(results).show("orders"))


def test_what_no_open_crossing_can_bring_says_so():
    results = made_up_results()
    ration = results.tables["orders"]["item"] == "ration"
    results.tables["orders"].loc[ration, "earliest"] = None
    assert WORDS.say(dates(results).rows[0][6]) == "no crossing known to be open"
    told = WORDS.say(headline._waiting(results, next(pick.each(orders.by_when(results))), {}))
    assert told.endswith("; ordered today, it comes when no crossing is known to be open)")


def test_an_order_in_two_steps_says_on_the_first_page_what_goes_out_now():
    results = made_up_results()
    row = next(pick.each(orders.by_when(results)))
    row = row._replace(unit="kit", quantity=100.0)
    told = WORDS.say(headline._waiting(results, row, {(row.sector, row.item): Amount(40.0, "", 2)}))
    assert ": 40 kits now, up to 100 after a field check (" in told
    assert "now, up to" not in WORDS.say(headline._waiting(results, row, {("SHE", "another"): Amount(40.0, "", 2)}))


WORDS_OF = {item.id: Named(dict(item.name)) for item in made_up_results().crisis.sectors[0].items}


def test_substitutes_stand_apart_and_are_not_in_the_total_of_the_plan():
    results = made_up_results()
    plan = results.tables["orders"]
    plan.loc[plan["item"] == "flour", "in_cost_total"] = False
    group = report.page(results).show("order_table")
    real, apart = (block for block in flat([group]) if isinstance(block, Table))
    assert (len(real.rows), [row[0] for row in apart.rows]) == (3, [WORDS_OF["flour"]])
    told = sentences(report.page(results).show("orders"))
    assert (
        "Of the 4 items in the catalogue 3 count in the plan; 1 are" in told
        and "The plan costs USD 33 million at" in told
    )


def test_the_counts_of_items_are_told_together_and_add_up():
    results = made_up_results()
    plan = results.tables["orders"]
    plan.loc[plan["item"] == "flour", "in_cost_total"] = False
    plan.loc[plan["item"] == "soap", "tonnes"] = 0.0
    plan.loc[plan["item"] == "tent", "when"] = "covered"
    told = sentences(report.page(results).show("orders"))
    assert "3 count in the plan" in told and "1 are substitutes" in told
    assert "To be ordered: 2, of which 1 goods and 1 services or local supplies." in told
    assert "known supply covers it: 1." in told


def test_what_an_item_weighs_is_printed_alike_in_the_plan_and_in_the_load():
    results = made_up_results()
    results.tables["orders"].loc[:, "tonnes"] = [133_154.4, 3_396.4, 0.2, 2_642.6]
    group = report.page(results).show("order_table")
    (table,) = (block for block in flat([group]) if isinstance(block, Table))
    at = [column.key for column in table.columns].index("tonnes")
    cells = [_cells.printed(row[at], table.columns[at], WORDS) for row in table.rows]
    assert sorted(cells) == ["133,154", "2,643", "3,396", "<1"]


def test_what_weighs_nothing_for_a_crossing_is_said_to_cross_none_and_not_to_weigh_0():
    results = made_up_results()
    results.tables["orders"].loc[results.tables["orders"]["item"] == "soap", "tonnes"] = 0.0
    group = report.page(results).show("order_table")
    (table,) = (block for block in flat([group]) if isinstance(block, Table))
    at = [column.key for column in table.columns].index("tonnes")
    cells = {WORDS.say(row[0]): row[at] for row in table.rows}
    assert cells["Soap"] == Text("orders.none_crosses")
    assert isinstance(cells[WORDS.say(WORDS_OF["ration"])], float)


def test_the_lead_time_as_printed_and_the_reference_date_give_the_first_day_as_printed():
    results = made_up_results()
    ration = results.tables["orders"]["item"] == "ration"
    found = timing(date(2020, 1, 21), date(2019, 12, 1), None, 44.2, Crossings(pd.DataFrame()), date(2020, 1, 21))
    results.tables["orders"].loc[ration, ["lead_time_days", "earliest"]] = [44.2, found.earliest]
    plan = next(each for each in flat([report.page(results).show("orders")]) if getattr(each, "name", "") == "orders")
    assert (plan.rows[0][6], dates(results).rows[0][6]) == (45, "2020-03-06")

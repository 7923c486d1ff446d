"""The ask that remains, as the report says it."""

import pandas as pd
from made_up_report import made_up_results
from reading import WORDS, said, tables

from needscast import report
from needscast.report.formats._cells import in_millions, range_texts
from needscast.report.values import Range


def test_the_ask_names_what_is_funded_what_remains_and_who_is_silent(results):
    group = report.page(results).show("ask")
    assert "USD 22–36 million" in said(group)
    assert "are known to be funded since 1 December 2019 (for Food)" in said(group)
    assert "or what is funded for: Shelter" in said(group)
    assert [len(table.rows) for table in tables(group).values()] == [1, 1, 1]


def test_a_sector_costs_so_much_for_each_person(results):
    table = tables(report.page(results).show("costs"))["cost_by_sector"]
    assert table.columns[-1].key == "per_person"
    assert table.rows[0][-1] == Range(20.0, 25.0, 32.5, 0.8, "USD")
    assert table.rows[-1][-1] == "", "people require several sectors, so there is no total for each person"


def test_where_nobody_published_a_response_the_page_says_so():
    results = made_up_results()
    table = results.tables["response"]
    results.tables["response"] = table[table["quantity"].isin(["requiring", "need", "per_person"])]
    group = report.page(results).show("ask")
    assert "absent is unknown, never zero" in said(group)
    assert tables(group) == {}


def test_people_without_money_leave_the_ask_unknown():
    results = made_up_results()
    table = results.tables["response"]
    results.tables["response"] = table[~table["quantity"].isin(["funded", "remaining"])]
    group = report.page(results).show("ask")
    assert "No row since 1 December 2019 says what is funded" in said(group)
    assert tables(group)["ask_by_sector"].rows[0][-1] is None


def test_what_is_needed_less_what_is_funded_is_what_remains_as_printed():
    results = made_up_results()
    millions = {"need": (49.28, 74.78, 111.69), "funded": (4.6, 4.6, 4.6), "remaining": (44.68, 70.18, 107.09)}
    table = results.tables["response"]
    for name, (lower, median, upper) in millions.items():
        mine = (table["sector"] == "FOO") & (table["quantity"] == name)
        table.loc[mine, ["lower", "median", "upper"]] = [lower * 1e6, median * 1e6, upper * 1e6]
    asked, _ = in_millions(tables(report.page(results).show("ask"))["ask_by_sector"])
    need, _, funded, remaining = asked.rows[0][1:]
    printed = [range_texts(cell, asked.columns[1], WORDS) for cell in (need, remaining)]
    assert (printed, funded) == ([("50–110", "75"), ("40–110", "70")], 4.6)


def test_a_published_number_is_a_number_and_not_a_range_of_no_width():
    results = made_up_results()
    table = results.tables["response"]
    exact = table["quantity"] == "funded"
    table.loc[exact, ["lower", "upper"]] = table.loc[exact, "median"]
    funded = tables(report.page(results).show("ask"))["ask_by_sector"].columns[3]
    assert (funded.key, funded.kind, funded.unit) == ("funded", "money", "USD")


def test_a_published_cost_for_each_person_names_its_money_and_its_people():
    results = made_up_results()
    days = {"period_start": "2019-12-01", "as_of": "2019-12-31"}
    rows = [
        {"sector": "FOO", "item": "flour", "kind": kind, "quantity": quantity, "unit": unit, **days}
        for kind, quantity, unit in (("funded", 600_000, "USD"), ("targeted", 24_000, "person"))
    ]
    table = pd.DataFrame(rows)
    results.crisis.response = table.assign(**{day: pd.to_datetime(table[day]) for day in days})
    note = WORDS.say(tables(report.page(results).show("ask"))["cost_for_each"].note)
    assert note.endswith("tables above: USD\u00a0600,000 funded for Wheat flour, over 24,000 people targeted.")

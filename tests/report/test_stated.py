"""What displaced people themselves say: shown with who was asked, when and how many, or said to be unknown."""

import pandas as pd
import pytest
from made_up_report import made_up_results

from needscast import report
from needscast.report.blocks import Table, flat
from needscast.report.words import Words

COLUMNS = "priority rank share group area asked asked_count asked_unit as_of source sensitivity"
ASKED = [
    ("food", 2, 0.4, "idp", "", "heads of households", 80, "households", "2020-01-15", "agency", "public"),
    ("shelter", 1, 0.6, "idp", "", "heads of households", 80, "households", "2020-01-15", "agency", "public"),
    ("work", 1, None, "idp", "north", "key informants", None, "", "2019-12-01", "helpers", "internal"),
]


@pytest.fixture
def results():
    made = made_up_results()
    made.crisis.stated_priorities = pd.DataFrame(ASKED, columns=COLUMNS.split()).assign(
        as_of=lambda table: pd.to_datetime(table["as_of"])
    )
    return made


def said(results, section):
    blocks = flat([report.page(results).show(section)])
    return [Words("en").say(block.text) for block in blocks if hasattr(block, "text")]


def table_of(results):
    blocks = flat([report.page(results).show("needs")])
    return next(block for block in blocks if isinstance(block, Table) and "stated" in block.name)


def test_what_most_put_first_stands_first_with_who_was_asked_and_when(results):
    rows = table_of(results).rows
    assert [row[0] for row in rows] == ["shelter", "food"]
    assert Words("en").say(rows[0][4]) == "heads of households, 80 households"
    assert rows[0][5] == "2020-01-15" and rows[0][6] == "The Agency"


def test_the_first_page_says_it_in_a_sentence(results):
    assert (
        "Asked themselves (heads of households, 80 households, 15\u00a0January 2020), they put first: shelter and food."
        in said(results, "headline")
    )


def test_a_row_that_is_not_public_is_shown_inside_only(results):
    assert "work" not in str(table_of(results).rows)
    results.readership = "internal"
    assert [row[0] for row in table_of(results).rows] == ["shelter", "food", "work"]


def test_without_a_source_the_report_says_so_and_stands_in_for_nobody():
    sentences = said(made_up_results(), "needs")
    assert any(each.startswith("No source known by 21\u00a0January 2020 says") for each in sentences)
    assert "What do they say themselves?" not in str(report.page(made_up_results()).show("headline").to_json())


def test_rows_younger_than_the_reference_date_are_counted_not_told():
    made = made_up_results()
    made.crisis.hidden = pd.DataFrame(
        [("stated_priorities.csv", 2, "key informants", "2020-04-15")], columns=["table", "row", "name", "published"]
    )
    assert any("younger and were not used: 1." in each for each in said(made, "needs"))

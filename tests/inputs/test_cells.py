"""One cell is read with certainty or refused with the next step."""

from datetime import date, datetime

import pytest

from needscast.inputs.cells import Column, read_cell
from needscast.inputs.problems import CellError

NUMBER = Column("value", "number", low=0.0)
DATE = Column("as_of", "date")
TEXT = Column("notes", "text")

READABLE = [
    ("350000", 350000),
    ("350,000", 350000),
    ("1,234,567", 1234567),
    ("1 234 567", 1234567),
    ("1\u00a0234\u00a0567", 1234567),
    ("1'234'567", 1234567),
    ("1’234", 1234),
    ("1.234.567", 1234567),
    ("1,234.5", 1234.5),
    ("0.125", 0.125),
    ("12.5", 12.5),
    ("1.2340", 1.234),
    ("٣٥٠٠٠٠", 350000),
    ("٣٥٠٬٠٠٠", 350000),
    ("۳۵۰۰۰۰", 350000),
    ("٠٫٥", 0.5),
    (" 26 ", 26),
    (26, 26),
    (0.5, 0.5),
]


@pytest.mark.parametrize(("cell", "number"), READABLE)
def test_a_number_is_read_as_it_is_written_in_offices(cell, number):
    assert read_cell(NUMBER, cell) == number


UNREADABLE = [
    ("1.234", "may be thousands or decimals", "write 1234 for thousands or 1.2340 for decimals"),
    ("1,23", "may have a decimal comma", "write 1.23 with a point"),
    ("0,125", "may have a decimal comma", "write 0.125"),
    ("12,3456", "may have a decimal comma", "12.3456"),
    ("1,23,456", "is not a number", "write digits"),
    ("1 23", "is not a number", "write digits"),
    ("45%", "carries a percent sign", "fractions"),
    ("1.2E+06", "has lost digits to a spreadsheet", "write all digits"),
    ("N/A", "is not a number", "leave the cell blank"),
    ("-", "is not a number", "leave the cell blank"),
    ("nan", "is not a number", "leave the cell blank"),
    ("inf", "is not a number", "write digits"),
    ("1_000", "is not a number", "write digits"),
    ("some 300", "is not a number", "hedge or notes"),
    ("-5", "is negative", "at least 0"),
    ("−5", "is negative", "at least 0"),
    (float("inf"), "is not a finite number", "leave the cell blank"),
    (True, "is not a number", "format the cell"),
    (date(2020, 1, 2), "'2020-01-02' is not a number", "format the cell"),
]


@pytest.mark.parametrize(("cell", "message", "remedy"), UNREADABLE)
def test_a_number_that_may_mean_something_else_is_refused_with_the_next_step(cell, message, remedy):
    with pytest.raises(CellError) as refused:
        read_cell(NUMBER, cell)
    assert message in refused.value.message
    assert remedy in refused.value.remedy


def test_one_comma_is_thousands_in_a_comma_file_and_unclear_in_a_semicolon_file():
    assert read_cell(NUMBER, "350,000") == 350000
    with pytest.raises(CellError, match="may be thousands or decimals in a file with semicolons"):
        read_cell(NUMBER, "350,000", comma_decimals=True)
    assert read_cell(NUMBER, "1,350,000", comma_decimals=True) == 1350000


def test_a_coordinate_may_have_three_decimals():
    assert read_cell(Column("latitude", "coordinate", low=-90, high=90), "35.123") == 35.123


@pytest.mark.parametrize(
    "cell",
    ["2020-01-21", "٢٠٢٠-٠١-٢١", "2020-01-21 00:00:00", date(2020, 1, 21), datetime(2020, 1, 21)],
)
def test_a_date_is_read(cell):
    assert read_cell(DATE, cell) == date(2020, 1, 21)


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("03/04/2020", "2020-03-04 or 2020-04-03, whichever is meant"),
        ("21.01.2020", "2020-01-21"),
        ("2020-02-30", "YYYY-MM-DD"),
        ("2020-1-5", "YYYY-MM-DD"),
        ("21 January 2020", "YYYY-MM-DD"),
        ("43851", "YYYY-MM-DD"),
        (43851, "YYYY-MM-DD"),
        ("0020-01-21", "give a date from 1900"),
        (datetime(2020, 1, 21, 14, 30), "YYYY-MM-DD"),
    ],
)
def test_a_date_with_two_readings_or_none_is_refused(cell, remedy):
    with pytest.raises(CellError) as refused:
        read_cell(DATE, cell)
    assert remedy in refused.value.remedy


def test_an_impossible_reading_of_a_date_is_not_offered():
    with pytest.raises(CellError) as refused:
        read_cell(DATE, "21/01/2020")
    assert refused.value.remedy == "write it as YYYY-MM-DD: 2020-01-21"


def test_text_that_a_spreadsheet_or_browser_would_run_stays_text():
    for text in ("=cmd|' /C calc'!A0", "@SUM(1)", "+1", "<script>alert(1)</script>"):
        assert read_cell(TEXT, text) == text


def test_numbers_and_dates_in_a_text_column_are_read_as_typed():
    assert read_cell(TEXT, 2004.0) == "2004"
    assert read_cell(TEXT, 0.5) == "0.5"
    assert read_cell(TEXT, datetime(2020, 1, 2)) == "2020-01-02"


def test_a_control_character_is_refused_and_never_printed_raw():
    with pytest.raises(CellError) as refused:
        read_cell(TEXT, "calm\x1b[31mred")
    assert "U+001B" in refused.value.message
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize("name", ["../etc", "a/b", "a b", "..", "naïve", "a\nb", "=cmd()"])
def test_a_name_with_other_signs_is_refused(name):
    with pytest.raises(CellError):
        read_cell(Column("area", "id"), name)


@pytest.mark.parametrize("name", ["SNFI/../price", "/price", "a//b", "a b/c"])
def test_the_parts_of_an_input_name_are_names(name):
    with pytest.raises(CellError):
        read_cell(Column("input", "input"), name)


def test_a_unit_is_written_in_one_way():
    unit = Column("unit", "unit")
    assert read_cell(unit, "person per household") == "person / household"
    assert read_cell(unit, "USD/tent") == "USD / tent"
    with pytest.raises(CellError, match="is not a unit"):
        read_cell(unit, "%")


def test_a_share_above_one_says_how_shares_are_written():
    with pytest.raises(CellError, match="0.45 and not 45"):
        read_cell(Column("share", "number", low=0, high=1), "45")


def test_a_wrong_word_names_the_nearest_known_one():
    with pytest.raises(CellError, match="did you mean 'zone'"):
        read_cell(Column("level", "word", words=("zone", "union")), "zones")


def test_a_list_is_read_from_one_cell_or_from_a_card():
    months = Column("winter_months", "whole_numbers", low=1, high=12)
    assert read_cell(months, "11; 12;1") == read_cell(months, [11, 12, 1]) == (11, 12, 1)
    with pytest.raises(CellError, match="stands twice"):
        read_cell(months, [1, 1])

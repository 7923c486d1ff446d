"""A correction is a record: it changes what is read, never the file, and fails when the figure is not as expected."""

import pytest

HEADER = ["figure_id", "column", "action", "expected", "value", "reason", "author", "date"]


def correct(toy, *corrections):
    toy.write("corrections.csv", [HEADER, *([*row, "a typing error", "the test", "2020-01-28"] for row in corrections)])
    return toy


def test_a_value_is_replaced_when_it_is_as_expected(toy):
    before = (toy.path / "figures.csv").read_bytes()
    crisis = correct(
        toy, ["T1", "value", "replace", "8,000", "7500"], ["T7", "value", "replace", "8000", "7500"]
    ).read()
    assert crisis.figures.set_index("figure_id")["value"][["T1", "T7"]].tolist() == [7500, 7500]
    assert (toy.path / "figures.csv").read_bytes() == before


def test_a_value_is_scaled_by_a_factor(toy):
    toy.cell("figures.csv", 6, "value", "3,000,000")
    assert correct(toy, ["T5", "value", "scale", "3000000", "0.01"]).read().figures["value"][4] == 30000


def test_a_blank_cell_can_be_filled_and_a_date_replaced(toy):
    crisis = correct(
        toy, ["T7", "period_start", "replace", "2020-01-01", "2020-01-02"], ["T5", "hedge", "replace", "", "about"]
    ).read()
    row = crisis.figures.set_index("figure_id").loc["T7"]
    assert str(row["period_start"].date()) == "2020-01-02"
    assert crisis.figures["hedge"][4] == "about"


def test_an_excluded_figure_stays_in_the_register_with_the_reason(toy):
    crisis = correct(toy, ["T7", "", "exclude", "", ""]).read()
    assert crisis.figures["excluded"].tolist() == ["", "", "", "", "", "", "a typing error"]


def test_corrections_of_one_figure_are_applied_in_their_order(toy):
    crisis = correct(toy, ["T5", "value", "replace", "30000", "3000"], ["T5", "value", "scale", "3000", "11"]).read()
    assert crisis.figures["value"][4] == 33000


@pytest.mark.parametrize(
    ("correction", "column", "message"),
    [
        (["T1", "value", "replace", "9000", "7500"], "expected", "expected '9000' in value of T1, but it is '8000'"),
        (["T1", "value", "scale", "", "0.1"], "expected", "expected '' in value of T1, but it is '8000'"),
        (["T9", "value", "replace", "8000", "7500"], "figure_id", "unknown figure 'T9'"),
        (["T1", "amount", "replace", "8000", "7500"], "column", "unknown column 'amount'"),
        (["T1", "figure_id", "replace", "T1", "T8"], "column", "unknown column 'figure_id'"),
        (["T1", "", "replace", "8000", "7500"], "column", "unknown column ''"),
        (["T1", "value", "replace", "8000", "many"], "value", "'many' is not a number"),
        (["T1", "measure", "replace", "displaced_cumulative", "displaced"], "value", "unknown measure 'displaced'"),
        (["T1", "value", "scale", "8000", "0"], "value", "'0' is not a factor"),
        (["T1", "value", "scale", "8000", "-1"], "value", "is negative"),
        (["T1", "as_of", "scale", "2020-01-14", "2"], "column", "holds no number to scale"),
        (["T1", "value", "delete", "8000", ""], "action", "unknown action 'delete'"),
    ],
)
def test_a_correction_that_does_not_fit_fails_loudly_with_its_row(toy, correction, column, message):
    problem = correct(toy, ["T7", "", "exclude", "", ""], correction).problems()[0]
    assert (problem.file, problem.row, problem.column) == ("corrections.csv", 3, column)
    assert message in problem.message


def test_a_corrected_figure_is_checked_as_it_is_after_the_correction(toy):
    assert correct(toy, ["T1", "as_of", "replace", "2020-01-14", "2019-12-14"]).places() == ["figures.csv:2:as_of"]

"""The shipped register day by day: what the nowcast said before a figure was printed, against two habits.

The list of cases is tests/cases/rolling.csv: every figure of a UN source that is no relay, counts since a first day
over a week or more, and had an earlier official figure of the same count; each distinct one once.
"""

import numpy as np
import pandas as pd
import pytest
from rolling import best_factor, cases, everything, interval_score, scored

pytestmark = pytest.mark.prove

LEAST_HITS = 13  # of 21 ranges of 80 %: fewer come about by chance in one of 50 lists


@pytest.fixture(scope="module")
def table():
    return pd.DataFrame([scored(case) for case in cases().itertuples()])


def test_each_truth_is_told_once_and_was_printed_after_the_date_of_its_nowcast():
    listed, figures = cases(), everything().figures.set_index("figure_id")
    assert not listed["truth"].duplicated().any()
    truths = figures.loc[listed["truth"]]
    assert (truths["published"].to_numpy() > listed["as_of"].to_numpy()).all()
    for column in ("area", "period_start", "unit"):
        assert (truths[column].to_numpy() == listed[column].to_numpy()).all()
    assert (truths["as_of"].to_numpy() == listed["target_date"].to_numpy()).all()


def test_the_nowcast_scores_better_than_two_habits_even_with_the_best_ranges_around_them(table):
    printed = table["printed"].to_numpy()
    ours = interval_score(table["lower"], table["upper"], printed).mean()
    for habit in ("last_official", "median_of_fortnight"):
        said = table[habit].to_numpy()
        factor = best_factor(said, printed)
        assert ours < interval_score(said, said, printed).mean(), habit
        assert ours < interval_score(said / factor, said * factor, printed).mean(), (habit, factor)


def test_about_eight_in_ten_ranges_hold_the_later_figure(table):
    hits = int(((table["lower"] <= table["printed"]) & (table["printed"] <= table["upper"])).sum())
    assert hits >= LEAST_HITS, f"{hits} of {len(table)}"
    assert np.abs(np.log(table["median"] / table["printed"])).median() < np.log(1.25)

"""Scenarios mixed by their weights in the same worlds, and the official count that stands beside them."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from needscast.comparison import mixture, official_series, outlook
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.inputs import read_crisis

ROOT = Path(__file__).parents[1]
DRAWS = 1000


def scenario(name, weight, level, crisis=None, draws=DRAWS):
    """A scenario in which world j has ``level`` people more than j, in every week."""
    people = np.arange(draws) + np.full((14, 1), float(level))
    return SimpleNamespace(
        scenario=SimpleNamespace(id=name, weight=weight, weight_by="the test"),
        crisis=crisis or SimpleNamespace(id="made-up", reference_date=date(2020, 1, 21)),
        draws=draws,
        seed=0,
        mass=0.8,
        since_onset=Estimate.of(people, {"week": list(range(14))}, "person", name),
    )


def mixed(*results):
    return mixture(results, lambda each: each.since_onset, "mixed")


@pytest.fixture(scope="module")
def crisis():
    return read_crisis("nw-syria-2020")


def test_each_scenario_has_its_share_of_the_worlds_to_within_one():
    made = mixed(scenario("low", 0.15, 0), scenario("middle", 0.3, 10_000), scenario("high", 0.55, 20_000))
    levels, counts = np.unique(made.array[0] // 10_000, return_counts=True)
    assert levels.tolist() == [0, 1, 2]
    assert np.abs(counts - [150, 300, 550]).max() <= 1


def test_a_world_of_the_mixture_is_the_same_world_of_one_scenario_in_every_week():
    made = mixed(scenario("low", 0.4, 0), scenario("high", 0.4, 10_000))
    assert np.array_equal(made.array % 10_000, np.broadcast_to(np.arange(DRAWS), (14, DRAWS)))
    assert (made.array == made.array[:1]).all()


def test_weights_that_do_not_add_up_to_one_are_divided_by_their_sum():
    made = mixed(scenario("low", 0.1, 0), scenario("high", 0.3, 10_000))
    assert (made.array[0] >= 10_000).mean() == pytest.approx(0.75, abs=1 / DRAWS)


def test_the_choice_of_scenario_says_nothing_about_the_world():
    made = mixed(scenario("low", 0.5, 0), scenario("high", 0.5, 10_000)).array[0]
    assert abs(np.corrcoef(made >= 10_000, np.arange(DRAWS))[0, 1]) < 0.06


def test_a_scenario_whose_weight_nobody_judged_cannot_be_mixed():
    with pytest.raises(NeedscastError, match="needs the weight of every scenario"):
        mixed(scenario("low", None, 0), scenario("high", 0.5, 1))


def test_one_scenario_alone_is_itself():
    one = scenario("low", None, 5)
    assert np.array_equal(mixed(one).array, one.since_onset.array)


def test_scenarios_of_other_worlds_cannot_be_mixed():
    with pytest.raises(NeedscastError, match="cannot be compared world by world"):
        mixed(scenario("low", 0.5, 0), scenario("high", 0.5, 0, draws=500))


def test_the_official_count_is_the_anchors_own_and_no_relay_or_part_of_it(crisis):
    series = official_series(crisis)
    # 29 December, 1, 7 and 14 January: B223, B231, B247 and B266, as the situation reports printed them.
    assert series.days.astype("datetime64[D]").astype(str).tolist() == [
        "2019-12-29",
        "2020-01-01",
        "2020-01-07",
        "2020-01-14",
    ]
    assert series.values.tolist() == [284_000, 300_000, 312_200, 350_000]
    assert series.onset == date(2019, 12, 1)


def test_one_official_figure_is_no_series():
    early = read_crisis("nw-syria-2020", as_of=date(2019, 12, 30))
    assert official_series(early) is None


def test_the_outlook_holds_every_week_of_the_horizon(crisis):
    made = outlook((scenario("low", 0.5, 400_000, crisis), scenario("high", 0.5, 900_000, crisis)))
    assert made.expected["week"].tolist() == list(range(1, 14))
    assert (made.expected[["lower", "median", "upper"]].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert made.last_official == (date(2020, 1, 14), 350_000)


def test_the_share_inside_counts_the_worlds_within_the_range(crisis):
    made = outlook((scenario("low", 0.5, 400_000, crisis), scenario("high", 0.5, 9_000_000, crisis)))
    assert made.share_inside(13) == pytest.approx(0.5, abs=1 / DRAWS)


def test_without_a_weight_or_a_series_there_is_no_outlook(crisis):
    assert outlook((scenario("low", None, 0, crisis), scenario("high", 0.5, 1, crisis))) is None
    nothing = replace(crisis, figures=crisis.figures.iloc[:0])
    assert outlook((scenario("low", 0.5, 0, nothing), scenario("high", 0.5, 1, nothing))) is None


def test_the_shipped_weights_are_a_judgement_that_adds_up_and_leaves_no_story_out(crisis):
    weights = [each.weight for each in crisis.scenarios]
    assert sum(weights) == pytest.approx(1.0, abs=1e-12)
    assert min(weights) >= 0.1
    assert all(each.weight_by and each.weight_reason for each in crisis.scenarios)


def test_every_figure_that_a_shipped_scenario_cites_was_published_by_the_reference_date(crisis):
    known = set(crisis.figures["figure_id"])
    cited = {figure for each in crisis.scenarios for figure in each.analogues}
    reasons = " ".join(row.reason for each in crisis.scenarios for row in (*each.overrides, *crisis.inputs))
    cited |= set(re.findall(r"\bB\d{3}\b", reasons))
    assert cited <= known
    assert all(row.published <= crisis.reference_date for each in crisis.scenarios for row in each.overrides)

import numpy as np
import pytest

from needscast.errors import NeedscastError
from needscast.evidence.behaviour import Hedge, read_behaviour, shipped
from needscast.evidence.hedge import last_digit_units, steps_of

NOTHING = float("nan")


@pytest.mark.parametrize(
    ("value", "units"),
    [
        (300_000, (100_000,)),
        (287_000, (1_000,)),
        (350_000, (10_000, 50_000)),
        (379_523, (1,)),
        (5, (1,)),
        (0.5, (0.1,)),
    ],
)
def test_a_number_was_rounded_to_one_unit_of_its_last_significant_digit(value, units):
    assert last_digit_units(value) == pytest.approx(units)


@pytest.mark.parametrize("word", sorted(word for word in shipped().hedges))
def test_the_density_of_every_shipped_hedge_adds_up_to_one(word):
    steps = steps_of(shipped().hedges[word], NOTHING, 300_000.0, NOTHING)
    assert (steps.density * np.diff(steps.edges)).sum() == pytest.approx(1.0)
    assert (steps.density >= 0).all()


def test_a_plain_number_stands_for_the_interval_of_its_rounding():
    steps = steps_of(shipped().hedges[""], NOTHING, 300_000.0, NOTHING)
    assert steps.scale * np.exp(steps.edges) == pytest.approx([250_000, 350_000])


def test_a_lower_bound_has_nothing_below_the_printed_number_and_reaches_far_above():
    steps = steps_of(shipped().hedges["at least"], NOTHING, 200_000.0, NOTHING)
    assert np.exp(steps.edges[[0, -1]]) == pytest.approx([1.0, 1.7**2])


def test_an_upper_bound_has_nothing_above_the_printed_number():
    steps = steps_of(shipped().hedges["up to"], NOTHING, 184_000.0, NOTHING)
    assert steps.edges[-1] == pytest.approx(0.0)
    assert np.exp(steps.edges[0]) == pytest.approx(0.25)


def test_tens_of_thousands_lie_between_twenty_and_ninety_thousand_with_95_percent():
    steps = steps_of(shipped().hedges["tens of thousands"], NOTHING, NOTHING, NOTHING)
    middle = (steps.edges[1:] + steps.edges[:-1]) / 2
    inside = (middle > np.log(20_000)) & (middle < np.log(90_000))
    assert (steps.density * np.diff(steps.edges))[inside].sum() == pytest.approx(0.95)


def test_a_printed_range_keeps_a_fifth_of_its_mass_outside():
    steps = steps_of(shipped().hedges[""], 280_000.0, 302_500.0, 325_000.0)
    middle = steps.scale * np.exp((steps.edges[1:] + steps.edges[:-1]) / 2)
    inside = (middle > 280_000) & (middle < 325_000)
    assert (steps.density * np.diff(steps.edges))[inside].sum() == pytest.approx(0.8)


def test_a_printed_zero_means_fewer_than_five_hundred():
    steps = steps_of(shipped().hedges[""], NOTHING, 0.0, NOTHING)
    assert steps.scale * np.exp(steps.edges) == pytest.approx([1, 500])


def test_a_figure_without_any_number_says_nothing():
    assert steps_of(shipped().hedges["some"], NOTHING, NOTHING, NOTHING) is None


def test_a_part_is_a_lower_bound_of_up_to_twenty_times():
    steps = steps_of(shipped().hedges[""], NOTHING, 54_966.0, NOTHING, part=True)
    assert np.exp(steps.edges[[0, -1]]) == pytest.approx([1.0, 20.0], rel=0.003)


def test_an_unknown_hedge_names_the_figure_and_the_file():
    with pytest.raises(NeedscastError, match="B017.*perhaps.*hedges.csv"):
        shipped().hedge("perhaps", "B017")


def test_a_hedge_row_whose_bound_points_the_wrong_way_is_an_error_with_its_row(tmp_path):
    head = "hedge,kind,share_rounded,typical,far,spread,low,high,evidence,source\n"
    (tmp_path / "hedges.csv").write_text(head + "more than,below,0.5,0.9,1.4,0,,,x,y\n", encoding="utf-8")
    (tmp_path / "grades.csv").write_text("parameter,key,value,evidence,source\n", encoding="utf-8")
    with pytest.raises(NeedscastError, match="hedges.csv row 2.*more than"):
        read_behaviour(tmp_path)


def test_an_analysts_own_table_is_read(tmp_path):
    head = "hedge,kind,share_rounded,typical,far,spread,low,high,evidence,source\n"
    (tmp_path / "hedges.csv").write_text(head + "roughly,centre,1,1,1,0.3,,,seen,me\n", encoding="utf-8")
    (tmp_path / "grades.csv").write_text("parameter,key,value,evidence,source\nnoise_sd,B,0.5,x,y\n", encoding="utf-8")
    read = read_behaviour(tmp_path)
    assert read.hedges["roughly"] == Hedge("centre", 1.0, 1.0, 1.0, 0.3)
    assert read.grade("noise_sd", "B") == 0.5

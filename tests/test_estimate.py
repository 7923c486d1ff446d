"""The laws of the central value: exact labels, honest units, one world per draw."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.derivation import cited
from needscast.draws import Draws, Range
from needscast.errors import LabelError, UnitError
from needscast.estimate import Estimate, derive, stack
from needscast.units import unit, unit_name

WORLDS = Draws(64, 0)
AREAS = ["north", "south", "west"]


def people(areas=AREAS, name="people", unit_text="person"):
    draws = [WORLDS.sample(f"{name}/{area}", Range(100, 200, 400, unit="person")) for area in areas]
    return Estimate.of(np.stack(draws), {"area": areas}, unit_text, name, sources=[f"figure {name}"])


def share(name="share"):
    return Estimate.of(WORLDS.sample(name, Range(0.2, 0.3, 0.5)), {}, "share", name, sources=["survey (2019)"])


def test_two_areas_of_two_draws_multiply_and_add_up_as_by_hand():
    count = Estimate.of([[10, 20], [30, 40]], {"area": ["a", "b"]}, "person", "count")
    half = Estimate.of([0.5, 0.25], {}, "share", "half")
    assert count.times(half).values.values.tolist() == [[5, 5], [15, 10]]
    assert count.times(half).total("area").values.values.tolist() == [20, 15]
    table = count.summary(totals=["area"]).set_index("area")
    assert table["mean"].to_dict() == {"a": 15, "b": 35, "all": 50}
    assert table["median"].to_dict() == {"a": 15, "b": 35, "all": 50}


def test_a_flow_cumulates_from_its_opening_stock():
    flow = Estimate.of([[1, 2], [3, 4]], {"week": [1, 2]}, "person", "flow")
    opening = Estimate.of([10, 20], {}, "person", "opening")
    running = flow.cumulated("week", opening, 0)
    assert running.labels("week") == [0, 1, 2]
    assert running.values.values.tolist() == [[10, 20], [11, 22], [14, 26]]


def test_a_quantity_minus_itself_is_exactly_zero_in_every_world():
    assert not people().minus(people()).values.values.any()


def test_people_and_movements_do_not_add():
    with pytest.raises(UnitError, match="stay apart"):
        people().plus(people(unit_text="movement"))


def test_a_stock_and_a_flow_do_not_add():
    with pytest.raises(UnitError):
        people().plus(people(unit_text="person / week"))


def test_a_household_does_not_convert_into_a_person():
    with pytest.raises(UnitError, match="household size"):
        people(unit_text="household").to("person")


def test_kilograms_become_tonnes():
    heavy = Estimate.of([1500.0, 3000.0], {}, "kg", "load")
    assert heavy.to("tonne").values.values.tolist() == [1.5, 3.0]


def test_a_norm_per_household_times_households_is_in_items():
    tents = Estimate.of([2.0], {}, "tent / household", "norm").times(Estimate.of([10.0], {}, "household", "families"))
    assert unit_name(tents.unit) == "tent"


def test_a_share_of_people_is_people():
    assert people().times(share()).unit == unit("person")


def test_other_labels_raise_and_name_both():
    with pytest.raises(LabelError, match="different labels on 'area'"):
        people().plus(people(["north", "south", "east"]))


def test_the_same_labels_in_another_order_raise():
    with pytest.raises(LabelError):
        people().times(people(["south", "north", "west"]))


def test_a_missing_dimension_is_not_spread_when_adding():
    with pytest.raises(LabelError, match="no dimension 'area'"):
        people().plus(people().total("area"))


def test_a_repeated_label_raises():
    with pytest.raises(LabelError, match="repeats a label"):
        Estimate.of(np.ones((2, 3)), {"area": ["a", "a"]}, "person", "twice")


def test_an_unknown_label_names_the_known_ones():
    with pytest.raises(LabelError, match="it has north, south, west"):
        people().select(area="east")


def test_missing_stays_missing_in_a_total():
    holes = Estimate.of([[1.0, np.nan], [2.0, 2.0]], {"area": ["a", "b"]}, "person", "holes")
    assert np.isnan(holes.total("area").values.values).tolist() == [False, True]


def test_another_number_of_draws_raises():
    with pytest.raises(LabelError, match="one draw count"):
        share().times(Estimate.of(np.ones(3), {}, "share", "short"))


def test_apply_checks_what_the_function_returns():
    with pytest.raises(LabelError, match="its labels need"):
        people().apply(lambda array: array[:1], dims=("area",), unit_text="person")


def test_the_largest_of_two_is_taken_world_by_world():
    one = Estimate.of([[1, 9]], {"area": ["a"]}, "person", "one")
    two = Estimate.of([[5, 5]], {"area": ["a"]}, "person", "two")
    assert one.apply(np.maximum, two, dims=("area",), unit_text="person").values.values.tolist() == [[5, 9]]


def test_sources_follow_from_the_derivation():
    need = people().times(share(), name="need").total("area")
    assert need.sources == ("figure people", "survey (2019)")
    assert [leaf.name for leaf in need.derivation.leaves()] == ["people", "share"]


def test_a_citation_is_told_once_behind_all_that_rest_on_it():
    sources = (
        "B1",
        "B2",
        "births: survey (2019)",
        "deaths: survey (2019)",
        "norm: 15 a day (2018)",
        "pace: survey (2019)",
    )
    assert cited(sources) == "B1; B2; births, deaths, pace: survey (2019); norm: 15 a day (2018)"


def test_of_inputs_of_one_kind_with_one_citation_more_than_three_are_counted():
    areas = ("pace/east", "pace/north", "pace/south")
    assert cited(tuple(f"{name}: survey" for name in areas)) == "pace/east, pace/north, pace/south: survey"
    assert cited(tuple(f"{name}: survey" for name in (*areas, "pace", "pace/west"))) == "pace, pace/* (4): survey"


def test_summary_gives_the_range_with_its_mass():
    row = Estimate.of(np.arange(1, 102, dtype=float), {}, "person", "count").summary(0.8).iloc[0]
    assert row[["lower", "median", "upper", "mean", "mass"]].tolist() == pytest.approx([11, 51, 91, 51, 0.8])


def test_quantiles_come_in_the_long_form_with_the_mean_last():
    table = Estimate.of(np.arange(1, 102, dtype=float), {}, "person", "count").quantiles([0.1, 0.9])
    assert table["output_type"].tolist() == ["quantile", "quantile", "mean"]
    assert table["value"].tolist() == pytest.approx([11, 91, 51])


def test_a_stack_needs_one_unit():
    with pytest.raises(UnitError):
        stack({"a": people(), "b": people(unit_text="movement")}, "kind", name="both")


def test_derive_keeps_every_operand_as_a_source():
    both = derive(
        lambda *, a, b: {"sum": a + b}, {"a": people(), "b": people(name="more")}, {"sum": ({"area": AREAS}, "person")}
    )
    assert both["sum"].sources == ("figure more", "figure people")


def test_a_person_can_read_the_repr():
    assert "people [person], area 3, 64 draws, 80 % ranges" in repr(people())


@given(st.permutations(AREAS))
def test_the_order_of_areas_does_not_move_the_total(order):
    reordered = people().select(area=list(order)).total("area")
    assert np.allclose(reordered.values.values, people().total("area").values.values, rtol=1e-12, atol=0)


@given(st.floats(0.01, 0.99))
def test_splitting_an_area_leaves_the_total_unchanged(part):
    whole = people(["north"])
    left = whole.times(Estimate.constant(part, "share", "part", 64)).total("area")
    right = whole.times(Estimate.constant(1 - part, "share", "rest", 64)).total("area")
    assert np.allclose(left.plus(right).values.values, whole.total("area").values.values, rtol=1e-12, atol=0)


@given(st.sampled_from([("kg", "tonne"), ("litre", "m3"), ("week", "day")]))
def test_changing_the_unit_and_back_changes_nothing(units):
    given_unit, other = units
    amount = Estimate.of(np.array([1.5, 2.5, 1000.0]), {}, given_unit, "amount")
    assert np.allclose(amount.to(other).to(given_unit).values.values, amount.values.values, rtol=1e-12, atol=0)

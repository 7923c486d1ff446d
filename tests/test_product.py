"""A product that waits says the same as one that is multiplied at once, however it is taken apart before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from needscast.errors import LabelError
from needscast.estimate import Estimate, stack
from needscast.swept import swept

GROUPS, AREAS, WEEKS, DRAWS = ["a", "b", "c", "d", "e"], list("nsew"), [0, 1, 2, 3, 4], 7
GENERATOR = np.random.Generator(np.random.PCG64(0))
PEOPLE = GENERATOR.random((5, 4, 5, DRAWS))
BY_GROUP, BY_AREA, BY_WEEK, ONE = (GENERATOR.random((*size, DRAWS)) for size in ((5,), (4,), (5,), ()))


def estimate(array, unit="share", **labels):
    return Estimate.of(array, labels, unit, "it")


def product(groups):
    """People of some groups times a share by group, one by area that is one number, one by week and one number."""
    people = estimate(PEOPLE, "person", group=GROUPS, area=AREAS, week=WEEKS).select(group=groups)
    shares = stack({each: estimate(BY_GROUP[GROUPS.index(each)]) for each in groups}, "group", name="shares")
    alike = estimate(np.broadcast_to(ONE, (len(AREAS), DRAWS)), area=AREAS)
    return people.times(shares).times(alike).times(estimate(BY_WEEK, week=WEEKS)).times(estimate(BY_AREA, area=AREAS))


def multiplied(groups):
    places = [GROUPS.index(each) for each in groups]
    factors = BY_GROUP[places][:, None, None] * BY_WEEK * BY_AREA[:, None] * ONE
    return PEOPLE[places] * factors


def same(made, expected):
    return np.allclose(made, expected, rtol=1e-13, atol=0)


@given(st.lists(st.sampled_from(GROUPS), min_size=1, unique=True), st.sets(st.sampled_from([0, 1, 2])))
def test_a_total_over_any_dimensions_is_the_sum_of_the_cells(groups, over):
    made = product(groups)
    total = made.total([made.dims[axis] for axis in sorted(over)])
    assert same(total.array, multiplied(groups).sum(axis=tuple(sorted(over))))


@given(st.permutations(GROUPS), st.lists(st.sampled_from(WEEKS), min_size=1, unique=True), st.sampled_from(AREAS))
def test_what_is_taken_and_then_summed_are_the_cells_of_these_labels(groups, weeks, area):
    places, kept = [WEEKS.index(week) for week in weeks], groups[:3]
    expected = multiplied(groups)[:3, AREAS.index(area)][:, places]
    made = product(groups)
    assert same(made.select(area=area, week=weeks, group=kept).array, expected)
    assert same(made.select(week=weeks).select(group=kept).total("group").select(area=area).array, expected.sum(axis=0))
    assert same(
        made.select(area=area).total("group").select(week=weeks[0]).total([]).array,
        multiplied(groups)[:, AREAS.index(area), places[0]].sum(axis=0),
    )


def test_a_total_times_another_number_by_the_label_that_was_summed_over_keeps_them_apart():
    made, again = product(GROUPS).total("group"), estimate(BY_GROUP, group=GROUPS)
    expected = multiplied(GROUPS).sum(axis=0)[..., None, :] * BY_GROUP
    assert same(made.times(again).array, expected)
    assert same(made.times(made).array, multiplied(GROUPS).sum(axis=0) ** 2)


@pytest.mark.parametrize("totals", [(), ("area",), ("group", "area"), ("week", "group", "area")])
def test_a_table_has_the_cells_and_the_totals_along_each_dimension(totals):
    groups = ["d", "a", "b"]
    full = multiplied(groups)
    for dim in totals:
        axis = ["group", "area", "week"].index(dim)
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    table = product(groups).summary(totals=totals)
    assert same(table["median"], np.median(full, axis=-1).ravel())
    assert same(table["mean"], full.mean(axis=-1).ravel())
    assert same(table["lower"], np.quantile(full, 0.1, axis=-1).ravel())


def test_a_total_over_areas_that_share_a_number_counts_it_once_for_each():
    alike = estimate(np.broadcast_to(ONE, (len(AREAS), DRAWS)), area=AREAS)
    assert same(alike.total("area").array, 4 * ONE)


def grown(cells, shift):
    """Of each week the part that the week before did not have, and a number: what a function of weeks may do."""
    before = np.vstack([np.zeros_like(cells[:1]), cells[:-1]])
    cells -= before
    return cells + shift


@given(st.permutations(GROUPS), st.sampled_from(AREAS))
def test_cells_made_area_by_area_and_their_totals_are_those_of_the_whole_array(groups, area):
    people = multiplied(groups).sum(axis=0)
    expected = np.diff(people, axis=1, prepend=0) + ONE
    made = swept(product(groups).total("group"), grown, estimate(ONE), unit_text="person")
    assert np.allclose(made.total("area").array, expected.sum(axis=0))
    assert np.allclose(made.total("week").array, expected.sum(axis=1))
    assert np.allclose(made.total(["week", "area"]).array, expected.sum(axis=(0, 1)))
    assert np.allclose(made.array, expected)
    assert np.allclose(made.select(area=area, week=[3, 1]).array, expected[AREAS.index(area), [3, 1]])
    assert np.allclose(
        made.times(estimate(BY_AREA, area=AREAS)).total("area").array, np.einsum("awj,aj->wj", expected, BY_AREA)
    )


def test_what_is_made_area_by_area_rests_on_all_that_went_in():
    counted = Estimate.of(PEOPLE[0], {"area": AREAS, "week": WEEKS}, "person", "people", sources=["census"])
    shift = Estimate.of(ONE, {}, "person", "shift", sources=["survey"])
    assert swept(counted, grown, shift, unit_text="person").sources == ("census", "survey")


def test_only_what_has_two_dimensions_is_made_area_by_area():
    with pytest.raises(LabelError, match="two dimensions"):
        swept(product(GROUPS), grown, estimate(ONE), unit_text="person")
    with pytest.raises(LabelError, match="two dimensions"):
        swept(product(GROUPS).total("group"), grown, estimate(BY_AREA, area=AREAS), unit_text="person")

"""The prior of people displaced before the onset, by hand, and what it is for: one count among millions is believed."""

import numpy as np
import pandas as pd
import pytest
from toy_register import crisis, figure

from needscast.draws import Range
from needscast.evidence import nowcast
from needscast.evidence.area import Areas
from needscast.evidence.before import displaced_before
from needscast.evidence.behaviour import shipped
from needscast.evidence.item import items_of
from needscast.evidence.model import DISPLACED_BEFORE, NOBODY_COUNTS

REGION = pd.DataFrame(
    [
        {"area": "region", "level": "crisis", "parent": "", "covers": "", "role": ""},
        {"area": "zone", "level": "zone", "parent": "region", "covers": "", "role": "both"},
    ]
).assign(population_low=np.nan, population=np.nan, population_high=np.nan)
CENTRE, SPREAD = DISPLACED_BEFORE


def stock(figure_id, value, as_of="2031-03-05", **other):
    return figure(figure_id, value, as_of=as_of, measure="idp_stock", group="idp", period_start=None, **other)


def prior(*figures, population=2_400_000, table=REGION):
    made, areas = crisis(*figures, areas=table), Areas.of(table)
    items, _ = items_of(made.figures, areas, shipped(), made.reference_date)
    return displaced_before(items, areas, population, household=5.0)


def odds(share):
    return np.log(share / (1 - share))


def test_where_nobody_counts_displaced_people_few_were_displaced_before():
    assert prior(figure("A", 31_300)) == NOBODY_COUNTS


@pytest.mark.parametrize(
    ("value", "unit", "share"),
    [(24_321, "person", 24_321 / 2.4e6), (4_321, "household", 5 * 4_321 / 2.4e6), (0, "person", 1e-4)],
)
def test_the_centre_is_one_standard_deviation_above_the_largest_part_that_is_counted(value, unit, share):
    centre, spread = prior(stock("A", value, unit=unit), stock("B", value // 2))
    assert (centre, spread) == pytest.approx((odds(share) + SPREAD, SPREAD), abs=1e-3)


def test_it_is_never_higher_than_in_a_long_war():
    assert prior(stock("A", 1_812_345)) == DISPLACED_BEFORE


def test_a_count_of_a_zone_is_a_part_of_those_who_live_there():
    table = crisis().areas
    assert prior(stock("A", 3_123, area="south"), table=table)[0] == pytest.approx(
        odds(3_123 / 250_000) + SPREAD, abs=1e-3
    )


def people(*figures, inhabitants=2_400_000, at=(0.1, 0.9)):
    """Quantiles of displaced people."""
    population = Range(inhabitants / 1.2, inhabitants, inhabitants * 1.2, 0.8, "person")
    found = nowcast(crisis(*figures, population=population, areas=REGION), draws=1024, seed=5)
    return np.quantile(found.estimates["idp_stock"].values.values.sum(axis=0), at)


@pytest.mark.parametrize("inhabitants", [2_400_000, 20_000_000])
def test_counts_of_displaced_people_are_believed_however_many_live_there(inhabitants):
    """A flood in a calm country: few are displaced of many."""
    low, high = people(stock("A", 30_200), stock("B", 28_400, "2031-02-20"), inhabitants=inhabitants)
    assert 22_000 < low < 30_200 < high < 50_000


def test_a_lone_count_is_believed_unless_it_is_wrong_by_a_factor():
    """Of 100 lone counts some are; among very many inhabitants nearly one in ten worlds says so."""
    low, middle, most = people(stock("A", 30_200), inhabitants=20_000_000, at=(0.1, 0.5, 0.85))
    assert 20_000 < low < 30_200 < middle < 40_000 < most < 80_000


def test_a_count_beside_a_cumulative_figure_agrees_with_it():
    low, high = people(stock("A", 30_200), figure("B", 33_100))
    assert 22_000 < low < 33_100 < high < 70_000


def test_a_count_of_nobody_before_the_onset_leaves_the_newly_displaced():
    low, high = people(figure("A", 31_300), stock("Z", 0, "2031-01-15"))
    assert 18_000 < low < 31_300 < high < 70_000


def test_where_nobody_counts_the_newly_displaced_are_most_of_the_displaced_people():
    assert people(figure("A", 31_300))[1] < 180_000

"""Across sectors: the agencies' rule on worked examples."""

import pandas as pd
import pytest

from needscast.errors import NeedscastError
from needscast.needs import across_sectors


def figures(rows):
    return pd.DataFrame(rows, columns=["sector", "group", "area", "people"])


def present(rows):
    return pd.DataFrame(rows, columns=["group", "area", "people"])


def test_fifteen_ten_and_five_thousand_in_fifteen_thousand_people_are_fifteen_thousand():
    sectors = figures(
        [
            ("food", "all", "district", 15_000),
            ("water", "all", "district", 10_000),
            ("shelter", "all", "district", 5_000),
        ]
    )
    total = across_sectors(sectors, present([("all", "district", 15_000)])).set_index("area").loc["all"]
    assert total["largest_sector"] == 15_000
    assert total["cap"] == 15_000


def test_the_largest_sector_is_taken_per_unit_and_then_summed():
    sectors = figures(
        [("food", "all", "a", 60), ("water", "all", "a", 40), ("food", "all", "b", 10), ("water", "all", "b", 30)]
    )
    table = across_sectors(sectors, present([("all", "a", 100), ("all", "b", 100)])).set_index("area")
    assert table.loc["all", "largest_sector"] == 90
    assert table.loc["a", "independent"] == pytest.approx(76)  # 100 x (1 - 0.4 x 0.6)
    assert table.loc["b", "independent"] == pytest.approx(37)  # 100 x (1 - 0.9 x 0.7)
    assert table.loc["all", "cap"] == 140


def test_more_people_requiring_than_present_is_an_error_that_names_the_unit():
    with pytest.raises(NeedscastError, match=r"food has 120 people .* 100 present \(all, a\)"):
        across_sectors(figures([("food", "all", "a", 120)]), present([("all", "a", 100)]))


def test_a_unit_without_population_is_an_error():
    with pytest.raises(NeedscastError, match="no population"):
        across_sectors(figures([("food", "all", "a", 1)]), present([("all", "b", 100)]))

"""A sector that is out of line with the others, and special groups, on numbers worked by hand."""

import pandas as pd
import pytest

from needscast.draws import Draws, Range
from needscast.estimate import Estimate
from needscast.inputs import Inputs, UncertainInput
from needscast.needs import out_of_line, special_groups


def figures(rows):
    return pd.DataFrame(rows, columns=["sector", "group", "area", "people"])


PRESENT = pd.DataFrame([("all", "a", 100), ("all", "b", 100)], columns=["group", "area", "people"])


def test_a_sector_that_falls_where_the_others_rise_is_flagged_in_both_zones():
    # Shares: food 0.6, 0.2 (whole area 0.4); water 0.6, 0.2; health 0.2, 0.6. Levels: 1.5, 0.5; 1.5, 0.5; 0.5, 1.5.
    rows = [("food", "all", "a", 60), ("food", "all", "b", 20), ("water", "all", "a", 60), ("water", "all", "b", 20)]
    table = out_of_line(figures([*rows, ("health", "all", "a", 20), ("health", "all", "b", 60)]), PRESENT)
    health = table[table["sector"] == "health"].set_index("area")
    assert health.loc["a", ["share", "level", "others"]].tolist() == pytest.approx([0.2, 0.5, 1.5])
    assert health.loc["b", "ratio"] == pytest.approx(3)


def test_sectors_of_one_pattern_are_in_line_however_different_their_size():
    rows = [
        ("food", "all", "a", 80),
        ("food", "all", "b", 40),
        ("nutrition", "all", "a", 8),
        ("nutrition", "all", "b", 4),
    ]
    assert out_of_line(figures(rows), PRESENT).empty


def test_one_sector_alone_is_out_of_line_with_nobody():
    assert out_of_line(figures([("food", "all", "a", 80), ("food", "all", "b", 1)]), PRESENT).empty


def test_special_groups_are_the_shares_that_the_crisis_gives_and_no_others():
    people = Estimate.of([[1_000.0]], {"week": [0]}, "person", "displaced")
    given = [
        UncertainInput(f"share_{name}", Range(share, share, share, 0.8, "share"), "made up")
        for name, share in (("child_5_17", 0.3), ("sexual_violence", 0.02))
    ]
    groups = special_groups(people, Inputs.of(given), Draws(1, 0))
    assert {name: float(each.array[0, 0]) for name, each in groups.items()} == {"child_5_17": 300}

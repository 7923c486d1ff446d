"""What the shipped model promises, held against the past crises, each left out of all that its forecasts learned from.

The shipped series are checked always; further ones where a folder of them is at hand: name the folders in
NEEDSCAST_PAST_CRISES, separated as in PATH (a folder of series with its INDEX.csv each).
"""

import os
from pathlib import Path

import pytest

from needscast.forecast import hindcast

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "hindcast"
HELD_OUT = ROOT / "tests" / "cases" / "held_out"
BESIDE = [ROOT.parent / "shared" / "hindcast" / name for name in ("shippable", "reference_only")]
FURTHER = [Path(one) for one in os.environ.get("NEEDSCAST_PAST_CRISES", "").split(os.pathsep) if one] or BESIDE


def own_scores(folder):
    scores = hindcast(folder).scores
    return scores[scores["model"] == "needscast"].set_index(["by", "name", "rows"])


def held_against_its_promise(scores):
    whole, later = scores.loc["overall", "", "all"], scores.loc["overall", "", "later"]
    assert whole["wis_ratio"] <= 0.68
    assert later["wis_ratio"] <= 0.80
    assert 0.40 <= whole["coverage_50"] <= 0.60
    assert 0.72 <= whole["coverage_80"] <= 0.88
    assert whole["coverage_95"] >= 0.92
    assert 0.40 <= whole["share_above_median"] <= 0.60
    by_horizon = scores.loc["horizon"].xs("all", level="rows")
    assert by_horizon["coverage_80"].between(0.65, 0.92).all()


def test_the_ranges_of_the_shipped_past_held_as_often_as_they_say():
    held_against_its_promise(own_scores(SHIPPED))


def test_on_crises_that_nobody_tuned_to_eighty_percent_ranges_hold_what_they_say():
    scores = own_scores(HELD_OUT)
    whole, later = scores.loc["overall", "", "all"], scores.loc["overall", "", "later"]
    assert whole["crises"] == 17
    assert 0.72 <= whole["coverage_80"] <= 0.88
    assert 0.40 <= whole["coverage_50"] <= 0.60
    assert whole["coverage_95"] >= 0.88
    assert whole["wis_ratio"] <= 0.68
    assert later["wis_ratio"] <= 0.80


@pytest.mark.prove
def test_the_ranges_of_all_past_crises_at_hand_held_as_often_as_they_say(tmp_path):
    if not all(folder.is_dir() for folder in FURTHER):
        pytest.skip("no further past crises here")
    lines = []
    for folder in FURTHER:
        head, *rows = (folder / "INDEX.csv").read_text(encoding="utf-8").splitlines()
        lines += rows if lines else [head, *rows]
        for path in folder.glob("*.csv"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "INDEX.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    held_against_its_promise(own_scores(tmp_path))

"""One scenario from the nowcast on: the same worlds, everybody counted, flows between zones that add up."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from needscast.chain import routes
from needscast.displacement import between_zones, simulate
from needscast.draws import Draws, Range
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.inputs import Inputs, UncertainInput, read_crisis
from needscast.vocabulary import AREA_INPUTS, GROUPS, OVERALL_INPUTS, REGIMES, SHELTER_INPUTS

ZONES = ("front", "middle", "border")
COUNTS = {
    "population": 400_000,
    "idp_stock": 120_000,
    "newly_displaced": 40_000,
    "departed": 50_000,
    "weekly_outflow": 9_000,
}
WEEKS = 6


def crisis():
    areas = pd.DataFrame({"area": ZONES, "role": ["origin", "both", "destination"]})
    return SimpleNamespace(zones=list(ZONES), settings=SimpleNamespace(horizon_weeks=WEEKS), areas=areas)


def doubtful(name):
    if name.endswith(("_weeks", "_week")):
        return Range(0.5, 1.5, 4, 0.8, "week")
    ratio = name in ("pace_multiplier", "destination_capacity", "crowding")
    return Range(1.0, 1.2, 2.0, 0.8, "ratio") if ratio else Range(0.02, 0.08, 0.3)


def inputs(without=()):
    names = [name for name in (*AREA_INPUTS, *OVERALL_INPUTS, *SHELTER_INPUTS) if name not in without]
    return Inputs.of([UncertainInput(name, doubtful(name), "made up") for name in names])


def block(worlds):
    """A nowcast with doubt of every sort: fractions of people, zones of different size, draws that go together."""
    made = {}
    for name, size in COUNTS.items():
        rows = [
            worlds.sample(f"now/{name}/{zone}", Range(size * 0.8, size, size * 1.3, 0.8, "person")) for zone in ZONES
        ]
        made[name] = Estimate.of(np.stack(rows), {"area": list(ZONES)}, "person", name)
    return made


@pytest.fixture(scope="module")
def worlds():
    return Draws(700, 3)  # more than one block of draws, and no multiple of it


@pytest.fixture(scope="module")
def moved(worlds):
    return simulate(crisis(), inputs(), block(worlds), worlds, REGIMES)


def test_week_zero_is_the_nowcast_to_the_last_person_in_every_draw(worlds, moved):
    now, people = block(worlds), moved.people.select(week=0)
    assert np.array_equal(people.total("group").array, np.floor(now["population"].array + 0.5))
    new = people.select(group="newly_displaced")
    assert np.array_equal(new.array, np.floor(now["newly_displaced"].array + 0.5))


def test_the_nowcast_is_not_drawn_again_so_its_worlds_go_on_in_the_simulation(worlds):
    now = block(worlds)
    sure = Inputs.of(
        [UncertainInput(row.name, Range(*[row.range.best] * 3, 0.8, row.range.unit), "made up") for row in inputs()]
    )
    moved = simulate(crisis(), sure, now, worlds)
    before = now["population"].array.sum(axis=0)
    assert np.corrcoef(before, moved.people.total(["group", "area"]).select(week=0).array)[0, 1] > 0.999999
    pace, left = now["weekly_outflow"].array.sum(axis=0), moved.departures.select(week=1).array.sum(axis=0)
    assert np.corrcoef(pace, left)[0, 1] > 0.9
    assert abs(np.corrcoef(np.roll(pace, 1), left)[0, 1]) < 0.15, "the world before tells nothing about this one"


def test_a_draw_does_not_depend_on_how_many_are_stepped_together(worlds, moved):
    part = worlds.part(600, 100)
    alone = {
        name: Estimate.of(each.array[..., 600:], {"area": list(ZONES)}, "person", name)
        for name, each in block(worlds).items()
    }
    again = simulate(crisis(), inputs(), alone, part, REGIMES)
    assert np.array_equal(again.people.array, moved.people.array[..., 600:])


def test_everybody_is_counted_over_the_whole_horizon(moved):
    everybody = moved.people.total(["group", "area"])
    change = everybody.select(week=WEEKS).array - everybody.select(week=0).array
    flows = moved.births.total("week").array - moved.deaths.total("week").array - moved.crossings.total("week").array
    assert np.array_equal(change, flows)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(REGIMES), min_size=1, max_size=5), st.integers(0, 10**6))
def test_any_order_of_regimes_conserves_people_in_every_draw(regimes, seed):
    worlds = Draws(16, seed)
    moved = simulate(crisis(), inputs(), block(worlds), worlds, regimes)
    people = moved.people.array
    assert people.min() >= 0
    assert np.array_equal(people, np.floor(people))
    everybody = people.sum(axis=(0, 1))
    out = (moved.births.array - moved.deaths.array - moved.crossings.array).cumsum(axis=0)
    assert np.array_equal(everybody[1:], everybody[0] + out)
    assert np.array_equal(moved.shelter.total("shelter").array, moved.displaced.array)


def test_flows_between_zones_are_the_departures_less_those_who_cross(worlds, moved):
    flows = between_zones(crisis(), inputs(), block(worlds), worlds, REGIMES)
    total = flows.total(["from_area", "to_area"]).array
    departed = moved.departures.total(["area", "week"]).array - moved.crossings.total("week").array
    assert total == pytest.approx(departed, rel=1e-9)
    assert np.diagonal(flows.array).max() == 0
    arrived = moved.arrivals.total(["group", "week"]).array
    rounding = WEEKS * (len(ZONES) + 1)
    assert np.abs(flows.total("from_area").array - arrived).max() <= rounding


def test_no_result_of_a_scenario_keeps_where_people_would_flee_to(moved):
    assert "pull" not in vars(moved)


def test_flows_between_zones_are_refused_to_a_public_edition():
    with pytest.raises(NeedscastError, match="readership 'internal'"):
        routes(SimpleNamespace(readership="public"))


def test_without_shares_shelter_is_not_estimated(worlds):
    moved = simulate(crisis(), inputs(without=SHELTER_INPUTS), block(worlds), worlds)
    assert moved.shelter is None


def test_a_regime_of_returns_sets_the_hazard_of_return():
    crisis = read_crisis(Path(__file__).parents[2] / "data" / "template")
    worse = next(each for each in crisis.scenarios if each.returns == "blocked")
    hazard = crisis.inputs.overridden(worse.overrides).find("return_hazard", "zone-front")
    assert hazard.range == crisis.inputs.find("return_hazard_blocked").range
    assert hazard.name == "return_hazard", "one stream whatever the regime, so scenarios share their worlds"


def test_groups_that_arrive_are_the_newly_displaced_and_the_displaced_again(moved):
    assert moved.arrivals.labels("group") == ["newly_displaced", "displaced_again"]
    assert set(moved.people.labels("group")) == set(GROUPS)

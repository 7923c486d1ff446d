"""Are 4,096 draws enough? Headlines of short runs against one of 262,144 draws, given the nowcast."""

from functools import cache

import numpy as np
import pytest

from needscast import chain
from needscast.demand import Displaced
from needscast.displacement import simulate
from needscast.draws import Draws
from needscast.evidence import nowcast
from needscast.headlines import grand_totals, movement_headlines, sector_headlines
from needscast.inputs import read_crisis
from needscast.sectors import run_sector

pytestmark = pytest.mark.prove

SHORT, PARTS, SEEDS = 4_096, 64, 20
LEVELS = (0.1, 0.5, 0.9)
HEADLINES = ("displaced_since_onset_end", "displaced_next", "idp_stock_end", "requiring_end/SNFI", "cost", "tonnes")


@pytest.fixture(autouse=True, scope="module")
def streams_are_made_once():
    """Every part of the long run takes its slice of the same long streams; they stay in memory, some 400 MB."""
    whole = cache(Draws.probabilities)

    def sliced(worlds, name):
        return whole(Draws(worlds.total or worlds.count, worlds.seed), name)[worlds.first :][: worlds.count]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Draws, "probabilities", sliced)
        yield


@cache
def crisis_and_now():
    crisis = read_crisis("nw-syria-2020")
    return crisis, nowcast(crisis, draws=SHORT, seed=crisis.settings.seed)


def scenario():
    return next(each for each in crisis_and_now()[0].scenarios if each.id == "offensive-m5-m4")


def headlines(worlds):
    """Return what the chain leaves of headlines, without the tables and the decisions that it makes beside them."""
    crisis, now = crisis_and_now()
    inputs = crisis.inputs.overridden(scenario().overrides)
    moved = simulate(crisis, inputs, now.estimates, worlds, scenario().hostilities)
    displaced = Displaced.of(moved.people, moved.arrivals, moved.fled_share, inputs, worlds)
    found = movement_headlines(moved, now)
    for sector in crisis.sectors:
        found |= sector_headlines(sector, *run_sector(sector, moved.people, displaced, crisis, inputs, worlds))
    found |= grand_totals(found)
    return {name: found[name].values.values for name in HEADLINES}


@cache
def long_run():
    worlds = Draws(SHORT * PARTS, 10**6)
    parts = [headlines(worlds.part(part * SHORT, SHORT)) for part in range(PARTS)]
    return {name: np.quantile(np.concatenate([part[name] for part in parts]), LEVELS) for name in HEADLINES}


def test_the_headlines_that_are_compared_are_those_of_the_chain():
    (crisis, now), worlds = crisis_and_now(), Draws(SHORT, 0)
    made = chain.run_scenario(crisis, scenario(), now, worlds, "public").headlines
    for name, drawn in headlines(worlds).items():
        assert drawn.tobytes() == made[name].values.values.tobytes(), name


def test_headline_quantiles_of_short_runs_lie_within_three_percent_of_the_range_in_nineteen_of_twenty_seeds():
    within = dict.fromkeys(HEADLINES, 0)
    for seed in range(SEEDS):
        for name, drawn in headlines(Draws(SHORT, seed)).items():
            low, _, high = long_run()[name]
            off = np.abs(np.quantile(drawn, LEVELS) - long_run()[name]).max() / (high - low)
            within[name] += off <= 0.03
    assert min(within.values()) >= 19, within

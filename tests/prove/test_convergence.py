"""Are 4,096 draws enough? Headlines of short runs against one of 262,144 draws, given the nowcast."""

from functools import cache

import numpy as np
import pytest

from needscast import chain
from needscast.draws import Draws
from needscast.evidence import nowcast
from needscast.inputs import read_crisis

pytestmark = pytest.mark.prove

SHORT, PARTS, SEEDS = 4_096, 64, 20
LEVELS = (0.1, 0.5, 0.9)
HEADLINES = ("displaced_since_onset_end", "displaced_next", "idp_stock_end", "requiring_end/SNFI", "cost", "tonnes")


@cache
def crisis_and_now():
    crisis = read_crisis("nw-syria-2020")
    return crisis, nowcast(crisis, draws=SHORT, seed=crisis.settings.seed)


def headlines(worlds):
    crisis, now = crisis_and_now()
    scenario = next(each for each in crisis.scenarios if each.id == "offensive-m5-m4")
    found = chain.run_scenario(crisis, scenario, now, worlds, "public").headlines
    return {name: found[name].values.values for name in HEADLINES}


@cache
def long_run():
    worlds = Draws(SHORT * PARTS, 10**6)
    parts = [headlines(worlds.part(part * SHORT, SHORT)) for part in range(PARTS)]
    return {name: np.quantile(np.concatenate([part[name] for part in parts]), LEVELS) for name in HEADLINES}


def test_headline_quantiles_of_short_runs_lie_within_three_percent_of_the_range_in_nineteen_of_twenty_seeds():
    within = dict.fromkeys(HEADLINES, 0)
    for seed in range(SEEDS):
        for name, drawn in headlines(Draws(SHORT, seed)).items():
            low, _, high = long_run()[name]
            off = np.abs(np.quantile(drawn, LEVELS) - long_run()[name]).max() / (high - low)
            within[name] += off <= 0.03
    assert min(within.values()) >= 19, within

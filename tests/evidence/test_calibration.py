"""Sixty simulated registers: where the truth falls among the draws. The long campaign is in tests/prove."""

import numpy as np
import pytest
from register_ranks import ranks_of
from simulated_register import ONSET, simulate
from toy_register import crisis, five_figures

from needscast.evidence.behaviour import shipped
from needscast.evidence.convergence import agree, rhat_and_effective
from needscast.evidence.engine import Sample
from needscast.evidence.prepare import prepare
from needscast.evidence.smoothing import smoothed_weights

REGISTERS = 60
ENVELOPE = 0.205  # the largest distance of 60 uniform numbers' distribution from the diagonal, in 99 of 100 cases


def test_the_truth_falls_anywhere_among_the_draws_alike():
    ranks = np.array([ranks_of(simulate(seed), seed) for seed in range(REGISTERS)])
    ordered = np.sort(ranks, axis=0)
    steps = np.arange(1, REGISTERS + 1)[:, None] / REGISTERS
    furthest = np.maximum(steps - ordered, ordered - steps + 1 / REGISTERS).max(axis=0)
    assert furthest.max() < ENVELOPE, f"displaced since the onset, displaced people, population: {furthest}"


def test_chains_that_agree_have_an_rhat_of_one_and_nearly_all_draws_count():
    rhat, effective = rhat_and_effective(np.random.default_rng(1).standard_normal((128, 32)))
    assert rhat == pytest.approx(1.0, abs=0.01)
    assert effective > 2_500


def test_chains_that_stay_apart_are_found_out():
    chains = np.random.default_rng(1).standard_normal((128, 32)) + np.repeat([0, 3], 64)[:, None]
    rhat, effective = rhat_and_effective(chains)
    assert rhat > 1.3
    assert effective < 300


def test_two_runs_that_hold_both_stories_in_like_shares_agree_and_runs_of_one_story_each_do_not():
    evidence = prepare(crisis(*five_figures()), shipped())
    level = evidence.model.slices["level"]

    def run(seed, told_first):
        z = np.random.default_rng(seed).standard_normal((64, 8, evidence.model.size)) / 3
        z[told_first:, :, level] += 3  # chains that stay in the second story
        return Sample(z, 0.8, 7, 0, 0.0)

    assert agree(evidence, (run(1, 30), run(2, 34)))
    assert not agree(evidence, (run(1, 0), run(2, 64)))


def test_smoothed_weights_keep_the_mean_of_a_known_reweighting():
    draws = np.random.default_rng(2).standard_normal(20_000)
    weight, shape = smoothed_weights(0.5 * draws)  # from N(0, 1) to N(0.5, 1)
    assert weight @ draws == pytest.approx(0.5, abs=0.03)
    assert shape < 0.4


def test_one_draw_that_outweighs_all_others_is_told_without_a_warning_from_numpy():
    log_weight = np.concatenate([np.linspace(-600, -500, 999), [0.0]])
    with np.errstate(all="raise", under="ignore"):
        weight, shape = smoothed_weights(log_weight)
    assert weight.max() > 0.9
    assert shape > 0.7


def test_the_simulated_onset_is_the_one_of_the_toy():
    assert ONSET.isoformat() == "2031-01-20"

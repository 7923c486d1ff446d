"""Ranks of simulated truths, by the engine alone: what calibration campaigns repeat many times."""

from __future__ import annotations

import numpy as np
from simulated_register import ONSET
from threadpoolctl import threadpool_limits

from needscast.evidence import engine
from needscast.evidence.behaviour import shipped
from needscast.evidence.prepare import prepare

NAMES = (("displaced_cumulative", "region", ONSET.isoformat(), "person"), ("idp_stock", "region", "", "person"),
         ("population_stock", "region", "", "person"))  # fmt: skip


def ranks_of(simulated, seed, *, chains=64, kept=8, names=NAMES):
    """Return the share of draws below the truth for each named quantity."""
    evidence = prepare(simulated.crisis, shipped())
    generator = np.random.default_rng(10_000 + seed)
    with threadpool_limits(limits=1, user_api="blas"):
        run = engine.sample(
            evidence.posterior.log_likelihood, evidence.posterior.size, kept=kept, chains=chains, generator=generator
        )
    world = evidence.posterior.world(run.z.reshape(-1, evidence.posterior.size))
    flow, model = world.flow.value, evidence.model
    people = flow @ model.since_onset
    left = np.einsum("bw,w,bw->b", flow, model.since_onset, world.leaving.value[:, model.epoch_of_week, 2])
    draws = {
        NAMES[0]: people,
        NAMES[1]: world.idp.value.sum(axis=1),
        NAMES[2]: world.population.value.sum(axis=1),
        ("displaced_cumulative", "region", ONSET.isoformat(), "movement"): people
        * model.ratio(world, ONSET, model.weeks.reference),
        ("displaced_cumulative", "south", ONSET.isoformat(), "person"): left,
        ("idp_stock", "north", "", "person"): world.idp.value[:, 0],
    }
    return [float((draws[name] < simulated.truth[name]).mean()) for name in names]

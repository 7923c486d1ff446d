"""Ranks of simulated truths, by the engine alone: what calibration campaigns repeat many times."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from simulated_register import ONSET, Breakage, simulate
from threadpoolctl import threadpool_limits

from needscast.evidence import engine
from needscast.evidence.behaviour import shipped
from needscast.evidence.prepare import prepare

NAMES = (("displaced_cumulative", "region", ONSET.isoformat(), "person"), ("idp_stock", "region", "", "person"),
         ("population_stock", "region", "", "person"))  # fmt: skip

SINCE = ("displaced_cumulative", "region", ONSET.isoformat())
EVERY = (*NAMES, (*SINCE, "movement"), ("displaced_cumulative", "south", ONSET.isoformat(), "person"),
         ("idp_stock", "north", "", "person"))  # fmt: skip
WORKERS = 2


def campaign(seeds, breakage: Breakage | None = None) -> np.ndarray:
    """Return ranks (registers x quantities) of many simulated registers, on two processes."""
    jobs = [(seed, breakage) for seed in seeds]
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        return np.array(list(pool.map(_one, jobs, chunksize=10)))


def held(ranks: np.ndarray, mass: float = 0.8) -> np.ndarray:
    """Return the share of registers whose central range of that mass holds the truth, by quantity."""
    return (np.abs(ranks - 0.5) < mass / 2).mean(axis=0)


def _one(job):
    seed, breakage = job
    return ranks_of(simulate(seed, breakage), seed, names=EVERY)


def ranks_of(simulated, seed, *, chains=16, kept=16, names=NAMES):
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
    draws = (
        people,
        world.idp.value.sum(axis=1),
        world.population.value.sum(axis=1),
        people * model.ratio(world, ONSET, model.weeks.reference),
        left,
        world.idp.value[:, 0],
    )
    by_name = dict(zip(EVERY, draws, strict=True))
    return [float((by_name[name] < simulated.truth[name]).mean()) for name in names]

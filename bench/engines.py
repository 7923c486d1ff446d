"""Candidates for the engine of the nowcast on the same simulated registers: coverage of 80 % ranges, and time.

`python -m bench engines`; docs/nowcast.md tells what was found. The registers are those of the tests.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from needscast.evidence import engine, moves
from needscast.evidence.behaviour import shipped
from needscast.evidence.prepare import Evidence, prepare
from needscast.evidence.smoothing import smoothed_weights

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "evidence"))  # where registers are simulated

REGISTERS, FIRST = 60, 9_000
MASS = 0.8
DRAWS = 512
SMOOTHER_STEPS = 4
WALK_MOVES = 8  # of each stage of plain sequential Monte Carlo

Draws = tuple[np.ndarray, np.ndarray]  # draws x size, and their weights
Candidate = Callable[[Evidence, np.random.Generator], Draws]


def chosen(evidence: Evidence, generator: np.random.Generator) -> Draws:
    """Tempered particles moved by Hamiltonian steps."""
    run = engine.sample(
        evidence.posterior.log_likelihood, evidence.posterior.size, kept=16, chains=32, generator=generator
    )
    return _alike(run.z.reshape(-1, evidence.posterior.size))


def laplace(evidence: Evidence, generator: np.random.Generator) -> Draws:
    """A normal density at the mode, with Pareto-smoothed importance weights."""
    z, weight, _ = laplace_with_shape(evidence, generator)
    return z, weight


def laplace_with_shape(evidence: Evidence, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """Return draws, weights and the Pareto shape k; above 0.7 the weights are not to be relied on."""
    target, size = evidence.posterior.log_likelihood, evidence.posterior.size
    mode = moves.mode(target, np.zeros(size))
    values, vectors = moves.curvature(target, mode)
    normal = generator.standard_normal((DRAWS, size))
    z = mode + (normal / np.sqrt(1 + values)) @ vectors.T
    log_weight = target(z)[0] - 0.5 * (z * z).sum(axis=1) + 0.5 * (normal**2).sum(axis=1)
    return z, *smoothed_weights(log_weight)


def smoother(evidence: Evidence, generator: np.random.Generator) -> Draws:
    """An ensemble smoother with multiple data assimilation (Emerick and Reynolds 2013), figures taken as normal."""
    rows, posterior = evidence.rows, evidence.posterior
    first = rows.first
    level, edges = np.cumsum(rows.jumps[first], axis=1)[:, :-1], rows.edges[first]
    spread = (level * (edges[:, 1:] ** 3 - edges[:, :-1] ** 3) / 3).sum(axis=1) - rows.centre[first] ** 2
    variance = SMOOTHER_STEPS * (np.maximum(spread, 0) + 2 * rows.noise[first] ** 2)
    z = generator.standard_normal((DRAWS, posterior.size))
    for _ in range(SMOOTHER_STEPS):
        seen = posterior.middle(z)[:, first]
        away, shift = seen - seen.mean(axis=0), z - z.mean(axis=0)
        gain = np.linalg.solve(away.T @ away / DRAWS + np.diag(variance), away.T @ shift / DRAWS)
        noise = np.sqrt(variance) * generator.standard_normal(seen.shape)
        z = z + (rows.centre[first] + noise - seen) @ gain
    return _alike(z)


def walk(evidence: Evidence, generator: np.random.Generator) -> Draws:
    """Plain sequential Monte Carlo: the stages of the chosen engine, moved by a random walk."""
    target, size = evidence.posterior.log_likelihood, evidence.posterior.size
    z, power = generator.standard_normal((DRAWS, size)), 0.0
    value = target(z)[0]
    while power < 1:
        step = engine._next_power(value, power)
        pick = engine._resample((step - power) * value, generator)
        z, value, power = z[pick], value[pick], step
        spread = 2.38 / np.sqrt(size) * np.linalg.cholesky(np.cov(z.T) + 1e-6 * np.eye(size)).T
        for _ in range(WALK_MOVES):
            there = z + generator.standard_normal(z.shape) @ spread
            now = target(there)[0]
            gain = power * (now - value) - 0.5 * ((there**2).sum(axis=1) - (z**2).sum(axis=1))
            took = np.log(generator.random(DRAWS)) < np.nan_to_num(gain, nan=-np.inf)
            z, value = np.where(took[:, None], there, z), np.where(took, now, value)
    return _alike(z)


CANDIDATES: dict[str, Candidate] = {
    "tempered particles with Hamiltonian moves": chosen,
    "Laplace with Pareto-smoothed weights": laplace,
    "ensemble smoother": smoother,
    "sequential Monte Carlo with a random walk": walk,
}


def run() -> list[dict[str, Any]]:
    """Return for each candidate how far its coverage is off, in the worst of three quantities, and its time."""
    rows: list[dict[str, Any]] = []
    for name, (held, seconds) in compared(REGISTERS).items():
        off = float(np.abs(held - MASS).max())
        rows.append({"what": f"{name}: coverage of 80 % off by", "measured": off, "unit": "share", "target": None})
        rows.append({"what": f"{name}: time of a register", "measured": seconds, "unit": "s", "target": None})
    return rows


def compared(registers: int) -> dict[str, tuple[np.ndarray, float]]:
    """Return for each candidate the share of registers whose 80 % range holds the truth, and seconds of processor."""
    from register_ranks import NAMES
    from simulated_register import simulate

    ranks: dict[str, list[list[float]]] = {name: [] for name in CANDIDATES}
    seconds = dict.fromkeys(CANDIDATES, 0.0)
    for seed in range(FIRST, FIRST + registers):
        simulated = simulate(seed)
        evidence = prepare(simulated.crisis, shipped())
        truth = [simulated.truth[name] for name in NAMES]
        for name, candidate in CANDIDATES.items():
            started = time.process_time()
            with np.errstate(all="ignore"):
                z, weight = candidate(evidence, np.random.default_rng(seed))
            seconds[name] += time.process_time() - started
            ranks[name].append(
                [float(weight @ (each < t)) for each, t in zip(_numbers(evidence, z), truth, strict=True)]
            )
    return {
        name: ((np.abs(np.array(found) - 0.5) < MASS / 2).mean(axis=0), seconds[name] / registers)
        for name, found in ranks.items()
    }


def _numbers(evidence: Evidence, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    world = evidence.posterior.world(z)
    people = world.flow.value @ evidence.model.since_onset
    return people, world.idp.value.sum(axis=1), world.population.value.sum(axis=1)


def _alike(z: np.ndarray) -> Draws:
    return z, np.full(len(z), 1 / len(z))

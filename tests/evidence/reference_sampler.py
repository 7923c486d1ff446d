"""A sampler that owes nothing to the engine: plain Hamiltonian Monte Carlo in raw coordinates, started in the prior.

No tempering, no resampling, no curvature: each chain takes leapfrog steps of its own random number, and is accepted or
not. It is right for any slope function, since only the values of the density decide.
"""

from __future__ import annotations

import numpy as np

CHAINS, SETTLING, KEPT = 16, 300, 1_600
LONGEST = 28  # leapfrog steps of a move
FIRST_STEP, WANTED = 0.08, 0.8


def reference_draws(log_likelihood, size, generator, *, chains=CHAINS, settling=SETTLING, kept=KEPT):
    """Return draws (chains x kept x size) from exp(log_likelihood) times a standard normal."""
    z, step, draws = generator.standard_normal((chains, size)), FIRST_STEP, np.empty((chains, kept, size))
    value, slope = _density(log_likelihood, z)
    for place in range(-settling, kept):
        speed = generator.standard_normal(z.shape)
        energy = value - 0.5 * (speed**2).sum(axis=1)
        there, lean = z, slope
        stride = step * generator.uniform(0.5, 1.0)
        speed = speed + 0.5 * stride * lean
        count = int(generator.integers(LONGEST // 4, LONGEST + 1))
        for leap in range(count):
            there = there + stride * speed
            now, lean = _density(log_likelihood, there)
            speed = speed + (0.5 if leap == count - 1 else 1.0) * stride * lean
        chance = np.exp(np.minimum(0.0, np.nan_to_num(now - 0.5 * (speed**2).sum(axis=1) - energy, nan=-np.inf)))
        took = generator.random(chains) < chance
        z, value = np.where(took[:, None], there, z), np.where(took, now, value)
        slope = np.where(took[:, None], lean, slope)
        if place < 0:
            step = step * np.exp(0.2 * (chance.mean() - WANTED))
        else:
            draws[:, place] = z
    return draws


def split_rhat(values: np.ndarray) -> float:
    """Return split R-hat of chains x draws (Gelman and others, Bayesian Data Analysis, 3rd edition, 11.4)."""
    half = values.shape[1] // 2
    parts = np.concatenate([values[:, :half], values[:, half : 2 * half]])
    within, between = parts.var(axis=1, ddof=1).mean(), half * parts.mean(axis=1).var(ddof=1)
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))


def _density(log_likelihood, z):
    with np.errstate(all="ignore"):
        value, slope = log_likelihood(z)
    good = np.isfinite(value) & np.isfinite(slope).all(axis=1)
    return np.where(good, value - 0.5 * (z * z).sum(axis=1), -np.inf), np.where(good[:, None], slope - z, 0.0)

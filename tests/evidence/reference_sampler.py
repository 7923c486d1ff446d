"""A sampler that owes nothing to the engine: plain Hamiltonian Monte Carlo, started in the prior.

No tempering, no resampling, no search for a mode: each chain takes leapfrog steps of its own random number, and is
accepted or not. It is right for any slope function, since only the values of the density decide. The first draws are
taken in raw coordinates; from their covariance come coordinates in which the rest needs fewer steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CHAINS, SETTLING, KEPT = 24, 300, 1_200
LONGEST_RAW, LONGEST = 28, 24  # leapfrog steps of a move, before the coordinates are known and after
FIRST_STEP, WANTED = 0.08, 0.8
SHRUNK = 0.1  # towards the prior, of the covariance of a few dependent draws


def reference_draws(log_likelihood, size, generator, *, chains=CHAINS, settling=SETTLING, kept=KEPT):
    """Return draws (chains x kept x size) from exp(log_likelihood) times a standard normal."""
    raw = _Walk(log_likelihood, np.eye(size), generator.standard_normal((chains, size)), FIRST_STEP, generator)
    settled = raw.draws(settling, LONGEST_RAW, learning=True)[:, settling // 2 :].reshape(-1, size)
    covariance = (1 - SHRUNK) * np.cov(settled.T) + SHRUNK * np.eye(size)
    walk = _Walk(log_likelihood, np.linalg.cholesky(covariance), raw.z, 0.3, generator)
    walk.draws(settling // 2, LONGEST, learning=True)
    return walk.draws(kept, LONGEST, learning=False)


@dataclass
class _Walk:
    """Chains at ``z``, moved in coordinates ``x`` with z = x @ turn.T."""

    log_likelihood: object
    turn: np.ndarray
    z: np.ndarray
    step: float
    generator: np.random.Generator

    def draws(self, count: int, longest: int, *, learning: bool) -> np.ndarray:
        """Move ``count`` times and return every place; the step size learns, or stands."""
        found, generator = np.empty((len(self.z), count, self.z.shape[1])), self.generator
        value, slope = self._density(self.z)
        for place in range(count):
            speed = generator.standard_normal(self.z.shape)
            energy = value - 0.5 * (speed**2).sum(axis=1)
            there, stride = self.z, self.step * generator.uniform(0.5, 1.0)
            speed = speed + 0.5 * stride * slope
            leaps, lean = int(generator.integers(longest // 4, longest + 1)), slope
            for leap in range(leaps):
                there = there + stride * speed @ self.turn.T
                now, lean = self._density(there)
                speed = speed + (0.5 if leap == leaps - 1 else 1.0) * stride * lean
            chance = np.exp(np.minimum(0.0, np.nan_to_num(now - 0.5 * (speed**2).sum(axis=1) - energy, nan=-np.inf)))
            took = generator.random(len(there)) < chance
            self.z, value = np.where(took[:, None], there, self.z), np.where(took, now, value)
            slope = np.where(took[:, None], lean, slope)
            found[:, place] = self.z
            self.step *= np.exp(0.2 * (chance.mean() - WANTED)) if learning else 1.0
        return found

    def _density(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the log density, and its slope in the coordinates of the walk."""
        with np.errstate(all="ignore"):
            value, slope = self.log_likelihood(z)
        good = np.isfinite(value) & np.isfinite(slope).all(axis=1)
        return np.where(good, value - 0.5 * (z * z).sum(axis=1), -np.inf), np.where(
            good[:, None], slope - z, 0.0
        ) @ self.turn


def split_rhat(values: np.ndarray) -> float:
    """Return split R-hat of chains x draws (Gelman and others, Bayesian Data Analysis, 3rd edition, 11.4)."""
    half = values.shape[1] // 2
    parts = np.concatenate([values[:, :half], values[:, half : 2 * half]])
    within, between = parts.var(axis=1, ddof=1).mean(), half * parts.mean(axis=1).var(ddof=1)
    return float(np.sqrt(((half - 1) / half * within + between / half) / within))

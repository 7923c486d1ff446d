"""Draws from a posterior: tempered particles moved by Hamiltonian steps, all chains at once.

Particles start in the prior; the likelihood is switched on in stages chosen by their effective number, with resampling
after each, so that separate modes keep their weight. The Hamiltonian steps are taken in coordinates that the curvature
at the mode has made round. At full likelihood the particles go on as independent chains, and those are the draws.
Why this one: docs/nowcast.md has the candidates and what each scored.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np

from needscast.apart import side_by_side

LogLikelihood = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
_Here = tuple[np.ndarray, np.ndarray, np.ndarray]  # places of the chains, log likelihoods there, and their gradients

CHAINS = 128
# The chains are drawn in halves, two on any machine, so that the draws are the same; beside each other where so many
# numbers are kept that it is worth a copy of the process.
HALVES, WORTH_A_COPY = 2, 500_000
LEAPS = 8  # leapfrog steps of one move
FIRST_STEP = 0.45  # in round coordinates
WANTED_ACCEPTANCE = 0.8
STAGE_EFFECTIVE = 0.7  # share of the particles that must stay effective from stage to stage
STAGE_MOVES = 2
SETTLING_MOVES = 10  # at full likelihood, before draws are kept
MOST_STAGES = 60
# Numbers of all particles together while the likelihood is switched on, and how many times the chains at most: where
# few numbers are unknown many particles cost little, and find a small mode that a few would miss.
NUMBERS, MOST_TIMES = 65_536, 8
FARTHEST = 1e100  # minus log density of what is impossible, for a search that wants a number
MODE_STEPS = 80
DIFFERENCE = 1e-4  # of the numerical curvature


@dataclass(frozen=True)
class Sample:
    """Draws of the posterior.

    Attributes
    ----------
    z : chains x kept draws of each x size.
    acceptance : share of accepted moves at full likelihood.
    stages : how many stages the likelihood was switched on in.
    evaluations : gradients evaluated, in batches of all chains.
    log_evidence : estimate of the log marginal likelihood.
    """

    z: np.ndarray
    acceptance: float
    stages: int
    evaluations: int
    log_evidence: float


def sample(
    log_likelihood: LogLikelihood,
    size: int,
    *,
    kept: int,
    generator: np.random.Generator,
    chains: int = CHAINS,
    thin: int = 1,
) -> Sample:
    """Draw ``kept`` draws on each of ``chains`` chains from exp(log_likelihood) times a standard normal of ``size``."""
    return Chains(log_likelihood, size, generator, chains).drawn(kept, thin)


class Chains:
    """Chains that have come from the prior to the posterior, and go on from there as long as draws are wanted."""

    def __init__(
        self, log_likelihood: LogLikelihood, size: int, generator: np.random.Generator, chains: int = CHAINS
    ) -> None:
        flow = _Moves(log_likelihood, _curvature(log_likelihood, _mode(log_likelihood, size)), generator)
        times = max(1, min(MOST_TIMES, NUMBERS // (size * chains)))
        z = generator.standard_normal((chains * times, size))
        value, slope = flow.evaluate(z)
        power, stages, evidence = 0.0, 0, 0.0
        while power < 1 and stages < MOST_STAGES:
            step = _next_power(value, power)
            weight = (step - power) * value
            evidence += float(np.log(np.mean(np.exp(weight - weight.max()))) + weight.max())
            pick = _resample(weight, generator)
            z, value, slope, power, stages = z[pick], value[pick], slope[pick], step, stages + 1
            flow.round_to(power)
            for _ in range(STAGE_MOVES):
                z, value, slope = flow.move(z, value, slope, power)
        z, value, slope = z[::times], value[::times], slope[::times]
        for _ in range(SETTLING_MOVES):
            z, value, slope = flow.move(z, value, slope, 1.0)
        flow.freeze()
        self._flow, self._stages, self._evidence = flow, stages, evidence
        places = np.array_split(np.arange(chains), HALVES)
        self._halves = [
            ((z[here], value[here], slope[here]), own)
            for here, own in zip(places, generator.spawn(HALVES), strict=True)
        ]

    def drawn(self, kept: int, thin: int = 1) -> Sample:
        """Go on and keep the place of every chain each ``thin`` moves; the next draws go on from the last of these."""
        flow = self._flow
        numbers = kept * sum(here[0].size for here, _ in self._halves)
        at_once = HALVES if numbers >= WORTH_A_COPY else 1
        made = side_by_side(lambda half: flow.gone_on(*half, kept, thin), self._halves, at_once)
        self._halves = [(here, own) for _, here, own, _ in made]
        flow.evaluations += kept * thin * LEAPS
        acceptance = float(np.average([each[-1] for each in made], weights=[len(each[0]) for each in made]))
        draws = np.concatenate([each[0] for each in made])
        return Sample(draws, acceptance, self._stages, flow.evaluations, self._evidence)


def moved_on(
    log_likelihood: LogLikelihood, z: np.ndarray, *, settling: int, kept: int, generator: np.random.Generator
) -> np.ndarray:
    """Carry draws of one posterior over to another that is close to it: chains x kept x size.

    Each row of ``z`` starts a chain; the first ``settling`` moves are dropped.
    """
    flow = _Moves(log_likelihood, _curvature(log_likelihood, _mode(log_likelihood, z.shape[1])), generator)
    flow.round_to(1.0)
    value, slope = flow.evaluate(z)
    draws = np.empty((len(z), kept, z.shape[1]))
    for place in range(-settling, kept):
        if place == 0:
            flow.freeze()
        z, value, slope = flow.move(z, value, slope, 1.0)
        if place >= 0:
            draws[:, place] = z
    return draws


def _mode(log_likelihood: LogLikelihood, size: int) -> np.ndarray:
    def negative(z: np.ndarray) -> tuple[float, np.ndarray]:
        with np.errstate(all="ignore"):
            value, slope = log_likelihood(z[None])
            if not (np.isfinite(value[0]) and np.isfinite(slope).all()):
                return FARTHEST, z  # a world that overflows is impossible
            return float(0.5 * z @ z - value[0]), z - slope[0]

    from scipy.optimize import minimize  # loaded by whoever samples; a kept nowcast does without

    return minimize(negative, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": MODE_STEPS}).x


def _curvature(log_likelihood: LogLikelihood, mode: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (none below 0) and eigenvectors of minus the second derivative of the log likelihood."""
    steps = DIFFERENCE * np.eye(len(mode))
    slopes = np.concatenate(
        [log_likelihood(part)[1] for part in np.array_split(np.concatenate([mode + steps, mode - steps]), 2)]
    )
    second = -(slopes[: len(mode)] - slopes[len(mode) :]) / (2 * DIFFERENCE)
    values, vectors = np.linalg.eigh((second + second.T) / 2)
    return np.maximum(values, 0.0), vectors


def _next_power(value: np.ndarray, power: float) -> float:
    """Return the largest next power of the likelihood that keeps enough particles effective."""

    def effective(step: float) -> float:
        weight = np.exp((step - power) * (value - value.max()))
        return weight.sum() ** 2 / (weight**2).sum() / len(value)

    if effective(1.0) >= STAGE_EFFECTIVE:
        return 1.0
    low, high = power, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= STAGE_EFFECTIVE else (low, middle)
    return max(low, power + 1e-9)


def _resample(weight: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return positions by systematic resampling of log weights."""
    share = np.exp(weight - weight.max())
    ends = np.cumsum(share / share.sum())
    points = (np.arange(len(weight)) + generator.random()) / len(weight)
    return np.minimum(np.searchsorted(ends, points), len(weight) - 1)


class _Moves:
    """Hamiltonian moves of all chains at once, with a step size that learns until it is frozen."""

    def __init__(
        self, log_likelihood: LogLikelihood, curvature: tuple[np.ndarray, np.ndarray], generator: np.random.Generator
    ) -> None:
        self._log_likelihood, self._curvature, self._generator = log_likelihood, curvature, generator
        self._step, self._learning, self.evaluations, self._accepted = FIRST_STEP, True, 0, 0.0
        self.round_to(0.0)

    def round_to(self, power: float) -> None:
        """Take the coordinates that are round at this power of the likelihood."""
        values, vectors = self._curvature
        scale = 1 / np.sqrt(1 + power * values)
        self._out, self._in = vectors * scale, vectors / scale

    def freeze(self) -> None:
        """Stop learning, so that from here on every move leaves the posterior as it is."""
        self._learning = False

    def gone_on(self, here: _Here, generator: np.random.Generator, kept: int, thin: int) -> tuple:
        """Return places (chains x kept x size), where the chains are then, the generator, and the share accepted."""
        flow = copy(self)
        flow._generator, places, accepted = generator, [], []
        for _ in range(kept):
            for _ in range(thin):
                here = flow.move(*here, 1.0)
                accepted.append(flow._accepted)
            places.append(here[0])
        return np.stack(places, axis=1), here, generator, float(np.mean(accepted))

    def evaluate(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log likelihood and gradient; a world that overflows is impossible."""
        self.evaluations += 1
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            value, slope = self._log_likelihood(z)
        bad = ~np.isfinite(value) | ~np.isfinite(slope).all(axis=1)
        return np.where(bad, -np.inf, value), np.where(bad[:, None], 0.0, slope)

    def move(
        self, z: np.ndarray, value: np.ndarray, slope: np.ndarray, power: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Move every chain once and return its place, log likelihood and gradient."""
        speed = self._generator.standard_normal(z.shape)
        step = self._step * self._generator.uniform(0.8, 1.2, size=(len(z), 1))
        here, now, lean = z, value, slope
        before = power * value - 0.5 * (z * z).sum(axis=1) - 0.5 * (speed * speed).sum(axis=1)
        speed = speed + 0.5 * step * ((power * lean - here) @ self._out)
        for leap in range(LEAPS):
            here = here + step * (speed @ self._out.T)
            now, lean = self.evaluate(here)
            speed = speed + (0.5 if leap == LEAPS - 1 else 1.0) * step * ((power * lean - here) @ self._out)
        with np.errstate(over="ignore", invalid="ignore"):  # a leap that goes astray is refused below
            after = power * now - 0.5 * (here * here).sum(axis=1) - 0.5 * (speed * speed).sum(axis=1)
        chance = np.exp(np.minimum(0.0, np.nan_to_num(after - before, nan=-np.inf)))
        took = self._generator.random(len(z)) < chance
        self._accepted = float(chance.mean())
        if self._learning:
            self._step *= np.exp(0.5 * (self._accepted - WANTED_ACCEPTANCE))
        return np.where(took[:, None], here, z), np.where(took, now, value), np.where(took[:, None], lean, slope)

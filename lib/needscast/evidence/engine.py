"""Draws from a posterior: tempered particles moved by Hamiltonian steps, all chains at once.

Particles start in the prior; the likelihood is switched on in stages chosen by their effective number, with resampling
after each, so that separate modes keep their weight. The Hamiltonian steps are taken in coordinates that the curvature
at the mode has made round. At full likelihood the particles go on as independent chains, and those are the draws.
Why this one: docs/nowcast.md has the candidates and what each scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from needscast.apart import beside, side_by_side
from needscast.evidence.moves import LEAPS, Around, LogLikelihood, Moves, Places, Start, mode

CHAINS = 128
# Chains that are many numbers are moved in halves, two on any machine, so that the draws are the same, and beside each
# other where that can be.
HALVES, WORTH_A_COPY = 2, 20_000
STAGE_EFFECTIVE = 0.5  # share of the particles that must stay effective from stage to stage
STAGE_MOVES = 4  # with 2 a second story that figures allow got 5 % of the particles from one seed and 45 % from another
SETTLING_MOVES = 10  # at full likelihood, before draws are kept
MOST_STAGES = 60
# Numbers of all particles together while the likelihood is switched on, and how many times the chains at most: where
# few numbers are unknown many particles cost little, and find a small mode that a few would miss.
NUMBERS, MOST_TIMES = 65_536, 8
# Where the given stories lead to likely places with a valley between them (half way the log density is lower by so much
# than at either), so many of the particles begin in the prior and the others around those places, and there are so many
# times more of them. A way home that emptied most camps in a month is so rare in the prior that none of a thousand
# particles had it.
VALLEY, FROM_PRIOR, SEVERAL = 2.0, 0.3, 4


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
        self,
        log_likelihood: LogLikelihood,
        size: int,
        generator: np.random.Generator,
        chains: int = CHAINS,
        stories: Sequence[np.ndarray] = (),
    ) -> None:
        flow, start, more = _beginnings(log_likelihood, [np.zeros(size), *stories])
        times = max(1, min(MOST_TIMES * more, NUMBERS * more // (size * chains)))
        count = HALVES if size * chains >= WORTH_A_COPY else 1
        parts = _divided(flow, start.drawn(chains * times, size, generator), count, generator)
        power, self._stages, self._evidence = 0.0, 0, 0.0
        with beside(flow.settled, count) as settled:
            while power < 1 and self._stages < MOST_STAGES:
                value = np.concatenate([part.value for part in parts])
                step = _next_power(value, power)
                weight = (step - power) * value
                self._evidence += float(np.log(np.mean(np.exp(weight - weight.max()))) + weight.max())
                parts = _picked(parts, _resample(weight, generator))
                parts = settled([(part, step, STAGE_MOVES) for part in parts])
                power, self._stages = step, self._stages + 1
            parts = _picked(parts, np.arange(0, chains * times, times))
            self._parts = settled([(part, 1.0, SETTLING_MOVES) for part in parts])
        self._flow, self._moves = flow, self._stages * STAGE_MOVES + SETTLING_MOVES

    def drawn(self, kept: int, thin: int = 1) -> Sample:
        """Go on and keep the place of every chain each ``thin`` moves; the next draws go on from the last of these."""
        made = side_by_side(lambda part: self._flow.drawn(part, kept, thin), self._parts, HALVES)
        self._parts = [part for _, part, _ in made]
        self._moves += kept * thin
        accepted = float(np.average([share for _, _, share in made], weights=[len(draws) for draws, _, _ in made]))
        draws = np.concatenate([draws for draws, _, _ in made])
        return Sample(draws, accepted, self._stages, self._moves * LEAPS, self._evidence)


def moved_on(
    log_likelihood: LogLikelihood, z: np.ndarray, *, settling: int, kept: int, generator: np.random.Generator
) -> np.ndarray:
    """Carry draws of one posterior over to another that is close to it: chains x kept x size.

    Each row of ``z`` starts a chain; the first ``settling`` moves are dropped.
    """
    middle = mode(log_likelihood, np.zeros(z.shape[1]))  # amid the draws it would take steps half as long
    flow = Moves(log_likelihood, middle)
    parts = _divided(flow, z, HALVES if z.size >= WORTH_A_COPY else 1, generator)
    return np.concatenate(
        side_by_side(lambda part: flow.drawn(flow.settled(part, 1.0, settling), kept, 1)[0], parts, HALVES)
    )


def _beginnings(log_likelihood: LogLikelihood, stories: Sequence[np.ndarray]) -> tuple[Moves, Start, int]:
    """Return how the chains move, where they begin, and how many times more particles that takes."""

    def log_density(z: np.ndarray) -> float:
        return float(log_likelihood(z[None])[0][0] - 0.5 * z @ z)

    told = _apart([mode(log_likelihood, begin) for begin in stories], log_density)
    best = max(told, key=log_density)
    if len(told) == 1:
        return Moves(log_likelihood, best), Start(), 1
    start = Start(tuple(Around.of(log_likelihood, z) for z in told), FROM_PRIOR)
    return Moves(log_likelihood, best, start), start, SEVERAL


def _apart(places: Sequence[np.ndarray], log_density: Callable[[np.ndarray], float]) -> list[np.ndarray]:
    """Return the places without those that no valley parts from an earlier one."""
    kept: list[np.ndarray] = []
    for place in places:
        height = log_density(place)
        if all(log_density((place + other) / 2) < min(height, log_density(other)) - VALLEY for other in kept):
            kept.append(place)
    return kept


def _divided(flow: Moves, z: np.ndarray, count: int, generator: np.random.Generator) -> list[Places]:
    """Return chains at some places in so many parts."""
    return [flow.at(part, own) for part, own in zip(np.array_split(z, count), generator.spawn(count), strict=True)]


def _picked(parts: Sequence[Places], pick: np.ndarray) -> list[Places]:
    """Return some of the chains of all parts, divided among the parts anew."""
    z = np.concatenate([part.z for part in parts])[pick]
    value = np.concatenate([part.value for part in parts])[pick]
    slope = np.concatenate([part.slope for part in parts])[pick]
    return [
        replace(part, z=z[here], value=value[here], slope=slope[here])
        for part, here in zip(parts, np.array_split(np.arange(len(pick)), len(parts)), strict=True)
    ]


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

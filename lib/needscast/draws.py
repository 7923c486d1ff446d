"""An uncertain input has a name; its draws are a stratified stream keyed by (seed, name).

The same name and seed give the same draws whatever else is drawn, so adding an input leaves the others
unchanged and scenarios share their worlds. Each stream is a Latin hypercube column of its own: one draw in
each of n equal strata, in an order that depends on the key alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, logit, ndtri

from needscast.errors import NeedscastError

_Map = Callable[[np.ndarray], np.ndarray]
WIDEST = 1e9  # a range wider than this says nothing, and its tail has no floating-point number


@dataclass(frozen=True)
class Range:
    """An uncertain number as three quantiles with their mass.

    Attributes
    ----------
    low, best, high : the (1 - mass) / 2 quantile, the median, and the (1 + mass) / 2 quantile.
    mass : probability between low and high, such as 0.8.
    unit : what the number counts; "share" is bounded by 0 and 1.

    Raises
    ------
    NeedscastError : when the three are not in order, the mass is not a probability, or a share leaves 0 to 1.
    """

    low: float
    best: float
    high: float
    mass: float = 0.8
    unit: str = "share"

    def __post_init__(self) -> None:
        if not self.low <= self.best <= self.high:
            raise NeedscastError(
                f"range {self.low}, {self.best}, {self.high} is not in order; give low <= best <= high"
            )
        if not 0 < self.mass < 1:
            raise NeedscastError(f"mass {self.mass} is not between 0 and 1; 0.8 means an 80 % range")
        if self.unit != "share" and 0 < self.low < self.high / WIDEST:
            raise NeedscastError(f"range {self.low} to {self.high} is wider than a factor of {WIDEST:g}; narrow it")
        if self.unit == "share" and not (self.low >= 0 and self.high <= 1):
            raise NeedscastError(f"share {self.low} to {self.high} leaves 0 to 1; shares are fractions, not percent")

    @property
    def is_constant(self) -> bool:
        """Whether the number is known exactly."""
        return self.low == self.high

    def at(self, probability: np.ndarray) -> np.ndarray:
        """Return the quantiles at the given probabilities: two half-normals that meet at the median.

        Shares are spread on a logit scale and positive numbers on a log scale, so that no draw leaves its bounds;
        where an end is exactly 0 (or 1 for a share) that scale has no number for it, and the spread is linear and cut.
        """
        if self.is_constant:
            return np.full(np.shape(probability), float(self.best))
        forward, backward = self._scale()
        low, best, high = forward(np.array([self.low, self.best, self.high], dtype=float))
        score = ndtri(probability) / ndtri((1 + self.mass) / 2)
        return backward(best + np.where(score < 0, best - low, high - best) * score)

    def _scale(self) -> tuple[_Map, _Map]:
        if self.unit == "share" and self.low > 0 and self.high < 1:
            return logit, expit
        if self.unit != "share" and self.low > 0:
            return np.log, np.exp
        floor = 0.0 if self.low >= 0 else -np.inf
        ceiling = 1.0 if self.unit == "share" else np.inf
        return lambda x: x, lambda x: np.clip(x, floor, ceiling)


@dataclass(frozen=True)
class Draws:
    """The worlds of one run: how many there are and the seed that names them.

    Attributes
    ----------
    count : number of draws, at least 1.
    seed : any integer, 0 included.
    first, total : the place of these worlds in a larger run that is worked through in parts; see :meth:`part`.
    """

    count: int
    seed: int
    first: int = 0
    total: int | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise NeedscastError(f"{self.count} draws are too few; give at least 1, usually 4096")

    def part(self, first: int, count: int) -> Draws:
        """Return ``count`` of these worlds from ``first`` on, to work a large run within a stated memory."""
        if first < 0 or count < 1 or first + count > self.count:
            raise NeedscastError(f"worlds {first} to {first + count} are not among the {self.count} of this run")
        return Draws(count, self.seed, self.first + first, self.total or self.count)

    def probabilities(self, name: str) -> np.ndarray:
        """Return the stream of a name: one probability in each of n equal strata, shuffled by the key."""
        generator, strata = self.generator(name), self.total or self.count
        stream = (generator.permutation(strata) + generator.random(strata)) / strata
        return stream[self.first : self.first + self.count]

    def sample(self, name: str, spread: Range) -> np.ndarray:
        """Return the draws of the input called ``name``, read-only; a constant stays exactly itself."""
        return _sampled(self, name, spread)

    def generator(self, name: str) -> np.random.Generator:
        """Return the random generator of a name, for work that needs more than one stratified stream."""
        digest = hashlib.blake2b(f"{self.seed}\x00{name}".encode(), digest_size=16).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest)))


@lru_cache(maxsize=1024)
def _sampled(draws: Draws, name: str, spread: Range) -> np.ndarray:
    """The same input is asked for again by every item and scenario that rests on it."""
    drawn = spread.at(draws.probabilities(name))
    drawn.flags.writeable = False
    return drawn

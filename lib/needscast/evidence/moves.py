"""Hamiltonian moves of many chains at once, in coordinates that the curvature of their likelihood has made round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

LogLikelihood = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

LEAPS = 8  # leapfrog steps of one move
FIRST_STEP = 0.45  # in round coordinates
WANTED_ACCEPTANCE = 0.8
FARTHEST = 1e100  # minus log density of what is impossible, for a search that wants a number
MODE_STEPS, MODE_NEAR = 80, 1e-4  # a place is near enough where a step gains no more than this share
DIFFERENCE = 1e-4  # of the numerical curvature
WIDER = 0.25  # of the curvature where chains begin around a place, so that they begin twice as wide as they end


@dataclass(frozen=True)
class Around:
    """A normal around a likely place: as round as the curvature there, but wider.

    Attributes
    ----------
    middle : the place.
    precision, vectors : of its axes, which stand in columns.
    """

    middle: np.ndarray
    precision: np.ndarray
    vectors: np.ndarray

    @classmethod
    def of(cls, log_likelihood: LogLikelihood, middle: np.ndarray) -> Around:
        """Return the normal around a place; what the likelihood does not bend has the prior's spread."""
        values, vectors = curvature(log_likelihood, middle)
        return cls(middle, 1 + WIDER * values, vectors)

    def drawn(self, normal: np.ndarray) -> np.ndarray:
        """Turn standard normal numbers into draws."""
        return self.middle + (normal / np.sqrt(self.precision)) @ self.vectors.T

    def beyond_prior(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the log of the density over that of the prior, and its gradient."""
        along = (z - self.middle) @ self.vectors
        bent = self.precision * along
        logs = 0.5 * (np.log(self.precision).sum() + np.square(z).sum(axis=1) - (bent * along).sum(axis=1))
        return logs, z - bent @ self.vectors.T


@dataclass(frozen=True)
class Start:
    """Where chains begin: in the prior, or around some places.

    Attributes
    ----------
    around : none of them, and all chains begin in the prior.
    prior_share : of the chains that begin in the prior; the places share the others.
    """

    around: tuple[Around, ...] = ()
    prior_share: float = 1.0

    def drawn(self, count: int, size: int, generator: np.random.Generator) -> np.ndarray:
        """Return where so many chains begin; each beginning has its share to within one."""
        z = generator.standard_normal((count, size))
        shares = np.cumsum([self.prior_share, *[self._each] * len(self.around)])
        begun = np.minimum(np.searchsorted(shares, (np.arange(count) + 0.5) / count), len(self.around))
        for place, around in enumerate(self.around, 1):
            z[begun == place] = around.drawn(z[begun == place])
        return z

    def beyond_prior(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the log of the density of beginnings over that of the prior, and its gradient."""
        if not self.around:
            return np.zeros(len(z)), np.zeros_like(z)
        found = [each.beyond_prior(z) for each in self.around]
        others = (np.log(self._each) + each for each, _ in found)
        logs = np.column_stack([np.full(len(z), np.log(self.prior_share)), *others])
        top = logs.max(axis=1, keepdims=True)
        parts = np.exp(logs - top)
        total = parts.sum(axis=1, keepdims=True)
        parts /= total
        lean = sum(parts[:, [place]] * slope for place, (_, slope) in enumerate(found, 1))
        return (top + np.log(total))[:, 0], np.asarray(lean)

    @property
    def _each(self) -> float:
        return (1 - self.prior_share) / max(len(self.around), 1)


@dataclass(frozen=True)
class Places:
    """Where some chains are, and what they go on by.

    Attributes
    ----------
    z : places, chains x size.
    value, slope : log there of prior times likelihood over the density of beginnings, and its gradient.
    step : length of a leap, in round coordinates.
    generator : their own, which goes on with every move.
    """

    z: np.ndarray
    value: np.ndarray
    slope: np.ndarray
    step: float
    generator: np.random.Generator


class Moves:
    """Moves that leave (prior times likelihood) ^ power times (density of beginnings) ^ (1 - power) as it is.

    ``middle`` is amid the mass of prior times likelihood. Without a start the chains began in the prior, which is a
    standard normal.
    """

    def __init__(self, log_likelihood: LogLikelihood, middle: np.ndarray, start: Start | None = None) -> None:
        self._log_likelihood, self._start = log_likelihood, start or Start()
        self._values, self._vectors = curvature(log_likelihood, middle)

    def at(self, z: np.ndarray, generator: np.random.Generator) -> Places:
        """Return chains at some places."""
        value, slope, _, _ = self._evaluated(z)
        return Places(z, value, slope, FIRST_STEP, generator)

    def settled(self, places: Places, power: float, moves: int) -> Places:
        """Move the chains so many times, while the step learns from what is refused."""
        coordinates = self._round(power)
        for _ in range(moves):
            places, accepted = self._moved(places, power, *coordinates)
            places = replace(places, step=places.step * np.exp(0.5 * (accepted - WANTED_ACCEPTANCE)))
        return places

    def drawn(self, places: Places, kept: int, thin: int) -> tuple[np.ndarray, Places, float]:
        """Return each chain's place each ``thin`` moves (chains x kept x size), the last, and the share accepted."""
        coordinates, draws, accepted = self._round(1.0), [], []
        for _ in range(kept):
            for _ in range(thin):
                places, share = self._moved(places, 1.0, *coordinates)
                accepted.append(share)
            draws.append(places.z)
        return np.stack(draws, axis=1), places, float(np.mean(accepted))

    def _round(self, power: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the way to and from the coordinates that are round at this power of the likelihood."""
        scale = 1 / np.sqrt(1 + power * self._values)
        out = self._vectors * scale
        return out, np.ascontiguousarray(out.T)

    def _evaluated(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return value and slope, and the log of the density of beginnings over that of the prior, and its gradient.

        A world that overflows is impossible.
        """
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            begun, lean = self._start.beyond_prior(z)
            value, slope = self._log_likelihood(z)
        bad = ~np.isfinite(value) | ~np.isfinite(slope).all(axis=1)
        return np.where(bad, -np.inf, value - begun), np.where(bad[:, None], 0.0, slope - lean), begun, lean

    def _moved(self, places: Places, power: float, out: np.ndarray, back: np.ndarray) -> tuple[Places, float]:
        """Move every chain once; return where they are then and the share accepted."""
        z, value, slope, generator = places.z, places.value, places.slope, places.generator
        speed = generator.standard_normal(z.shape)
        step = places.step * generator.uniform(0.8, 1.2, size=(len(z), 1))
        here, now, rise = z, value, slope
        begun, lean = self._start.beyond_prior(z)
        before = power * value + begun - 0.5 * (z * z).sum(axis=1) - 0.5 * (speed * speed).sum(axis=1)
        speed = speed + 0.5 * step * ((power * rise + lean - here) @ out)
        for leap in range(LEAPS):
            here = here + step * (speed @ back)
            now, rise, begun, lean = self._evaluated(here)
            speed = speed + (0.5 if leap == LEAPS - 1 else 1.0) * step * ((power * rise + lean - here) @ out)
        with np.errstate(over="ignore", invalid="ignore"):  # a leap that goes astray is refused below
            after = power * now + begun - 0.5 * (here * here).sum(axis=1) - 0.5 * (speed * speed).sum(axis=1)
        chance = np.exp(np.minimum(0.0, np.nan_to_num(after - before, nan=-np.inf)))
        took = generator.random(len(z)) < chance
        z, slope = np.where(took[:, None], here, z), np.where(took[:, None], rise, slope)
        return replace(places, z=z, value=np.where(took, now, value), slope=slope), float(chance.mean())


def mode(log_likelihood: LogLikelihood, begin: np.ndarray, steps: int = MODE_STEPS) -> np.ndarray:
    """Return the likeliest place that is found uphill, in so many steps, from where the search begins."""

    def negative(z: np.ndarray) -> tuple[float, np.ndarray]:
        with np.errstate(all="ignore"):
            value, slope = log_likelihood(z[None])
            if not (np.isfinite(value[0]) and np.isfinite(slope).all()):
                return FARTHEST, z  # a world that overflows is impossible
            return float(0.5 * z @ z - value[0]), z - slope[0]

    from scipy.optimize import minimize  # loaded by whoever samples; a kept nowcast does without

    options = {"maxiter": steps, "ftol": MODE_NEAR}
    return minimize(negative, begin, jac=True, method="L-BFGS-B", options=options).x


def curvature(log_likelihood: LogLikelihood, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (none below 0) and eigenvectors of minus the second derivative of the log likelihood."""
    steps = DIFFERENCE * np.eye(len(middle))
    above, below = (log_likelihood(middle + side)[1] for side in (steps, -steps))
    second = (below - above) / (2 * DIFFERENCE)
    values, vectors = np.linalg.eigh((second + second.T) / 2)
    return np.maximum(values, 0.0), vectors

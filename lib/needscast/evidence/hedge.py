"""What a printed number says about the truth: a density of log(truth / printed) as a few steps.

Rounding and the hedge word give steps; the noise of the source is added where the likelihood is evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from needscast.evidence.behaviour import ABOVE, BELOW, CENTRE, WORDS, Hedge

LEAST_WIDTH = 0.002  # a count printed to the last person is still read as good to a tenth of a percent either way
OUTSIDE_A_RANGE = 0.2  # mass left outside a printed range "between A and B", half on each side
BEYOND_FAR = 0.05  # mass of a bound beyond its outer point, in one more step of the same width
OUTSIDE_WORDS = 0.05  # mass outside the ends of a magnitude in words
PART_OF_AT_MOST = 20.0  # a part (assessed communities, some sites) is taken as at least a twentieth of the whole
ZERO_BELOW = 500.0  # a printed zero is read as fewer than this many


@dataclass(frozen=True)
class Steps:
    """A density of log(truth / scale) that is constant between ``edges``.

    Attributes
    ----------
    scale : the printed number the density refers to; 1 for a magnitude in words.
    edges : ascending; density[k] holds between edges[k] and edges[k + 1] and integrates to one.
    spread : standard deviation to be added to the noise of the source.
    """

    scale: float
    edges: np.ndarray
    density: np.ndarray
    spread: float = 0.0

    @property
    def centre(self) -> float:
        """The mean of log(truth / scale)."""
        return float((self.density * np.diff(self.edges) * (self.edges[1:] + self.edges[:-1]) / 2).sum())


def last_digit_units(value: float) -> tuple[float, ...]:
    """Return the units a number may have been rounded to: one of its last significant digit.

    A number of two digits or more that ends in 5 may as well have been rounded to fives: 350,000 is a multiple of
    10,000 and of 50,000; both are returned.
    """
    _, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    unit = 10.0 ** int(exponent)
    return (unit, 5 * unit) if len(digits) > 1 and digits[-1] == 5 else (unit,)


def steps_of(hedge: Hedge, low: float, value: float, high: float, *, part: bool = False) -> Steps | None:
    """Return the steps of a printed figure; None when it carries no number at all.

    Parameters
    ----------
    low, value, high : as printed; NaN where nothing is printed. A range of two ends needs no value.
    part : the figure counts only a part of what is asked, so it is a lower bound.
    """
    if hedge.kind == WORDS and np.isnan(value):
        return _of_words(hedge, part)
    if np.isfinite(low) and np.isfinite(high) and high > 0:
        return _of_range(low, high, part)
    value = next((each for each in (value, low, high) if np.isfinite(each)), np.nan)
    if np.isnan(value):
        return None
    if value == 0:
        return None if part else Steps(1.0, np.log([1.0, ZERO_BELOW]), np.array([1 / np.log(ZERO_BELOW)]))
    pieces = _rounded(hedge, value) + _bound(hedge)
    return _collect(value, _as_part(pieces) if part else pieces, hedge.spread)


def _rounded(hedge: Hedge, value: float) -> list[tuple[float, float, float]]:
    units = last_digit_units(value)
    share = {CENTRE: 1.0, WORDS: 1.0}.get(hedge.kind, hedge.share_rounded)
    down, up = {BELOW: (0.0, 1.0), ABOVE: (1.0, 0.0)}.get(hedge.kind, (0.5, 0.5))
    pieces = []
    for unit in units:
        step = min(unit / value, 1.0)
        start, end = np.log1p(-min(down * step, 0.5)), np.log1p(up * step)
        pieces.append((start, end, share / len(units)))
    return pieces


def _bound(hedge: Hedge) -> list[tuple[float, float, float]]:
    if hedge.kind not in (BELOW, ABOVE):
        return []
    share, middle, far = 1 - hedge.share_rounded, np.log(hedge.typical), np.log(hedge.far)
    masses = (0.5, 0.5 - BEYOND_FAR, BEYOND_FAR)
    ends = (0.0, middle, far, 2 * far)
    return [(min(a, b), max(a, b), share * mass) for a, b, mass in zip(ends[:-1], ends[1:], masses, strict=True)]


def _as_part(pieces: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    return [(start, end + np.log(PART_OF_AT_MOST), mass) for start, end, mass in pieces]


def _of_words(hedge: Hedge, part: bool) -> Steps:
    start, end = np.log(hedge.low), np.log(hedge.high)
    margin = (end - start) / 2
    sides = [(start - margin, start, OUTSIDE_WORDS / 2), (end, end + margin, OUTSIDE_WORDS / 2)]
    pieces = [(start, end, 1 - OUTSIDE_WORDS), *sides]
    return _collect(1.0, _as_part(pieces) if part else pieces, 0.0)


def _of_range(low: float, high: float, part: bool) -> Steps:
    low = max(low, 1.0)
    start, end = np.log(min(low, high)), np.log(max(low, high))
    middle = (start + end) / 2
    width = max(end - start, LEAST_WIDTH)
    inner = (-width / 2, width / 2, 1 - OUTSIDE_A_RANGE)
    sides = [(-width, -width / 2, OUTSIDE_A_RANGE / 2), (width / 2, width, OUTSIDE_A_RANGE / 2)]
    pieces = [inner, *sides]
    return _collect(float(np.exp(middle)), _as_part(pieces) if part else pieces, 0.0)


def _collect(scale: float, pieces: list[tuple[float, float, float]], spread: float) -> Steps:
    """Turn overlapping uniform pieces (start, end, mass) into one density on common edges."""
    wide = [_at_least_wide(start, end, mass) for start, end, mass in pieces if mass > 0]
    edges = np.unique(np.round([end for piece in wide for end in piece[:2]], 9))
    middles = (edges[1:] + edges[:-1]) / 2
    density = np.zeros(len(middles))
    for start, end, mass in wide:
        density += np.where((middles > start) & (middles < end), mass / (end - start), 0.0)
    return Steps(scale, edges, density / (density * np.diff(edges)).sum(), spread)


def _at_least_wide(start: float, end: float, mass: float) -> tuple[float, float, float]:
    middle, half = (start + end) / 2, max(end - start, LEAST_WIDTH) / 2
    return middle - half, middle + half, mass

"""The likelihood of the rows: steps of hedge and rounding, blurred by Student-t noise, with a share of outliers.

A row says: log truth + bias + noise = log printed + u, with u from the steps of its hedge. Integrating noise and
steps is a sum of Student-t distribution functions at the edges, so nothing has to be sampled for a figure. With four
degrees of freedom that function is a polynomial.
"""

from __future__ import annotations

import numpy as np

from needscast.evidence.rows import Rows

BLOCK = 30_000  # numbers worked on at a time; a block fits the processor's cache
_PEAK = 0.375  # density of Student's t with four degrees of freedom at zero


def student(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return distribution function and density of Student's t with four degrees of freedom."""
    cosine = np.square(t)  # in place from here: blocks stay in the processor's cache
    cosine += 4.0
    np.sqrt(cosine, out=cosine)
    np.divide(2.0, cosine, out=cosine)
    sine = t * cosine
    sine *= 0.5
    below = np.square(sine)
    below *= -0.25
    below += 0.75
    below *= sine
    below += 0.5
    density = np.square(cosine, out=sine)
    density *= density
    density *= cosine
    density *= _PEAK
    return below, density


def log_likelihood(
    middle: np.ndarray, rows: Rows, outlier_share: float, outlier_sd: float, noise: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the log likelihood of each figure in each world, and its derivative by each row's ``middle``.

    Parameters
    ----------
    middle : worlds x rows; log truth + bias - log printed.
    noise : scales to use instead of those of the rows.

    Returns
    -------
    worlds x figures, worlds x rows.
    """
    value, change = _hedged(middle, rows, rows.noise if noise is None else noise)
    wide = (middle - rows.centre) / outlier_sd
    from_four = 4.0 / (4.0 + wide * wide)
    background = (_PEAK / outlier_sd) * from_four * from_four * np.sqrt(from_four)
    fall = (-1.25 / outlier_sd) * wide * from_four * background
    weight = np.exp(rows.weight)
    value = weight * ((1 - outlier_share) * np.maximum(value, 0.0) + outlier_share * background)
    change = weight * ((1 - outlier_share) * change + outlier_share * fall)
    if len(rows.figures) == value.shape[1]:
        return np.log(value), change / value
    total = np.add.reduceat(value, rows.first, axis=1)
    return np.log(total), change / total[:, rows.figure]


def _hedged(middle: np.ndarray, rows: Rows, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the density of each row that is no outlier, and its derivative (worlds x rows)."""
    value, change = np.empty_like(middle), np.empty_like(middle)
    for places, edges, jumps in rows.by_steps:
        together = max(1, BLOCK // (len(middle) * len(edges)))
        for start in range(0, len(places), together):
            part = slice(start, start + together)
            here = places[part]
            below, density = student((edges[..., part] - middle[:, here]) / noise[here])
            below *= jumps[..., part]
            density *= jumps[..., part]
            value[:, here] = -below.sum(axis=0)
            change[:, here] = density.sum(axis=0) / noise[here]
    return value, change

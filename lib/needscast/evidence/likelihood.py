"""The likelihood of the rows: steps of hedge and rounding, blurred by Student-t noise, with a share of outliers.

A row says: log truth + bias + noise = log printed + u, with u from the steps of its hedge. Integrating noise and
steps is a sum of Student-t distribution functions at the edges, so nothing has to be sampled for a figure. With four
degrees of freedom that function is a polynomial.
"""

from __future__ import annotations

import numpy as np

from needscast.evidence.rows import Rows

BLOCK = 300_000  # numbers worked on at a time; a block fits the processor's cache
_PEAK = 0.375  # density of Student's t with four degrees of freedom at zero


def student(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return distribution function and density of Student's t with four degrees of freedom."""
    cosine = 2.0 / np.sqrt(4.0 + t * t)
    sine = 0.5 * t * cosine
    square = cosine * cosine
    return 0.5 + sine * (0.75 - 0.25 * sine * sine), _PEAK * square * square * cosine


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
    noise = rows.noise if noise is None else noise
    worlds, count = middle.shape
    by_figure = np.empty((worlds, len(rows.figures)))
    slope = np.empty((worlds, count))
    first = np.append(rows.first, count)
    per_block = max(1, BLOCK // (worlds * rows.edges.shape[1]))
    start = 0
    while start < len(rows.figures):
        end = max(start + 1, int(np.searchsorted(first, first[start] + per_block, side="right")) - 1)
        part = slice(first[start], first[end])
        value, change = _density(middle[:, part], rows, part, noise[part], outlier_share, outlier_sd)
        inner = first[start:end] - first[start]
        total = np.add.reduceat(value, inner, axis=1) if end - start < value.shape[1] else value
        by_figure[:, start:end] = np.log(total)
        sizes = np.diff(first[start : end + 1])
        slope[:, part] = change / (total if (sizes == 1).all() else np.repeat(total, sizes, axis=1))
        start = end
    return by_figure, slope


def _density(
    middle: np.ndarray, rows: Rows, part: slice, noise: np.ndarray, outlier_share: float, outlier_sd: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the density of each row times the weight of its reading, and its derivative."""
    weight = np.exp(rows.weight[part])
    value, change = np.zeros_like(middle), np.zeros_like(middle)
    for step in range(rows.edges.shape[1]):
        jump = rows.jumps[part, step]
        here = np.flatnonzero(jump)
        if len(here) == 0:
            continue
        pick: slice | np.ndarray = slice(None) if len(here) == len(jump) else here
        below, density = student((rows.edges[part, step][pick] - middle[:, pick]) / noise[pick])
        value[:, pick] -= jump[pick] * below
        change[:, pick] += jump[pick] / noise[pick] * density
    wide = (middle - rows.centre[part]) / outlier_sd
    from_four = 4.0 + wide * wide
    background = _PEAK * (4.0 / from_four) ** 2 * np.sqrt(4.0 / from_four) / outlier_sd
    fall = -5.0 * wide / from_four * background / outlier_sd
    value = (1 - outlier_share) * np.maximum(value, 0.0) + outlier_share * background
    return weight * value, weight * ((1 - outlier_share) * change + outlier_share * fall)

"""Pareto-smoothed importance weights: reweighting draws without letting a few of them decide."""

from __future__ import annotations

import numpy as np

TAIL_SHARE = 0.2


def smoothed_weights(log_weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights that add up to one, the largest replaced by a fitted Pareto tail, and the tail's shape k.

    References: Vehtari, Simpson, Gelman, Yao, Gabry, Pareto smoothed importance sampling, 2015; the shape by the method
    of Zhang and Stephens, 2009. Above k = 0.7 the result is not to be relied on.
    """
    weight = np.exp(log_weight - log_weight.max())
    count = len(weight)
    tail = int(min(TAIL_SHARE * count, 3 * np.sqrt(count)))
    if tail < 5:
        return weight / weight.sum(), 0.0
    order = np.argsort(weight)
    cut = weight[order[-tail - 1]]
    excess = weight[order[-tail:]] - cut
    if excess[-1] <= 0 or excess[0] < 0 or np.ptp(excess) <= 1e-12 * weight.max():
        return weight / weight.sum(), 0.0
    shape, scale = _generalised_pareto(np.maximum(excess, 1e-300))
    probability = (np.arange(tail) + 0.5) / tail
    with np.errstate(over="ignore"):  # a quantile beyond all numbers is cut to the largest weight below
        quantile = (
            scale * np.expm1(-shape * np.log1p(-probability)) / shape
            if abs(shape) > 1e-8
            else -scale * np.log1p(-probability)
        )
    weight[order[-tail:]] = np.minimum(cut + quantile, weight.max())
    return weight / weight.sum(), float(shape)


def _generalised_pareto(excess: np.ndarray) -> tuple[float, float]:
    """Return shape and scale of a generalised Pareto distribution (Zhang and Stephens), the shape shrunk a little."""
    count = len(excess)
    grid = 30 + int(np.sqrt(count))
    quarter = excess[int(count / 4 + 0.5) - 1]
    theta = 1 / excess[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * max(quarter, 1e-300))
    shape = np.log1p(-theta[:, None] * excess).mean(axis=1)
    likelihood = count * (np.log(-theta / shape) - shape - 1)
    weight = 1 / np.exp(likelihood - likelihood[:, None]).sum(axis=1)
    best = float((theta * weight).sum() / weight.sum())
    fitted = float(np.log1p(-best * excess).mean())
    return (fitted * count + 0.5 * 10) / (count + 10), -fitted / best

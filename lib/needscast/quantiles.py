"""Quantiles of draws: the only thing that every table asks of every cell, so it is made fast once, here.

A few ranks are found without sorting: the draws are divided at a rank, then each side at the ranks that lie there. What
is found are the draws that sorting would find, in less than half of its time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

CELLS_AT_ONCE = 32  # worked on together: a megabyte of 4,096 draws, which stays near the processor
FEW = 8  # ranks up to which dividing is faster than sorting


def quantiles(drawn: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return quantiles over the last axis, shape (level, cell), interpolated linearly between the two nearest draws."""
    cells = drawn.reshape(-1, drawn.shape[-1])
    place = np.asarray(levels) * (cells.shape[1] - 1)
    below, above = np.floor(place).astype(int), np.ceil(place).astype(int)
    ranks = np.union1d(below, above)
    ordered = np.empty((len(ranks), len(cells)))
    for first in range(0, len(cells), CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        ordered[:, part] = _ordered(cells[part], ranks)
    lower, upper = (ordered[np.searchsorted(ranks, each)] for each in (below, above))
    return lower + (place - below)[:, None] * (upper - lower)


def _ordered(cells: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """The draws of some ranks, counted from 0 and ascending, shape (rank, cell)."""
    found = np.repeat(cells.min(axis=-1)[None], len(ranks), axis=0)
    moving = found[0] != cells.max(axis=-1)
    mixed = cells[moving]  # a copy, which may lose its order
    if len(ranks) > FEW:
        mixed.sort(axis=-1)
        found[:, moving] = mixed.T[ranks]
    elif len(mixed):
        found[:, moving] = _divided(mixed, ranks.tolist())
    return found


def _divided(cells: np.ndarray, ranks: list[int]) -> list[np.ndarray]:
    """The same by dividing: the middle rank first, then what is smaller and what is larger, each by itself."""
    if not ranks:
        return []
    if ranks == [cells.shape[1] - 1]:
        return [cells.max(axis=-1)]
    middle = len(ranks) // 2
    rank = ranks[middle]
    cells.partition(rank, axis=-1)
    smaller = _divided(cells[:, :rank], ranks[:middle])
    larger = _divided(cells[:, rank + 1 :], [each - rank - 1 for each in ranks[middle + 1 :]])
    return [*smaller, cells[:, rank], *larger]

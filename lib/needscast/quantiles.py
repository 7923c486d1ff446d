"""Quantiles of draws: the only thing that every table asks of every cell, so it is made fast once, here.

A few ranks are found without sorting: the draws are divided at a rank, then each side at the ranks that lie there. What
is found are the draws that sorting would find, in less than half of its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

CELLS_AT_ONCE = 32  # worked on together: a megabyte of 4,096 draws, which stays near the processor
FEW = 8  # ranks up to which dividing is faster than sorting


def quantiles(drawn: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return quantiles over the last axis, shape (level, cell), interpolated linearly between the two nearest draws."""
    cells = drawn.reshape(-1, drawn.shape[-1])
    found = np.empty((len(levels), len(cells)))
    for first in range(0, len(cells), CELLS_AT_ONCE):
        part = slice(first, first + CELLS_AT_ONCE)
        found[:, part] = quantiles_of(cells[part].copy(), levels)
    return found


def quantiles_of(cells: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Return the same of draws by cell that nobody needs any more: they lose their order."""
    ranks, below, above, part = _places(tuple(levels), cells.shape[1])
    moving = cells[:, 0] != cells[:, -1]
    if not moving.all():  # only then look for cells whose draws are all one number
        moving |= cells.min(axis=-1) != cells.max(axis=-1)
    if moving.all():
        ordered = _ordered(cells, ranks).reshape(len(ranks), len(cells))
    else:
        ordered = np.repeat(cells[:, :1].T, len(ranks), axis=0)
        ordered[:, moving] = _ordered(cells[moving], ranks)
    low = ordered[below]
    return low + part[:, None] * (ordered[above] - low)


@lru_cache(maxsize=64)
def _places(levels: tuple[float, ...], draws: int) -> tuple[list[int], np.ndarray, np.ndarray, np.ndarray]:
    """The ranks that levels need, counted from 0 and ascending; where each level lies among them, and how far on."""
    place = np.asarray(levels) * (draws - 1)
    below, above = np.floor(place).astype(int), np.ceil(place).astype(int)
    ranks = np.union1d(below, above)
    return ranks.tolist(), np.searchsorted(ranks, below), np.searchsorted(ranks, above), place - below


def _ordered(cells: np.ndarray, ranks: list[int]) -> np.ndarray:
    """The draws of these ranks, one of each cell."""
    if len(ranks) > FEW:
        cells.sort(axis=-1)
        return cells.T[ranks]
    if cells.dtype == np.float64:  # the bits of what is not negative are in the same order, and faster
        found = np.asarray(_divided(cells.view(np.int64), ranks))
        if cells.view(np.int64)[:, : ranks[0] + 1].min(initial=0) == 0:  # the smallest are here, and none is negative
            return found.view(np.float64)
    return np.asarray(_divided(cells, ranks))


def _divided(cells: np.ndarray, ranks: list[int]) -> list[np.ndarray]:
    """The same by dividing: the middle rank first, then what is smaller and what is larger, each by itself."""
    found = {}
    for first, last, rank in _cuts(tuple(ranks), cells.shape[1]):
        part = cells[:, first:last]
        if rank == last - 1:
            found[rank] = part.max(axis=-1)
        else:
            part.partition(rank - first, axis=-1)
            found[rank] = cells[:, rank]
    return [found[rank] for rank in ranks]


@lru_cache(maxsize=64)
def _cuts(ranks: tuple[int, ...], last: int, first: int = 0) -> tuple[tuple[int, int, int], ...]:
    """Where to divide, in turn: first and last place of a part, counted from 0 and the last outside, and the rank."""
    if not ranks:
        return ()
    middle = len(ranks) // 2 if ranks != (last - 1,) else 0
    rank = ranks[middle]
    smaller, larger = _cuts(ranks[:middle], rank, first), _cuts(ranks[middle + 1 :], last, rank + 1)
    return ((first, last, rank), *smaller, *larger)

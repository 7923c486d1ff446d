"""Labels: what the places along the dimensions of an array are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

Indexes = Mapping[str, pd.Index]
Labels = Mapping[str, Sequence[Any]]


def indexes(labels: Labels) -> dict[str, pd.Index]:
    """Return the index of each dimension."""
    return {dim: _index(tuple(items), tuple(map(type, items))) for dim, items in labels.items()}


@lru_cache(maxsize=256)
def _index(labels: tuple[Any, ...], types: tuple[type, ...]) -> pd.Index:
    """The same zones and weeks are on every estimate of a run, so they are made once and compared at a glance."""
    return pd.Index(list(labels))

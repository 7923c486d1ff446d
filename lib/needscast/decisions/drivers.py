"""What drives the doubt: the share of a headline's variance that goes away on average once an input is known.

First-order effects from the draws there are ("given data"): draws are sorted by the input and cut into bins; the
variance between bin means over the whole variance, with the part that chance alone would give taken off
(epsilon squared). Inputs that move together are given as one group, which is binned on its best linear summary.

References: Plischke, Borgonovo, Smith, Global sensitivity measures from given data, EJOR 226 (2013) 536-550;
Kelley, An unbiased correlation ratio measure, PNAS 21 (1935) 554-559.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache

import numpy as np
import pandas as pd

BINS = 32
TENTH = 0.1
COLUMNS = ["headline", "input", "share_of_variance", "direction", "if_low", "if_high"]


def drivers(
    headlines: Mapping[str, np.ndarray],
    inputs: Mapping[str, np.ndarray],
    behind: Mapping[str, Set[str]] | None = None,
) -> pd.DataFrame:
    """Return ``headline, input, share_of_variance, direction, if_low, if_high``, largest first within a headline.

    Parameters
    ----------
    headlines : draws of each headline, shape (draw,).
    inputs : draws of each input, shape (draw,), or (member, draw) for a group of inputs known together.
    behind : names of the inputs that each headline rests on, when that is known; others are not asked about.

    Returns
    -------
    Shares between 0 and 1; ``direction`` is "up" when more of the input means more of the headline, else "down",
    blank for a group. ``if_low`` and ``if_high`` are the mean headline in the tenth of the worlds where the input is
    lowest and highest, in the headline's own unit. Constant headlines and inputs explain nothing and are left out.
    """
    outcomes = {name: drawn for name, drawn in headlines.items() if np.ptp(drawn) > 0}
    if not outcomes:
        return pd.DataFrame(columns=COLUMNS)
    headings, stacked = list(outcomes), np.stack(list(outcomes.values()))
    spread = _spread(stacked)
    rows: list[tuple[str, str, float, str, float, float]] = []
    for name, drawn in inputs.items():
        asked = [at for at, each in enumerate(outcomes) if behind is None or name in behind[each]]
        if not asked or np.ptp(drawn, axis=-1).max() == 0:
            continue
        moved = stacked[asked]
        known = drawn[None] if drawn.ndim == 1 else linear_summaries(drawn, moved)
        arranged = _arranged(known, moved)
        shares = _explained(arranged, spread[:, asked])
        tenth = max(round(TENTH * arranged.shape[-1]), 1)
        ends = arranged[:, :tenth].mean(axis=1).tolist(), arranged[:, -tenth:].mean(axis=1).tolist()
        words = [""] * len(asked) if drawn.ndim > 1 else np.where(moved @ (drawn - drawn.mean()) < 0, "down", "up")
        names = [headings[at] for at in asked]
        rows += zip(names, [name] * len(names), shares.tolist(), words, *ends, strict=True)
    place = {name: position for position, name in enumerate(outcomes)}
    rows.sort(key=lambda row: (place[row[0]], -row[2]))
    return pd.DataFrame(rows, columns=COLUMNS)


def first_order(known: np.ndarray, outcomes: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Return the debiased share of each outcome's variance explained by knowing an input.

    Parameters
    ----------
    known : draws of the input, shape (1, draw) for all outcomes or (outcome, draw) for each its own.
    outcomes : shape (outcome, draw).
    """
    return _explained(_arranged(known, outcomes), _spread(outcomes), bins)


def order_of(number: np.ndarray) -> np.ndarray:
    """Return the worlds in the order of a number, shape (draw,); equal ones stay in theirs."""
    return _order(np.asarray(number, dtype=float).tobytes())


@lru_cache(maxsize=512)
def _order(drawn: bytes) -> np.ndarray:
    """The same inputs are asked about by every headline, decision and scenario, so each is put in order once."""
    return np.argsort(np.frombuffer(drawn), kind="stable")


def _arranged(known: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """The outcomes in the order of what is known."""
    if len(known) == 1:
        return outcomes.take(order_of(known[0]), axis=-1)
    return np.take_along_axis(outcomes, np.argsort(known, axis=-1, kind="stable"), axis=-1)


def _spread(outcomes: np.ndarray) -> np.ndarray:
    """The mean of each outcome and the sum of squares around it, which no order changes: shape (2, outcome, 1)."""
    centre = outcomes.mean(axis=-1, keepdims=True)
    return np.stack([centre, ((outcomes - centre) ** 2).sum(axis=-1, keepdims=True)])


def _explained(arranged: np.ndarray, spread: np.ndarray, bins: int = BINS) -> np.ndarray:
    count, (centre, total) = arranged.shape[-1], spread
    edges = np.linspace(0, count, bins, endpoint=False).astype(int)
    sizes = np.diff(np.append(edges, count))
    means = np.add.reduceat(arranged, edges, axis=-1) / sizes
    between = (sizes * (means - centre) ** 2).sum(axis=-1)
    within_mean_square = (total[:, 0] - between) / (count - bins)
    return np.clip((between - (bins - 1) * within_mean_square) / total[:, 0], 0, 1)


def linear_summaries(members: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Return for each outcome the linear combination of a group's members that follows it best, by draw."""
    centred = members - members.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1)
    scaled = centred[spread > 0] / spread[spread > 0, None]
    weights = np.linalg.pinv(scaled @ scaled.T, rcond=1e-9, hermitian=True) @ (scaled @ outcomes.T)
    return weights.T @ scaled

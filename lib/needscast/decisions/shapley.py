"""Shapley effects by group of inputs: how the doubt about a number is shared out among causes that move together.

The effect of a group is what it adds to the explained variance, averaged over all orders in which the groups could
become known. It is never negative beyond chance, and the effects of all groups add up to what they explain together,
also when the groups are correlated; first-order shares do not. From the draws there are ("given data"): the variance
that a set of groups explains is that of a polynomial regression on the ranks of the groups' best summaries, with the
part that chance alone would give taken off (adjusted R squared).

References: Song, Nelson, Staum, Shapley effects for global sensitivity analysis, SIAM/ASA JUQ 4 (2016) 1060-1083;
Owen, Prieur, On Shapley value for measuring importance of dependent inputs, SIAM/ASA JUQ 5 (2017) 986-1002;
Sudret, Global sensitivity analysis using polynomial chaos expansions, RESS 93 (2008) 964-979.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from numpy.polynomial.legendre import legvander

from needscast.decisions.drivers import linear_summaries
from needscast.errors import NeedscastError

MOST_GROUPS = 9  # 512 sets of groups
HIGHEST = 10  # degree of the polynomials when few groups leave room for it
DRAWS_A_TERM = 24  # the regression keeps at least so many draws for each of its terms
COLUMNS = ["headline", "group", "share_of_variance"]


def shapley_effects(headlines: Mapping[str, np.ndarray], groups: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return ``headline, group, share_of_variance``, largest first within a headline.

    Parameters
    ----------
    headlines : draws of each headline, shape (draw,).
    groups : draws of the inputs of each group, shape (draw,), or (member, draw); groups may be correlated.

    Returns
    -------
    Shares that add up to what all groups explain together, at most about 1; the rest is interplay that the regression
    does not see. Constant headlines are left out, constant groups explain nothing.

    Raises
    ------
    NeedscastError : for more groups than sets of them can be worked through.
    """
    moving = {name: members for name, drawn in groups.items() if len(members := _moving(drawn))}
    if len(moving) > MOST_GROUPS:
        raise NeedscastError(f"{len(moving)} groups of inputs are too many; put them together into {MOST_GROUPS}")
    rows: list[tuple[str, str, float]] = []
    for name, outcome in headlines.items():
        if np.ptp(outcome) == 0:
            continue
        shares = _effects(outcome, list(moving.values()))
        rows += sorted(((name, group, share) for group, share in zip(moving, shares, strict=True)), key=lambda r: -r[2])
    return pd.DataFrame(rows, columns=COLUMNS)


def _effects(outcome: np.ndarray, groups: list[np.ndarray]) -> list[float]:
    """The Shapley effect of each group on one outcome."""
    if not groups:
        return []
    summaries = np.stack([each[0] if len(each) == 1 else linear_summaries(each, outcome[None])[0] for each in groups])
    count = len(groups)
    terms = _terms(count, len(outcome))
    explained = _explained(outcome, summaries, terms)
    shares = []
    for one in range(count):
        others = [each for each in range(count) if each != one]
        share = 0.0
        for size in range(count):
            weight = 1 / (count * comb(count - 1, size))
            share += weight * sum(
                explained[frozenset((*known, one))] - explained[frozenset(known)]
                for known in combinations(others, size)
            )
        shares.append(share)
    return shares


def _explained(outcome: np.ndarray, summaries: np.ndarray, terms: list[tuple[int, ...]]) -> dict[frozenset[int], float]:
    """The share of the variance that each set of groups explains, from one table of products of all terms."""
    design = _design(summaries, terms)
    target = (outcome - outcome.mean()) / outcome.std()
    gram, cross = design @ design.T, design @ target
    draws, found = len(outcome), {frozenset[int](): 0.0}
    uses = [frozenset(at for at, degree in enumerate(term) if degree) for term in terms]
    for size in range(1, len(summaries) + 1):
        for known in combinations(range(len(summaries)), size):
            kept = [at for at, used in enumerate(uses) if used <= set(known)]
            block = gram[np.ix_(kept, kept)]
            weights = np.linalg.solve(block + 1e-8 * draws * np.eye(len(kept)), cross[kept])
            fitted = float(cross[kept] @ weights) / draws
            found[frozenset(known)] = 1 - (1 - fitted) * (draws - 1) / (draws - len(kept) - 1)
    return found


def _terms(count: int, draws: int) -> list[tuple[int, ...]]:
    """Degrees by group of each polynomial term, as high as the draws carry: mixed terms pay for both degrees."""
    best: list[tuple[int, ...]] = []
    for degree in range(1, HIGHEST + 1):
        made = []
        for size in range(1, min(count, 3) + 1):
            for groups in combinations(range(count), size):
                for degrees in _compositions(size, degree):
                    term = [0] * count
                    for group, power in zip(groups, degrees, strict=True):
                        term[group] = power
                    made.append(tuple(term))
        if best and len(made) > draws / DRAWS_A_TERM:
            break
        best = made
    return best


def _compositions(size: int, most: int) -> list[tuple[int, ...]]:
    """Every way to give ``size`` groups a degree of at least 1 that together are at most ``most``."""
    if size == 1:
        return [(degree,) for degree in range(1, most + 1)]
    return [(first, *rest) for first in range(1, most - size + 2) for rest in _compositions(size - 1, most - first)]


def _design(summaries: np.ndarray, terms: list[tuple[int, ...]]) -> np.ndarray:
    """Products of Legendre polynomials in the ranks, each centred, shape (term, draw)."""
    draws = summaries.shape[1]
    ranks = np.empty_like(summaries, dtype=float)
    places = (2 * np.arange(draws) + 1) / draws - 1
    np.put_along_axis(ranks, np.argsort(summaries, axis=1, kind="stable"), places[None], axis=1)
    most = max(map(max, terms))
    scales = np.sqrt(2 * np.arange(most + 1) + 1)[:, None]
    powers = np.ascontiguousarray(np.moveaxis(legvander(ranks, most), 2, 1)) * scales  # (group, degree, draw)
    made = np.empty((len(terms), draws))
    for row, term in zip(made, terms, strict=True):
        product = reduce(np.multiply, [powers[group, degree] for group, degree in enumerate(term) if degree])
        row[:] = product - product.mean()
    return made


def _moving(drawn: np.ndarray) -> np.ndarray:
    members = np.atleast_2d(drawn)
    return members[np.ptp(members, axis=1) > 0]

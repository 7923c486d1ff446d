"""Where displaced people sleep: camps, host families, rented rooms, unfinished buildings, open ground.

Those who find room split over the shelters by uncertain shares. Those who are in a zone beyond its capacity find
none of the first three: they split over unfinished buildings and open ground only.
"""

from __future__ import annotations

import numpy as np

from needscast.displacement.flows import AWAY, split_whole, whole
from needscast.vocabulary import OPEN_GROUND, SHELTERS, UNFINISHED

_LEFT_OVER = [SHELTERS.index(shelter) for shelter in (UNFINISHED, OPEN_GROUND)]


def displaced_and_crowded(people: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Return people displaced since the onset, and those of them beyond the capacity of their zone, over all zones.

    Parameters
    ----------
    people : by group, zone and draw. capacity : people a zone holds, by zone and draw.
    """
    displaced = people[AWAY].sum(axis=0)
    crowded = np.clip(people.sum(axis=0) - capacity, 0, displaced)
    return np.stack([displaced.sum(axis=0), crowded.sum(axis=0)])


def sheltered(displaced: np.ndarray, crowded: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return whole people by shelter, week and draw; they add up to the displaced.

    Parameters
    ----------
    displaced, crowded : by week and draw.
    shares : by shelter (``SHELTERS``) and draw; only their proportions count.
    """
    squeezed = np.zeros_like(shares)
    squeezed[_LEFT_OVER] = shares[_LEFT_OVER]
    squeezed = _proportions(squeezed)
    room = _proportions(shares)
    expected = room[:, None] * (displaced - crowded) + squeezed[:, None] * crowded
    return split_whole(whole(displaced), expected, axis=0)


def _proportions(shares: np.ndarray) -> np.ndarray:
    total = shares.sum(axis=0)
    return np.divide(shares, total, out=np.full_like(shares, 1 / len(shares)), where=total > 0)

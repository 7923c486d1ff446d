"""The prior of people displaced before the onset: no more than the counts of displaced people give reason to think.

In a war of many years a third of the others may be displaced from before; in a flood in a calm country hardly anybody
is. One prior for both would let millions of inhabitants outweigh a single count of some thousands, so it is centred
near the largest part of the inhabitants that any figure counts, and no higher than in a long war.
"""

from __future__ import annotations

import numpy as np

from needscast.evidence.area import Areas
from needscast.evidence.counted import IDP
from needscast.evidence.item import Item
from needscast.evidence.model import DISPLACED_BEFORE, NOBODY_COUNTS

LEAST = 1e-4  # part of the inhabitants below which a count says no more than that it is small


def displaced_before(items: list[Item], areas: Areas, population: float, household: float) -> tuple[float, float]:
    """Return centre and standard deviation (logit) of the share of the others who were displaced before the onset.

    The centre lies one standard deviation above the largest part counted, since a count may be one of several groups.

    Parameters
    ----------
    items : the figures that stand, each of which may count displaced people.
    population : everybody in the area; inhabitants of a zone are taken from the table of areas or as an equal part.
    household : people per household.
    """
    counted = [item for item in items if item.counted.kind == IDP]
    if not counted:
        return NOBODY_COUNTS
    known = np.isfinite(areas.population[:, 1]).all()
    inhabitants = areas.population[:, 1] if known else np.full(len(areas.zones), population / len(areas.zones))
    largest = max(
        _people(item, household) / max(inhabitants[np.array(reading.zones)].sum(), 1.0)
        for item in counted
        for reading in item.readings
    )
    share = np.clip(largest, LEAST, 0.5)
    centre, spread = DISPLACED_BEFORE
    return min(centre, float(np.log(share / (1 - share))) + spread), spread


def _people(item: Item, household: float) -> float:
    """Return the number that a figure stands for, in the middle of what its words and digits allow."""
    number = item.steps.scale * float(np.exp(item.steps.centre))
    return number * (household if item.counted.unit == "household" else 1.0)

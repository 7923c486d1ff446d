"""What to replace first of the inputs that were made for another country: those of which a little more moves the cost.

The range of a price of another country says nothing about the price here, so these inputs are not ranked by their
share of the doubt but by their pull: how much of the cost a tenth more of the input moves, all else as it is. It is
the slope of a least-squares plane through the worlds of each sector, on all inputs that the sector's cost rests on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import UncertainInput

TENTH = 0.1
COST = "cost"
COLUMNS = ["input", "share_of_cost"]


def pulls(headlines: Mapping[str, Estimate], inputs: Collection[UncertainInput], worlds: Draws) -> pd.DataFrame:
    """Return ``input, share_of_cost``: the share of the mean cost by which a tenth more of an input moves it.

    Parameters
    ----------
    headlines : scalar estimates by name; ``cost`` and ``cost/SECTOR`` are read. [USD]
    inputs : every uncertain input of the run; one that is known exactly has no pull that could be seen.

    Returns
    -------
    One row an input, the strongest pull first; none where nothing has a price.
    """
    sectors = [cost for name, cost in headlines.items() if name.startswith(f"{COST}/")]
    found = [pair for cost in sectors for pair in _of_sector(cost, inputs, worlds)]
    whole = float(headlines[COST].array.mean()) if COST in headlines else 0.0
    if not found or not whole:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame(found, columns=COLUMNS).groupby("input", sort=False, as_index=False).sum()
    table["share_of_cost"] *= TENTH / whole
    return table.sort_values("share_of_cost", key=abs, ascending=False, kind="stable", ignore_index=True)


def _of_sector(cost: Estimate, inputs: Collection[UncertainInput], worlds: Draws) -> list[tuple[str, float]]:
    """Dollars by which the cost of one sector moves when an input doubles, by input."""
    behind = {source.split(": ")[0] for source in cost.sources}
    asked = [row for row in inputs if row.name in behind and not row.range.is_constant]
    drawn = np.array([worlds.sample(row.name, row.range) for row in asked]).reshape(len(asked), worlds.count)
    plane = np.vstack([drawn / drawn.mean(axis=1, keepdims=True), np.ones(worlds.count)]).T
    slopes = np.linalg.lstsq(plane, cost.array, rcond=None)[0]
    return [(row.name, float(slope)) for row, slope in zip(asked, slopes, strict=False)]

"""Planning levels: what is ordered at P50, P80 and P95, who goes without, what is left over, what a step up costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LEVELS = (0.5, 0.8, 0.95)


def planning_levels(
    demand: np.ndarray, levels: Sequence[float] = LEVELS, unit_cost: float | None = None
) -> pd.DataFrame:
    """Return ``level, quantity, unserved, surplus, step_cost_usd``: one row a level.

    Parameters
    ----------
    demand : draws of the demand over the horizon, shape (draw,). [unit of the item]
    levels : probabilities, ascending. The quantity at a level covers demand in that share of the worlds.
    unit_cost : price of one unit, or None where not known. [USD]

    ``unserved`` and ``surplus`` are means over the worlds; a named person chooses the level, the model does not.
    """
    quantities = np.quantile(demand, levels)
    unserved = [np.maximum(demand - quantity, 0).mean() for quantity in quantities]
    surplus = [np.maximum(quantity - demand, 0).mean() for quantity in quantities]
    steps = np.diff(quantities, prepend=0.0)
    cost = steps * unit_cost if unit_cost is not None else np.full(len(levels), np.nan)
    return pd.DataFrame(
        {"level": levels, "quantity": quantities, "unserved": unserved, "surplus": surplus, "step_cost_usd": cost}
    )


def newsvendor_level(cost_unmet: float, cost_surplus: float) -> float:
    """Return the planning level at which one more unit no longer pays: Cu / (Cu + Co) (newsvendor rule)."""
    return cost_unmet / (cost_unmet + cost_surplus)

"""Planning levels: what is ordered at P50, P80 and P95, who goes without, what is left over, what a step up costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from needscast.quantiles import quantiles

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
    return pd.DataFrame(level_columns(demand, levels, unit_cost))


def level_columns(demand: np.ndarray, levels: Sequence[float], unit_cost: float | None) -> dict[str, np.ndarray]:
    """Return the columns of :func:`planning_levels` as arrays, for a table that is put together from many items."""
    ordered = quantiles(demand, levels)[:, 0]
    left = demand[None] - ordered[:, None]
    steps = np.diff(ordered, prepend=0.0)
    return {
        "level": np.asarray(levels, dtype=float),
        "quantity": ordered,
        "unserved": np.maximum(left, 0).mean(axis=1),
        "surplus": np.maximum(-left, 0).mean(axis=1),
        "step_cost_usd": steps * unit_cost if unit_cost is not None else np.full(len(levels), np.nan),
    }


def newsvendor_level(cost_unmet: float, cost_surplus: float) -> float:
    """Return the planning level at which one more unit no longer pays: Cu / (Cu + Co) (newsvendor rule)."""
    return cost_unmet / (cost_unmet + cost_surplus)

"""What moves the day on which a known stock runs out: first-order effects of every input that the day rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from needscast.decisions.drivers import drivers
from needscast.decisions.plan import Knowable
from needscast.demand import ItemDemand, arrivals
from needscast.draws import Draws
from needscast.inputs import Crisis
from needscast.inputs.planned import NOW

DATE_DRIVERS = ["sector", "item", "input", "share_of_variance", "direction", "if_low", "if_high"]


def date_drivers(line: ItemDemand, sector: str, knowable: Knowable, crisis: Crisis, worlds: Draws) -> pd.DataFrame:
    """Return the inputs that move the day on which an item runs out, largest first.

    Returns
    -------
    ``share_of_variance`` and ``direction`` as of :func:`drivers`; ``if_low`` and ``if_high`` are the mean days until it
    runs out where the input is lowest and highest; the horizon stands for what lies beyond it. No rows where the stock
    is not known, or runs out in all worlds on one day or in none. ``pipeline/ITEM/n/quantity`` and ``/arrival`` are
    deliveries on their way.
    """
    if line.stock_out is None:
        return pd.DataFrame(columns=DATE_DRIVERS)
    behind = {source.split(": ")[0] for source in line.stock_out.day.sources}
    inputs = {name: drawn for name, drawn in knowable.inputs.items() if name in behind}
    for each in arrivals(line.item.id, line.item.unit, crisis, worlds):
        inputs |= {f"{each.name}/quantity": each.quantity, f"{each.name}/arrival": each.day}
    if knowable.now:
        inputs[NOW] = np.stack(list(knowable.now.values()))
    table = drivers({"stock_out": line.stock_out.day.array}, inputs)
    return table.assign(sector=sector, item=line.item.id)[DATE_DRIVERS]

"""Flows from zone to zone: internal editions only (law 10), because they predict routes of flight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from needscast.displacement.scenario import stepped
from needscast.draws import Draws
from needscast.estimate import Estimate, derive
from needscast.inputs import Crisis, Inputs

NAME = "displacements between zones"


def between_zones(
    crisis: Crisis, inputs: Inputs, nowcast: Mapping[str, Estimate], draws: Draws, regimes: Sequence[str]
) -> Estimate:
    """Return displacements over the horizon by zone left and zone reached, not rounded. [arrival]

    Each week's departures from a zone, less the share that crosses out of the area, split over the other zones by
    their pull. The simulation splits the same way and then rounds to whole people. The parameters are those of
    :func:`needscast.displacement.simulate`, which is run again: no result of it keeps what this needs.
    """
    moved = stepped(crisis, inputs, nowcast, draws, regimes, ("departures", "pull", "crossings"))
    labels = {"from_area": crisis.zones, "to_area": crisis.zones}
    return derive(_flows_between_zones, moved, {NAME: (labels, "arrival")})[NAME]


def _flows_between_zones(*, departures: np.ndarray, pull: np.ndarray, crossings: np.ndarray) -> dict[str, np.ndarray]:
    """Arrays by zone, week and draw; crossings by week and draw."""
    total = departures.sum(axis=0)
    inside = departures * (1 - np.divide(crossings, total, out=np.zeros_like(total), where=total > 0))
    others = pull.sum(axis=0) - pull
    per_weight = np.divide(inside, others, out=np.zeros_like(inside), where=others > 0)
    flows = np.einsum("owj,dwj->odj", per_weight, pull)
    flows[np.diag_indices(len(flows))] = 0.0
    return {NAME: flows}

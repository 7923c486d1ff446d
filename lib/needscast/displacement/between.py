"""Flows from zone to zone: internal editions only (law 10), because they predict routes of flight."""

from __future__ import annotations

import numpy as np

from needscast.displacement.scenario import Displacement
from needscast.estimate import Estimate, derive


def between_zones(moved: Displacement) -> Estimate:
    """Return displacements over the horizon by zone left and zone reached, not rounded. [arrival]

    Each week's departures from a zone, less the share that crosses out of the area, split over the other zones by
    their pull. The simulation splits the same way and then rounds to whole people.
    """
    zones = moved.departures.labels("area")
    operands = {"departures": moved.departures, "pull": moved.pull, "crossings": moved.crossings}
    results = {"displacements between zones": ({"from_area": zones, "to_area": zones}, "arrival")}
    return derive(_flows_between_zones, operands, results)["displacements between zones"]


def _flows_between_zones(*, departures: np.ndarray, pull: np.ndarray, crossings: np.ndarray) -> dict[str, np.ndarray]:
    """Arrays by zone, week and draw; crossings by week and draw."""
    total = departures.sum(axis=0)
    inside = departures * (1 - np.divide(crossings, total, out=np.zeros_like(total), where=total > 0))
    others = pull.sum(axis=0) - pull
    per_weight = np.divide(inside, others, out=np.zeros_like(inside), where=others > 0)
    flows = np.einsum("owj,dwj->odj", per_weight, pull)
    flows[np.diag_indices(len(flows))] = 0.0
    return {"displacements between zones": flows}

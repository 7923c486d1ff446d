"""Rows: the kept figures as arrays. A figure has one row per reading of its area; each row names its target."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from needscast.evidence.area import Areas
from needscast.evidence.behaviour import Behaviour
from needscast.evidence.counted import DESTINATION, EITHER, FLOW, ORIGIN, Counted
from needscast.evidence.item import Item
from needscast.evidence.meaning import NO_DOUBTS, Doubts, meanings, running_starts
from needscast.evidence.source import Sources, noise_scale, series_of, series_sd

WHOLE = "whole"  # side of a flow that concerns all zones


@dataclass(frozen=True)
class Target:
    """What a row observes: a kind, a side and unit, a set of zones, a window or day."""

    kind: str
    side: str
    unit: str
    zones: tuple[bool, ...]
    start: date
    end: date


@dataclass(frozen=True)
class Rows:
    """The likelihood's data.

    Attributes
    ----------
    figures : ids of the kept figures.
    targets : distinct targets.
    figure, target : for each row, the position of its figure and target; rows of a figure stand together.
    reference : for each row, the target of the total it is a part of, else -1.
    source : for each row, the column of its series' bias; -1 for a part, whose bias cancels.
    weight : log probability of the reading.
    scale : for each row, log of the printed number the edges refer to.
    noise : for each row, the scale of its fresh error.
    edges, jumps : rows x steps; the density of log(truth / printed) goes up by the jump at each edge.
    centre : for each row, the mean of that density.
    """

    figures: tuple[str, ...]
    targets: tuple[Target, ...]
    figure: np.ndarray
    target: np.ndarray
    reference: np.ndarray
    source: np.ndarray
    weight: np.ndarray
    scale: np.ndarray
    noise: np.ndarray
    edges: np.ndarray
    jumps: np.ndarray
    centre: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """The first row of each figure."""
        return np.flatnonzero(np.diff(self.figure, prepend=-1))

    @cached_property
    def by_steps(self) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]:
        """Rows with equally many steps together: their places, their edges and jumps (steps x 1 x rows)."""
        steps = self.jumps.shape[1] - np.argmax(self.jumps[:, ::-1] != 0, axis=1)
        groups = [(count, np.flatnonzero(steps == count)) for count in np.unique(steps)]
        return tuple(
            (places, self.edges[places, :count].T[:, None], self.jumps[places, :count].T[:, None])
            for count, places in groups
        )

    def only(self, kept: np.ndarray) -> Rows:
        """Return the rows of some figures; ``kept`` says for each whether it stays. Targets keep their places."""
        chosen = kept[self.figure]
        place = np.cumsum(kept) - 1
        by_row = ("target", "reference", "source", "weight", "scale", "noise", "edges", "jumps", "centre")
        return replace(
            self,
            figures=tuple(figure for figure, stays in zip(self.figures, kept, strict=True) if stays),
            figure=place[self.figure[chosen]],
            **{name: getattr(self, name)[chosen] for name in by_row},
        )


def rows_of(
    items: list[Item],
    totals: dict[str, str],
    origin: dict[str, str],
    sources: Sources,
    reliability: dict[str, str],
    types: dict[str, str],
    areas: Areas,
    behaviour: Behaviour,
    reference: date,
) -> Rows:
    """Lay out the kept figures; ``totals`` gives each part its total, ``origin`` each figure the source of its error;
    ``reliability`` and ``types`` are those of the sources.
    """
    by_id = {item.id: item for item in items}
    targets: dict[Target, int] = {}
    column = {one: place for place, one in enumerate(sources.series)}
    plain: list[tuple] = []
    factors, steps = set(sources.factors), []
    starts = running_starts(items, origin)
    for place, item in enumerate(items):
        total = by_id.get(totals.get(item.id, ""))
        series = series_of(item, origin[item.id])
        alone = 0.0
        if total is None and f"series/{'/'.join(series)}" not in factors:
            alone = series_sd(behaviour.grade("source_sd", reliability[series[0]]))
        noise = noise_scale(item, alone, reference, behaviour)
        scale = np.log(item.steps.scale)
        against = -1
        if total is not None:
            against = targets.setdefault(_target(total.counted, total.readings[0].zones, areas), len(targets))
            scale -= np.log(total.steps.scale)
        source = column[series] if total is None else -1
        running = starts.get(series[:3], Counter())
        doubts = Doubts.of(item, types[series[0]], running, behaviour) if total is None else NO_DOUBTS
        for what, zones, weight in meanings(item, doubts):
            target = targets.setdefault(_target(what, zones, areas), len(targets))
            plain.append((place, target, against, source, np.log(weight), scale, noise))
            steps.append(item.steps)
    most = max(len(each.edges) for each in steps)
    edges, jumps, centre = np.zeros((len(steps), most)), np.zeros((len(steps), most)), np.zeros(len(steps))
    for row, each in enumerate(steps):
        count = len(each.edges)
        edges[row, :count], edges[row, count:] = each.edges, each.edges[-1]
        jumps[row, :count] = np.diff(np.concatenate([[0.0], each.density, [0.0]]))
        centre[row] = each.centre
    whole = np.array([row[:4] for row in plain], dtype=int).T
    real = np.array([row[4:] for row in plain], dtype=float).T
    return Rows(
        figures=tuple(item.id for item in items),
        targets=tuple(targets),
        **dict(zip(("figure", "target", "reference", "source"), whole, strict=True)),
        **dict(zip(("weight", "scale", "noise"), real, strict=True)),
        edges=edges,
        jumps=jumps,
        centre=centre,
    )


def side_of(what_side: str, zones: tuple[bool, ...], areas: Areas) -> str:
    """Return the side on which a flow of some zones is counted: where people left, unless all only take people in."""
    if all(zones):
        return WHOLE
    if what_side != EITHER:
        return what_side
    roles = [role for role, held in zip(areas.roles, zones, strict=True) if held]
    return DESTINATION if all(role == DESTINATION for role in roles) else ORIGIN


def _target(what: Counted, zones: tuple[bool, ...], areas: Areas) -> Target:
    side = side_of(what.side, zones, areas) if what.kind == FLOW else ""
    return Target(what.kind, side, what.unit, zones, what.start, what.end)

"""The standing of every figure: used or why not, its weight, pull, leave-one-out change, and what it contradicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from needscast.evidence.item import Item
from needscast.evidence.prepare import Evidence
from needscast.evidence.rows import Target
from needscast.evidence.smoothing import smoothed_weights

CONFLICT = 2.6  # two figures this many of their spreads apart contradict each other (1 in 100 by chance)
OVERLAP = 0.7  # share of the longer window that two windows must have in common to be compared
STOCK_DAYS = 120  # stocks this far apart are not compared
COLUMNS = ("figure_id", "used", "reason", "target", "root", "weight", "pull", "leave_one_out", "conflicts")


@dataclass(frozen=True)
class Fit:
    """How the figures and the draws agree.

    Attributes
    ----------
    by_figure : log likelihood, draws x figures.
    headline : people displaced since the onset, by draw. [person]
    pareto_k : of leaving each figure out; above 0.7 its leave-one-out change is only roughly known.
    """

    by_figure: np.ndarray
    headline: np.ndarray
    pareto_k: np.ndarray


def standing(evidence: Evidence, z: np.ndarray, figure_ids: list[str]) -> tuple[pd.DataFrame, Fit]:
    """Return one row per figure of the register, in its order, and the fit behind it.

    weight : share of the figure in what all figures tell about the headline (they add up to 1).
    pull : change of the headline if the figure counted a hundredth more, times 100; + pulls up. [share]
    leave_one_out : change of the headline's median without the figure. [share]
    conflicts : independent figures of the same target that it contradicts, separated by ";".
    """
    by_figure = evidence.posterior.by_figure(z)
    headline = evidence.posterior.world(z).flow.value @ evidence.model.since_onset
    weight, pull = _influence(np.log(headline), by_figure)
    change, shape = _left_out(headline, by_figure)
    conflicts = _conflicts(evidence, z)
    place = {figure: k for k, figure in enumerate(evidence.rows.figures)}
    targets = _target_names(evidence)
    rows = []
    for figure in figure_ids:
        reason = evidence.reasons.get(figure) or evidence.roots.reasons.get(figure, "")
        row = {"figure_id": figure, "used": figure in place, "reason": reason, "target": targets.get(figure, "")}
        row["root"] = evidence.roots.root.get(figure, "")
        if figure in place:
            k = place[figure]
            row |= {"weight": weight[k], "pull": pull[k], "leave_one_out": change[k], "conflicts": conflicts[k]}
            row["reason"] = "a part: says how its total is shared out" if figure in evidence.totals else ""
        else:
            row |= {"weight": 0.0, "pull": 0.0, "leave_one_out": 0.0, "conflicts": ""}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS)), Fit(by_figure, headline, shape)


def _influence(x: np.ndarray, by_figure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each figure's share in the narrowing of ``x``, and its pull on the mean of ``x``."""
    away = x - x.mean()
    centred = by_figure - by_figure.mean(axis=0)
    pull = away @ centred / len(x)
    narrowing = np.maximum(-(away**2 - x.var()) @ centred / len(x), 0.0)
    return narrowing / max(narrowing.sum(), 1e-300), pull


def _left_out(headline: np.ndarray, by_figure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(headline)
    middle = np.median(headline)
    change, shape = np.empty(by_figure.shape[1]), np.empty(by_figure.shape[1])
    for k in range(by_figure.shape[1]):
        weight, shape[k] = smoothed_weights(-by_figure[:, k])
        reached = int(np.searchsorted(np.cumsum(weight[order]), 0.5))
        change[k] = headline[order[min(reached, len(order) - 1)]] / middle - 1
    return change, shape


def _conflicts(evidence: Evidence, z: np.ndarray) -> list[str]:
    """Return for each figure the ids of those it contradicts: same kind and zones, nearly the same window."""
    rows, items = evidence.rows, evidence.roots.kept
    first = rows.first
    single = np.append(rows.first[1:], len(rows.figure)) - first
    middle = np.median(evidence.posterior.middle(z[:: max(1, len(z) // 256)]), axis=0)
    density = np.sqrt(_spread(evidence) ** 2 + rows.noise[first] ** 2)
    bias = np.sqrt((evidence.model.bias_loading**2).sum(axis=0))[rows.source[first]]
    spread = np.sqrt(density**2 + np.where(rows.source[first] >= 0, bias, 0.0) ** 2)
    offset = rows.centre[first] - middle[first]
    groups: dict[tuple, list[int]] = {}
    for k, item in enumerate(items):
        if rows.reference[first[k]] < 0 and not item.counted.part and single[k] >= 1:
            target = rows.targets[rows.target[first[k]]]
            groups.setdefault((target.kind, target.side, target.zones), []).append(k)
    found: list[list[str]] = [[] for _ in items]
    for members in groups.values():
        ordered = sorted(members, key=lambda k: items[k].counted.end)
        for n, a in enumerate(ordered):
            for b in ordered[n + 1 : n + 40]:
                if abs(offset[a] - offset[b]) > CONFLICT * np.hypot(spread[a], spread[b]) and _comparable(
                    items[a], items[b]
                ):
                    found[a].append(items[b].id)
                    found[b].append(items[a].id)
    return [";".join(sorted(each)) for each in found]


def _spread(evidence: Evidence) -> np.ndarray:
    """Return the standard deviation of each figure's steps (log)."""
    rows = evidence.rows
    edges, level = rows.edges[rows.first], np.cumsum(rows.jumps[rows.first], axis=1)[:, :-1]
    cubes = (edges[:, 1:] ** 3 - edges[:, :-1] ** 3) / 3
    return np.sqrt(np.maximum((level * cubes).sum(axis=1) - rows.centre[rows.first] ** 2, 0.0))


def _comparable(a: Item, b: Item) -> bool:
    if not a.counted.is_window:
        return abs((a.counted.end - b.counted.end).days) <= STOCK_DAYS
    shared = (min(a.counted.end, b.counted.end) - max(a.counted.start, b.counted.start)).days + 1
    longest = max((each.counted.end - each.counted.start).days + 1 for each in (a, b))
    return shared >= OVERLAP * longest


def _target_names(evidence: Evidence) -> dict[str, str]:
    rows, zones = evidence.rows, evidence.model.areas.zones
    heaviest: dict[str, tuple[float, Target]] = {}
    for row, k in enumerate(rows.figure):
        figure, weight = rows.figures[k], rows.weight[row]
        if figure not in heaviest or weight > heaviest[figure][0]:
            heaviest[figure] = (weight, rows.targets[rows.target[row]])
    return {figure: _name(target, zones, evidence.model.areas.crisis) for figure, (_, target) in heaviest.items()}


def _name(target: Target, zones: tuple[str, ...], crisis: str) -> str:
    area = (
        crisis if all(target.zones) else "+".join(zone for zone, held in zip(zones, target.zones, strict=True) if held)
    )
    when = f"{target.start} to {target.end}" if target.start != target.end or target.kind == "flow" else f"{target.end}"
    return f"{target.kind} {target.unit} {area} {when}"

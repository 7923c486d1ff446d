"""The whole chain beside its floor: the same array work on the same shapes in bare numpy, with no names and no units.

The floor steps the same people through the same weeks, multiplies every sector and item once, sorts the same cells for
their quantiles, and makes the same regressions for drivers, shared causes and the worth of knowing. What the chain
needs beyond it is the price of labels, units, derivations and tables.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

CRISIS = "nw-syria-2020"
DRAWS = 4_096
KNOTS, ORDERS_TRIED, TERMS = 15, 32, 165  # of the regressions: of what is known, of the loss, and of shared causes


def floor(
    groups: int, zones: int, weeks: int, sectors: int, items: int, inputs: int, headlines: int, orders: int, asked: int
) -> None:
    """Do the array work of one scenario: people by group, zone and week, then sectors and items, then decisions."""
    generator = np.random.Generator(np.random.PCG64(0))
    people = generator.random((groups, zones, weeks + 1, DRAWS))
    for week in range(weeks):  # what a week of moves costs: some twenty passes over the people of that week
        now = people[:, :, week]
        for _ in range(20):
            now = now * 1.0
        people[:, :, week + 1] = now
    for _ in range(sectors):
        requiring = people * generator.random((groups, 1, 1, DRAWS))
        np.sort(np.concatenate([requiring, requiring.sum(0, keepdims=True)]), axis=-1)
        np.sort(requiring.sum(0).sum(0), axis=-1)
        for _ in range(items // sectors):
            due = requiring.sum(0)[:, 1:] * generator.random(DRAWS) * 2.0 * 0.5
            np.sort(due.sum(0), axis=-1)
            np.sort(due.sum(1), axis=-1)
            np.sort(due.sum((0, 1)) * generator.random(DRAWS))
    outcomes, known = generator.random((headlines, DRAWS)), generator.random((inputs, DRAWS))
    for drawn in known:  # a share of variance: sort by the input, average in bins
        outcomes[:, np.argsort(drawn)].reshape(headlines, 64, -1).mean(-1).var(-1)
    for outcome in outcomes[:3]:  # shared causes: products of polynomials in ranks, and all of their products
        design = generator.random((DRAWS, TERMS))
        design.T @ design, design.T @ outcome
    for _ in range(orders):
        for drawn in known[:asked]:
            worth_of(drawn, generator.random((DRAWS, ORDERS_TRIED)))


def worth_of(drawn: np.ndarray, losses: np.ndarray) -> None:
    """Regress the loss of each order on the ranks of an input in one half of the worlds, judge it in the other."""
    ranks = np.empty(DRAWS)
    ranks[np.argsort(drawn)] = np.arange(DRAWS) / DRAWS
    basis = np.maximum(1 - np.abs(ranks[:, None] * (KNOTS - 1) - np.arange(KNOTS)), 0)
    for fit, judge in ((0, 1), (1, 0)):
        gram = basis[fit::2].T @ basis[fit::2]
        weights = np.linalg.solve(gram + 1e-6 * np.eye(KNOTS), basis[fit::2].T @ losses[fit::2])
        np.argmin(basis[judge::2] @ weights, axis=1)


def run() -> list[dict[str, object]]:
    """Measure one scenario of the shipped crisis beside the floor, in processor seconds of the same process."""
    from needscast import chain
    from needscast.draws import Draws
    from needscast.evidence import nowcast
    from needscast.inputs import read_crisis
    from needscast.vocabulary import GROUPS

    crisis = read_crisis(CRISIS)
    worlds = Draws(DRAWS, crisis.settings.seed)
    now = nowcast(crisis, draws=DRAWS, seed=worlds.seed)
    results = chain.run_scenario(crisis, crisis.scenarios[0], now, worlds, "public")
    items = sum(len(sector.items) for sector in crisis.sectors)
    shape = (len(GROUPS), len(crisis.zones), crisis.settings.horizon_weeks)
    ours = _seconds(lambda: chain.run_scenario(crisis, crisis.scenarios[1], now, worlds, "public"))
    drawn = sum(not row.range.is_constant for row in results.inputs)
    orders = len(results.tables["decisions"])
    named = orders, len(results.tables["information"]) // max(orders, 1)
    bare = _seconds(lambda: floor(*shape, len(crisis.sectors), items, drawn, len(results.headlines), *named))
    about = f"{len(crisis.sectors)} sectors, {items} items, {shape[1]} zones, {shape[2]} weeks, {DRAWS:,} draws"
    return [
        {"what": f"one scenario of the chain: {about}", "measured": ours, "unit": "s", "target": None},
        {"what": "the same array work in bare numpy", "measured": bare, "unit": "s", "target": None},
        {"what": "chain over floor", "measured": ours / bare, "unit": "ratio", "target": 2.0},
    ]


def _seconds(work: Callable[[], object]) -> float:
    best = np.inf
    for _ in range(3):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return float(best)

"""The whole chain beside its floor (``_floor.py``): one scenario of the shipped crisis, in processor seconds."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from bench._floor import DRAWS, Shape, floor

CRISIS = "nw-syria-2020"


def run() -> list[dict[str, object]]:
    """Measure one scenario of the shipped crisis beside the floor, in processor seconds with those of copies."""
    from needscast import chain
    from needscast.draws import Draws
    from needscast.evidence import nowcast
    from needscast.inputs import read_crisis

    crisis = read_crisis(CRISIS)
    worlds = Draws(DRAWS, crisis.settings.seed)
    now = nowcast(crisis, draws=DRAWS, seed=worlds.seed)
    results = chain.run_scenario(crisis, crisis.scenarios[0], now, worlds, "public")
    ours = _seconds(lambda: chain.run_scenario(crisis, crisis.scenarios[1], now, worlds, "public"))
    drawn = sum(not row.range.is_constant for row in results.inputs)
    orders = len(results.tables["decisions"])
    shape = Shape.of(
        crisis, drawn, len(results.headlines), orders, len(results.tables["information"]) // max(orders, 1)
    )
    bare = _seconds(lambda: floor(shape))
    about = f"{shape.sectors} sectors, {shape.items} items, {shape.zones} zones, {shape.weeks} weeks, {DRAWS:,} draws"
    return [
        {"what": f"one scenario of the chain: {about}", "measured": ours, "unit": "s", "target": None},
        {"what": "the same array work in bare numpy", "measured": bare, "unit": "s", "target": None},
        {"what": "chain over floor", "measured": ours / bare, "unit": "ratio", "target": 2.0},
    ]


def _seconds(work: Callable[[], object]) -> float:
    best = np.inf
    for _ in range(3):
        started = sum(os.times()[:4])  # this process and the copies of it that have ended
        work()
        best = min(best, sum(os.times()[:4]) - started)
    return float(best)

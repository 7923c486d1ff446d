"""The whole chain beside its floor: the same array work on the same shapes in bare numpy, with no names and no units.

The floor steps the same people through the same weeks, makes each cell of the tables once and finds its mean and three
quantiles, and makes the same regressions for drivers, shared causes and the worth of knowing. It does no more than a
table asks for: people are summed before they are multiplied by a number that does not vary along the sum, items go from
zone to zone only where they must (facilities, people who come to be counted), no cell is sorted, and everything is done
in parts that stay near the processor. What the chain needs beyond it is the price of labels, units, derivations and
tables.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import numpy as np

from needscast.inputs import Sector
from needscast.vocabulary import PERIOD_DAYS

CRISIS = "nw-syria-2020"
DRAWS = 4_096
AT_ONCE = 512  # draws stepped together
PASSES = 20  # over the people of a week to move them to the next
KNOTS, ORDERS_TRIED, TERMS = 15, 32, 165  # of the regressions: of what is known, of the loss, and of shared causes


def floor(
    groups: int,
    zones: int,
    weeks: int,
    sectors: int,
    items: int,
    by_zone: int,
    inputs: int,
    headlines: int,
    orders: int,
    asked: int,
) -> None:
    """Do the array work of one scenario: people by group, zone and week, then sectors and items, then decisions."""
    generator = np.random.Generator(np.random.PCG64(0))
    people = generator.random((groups, zones, weeks + 1, DRAWS))
    for first in range(0, DRAWS, AT_ONCE):
        for week in range(weeks):
            now = people[:, :, week, first : first + AT_ONCE].copy()
            for _ in range(PASSES):
                np.multiply(now, 1.0, out=now)
            people[:, :, week + 1, first : first + AT_ONCE] = now
    everywhere, throughout = people.sum(1), people.sum(2)
    for _ in range(sectors):
        shares = generator.random((groups, DRAWS))
        requiring = np.empty((zones, weeks + 1, DRAWS))
        for zone in range(zones):
            np.einsum("gwj,gj->wj", people[:, zone], shares, out=requiring[zone])
            described(requiring[zone].copy())
            for group in range(groups):
                described(people[group, zone] * shares[group])
        described(np.einsum("gwj,gj->wj", everywhere, shares))
        for group in range(groups):
            described(everywhere[group] * shares[group])
        for number in range(items // sectors):
            by_week, by_area = (np.einsum("gxj,gj->xj", each, shares) for each in (everywhere[:, 1:], throughout))
            if number < by_zone / sectors:
                by_week, by_area = counted(requiring[:, 1:])
            norm = generator.random(DRAWS)
            for cells in (by_week * norm, by_area * norm, by_area.sum(0, keepdims=True) * norm):
                described(cells)
    decide(generator, inputs, headlines, orders, asked)


def described(cells: np.ndarray) -> None:
    """Find the mean and three quantiles of each cell, by dividing its draws in place."""
    cells.mean(-1)
    cells.partition(DRAWS // 2, -1)
    low, high = cells[:, : DRAWS // 2], cells[:, DRAWS // 2 :]
    for half, place in ((low, DRAWS // 10), (high, DRAWS * 9 // 10 - DRAWS // 2)):
        half.partition(place, -1)
        half[:, :place].max(-1)
    low.max(-1)


def counted(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count whole facilities zone by zone as they come to be needed, by week and by zone."""
    by_week, by_zone = np.zeros(people.shape[1:]), np.empty((len(people), DRAWS))
    for zone, there in enumerate(people):
        new = np.ceil(there / 50.0)
        for week in range(len(new) - 1, 0, -1):
            np.subtract(new[week], new[week - 1], out=new[week])
        np.maximum(new, 0, out=new)
        by_week += new
        new.sum(0, out=by_zone[zone])
    return by_week, by_zone


def decide(generator: np.random.Generator, inputs: int, headlines: int, orders: int, asked: int) -> None:
    """Make the regressions of drivers, shared causes and the worth of knowing."""
    outcomes, known = generator.random((headlines, DRAWS)), generator.random((inputs, DRAWS))
    for drawn in known:  # a share of variance: sort by the input, average in bins
        outcomes[:, np.argsort(drawn)].reshape(headlines, 64, -1).mean(-1).var(-1)
    for outcome in outcomes[:3]:  # shared causes: products of polynomials in ranks, and all of their products
        design = generator.random((DRAWS, TERMS))
        design.T @ design, design.T @ outcome
    for _ in range(orders):
        for drawn in known[:asked]:
            worth_of(drawn, generator.random((DRAWS, ORDERS_TRIED)))


def zone_by_zone(sectors: Sequence[Sector]) -> int:
    """Return how many items cannot be summed first: facilities, and people as they come to be counted."""
    items = [item for sector in sectors for item in sector.items]
    first = [item.trigger == "presence" and PERIOD_DAYS[item.period] == 0 for item in items]
    return sum(item.trigger in ("facility", "episode") or once for item, once in zip(items, first, strict=True))


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
    """Measure one scenario of the shipped crisis beside the floor, in processor seconds with those of copies."""
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
    apart = zone_by_zone(crisis.sectors)
    bare = _seconds(lambda: floor(*shape, len(crisis.sectors), items, apart, drawn, len(results.headlines), *named))
    about = f"{len(crisis.sectors)} sectors, {items} items, {shape[1]} zones, {shape[2]} weeks, {DRAWS:,} draws"
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

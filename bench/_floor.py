"""The floor of the chain: the same array work on the same shapes in bare numpy, with no names and no units.

The floor steps the same people through the same weeks, makes each cell of the tables once and finds its mean and three
quantiles, and makes the same regressions for drivers, shared causes and the worth of knowing. It does no more than a
table asks for: people are summed before they are multiplied by a number that does not vary along the sum, items go from
zone to zone only where they must (facilities, people who come to be counted), no cell is sorted, and everything is done
in parts that stay near the processor. What the chain needs beyond it is the price of labels, units, derivations and
tables.

As a process of its own (``python -m bench._floor SHAPE SCENARIOS BYTES FOLDER``) it works scenarios side by side, one
a core, and writes as many bytes for each as its tables have.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from needscast.inputs import Crisis, Sector
from needscast.vocabulary import GROUPS, PERIOD_DAYS

DRAWS = 4_096
AT_ONCE = 512  # draws stepped together
PASSES = 20  # over the people of a week to move them to the next
FLOWS = 5  # by zone and week: displaced people, those who flee, who depart, who arrive, who return
KNOTS, ORDERS_TRIED, TERMS = 15, 32, 165  # of the regressions: of what is known, of the loss, and of shared causes
BLOCK = b"0" * 1_000_000


@dataclass(frozen=True)
class Shape:
    """How much there is to do in one scenario: lengths and counts; ``asked`` inputs for each of ``orders``."""

    zones: int
    weeks: int
    sectors: int
    items: int
    by_zone: int
    inputs: int
    headlines: int
    orders: int
    asked: int
    groups: int = len(GROUPS)

    @classmethod
    def of(cls, crisis: Crisis, inputs: int, headlines: int, orders: int, asked: int) -> Shape:
        """Return the shape of a crisis, and of the questions asked about it."""
        items = sum(len(sector.items) for sector in crisis.sectors)
        lengths = len(crisis.zones), crisis.settings.horizon_weeks, len(crisis.sectors)
        return cls(*lengths, items, zone_by_zone(crisis.sectors), inputs, headlines, orders, asked)


def floor(shape: Shape) -> None:
    """Do the array work of one scenario: people by group, zone and week, then sectors and items, then decisions."""
    generator = np.random.Generator(np.random.PCG64(0))
    zones, weeks, groups = shape.zones, shape.weeks, shape.groups
    people = moved(generator, shape)
    everywhere, throughout = people.sum(1), people.sum(2)
    for _ in range(shape.sectors):
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
        for number in range(shape.items // shape.sectors):
            by_week, by_area = (np.einsum("gxj,gj->xj", each, shares) for each in (everywhere[:, 1:], throughout))
            if number < shape.by_zone / shape.sectors:
                by_week, by_area = counted(requiring[:, 1:])
            norm = generator.random(DRAWS)
            for cells in (by_week * norm, by_area * norm, by_area.sum(0, keepdims=True) * norm):
                described(cells)
    decide(generator, shape)


def moved(generator: np.random.Generator, shape: Shape) -> np.ndarray:
    """Step people by group and zone through the weeks, and describe them and the flows between."""
    people = generator.random((shape.groups, shape.zones, shape.weeks + 1, DRAWS))
    flows = np.empty((FLOWS, shape.zones, shape.weeks, DRAWS))
    for first in range(0, DRAWS, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        for week in range(shape.weeks):
            now = people[:, :, week, part].copy()
            for _ in range(PASSES):
                np.multiply(now, 1.0, out=now)
            people[:, :, week + 1, part] = now
            flows[:, :, week, part] = now[:FLOWS]
    for each in (*people, *flows):
        described(each.sum(0))
        for zone in each:
            described(zone.copy())
    for zone in range(shape.zones):
        described(people[:, zone].sum(0))
    return people


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


def decide(generator: np.random.Generator, shape: Shape) -> None:
    """Make the regressions of drivers, shared causes and the worth of knowing."""
    outcomes, known = generator.random((shape.headlines, DRAWS)), generator.random((shape.inputs, DRAWS))
    for drawn in known:  # a share of variance: sort by the input, average in bins
        outcomes.take(np.argsort(drawn), 1).reshape(shape.headlines, 64, -1).mean(-1).var(-1)
    for outcome in outcomes[:3]:  # shared causes: products of polynomials in ranks, and all of their products
        design = generator.random((DRAWS, TERMS))
        design.T @ design, design.T @ outcome
    for _ in range(shape.orders):
        for drawn in known[: shape.asked]:
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


def process(shape: Shape, scenarios: int, size: int, folder: Path) -> list[str]:
    """Return the arguments of Python that do the floor of some scenarios, writing ``size`` bytes for each."""
    return ["-m", "bench._floor", json.dumps(astuple(shape)), str(scenarios), str(size), str(folder)]


def _scenario(shape: Shape, size: int, file: Path) -> None:
    floor(shape)
    with file.open("wb", buffering=0) as tables:
        for done in range(0, size, len(BLOCK)):
            tables.write(BLOCK[: size - done])


def _main(shape: str, scenarios: str, size: str, folder: str) -> None:
    files = [Path(folder) / f"{number}.csv" for number in range(int(scenarios))]
    with multiprocessing.get_context("fork").Pool(min(len(files), os.cpu_count() or 1)) as pool:
        pool.starmap(_scenario, [(Shape(*json.loads(shape)), int(size), file) for file in files], chunksize=1)


if __name__ == "__main__":
    _main(*sys.argv[1:])

"""The tidy table of the nowcast: quantiles and mean of cumulative displacement and of stocks, by area."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from needscast.evidence.counted import DESTINATION, FLOW, IDP
from needscast.evidence.model import World
from needscast.evidence.prepare import Evidence
from needscast.evidence.rows import WHOLE, side_of

LEVELS = (0.01, 0.025, *np.round(np.arange(0.05, 0.951, 0.05), 2).tolist(), 0.975, 0.99)
COLUMNS = ("measure", "group", "area", "period_start", "as_of", "unit", "output_type", "output_type_id", "value")


def quantities(evidence: Evidence, z: np.ndarray) -> pd.DataFrame:
    """Return ``measure, group, area, period_start, as_of, unit, output_type, output_type_id, value``.

    Cumulative displacement (people, movements) since every first day that a usable figure has, and stocks; for the
    whole area, each zone and each union of zones. Those who left are displaced there; where a zone only takes people
    in, those who came. ``period_start`` of a stock is blank.
    """
    labels, values = [], []
    for each, draws in _draws(evidence, evidence.posterior.world(z)):
        labels.append(each)
        values.append([*np.quantile(draws, LEVELS), draws.mean()])
    kinds = [("quantile", f"{level:g}") for level in LEVELS] + [("mean", "")]
    table = pd.DataFrame(labels).loc[np.repeat(np.arange(len(labels)), len(kinds))].reset_index(drop=True)
    table["as_of"] = evidence.model.weeks.reference.isoformat()
    table[["output_type", "output_type_id"]] = kinds * len(labels)
    table["value"] = np.concatenate(values)
    return table[list(COLUMNS)]


def _draws(evidence: Evidence, world: World) -> Iterator[tuple[dict[str, str], np.ndarray]]:
    model = evidence.model
    for start in _starts(evidence):
        for area, people in _cumulative(evidence, world, start):
            labels = {
                "measure": "displaced_cumulative",
                "group": "all",
                "area": area,
                "period_start": start.isoformat(),
            }
            yield {**labels, "unit": "person"}, people
            yield {**labels, "unit": "movement"}, people * model.ratio(world, start, model.weeks.reference)
    stocks = (
        ("population_stock", ["all"], world.population.value),
        ("idp_stock", _idp_groups(evidence), world.idp.value),
    )
    for measure, groups, by_zone in stocks:
        for group in groups:
            for area, people in _stocks(evidence, by_zone):
                yield {"measure": measure, "group": group, "area": area, "period_start": "", "unit": "person"}, people


def _starts(evidence: Evidence) -> list[date]:
    found = {item.counted.start for item in evidence.items if item.counted.kind == FLOW}
    return sorted(found | {evidence.model.onset})


def _idp_groups(evidence: Evidence) -> list[str]:
    """Return the groups under which the register prints displaced people; the same people, whatever the name."""
    printed = {item.group for item in evidence.items if item.counted.kind == IDP and item.group in ("all", "idp")}
    return sorted(printed | {"idp"})


def _places(evidence: Evidence) -> Iterator[tuple[str, tuple[bool, ...]]]:
    """Yield the areas of the table with the zones they hold: the whole, each zone, and each union of some zones."""
    areas = evidence.model.areas
    yield areas.crisis, areas.whole()
    unions = [area for area, row in areas.table.items() if row["level"] == "union"]
    for area in (*areas.zones, *unions):
        readings = areas.readings(area)
        if readings and not all(readings[0].zones):
            yield area, readings[0].zones


def _cumulative(evidence: Evidence, world: World, start: date) -> Iterator[tuple[str, np.ndarray]]:
    model, flow = evidence.model, world.flow.value
    window = model.weeks.overlap(start, model.weeks.reference)
    total = flow @ window
    by_epoch = np.stack(
        [flow @ (window * (model.epoch_of_week == k)) for k in range(world.leaving.value.shape[1])], axis=1
    )
    left = np.einsum("be,bez->bz", by_epoch, world.leaving.value)
    came = total[:, None] * world.arriving.value
    for area, zones in _places(evidence):
        side = side_of("", zones, model.areas)
        by_zone = {WHOLE: total[:, None], DESTINATION: came}.get(side, left)
        yield area, by_zone @ (np.ones(1) if side == WHOLE else np.array(zones, dtype=float))


def _stocks(evidence: Evidence, by_zone: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for area, zones in _places(evidence):
        yield area, by_zone @ np.array(zones, dtype=float)

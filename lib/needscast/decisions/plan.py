"""The decisions a crisis names: for each item to order, what its costs imply and what would be worth finding out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from needscast.decisions.information import COLUMNS, FieldCheck, Loss, worth_knowing
from needscast.decisions.planning import level_columns
from needscast.demand import ItemDemand
from needscast.demand.orders import people_per_unit as served_by_unit
from needscast.draws import Draws
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, Item, each_row
from needscast.inputs.planned import NOW, measured

INFORMATION = ["sector", "item", "currency", *COLUMNS, "value_people", "people_per_unit", "days", "cost"]
DECISION = ["sector", "item", "unit", "cost_unmet", "cost_surplus", "level", "quantity", "expected_loss", "chosen_by"]
LEVELS = ["level", "quantity", "unserved", "surplus", "step_cost_usd", "people_per_unit", "people_unserved"]


@dataclass(frozen=True)
class Knowable:
    """What could be known: every uncertain input of a run, and what is true now by quantity and zone.

    Attributes
    ----------
    inputs : draws by name, shape (draw,).
    now : draws of ``now/quantity/zone``, shape (draw,).
    """

    inputs: Mapping[str, np.ndarray]
    now: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, inputs: Inputs, nowcast: Mapping[str, Estimate], worlds: Draws) -> Knowable:
        """Collect what moves."""
        drawn = {row.name: worlds.sample(row.name, row.range) for row in inputs if not row.range.is_constant}
        now = {
            f"{NOW}{name}/{zone}": values
            for name, each in nowcast.items()
            if each.dims == ("area",)
            for zone, values in zip(each.labels("area"), each.array, strict=True)
        }
        return cls(drawn, now)

    def matching(self, patterns: str, behind: set[str]) -> dict[str, np.ndarray]:
        """Return the draws that a field check would measure, of the inputs that play a part."""
        wanted = measured(patterns)
        found = {**{name: drawn for name, drawn in self.inputs.items() if name in behind}, **self.now}
        return {name: drawn for name, drawn in found.items() if any(fnmatchcase(name, each) for each in wanted)}


def people_per_unit(item: Item, crisis: Crisis) -> float | None:
    """Return how many people one unit serves over the horizon at the chosen norm; None without a norm."""
    return served_by_unit(item, crisis, crisis.settings.horizon_weeks * 7)


def levels(line: ItemDemand, crisis: Crisis) -> dict[str, np.ndarray]:
    """Return planning levels P50, P80, P95 and that of the stated costs, with people unserved at each, as columns:

    level, quantity, unserved, surplus, step_cost_usd, people_per_unit, people_unserved.
    """
    stated = [Loss(row.cost_unmet, row.cost_surplus).level for row in _decided(line, crisis)]
    demand = line.uncovered.total("week").array
    columns = level_columns(demand, sorted({0.5, 0.8, 0.95, *stated} - {0.0, 1.0}), line.order.unit_cost_usd)
    people = people_per_unit(line.item, crisis)
    each = np.full(len(columns["level"]), np.nan if people is None else people)
    return columns | {"people_per_unit": each, "people_unserved": columns["unserved"] * each}


def decision(line: ItemDemand, sector: str, crisis: Crisis) -> pd.DataFrame:
    """Return the named decision about an item, if there is one: its costs, the level and order they imply, its loss."""
    rows = []
    for row in _decided(line, crisis):
        loss, demand = Loss(row.cost_unmet, row.cost_surplus), line.uncovered.total("week").array
        order = float(np.quantile(demand, loss.level))
        lost = float(loss.of(np.array(order), demand).mean())
        costs = (row.cost_unmet, row.cost_surplus)
        rows.append((sector, line.item.id, line.item.unit, *costs, loss.level, order, lost, row.chosen_by))
    return pd.DataFrame(rows, columns=DECISION)


def information(line: ItemDemand, sector: str, knowable: Knowable, crisis: Crisis, worlds: Draws) -> pd.DataFrame:
    """Return what knowing is worth for the named decision about an item, if there is one, largest first.

    Returns
    -------
    Rows as of :func:`worth_knowing`; ``value`` is in the currency of the crisis. ``value_people`` is the same worth
    counted in people left without: the value over what one of them is judged to cost. ``days`` and ``cost`` are those
    of the check. Only inputs that the item's demand rests on are asked about.
    """
    frames = []
    behind = {source.split(": ")[0] for source in line.uncovered.sources}
    for row in _decided(line, crisis):
        loss = Loss(row.cost_unmet, row.cost_surplus)
        checks, facts = _checks(knowable, behind, crisis)
        inputs = {name: drawn for name, drawn in knowable.inputs.items() if name in behind}
        if knowable.now:
            inputs[NOW] = np.stack(list(knowable.now.values()))
        table = worth_knowing(line.uncovered.total("week").array, loss, inputs, checks, worlds)
        people = people_per_unit(line.item, crisis)
        per_person = loss.unmet / people if people and loss.unmet else np.nan
        frames.append(
            table.assign(
                sector=sector,
                item=line.item.id,
                currency=crisis.settings.currency,
                people_per_unit=np.nan if people is None else people,
                value_people=table["value"] / per_person,
                days=[facts[name][0] if kind == "check" else np.nan for kind, name in _pairs(table)],
                cost=[facts[name][1] if kind == "check" else np.nan for kind, name in _pairs(table)],
            )
        )
    made = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=INFORMATION)
    return made[INFORMATION].sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _checks(
    knowable: Knowable, behind: set[str], crisis: Crisis
) -> tuple[dict[str, FieldCheck], dict[str, tuple[float, float]]]:
    made, facts = {}, {}
    for row in each_row(crisis.checks):
        truths = knowable.matching(row.measures, behind)
        if truths:
            made[row.check] = FieldCheck(row.check, truths, row.error, row.scale == "relative")
            facts[row.check] = (row.days, row.cost)
    return made, facts


def _decided(line: ItemDemand, crisis: Crisis) -> Iterator[Any]:
    named = crisis.decisions["item"].to_numpy() == line.item.id
    return each_row(crisis.decisions[named]) if named.any() else iter(())


def _pairs(table: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(table["kind"], table["name"], strict=True)

"""Deaths and injuries: documented counts by source and cut-off, never blended, and parts checked against totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from needscast.vocabulary import CASUALTIES

if TYPE_CHECKING:
    from needscast.inputs import Crisis

COUNT_COLUMNS = (
    "measure",
    "group",
    "area",
    "period_start",
    "as_of",
    "published",
    "hedge",
    "value",
    "source",
    "upstream",
    "figure_id",
)
PART_COLUMNS = (
    "figure_id",
    "measure",
    "group",
    "period_start",
    "as_of",
    "source",
    "total",
    "parts",
    "difference",
    "part_ids",
    "finding",
)


def documented_counts(crisis: Crisis) -> pd.DataFrame:
    """Return deaths and injuries as printed, each with its source and cut-off, newest first; nothing is added up."""
    figures = crisis.figures
    chosen = figures[figures["measure"].isin(CASUALTIES) & ~figures["coverage"].isin(["analogue", "forward"])]
    ordered = chosen.sort_values(
        ["measure", "group", "as_of", "source"], ascending=[True, True, False, True], kind="stable"
    )
    return ordered[list(COUNT_COLUMNS)].reset_index(drop=True)


def check_parts(crisis: Crisis) -> pd.DataFrame:
    """Compare printed totals with the sum of their printed parts.

    Parts have the source, measure, group, window and cut-off of the total, and areas inside its area that do not hold
    each other. ``finding`` is "adds up", "parts exceed the total" or "parts fall short" (not all parts are printed,
    perhaps); a lower bound that its parts exceed adds up all the same.
    """
    figures = crisis.figures
    inside = _ancestors(crisis.areas)
    known = figures[figures["value"].notna() & ~figures["coverage"].isin(["analogue", "forward"])]
    keys = ["measure", "group", "unit", "source", "period_start", "as_of"]
    many = known[known.groupby(keys, dropna=False)["figure_id"].transform("size") > 2]  # a total and two parts
    rows = []
    for _, members in many.groupby(keys, dropna=False, sort=True):
        printed = members.to_dict("records")
        for total in printed:
            parts = [part for part in printed if _is_part(part, total, inside)]
            parts = [part for part in parts if not any(_is_part(part, other, inside) for other in parts)]
            if len({part["area"] for part in parts}) > 1:
                rows.append(_row(total, parts))
    return pd.DataFrame(rows, columns=list(PART_COLUMNS))


def _row(total: dict, parts: list[dict]) -> dict:
    added = float(np.sum([part["value"] for part in parts]))
    difference = added - total["value"]
    is_bound = total["hedge"] in ("at least", "more than", "over", "no fewer than")
    finding = (
        "adds up"
        if difference == 0 or (difference > 0 and is_bound)
        else ("parts exceed the total" if difference > 0 else "parts fall short")
    )
    names = ("figure_id", "measure", "group", "period_start", "as_of", "source")
    return {
        **{name: total[name] for name in names},
        "total": total["value"],
        "parts": added,
        "difference": difference,
        "part_ids": ";".join(part["figure_id"] for part in parts),
        "finding": finding,
    }


def _is_part(part: dict, total: dict, inside: dict[str, set[str]]) -> bool:
    return part["figure_id"] != total["figure_id"] and total["area"] in inside.get(part["area"], set())


def _ancestors(areas: pd.DataFrame) -> dict[str, set[str]]:
    """Return for each area everything that holds it: parents, and unions and readings of which a holder is part."""
    rows = {str(area): row for area, row in areas.set_index("area").to_dict("index").items()}
    parent = {area: {row["parent"]} - {""} for area, row in rows.items()}
    for area, row in rows.items():
        for item in str(row["covers"] or "").split(";"):
            name = item.partition(":")[0].strip()
            if name in parent and name != area:
                parent[name] = parent[name] | {area}
    found = {}
    for area in rows:
        held, stack = set(), list(parent[area])
        while stack:
            above = stack.pop()
            if above not in held:
                held.add(above)
                stack.extend(parent.get(above, ()))
        found[area] = held - {area}
    return found

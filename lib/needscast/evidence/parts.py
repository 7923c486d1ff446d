"""Parts and totals: parts printed beside their total say how it is shared out, and nothing more about its size."""

from __future__ import annotations

import numpy as np

from needscast.evidence.item import Item

SAME_DAYS = 1  # cut-offs of parts and total may differ by a day


def totals_of_parts(items: list[Item], origin: dict[str, str]) -> dict[str, str]:
    """Return figure id of a part -> figure id of its total.

    A part has the same source, unit, kind and window as the total, and its zones are some of the total's; both must
    have one reading only.
    """
    groups: dict[tuple, list[Item]] = {}
    for item in items:
        if len(item.readings) == 1 and not item.counted.part and isinstance(item.printed, float):
            what = item.counted
            key = (origin[item.id], what.kind, what.unit, what.start if what.is_window else None)
            groups.setdefault(key, []).append(item)
    found = {}
    for members in groups.values():
        by_day: dict[int, list[Item]] = {}
        for item in members:
            by_day.setdefault(item.counted.end.toordinal(), []).append(item)
        for day, parts in by_day.items():
            near = [item for step in range(-SAME_DAYS, SAME_DAYS + 1) for item in by_day.get(day + step, [])]
            for part in parts:
                wider = [item for item in near if _holds(item, part)]
                if wider:
                    found[part.id] = max(wider, key=lambda item: sum(item.readings[0].zones)).id
    return found


def _holds(total: Item, part: Item) -> bool:
    inside, outside = np.array(part.readings[0].zones), np.array(total.readings[0].zones)
    return bool((inside <= outside).all() and inside.sum() < outside.sum())

"""Relays: figures that go back to one root report count once, labelled as relays or not.

A labelled relay names its upstream figure. An unlabelled one is recognised: the same number for the same window and a
common area, printed by another source up to ten days after, or by the same source within days. The
first of them stands for all; what the others print moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from needscast.evidence.behaviour import Behaviour
from needscast.evidence.counted import IDP
from needscast.evidence.item import Item

START_DAYS = 16  # a relay may misdate the first day of a window by about half a month
STOCK_DAYS = 180  # the same round population is printed for months
SAME_COUNT = 0.03  # one source, one day, one window: numbers this close (log) are one count in two roundings
SAME_COUNT_DAYS = 2
_DIGITS = (1, 2, 3)


@dataclass(frozen=True)
class Roots:
    """Which figures are independent, and where the others come from.

    Attributes
    ----------
    kept : figures that stand for their root report, in the order of the register.
    root : figure id -> id of the kept figure of its root.
    origin : figure id -> the source whose error it carries (its upstream source when it names one).
    reasons : why each of the others is not counted again.
    """

    kept: list[Item]
    root: dict[str, str]
    origin: dict[str, str]
    reasons: dict[str, str]


def find_roots(items: list[Item], types: dict[str, str], behaviour: Behaviour) -> Roots:
    """Return the root reports of a register; ``types`` gives each known source its type."""
    by_id = {item.id: item for item in items}
    roots = Roots([], {}, {}, {})
    seen: dict[tuple, list[Item]] = {}
    first_of: dict[str, str] = {}
    for item in sorted(items, key=lambda each: (each.published, each.counted.end, each.id)):
        roots.origin[item.id] = _origin(item, by_id, types)
        upstream = _labelled(item, by_id)
        if upstream:
            roots.reasons[item.id] = f"a relay of {upstream}"
            roots.root[item.id] = upstream
            continue
        if item.upstream and item.upstream not in types and item.upstream in first_of:
            upstream, why = first_of[item.upstream], f"a relay of the same report '{item.upstream}' as"
        else:
            upstream, why = _recognised(item, seen, roots.origin, types, behaviour)
        if upstream:
            roots.root[item.id] = upstream
            roots.reasons[item.id] = f"{why} {upstream}"
            continue
        roots.kept.append(item)
        roots.root[item.id] = item.id
        first_of.setdefault(item.upstream, item.id)
        for key in _keys(item):
            seen.setdefault(key, []).append(item)
    for figure, upstream in list(roots.root.items()):
        roots.root[figure] = roots.root.get(upstream, upstream)
    order = {item.id: place for place, item in enumerate(items)}
    roots.kept.sort(key=lambda item: order[item.id])
    return roots


def _labelled(item: Item, by_id: dict[str, Item]) -> str:
    """Return the usable figure at the top of a chain of upstream figures; blank when the item is its own root."""
    here, found, passed = item, "", {item.id}
    while here.upstream in by_id and here.upstream not in passed:
        found = here.upstream
        passed.add(found)
        here = by_id[found]
    circular = here.upstream in passed
    return "" if circular and min(passed) == item.id else found


def _origin(item: Item, by_id: dict[str, Item], types: dict[str, str]) -> str:
    passed = {item.id}
    while item.upstream in by_id and item.upstream not in passed:
        passed.add(item.upstream)
        item = by_id[item.upstream]
    return item.upstream if item.upstream in types else item.source


def _keys(item: Item) -> Iterator[tuple]:
    """Yield under which an item can be met: its number, its roundings, and its source with the end of its window."""
    kind = item.counted.kind
    yield (kind, "number", item.printed)
    if isinstance(item.printed, float) and item.printed > 0:
        for rounded in _roundings(item.printed) - {item.printed}:
            yield (kind, "rounded", rounded)
    yield (kind, "count", item.source, item.counted.unit)


def _roundings(value: float) -> set[float]:
    found = set()
    for digits in _DIGITS:
        unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
        found |= {float(np.floor(value / unit) * unit), float(np.round(value / unit) * unit)}
    return found


def _recognised(
    item: Item, seen: dict[tuple, list[Item]], origin: dict[str, str], types: dict[str, str], behaviour: Behaviour
) -> tuple[str, str]:
    kind = item.counted.kind
    for earlier in reversed(seen.get((kind, "number", item.printed), [])):
        same = origin[earlier.id] == origin[item.id]
        days = behaviour.grade("repeat_days" if same else "relay_days")
        stock_days = days if same and kind == IDP else STOCK_DAYS  # who counts again and finds as many has counted
        if _close(item, earlier, days, START_DAYS, stock_days=stock_days):
            return earlier.id, "the same source prints again the number of" if same else "prints the number of"
    if behaviour.says("repeats_others", types.get(item.source, "")):
        for earlier in reversed(seen.get((kind, "rounded", item.printed), [])):
            if _close(item, earlier, behaviour.grade("relay_days"), START_DAYS):
                return earlier.id, "prints, rounded, the number of"
    for earlier in reversed(seen.get((kind, "count", item.source, item.counted.unit), [])[-20:]):
        numbers = isinstance(item.printed, float) and isinstance(earlier.printed, float)
        near = _close(item, earlier, SAME_COUNT_DAYS, SAME_COUNT_DAYS, stock_days=SAME_COUNT_DAYS)
        if numbers and near and abs(np.log(max(item.printed, 1)) - np.log(max(earlier.printed, 1))) < SAME_COUNT:
            return earlier.id, "the same count, rounded otherwise, as"
    return "", ""


def _close(item: Item, earlier: Item, days: float, start_days: float, *, stock_days: float = STOCK_DAYS) -> bool:
    """Whether two figures are about the same window or day, and have a zone in common."""
    lag = (item.counted.end - earlier.counted.end).days
    if item.counted.is_window:
        near = abs((item.counted.start - earlier.counted.start).days) <= start_days
    else:
        near, days = True, max(days, stock_days) if stock_days == STOCK_DAYS else stock_days
    zones = np.any([reading.zones for reading in item.readings], axis=0)
    others = np.any([reading.zones for reading in earlier.readings], axis=0)
    return near and 0 <= lag <= days and bool((zones & others).any())

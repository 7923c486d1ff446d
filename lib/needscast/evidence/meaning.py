"""What a figure may mean beside its letter: its area, what was counted, from when. Each meaning has a probability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from needscast.evidence.behaviour import Behaviour
from needscast.evidence.counted import DESTINATION, FLOW, Counted
from needscast.evidence.item import Item
from needscast.evidence.source import series_of

SHORT_WINDOW_DAYS = 14  # hardly anybody moves twice in so few days
MISDATED_DAYS = 16  # a first day may be misdated by about half a month
RUNNING = 2  # a count is running when the source printed it at least so many times from the same first day


@dataclass(frozen=True)
class Doubts:
    """Probabilities that a figure means something else than it says.

    Attributes
    ----------
    movements : its people are movements.
    everything : its front area stands for the whole.
    start, misdated : the first day of the running count that it may belong to, and with what probability.
    """

    movements: float = 0.0
    everything: float = 0.0
    start: date | None = None
    misdated: float = 0.0

    @classmethod
    def of(cls, item: Item, kind: str, running: Counter[date], behaviour: Behaviour) -> Doubts:
        """Return the doubts about a figure from a source of a type, given the first days of that source's counts."""
        what = item.counted
        if what.kind != FLOW:
            return NO_DOUBTS
        long = (what.end - what.start).days >= SHORT_WINDOW_DAYS and what.unit == "person"
        several = what.side != DESTINATION and any(sum(reading.zones) > 1 for reading in item.readings)
        start = _other_start(what, running)
        return cls(
            behaviour.grade("counts_movements", kind) if long else 0.0,
            behaviour.grade("front_means_all") if several else 0.0,
            start,
            behaviour.grade("misdated_start") if start else 0.0,
        )


NO_DOUBTS = Doubts()


def running_starts(items: list[Item], origin: dict[str, str]) -> dict[tuple[str, str, str], Counter[date]]:
    """Return for each source, kind and unit how often each first day was printed."""
    found: dict[tuple[str, str, str], Counter[date]] = {}
    for item in items:
        if item.counted.is_window:
            source, kind, unit, _ = series_of(item, origin[item.id])
            found.setdefault((source, kind, unit), Counter())[item.counted.start] += 1
    return found


def meanings(item: Item, doubts: Doubts) -> Iterator[tuple[Counted, tuple[bool, ...], float]]:
    """Yield what a figure may count, in which zones, and with what probability; they add up to one."""
    whats = [(item.counted, 1.0)]
    if doubts.start is not None:
        whats = [(item.counted, 1 - doubts.misdated), (replace(item.counted, start=doubts.start), doubts.misdated)]
    if doubts.movements:
        whats = [
            pair
            for what, weight in whats
            for pair in (
                (what, weight * (1 - doubts.movements)),
                (replace(what, unit="movement"), weight * doubts.movements),
            )
        ]
    for reading in item.readings:
        wide = doubts.everything if 1 < sum(reading.zones) < len(reading.zones) else 0.0
        for what, weight in whats:
            yield what, reading.zones, reading.weight * weight * (1 - wide)
            if wide:
                yield what, (True,) * len(reading.zones), reading.weight * weight * wide


def _other_start(what: Counted, running: Counter[date]) -> date | None:
    """Return the first day of a running count near that of a lone figure."""
    if running[what.start] >= RUNNING:
        return None
    near = [
        (count, start)
        for start, count in running.items()
        if start != what.start
        and count >= RUNNING
        and abs((start - what.start).days) <= MISDATED_DAYS <= (what.end - start).days
    ]
    return max(near)[1] if near else None

"""Areas: each printed area is one or several readings, and a reading is a set of zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from needscast.errors import NeedscastError, one_of

_MOST_STEPS = 8  # how deep parents and readings may be nested


@dataclass(frozen=True)
class Reading:
    """One meaning of a printed area.

    Attributes
    ----------
    weight : probability of this meaning.
    zones : True for each zone it holds; all of them for the crisis area.
    inside : the area is smaller than the one zone it lies in.
    """

    weight: float
    zones: tuple[bool, ...]
    inside: bool = False


@dataclass(frozen=True)
class Areas:
    """The areas of a crisis, read for the likelihood; ``zones`` in the order of the table."""

    crisis: str
    zones: tuple[str, ...]
    roles: tuple[str, ...]
    population: np.ndarray  # zones x (low, median, high) [person]; NaN where none is given
    table: dict[str, dict]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Areas:
        """Read the table of areas; a crisis without zones is one zone."""
        table = {str(row["area"]): row for row in frame.to_dict("records")}
        tops = [area for area, row in table.items() if row["level"] == "crisis"]
        if len(tops) != 1:
            raise NeedscastError(f"areas.csv: {len(tops)} areas of level crisis; give exactly one")
        zones = [area for area, row in table.items() if row["level"] == "zone"] or tops
        roles = [_text(table[zone].get("role")) or "both" for zone in zones]
        columns = ("population_low", "population", "population_high")
        population = np.array([[_number(table[zone].get(column)) for column in columns] for zone in zones])
        return cls(tops[0], tuple(zones), tuple(roles), population, table)

    def readings(self, area: str) -> tuple[Reading, ...]:
        """Return the meanings of an area; none when it lies outside the modelled area."""
        return self._read(area, 1.0, 0)

    def whole(self) -> tuple[bool, ...]:
        """Return the zones of the whole crisis area: all."""
        return (True,) * len(self.zones)

    def _read(self, area: str, weight: float, depth: int) -> tuple[Reading, ...]:
        if area not in self.table:
            raise NeedscastError(f"figures.csv: {one_of('area', area, self.table)}; add it to areas.csv")
        if depth > _MOST_STEPS:
            raise NeedscastError(f"areas.csv: '{area}' leads back to itself; mend its parent or covers")
        if area == self.crisis:
            return (Reading(weight, self.whole()),)
        if area in self.zones:
            return (Reading(weight, self._only([area])),)
        row = self.table[area]
        if row["level"] == "union":
            return self._union(_items(row["covers"]), weight, depth)
        if row["level"] == "ambiguous":
            return self._ambiguous(row, weight, depth)
        parent = _text(row.get("parent"))
        if row["level"] in ("subdistrict", "community") and parent:
            above = self._read(parent, weight, depth + 1)
            return tuple(Reading(each.weight, each.zones, inside=True) for each in above)
        return ()

    def _union(self, covered: list[str], weight: float, depth: int) -> tuple[Reading, ...]:
        parts = [self._read(area, 1.0, depth + 1) for area in covered]
        if not parts or not all(parts):
            return ()
        zones = np.any([np.array(part[0].zones) for part in parts], axis=0)
        return (Reading(weight, tuple(bool(each) for each in zones)),)

    def _ambiguous(self, row: dict, weight: float, depth: int) -> tuple[Reading, ...]:
        pairs = [item.partition(":") for item in _items(row["covers"])]
        weights = np.array([float(each or 1) for _, _, each in pairs])
        found: list[Reading] = []
        for (area, _, _), each in zip(pairs, weights / weights.sum(), strict=True):
            found += self._read(area.strip(), weight * each, depth + 1)
        total = sum(each.weight for each in found)
        return tuple(Reading(each.weight * weight / total, each.zones, each.inside) for each in found)

    def _only(self, areas: list[str]) -> tuple[bool, ...]:
        return tuple(zone in areas for zone in self.zones)


def _items(text: object) -> list[str]:
    if isinstance(text, list | tuple):
        return [str(item) for item in text]
    return [item.strip() for item in _text(text).split(";") if item.strip()]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")

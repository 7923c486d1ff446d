"""Named uncertain inputs: a range with its source, found by the most specific name, drawn once by that name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from needscast.draws import Draws, Range
from needscast.errors import NeedscastError, one_of
from needscast.estimate import Estimate


@dataclass(frozen=True)
class UncertainInput:
    """One row of ``rates.csv``, one range of a sector card or one override of a scenario.

    Attributes
    ----------
    name : ``input``, ``input/area``, ``input/area/group`` or ``input//group``; a sector's begin with its code.
    range : the number as low, best and high with their mass and unit.
    source, published, url, confidence, reason, author : where it comes from; ``published`` is None when undated.
    made_for : the country whose number it is, as its sector card says; "" if the crisis's own or held anywhere.
    """

    name: str
    range: Range
    source: str
    published: date | None = None
    url: str = ""
    confidence: str = "low"
    reason: str = ""
    author: str = ""
    made_for: str = ""

    @property
    def is_assumption(self) -> bool:
        """Whether nothing but a judgement stands behind the number."""
        return self.source.lower().startswith("assumption")

    def is_borrowed_in(self, country: str) -> bool:
        """Whether it was made for another country than this one, and nobody has replaced it by one of the crisis."""
        return self.made_for not in ("", country)

    @property
    def citation(self) -> str:
        """Source and date, as every table prints them."""
        return f"{self.source} ({self.published or 'undated'})"


def input_name(name: str, area: str = "", group: str = "") -> str:
    """Return the name of an input for an area and a group; blank means all of them."""
    return f"{name}/{area}/{group}".rstrip("/")


@dataclass(frozen=True)
class Inputs:
    """Every uncertain input of a run by name; the most specific name wins.

    A row without an area is one number for all areas: one draw, so its error is shared by all of them.
    """

    by_name: Mapping[str, UncertainInput]

    @classmethod
    def of(cls, rows: Iterable[UncertainInput]) -> Inputs:
        """Collect inputs; of two with one name the later one counts."""
        return cls(MappingProxyType({row.name: row for row in rows}))

    def __iter__(self) -> Iterator[UncertainInput]:
        return iter(self.by_name.values())

    def __contains__(self, name: str) -> bool:
        return name in self.by_name

    def has(self, name: str, area: str = "", group: str = "") -> bool:
        """Whether some row, specific or general, gives this input."""
        return any(candidate in self.by_name for candidate in _candidates(name, area, group))

    def find(self, name: str, area: str = "", group: str = "") -> UncertainInput:
        """Return the most specific row of an input.

        Raises
        ------
        NeedscastError : when no row gives it; the message names the nearest known input.
        """
        for candidate in _candidates(name, area, group):
            if candidate in self.by_name:
                return self.by_name[candidate]
        raise NeedscastError(
            one_of("input", input_name(name, area, group), self.by_name)
            + "; add a row to rates.csv or check the reference date: younger rows are hidden"
        )

    def draw(self, name: str, draws: Draws, areas: Sequence[str] | None = None, group: str = "") -> Estimate:
        """Draw an input, once by the name of the row that gives it.

        Returns
        -------
        Estimate by area when ``areas`` is given, else a single number; areas that share a row share its draws.
        """
        rows = [self.find(name, area, group) for area in (areas if areas is not None else [""])]
        units = {row.range.unit for row in rows}
        if len(units) > 1:
            raise NeedscastError(
                f"input '{name}' has several units ({', '.join(sorted(units))}); give all its rows one unit"
            )
        drawn = {row.name: draws.sample(row.name, row.range) for row in rows}
        array = drawn[rows[0].name]
        if areas is not None and len(drawn) == 1:  # a view that repeats itself, of which products make use
            array = np.broadcast_to(array, (len(rows), *array.shape))
        elif areas is not None:
            array = np.stack([drawn[row.name] for row in rows])
        labels = {"area": list(areas)} if areas is not None else {}
        sources = dict.fromkeys(f"{row.name}: {row.citation}" for row in rows)
        return Estimate.of(array, labels, units.pop(), input_name(name, "", group), sources=sources)

    def overridden(self, rows: Iterable[UncertainInput]) -> Inputs:
        """Return the inputs with some replaced; an override may be more specific than the row it refines.

        An override that names no area speaks for all of them: it replaces the specific rows of its input too,
        except those that another override of the same list gives anew.

        Raises
        ------
        NeedscastError : when an override names an input that does not exist.
        """
        changed = dict(self.by_name)
        for row in sorted(rows, key=lambda each: each.name.count("/")):
            name, area, group = split_name(row.name, self.by_name)
            specific = [known for known in self.by_name if known.startswith(name + "/")]
            if not self.has(name, area, group) and not (specific and not area and not group):
                raise NeedscastError(one_of("input to override", row.name, self.by_name))
            if not area and not group:
                for known in specific:
                    changed.pop(known, None)
            changed[row.name] = row
        return Inputs(MappingProxyType(changed))


def split_name(full: str, known: Iterable[str]) -> tuple[str, str, str]:
    """Split a full name into input, area and group; a card's code and item are part of the input."""
    parts = full.split("/")
    bases = {name: None for name in known}
    for cut in range(len(parts), 0, -1):
        base = "/".join(parts[:cut])
        if base in bases or any(name.startswith(base + "/") for name in bases):
            rest = [*parts[cut:], "", ""]
            return base, rest[0], rest[1]
    return full, "", ""


@lru_cache(maxsize=8192)
def _candidates(name: str, area: str, group: str) -> tuple[str, ...]:
    pairs = [(area, group), (area, ""), ("", group), ("", "")]
    return tuple(dict.fromkeys(input_name(name, *pair) for pair in pairs))

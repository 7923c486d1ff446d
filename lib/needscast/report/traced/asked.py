"""What is asked about a run, and what every kind of answer shares: the item computed again, leaves, ranges, picks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from needscast.derivation import Derivation
from needscast.draws import Draws
from needscast.errors import NeedscastError, one_of
from needscast.report.values import Amount, Day, Range, Text

if TYPE_CHECKING:
    import pandas as pd

    from needscast.chain import Results
    from needscast.demand import ItemDemand, SectorDemand
    from needscast.displacement import Displacement
    from needscast.estimate import Estimate
    from needscast.inputs import Sector

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Traced:
    """A number with where it comes from.

    Attributes
    ----------
    value : a range; an amount, a day or a phrase for what is decided from ranges.
    derivation : down to figure ids, standards and named assumptions.
    """

    value: Range | Amount | Day | Text
    derivation: Derivation


def _nothing(_: Results) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Form:
    """A kind of number that can be asked about.

    Attributes
    ----------
    shape : what follows the kind in a name, such as ``ITEM/AREA``; parts in brackets may be left out.
    meaning : what the number is, in words.
    find : the number, of an item that was computed again, or of a run and the rest of the name.
    about : what the kind can be asked about in a run; about every item when it is one of an item's.
    """

    shape: str
    meaning: str
    find: Callable[..., Traced]
    about: Callable[[Results], Iterable[str]] = _nothing


@dataclass(frozen=True)
class AskedItem:
    """An item of a run that was computed again, and what else was asked: an area, a level, an input, or nothing."""

    results: Results
    sector: Sector
    line: ItemDemand
    requiring: Estimate
    rest: tuple[str, ...]

    @property
    def thing(self) -> str:
        """The item in words."""
        return self.line.item.id.replace("_", " ")

    @property
    def key(self) -> str:
        """The item as it is named."""
        return f"{self.sector.code}/{self.line.item.id}"

    @property
    def uncovered(self) -> Derivation:
        """What is due and not covered by known supply."""
        return self.line.uncovered.called(f"{self.thing} due and not covered by known supply").derivation

    @property
    def plan(self) -> Any:
        """The line of the purchase plan, with its dates."""
        return row_of(self.results.tables["orders"], sector=self.sector.code, item=self.line.item.id)

    @property
    def lead_time(self) -> Derivation:
        """The lead time of the item."""
        name = f"{self.key}/lead_time_days"
        if not self.results.inputs.has(name):
            raise NeedscastError(f"{self.key} has no lead time; give '{name}' in rates.csv")
        return self.results.inputs.draw(name, worlds(self.results)).derivation

    @property
    def norm(self) -> Derivation:
        """The standard at the phase of the crisis."""
        norm = self.line.item.norm(self.results.crisis.settings.phase)
        source = f"{norm.source} ({norm.published or 'undated'})" if norm else "none"
        return leaf(f"norm of {self.thing}", source)

    def known(self, found: Thing | None, lack: str) -> Thing:
        """Return what was found, or raise: the item has no such thing, and why."""
        if found is None or found != found:  # no number and no day are unlike themselves
            raise NeedscastError(f"{self.key} has no {lack}")
        return found


def worlds(results: Results) -> Draws:
    """Return the streams of a run."""
    return Draws(results.draws, results.seed)


def moved(results: Results) -> Displacement:
    """Simulate the run again, in the same worlds."""
    from needscast.displacement import simulate

    now, regimes = results.nowcast.estimates, results.scenario.hostilities
    return simulate(results.crisis, results.inputs, now, worlds(results), regimes)


def sector_again(results: Results, sector: Sector, moved: Displacement) -> tuple[Estimate, SectorDemand]:
    """Return the people who require a sector and the demand for its items, of a run that was simulated again."""
    from needscast.demand import Displaced
    from needscast.sectors import run_sector

    streams, inputs = worlds(results), results.inputs
    displaced = Displaced.of(moved.people, moved.arrivals, moved.fled_share, inputs, streams)
    return run_sector(sector, moved.people, displaced, results.crisis, inputs, streams)


def find_item(results: Results, name: str) -> tuple[Sector, str, tuple[str, ...]] | None:
    """Return the sector and the item that a name begins with, and what follows; None when it begins with none."""
    for sector in results.crisis.sectors:
        for item in sector.items:
            for written in (f"{sector.code}/{item.id}", item.id):
                if name == written or name.startswith(f"{written}/"):
                    return sector, item.id, tuple(part for part in name[len(written) :].split("/") if part)
    return None


def asked_item(results: Results, sector: Sector, item: str, rest: tuple[str, ...]) -> AskedItem:
    """Compute an item again, in the same worlds.

    Raises
    ------
    NeedscastError : when the run could not compute it, with the reason.
    """
    requiring, demanded = sector_again(results, sector, moved(results))
    found = {line.item.id: line for line in demanded.items}
    if item not in found:
        key = f"{sector.code}/{item}"
        raise NeedscastError(f"{key} was not computed: {dict(demanded.missing).get(key, 'no reason given')}")
    return AskedItem(results, sector, found[item], requiring, rest)


def headline(results: Results, name: str) -> Traced:
    """Return a headline of a run."""
    return ranged(results, results.headlines[name])


def ranged(results: Results, made: Estimate) -> Traced:
    """Return an estimate of one number as a range."""
    row = made.summary(results.mass).iloc[0]
    spread = Range(row["lower"], row["median"], row["upper"], results.mass, row["unit"])
    return Traced(spread, made.derivation)


def leaf(name: str, source: str) -> Derivation:
    """Return a number that comes from a source and from nothing else."""
    return Derivation(name, sources=(source,))


def records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table."""
    return table.to_dict("records")


def row_of(table: pd.DataFrame, **labels: str) -> Any:
    """Return the one row with these labels, by column; None when there is none."""
    for column, label in labels.items():
        table = table[table[column] == label]
    return next(table.itertuples(index=False), None)


def chosen(kind: str, asked: str, known: Iterable[str], default: str = "") -> str:
    """Return the label that a part of a name asks for, or the default of a part that was left out.

    Raises
    ------
    NeedscastError : for a label that is not among the known ones, with the nearest.
    """
    labels = list(map(str, known))
    if (asked or default) not in labels:
        raise NeedscastError(one_of(kind, asked, labels))
    return asked or default

"""The quantity of one item by zone and week: people requiring it x chosen norm x period, in the item's own base.

Three triggers. ``displacement``: goods are lost when people are displaced, so the item is due once for each such
displacement, and in week 1 also for those displaced earlier and not yet served. ``presence``: due every period while
people require it. ``facility``: shared by a number of people, rounded up by zone; what is due is what was not there
the week before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from needscast.demand.calendar import winter_share
from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate
from needscast.inputs import Crisis, Inputs, Item, Norm, Sector
from needscast.vocabulary import BASES_WITHOUT_SHARE, PERIOD_DAYS


@dataclass(frozen=True)
class Caseload:
    """What the items of one sector are counted on.

    Attributes
    ----------
    requiring : people requiring the sector, by group, area, week (0 is the reference date). [person]
    to_serve : people to serve once, by group, area, week (from 1): each time somebody who then requires the sector
        is displaced and loses goods, and in week 1 those displaced before and not yet served. [person]
    """

    requiring: Estimate
    to_serve: Estimate

    @classmethod
    def of(cls, requiring: Estimate, fled: Estimate, inputs: Inputs, draws: Draws) -> Caseload:
        """Count whom to serve from arrivals of people who fled and then require the sector, by group, area, week."""
        weeks, groups = fled.labels("week"), fled.labels("group")
        one = Estimate.constant(1, "person / arrival", "one person served at each arrival", draws.count)
        losing = fled.times(one).times(inputs.draw("goods_lost_share", draws))
        waiting = requiring.select(week=0, group=groups).times(inputs.draw("backlog_unserved_share", draws))
        first = _by_week(weeks, [float(week == weeks[0]) for week in weeks], "due in the first week", draws)
        return cls(requiring, losing.plus(waiting.times(first), name="displacements to serve"))


def quantity(item: Item, sector: Sector, caseload: Caseload, crisis: Crisis, inputs: Inputs, draws: Draws) -> Estimate:
    """Return how much of an item is due, by area and week (from 1). [unit of the item]

    Raises
    ------
    NeedscastError : when the item has no norm for the chosen phase, or an input it names is missing.
    """
    norm = item.norm(crisis.settings.phase)
    if norm is None:
        raise NeedscastError(
            f"item {sector.code}/{item.id} has no norm for the phase '{crisis.settings.phase}' that was "
            "public on the reference date; add one to the card or admit it by name"
        )
    served = _Counting(item, norm, sector, caseload, crisis, inputs, draws)
    due = {"displacement": served.on_displacement, "presence": served.on_presence, "facility": served.on_facility}[
        item.trigger
    ]()
    return served.in_season(due).called(f"{item.id} due")


@dataclass(frozen=True)
class _Counting:
    """One item with everything it is counted from."""

    item: Item
    norm: Norm
    sector: Sector
    caseload: Caseload
    crisis: Crisis
    inputs: Inputs
    draws: Draws

    def on_displacement(self) -> Estimate:
        """Once for each displacement in which goods were lost, and in week 1 for those not yet served."""
        return self._members(self.caseload.to_serve).times(self._norm())

    def on_presence(self) -> Estimate:
        """Every period while people require it; what is given once is due as people come to require it."""
        requiring = self.caseload.requiring
        weeks = [week for week in requiring.labels("week") if week > 0]
        if PERIOD_DAYS[self.item.period] == 0:
            counted = self._members(requiring.select(week=weeks))
            once = counted.apply(_newly_counted, dims=counted.dims, unit_text=str(counted.unit))
            return once.times(self._norm())
        periods = self._constant(7 / PERIOD_DAYS[self.item.period], "share", f"{self.item.period}s in a week")
        return self._members(requiring.select(week=weeks)).times(periods).times(self._norm())

    def on_facility(self) -> Estimate:
        """Whole facilities by zone, as far as they were not there the week before."""
        counted = self._members(self.caseload.requiring)
        weeks = [week for week in counted.labels("week") if week > 0]
        function = partial(_facilities_due, people_per_facility=self.norm.quantity)
        function.__name__ = f"facilities due, {self.norm.quantity:g} people each"  # type: ignore[attr-defined]
        return counted.apply(function, dims=counted.dims, unit_text=self.item.unit, labels={"week": weeks})

    def in_season(self, due: Estimate) -> Estimate:
        """Keep what falls in the winter months when the item is a winter item."""
        if self.item.season != "winter":
            return due
        weeks = due.labels("week")
        shares = winter_share(self.crisis.reference_date, weeks, self.crisis.settings.winter_months)
        return due.times(_by_week(weeks, shares, "share of the week in winter", self.draws))

    def _members(self, people: Estimate) -> Estimate:
        """Turn people requiring the sector into members of the item's base: persons, households, women ..."""
        groups = [group for group in people.labels("group") if not self.item.groups or group in self.item.groups]
        if not groups:
            raise NeedscastError(
                f"item {self.sector.code}/{self.item.id} names groups {list(self.item.groups)}, none of "
                f"which requires the sector; the card's groups are {people.labels('group')}"
            )
        counted = people.select(group=groups).total("group")
        if self.item.share:
            share = self.inputs.draw(f"{self.sector.code}/{self.item.share}", self.draws, counted.labels("area"))
            counted = counted.times(share)
        if self.item.basis == "household":
            size = self.inputs.draw("household_size", self.draws)
            return counted.times(size.apply(np.reciprocal, dims=(), unit_text="household / person"))
        if self.item.basis not in (*BASES_WITHOUT_SHARE, "facility"):
            counted = counted.times(self.inputs.draw(f"share_{self.item.basis}", self.draws))
        return counted

    def _norm(self) -> Estimate:
        base = "household" if self.item.basis == "household" else "person"
        source = f"{self.norm.source} ({self.norm.published or 'undated'})"
        return self._constant(self.norm.quantity, f"{self.item.unit} / {base}", f"norm of {self.item.id}", source)

    def _constant(self, value: float, unit_text: str, name: str, source: str = "definition") -> Estimate:
        return Estimate.constant(value, unit_text, name, self.draws.count, source)


def _by_week(weeks: list[int], values: Sequence[float] | np.ndarray, name: str, draws: Draws) -> Estimate:
    array = np.repeat(np.asarray(values, dtype=float)[:, None], draws.count, axis=1)
    return Estimate.of(array, {"week": weeks}, "share", name, sources=["calendar"])


def _newly_counted(members: np.ndarray) -> np.ndarray:
    return np.diff(np.maximum.accumulate(members, axis=1), axis=1, prepend=0.0)


def _facilities_due(people: np.ndarray, *, people_per_facility: float) -> np.ndarray:
    return _newly_counted(np.ceil(people[:, 1:] / people_per_facility - 1e-9))

"""The quantity of one item by zone and week: people requiring it x chosen norm x period, in the item's own base.

Five triggers. ``displacement``: goods are lost when people are displaced, so the item is due once for each such
displacement, and in week 1 also for those displaced earlier and not yet served. ``flight``: due at every displacement,
goods lost or not, and not for earlier ones. ``presence``: due every period while people require it. ``episode``: once
for each case of an illness, which is who has it now and then who falls ill, so that over t months there are
1 + t / length of an episode cases for each one found now. ``facility``: shared by a number of people, rounded up by
zone; what is due is what was not there the week before.

Reference: M. Myatt, en-net.org questions 1169 and 1707 (caseload = children x prevalence x K x coverage, where
K = 1 + t / 7.5 months: 1.4 for three months, 1.8 for six, 2.6 for twelve).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from needscast.demand.calendar import winter_share
from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate, derive
from needscast.inputs import Crisis, Inputs, Item, Norm, Sector
from needscast.swept import swept
from needscast.vocabulary import PERIOD_DAYS

SERVED = "displacements to serve"
NEWLY = "newly counted"


@dataclass(frozen=True)
class Caseload:
    """What the items of one sector are counted on.

    Attributes
    ----------
    requiring : people requiring the sector, by group, area, week (0 is the reference date). [person]
    to_serve : people to serve once, by group, area, week (from 1): each time somebody who then requires the sector
        is displaced and loses goods, and in week 1 those displaced before and not yet served. [person]
    fleeing : people who flee and then require the sector, by group, area, week (from 1), goods lost or not. [person]
    """

    requiring: Estimate
    to_serve: Estimate
    fleeing: Estimate
    _counted: dict[tuple[str, tuple[str, ...]], Estimate] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, requiring: Estimate, shares: Estimate, displaced: Displaced) -> Caseload:
        """Count of everybody who is displaced those who then require the sector.

        Parameters
        ----------
        requiring : people requiring the sector. shares : who requires it, by group and area.
        """
        groups = [group for group in displaced.fleeing.labels("group") if group in shares.labels("group")]
        theirs = shares.select(group=groups)
        return cls(
            requiring,
            displaced.to_serve.select(group=groups).times(theirs),
            displaced.fleeing.select(group=groups).times(theirs),
        )

    def counted(self, what: str, groups: tuple[str, ...]) -> Estimate:
        """Return ``requiring``, ``to_serve`` or ``fleeing`` of some groups together, by area and week. [person]

        Many items are for the same groups, so each sum is made once.
        """
        if (what, groups) not in self._counted:
            people: Estimate = getattr(self, what)
            counted = people.select(week=[week for week in people.labels("week") if week > 0], group=list(groups))
            self._counted[what, groups] = counted.total("group")
        return self._counted[what, groups]

    def newly_counted(self, groups: tuple[str, ...]) -> Estimate:
        """Return by how many more of some groups require the sector than ever before, by area and week. [person]"""
        if (NEWLY, groups) not in self._counted:
            there = self.counted("requiring", groups)
            self._counted[NEWLY, groups] = swept(there, _newly_counted, unit_text=str(there.unit))
        return self._counted[NEWLY, groups]


@dataclass(frozen=True)
class Displaced:
    """Everybody who is displaced, of whom each sector counts a share.

    Attributes
    ----------
    fleeing : people who flee, by group, area, week (from 1). [person]
    to_serve : those of them who lose goods, and in week 1 also those displaced before and not yet served. [person]
    """

    fleeing: Estimate
    to_serve: Estimate

    @classmethod
    def of(cls, people: Estimate, arrivals: Estimate, fled_share: Estimate, inputs: Inputs, draws: Draws) -> Displaced:
        """Count the results of :func:`needscast.displacement.simulate`: people by week from 0, arrivals from 1."""
        one = Estimate.constant(1, "person / arrival", "one person served at each arrival", draws.count)
        lost_share = inputs.draw("goods_lost_share", draws)
        waiting = people.select(week=0, group=arrivals.labels("group"))
        operands = {
            "arrivals": arrivals,
            "losing": fled_share.times(lost_share, name="share of the arrivals who fled and lost their goods"),
            "waiting": waiting.times(inputs.draw("backlog_unserved_share", draws), name="still unserved"),
        }
        labels = {dim: arrivals.labels(dim) for dim in arrivals.dims}
        made = derive(_displacements_to_serve, operands, {SERVED: (labels, "person")})
        return cls(arrivals.times(fled_share).times(one, name="people who flee"), made[SERVED])


def _displacements_to_serve(*, arrivals: np.ndarray, losing: np.ndarray, waiting: np.ndarray) -> dict[str, np.ndarray]:
    """Those who flee and lose their goods, and in the first week also those who still wait."""
    served = arrivals * losing[:, None]
    served[:, :, 0] += waiting
    return {SERVED: served}


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
    due = {
        "displacement": served.on_displacement,
        "flight": served.on_flight,
        "presence": served.on_presence,
        "episode": served.on_episode,
        "facility": served.on_facility,
    }[item.trigger]()
    return served.worn_out(served.in_season(due)).called(f"{item.id} due")


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
        return self._people("to_serve").times(self._each())

    def on_flight(self) -> Estimate:
        """Once for each displacement, whether or not goods were lost."""
        return self._people("fleeing").times(self._each())

    def on_presence(self) -> Estimate:
        """Every period while people require it; what is given once is due as people come to require it."""
        days = PERIOD_DAYS[self.item.period]
        if days == 0:
            return self.caseload.newly_counted(self._groups("requiring")).times(self._each())
        periods = self._constant(7 / days, "share", f"{self.item.period}s in a week")
        return self._people("requiring").times(self._each().times(periods))

    def on_episode(self) -> Estimate:
        """Once for each case: who is ill as people come to be counted, and a week's share of an episode every week."""
        people = self._people("requiring")
        episode = self.inputs.draw(f"{self.sector.code}/{self.item.episode}", self.draws)
        falling_ill = episode.apply(_weekly_rate, dims=(), unit_text="share", name="new cases a week for each case")
        return swept(people, _at_first_and_by_episode, falling_ill, unit_text=str(people.unit)).times(self._each())

    def on_facility(self) -> Estimate:
        """Whole facilities by zone, as far as they were not there the week before."""
        sharing = self._people("requiring").times(self._members())
        function = partial(_facilities_due, people_per_facility=self.norm.quantity)
        function.__name__ = f"facilities due, {self.norm.quantity:g} people each"  # type: ignore[attr-defined]
        return swept(sharing, function, unit_text=self.item.unit)

    def in_season(self, due: Estimate) -> Estimate:
        """Keep what falls in the winter months when the item is a winter item."""
        if self.item.season != "winter":
            return due
        weeks = due.labels("week")
        shares = winter_share(self.crisis.reference_date, weeks, self.crisis.settings.winter_months)
        return due.times(_by_week(weeks, shares, "share of the week in winter", self.draws.count))

    def worn_out(self, due: Estimate) -> Estimate:
        """Add what is due again because what was given earlier in the horizon is worn out."""
        if self.item.replace_days is None:
            return due
        after = math.ceil(self.item.replace_days / 7)
        if after >= len(due.labels("week")):  # it lasts beyond the horizon
            return due
        function = partial(_replaced, after=after)
        function.__name__ = f"replaced after {self.item.replace_days:g} days"  # type: ignore[attr-defined]
        return swept(due, function, unit_text=str(due.unit))

    def _people(self, what: str) -> Estimate:
        """Return the people of the caseload whom the item is for, by area and week. [person]"""
        return self.caseload.counted(what, self._groups(what))

    def _groups(self, what: str) -> tuple[str, ...]:
        """Return whom the item is for."""
        people: Estimate = getattr(self.caseload, what)
        groups = tuple(group for group in people.labels("group") if not self.item.groups or group in self.item.groups)
        if not groups:
            raise NeedscastError(
                f"item {self.sector.code}/{self.item.id} names groups {list(self.item.groups)}, none of "
                f"which requires the sector; the card's groups are {people.labels('group')}"
            )
        return groups

    def _members(self) -> Estimate:
        """Return the members of the item's base for each person: households, women, births a year; by area."""
        areas = self.caseload.requiring.labels("area")
        members = self._constant(1, "share", "every person")
        if self.item.basis == "household":
            size = self.inputs.draw("household_size", self.draws)
            members = size.apply(np.reciprocal, dims=(), unit_text="household / person")
        for name in self.sector.names_of(self.item):
            if name != f"{self.sector.code}/{self.item.episode}":
                members = self.inputs.draw(name, self.draws, areas).times(members)
        return members

    def _each(self) -> Estimate:
        """Return the quantity for each person: members of the base times the norm. Made before the people come in,
        because people by area and week are many numbers and this is few.
        """
        base = "household" if self.item.basis == "household" else "person"
        source = f"{self.norm.source} ({self.norm.published or 'undated'})"
        level = self.norm.quantity / self.item.per
        norm = self._constant(level, f"{self.item.unit} / {base}", f"norm of {self.item.id}", source)
        return self._members().times(norm, name=f"{self.item.id} for each person")

    def _constant(self, value: float, unit_text: str, name: str, source: str = "definition") -> Estimate:
        return Estimate.constant(value, unit_text, name, self.draws.count, source)


def _by_week(weeks: list[int], values: Sequence[float] | np.ndarray, name: str, draws: int) -> Estimate:
    array = np.repeat(np.asarray(values, dtype=float)[:, None], draws, axis=1)
    return Estimate.of(array, {"week": weeks}, "share", name, sources=["calendar"])


# What follows is made zone by zone, so its cells are by week and draw.


def _newly_counted(members: np.ndarray) -> np.ndarray:
    """By how many there are more than ever before, week by week."""
    new, before = np.empty_like(members), np.zeros_like(members[0])
    for found, here in zip(new, members, strict=True):
        most = np.maximum(before, here)
        np.subtract(most, before, out=found)
        before = most
    return new


def _weekly_rate(episode_days: np.ndarray) -> np.ndarray:
    return 7 / episode_days


def _at_first_and_by_episode(members: np.ndarray, falling_ill: np.ndarray) -> np.ndarray:
    """Those newly counted, and of everybody the cases of the week."""
    return _newly_counted(members) + members * falling_ill


def _replaced(due: np.ndarray, *, after: int) -> np.ndarray:
    for week in range(after, len(due)):
        due[week] += due[week - after]
    return due


def _facilities_due(people: np.ndarray, *, people_per_facility: float) -> np.ndarray:
    return _newly_counted(np.ceil(people / people_per_facility - 1e-9))

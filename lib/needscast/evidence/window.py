"""Windows: a cumulative figure is the integral of the weekly flow from its first day to its cut-off, both included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

LONGEST_HISTORY_WEEKS = 156  # a window that begins earlier says next to nothing about now
DAYS = 7


@dataclass(frozen=True)
class Weeks:
    """The weeks of the model: whole weeks from a Monday; the last one ends with the reference date.

    Attributes
    ----------
    first : Monday of the first week.
    reference : last day of the last week.
    """

    first: date
    reference: date

    @classmethod
    def covering(cls, starts: list[date], reference: date) -> Weeks:
        """Return the weeks from the earliest start (two weeks at least) to the reference date."""
        latest = reference - timedelta(days=2 * DAYS)
        earliest = max(min([*starts, latest]), reference - timedelta(weeks=LONGEST_HISTORY_WEEKS))
        return cls(earliest - timedelta(days=earliest.weekday()), reference)

    def __len__(self) -> int:
        return ((self.reference - self.first).days // DAYS) + 1

    @property
    def mondays(self) -> list[date]:
        """The first days of the weeks."""
        return [self.first + timedelta(days=DAYS * i) for i in range(len(self))]

    def ages(self) -> np.ndarray:
        """Return the weeks between each week's middle and the reference date."""
        return np.array([((self.reference - monday).days - 3) / DAYS for monday in self.mondays])

    def overlap(self, start: date, end: date) -> np.ndarray:
        """Return for each week the share of it that lies from ``start`` to ``end``, both days included."""
        first, last = (start - self.first).days, (end - self.first).days + 1
        edges = np.arange(len(self)) * DAYS
        last = min(last, (self.reference - self.first).days + 1)
        return np.clip(np.minimum(edges + DAYS, last) - np.maximum(edges, first), 0, DAYS) / DAYS


def days_between(start: date, end: date) -> int:
    """Return the days of a window, both ends included."""
    return (end - start).days + 1

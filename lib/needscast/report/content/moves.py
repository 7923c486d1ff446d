"""One headline before and now: both middles, the change and the part of each cause, all printed on one step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from needscast.report.content import pick
from needscast.report.numbers import change_on, shared_out, step_of_change
from needscast.report.values import Amount, Many, Range, Text

if TYPE_CHECKING:
    from needscast.update import Update

TOLD = 0.9  # of what all parts make up without their signs; what is left is told together


@dataclass(frozen=True)
class Step:
    """A change, or the part of a cause in it: as computed and as printed, so that parts add up in both."""

    cause: str
    exact: float
    printed: float


@dataclass(frozen=True)
class Move:
    """A headline before and now.

    Attributes
    ----------
    before, now : ranges that carry the common step.
    whole : the change of the middle; printed, it is the difference of the two middles as printed.
    parts : by cause, in the order of the causes.
    beyond_chance : whether the change is more than chance.
    """

    before: Range
    now: Range
    whole: Step
    parts: tuple[Step, ...]
    beyond_chance: bool

    def said(self, step: Step) -> Text:
        """Return a change in words: up by, down by, unchanged, or less than what can be printed."""
        return self._said(step, self.now.unit)

    def in_cell(self) -> Text:
        """Return the whole change in words; in a cell people have no unit, as in the ranges beside it."""
        return self._said(self.whole, "" if self.now.unit == "person" else self.now.unit)

    def _said(self, step: Step, unit: str) -> Text:
        if step.printed:
            key = "update.up" if step.printed > 0 else "update.down"
            return Text(key, {"change": Amount(abs(step.printed), unit)})
        if not step.exact:
            return Text("update.same")
        bound = (math.floor(abs(step.exact) / self.now.step) + 1) * self.now.step
        return Text("update.hardly", {"step": Amount(bound, unit)})

    def told(self) -> Text | Many:
        """Name the causes that make up most of the change, the largest first, and what all others come to together."""
        ordered = sorted((part for part in self.parts if part.exact), key=lambda part: -abs(part.exact))
        wanted = TOLD * math.fsum(abs(part.exact) for part in ordered)
        sizes = [math.fsum(abs(part.exact) for part in ordered[:at]) for at in range(len(ordered))]
        named = [part for part, before in zip(ordered, sizes, strict=True) if part.printed and before < wanted]
        if not named:
            return Text("update.nothing")
        told = [
            Text("update.part", {"cause": Text(f"cause.{part.cause}"), "change": self.said(part)}) for part in named
        ]
        rest = [part for part in ordered if part not in named]
        if rest:
            together = Step("", *(math.fsum(getattr(part, each) for part in rest) for each in ("exact", "printed")))
            told.append(Text("update.others", {"change": self.said(together)}))
        return Many(tuple(told))


def move_of(update: Update, name: str) -> Move:
    """Return a headline before and now, with its change and its parts on one step."""
    return move_in(update, next(pick.each(pick.rows(update.moves, headline=name))))


def move_in(update: Update, row: Any) -> Move:
    """Return the move of a row of :attr:`needscast.update.Update.moves`."""
    before = Range(row.before_lower, row.before_median, row.before_upper, row.mass, row.unit)
    now = pick.range_of(row)
    table = pick.rows(update.parts, headline=row.headline)
    exact = [float(each) for each in table["change"]]
    step = step_of_change(before, now, exact, float(row.chance))
    change = change_on(before, now, step)
    parts = tuple(map(Step, table["cause"], exact, shared_out(exact, change, step)))
    return Move(
        replace(before, step=step),
        replace(now, step=step),
        Step("", float(row.change), change),
        parts,
        bool(abs(row.change) > row.chance),
    )

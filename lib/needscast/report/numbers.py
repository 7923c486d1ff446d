"""Rounding: as many digits as the range supports, and parts that still add up to their total.

Numbers are rounded here, last of all, and nowhere else; blocks and files for machines keep them as computed.

How totals and their parts are reconciled, in every table and every format:

- What adds up is counts of whole things and averages over the worlds. A column that adds up says so, and no table is
  made in which the parts of such a column are not its total.
- Parts and total are rounded together, to one step, by largest remainder (:func:`shared_out`): what a reader adds up
  is what the total says. The step of a page is a tenth of what the total's range supports, or that of the largest
  number where no range stands beside it, and finer where a part of middling size would have less than two digits; of
  a workbook, the last digit that its cells show. CSV and JSON hold what was computed, which adds up but for the dust
  of binary fractions.
- What went before, what is now, the change and its parts are printed on one step (:func:`step_of_change`): the change
  is that of the two middles as printed, and its parts add up to it.
- The middles of what is needed and of what remains to be funded are printed on one step (:func:`step_of_the_rest`):
  what is needed, less what is funded, is what remains. The table of costs prints that need on the same step.
- A number that several tables name is rounded by itself on a stated grain, so that all of them print it alike; the
  total of a column on a grain is what its parts add up to as printed.
- Counts are whole where they are computed (packs, units given to a zone), and are printed to the unit.
- Quantiles do not add: the middles of the zones are not parts of the middle of all. A table whose last row is a total
  of ranges says so in its note and gives a column of averages, which do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from needscast.report.values import Amount, Range

MOST_DIGITS = 3  # significant digits of an end of a range, however narrow the other side is
LEAST = 0.01  # a probability nearer to 0 or 1 is not told from it: the worlds share assumptions
DUST = 1e-9  # of the largest number: two sums of the same draws in another order differ by less


def step_of(lower: float, median: float, upper: float) -> float:
    """Return the power of ten to which a range can be printed: at most two thirds of its narrower half.

    3,594,112 with plus and minus 5 % has halves of 180,000, so it is printed in steps of 100,000: 3.6 million. A range
    of no width is printed as it stands (step 0).
    """
    halves = [half for half in (median - lower, upper - median) if half > 0]
    return 10.0 ** math.floor(math.log10(min(halves) * 2 / 3)) if halves else 0.0


def round_to(value: float, step: float) -> float:
    """Round half away from zero to a multiple of ``step``; step 0 leaves the number alone."""
    if step == 0:
        return value
    scaled = math.floor(abs(value) / step + 0.5)
    return math.copysign(scaled * step if step >= 1 else scaled / round(1 / step), value) + 0.0


def round_share(value: float) -> float:
    """Return a share as tables print it: in whole per cents from 10 % on, in tenths of one below."""
    return round_to(value, 0.01 if abs(value) >= 0.1 else 0.001)


def bound_of(share: float) -> tuple[str, float] | None:
    """Return what a probability is printed as more or less than, where it is not told from certain; else None."""
    if LEAST <= share <= 1 - LEAST:
        return None
    return ("less_than", LEAST) if share < LEAST else ("more_than", 1 - LEAST)


def round_range(value: Range) -> tuple[float, float, float]:
    """Return lower, median and upper as they are printed."""
    step = max(step_of(value.lower, value.median, value.upper), value.step)
    if step == 0:
        return value.lower, value.median, value.upper
    lower, median, upper = (
        round_to(each, max(step, step_of_number(each, MOST_DIGITS)))
        for each in (value.lower, value.median, value.upper)
    )
    if value.step:
        median = round_to(value.median, value.step)
    return (median, median, median) if value.lower == value.upper else (lower, median, upper)


def round_amount(value: Amount) -> float:
    """Return a single number as it is printed: to its significant digits, or as reported."""
    return value.value if value.digits is None else round_to(value.value, step_of_number(value.value, value.digits))


def step_of_change(before: Range, now: Range, parts: Sequence[float], chance: float) -> float:
    """Return the power of ten on which two middles, their change and its parts are printed.

    It is the coarser of the steps of the two ranges. It is a finer one as far as needed where a change or a part of
    more than ``chance`` and of more than a thousandth of the number would be lost, the change would look half as large
    again or half as small, or a range would be printed as one number.
    """
    steps = [step_of(each.lower, each.median, each.upper) for each in (before, now)]
    step = max(*steps, *(step_of_number(each.median, MOST_DIGITS) for each in (before, now)))
    least = max(chance, max(before.median, now.median) / 10**MOST_DIGITS)
    while step and (
        _misleads(before, now, parts, least, step) or any(_collapses(each, step) for each in (before, now))
    ):
        step /= 10
    return step


def change_on(before: Range, now: Range, step: float) -> float:
    """Return the change from one middle to another as printed on a step."""
    return round_to(round_to(now.median, step) - round_to(before.median, step), step)


def step_of_the_rest(whole: Range, taken: float, rest: Range) -> float:
    """Return the power of ten on which the middle of a whole, less what is taken, is that of the rest, as printed.

    It is that of a change from the rest to the whole, and a finer one as far as needed, down to 1.
    """
    step = step_of_change(rest, whole, (), 0.0)
    while step > 1 and max(round_to(round_to(whole.median, step) - taken, step), 0.0) != round_to(rest.median, step):
        step /= 10
    return step


def _misleads(before: Range, now: Range, parts: Sequence[float], least: float, step: float) -> bool:
    """Whether a step loses a part of more than the least that counts, or prints such a change as another one."""
    change, shown = now.median - before.median, change_on(before, now, step)
    if abs(change) > least and abs(shown - change) > abs(change) / 2:
        return True
    return any(
        told == 0 and abs(part) > least for told, part in zip(shared_out(parts, shown, step), parts, strict=True)
    )


def _collapses(value: Range, step: float) -> bool:
    """Whether a step makes one number of a range that is printed as two on its own."""
    (own, _, upper), (lower, _, end) = round_range(replace(value, step=0.0)), round_range(replace(value, step=step))
    return lower == end and own != upper


def shared_out(parts: Sequence[float], total: float, step: float) -> list[float]:
    """Round parts to multiples of ``step`` so that they add up to the rounded total (largest remainder).

    Parameters
    ----------
    parts : numbers that add up to ``total``, or to less than a step more or less.
    """
    if step == 0:
        return list(parts)
    floors = [math.floor(part / step + 1e-9) for part in parts]
    short = round(round_to(total, step) / step) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda at: (floors[at] - parts[at] / step, at))
    for at in by_remainder[: max(short, 0)]:
        floors[at] += 1
    return [round_to(count * step, step) for count in floors]


def is_sum(parts: Sequence[float], total: float) -> bool:
    """Whether parts are what a total is made of, but for the dust of binary fractions in any order of adding."""
    return math.isclose(math.fsum(parts), total, rel_tol=0, abs_tol=DUST * max(map(abs, (*parts, total)), default=0))


def step_of_number(value: float, digits: int) -> float:
    """Return the size of the last of so many significant digits: the step of a number that has no range beside it."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 0.0

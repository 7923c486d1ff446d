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
- Counts are whole where they are computed (packs, units given to a zone), and are printed to the unit.
- Quantiles do not add: the middles of the zones are not parts of the middle of all. A table whose last row is a total
  of ranges says so in its note and gives a column of averages, which do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from needscast.report.values import Amount, Range

MOST_DIGITS = 3  # significant digits of an end of a range, however narrow the other side is
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


def round_range(value: Range) -> tuple[float, float, float]:
    """Return lower, median and upper as they are printed."""
    step = step_of(value.lower, value.median, value.upper)
    if step == 0:
        return value.lower, value.median, value.upper
    lower, median, upper = (
        round_to(each, max(step, _digit(each, MOST_DIGITS))) for each in (value.lower, value.median, value.upper)
    )
    return lower, median, upper


def round_amount(value: Amount) -> float:
    """Return a single number as it is printed: to its significant digits, or as reported."""
    return value.value if value.digits is None else round_to(value.value, _digit(value.value, value.digits))


def digits_above(value: float, step: float) -> int:
    """Return how many significant digits of a number a step leaves; 0 where it is less than half of the step."""
    if value == 0 or step == 0:
        return MOST_DIGITS
    if abs(value) < step / 2:
        return 0
    return max(1, math.floor(math.log10(abs(value))) - math.floor(math.log10(step)) + 1)


def shared_out(parts: Sequence[float], total: float, step: float) -> list[float]:
    """Round parts to multiples of ``step`` so that they add up to the rounded total (largest remainder).

    Parameters
    ----------
    parts : non-negative numbers that add up to ``total``.
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


def _digit(value: float, digits: int) -> float:
    """Return the size of the last of so many significant digits of a number."""
    return 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 0.0

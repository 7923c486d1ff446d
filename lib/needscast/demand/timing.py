"""When to act on each line of a purchase plan: late, this week, within a month or later, and when it can be there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from needscast.demand.logistics import Crossings

WEEK_DAYS, MONTH_DAYS = 7, 30
WHEN = ("late", "week", "month", "later", "unknown", "covered")  # in the order of urgency


@dataclass(frozen=True)
class Timing:
    """The dates of one line.

    Attributes
    ----------
    order_by : last day to order so that all of it is across and there when it is needed; None where not known.
    when : one of :data:`WHEN`; "unknown" without a lead time, "covered" where known supply covers the demand.
    late_days : days since ``order_by`` has passed, 0 where it has not.
    earliest : day on which an order placed on the reference date can be there: its lead time, and the next day on which
        a crossing is open; None where not known, or where none opens again.
    """

    order_by: date | None
    when: str
    late_days: int
    earliest: date | None


def timing(
    needed_from: date | None,
    order_by: date | None,
    across_by: int | None,
    lead_time_days: float | None,
    crossings: Crossings,
    reference: date,
) -> Timing:
    """Return the dates of one line.

    Parameters
    ----------
    order_by : as the lead time and open days allow, without regard to how much passes.
    across_by : last day, from the reference date, on which its first goods can cross in time; None where nothing of it
        crosses, or where they find no day in time.
    """
    if needed_from is None:
        return Timing(None, "covered", 0, None)
    if lead_time_days is None or order_by is None:
        return Timing(order_by, "unknown", 0, None)
    lead = timedelta(days=math.ceil(lead_time_days))
    last = order_by if across_by is None else min(order_by, reference + timedelta(days=across_by) - lead)
    late = max((reference - last).days, 0)
    ahead = (last - reference).days
    when = "late" if late else "week" if ahead < WEEK_DAYS else "month" if ahead < MONTH_DAYS else "later"
    return Timing(last, when, late, crossings.next_open_day(reference + lead))

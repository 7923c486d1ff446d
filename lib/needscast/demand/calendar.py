"""Weeks and seasons: which part of each week of the horizon lies in the winter months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np


def week_start(reference: date, week: int) -> date:
    """Return the first day of a week; week 1 starts on the reference date, week 0 is the state on that date."""
    return reference + timedelta(days=7 * max(week - 1, 0))


def winter_share(reference: date, weeks: Sequence[int], winter_months: Sequence[int]) -> np.ndarray:
    """Return for each week the share of its seven days that lie in a winter month."""
    days = [[week_start(reference, week) + timedelta(days=day) for day in range(7)] for week in weeks]
    return np.array([np.mean([day.month in winter_months for day in week]) for week in days])

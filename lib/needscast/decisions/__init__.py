"""Decisions: what to plan for, who comes first, what drives the doubt and what would be worth finding out."""

from needscast.decisions.allocation import allocation
from needscast.decisions.borrowed import pulls
from needscast.decisions.dates import date_drivers
from needscast.decisions.drivers import drivers
from needscast.decisions.plan import Knowable, decision, information, levels
from needscast.decisions.planning import planning_levels
from needscast.decisions.shared import causes

__all__ = [
    "Knowable",
    "allocation",
    "causes",
    "date_drivers",
    "decision",
    "drivers",
    "information",
    "levels",
    "planning_levels",
    "pulls",
]

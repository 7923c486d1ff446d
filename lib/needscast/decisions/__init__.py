"""Decisions: what to plan for and what drives the doubt."""

from needscast.decisions.drivers import drivers
from needscast.decisions.planning import planning_levels

__all__ = ["drivers", "planning_levels"]

"""Areas and weeks: who is where, who flees, arrives, moves on and returns, under a scenario."""

from needscast.displacement.between import between_zones
from needscast.displacement.scenario import Displacement, simulate

__all__ = ["Displacement", "between_zones", "simulate"]

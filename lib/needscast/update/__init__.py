"""What changed between two runs of a scenario, and what changed it, in parts that add up."""

from needscast.update.parts import decompose
from needscast.update.run import InputChange, Update, update

__all__ = ["InputChange", "Update", "decompose", "update"]

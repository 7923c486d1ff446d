"""The one door to files: crisis folders and workbooks, scenario and sector cards, checked and dated."""

from needscast.inputs.crisis import Crisis, read_crisis
from needscast.inputs.rows import each_row
from needscast.inputs.scenarios import Scenario
from needscast.inputs.sectors import Item, Norm, Requirement, Sector, Specification
from needscast.inputs.settings import Settings
from needscast.inputs.uncertain import Inputs, UncertainInput

__all__ = [
    "Crisis",
    "Inputs",
    "Item",
    "Norm",
    "Requirement",
    "Scenario",
    "Sector",
    "Settings",
    "Specification",
    "UncertainInput",
    "each_row",
    "read_crisis",
]

"""The one door to files: crisis folders and workbooks, scenario and sector cards, checked and dated.

Public names are loaded on first use: what only asks where files lie does without the libraries that read them.
"""

from typing import TYPE_CHECKING

from needscast.lazy import loaded_when_asked

if TYPE_CHECKING:
    from needscast.inputs.crisis import Crisis as Crisis
    from needscast.inputs.crisis import read_crisis as read_crisis
    from needscast.inputs.rows import each_row as each_row
    from needscast.inputs.scenarios import Scenario as Scenario
    from needscast.inputs.sectors import Item as Item
    from needscast.inputs.sectors import Norm as Norm
    from needscast.inputs.sectors import Requirement as Requirement
    from needscast.inputs.sectors import Sector as Sector
    from needscast.inputs.sectors import Specification as Specification
    from needscast.inputs.settings import Settings as Settings
    from needscast.inputs.uncertain import Inputs as Inputs
    from needscast.inputs.uncertain import UncertainInput as UncertainInput

_NAMES = {
    "Crisis": "crisis",
    "Inputs": "uncertain",
    "Item": "sectors",
    "Norm": "sectors",
    "Requirement": "sectors",
    "Scenario": "scenarios",
    "Sector": "sectors",
    "Settings": "settings",
    "Specification": "sectors",
    "UncertainInput": "uncertain",
    "each_row": "rows",
    "read_crisis": "crisis",
}
__all__ = sorted(_NAMES)
__getattr__ = loaded_when_asked(__name__, _NAMES)

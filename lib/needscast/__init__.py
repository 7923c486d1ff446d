"""Needscast: from contradictory reported figures to displacement, needs and aid demand, with honest ranges.

>>> from needscast import chain, report
>>> results = chain.estimate("nw-syria-2020", "as-now")
>>> results.headlines["displaced_since_onset"].summary()

Public names are loaded on first use, so that ``import needscast`` costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from needscast import chain as chain
    from needscast import evidence as evidence
    from needscast import forecast as forecast
    from needscast import inputs as inputs
    from needscast import press as press
    from needscast import report as report
    from needscast.chain import Results as Results
    from needscast.comparison import compare as compare
    from needscast.draws import Draws as Draws
    from needscast.draws import Range as Range
    from needscast.errors import InputError as InputError
    from needscast.errors import NeedscastError as NeedscastError
    from needscast.estimate import Estimate as Estimate
    from needscast.inputs import read_crisis as read_crisis

__version__ = "0.1.0"

_NAMES = {
    **{room: room for room in ("chain", "evidence", "forecast", "inputs", "press", "report")},
    "Draws": "draws",
    "Estimate": "estimate",
    "InputError": "errors",
    "NeedscastError": "errors",
    "Range": "draws",
    "Results": "chain",
    "compare": "comparison",
    "read_crisis": "inputs",
}
__all__ = sorted(_NAMES)


def __getattr__(name: str) -> Any:
    from needscast.lazy import loaded_when_asked  # not before: who imports the package loads none of its modules

    return loaded_when_asked(__name__, _NAMES)(name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

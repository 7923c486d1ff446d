"""From reported figures to the nowcast: relays count once, hedges and grades are distributions, one posterior."""

from needscast.evidence.documented import check_parts, documented_counts
from needscast.evidence.learn import hedges_in_hindsight, learn_hedges
from needscast.evidence.nowcast import Nowcast, nowcast
from needscast.evidence.without import earlier, without_sources

__all__ = [
    "Nowcast",
    "check_parts",
    "documented_counts",
    "earlier",
    "hedges_in_hindsight",
    "learn_hedges",
    "nowcast",
    "without_sources",
]

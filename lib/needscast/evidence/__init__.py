"""From reported figures to the nowcast: relays count once, hedges and grades are distributions, one posterior."""

from needscast.evidence.documented import check_parts, documented_counts
from needscast.evidence.learn import learn_hedges
from needscast.evidence.nowcast import Nowcast, nowcast

__all__ = ["Nowcast", "check_parts", "documented_counts", "learn_hedges", "nowcast"]

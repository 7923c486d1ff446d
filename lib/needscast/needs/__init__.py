"""People requiring assistance by sector, and across sectors by the agencies' rule."""

from needscast.needs.across import across_sectors
from needscast.needs.sector import requiring_assistance, requiring_shares

__all__ = ["across_sectors", "requiring_assistance", "requiring_shares"]

"""People requiring assistance by sector, and across sectors by the agencies' rule."""

from needscast.needs.across import across_sectors
from needscast.needs.flags import out_of_line
from needscast.needs.sector import requiring_assistance, requiring_shares
from needscast.needs.special import special_groups

__all__ = ["across_sectors", "out_of_line", "requiring_assistance", "requiring_shares", "special_groups"]

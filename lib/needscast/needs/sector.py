"""People requiring assistance in a sector: people by group, zone and week times the share who require it.

This is a preliminary, model-based quantity. "People in need" is an agreed planning figure; it is quoted from the
register with who agreed it and is never computed here.
"""

from __future__ import annotations

from collections.abc import Sequence

from needscast.draws import Draws
from needscast.errors import NeedscastError
from needscast.estimate import Estimate, stack
from needscast.inputs import Inputs, Sector


def requiring_shares(sector: Sector, inputs: Inputs, draws: Draws, areas: Sequence[str]) -> Estimate:
    """Return the share of each group who require the sector's assistance, by group and area. [share]

    Only the groups of the card are in it; other groups are not part of the sector's population. One row of input for
    all areas, or for several groups, is one draw shared by them.
    """
    by_group = {
        group: inputs.draw(f"{sector.code}/{requirement.input}", draws, areas, group)
        for requirement in sector.requires
        for group in requirement.groups
    }
    if not by_group:
        raise NeedscastError(f"sector {sector.code} names no group that requires assistance; add a [[requires]] table")
    return stack(by_group, "group", name=f"share requiring {sector.code}")


def requiring_assistance(people: Estimate, shares: Estimate, *, name: str) -> Estimate:
    """Return the people who require assistance, by group, area and week. [person]

    Parameters
    ----------
    people : people by group, area and week. [person]
    shares : by group and area, from :func:`requiring_shares`.
    """
    return people.select(group=shares.labels("group")).times(shares, name=name)

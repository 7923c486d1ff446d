"""What a sector card says, as frozen values: who requires assistance, the items and their standards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Requirement:
    """Groups of which a named share requires the sector; ``input`` is written without the card's code."""

    input: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Norm:
    """A standard: a chosen level, never a random number (law 9).

    Attributes
    ----------
    phase : any, acute or stabilised.
    quantity : units per member of the item's base and period; for a facility the people who share one.
    published : None when undated. second_hand : the standard was only seen quoted by somebody else.
    """

    phase: str
    quantity: float
    source: str
    url: str
    published: date | None
    confidence: str
    second_hand: bool


@dataclass(frozen=True)
class Specification:
    """Mass [kg] and volume [m3] of one unit as it is shipped; None where not known."""

    mass_kg: float | None
    volume_m3: float | None
    source: str
    url: str
    published: date | None
    confidence: str


@dataclass(frozen=True)
class Item:
    """One thing to supply; the fields are the keys of a card's [[item]].

    Attributes
    ----------
    groups : groups it is for; empty means every group that requires the sector.
    share : named input of the card without its code, or "" when all who require the sector need the item.
    norms : what was public on the reference date. specification : None when not known or not public then.
    has_price, has_lead_time : whether the inputs ``CODE/id/price`` and ``CODE/id/lead_time_days`` exist.
    """

    id: str
    name: Mapping[str, str]
    unit: str
    basis: str
    trigger: str
    period: str
    season: str
    groups: tuple[str, ...]
    share: str
    instead_of: tuple[str, ...]
    in_cost_total: bool
    pack: float
    pack_name: str
    norms: tuple[Norm, ...]
    specification: Specification | None
    has_price: bool
    has_lead_time: bool

    def norm(self, phase: str) -> Norm | None:
        """Return the norm of a phase, or the one for any phase; None when the card has neither."""
        by_phase = {norm.phase: norm for norm in self.norms}
        return by_phase.get(phase, by_phase.get("any"))


@dataclass(frozen=True)
class Sector:
    """A sector: its code, its name by language, its place in the report, who requires it, and its items."""

    code: str
    name: Mapping[str, str]
    order: int
    requires: tuple[Requirement, ...]
    items: tuple[Item, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that may require the sector, in the order of the card."""
        return tuple(group for requirement in self.requires for group in requirement.groups)

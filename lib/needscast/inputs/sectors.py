"""What a sector card says, as frozen values: who requires assistance, the items and their standards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from needscast.vocabulary import BASES_WITHOUT_SHARE, BASIS_RATES


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
    made_for : the country whose usage the level follows; "" where it holds anywhere.
    """

    phase: str
    quantity: float
    source: str
    url: str
    published: date | None
    confidence: str
    second_hand: bool
    made_for: str = ""


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
    per : members of the base that the quantity of the norm is for: one kit for 10,000 people.
    groups : groups it is for; empty means every group that requires the sector.
    factors : named inputs that the people requiring the sector are multiplied by, each of the card (without its code)
        or of the crisis; empty when all who require the sector need the item.
    episode : input of the card, in days, for the trigger "episode": how long an untreated episode lasts; else "".
    replace_days : days after which a one-off item is worn out and due again, or None.
    instead_of : items it replaces, of this card by id or of another as CODE/id.
    lack : what lacking it threatens first: life, harm (to health and safety) or dignity; "" when nobody has said.
    bought_inside : true where it is bought inside the area, so that it need not cross a border.
    by_area : false for supplies that are never shown by area.
    norms : what was public on the reference date. specification : None when not known or not public then.
    has_price, has_lead_time : whether the inputs ``CODE/id/price`` and ``CODE/id/lead_time_days`` exist.
    """

    id: str
    name: Mapping[str, str]
    unit: str
    basis: str
    per: float
    trigger: str
    period: str
    season: str
    groups: tuple[str, ...]
    factors: tuple[str, ...]
    episode: str
    replace_days: float | None
    instead_of: tuple[str, ...]
    in_cost_total: bool
    by_area: bool
    pack: float
    pack_name: str
    norms: tuple[Norm, ...]
    specification: Specification | None
    has_price: bool
    has_lead_time: bool
    bought_inside: bool = False
    lack: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether one serves many people, of whom few will ever need it: a facility, or a kit for 10,000 people."""
        return self.trigger == "facility" or self.per > 1

    def norm(self, phase: str) -> Norm | None:
        """Return the norm of a phase, or the one for any phase; None when the card has neither."""
        by_phase = {norm.phase: norm for norm in self.norms}
        return by_phase.get(phase, by_phase.get("any"))


@dataclass(frozen=True)
class Sector:
    """A sector: its code, its name by language, its place in the report, who requires it, and its items.

    ``is_need`` is false for a way of giving, such as cash: it serves needs of other sectors and is none of its own.
    ``own_inputs`` are the ids of its further shares, ``input_names`` what they are in words, by language.
    """

    code: str
    name: Mapping[str, str]
    order: int
    is_need: bool
    requires: tuple[Requirement, ...]
    items: tuple[Item, ...]
    own_inputs: tuple[str, ...] = ()
    input_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def names_of(self, item: Item) -> tuple[str, ...]:
        """Return the inputs of this card or of the crisis that a quantity of the item is made from, in full."""
        own = (*self.own_inputs, *(requirement.input for requirement in self.requires))
        basis = () if item.basis in BASES_WITHOUT_SHARE else (self.basis_input(item.basis),)
        factors = tuple(f"{self.code}/{name}" if name in own else name for name in item.factors)
        return (*basis, *factors, *((f"{self.code}/{item.episode}",) if item.episode else ()))

    def basis_input(self, basis: str) -> str:
        """Return the name of the share or yearly rate that turns people into members of a base."""
        if basis in self.own_inputs:
            return f"{self.code}/{basis}"
        return BASIS_RATES.get(basis, f"share_{basis}")

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that may require the sector, in the order of the card."""
        return tuple(group for requirement in self.requires for group in requirement.groups)

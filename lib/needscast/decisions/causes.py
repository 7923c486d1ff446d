"""Causes: uncertain inputs gathered into a few groups that a person can weigh against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NOW, EVENTS, PLACES, NEEDS, PRICES, LEAD_TIMES, PEOPLE = (
    *("now", "events", "places", "needs", "prices", "lead_times", "people"),
)
CAUSES = (NOW, EVENTS, PLACES, NEEDS, PRICES, LEAD_TIMES, PEOPLE)
# How the names of a crisis's own inputs begin; what is in no line describes people: their number, families, goods.
BEGINNINGS: Mapping[str, str] = {
    **dict.fromkeys(("pace", "truce", "pressure", "offensive", "onward", "return"), EVENTS),
    **dict.fromkeys(("destination", "crowding", "crossing", "shelter", "spread"), PLACES),
}
ENDINGS: Mapping[str, str] = {"price": PRICES, "lead_time_days": LEAD_TIMES}  # of a sector card's inputs


def cause_of(name: str, codes: Iterable[str]) -> str:
    """Return the group of an input; ``codes`` are those of the sector cards, with which their inputs' names begin."""
    parts = name.split("/")
    if parts[0] in set(codes):
        return ENDINGS.get(parts[-1], NEEDS)
    return next((cause for start, cause in BEGINNINGS.items() if parts[0].startswith(start)), PEOPLE)

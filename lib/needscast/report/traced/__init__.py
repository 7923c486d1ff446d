"""What the name of a number means: its value and its derivation, for every number that a report shows.

A name is a headline (``cost``, ``requiring/CODE``), or a kind of number and what it is about, with slashes between:
an item (``order_by/CODE/item``, ``level/item/80``), or people, zones, sectors and money (``people/CODE/AREA/WEEK``,
``remaining/CODE``). A run keeps its tables and not its draws, so what is asked is computed
again, in the same worlds.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from needscast.errors import NeedscastError
from needscast.report.traced.asked import Form, Traced, asked_item, find_item, headline
from needscast.report.traced.decided import DECIDED
from needscast.report.traced.doubt import DOUBT
from needscast.report.traced.items import DUE, ITEMS
from needscast.report.traced.money import MONEY
from needscast.report.traced.people import PEOPLE

if TYPE_CHECKING:
    from needscast.chain import Results

__all__ = ["ABOUT_ITEMS", "ABOUT_THE_REST", "Form", "Traced", "known_names", "traced"]

ABOUT_ITEMS: dict[str, Form] = {**ITEMS, **DECIDED}
ABOUT_THE_REST: dict[str, Form] = {**PEOPLE, **MONEY, **DOUBT}
NEAR = 3  # names that are proposed in place of one that is not known


def traced(results: Results, name: str) -> Traced:
    """Return the number that a name means.

    Raises
    ------
    NeedscastError : for a name that the run does not have, with the nearest ones and what a name can be.
    """
    if name in results.headlines:
        return headline(results, name)
    kind, _, rest = name.partition("/")
    if kind in ABOUT_THE_REST:
        return ABOUT_THE_REST[kind].find(results, rest)
    if kind not in ABOUT_ITEMS:
        kind, rest = DUE, name
    found = find_item(results, rest)
    if found is None:
        raise NeedscastError(_unknown(results, name))
    return ABOUT_ITEMS[kind].find(asked_item(results, *found))


def known_names(results: Results) -> Iterator[str]:
    """Return every name that can be asked about, without areas, weeks, levels and inputs."""
    yield from results.headlines
    for kind, form in ABOUT_THE_REST.items():
        yield from (f"{kind}/{about}".rstrip("/") for about in form.about(results))
    for sector in results.crisis.sectors:
        for item in sector.items:
            both = item.id, f"{sector.code}/{item.id}"
            yield from (*both, *(f"{kind}/{each}" for kind in ABOUT_ITEMS for each in both))


def _unknown(results: Results, name: str) -> str:
    near = get_close_matches(name, list(known_names(results)), n=NEAR)
    hint = f"did you mean {' or '.join(map(repr, near))}? Name" if near else "name"
    return (
        f"unknown quantity '{name}'; {hint} a headline ({', '.join(list(results.headlines)[:8])} ...), an item as "
        f"SECTOR/item, or one of {', '.join((*ABOUT_ITEMS, *ABOUT_THE_REST))} and what it is about; without a name, "
        "needscast explain lists them all"
    )

"""Prices, lead times, weights and volumes that look like another unit, and old prices: worth a look, never refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from needscast.inputs.asof import DatedInput
from needscast.inputs.cards import CARD_UNITS, SectorCard
from needscast.inputs.names import Checked
from needscast.inputs.problems import listed
from needscast.inputs.sectors import Item
from needscast.inputs.uncertain import Inputs

FAR = 5  # times the value of the card from which a price or lead time is likely one of another unit or pack
DENSITY = (30, 2000)  # kg in a cubic metre as shipped: from mattresses and empty cans to soap and tinned food
OLD = timedelta(days=3 * 365)  # before the reference date; from then on a price is likely out of date
FEW = 6  # prices that are worth a line
DOLLARS_A_KILOGRAM = (0.001, 1000)  # delivered, from water in bulk to vaccines and kits of medicines


def unlikely(found: Checked) -> Iterator[str]:
    """Yield a sentence for every value that is far from its card, and for every item of unlikely density or price.

    A range of the crisis folder or of a scenario is compared with the card's by their best values: a price for a
    carton in place of one piece, weeks in place of days.
    """
    best = {value.name: value.range.best for card in found.cards for value in card.inputs}
    overrides = (
        DatedInput(one.value, one.input, *card.document.place(one.path))
        for card in found.scenarios
        for one in card.overrides
    )
    units = {f"{card.sector.code}/{item.id}": item.unit for card in found.cards for item in card.sector.items}
    for one in (*found.inputs, *overrides):
        name, _, key = one.base.rpartition("/")
        if key in CARD_UNITS and best.get(one.base):
            yield from _far(one, best[one.base], units.get(name, "unit"))
    for card in found.cards:
        for item in card.sector.items:
            yield from _odd(card, item, best.get(f"{card.sector.code}/{item.id}/price"))


def old_prices(found: Checked, reference: date) -> str:
    """Return a sentence on the prices in use that are more than three years older than the reference date, or ""."""
    used = Inputs.of(one.value for one in found.gate(reference).inputs(found.inputs))
    dated = sorted((row.published, row.name) for row in used if row.name.endswith("/price") and row.published)
    old = [f"{name} ({day})" for day, name in dated if reference - day > OLD]
    if not old:
        return ""
    count = "1 price is" if len(old) == 1 else f"{len(old)} prices are"
    remedy = "compare with an offer, and replace by a row of rates.csv"
    return f"{count} more than three years older than {reference}: {listed(old, FEW)}; {remedy}"


def _far(one: DatedInput, card: float, unit: str) -> Iterator[str]:
    given = one.value.range.best
    if not card / FAR <= given <= card * FAR:
        ratio = f"{_short(given / card)} times" if given else "nothing beside"
        asked = f"is it the price of one {unit}?" if one.value.range.unit == "USD" else "is it in days?"
        said = f"{one.value.name} is {given:g} {one.value.range.unit}, {ratio} the {card:g} of its card"
        yield f"{one.file}:{one.row}:best: {said}; {asked}"


def _odd(card: SectorCard, item: Item, price: float | None) -> Iterator[str]:
    name = f"{card.sector.code}/{item.id}"
    file, row = card.document.place((*card.places[name], "specification"))
    mass, volume = (item.specification.mass_kg, item.specification.volume_m3) if item.specification else (None, None)
    if mass and volume and not DENSITY[0] <= mass / volume <= DENSITY[1]:
        yield (
            f"{file}:{row}: {name} has {mass:g} kg in {volume:g} m3, {_short(mass / volume)} kg a cubic metre, where "
            f"{DENSITY[0]} to {DENSITY[1]:,} are usual; are both of one {item.unit}?"
        )
    if mass and price and not DOLLARS_A_KILOGRAM[0] <= price / mass <= DOLLARS_A_KILOGRAM[1]:
        yield (
            f"{file}:{row}: {name} costs {price:g} USD for {mass:g} kg, {_short(price / mass)} USD a kilogram, where "
            f"{DOLLARS_A_KILOGRAM[0]} to {DOLLARS_A_KILOGRAM[1]:,} are usual; are both of one {item.unit}?"
        )


def _short(value: float) -> str:
    return f"{float(f'{value:.3g}'):,.10g}"

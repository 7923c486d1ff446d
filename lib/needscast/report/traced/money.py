"""Numbers about money and roads: the ask that remains, cost per person, who was targeted and reached, crossings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from needscast.demand import Crossings, all_sectors, load_of, response
from needscast.derivation import Derivation
from needscast.errors import NeedscastError
from needscast.report.traced.asked import AskedItem, Form, Traced, chosen, moved, ranged, sector_again, worlds
from needscast.report.traced.items import trucks
from needscast.report.traced.people import sector_of
from needscast.tables import ALL

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.estimate import Estimate


def _asked(results: Results, code: str) -> dict[str, Estimate]:
    """What is known of the response to one sector, with its draws."""
    heads = results.headlines
    ends = heads[f"requiring/{code}"], heads[f"requiring_end/{code}"]
    return response(code, *ends, heads.get(f"cost/{code}"), results.crisis, results.inputs, worlds(results))


def _of_response(quantity: str) -> Callable[[Results, str], Traced]:
    def find(results: Results, code: str) -> Traced:
        if code in ("", ALL):
            found = all_sectors({each.code: _asked(results, each.code) for each in results.crisis.sectors})
        else:
            found = _asked(results, sector_of(results, code).code)
        if quantity not in found:
            raise NeedscastError(_lack(results, quantity, code or ALL))
        return ranged(results, found[quantity])

    return find


def _lack(results: Results, quantity: str, code: str) -> str:
    known = f"{quantity} is known for {code}: "
    if quantity == "per_person" or quantity not in ("funded", "remaining") and code == ALL:
        return f"no {known}" + ("people are not added over sectors" if code == ALL else "no item has a price")
    since = results.crisis.settings.onset
    return f"no {known}nothing published since {since} says so, and absent is unknown; give rows of response.csv"


def _about(quantity: str) -> Callable[[Results], Iterator[str]]:
    def about(results: Results) -> Iterator[str]:
        table = results.tables["response"]
        yield from ("" if code == ALL else code for code in table.loc[table["quantity"] == quantity, "sector"])

    return about


def _crossing(results: Results, asked: str) -> Traced:
    from needscast.demand.passage import totals

    crossings, loads, behind = Crossings(results.crisis.crossings), [], []
    displaced = moved(results)
    for sector in results.crisis.sectors:
        requiring, demanded = sector_again(results, sector, displaced)
        for line in demanded.items:
            load = load_of(line, sector.code, crossings) if crossings.known else None
            if load:
                loads.append(load)
                behind.append(trucks(AskedItem(results, sector, line, requiring, ())))
    found = totals(loads, results.crisis, worlds(results))
    if not found:
        raise NeedscastError("no crossing has a known capacity, so nothing is limited; fill in crossings.csv")
    asked = chosen("number of the crossings", asked, found, "never")
    made = ranged(results, found[asked])
    whole = Derivation("trucks of the purchase plan", "sum", tuple(behind))
    return Traced(made.value, _replaced(made.derivation, whole))


def _replaced(node: Derivation, whole: Derivation) -> Derivation:
    """The same derivation with the whole load shown line by line, where it stood as one number."""
    if node.name == whole.name and not node.operands:
        return whole
    return Derivation(node.name, node.operation, tuple(_replaced(each, whole) for each in node.operands), node.sources)


_MEANINGS = {
    "targeted": "people targeted, as published",
    "reached": "people reached, as published",
    "not_reached": "those who require it less those reached",
    "per_person": "cost for each person who requires it",
    "funded_per_targeted": "money funded for each person targeted, of one item and the same days",
    "funded_per_reached": "the same for each person reached",
    "target_cost": "cost for those targeted",
    "funded": "money known to be funded",
    "remaining": "what remains to be funded",
}
MONEY: dict[str, Form] = {
    **{
        quantity: Form("[SECTOR]" if quantity in ("funded", "remaining") else "SECTOR", meaning, find, about)
        for quantity, meaning in _MEANINGS.items()
        for find, about in [(_of_response(quantity), _about(quantity))]
    },
    "crossing": Form(
        "NUMBER",
        "trucks: needed, capacity, never (what cannot pass)",
        _crossing,
        lambda results: results.tables["crossing"]["quantity"],
    ),
}

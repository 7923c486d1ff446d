"""Numbers about the doubt: what an input or a cause adds to the doubt about a headline, and where it would lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from needscast.chain import NOWCAST
from needscast.decisions.causes import NOW, cause_of
from needscast.derivation import Derivation
from needscast.errors import NeedscastError, one_of
from needscast.report.traced.asked import Form, Traced, chosen, leaf, row_of, worlds
from needscast.report.values import Amount

if TYPE_CHECKING:
    from needscast.chain import Results


def _driver(results: Results, rest: str) -> Traced:
    name, asked = _of_headline(results, rest)
    table = results.tables["drivers"]
    mine = table[table["headline"] == name]
    row = row_of(mine, input=NOWCAST if asked == NOW else chosen("driver", asked, mine["input"]))
    by = leaf(NOWCAST, "reported figures")
    if row.input != NOWCAST:
        by = results.inputs.draw(row.input, worlds(results)).derivation
    head = results.headlines[name]
    how = f"first-order effect; on average {row.if_low:,.4g} where it is low, {row.if_high:,.4g} where it is high"
    title = f"share of the doubt about {head.name} that goes once it is known"
    return Traced(Amount(row.share_of_variance, "share", 2), Derivation(title, how, (by, head.derivation)))


def _cause(results: Results, rest: str) -> Traced:
    name, asked = _of_headline(results, rest)
    table = results.tables["causes"]
    mine = table[table["headline"] == name]
    row, head = row_of(mine, group=chosen("cause", asked, mine["group"])), results.headlines[name]
    codes = [each.code for each in results.crisis.sectors]
    used = {source.split(": ")[0] for source in head.sources}
    inputs = [each.name for each in results.inputs if each.name in used and cause_of(each.name, codes) == asked]
    parts = tuple(results.inputs.draw(each, worlds(results)).derivation for each in inputs)
    title = f"share of the explained doubt about {head.name}: {asked}"
    made = Derivation(title, "Shapley effect: what it adds, over all orders of learning", (*parts, head.derivation))
    return Traced(Amount(row.share_of_variance, "share", 2), made)


def _of_headline(results: Results, rest: str) -> tuple[str, str]:
    """The headline that a name begins with, the longest that fits, and what follows."""
    names = [name for name in results.headlines if rest == name or rest.startswith(f"{name}/")]
    if not names:
        raise NeedscastError(one_of("headline", rest, results.headlines))
    name = max(names, key=len)
    return name, rest[len(name) + 1 :]


DOUBT: dict[str, Form] = {
    "driver": Form("HEADLINE/INPUT", "what an input adds to the doubt; now: all reported figures", _driver),
    "cause": Form("HEADLINE/CAUSE", "what a group of inputs adds to it: now, events, places ...", _cause),
}

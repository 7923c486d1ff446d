"""Where a number comes from: its range, the tree of what it was made of, and the sources at the bottom, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from needscast.derivation import Derivation
from needscast.draws import Draws
from needscast.errors import NeedscastError, one_of
from needscast.report.edition import PUBLIC, hidden_words
from needscast.report.values import Range
from needscast.report.words import Words

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.estimate import Estimate
    from needscast.inputs import Crisis

SHOWN = 6  # figure ids on a line; the rest is counted
MANY = 5  # inputs of one step from which on they are drawn together
KEPT_BACK = "kept back in this edition"


def explain(results: Results, quantity: str, *, language: str = "en") -> str:
    """Return how a number came about: the range, a tree of operations, and figure ids, standards and assumptions.

    Parameters
    ----------
    quantity : a headline of the run, or an item, as ``family_tent``, ``CODE/family_tent`` or
        ``demand/CODE/family_tent``: what is due of it over the horizon.

    Raises
    ------
    NeedscastError : for what the run does not have, with the names of what it has.
    """
    made, words = found(results, quantity), Words(language)
    row = made.summary(results.mass).iloc[0]
    spread = Range(row["lower"], row["median"], row["upper"], results.mass, row["unit"])
    head = f"{quantity} = {words.say(spread)}, scenario {results.scenario.id}, as of {results.crisis.reference_date}"
    lines = [head, "preliminary, model-based", "", *_tree(made.derivation), "", "Sources", *_sources(results, made)]
    return "\n".join(lines)


def found(results: Results, quantity: str) -> Estimate:
    """Return the number that a name means: a headline, or what is due of an item over the horizon.

    A run keeps the tables of its items and not their draws, so an item is computed again, in the same worlds.
    """
    if quantity in results.headlines:
        return results.headlines[quantity]
    name = quantity.removeprefix("demand/")
    items = {f"{card.code}/{item.id}": (card, item.id) for card in results.crisis.sectors for item in card.items}
    meant = [key for key in items if name in (key, key.partition("/")[2])]
    if len(meant) != 1:
        raise NeedscastError(one_of("quantity", quantity, meant or [*results.headlines, *items]))
    from needscast.chain import run_sector
    from needscast.displacement import simulate

    sector, item = items[meant[0]]
    worlds = Draws(results.draws, results.seed)
    moved = simulate(results.crisis, results.inputs, results.nowcast.estimates, worlds, results.scenario.hostilities)
    _, demanded = run_sector(sector, moved, results.crisis, results.inputs, worlds)
    lines = {line.item.id: line for line in demanded.items}
    if item not in lines:
        raise NeedscastError(f"{meant[0]} was not computed: {dict(demanded.missing).get(meant[0], 'no reason given')}")
    return lines[item].due.total(["area", "week"], name=f"{item.replace('_', ' ')} due over the horizon")


def _tree(root: Derivation) -> Iterator[str]:
    """The derivation as an indented drawing; what was shown before is named again, not drawn again."""
    numbers: dict[Derivation, int] = {}
    made: dict[tuple[Derivation, ...], int] = {}

    def draw(node: Derivation, before: str, branch: str, after: str) -> Iterator[str]:
        node = _folded(node)
        if node in numbers:
            yield f"{before}{branch}{node.name} (see {numbers[node]})"
            return
        numbers[node] = len(numbers) + 1
        if len(node.operands) >= MANY and node.operands in made:
            same = f"{node.name} = {node.operation} of the same as {made[node.operands]}"
            yield f"{before}{branch}{numbers[node]}. {same}"
            return
        made[node.operands] = numbers[node]
        label = f"{numbers[node]}. {node.name}" + (f" = {node.operation} of" if node.operands else "")
        yield f"{before}{branch}{label}{_leaf(node)}"
        parts = _gathered(node.operands)
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            yield from draw(part, before + after, "└─ " if last else "├─ ", "   " if last else "│  ")

    return draw(root, "", "", "")


def _gathered(parts: tuple[Derivation, ...]) -> list[Derivation]:
    """Draw many inputs of one step in few lines: those from the same figures together, and the others together."""
    leaves = [part for part in map(_unwrapped, parts) if not part.operands]
    if len(leaves) < MANY:
        return list(parts)
    alike: dict[tuple[str, ...], list[str]] = {}
    for leaf in leaves:
        alike.setdefault(leaf.sources, []).append(leaf.name)
    rest = [part for part in parts if _unwrapped(part).operands]
    shared = [Derivation(", ".join(names), sources=key) for key, names in alike.items() if len(names) > 1]
    single = [names[0] for names in alike.values() if len(names) == 1]
    own = [Derivation(f"{len(single)} inputs, each under Sources: {', '.join(single)}")] if single else []
    return [*rest, *shared, *own]


def _folded(node: Derivation) -> Derivation:
    """Skip steps that only rename or pick, and draw a sum of sums, or a product of products, as one."""
    node = _unwrapped(node)
    if node.operation not in ("plus", "times"):
        return node
    parts: list[Derivation] = []
    for part in map(_unwrapped, node.operands):
        folded = _folded(part)
        parts += folded.operands if folded.operation == node.operation and folded.name == node.name else [part]
    return Derivation(node.name, node.operation, tuple(parts), node.sources)


def _unwrapped(node: Derivation) -> Derivation:
    """Skip steps that only rename, pick, add up or convert: the name of the last says what it is."""
    while len(node.operands) == 1 and node.operation.split(" ")[0] in ("called", "select", "total", "with", "in"):
        below = node.operands[0]
        node = Derivation(node.name, below.operation, below.operands, below.sources)
    return node


def _leaf(node: Derivation) -> str:
    if node.operands or not node.sources:
        return ""
    rest = len(node.sources) - SHOWN
    cited = [source.removeprefix(f"{node.name}: ") for source in node.sources[:SHOWN]]
    return f" [{'; '.join(cited)}{f' and {rest} more' if rest > 0 else ''}]"


def _sources(results: Results, made: Estimate) -> Iterator[str]:
    """Every source at the bottom: a reported figure as printed, an input with its range, or a standard."""
    crisis = results.crisis
    hide = hidden_words(crisis) if results.readership == PUBLIC else None
    figures = {str(row["figure_id"]): row for row in crisis.figures.to_dict("records")}
    inputs = {row.name: row for row in results.inputs}
    for source in made.sources:
        name = source.split(": ")[0]
        if source in figures:
            text = _figure(figures[source], crisis)
            open_ = results.readership != PUBLIC or figures[source]["sensitivity"] == "public"
            yield f"  {source}: {text if open_ and (hide is None or hide.may_show(text)) else KEPT_BACK}"
        elif name in inputs:
            row = inputs[name]
            bounds = row.range
            text = f"{bounds.low:g} to {bounds.high:g}, best {bounds.best:g} {bounds.unit} ({bounds.mass:.0%}); "
            text += f"{row.source}, {row.published or 'undated'}; {row.reason}"
            yield f"  {name}: {text if hide is None or hide.may_show(text) else KEPT_BACK}"
        else:
            yield f"  {source}"


def _figure(row: Mapping[Any, Any], crisis: Crisis) -> str:
    names = crisis.sources.set_index("source")["name"].to_dict()
    number = row["value"] if row["value"] == row["value"] else "in words"
    printed = f"{number:,.0f}" if isinstance(number, float) else str(number)
    said = f"{row['hedge']} {printed}".strip()
    who = names.get(str(row["source"]), row["source"])
    return f"{said} ({row['unit']}), {row['area_printed']}, {who}, published {row['published']:%Y-%m-%d}; {row['url']}"

"""Where a number comes from: its range, the tree of what it was made of, and the sources at the bottom, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from needscast.derivation import Derivation
from needscast.errors import NeedscastError, one_of
from needscast.report.edition import PUBLIC, hidden_words
from needscast.report.values import Range
from needscast.report.words import Words

if TYPE_CHECKING:
    from needscast.chain import Results
    from needscast.inputs import Crisis

SHOWN = 6  # figure ids on a line; the rest is counted
KEPT_BACK = "kept back in this edition"


def explain(results: Results, quantity: str, *, language: str = "en") -> str:
    """Return how a headline came about: the range, a tree of operations, and figure ids, standards and assumptions.

    Raises
    ------
    NeedscastError : for a headline that the run does not have, with the names of those it has.
    """
    if quantity not in results.headlines:
        raise NeedscastError(one_of("quantity", quantity, results.headlines))
    made, words = results.headlines[quantity], Words(language)
    row = made.summary(results.mass).iloc[0]
    spread = Range(row["lower"], row["median"], row["upper"], results.mass, row["unit"])
    head = f"{quantity} = {words.say(spread)}, scenario {results.scenario.id}, as of {results.crisis.reference_date}"
    lines = [head, "preliminary, model-based", "", *_tree(made.derivation), "", "Sources", *_sources(results, quantity)]
    return "\n".join(lines)


def _tree(root: Derivation) -> Iterator[str]:
    """The derivation as an indented drawing; what was shown before is named again, not drawn again."""
    numbers: dict[Derivation, int] = {}

    def draw(node: Derivation, before: str, branch: str, after: str) -> Iterator[str]:
        node = _folded(node)
        if node in numbers:
            yield f"{before}{branch}{node.name} (see {numbers[node]})"
            return
        numbers[node] = len(numbers) + 1
        label = f"{numbers[node]}. {node.name}" + (f" = {node.operation} of" if node.operands else "")
        yield f"{before}{branch}{label}{_leaf(node)}"
        for place, part in enumerate(node.operands):
            last = place == len(node.operands) - 1
            yield from draw(part, before + after, "└─ " if last else "├─ ", "   " if last else "│  ")

    return draw(root, "", "", "")


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
    while len(node.operands) == 1 and node.operation.split(" ")[0] in ("called", "select"):
        below = node.operands[0]
        node = Derivation(node.name, below.operation, below.operands, below.sources)
    return node


def _leaf(node: Derivation) -> str:
    if node.operands or not node.sources:
        return ""
    rest = len(node.sources) - SHOWN
    return f" [{'; '.join(node.sources[:SHOWN])}{f' and {rest} more' if rest > 0 else ''}]"


def _sources(results: Results, quantity: str) -> Iterator[str]:
    """Every source at the bottom: a reported figure as printed, an input with its range, or a standard."""
    crisis = results.crisis
    hide = hidden_words(crisis) if results.readership == PUBLIC else None
    figures = {str(row["figure_id"]): row for row in crisis.figures.to_dict("records")}
    inputs = {row.name: row for row in results.inputs}
    for source in results.headlines[quantity].sources:
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

"""A derivation as lines of a tree, short enough to read: what was shown before is named again, not shown again.

Steps that only rename, pick or add up are left out, sums of sums are one sum, and many inputs of one step share a line.
The same lines are printed in a terminal and drawn as a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from needscast.derivation import Derivation

SHOWN = 6  # figure ids on a line; the rest is counted
MANY = 5  # inputs of one step from which on they share a line
STEP, FOUND, ASSUMED = "step", "found", "assumed"  # what a line is: a step, what a source says, what somebody assumed
_PLAIN = ("called", "select", "total", "with", "in")  # operations of which the name of the result says enough


@dataclass(frozen=True)
class Line:
    """One line of a tree.

    Attributes
    ----------
    text : number, name and operation.
    note : sources of an input, blank for a step.
    kind : step, found or assumed.
    depth : 0 for the number that is explained.
    last : whether each of the lines above it, from the second on, and itself, is the last of its parent.
    """

    text: str
    note: str
    kind: str
    last: tuple[bool, ...]

    @property
    def depth(self) -> int:
        """How many steps it lies below the number that is explained."""
        return len(self.last)


def lines_of(root: Derivation) -> tuple[Line, ...]:
    """Return the lines of a derivation, each below what it is part of."""
    numbers: dict[Derivation, int] = {}
    made: dict[tuple[Derivation, ...], int] = {}

    def walk(node: Derivation, last: tuple[bool, ...]) -> Iterator[Line]:
        node = _folded(node)
        if node in numbers:
            yield Line(f"{node.name} (see {numbers[node]})", "", STEP, last)
            return
        number = numbers[node] = len(numbers) + 1
        if len(node.operands) >= MANY and node.operands in made:
            yield Line(f"{number}. {node.name} = {node.operation} of the same as {made[node.operands]}", "", STEP, last)
            return
        made[node.operands] = number
        operation = f" = {node.operation} of" if node.operands else ""
        yield Line(f"{number}. {node.name}{operation}", _cited(node), _kind(node), last)
        parts = _gathered(node.operands)
        for place, part in enumerate(parts, start=1):
            yield from walk(part, (*last, place == len(parts)))

    return tuple(walk(root, ()))


def as_text(lines: Iterable[Line]) -> Iterator[str]:
    """Return the lines with their branches, for a terminal."""
    for line in lines:
        before = "".join("   " if last else "│  " for last in line.last[:-1])
        branch = ("└─ " if line.last[-1] else "├─ ") if line.last else ""
        yield f"{before}{branch}{line.text}{f' [{line.note}]' if line.note else ''}"


def _gathered(parts: tuple[Derivation, ...]) -> list[Derivation]:
    """Put many inputs of one step on few lines: those from the same figures together, and the others together."""
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
    """Skip steps that only rename or pick, and show a sum of sums, or a product of products, as one."""
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
    while len(node.operands) == 1 and node.operation.split(" ")[0] in _PLAIN:
        below = node.operands[0]
        node = Derivation(node.name, below.operation, below.operands, below.sources)
    return node


def _cited(node: Derivation) -> str:
    if node.operands or not node.sources:
        return ""
    rest = len(node.sources) - SHOWN
    cited = [source.removeprefix(f"{node.name}: ") for source in node.sources[:SHOWN]]
    return f"{'; '.join(cited)}{f' and {rest} more' if rest > 0 else ''}"


def _kind(node: Derivation) -> str:
    if node.operands:
        return STEP
    return ASSUMED if any("assumption" in source for source in node.sources) or not node.sources else FOUND

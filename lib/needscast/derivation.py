"""Derivation: where a number comes from, as a tree of names down to its sources; it holds no arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

FEW = 3  # inputs of one kind, such as one for each area, up to which each is named beside its citation


@dataclass(frozen=True)
class Derivation:
    """Where an estimate comes from: a name, the operation, the operands, and the sources of a leaf.

    Attributes
    ----------
    name : what the estimate is called where it is printed.
    operation : "input" for a leaf, else times, plus, minus, total, select or the name of an applied function.
    operands : the derivations of what went in.
    sources : figure ids, standard ids or "assumption: ..." of a leaf.
    """

    name: str
    operation: str = "input"
    operands: tuple[Derivation, ...] = ()
    sources: tuple[str, ...] = ()
    # All sources at and below, kept on first use: every table asks, and most of the tree is shared.
    _known: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Derivation], tuple[object, ...]]:
        return Derivation, (self.name, self.operation, self.operands, self.sources)

    def leaves(self) -> tuple[Derivation, ...]:
        """Return the inputs at the bottom, each once, in the order of first use."""
        found: dict[Derivation, None] = {}
        stack, seen = [self], set()
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.operands:
                stack.extend(reversed(node.operands))
            else:
                found.setdefault(node)
        return tuple(found)

    def all_sources(self) -> tuple[str, ...]:
        """Return the sources of every leaf, each once, sorted."""
        waiting = [self]
        while waiting:  # from the leaves up, because a derivation can be deeper than calls may be nested
            node = waiting[-1]
            unknown = [each for each in node.operands if each._known is None]
            waiting += unknown
            if not unknown:
                found = frozenset(node.sources).union(*(each._known or () for each in node.operands))
                object.__setattr__(waiting.pop(), "_known", found)
        return tuple(sorted(self._known or ()))


@lru_cache(maxsize=512)  # a table asks for every estimate, and many rest on the same
def cited(sources: tuple[str, ...]) -> str:
    """Return sources as one text: each citation once, behind the inputs that rest on it; many of one kind are counted.

    So "pace/north: survey (2019)" and "growth: survey (2019)" become "growth, pace/north: survey (2019)", and the
    numbers of thirty areas "pace/* (30): survey (2019)".
    """
    resting: dict[str, list[str]] = {}
    for source in sources:
        name, between, citation = source.partition(": ")
        resting.setdefault(between + citation or source, []).append(name)
    return "; ".join(", ".join(_named(names)) + text if text[:2] == ": " else text for text, names in resting.items())


def _named(names: Sequence[str]) -> Iterator[str]:
    for kind, alike in groupby(sorted(names, key=_kind), key=_kind):
        found = sorted(alike)
        yield from [f"{kind}/* ({len(found)})"] if kind and len(found) > FEW else found


def _kind(name: str) -> str:
    return name.rpartition("/")[0]

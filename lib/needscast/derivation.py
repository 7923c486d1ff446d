"""Derivation: where a number comes from, as a tree of names down to its sources; it holds no arrays."""

from __future__ import annotations

from dataclasses import dataclass, field


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

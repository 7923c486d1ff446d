"""Derivation: where a number comes from, as a tree of names down to its sources; it holds no arrays."""

from __future__ import annotations

from dataclasses import dataclass


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
        found: set[str] = set()
        stack, seen = [self], {id(self)}
        while stack:
            node = stack.pop()
            found.update(node.sources)
            fresh = [each for each in node.operands if id(each) not in seen]
            seen.update(map(id, fresh))
            stack += fresh
        return tuple(sorted(found))

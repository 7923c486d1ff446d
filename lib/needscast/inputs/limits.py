"""Limits between the shares of a card: a part is no larger than its whole, and the shares of a split fit into one.

Severe acute malnutrition is part of global acute malnutrition; tents and other shelter are shares of the same families.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from needscast.inputs.cells import Column
from needscast.inputs.documents import Document, Path
from needscast.inputs.problems import Problems, shown

if TYPE_CHECKING:
    from needscast.inputs.asof import DatedInput

LIMITS = (
    Column("part_of", "id", note="an [[input]] of this card that it is a part of, so never larger"),
    Column("split", "id", note="a name shared by inputs that divide the same people: together at most 1"),
)


@dataclass(frozen=True)
class Limit:
    """What an input of a card may not exceed; ``name`` in full, the others as the card writes them, "" when none."""

    name: str
    part_of: str
    split: str

    def names(self, limits: Iterable[Limit]) -> set[str]:
        """Return the full names of every input that this limit compares with its own."""
        code = self.name.partition("/")[0]
        same = {
            one.name for one in limits if self.split and one.split == self.split and one.name.startswith(f"{code}/")
        }
        return {self.name, *same, *({f"{code}/{self.part_of}"} if self.part_of else ())}


def read_limit(document: Document, path: Path, name: str) -> Limit:
    """Return the limits of one [[input]]; the keys themselves have been checked with the input."""
    given = document.at(path)
    return Limit(name, str(given.get("part_of", "")), str(given.get("split", "")))


def check_limits(limits: Iterable[Limit], dated: Iterable[DatedInput], problems: Problems) -> None:
    """Check the limits on the values that count: the last one given of each input, in a card or in rates.csv."""
    given = list(dated)
    last = {one.value.name: one for one in given}
    splits: dict[str, list[DatedInput]] = {}
    for limit in limits:
        one = last.get(limit.name)
        if one is None:
            continue  # unreadable, and noted
        code = limit.name.partition("/")[0]
        whole = last.get(f"{code}/{limit.part_of}") if limit.part_of else None
        if limit.part_of and whole is None:
            message, remedy = f"is part of {shown(limit.part_of)}, which is not on the card", "add it as [[input]]"
            problems.add(one.file, one.row, "part_of", f"{limit.name} {message}", remedy)
        elif whole is not None:
            _check_part(one, whole, problems)
        if limit.split:
            splits.setdefault(f"{code}/{limit.split}", []).append(one)
    for name, parts in splits.items():
        total = sum(one.value.range.best for one in parts)
        if total > 1 + 1e-9:
            names = ", ".join(one.value.name for one in parts)
            message = f"the shares of {shown(name)} add up to {total:g}: {names}"
            youngest = max(parts, key=given.index)  # the one that was given last: a row of rates.csv, an override
            problems.add(youngest.file, youngest.row, "best", message, "lower them until they add up to at most 1")


def _check_part(part: DatedInput, whole: DatedInput, problems: Problems) -> None:
    for level in ("low", "best", "high"):
        small, large = getattr(part.value.range, level), getattr(whole.value.range, level)
        if small > large:
            message = f"{part.value.name} {small:g} is above {whole.value.name} {large:g}, of which it is a part"
            problems.add(part.file, part.row, level, message, "lower the part, or raise the whole, with their sources")
            return

"""The values inside blocks: raw numbers, dates and keys of the catalogue, in no language and not yet rounded.

Everything here turns into JSON and back without loss; :mod:`needscast.report.words` turns it into text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any, ClassVar

from needscast.errors import NeedscastError, one_of

TAG = "is"  # the JSON key that names the type of a value


class BlockError(NeedscastError):
    """A block or a value of a block that cannot be kept, shown or read back."""


@dataclass(frozen=True)
class Text:
    """A phrase of the catalogue by its key, with the values that it names."""

    tag: ClassVar[str] = "text"
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """A name that comes with the data in one or several languages, such as the name of a sector."""

    tag: ClassVar[str] = "named"
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Range:
    """A range with its mass and its middle (the median), unrounded.

    Attributes
    ----------
    lower, median, upper : in order, in ``unit``.
    mass : probability between lower and upper; 0.8 prints as "80 %".
    unit : person, movement, USD, tonne, share, or the noun of an item.
    step : of the middle as printed, where another number is set against it; 0 is the one that the range supports.
    """

    tag: ClassVar[str] = "range"
    lower: float
    median: float
    upper: float
    mass: float
    unit: str = "person"
    step: float = 0.0

    def __post_init__(self) -> None:
        if not self.lower <= self.median <= self.upper:
            raise BlockError(
                f"range {self.lower}, {self.median}, {self.upper} is not in order; give lower <= median <= upper"
            )
        if not 0 < self.mass < 1:
            raise BlockError(
                f"a range of mass {self.mass} cannot be printed; give a share between 0 and 1, such as 0.8"
            )


@dataclass(frozen=True)
class Amount:
    """A single number with its unit.

    Attributes
    ----------
    digits : significant digits that are printed; None prints the number as it was reported.
    """

    tag: ClassVar[str] = "amount"
    value: float
    unit: str = ""
    digits: int | None = None


@dataclass(frozen=True)
class Day:
    """A calendar day, as ``YYYY-MM-DD``."""

    tag: ClassVar[str] = "day"
    iso: str

    def __post_init__(self) -> None:
        date.fromisoformat(self.iso)

    @classmethod
    def of(cls, value: Any) -> Day:
        """Make a day from a date, a timestamp or an ISO string."""
        return cls(str(value)[:10])


@dataclass(frozen=True)
class Many:
    """Several values in a row, printed as a list with commas and an "and".

    Attributes
    ----------
    apart : printed with semicolons instead, because the values hold commas and "and" themselves.
    """

    tag: ClassVar[str] = "many"
    items: tuple[Any, ...]
    apart: bool = False


VALUES: dict[str, type] = {each.tag: each for each in (Text, Named, Range, Amount, Day, Many)}


# What no XML may hold, and the marks that turn the direction of all that follows them, which no name needs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\ud800-\udfff\ufffe\uffff]")


_ISOLATES = re.compile("[\u2066-\u2069]")  # ours alone: one that a name leaves open would turn all that follows


def printable(text: str) -> str:
    """Return a text of the data without what no page may hold."""
    return _UNPRINTABLE.sub("", text)


def encode(thing: Any) -> Any:
    """Turn a value, a block or a nest of them into plain JSON types; characters that no page can hold are left out.

    Raises
    ------
    BlockError : for a number that is not finite (missing is ``None``) or a type that JSON cannot carry.
    """
    if isinstance(thing, str):
        return thing if thing.isprintable() else _ISOLATES.sub("", printable(thing))
    if thing is None or isinstance(thing, bool):
        return thing
    if isinstance(thing, tuple | list):
        return [encode(value) for value in thing]
    if hasattr(thing, "tag"):
        return {TAG: thing.tag, **{name: encode(getattr(thing, name)) for name in _fields(thing.__class__)}}
    if isinstance(thing, int | float):
        return _number(thing)
    if isinstance(thing, Mapping):  # the slowest question of all
        return {str(key): encode(value) for key, value in thing.items()}
    return _number(thing)


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def decode(thing: Any, types: Mapping[str, type]) -> Any:
    """Turn plain JSON types back into values and blocks; lists become tuples."""
    if isinstance(thing, list):
        return tuple(decode(value, types) for value in thing)
    if not isinstance(thing, Mapping):
        return thing
    inside = {key: decode(value, types) for key, value in thing.items() if key != TAG}
    if TAG not in thing:
        return inside
    if thing[TAG] not in types:
        raise BlockError(one_of("kind of block", thing[TAG], types))
    return types[thing[TAG]](**inside)


def _number(thing: Any) -> int | float:
    plain = thing.item() if hasattr(thing, "item") else thing
    if isinstance(plain, int | float) and math.isfinite(plain):
        return plain
    raise BlockError(
        f"a block cannot carry {thing!r} ({type(thing).__name__}); give a number, a text, or None for missing"
    )

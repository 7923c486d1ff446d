"""Units: person, household, movement and arrival stay apart; any other noun becomes a unit of its own on first use."""

from __future__ import annotations

import copyreg
import sys
from functools import lru_cache
from threading import Lock

# Where dask is installed pint loads it whole, a third of a second for arrays that no unit of ours is on.
_dask = sys.modules.get("dask")
sys.modules["dask"] = None  # type: ignore[assignment]  # not to be found
import pint  # noqa: E402

del sys.modules["dask"]
if _dask is not None:
    sys.modules["dask"] = _dask

from needscast.errors import UnitError  # noqa: E402

# Person, household, movement and arrival are base units of their own: none converts into another (law 3).
# A day is a base unit too; a week is seven of them. Any other noun (tent, kit) becomes a base unit on first use.
_UNITS: pint.UnitRegistry = pint.UnitRegistry(None)
_DEFINING = Lock()  # scenarios run side by side and may name a new unit at once
for _definition in (
    "person = [person]",
    "household = [household]",
    "movement = [movement]",
    "arrival = [arrival]",
    "USD = [money]",
    "kg = [mass]",
    "tonne = 1000 * kg",
    "m3 = [volume]",
    "litre = 0.001 * m3",
    "day = [time]",
    "week = 7 * day",
):
    _UNITS.define(_definition)


@lru_cache(maxsize=1024)
def unit(text: str) -> pint.Unit:
    """Return a unit by its expression, such as ``"person / week"``; an unknown noun becomes a base unit of its own."""
    words = [word for word in text.replace("*", " * ").replace("/", " / ").split() if word]
    with _DEFINING:
        for word in words:
            if word.isidentifier() and word != "share" and word not in _UNITS:
                _UNITS.define(f"{word} = [{word}]")
    return _UNITS.Unit(" ".join("dimensionless" if word == "share" else word for word in words))


@lru_cache(maxsize=1024)
def unit_name(value: pint.Unit) -> str:
    """Return a unit as it is printed: ``person``, ``person / week``; a pure number is a ``share``."""
    return "share" if value.dimensionless else str(value)


def conversion_factor(given: pint.Unit, wanted: pint.Unit) -> float:
    """Return how many wanted units one given unit is (kg to tonne, never person to household).

    Raises
    ------
    UnitError : when the two do not measure the same thing.
    """
    if given.dimensionality != wanted.dimensionality:
        raise UnitError(
            f"{unit_name(given)} cannot become {unit_name(wanted)}; convert through an uncertain input of its own, "
            "such as the household size"
        )
    return float(_UNITS.Quantity(1.0, given).to(wanted).magnitude)


# Between processes a unit travels as text: it belongs to the registry of its process.
copyreg.pickle(_UNITS.Unit, lambda value: (unit, (unit_name(value),)))

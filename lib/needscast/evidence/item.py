"""Items: the figures of a register that are evidence, read once into plain fields; the rest with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from needscast.errors import NeedscastError
from needscast.evidence.area import Areas, Reading
from needscast.evidence.behaviour import Behaviour
from needscast.evidence.counted import Counted, counted
from needscast.evidence.hedge import Steps, steps_of
from needscast.evidence.window import LONGEST_HISTORY_WEEKS


@dataclass(frozen=True)
class Item:
    """One usable figure.

    Attributes
    ----------
    id, source, upstream, published, group : as in the register.
    counted, steps, readings : what it counts, what its number says, and what its area may mean.
    printed : the number or the words, by which repeats are recognised; ``hedge`` is the word before it.
    reliability, credibility : grades of this figure; the reliability is filled in by the inputs.
    """

    id: str
    source: str
    upstream: str
    published: date
    group: str
    measure: str
    counted: Counted
    steps: Steps
    readings: tuple[Reading, ...]
    printed: float | str
    hedge: str
    reliability: str
    credibility: str


def items_of(
    figures: pd.DataFrame, areas: Areas, behaviour: Behaviour, reference: date
) -> tuple[list[Item], dict[str, str]]:
    """Return the figures that are evidence, ordered by id (row order means nothing), and why others are not."""
    used: list[Item] = []
    reasons: dict[str, str] = {}
    rows: list[dict[str, Any]] = figures.to_dict("records")  # type: ignore[assignment]
    for row in sorted(rows, key=lambda each: each["figure_id"]):
        item = _item(row, areas, behaviour, reference)
        if isinstance(item, str):
            reasons[row["figure_id"]] = item
        else:
            used.append(item)
    return used, reasons


def _item(row: dict[str, Any], areas: Areas, behaviour: Behaviour, reference: date) -> Item | str:
    if row.get("excluded"):
        return f"excluded by a correction: {row['excluded']}"
    what = counted(row, reference)
    if isinstance(what, str):
        return what
    if (reference - what.end).days > 7 * LONGEST_HISTORY_WEEKS:
        return f"its cut-off is more than {LONGEST_HISTORY_WEEKS} weeks old"
    if (reference - what.start).days > 7 * LONGEST_HISTORY_WEEKS:
        return f"its window begins more than {LONGEST_HISTORY_WEEKS} weeks before the reference date"
    readings = areas.readings(row["area"])
    if not readings:
        return "its area is not, or not wholly, in the modelled area"
    word, numbers = _text(row["hedge"]), [_number(row[name]) for name in ("value_low", "value", "value_high")]
    if any(number < 0 for number in numbers):
        raise NeedscastError(f"figure {row['figure_id']}: a negative number of people; correct it in corrections.csv")
    part = what.part or all(reading.inside for reading in readings)
    steps = steps_of(behaviour.hedge(word, row["figure_id"]), *numbers, part=part)
    if steps is None:
        return "a zero for a part says nothing about the whole" if 0 in numbers else "it carries no number"
    printed = next((number for number in (numbers[1], numbers[0], numbers[2]) if number == number), word)
    return Item(
        row["figure_id"],
        row["source"],
        _text(row["upstream"]),
        pd.Timestamp(row["published"]).date(),
        row["group"] or "all",
        row["measure"],
        what,
        steps,
        readings,
        printed,
        word,
        _text(row["reliability"]),
        _text(row["credibility"]) or "3",
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else "" if pd.isna(value) else str(value)


def _number(value: Any) -> float:
    return float("nan") if value is None or pd.isna(value) or value == "" else float(value)

"""Scenario cards: a story with numbers, each number an override of an input with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from needscast.inputs.cells import Column
from needscast.inputs.documents import Document, Path, read_fields, tables_at
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import noter, read_input
from needscast.inputs.uncertain import UncertainInput, input_name
from needscast.vocabulary import GROUPS, PRESSURE, REGIMES, RETURN_REGIMES

SCENARIO = (
    Column("title", "text", True, note="the title in English; title_fr and so on for others"),
    Column("order", "whole", True, note="place among the scenarios"),
    Column("narrative", "text", True, note="one or two sentences"),
    Column(
        "hostilities",
        "sequence",
        words=REGIMES,
        default=(PRESSURE,),
        note="regimes in their order, each for its <regime>_weeks and the last until the end; blank means pressure",
    ),
    Column("returns", "word", words=RETURN_REGIMES, note="sets return_hazard to the rows return_hazard_<word>"),
    Column("weight", "number", low=0, high=1, note="share of belief; needs weight_by"),
    Column("weight_by", "text", note="name or role of who judged the weight"),
    Column("weight_reason", "text", note="why"),
    Column("weight_date", "date", note="when it was judged; blank means on the reference date of crisis.toml"),
    Column("analogues", "ids", note="figures that back the ranges"),
)

OVERRIDE = (
    Column("input", "input", True, note="the input to override"),
    Column("area", "id", note="blank means every area"),
    Column("group", "word", words=GROUPS, note="blank means every group"),
)


@dataclass(frozen=True)
class Scenario:
    """A story with numbers.

    Attributes
    ----------
    id, order : file name without ending, and place among the scenarios.
    title : language -> text. narrative : one or two sentences.
    hostilities : regimes in the order in which they follow one another.
    returns : the regime of returns that sets ``return_hazard``; "" where the rows of rates.csv stand.
    weight, weight_by, weight_reason : a named person's judgement; weight is None when nobody has judged by the date.
    weight_date : when it was judged; None means on the reference date of crisis.toml.
    analogues : figure ids that back the ranges.
    overrides : the inputs it replaces, those set by its regime of returns first.
    withheld : how many overrides were not public on the reference date of the run; where there are any, the numbers
        are not yet those of the story, so its narrative is withheld too.
    """

    id: str
    title: Mapping[str, str]
    order: int
    narrative: str
    hostilities: tuple[str, ...]
    returns: str
    weight: float | None
    weight_by: str
    weight_reason: str
    weight_date: date | None
    analogues: tuple[str, ...]
    overrides: tuple[UncertainInput, ...]
    withheld: int = 0


@dataclass(frozen=True)
class Override:
    """An override of a scenario: the value, what it names, and the place of its table in the card."""

    value: UncertainInput
    input: str
    area: str
    group: str
    path: Path


@dataclass(frozen=True)
class ScenarioCard:
    """A scenario with the card it was read from.

    Attributes
    ----------
    overrides : each override with the input, area and group it names, and where its table stands in the card.
    """

    scenario: Scenario
    document: Document
    overrides: tuple[Override, ...]


def read_scenario(identifier: str, document: Document, problems: Problems) -> ScenarioCard | None:
    """Read one card; None when something in it is wrong."""
    before = len(problems.found)
    values = read_fields(document, (), SCENARIO, problems, tables=("override",), translated=("title",))
    if values["weight"] is not None and not values["weight_by"]:
        noter(document, (), problems)("weight_by", "is missing", "name who judged the weight, or leave the weight out")
    overrides: list[Override] = []
    for path in tables_at(document, (), "override", problems):
        override = _read_override(document, path, problems)
        if override and any(known.value.name == override.value.name for known in overrides):
            document.note(
                problems,
                (*path, "input"),
                f"{shown(override.value.name)} is overridden twice",
                "keep one of the two",
            )
        if override:
            overrides.append(override)
    if len(problems.found) > before:
        return None
    scenario = Scenario(identifier, **values, overrides=tuple(override.value for override in overrides))
    return ScenarioCard(scenario, document, tuple(overrides))


def _read_override(document: Document, path: Path, problems: Problems) -> Override | None:
    table = document.at(path)
    name, area, group = (str(table.get(key, "")) for key in ("input", "area", "group"))
    value = read_input(document, path, input_name(name, area, group), problems, OVERRIDE)
    if value is not None and value.is_assumption and not value.author:
        noter(document, path, problems)("author", "is missing", "name who made the assumption")
    return Override(value, name, area, group, path) if value is not None else None

"""What names something else in a crisis: anchor, analogues, admissions, overrides and the bases of items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from needscast.errors import one_of
from needscast.inputs.asof import DatedInput, Gate, replaces
from needscast.inputs.boundaries import Shapes
from needscast.inputs.cards import SectorCard
from needscast.inputs.documents import Document
from needscast.inputs.folder import Folder
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import noter
from needscast.inputs.rows import Rows
from needscast.inputs.rows import noter as row_noter
from needscast.inputs.scenarios import Override, ScenarioCard
from needscast.inputs.settings import Settings
from needscast.inputs.uncertain import Inputs

Texts = Mapping[str, Mapping[str, str]]  # a text in English -> language -> the same in that language


@dataclass(frozen=True)
class Checked:
    """The content of a folder after all checks, before anything is hidden.

    ``told_of_cards`` is what shipped sector cards say in further languages.
    """

    settings: Settings
    tables: Mapping[str, Rows]
    cards: tuple[SectorCard, ...]
    scenarios: tuple[ScenarioCard, ...]
    inputs: tuple[DatedInput, ...]
    digests: Mapping[str, str]
    boundaries: Shapes = field(default_factory=dict)
    told_of_cards: Texts = field(default_factory=dict)

    def gate(self, reference: date) -> Gate:
        """Return the door for a reference date."""
        admit = {admission.input: admission for admission in self.settings.admit}
        return Gate(reference, self.settings.reference_date, admit)


def by_language(rows: Rows) -> Texts:
    """Return the rows of a names.csv by the text that they translate."""
    names: dict[str, dict[str, str]] = {}
    for row in rows:
        names.setdefault(row["name"], {})[row["language"]] = row["text"]
    return names


def joined(shipped: Texts, own: Texts) -> Texts:
    """Return what shipped cards and a crisis say in further languages; the crisis's own words come first."""
    return {text: {**shipped.get(text, {}), **own.get(text, {})} for text in (*shipped, *own)}


def check_names(
    found: Checked, folder: Folder, left_out: Sequence[SectorCard] = (), *, judge: bool, problems: Problems
) -> None:
    """Check every name that must stand somewhere else.

    ``left_out`` are cards that are not in use; what is admitted of them may stay. ``judge`` is false while a sector
    card is unreadable: its names cannot be told from wrong ones then.
    """
    document = folder.settings
    if document is None:
        return
    _check_register_names(found, document, problems)
    _check_translations(found, left_out, problems)
    given = {one.base for one in found.inputs} | {row["input"] for row in folder.tables["rates"]}
    if judge:
        _check_admissions(found, left_out, document, problems)
        _check_bases(found, given, problems)
        known = _Known.of(found, given)
        for card in found.scenarios:
            _check_returns(card, given, problems)
            for override in card.overrides:
                _check_override(card, override, known, problems)


def _check_translations(found: Checked, left_out: Sequence[SectorCard], problems: Problems) -> None:
    """A translation of what neither the folder nor a sector card holds would never be printed."""
    held = _texts_of_folder(found) | _texts_of_cards(found, left_out)
    rows = found.tables["names"]
    for row in rows:
        if row["name"] and row["name"] not in held:
            row_noter(rows, row, problems)("name", one_of("text of this crisis", row["name"], held), "copy it exactly")
        if row["language"] and not re.fullmatch("[a-z]{2,3}", row["language"]):
            message = f"{shown(row['language'])} is not a language code"
            row_noter(rows, row, problems)("language", message, "write two small letters, such as 'fr'")


_PRINTED = {  # columns whose texts a report prints
    "areas": ("name",),
    "sources": ("name",),
    "figures": ("area_printed",),
    "crossings": ("name", "legal_basis", "reason"),
    "checks": ("name",),
    "decisions": ("chosen_by", "reason"),
    "priorities": ("criterion", "chosen_by", "reason"),
    "stated_priorities": ("priority", "asked", "asked_unit"),
}
_PRINTED_AS_WORDS = {"rates": "input", "sources": "counts", "figures": "definition"}


def _texts_of_folder(found: Checked) -> set[str]:
    settings = found.settings
    return {
        settings.name,
        settings.phase_chosen_by,
        settings.planning_level_chosen_by,
        *(admission.reason for admission in settings.admit),
        *(row[column] for table, columns in _PRINTED.items() for row in found.tables[table] for column in columns),
        *(row[column].replace("_", " ") for table, column in _PRINTED_AS_WORDS.items() for row in found.tables[table]),
        *(text for card in found.scenarios for text in (card.scenario.narrative, card.scenario.weight_by)),
    }


def _texts_of_cards(found: Checked, left_out: Sequence[SectorCard]) -> set[str]:
    """Return where inputs and norms come from, and why: in cards of sectors and of scenarios, and in tables."""
    overrides = [override.value for card in found.scenarios for override in card.overrides]
    inputs = [*(one.value for one in found.inputs), *overrides]
    items = [item for card in (*found.cards, *left_out) for item in card.sector.items]
    return {text for each in inputs for text in (each.source, each.author, each.reason)} | {
        norm.source for item in items for norm in item.norms
    }


def _check_register_names(found: Checked, document: Document, problems: Problems) -> None:
    sources, figures = found.tables["sources"].ids(), found.tables["figures"].ids()
    if found.settings.anchor_source not in sources:
        document.note(
            problems,
            ("anchor_source",),
            one_of("source", found.settings.anchor_source, sources),
            "name a source of sources.csv",
        )
    for card in found.scenarios:
        for analogue in card.scenario.analogues:
            if analogue not in figures:
                card.document.note(
                    problems,
                    ("analogues",),
                    one_of("figure", analogue, figures),
                    "name a figure of figures.csv",
                )
    total = sum(card.scenario.weight or 0 for card in found.scenarios)
    if total > 1 + 1e-9:
        problems.add(
            "scenarios",
            0,
            "weight",
            f"the weights add up to {total:g}",
            "lower them until they add up to at most 1",
        )


def _check_admissions(found: Checked, left_out: Sequence[SectorCard], document: Document, problems: Problems) -> None:
    names = {one.value.name for one in found.inputs}
    for card in (*found.cards, *left_out):
        names |= set(card.places) | {place.rpartition("/")[0] for place in card.places if "/norm/" in place}
    for scenario in found.scenarios:
        names |= {f"{scenario.scenario.id}/{override.value.name}" for override in scenario.overrides}
    for number, admission in enumerate(found.settings.admit):
        path = ("admit", number, "input")
        if admission.input not in names:
            document.note(
                problems,
                path,
                one_of("input to admit", admission.input, names),
                "name what it admits, or delete it",
            )
        elif [other.input for other in found.settings.admit].index(admission.input) != number:
            document.note(problems, path, f"{shown(admission.input)} is admitted twice", "keep one of the two")


@dataclass(frozen=True)
class _Known:
    """What an override may name: all that is given, and what of it counts on the crisis's own date."""

    gate: Gate
    given: Set[str]
    zones: tuple[str, ...]
    inputs: Inputs
    units: Mapping[str, str]
    visible: Inputs
    visible_bases: Set[str]

    @classmethod
    def of(cls, found: Checked, given: Set[str]) -> _Known:
        gate = found.gate(found.settings.reference_date)
        visible = gate.inputs(found.inputs)
        return cls(
            gate,
            given,
            tuple(row["area"] for row in found.tables["areas"] if row["level"] == "zone"),
            Inputs.of(one.value for one in found.inputs),
            {one.base: one.value.range.unit for one in found.inputs},
            Inputs.of(one.value for one in visible),
            {one.base for one in visible},
        )


def _check_returns(card: ScenarioCard, given: Set[str], problems: Problems) -> None:
    """A regime of returns needs the input that it sets."""
    needed = f"return_hazard_{card.scenario.returns}"
    if card.scenario.returns and needed not in given:
        card.document.note(
            problems,
            ("returns",),
            f"there is no input {shown(needed)}",
            "add rows of it to rates.csv, or leave the regime out",
        )


def _check_override(card: ScenarioCard, override: Override, known: _Known, problems: Problems) -> None:
    """An override must replace an input that is there; both must count on the crisis's own date."""
    note = noter(card.document, override.path, problems)
    if override.area and override.area not in known.zones:
        note(
            "area",
            one_of("zone", override.area, known.zones),
            "name a zone, or leave it blank for all of them",
        )
    elif override.input not in known.given:
        note(
            "input",
            one_of("input to override", override.input, known.given),
            "mend the name, or add the input to rates.csv",
        )
    elif override.input not in known.units:
        return  # its own row is unreadable, and noted
    elif not replaces(override, known.inputs, known.units.keys()):
        note(
            "input",
            f"there is no {shown(override.value.name)} to override",
            "add a row for this area and group, or one for all, to rates.csv",
        )
    elif not replaces(override, known.visible, known.visible_bases):
        note(
            "input",
            f"{shown(override.value.name)} is hidden: what it overrides is younger than the reference date",
            "admit the input in crisis.toml by name and reason, or give an older value",
        )
    elif not known.gate.lets_in("", 0, f"{card.scenario.id}/{override.value.name}", override.value.published):
        note(
            "published",
            f"'{override.value.published or 'undated'}' is after the reference date {known.gate.reference}",
            "give a judgement of the reference date, or admit it in crisis.toml",
        )
    elif override.value.range.unit != known.units[override.input]:
        note(
            "unit",
            f"{shown(override.value.range.unit)}, but its unit is {shown(known.units[override.input])}",
            "use its unit",
        )


def _check_bases(found: Checked, given: set[str], problems: Problems) -> None:
    """An item counted by women, children or the like needs their share; a substitute names an item that is there."""
    items = {f"{card.sector.code}/{item.id}" for card in found.cards for item in card.sector.items}
    codes = {card.sector.code for card in found.cards}
    for card in found.cards:
        for item in card.sector.items:
            place = card.places[f"{card.sector.code}/{item.id}"]
            for name in card.sector.names_of(item):
                if "/" not in name and name not in given:
                    key = "basis" if name == card.sector.basis_input(item.basis) else "factors"
                    card.document.note(
                        problems,
                        (*place, key),
                        f"there is no input {shown(name)}",
                        f"add {name} to rates.csv or as [[input]] to the card, or mend the {key}",
                    )
            for other in item.instead_of:
                if other.partition("/")[0] in codes and other not in items:
                    message = one_of("item", other, items)
                    card.document.note(problems, (*place, "instead_of"), message, "name an item of that card")

"""Sector cards: data/sectors/<CODE>.toml, or the crisis's own. A new sector or item is a card, never code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from needscast import vocabulary as words
from needscast.errors import one_of
from needscast.inputs.cells import Column
from needscast.inputs.documents import Document, Path, read_fields, table_at, tables_at
from needscast.inputs.limits import LIMITS, Limit, read_limit
from needscast.inputs.problems import Problems, shown
from needscast.inputs.ranges import noter, published_on, read_input
from needscast.inputs.sectors import Item, Norm, Requirement, Sector, Specification
from needscast.inputs.tables import ORIGIN
from needscast.inputs.uncertain import UncertainInput

CARD = (
    Column("code", "id", True, note="the name of the file without its ending"),
    Column("name", "text", True, note="the name as it is printed"),
    Column("order", "whole", True, note="place among the sectors"),
    Column("is_need", "flag", default=True, note="false for a way of giving, such as cash, that is no need of its own"),
    Column("made_for", "text", note="country whose shares, prices and lead times these are, such as SYR; else any"),
)
ANYWHERE = "any"
MADE_FOR = Column("made_for", "text", note="country this was made for, such as SYR, or any; that of the card if blank")
_NAMED = Column("input", "id", True, note="name of the input, without the code")
INPUT = (_NAMED, Column("name", "text", note="what it is in words; its id when left out"), *LIMITS, MADE_FOR)
REQUIRES = (_NAMED, Column("groups", "words", True, words=words.GROUPS, note="population groups"), MADE_FOR)
_SOURCE, _PUBLISHED, _URL, _CONFIDENCE, _REASON = ORIGIN
ITEM = (
    Column("id", "id", True, note="a name of its own"),
    Column("name", "text", True, note="the name as it is printed"),
    Column("unit", "unit", True, note="what is counted, a singular noun"),
    Column("basis", "id", True, note="person, household, facility, birth, an [[input]] of this card, or x of share_x"),
    Column("per", "number", default=1.0, low=0, note="members the quantity of the norm is for: 10000 for a kit"),
    Column("trigger", "word", True, words=words.TRIGGERS, note="when it is due"),
    Column("period", "word", True, words=tuple(words.PERIOD_DAYS), note="how long one lasts"),
    Column("lack", "word", words=words.LACKS, note="what lacking it threatens first; orders are ranked by it"),
    Column("season", "word", words=words.SEASONS, default="all", note="all or winter"),
    Column("groups", "words", words=words.GROUPS, note="groups it is for; all of the sector when left out"),
    Column("factors", "ids", note="[[input]]s of this card or inputs of the crisis that the people are multiplied by"),
    Column("episode", "id", note="an [[input]] in days, for the trigger episode: how long one lasts untreated"),
    Column("replace_days", "number", low=1, note="days after which a one-off item is worn out and due again"),
    Column("instead_of", "inputs", note="items it replaces: of this card by id, of another as CODE/id"),
    Column("in_cost_total", "flag", default=True, note="false for a substitute that is shown and not added"),
    Column("by_area", "flag", default=True, note="false for supplies that are never shown by area"),
    Column(
        "bought_inside", "flag", default=False, note="true when bought inside the area, so that it crosses no border"
    ),
    Column("pack", "number", default=1.0, low=0, note="units in a pack"),
    Column("pack_name", "text", note="what a pack is called"),
)
NORM = (
    Column("phase", "word", True, words=("any", *words.PHASES), note="phase the level is for"),
    Column(
        "quantity",
        "number",
        True,
        low=0,
        note="units for one member and period; a facility: people sharing one",
    ),
    _SOURCE,
    _URL,
    _PUBLISHED,
    _CONFIDENCE,
    Column("second_hand", "flag", default=False, note="true when only quoted by somebody else"),
    Column("reason", "text", note="how the level was chosen"),
    Column("made_for", "text", note="country this level was chosen for, such as SYR; blank where it holds anywhere"),
)
SPECIFICATION = (
    Column("mass_kg", "number", low=0, note="kg of one unit"),
    Column("volume_m3", "number", low=0, note="m3 of one unit"),
    _SOURCE,
    _URL,
    _PUBLISHED,
    _CONFIDENCE,
    _REASON,
)
CARD_UNITS = {"price": "USD", "lead_time_days": "day"}  # ranges every item may have


@dataclass(frozen=True)
class SectorCard:
    """A sector with its inputs under their full names, the limits between them, and the document it was read from."""

    sector: Sector
    inputs: tuple[UncertainInput, ...]
    document: Document
    places: dict[str, Path]
    limits: tuple[Limit, ...]


def read_card(code: str, document: Document, problems: Problems) -> SectorCard | None:
    """Read one sector card; None when something in it is wrong.

    Parameters
    ----------
    code : name of the file without its ending; the card must carry the same.
    """
    before = len(problems.found)
    values = read_fields(document, (), CARD, problems, tables=("requires", "input", "item"), translated=("name",))
    if values["code"] and values["code"] != code:
        noter(document, (), problems)("code", f"{shown(values['code'])} is not the name of the file", f"write '{code}'")
    reading = _Reading(document, code, problems, {}, {})
    reading.country(())
    requires = tuple(reading.requirement(path) for path in tables_at(document, (), "requires", problems))
    named = [(path, reading.named(path, INPUT).get("input")) for path in tables_at(document, (), "input", problems)]
    given = list(tables_at(document, (), "item", problems))
    items = tuple(filter(None, (reading.item(path) for path in given)))
    limits = tuple(read_limit(document, path, f"{code}/{name}") for path, name in named)
    told = {str(name): names for path, name in named if (names := reading.told(path))}
    read = {name for item in items for name in (item.basis, *item.factors, item.episode)}
    read |= {limit.part_of for limit in limits}
    for path, name in named:
        if len(items) == len(given) and name not in read:
            document.note(problems, (*path, "input"), f"no item reads {shown(name)}", "name it, or delete it")
    if not requires:
        document.note(
            problems,
            ("requires",),
            "no [[requires]] table",
            "say which groups require the sector, and what share",
        )
    reading.check(requires, items)
    if len(problems.found) > before:
        return None
    own = tuple(str(name) for _, name in named)
    sector = Sector(code, values["name"], values["order"], values["is_need"], requires, items, own, told)
    return SectorCard(sector, tuple(reading.inputs.values()), document, reading.places, limits)


@dataclass(frozen=True)
class _Reading:
    """One card being read: its inputs by full name and where each piece stands."""

    document: Document
    code: str
    problems: Problems
    inputs: dict[str, UncertainInput]
    places: dict[str, Path]

    def requirement(self, path: Path) -> Requirement:
        """Read a [[requires]] table: the groups, and the share as an input."""
        values = self.named(path, REQUIRES)
        groups = values.get("groups", ())
        parts = groups if isinstance(groups, list) else str(groups).split(";")
        return Requirement(str(values.get("input", "")), tuple(str(part).strip() for part in parts))

    def named(self, path: Path, more: tuple[Column, ...]) -> dict[str, Any]:
        """Read a table that names an input of the card and gives its range; return its raw keys."""
        section = self.document.at(path)
        name = f"{self.code}/{section.get('input', '')}"
        if name in self.places:
            self._note((*path, "input"), f"{shown(name)} is given twice", "keep one of the two")
        translated = ("name",) if more is INPUT else ()
        self._keep(name, path, read_input(self.document, path, name, self.problems, more, translated))
        if more is REQUIRES:
            self._must_be_share(name, path)
        return section

    def told(self, path: Path) -> dict[str, str]:
        """Return the names of an [[input]] by language; what is wrong with them has been noted with the input."""
        given = {key: str(text) for key, text in self.document.at(path).items() if key.partition("_")[0] == "name"}
        return {key.removeprefix("name_") if key != "name" else "en": text for key, text in given.items()}

    def _must_be_share(self, name: str, path: Path) -> None:
        made = self.inputs.get(name)
        if made and made.range.unit != "share":
            self._note(
                (*path, "unit"),
                f"{shown(made.range.unit)} is not 'share'",
                "give the share of the groups, from 0 to 1",
            )

    def _keep(self, name: str, path: Path, made: UncertainInput | None) -> None:
        self.places.setdefault(name, path)
        country = self.country(path)
        if made is not None:
            self.inputs[name] = replace(made, made_for=country)

    def country(self, path: Path) -> str:
        """Return the country that a table of the card was made for, or that of the card; "" where it holds anywhere."""
        section = self.document.at(path)
        given = str(section.get("made_for", "") or "")
        if given and given != ANYWHERE and not re.fullmatch("[A-Z]{3}", given):
            remedy = f"write three capital letters like 'SYR', or '{ANYWHERE}'"
            self._note((*path, "made_for"), f"{shown(given)} is no country code", remedy)
        if not given:
            given = str(self.document.values.get("made_for", "") or "")  # what is wrong with it is noted with the card
        return "" if given == ANYWHERE else given

    def _note(self, path: Path, message: str, remedy: str) -> None:
        self.document.note(self.problems, path, message, remedy)

    def item(self, path: Path) -> Item | None:
        """Read an [[item]] with its norms, specification, price and lead time."""
        before = len(self.problems.found)
        values = read_fields(
            self.document,
            path,
            ITEM,
            self.problems,
            translated=("name",),
            tables=("norm", "specification", *CARD_UNITS),
        )
        name = f"{self.code}/{values['id']}"
        priced = {key: self._range(path, name, key) for key in CARD_UNITS}
        norms = tuple(self._norm(where, name) for where in tables_at(self.document, path, "norm", self.problems))
        specification = self._specification(path, name)
        if len(self.problems.found) > before:
            return None
        self.places[name] = path
        return Item(
            **values,
            norms=norms,
            specification=specification,
            has_price=priced["price"],
            has_lead_time=priced["lead_time_days"],
        )

    def _range(self, path: Path, name: str, key: str) -> bool:
        where = table_at(self.document, path, key, self.problems)
        if where is None:
            return False
        made = read_input(self.document, where, f"{name}/{key}", self.problems, (MADE_FOR,))
        self._keep(f"{name}/{key}", where, made)
        if made and made.range.unit != CARD_UNITS[key]:
            self._note(
                (*where, "unit"),
                f"{shown(made.range.unit)} is not the unit of a {key}",
                f"write '{CARD_UNITS[key]}'",
            )
        return True

    def _norm(self, path: Path, name: str) -> Norm:
        values = read_fields(self.document, path, NORM, self.problems)
        values.pop("reason")
        self.places.setdefault(f"{name}/norm/{values['phase']}", path)
        chosen_for = self.country(path) if values["made_for"] else ""  # most levels hold anywhere
        return Norm(**values | {"published": published_on(values["published"]), "made_for": chosen_for})

    def _specification(self, path: Path, name: str) -> Specification | None:
        where = table_at(self.document, path, "specification", self.problems)
        if where is None:
            return None
        values = read_fields(self.document, where, SPECIFICATION, self.problems)
        values.pop("reason")
        self.places[f"{name}/specification"] = where
        return Specification(**values | {"published": published_on(values["published"])})

    def check(self, requires: tuple[Requirement, ...], items: tuple[Item, ...]) -> None:
        """Check what needs more than one table: repeated groups and ids, shares, substitutes, phases."""
        groups = [group for requirement in requires for group in requirement.groups]
        for group in dict.fromkeys(group for group in groups if groups.count(group) > 1):
            self._note(("requires",), f"group {shown(group)} stands in two [[requires]] tables", "keep it in one")
        ids = [item.id for item in items]
        for number, item in enumerate(items):
            path = self.places[f"{self.code}/{item.id}"]
            if item.id in ids[:number]:
                self._note((*path, "id"), f"item {shown(item.id)} is given twice", "give each item an id of its own")
            near = {other for other in item.instead_of if "/" not in other}
            for other in near - set(ids) | {item.id} & near:
                self._note((*path, "instead_of"), one_of("item", other, ids), "name other items of this card")
            for group in set(item.groups) - set(groups):
                self._note(
                    (*path, "groups"),
                    f"group {shown(group)} does not require the sector",
                    "name groups of [[requires]]",
                )
            self._check_item(item, path)

    def _check_item(self, item: Item, path: Path) -> None:
        self._check_inputs(item, path)
        phases = [norm.phase for norm in item.norms]
        if len(set(phases)) < len(phases) or not ("any" in phases or set(phases) >= set(words.PHASES)):
            self._note(
                (*path, "norm"),
                f"norms for {', '.join(phases) or 'no phase'}",
                "give one for 'any' phase, or one for each phase (0 with its source where nothing is due)",
            )
        for key, wrong, message, remedy in (
            ("basis", item.basis == "facility" != item.trigger, "does not go with its trigger", "name who gets it"),
            (
                "period",
                item.trigger == "presence" and item.period == "one_off",
                "'one_off' does not go with trigger 'presence'",
                "give day, week, month, quarter, year or season",
            ),
            ("pack", item.pack <= 0, "holds nothing", "give the units in a pack"),
            ("per", item.per <= 0, "is for nobody", "give the members that the quantity of the norm is for"),
        ):
            if wrong:
                self._note((*path, key), message, remedy)
        for norm in item.norms:
            if item.trigger == "facility" and norm.quantity <= 0:
                self._note((*path, "norm"), "nobody shares one facility", "give the number of people sharing one")

    def _check_inputs(self, item: Item, path: Path) -> None:
        """Check the names of the inputs an item is made from; those of the crisis are checked with the crisis."""
        for name in item.factors:
            own = self.inputs.get(f"{self.code}/{name}")
            if own is not None and own.range.unit != "share":
                self._note((*path, "factors"), f"{shown(name)} is in {shown(own.range.unit)}", "give a share")
        episode = self.inputs.get(f"{self.code}/{item.episode}")
        if (item.trigger == "episode") != bool(item.episode):
            self._note((*path, "episode"), "goes with trigger 'episode' and with no other", "give both, or neither")
        elif item.episode and (episode is None or episode.range.unit != "day" or episode.range.low <= 0):
            self._note((*path, "episode"), f"{shown(item.episode)} is no length in days", "add it as [[input]] in days")
        named = (item.basis, *item.factors, item.id)
        hidden = [name for name in named if any(f"_{word}_" in f"_{name}_" for word in words.NEVER_AS_PEOPLE)]
        if hidden and item.by_area:
            self._note(
                (*path, "by_area"),
                f"{shown(hidden[0])} must not be shown by area",
                "write by_area = false: such shares size supplies and are never printed as people",
            )
